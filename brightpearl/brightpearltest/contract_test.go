package brightpearltest_test

import (
	"testing"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func TestContractRoundTrip(t *testing.T) {
	t.Parallel()
	paymenttest.RoundTrip(t, paymenttest.RoundTripper{
		Clauses: brightpearltest.Contract(), Facts: brightpearltest.FactSheet(),
		Emulator: func(t *testing.T, facts any) paymenttest.Target {
			target, stop := brightpearltest.Sandbox(facts.(brightpearltest.Facts))
			t.Cleanup(stop)
			return target
		},
	})
}
