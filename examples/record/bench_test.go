package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
)

// BenchmarkRecord records 1,000 orders in an emulator, with a SQLite store:
//
//	go test -run xxx -bench Record -benchtime 1x ./examples/record
func BenchmarkRecord(b *testing.B) {
	for _, workers := range []int{1, 16} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			const n = 1000
			for range b.N {
				recordMany(b, n, workers)
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "payments/s")
		})
	}
}

func recordMany(b *testing.B, n, workers int) {
	b.Helper()
	b.StopTimer()
	server, env := account(b, brightpearltest.WithThrottle(1e6, time.Minute))
	args := real(b, many(n), "-workers", fmt.Sprint(workers))
	b.StartTimer()
	if got := try(b, env, args...); got.code != 0 || len(server.Payments()) != n {
		b.Fatalf("exit %d, %d payments\n%s", got.code, len(server.Payments()), got.err)
	}
}
