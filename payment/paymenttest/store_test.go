package paymenttest_test

import (
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func TestMemoryStore(t *testing.T) {
	t.Parallel()
	paymenttest.RunStore(t, paymenttest.StoreHarness{
		InMemory: true,
		Open:     func(string) (payment.Store, error) { return payment.NewMemoryStore(), nil },
	})
}
