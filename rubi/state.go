package rubi

import (
	"cmp"
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

// CheckoutState is how far a checkout has come.
type CheckoutState string

// The states. The zero value is a checkout that submitted nothing.
const (
	StateRecorded    CheckoutState = "recorded"              // Rubi said so
	StateAnswerLost  CheckoutState = "recorded, answer lost" // the answer was lost, but the basket shows it
	StateCharge      CheckoutState = "charge"                // charge Total for TransactionID, then Complete
	StateCharged     CheckoutState = "charged, not recorded" // reported or about to be: Resume looks, Complete reports it
	StateUnknown     CheckoutState = "unknown"               // submitted, answer lost: Resume looks
	StateNotRecorded CheckoutState = "not recorded"          // the vendor refused it
)

// Known reports whether s is one of the six states.
func (s CheckoutState) Known() bool {
	switch s {
	case StateRecorded, StateAnswerLost, StateCharge, StateCharged, StateUnknown, StateNotRecorded:
		return true
	}
	return false
}

// Done reports that the payment stands in Rubi.
func (s CheckoutState) Done() bool { return s == StateRecorded || s == StateAnswerLost }

// Checkout is one checkout, in a form that can be stored as JSON between its
// steps and survives a crash. It holds no credential and no address; it does
// hold the UID, which is personal, and prints without it.
type Checkout struct {
	State         CheckoutState `json:"state"`
	UID           string        `json:"uid"`
	Item          Item          `json:"item"`
	PaymentType   PaymentType   `json:"paymentType"`
	PaymentItems  []string      `json:"paymentItems"`
	Total         payment.Money `json:"total"`
	Reference     string        `json:"reference,omitempty"`     // of the UserPayment
	TransactionID string        `json:"transactionID,omitempty"` // give it to Stripe as metadata
	StripeID      string        `json:"stripeID,omitempty"`      // once it is charged
	Charged       payment.Money `json:"charged,omitzero"`        // what Stripe took
	// Kept says that the items were seen in the basket after the transaction was
	// opened. Only then do items that left it later prove that Rubi has recorded
	// the charge: whether an installation keeps them is unknown.
	Kept bool `json:"kept,omitempty"`

	Payments []PaymentItem `json:"-"` // the records of UserPayment, from this run only
	Result   StripeResult  `json:"-"` // of StripeResult, from this run only
}

// StripeAmount is Total as Stripe counts it: what to charge.
func (co Checkout) StripeAmount() (int64, error) {
	return StripeAmount(co.Total.Amount(), co.Total.Currency())
}

// check refuses a stored value that is not what was given out.
func (co Checkout) check() error {
	switch {
	case !co.State.Known():
		return invalid("Checkout.State", "is not one of the six states")
	case !co.Item.Known():
		return invalid("Checkout.Item", "is not Bookings or Subscriptions")
	case !co.PaymentType.Known():
		return invalid("Checkout.PaymentType", "is not Invoice, CardPayment or Confirm")
	case len(co.PaymentItems) == 0:
		return invalid("Checkout.PaymentItems", "is empty")
	case !co.Total.IsSet():
		return invalid("Checkout.Total", "is not set")
	case (co.State == StateCharge || co.State == StateCharged) && (co.PaymentType != CardPayment || blank(co.TransactionID)):
		return invalid("Checkout.TransactionID", "is blank, or not of a card payment")
	}
	return cmp.Or(contact(co.UID).check(), checkGUIDs("Checkout.PaymentItems", co.PaymentItems))
}

// ChargedError is money that Stripe has taken and Rubi is not known to have
// recorded. Err says why: [payment.ErrOutcomeUnknown] in its chain means that it
// may be recorded, and any other sentinel that it is not.
type ChargedError struct {
	TransactionID string
	StripeID      string
	Amount        payment.Money
	Err           error
}

// Error names the charge and the transaction, so that a log is enough to find
// the money again.
func (e *ChargedError) Error() string {
	return fmt.Sprintf("charged, not known to be recorded: Stripe %q over %v for Rubi's transaction %q: %v", e.StripeID, e.Amount, e.TransactionID, e.Err)
}

// Unwrap gives the error of the call that failed.
func (e *ChargedError) Unwrap() error { return e.Err }

func (co Checkout) charged(err error) error {
	return &ChargedError{TransactionID: co.TransactionID, StripeID: co.StripeID, Amount: co.Charged, Err: err}
}
