package reconcile

import (
	"fmt"
	"iter"
	"runtime"
	"strconv"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// BenchmarkCompare compares n with n records in random order, 1 % of them
// different. The sources hold nothing, so what is in use when the first finding
// comes is what a comparison takes. It reports time and memory a record, of
// which there are 2n.
func BenchmarkCompare(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000, 3_000_000, 10_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if n > 1_000_000 && testing.Short() {
				b.Skip("takes half a minute and gigabytes")
			}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			b.ReportAllocs()
			for b.Loop() {
				found := 0
				for _, err := range Compare(b.Context(), shuffled(b, n, 7919, 0), shuffled(b, n, 104729, 100), Rules{Compare: []Field{Date, Method, Target}}) {
					if err != nil {
						b.Fatal(err)
					}
					if found++; found == 1 {
						runtime.ReadMemStats(&after)
					}
				}
				if found != n {
					b.Fatalf("%d findings", found)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(2*n), "ns/record")
			b.ReportMetric(float64(after.HeapInuse-before.HeapInuse)/float64(2*n), "B/record")
		})
	}
}

// shuffled returns n records in the order in which a prime steps through them.
// Every so many of them, if any, are a penny more.
func shuffled(b *testing.B, n, prime, more int) iter.Seq2[Record, error] {
	amount, other := money(b, "10.40 GBP"), money(b, "10.41 GBP")
	return func(yield func(Record, error) bool) {
		for k := range n {
			i := k * prime % n
			r := Record{
				ID: strconv.Itoa(i), Reference: fmt.Sprintf("till-4/%09d", i), Kind: payment.Sale, Amount: amount,
				Date: day(1 + i%28), Method: "CARD", Target: "1001",
			}
			if more > 0 && i%more == 0 {
				r.Amount = other
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}
