package spektrix

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/tenderkit/tenderkit/internal/label"
	"github.com/tenderkit/tenderkit/payment"
)

// ErrEchoDiffers is a payment that was posted, but whose answer shows another
// type, amount or attribute than was sent. It matches [payment.ErrConflict].
// The payment stands: do not send it again. The details are an [*EchoError].
var ErrEchoDiffers = fmt.Errorf("this payment stands, but the answer differs from what was sent: %w", payment.ErrConflict)

// EchoError says how the answer to a payment differs from what was sent.
type EchoError struct {
	Differs   EchoDifference
	Attribute int             // index of the attribute, for EchoAttribute
	Shown     []CustomPayment // what the answer shows, by name and amount: attributes may be personal data
}

// EchoDifference names what differs.
type EchoDifference string

// The differences.
const (
	EchoAmount    EchoDifference = "the amount differs"
	EchoType      EchoDifference = "the payment type differs"
	EchoAttribute EchoDifference = "an attribute differs"
	EchoNotShown  EchoDifference = "the list of payments does not show it" // no payment of the list is this one, or none more than before
)

// Known reports whether d is one of the four differences.
func (d EchoDifference) Known() bool {
	return slices.Contains([]EchoDifference{EchoAmount, EchoType, EchoAttribute, EchoNotShown}, d)
}

// Error tells what differs.
func (e *EchoError) Error() string {
	text := fmt.Sprintf("%v: %s", ErrEchoDiffers, e.Differs)
	if e.Differs == EchoAttribute {
		text += fmt.Sprintf(" (the one with index %d)", e.Attribute)
	}
	return text
}

// Unwrap returns [ErrEchoDiffers].
func (e *EchoError) Unwrap() error { return ErrEchoDiffers }

// Format prints the text of Error, for every verb.
func (e EchoError) Format(s fmt.State, verb rune) { label.Print(s, verb, e.Error()) }

// MarshalJSON writes the text of Error: the payments hold personal data.
func (e EchoError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// posted is a payment that was sent, with what its answer is compared with.
type posted struct {
	payment  NewCustomPayment
	typeName string // empty: not known, and not compared
	before   int    // payments equal to it that stood in the basket before
	refund   bool   // its type is for refunds
}

// among finds the payment in an answer. An answer of one payment is that
// payment; of several, the last equal one is, if there is one more than before.
func (p posted) among(shown []CustomPayment) (CustomPayment, error) {
	if len(shown) == 1 {
		differs, attribute := p.difference(shown[0])
		if differs != "" {
			return shown[0], told(&EchoError{Differs: differs, Attribute: attribute, Shown: shown})
		}
		return shown[0], nil
	}
	if equal := p.equals(shown); len(equal) > p.before {
		return equal[len(equal)-1], nil
	}
	return CustomPayment{}, told(&EchoError{Differs: EchoNotShown, Shown: shown})
}

// renamed reports whether nothing but the type's name stands against one of the
// payments.
func (p posted) renamed(shown []CustomPayment) bool {
	p.typeName = ""
	return len(p.equals(shown)) > 0
}

// equals returns the payments that are equal to p.
func (p posted) equals(shown []CustomPayment) (equal []CustomPayment) {
	for _, s := range shown {
		if differs, _ := p.difference(s); differs == "" && len(s.Attributes) == len(p.payment.PaymentAttributes) {
			equal = append(equal, s)
		}
	}
	return equal
}

// bare reports whether shown may be p with attributes that are not shown.
func (p posted) bare(shown CustomPayment) bool {
	differs, _ := p.difference(shown)
	return differs == EchoAttribute && len(shown.Attributes) < len(p.payment.PaymentAttributes)
}

// equalTo reports whether the vendor cannot tell p from other.
func (p posted) equalTo(other posted) bool {
	return p.payment.PaymentTypeID == other.payment.PaymentTypeID && p.payment.Amount.Equal(other.payment.Amount) &&
		slices.Equal(p.payment.PaymentAttributes, other.payment.PaymentAttributes)
}

// difference names what of p the vendor does not show. Attributes that were not
// sent are no difference.
func (p posted) difference(shown CustomPayment) (what EchoDifference, attribute int) {
	switch {
	case !sameAmount(shown.Amount, p.payment.Amount):
		return EchoAmount, 0
	case p.typeName != "" && shown.Name != p.typeName:
		return EchoType, 0
	}
	for i, sent := range p.payment.PaymentAttributes {
		if !slices.Contains(shown.Attributes, sent) {
			return EchoAttribute, i
		}
	}
	return "", 0
}

// told carries an error of the decoder past the transport as the vendor's word.
// Personal data stays behind.
func told(err *EchoError) error {
	shown := make([]CustomPayment, len(err.Shown))
	for i, p := range err.Shown {
		shown[i] = CustomPayment{Name: p.Name, Amount: p.Amount}
	}
	err.Shown = shown
	return &payment.Error{Err: err}
}

// standsError is a payment that was posted and whose answer differs.
type standsError struct {
	err      error
	conflict *payment.ConflictError
}

func (e *standsError) Error() string   { return e.err.Error() }
func (e *standsError) Unwrap() []error { return []error{e.err, e.conflict} }

// fieldsOf names the fields of Payment that an answer shows otherwise.
func fieldsOf(err error, n NewCustomPayment) []string {
	var echo *EchoError
	if !errors.As(err, &echo) {
		return nil
	}
	switch echo.Differs {
	case EchoAmount:
		return []string{"Amount"}
	case EchoType:
		return []string{"Method"}
	case EchoAttribute:
		return []string{"Attributes[" + n.PaymentAttributes[echo.Attribute].Name + "]"}
	}
	return nil
}
