package spektrix

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/internal/label"
	"github.com/tenderkit/tenderkit/payment"
)

// Settlement is what is known of the payments of one basket. It can be stored
// as JSON, which holds the attributes with their values.
type Settlement struct {
	BasketID string
	Total    payment.Amount // of the basket, before the first payment; not set if it was not read
	Payments []SettledPayment
}

// SettledPayment is one payment of a settlement.
type SettledPayment struct {
	Payment NewCustomPayment
	State   PaymentState
	Tries   int            `json:",omitempty"` // how often it was sent, or would have been: an older copy shows by it
	Echo    *CustomPayment `json:",omitempty"` // the vendor's answer, if there was one
}

// PaymentState says what is known of one payment.
type PaymentState string

// The states.
const (
	StateOpen        PaymentState = "open"         // not recorded: never sent, or refused
	StatePosted      PaymentState = "posted"       // recorded, and the answer shows what was sent
	StateEchoDiffers PaymentState = "echo differs" // recorded, but the answer shows something else
	StateUnknown     PaymentState = "unknown"      // sent, and the answer was lost
)

// Known reports whether s is one of the four states.
func (s PaymentState) Known() bool {
	switch s {
	case StateOpen, StatePosted, StateEchoDiffers, StateUnknown:
		return true
	}
	return false
}

func newSettlement(basketID string, payments []NewCustomPayment) *Settlement {
	s := &Settlement{BasketID: basketID, Payments: make([]SettledPayment, len(payments))}
	for i, p := range payments {
		p.PaymentAttributes = slices.Clone(p.PaymentAttributes)
		s.Payments[i] = SettledPayment{Payment: p, State: StateOpen}
	}
	return s
}

// Complete reports that every payment is posted and that they add up to the
// total.
func (s *Settlement) Complete() bool {
	return s.count(StatePosted) == len(s.Payments) && s.Total.IsSet() && s.sum().Equal(s.Total)
}

// Posted adds up the payments that stand, those whose answer differs included.
func (s *Settlement) Posted() payment.Amount { return s.sum(StatePosted, StateEchoDiffers) }

// fits reports that total is the settlement's, or what is left of it. Whether a
// basket's total falls with each payment is unknown.
func (s *Settlement) fits(total payment.Amount) bool {
	return total.Equal(s.Total) || total.Equal(s.Total.Sub(s.Posted()))
}

// sum adds up the payments in the given states, or all of them.
func (s *Settlement) sum(states ...PaymentState) payment.Amount {
	sum, _ := payment.ParseAmount("0")
	for _, p := range s.payments(states...) {
		sum = sum.Add(p.Amount)
	}
	return sum
}

func (s *Settlement) count(state PaymentState) int { return len(s.payments(state)) }

// touched reports that a payment stands or may stand.
func (s *Settlement) touched() bool { return s != nil && s.count(StateOpen) < len(s.Payments) }

// payments returns the payments in the given states, or all of them.
func (s *Settlement) payments(states ...PaymentState) (list []NewCustomPayment) {
	for _, p := range s.Payments {
		if len(states) == 0 || slices.Contains(states, p.State) {
			list = append(list, p.Payment)
		}
	}
	return list
}

// equalTo counts the posted payments that an answer cannot tell from p.
func (s *Settlement) equalTo(p NewCustomPayment) (n int) {
	for _, other := range s.payments(StatePosted) {
		if other.PaymentTypeID == p.PaymentTypeID && other.Amount.Equal(p.Amount) && slices.Equal(other.PaymentAttributes, p.PaymentAttributes) {
			n++
		}
	}
	return n
}

// clone makes a copy that shares nothing that is ever changed.
func (s *Settlement) clone() *Settlement {
	c := newSettlement(s.BasketID, s.payments())
	c.Total = s.Total
	for i, p := range s.Payments {
		c.Payments[i].State, c.Payments[i].Tries, c.Payments[i].Echo = p.State, p.Tries, p.Echo
	}
	return c
}

func (s *Settlement) summary() string {
	var parts []string
	for _, state := range []PaymentState{StatePosted, StateEchoDiffers, StateUnknown, StateOpen} {
		if n := s.count(state); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	if len(parts) == 0 {
		return "no payments"
	}
	return strings.Join(parts, ", ")
}

// SettleError is a settlement that stopped after its first payment was tried.
// Its text holds no basket id, amount or attribute.
//
// StatePosted payments stand, StateOpen ones do not. If one is StateUnknown
// (Err then matches [payment.ErrOutcomeUnknown]) or StateEchoDiffers
// ([ErrEchoDiffers]), somebody has to look: [Client.CustomPayments] lists the
// payments of the open basket. Set its State in a copy of the Settlement to StatePosted or StateOpen by what was
// found, correct what was refused, and go on with [Client.ResumeSettle]. An
// order's Payments show the truth too once the basket is confirmed.
type SettleError struct {
	Settlement *Settlement `json:"-"`
	Stopped    int         // index of the payment that stopped the flow
	Err        error       // why
}

// Error tells how far the flow came, and why it stopped.
func (e *SettleError) Error() string {
	text := fmt.Sprintf("%s: Settle: stopped at payment %d of %d (%s): %v", vendor, e.Stopped+1, len(e.Settlement.Payments), e.Settlement.summary(), e.Err)
	if e.Settlement.count(StateUnknown)+e.Settlement.count(StateEchoDiffers) > 0 {
		text += "; look the payment up in Spektrix before going on with ResumeSettle"
	}
	return text
}

// Unwrap returns the error of the payment.
func (e *SettleError) Unwrap() error { return e.Err }

// Format prints the text of Error, for every verb.
func (e *SettleError) Format(s fmt.State, verb rune) { label.Print(s, verb, e.Error()) }

// MarshalJSON writes the text of Error: the settlement holds personal data.
func (e *SettleError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }
