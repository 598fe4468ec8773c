package outbox_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
)

// instant is a vendor that answers at once.
type instant struct{ writes atomic.Int64 }

func (*instant) Account() payment.Account { return account }
func (*instant) Prepare(_ context.Context, p payment.Payment) (payment.Payment, error) {
	return p, p.Validate()
}
func (v *instant) Record(ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	if err := a.Begin(ctx, nil); err != nil {
		return payment.Receipt{}, err
	}
	return payment.Receipt{Vendor: "test", ID: fmt.Sprint(v.writes.Add(1)), Reference: p.Reference, Amount: p.Amount}, nil
}
func (*instant) Find(context.Context, payment.Payment, *payment.Attempt) ([]payment.Receipt, error) {
	return nil, nil
}

// BenchmarkOnce is one payment handed over with each Store, by 64 workers.
func BenchmarkOnce(b *testing.B) {
	stores := map[string]func(b *testing.B) payment.Store{
		"memory": func(*testing.B) payment.Store { return payment.NewMemoryStore() },
		"SQLite": func(b *testing.B) payment.Store { return sqlite(b).store(b) },
		"Postgres": func(b *testing.B) payment.Store {
			d := postgres(b)
			db := d.open(b)
			db.SetMaxIdleConns(64)
			s, err := outbox.Open(b.Context(), db, d.dialect)
			if err != nil {
				b.Fatal(err)
			}
			return s
		},
	}
	for _, name := range []string{"memory", "SQLite", "Postgres"} {
		b.Run(name, func(b *testing.B) {
			store, vendor := stores[name](b), &instant{}
			p := sale(b, "r")
			var n atomic.Int64
			b.SetParallelism(32)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					p := p
					p.Reference = fmt.Sprint("r", n.Add(1))
					if _, err := payment.Once(b.Context(), vendor, p, payment.WithStore(store), payment.WithFirstTry()); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "payments/s")
		})
	}
}
