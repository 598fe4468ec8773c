package rubitest_test

import (
	"testing"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

func TestContractRoundTrip(t *testing.T) {
	t.Parallel()
	paymenttest.RoundTrip(t, paymenttest.RoundTripper{
		Clauses: rubitest.Contract(), Facts: rubitest.FactSheet(),
		Emulator: func(t *testing.T, facts any) paymenttest.Target {
			target, stop := rubitest.Sandbox(facts.(rubitest.Facts))
			t.Cleanup(stop)
			return target
		},
	})
}
