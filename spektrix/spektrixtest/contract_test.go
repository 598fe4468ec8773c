package spektrixtest_test

import (
	"testing"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

func TestContractRoundTrip(t *testing.T) {
	t.Parallel()
	paymenttest.RoundTrip(t, paymenttest.RoundTripper{
		Clauses: spektrixtest.Contract(), Facts: spektrixtest.FactSheet(),
		Emulator: func(t *testing.T, facts any) paymenttest.Target {
			target, stop := spektrixtest.Sandbox(facts.(spektrixtest.Facts))
			t.Cleanup(stop)
			return target
		},
		Tolerates: nobodyReads,
	})
}

// nobodyReads reports whether no client needs the member: the words of a
// refusal, for which the vendor documents no form, and the customer of an order
// without one.
func nobodyReads(m paymenttest.Mutation) bool {
	return m.Path == "$.message" && m.Status >= 400 ||
		m.Kind == paymenttest.MemberRetyped && (m.Path == "$.values[].customerId" || m.Path == "$.values[].customerFriendlyId")
}
