package spektrixtest

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
)

// Basket is a basket as the emulator keeps it.
type Basket struct {
	ID               string
	Hash             string // another one after every change
	CustomerID       string
	DeliveryType     int // 1 = collect at venue, 3 = agent; 0 = none chosen
	CommissionWaived bool
	Tickets          []Ticket
	Payments         []Payment
	MembershipHeld   bool           // holds a membership that the customer already has
	Total            payment.Amount // what it shows as its total, before payments
	Confirmed        bool

	revision int
	order    int // index of the first order, once confirmed
}

func (b Basket) clone() Basket {
	b.Tickets = cloneAll(b.Tickets, Ticket.clone)
	b.Payments = cloneAll(b.Payments, Payment.clone)
	return b
}

// Price is what a ticket of a type costs for an instance of an event.
type Price struct {
	Instance   string
	TicketType string
	Price      payment.Amount // before discount; 0 if not set
	Discount   payment.Amount // 0 if not set
}

// Ticket is a ticket in a basket or an order.
type Ticket struct {
	ID          string
	Instance    string
	Type        string
	SeatingPlan string // empty for a ticket with a seat
	Seat        string // empty for unreserved seating
	Price       payment.Amount
	Discount    payment.Amount
	Attributes  map[string]jsontext.Value // by the whole key: attribute_<Name>
}

func (t Ticket) total() payment.Amount { return orZero(t.Price).Sub(orZero(t.Discount)) }

func (t Ticket) clone() Ticket {
	t.Attributes = maps.Clone(t.Attributes)
	return t
}

// Payment is a custom payment as the emulator keeps it.
type Payment struct {
	TypeID     string
	TypeName   string
	IsRefund   bool
	Amount     payment.Amount // as it was sent, with its digits
	Attributes []payment.Attribute
	At         time.Time // by the emulator's clock

	id         string // only stubs show it
	commission payment.Amount
	hidden     int // reads of the list that do not show it yet
}

// counts is what a payment adds to the sum: a refund type takes away, whatever
// sign was sent. The vendor's rule is unknown.
func (p Payment) counts() payment.Amount {
	if p.IsRefund && p.Amount.Sign() > 0 {
		return p.Amount.Neg()
	}
	return orZero(p.Amount)
}

func (p Payment) clone() Payment {
	p.Attributes = slices.Clone(p.Attributes)
	return p
}

// TextField is the only type of an attribute that is documented.
const TextField = "Text field"

// PaymentType is a custom payment type, as the venue defines it.
type PaymentType struct {
	ID         string // assigned by AddPaymentType if empty
	Name       string
	IsRefund   bool
	Inactive   bool // not listed, and no payment can be made with it
	Attributes []AttributeDefinition
	Commission payment.Amount // no list shows it; see Facts.TypeCommission
}

// AttributeDefinition is a detail that a payment of a type may or must carry.
type AttributeDefinition struct {
	Name     string
	Required bool
	Type     string // TextField if empty
}

func (t *PaymentType) defines(name string) bool {
	return slices.ContainsFunc(t.Attributes, func(d AttributeDefinition) bool { return d.Name == name })
}

// Order is a confirmed basket.
type Order struct {
	ID                string
	FriendlyID        string // AB12CD
	BasketID          string
	CustomerID        string
	DeliveryType      int
	Total             payment.Amount // of the basket, before payments
	Commission        payment.Amount // 0 if waived
	Tickets           []Ticket
	Payments          []Payment
	ConfirmationEmail bool // whether one was sent
	At                time.Time
}

func (o Order) clone() Order {
	o.Tickets = cloneAll(o.Tickets, Ticket.clone)
	o.Payments = cloneAll(o.Payments, Payment.clone)
	return o
}

// cloneAll copies what the ledger hands out, so that nobody can change it.
func cloneAll[T, U any](list []T, clone func(T) U) []U {
	if list == nil {
		return nil
	}
	out := make([]U, len(list))
	for i, v := range list {
		out[i] = clone(v)
	}
	return out
}

const consonants = "BCDGHJKLMNPQRSTV"

// letters derives n consonants from a seed; n is at most 64.
func letters(seed string, n int) string {
	sum := sha256.Sum256([]byte(seed))
	text := make([]byte, 0, 2*len(sum))
	for _, b := range sum {
		text = append(text, consonants[b>>4], consonants[b&15])
	}
	return string(text[:n])
}

// friendlyID returns a short name of the form AB12CD, its own for each of the
// first six million orders.
func friendlyID(n int) string {
	pair := func(i int) string { return string([]byte{consonants[i>>4&15], consonants[i&15]}) }
	return fmt.Sprintf("%s%02d%s", pair(n/100), n%100, pair(n/25600))
}

// amount reads a number that stands in this package's source.
func amount(text string) payment.Amount {
	a, err := payment.ParseAmount(text)
	if err != nil {
		return payment.Amount{} // never: the tests read every one of them
	}
	return a
}

func zero() payment.Amount { return amount("0") }

// orZero takes an amount that was never set for 0.
func orZero(a payment.Amount) payment.Amount {
	if !a.IsSet() {
		return zero()
	}
	return a
}

// number writes an amount as the vendor does: 10.40 as 10.4, 45 as 45.0.
func number(a payment.Amount) jsontext.Value {
	text := orZero(a).String()
	point := strings.IndexByte(text, '.')
	if point < 0 {
		return jsontext.Value(text + ".0")
	}
	for len(text) > point+2 && strings.HasSuffix(text, "0") {
		text = text[:len(text)-1]
	}
	return jsontext.Value(text)
}

// truncated leaves the decimals away, as the documented answer to 10.40 does.
func truncated(a payment.Amount) payment.Amount {
	whole, _, _ := strings.Cut(orZero(a).String(), ".")
	return amount(whole)
}

type stub struct {
	ID string `json:"id"`
}

func customerStub(id string) *stub {
	if id == "" {
		return nil
	}
	return &stub{id}
}
