package salesdata_test

import (
	"runtime"
	"testing"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// TestDecodeMemoryIsBounded reads about 8 MB that nobody holds, and compares
// what is alive at the first order with what is alive near the last.
func TestDecodeMemoryIsBounded(t *testing.T) {
	const payments = 20_000
	var first, last uint64
	seen := 0
	for o, err := range salesdata.Decode(&generated{n: payments}) {
		if err != nil {
			t.Fatal(err)
		}
		seen += len(o.Payments)
		if seen == 4 {
			first = alive()
		}
		if seen == payments {
			last = alive()
		}
	}
	if seen != payments || last > first+1<<20 {
		t.Errorf("%d payments, %d bytes alive at the first, %d at the last", seen, first, last)
	}
}

func alive() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
