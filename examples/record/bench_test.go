package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// BenchmarkRecord records 2,000 orders in an emulator, which runs in the same
// process:
//
//	go test -run xxx -bench Record -benchtime 1x ./examples/record
func BenchmarkRecord(b *testing.B) {
	const n = 2000
	for _, kept := range []string{"memory", "SQLite"} {
		for _, workers := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/workers=%d", kept, workers), func(b *testing.B) {
				for range b.N {
					recordMany(b, kept, n, workers)
				}
				b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "payments/s")
			})
		}
	}
}

func recordMany(b *testing.B, kept string, n, workers int) {
	b.Helper()
	b.StopTimer()
	server, env := account(b, brightpearltest.WithThrottle(1e6, time.Minute))
	args := real(b, many(n), "-workers", fmt.Sprint(workers))
	b.StartTimer()
	defer server.Close()
	if kept == "memory" {
		if tally, err := recordIn(b, paymenttest.NewStore(), env, many(n), args[6:]...); err != nil || tally[recorded] != n {
			b.Fatalf("%v, %v", tally, err)
		}
		return
	}
	if got := try(b, env, args...); got.code != 0 || len(server.Payments()) != n {
		b.Fatalf("exit %d, %d payments\n%s", got.code, len(server.Payments()), got.err)
	}
}
