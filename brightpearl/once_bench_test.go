package brightpearl_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
)

// The sunny path over real sockets, the same payment three ways. Compare the
// lines of one run: Once is to cost at most 5 % over the plain call, and 64
// workers are to reach at least 90 % of the plain call's rate.
func BenchmarkSunnyPath(b *testing.B) {
	store := payment.NewMemoryStore()
	var n atomic.Int64 // of the reference: no two runs share one
	for _, workers := range []int{1, 64} {
		for name, record := range map[string]func(*testing.B, *brightpearl.Client, payment.Recorder, payment.Payment) error{
			"plain": func(b *testing.B, c *brightpearl.Client, _ payment.Recorder, p payment.Payment) error {
				_, err := c.CreateCustomerPayment(b.Context(), brightpearl.CustomerPayment{
					TransactionRef: p.Reference, PaymentMethodCode: p.Method, PaymentType: brightpearl.TypeReceipt, OrderID: 2002,
					CurrencyISOCode: "GBP", AmountPaid: p.Amount.Amount(), PaymentDate: p.Date,
				})
				return err
			},
			"record": func(b *testing.B, _ *brightpearl.Client, r payment.Recorder, p payment.Payment) error {
				_, err := r.Record(b.Context(), p, payment.NewAttempt(nil, nil))
				return err
			},
			"stored": func(b *testing.B, _ *brightpearl.Client, r payment.Recorder, p payment.Payment) error {
				_, err := payment.Once(b.Context(), r, p, payment.WithFirstTry(), payment.WithStore(store))
				return err
			},
			"once": func(b *testing.B, _ *brightpearl.Client, r payment.Recorder, p payment.Payment) error {
				_, err := payment.Once(b.Context(), r, p, payment.WithFirstTry())
				return err
			},
		} {
			b.Run(fmt.Sprintf("%s/workers=%d", name, workers), func(b *testing.B) {
				server := brightpearltest.New(brightpearltest.WithThrottle(1e9, time.Minute))
				defer server.Close()
				transport := &http.Transport{MaxIdleConnsPerHost: workers}
				defer transport.CloseIdleConnections()
				client, err := brightpearl.New(server.Config(), tenderkit.WithHTTPClient(&http.Client{Transport: transport}))
				if err != nil {
					b.Fatal(err)
				}
				recorder := client.Recorder(brightpearl.RecorderOptions{})
				money, err := payment.ParseMoney("318.00", "GBP")
				if err != nil {
					b.Fatal(err)
				}
				b.SetParallelism((workers + 1) / 2) // times GOMAXPROCS, which is 2 where this was measured
				b.ResetTimer()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						p := payment.Payment{
							Reference: fmt.Sprint("bench-", n.Add(1)), Kind: payment.Sale, Amount: money,
							Date: time.Unix(1733250600, 0).UTC(), Method: "SAGEPAY_UK", Target: "2002",
						}
						if err := record(b, client, recorder, p); err != nil {
							b.Error(err)
							return
						}
					}
				})
			})
		}
	}
}
