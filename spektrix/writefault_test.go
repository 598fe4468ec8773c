package spektrix_test

import (
	"errors"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// The other writes of the flow are never repeated either.
func TestEachFaultAtTheOtherWrites(t *testing.T) {
	t.Parallel()
	for _, fault := range faults() {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			client, server := emulatorFor(t, fault)
			id := fill(t, client)
			calls := map[string]func() error{
				spektrixtest.OpCreateBasket: func() error { _, err := client.CreateBasket(t.Context(), spektrix.NewBasket{}); return err },
				spektrixtest.OpAddTickets:   func() error { return client.AddTickets(t.Context(), id, twoSeats...) },
				spektrixtest.OpUpdateBasket: func() error { _, err := client.WaiveTransactionCommission(t.Context(), id); return err },
			}
			for op, call := range calls {
				strikes(server, op, 1, fault)
				err := call()
				if refuses(fault) == errors.Is(err, payment.ErrOutcomeUnknown) && !answerNotNeeded(op, fault) {
					t.Errorf("%s: %v", op, err)
				}
				if n := server.Count(op); n != 2 {
					t.Errorf("%s: %d requests, want that of the filling and one more", op, n)
				}
			}
		})
	}
}

// answerNotNeeded are whole answers that AddTickets does not read, and the
// empty one that a PATCH may give.
func answerNotNeeded(op string, f paymenttest.Fault) bool {
	switch op {
	case spektrixtest.OpAddTickets:
		return f == paymenttest.EmptyAnswer() || f == paymenttest.HTMLAnswer() || f == paymenttest.TruncatedJSON()
	case spektrixtest.OpUpdateBasket:
		return f == paymenttest.EmptyAnswer()
	}
	return false
}
