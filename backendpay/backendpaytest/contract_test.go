package backendpaytest_test

import (
	"testing"

	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func TestContractRoundTrip(t *testing.T) {
	t.Parallel()
	paymenttest.RoundTrip(t, paymenttest.RoundTripper{
		Clauses: backendpaytest.Contract(), Facts: backendpaytest.FactSheet(),
		Emulator: func(t *testing.T, facts any) paymenttest.Target {
			target, stop := backendpaytest.Sandbox(facts.(backendpaytest.Facts))
			t.Cleanup(stop)
			return target
		},
	})
}
