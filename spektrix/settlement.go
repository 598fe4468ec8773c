package spektrix

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/internal/label"
	"github.com/tenderkit/tenderkit/payment"
)

// Settlement is what is known of the payments of one basket.
type Settlement struct {
	BasketID string
	Total    payment.Amount  // of the basket, before the payments of this call; not set if the basket is gone
	Paid     payment.Amount  // by what stands in the basket, those of others included; refunds are subtracted
	Stood    []CustomPayment // payments of others that stood in the basket
	Payments []SettledPayment

	customerID string // of the basket, if it has one
}

// SettledPayment is one payment of a settlement.
type SettledPayment struct {
	Payment payment.Payment
	State   PaymentState
	Receipt payment.Receipt // of a posted payment
}

// PaymentState says what is known of one payment.
type PaymentState string

// The states.
const (
	StateOpen     PaymentState = "open"     // this call has not recorded it
	StatePosted   PaymentState = "posted"   // recorded, by this call or an earlier one
	StateConflict PaymentState = "conflict" // the vendor shows another payment than was asked for; see the error
	StateUnknown  PaymentState = "unknown"  // it may be recorded
)

// Known reports whether s is one of the four states.
func (s PaymentState) Known() bool {
	return slices.Contains([]PaymentState{StateOpen, StatePosted, StateConflict, StateUnknown}, s)
}

// stateAfter says what an error of Once means for the payment.
func stateAfter(err error) PaymentState {
	switch {
	case err == nil:
		return StatePosted
	case errors.Is(err, payment.ErrOutcomeUnknown):
		return StateUnknown
	case errors.Is(err, payment.ErrConflict):
		return StateConflict
	}
	return StateOpen
}

// SettleError is a settlement that stopped at one of its payments. Its text
// holds no basket id, amount of a payment or value of an attribute.
//
// Posted payments stand. Call Settle again with the same payments and the same
// Store to go on: what is posted is not sent again, and what may be
// recorded is looked up.
type SettleError struct {
	Settlement Settlement
	Stopped    int   // index of the payment that stopped the flow
	Err        error // of [payment.Once]
}

// Error tells how far the flow came, and why it stopped.
func (e *SettleError) Error() string {
	return fmt.Sprintf("%s: Settle: stopped at payment %d of %d (%s): %v", vendor, e.Stopped+1, len(e.Settlement.Payments), e.Settlement.summary(), e.Err)
}

// Unwrap returns the error of the payment.
func (e *SettleError) Unwrap() error { return e.Err }

// Format prints the text of Error, for every verb.
func (e SettleError) Format(s fmt.State, verb rune) { label.Print(s, verb, e.Error()) }

// MarshalJSON writes the text of Error: the settlement holds personal data.
func (e SettleError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// Complete reports whether every payment is posted.
func (s *Settlement) Complete() bool {
	return !slices.ContainsFunc(s.Payments, func(p SettledPayment) bool { return p.State != StatePosted })
}

// fits reports whether a basket of this total is balanced. Whether a total falls
// by what is paid is unknown (clause basket.total-after-payment).
func (s *Settlement) fits(total payment.Amount) bool {
	return total.Equal(s.Paid) || total.IsSet() && total.Sign() == 0 && s.Paid.Sign() > 0
}

func (s *Settlement) summary() string {
	var parts []string
	for _, state := range []PaymentState{StatePosted, StateConflict, StateUnknown, StateOpen} {
		n := 0
		for _, p := range s.Payments {
			if p.State == state {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	if len(parts) == 0 {
		return "no payments"
	}
	return strings.Join(parts, ", ")
}

// TotalMovedError is a basket whose total is not what its payments add up to:
// tickets came or went, or the payment's type has a commission of its own. Its
// confirmation was not sent. Pay the difference and confirm again, or set
// Confirmation.AllowMovedTotal. The chain holds a [payment.FieldError].
type TotalMovedError struct {
	Before payment.Amount // total before the payments
	Now    payment.Amount
	Paid   payment.Amount
}

// Error tells the totals and what was paid.
func (e *TotalMovedError) Error() string {
	return fmt.Sprintf("%v: it moved from %v to %v, with %v paid; has the payment type a commission of its own?", e.Unwrap(), e.Before, e.Now, e.Paid)
}

// Unwrap returns a [payment.FieldError]: nothing was sent.
func (e *TotalMovedError) Unwrap() error {
	return invalid("Confirmation.Settlement", "does not balance the basket's total any more")
}
