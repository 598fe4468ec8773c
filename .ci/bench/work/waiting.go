package work

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/bench/measure"
	"github.com/tenderkit/tenderkit/brightpearl"
)

// together does n times with so many workers.
func together(name string, workers int, do func(ctx context.Context) error) measure.Work {
	return measure.Work{Name: name, Do: func(n int) error {
		var left atomic.Int64
		left.Store(int64(n))
		errs := make(chan error, workers)
		var all sync.WaitGroup
		for range workers {
			all.Go(func() {
				for left.Add(-1) >= 0 {
					if err := do(context.Background()); err != nil {
						errs <- err
						return
					}
				}
			})
		}
		all.Wait()
		close(errs)
		return <-errs
	}}
}

// Limited returns rows of a client whose vendor has a limit, with so many
// callers that wait, against one whose vendor has none.
func Limited() (rows []measure.Row, err error) {
	answer := `{"response":[{"id":1,"name":"Card","code":"CARD"}]}`
	free, err := newBrightpearl(tenderkit.WithHTTPClient(&http.Client{Transport: &Stub{Body: answer}}))
	if err != nil {
		return nil, err
	}
	limited, err := newBrightpearl(tenderkit.WithHTTPClient(&http.Client{Transport: &Stub{Body: answer, Header: http.Header{
		"Brightpearl-Requests-Remaining": {"40"}, "Brightpearl-Next-Throttle-Period": {"60000"},
	}}}))
	if err != nil {
		return nil, err
	}
	call := func(c *brightpearl.Client) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := c.PaymentMethod(ctx, 1)
			return err
		}
	}
	for _, callers := range []int{1, 64, 1024, 4096} {
		rows = append(rows, measure.Row{
			Name: fmt.Sprintf("limiter, %d callers", callers), Goal: "30 µs more", Block: max(2000, 2*callers),
			Works: []measure.Work{together("no limit", callers, call(free)), together("limited", callers, call(limited))},
		})
	}
	return rows, nil
}

// Parallel returns rows of 64 workers over loopback.
func Parallel(root string) ([]measure.Row, error) {
	const workers = 64
	pooled := http.DefaultTransport.(*http.Transport).Clone()
	pooled.MaxIdleConnsPerHost = pooled.MaxIdleConns
	hand := &http.Client{Transport: pooled}
	payment, err := sample(root, "backendpay", "payment_own.json")
	if err != nil {
		return nil, err
	}
	methods, err := sample(root, "brightpearl", "payment_methods_documented.json")
	if err != nil {
		return nil, err
	}
	backServer, brightServer := serving(payment), serving(methods)
	back, err := backendpay.New(backendpay.Config{APIKey: Token, BaseURL: backServer.URL})
	if err != nil {
		return nil, err
	}
	bright, err := brightpearl.New(brightpearl.Config{Account: "acme", Auth: brightpearl.StaffToken("acme_till", Token), BaseURL: brightServer.URL})
	if err != nil {
		return nil, err
	}
	return []measure.Row{
		{Name: "64 workers, backendpay", Goal: "1.10", Block: 2000, Works: []measure.Work{
			together("by hand", workers, func(ctx context.Context) error {
				var p handPayment
				return exchange(ctx, hand, http.MethodGet, backServer.URL+"/backend/api/v1/payments/501", bearer, nil, &p)
			}),
			together("tenderkit", workers, func(ctx context.Context) error {
				_, err := back.Payment(ctx, "501")
				return err
			}),
		}},
		{Name: "64 workers, brightpearl", Goal: "1.10", Block: 2000, Works: []measure.Work{
			together("by hand", workers, func(ctx context.Context) error {
				var m handMethods
				return exchange(ctx, hand, http.MethodGet, brightServer.URL+"/public-api/acme/accounting-service/payment-method/1", staff, nil, &m)
			}),
			together("tenderkit", workers, func(ctx context.Context) error {
				_, err := bright.PaymentMethod(ctx, 1)
				return err
			}),
		}},
	}, nil
}

// serving answers every request with body.
func serving(body string) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	}))
}
