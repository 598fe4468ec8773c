package paymenttest_test

import (
	"testing"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func TestRunTakesDuplicates(t *testing.T) {
	t.Parallel()
	paymenttest.Run(t, rules{}.harness(newOwn))
}

func TestRunNoLookup(t *testing.T) {
	t.Parallel()
	paymenttest.Run(t, rules{noLookup: true}.harness(newOwn))
}
