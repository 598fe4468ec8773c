package spektrix

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// NewCustomPayment asks to record a payment taken elsewhere (documented).
type NewCustomPayment struct {
	PaymentTypeID     string             `json:"PaymentTypeId"` // ID of a CustomPaymentType
	Amount            payment.Amount     // in the client's currency, above 0
	PaymentAttributes []PaymentAttribute // names as the type defines them, each at most once

	AllowRefund        bool `json:",omitzero"` // take a type that is for refunds, or a negative amount; the sign is sent as it is, what the vendor makes of it is unknown (clauses payment.refund-sign and payment.refund-counts)
	AllowOuterBlanks   bool `json:",omitzero"` // send values that begin or end with white space; whether the vendor trims them is unknown (clause payment.outer-blanks)
	SkipAttributeCheck bool `json:",omitzero"` // do not compare the attributes with the type's definitions
	SkipEchoCheck      bool `json:",omitzero"` // do not compare the answer with what was sent
}

// PaymentAttribute is one detail of a custom payment, such as a receipt number.
type PaymentAttribute struct {
	Name  string `json:"Name"`
	Value string `json:"Value"`
}

// UnmarshalJSONFrom reads an object. A value that is an object or an array is an
// error: a payment is told from another one by it.
func (a *PaymentAttribute) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var read struct {
		Name  wire.Text `json:"name"`
		Value plainText `json:"value"`
	}
	err := json.UnmarshalDecode(d, &read, reading)
	a.Name, a.Value = string(read.Name), string(read.Value)
	return err
}

// plainText is the value of an attribute of whatever type: a truth value too.
type plainText string

// UnmarshalJSONFrom reads a JSON string, number, truth value or null.
func (t *plainText) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if kind := d.PeekKind(); kind != 't' && kind != 'f' {
		return (*wire.Text)(t).UnmarshalJSONFrom(d)
	}
	raw, err := d.ReadValue()
	*t = plainText(raw)
	return err
}

// CustomPayment is a custom payment as Spektrix shows it: without an id, the
// type's id, a time or a state (documented).
type CustomPayment struct {
	Name       string             `json:"name"` // of the type
	Amount     payment.Amount     `json:"amount"`
	Attributes []PaymentAttribute `json:"attributes"`

	Members Members        `json:"-"` // all others
	Raw     jsontext.Value `json:"-"` // the whole answer of AddCustomPayment
}

// UnmarshalJSONFrom reads a custom payment.
func (p *CustomPayment) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain CustomPayment
	*p = CustomPayment{}
	return readObject(d, (*plain)(p), &p.Members, reading)
}

// CustomPayments lists the custom payments of a basket: GET
// baskets/{id}/custom-payments (documented). Their order (clause list.order),
// whether a new one shows at once (clause list.lag), and what is answered once
// the basket is confirmed (clause after.list), are unknown.
//
// It is a lookup: an answer that is not a list matches [payment.ErrProtocol],
// a 404 too, which may mean that the basket is gone or that this system has no
// such list. [Client.Basket] tells which.
func (c *Client) CustomPayments(ctx context.Context, basketID string) iter.Seq2[CustomPayment, error] {
	return sequence(func() ([]CustomPayment, error) { return c.customPayments(ctx, basketID) })
}

func (c *Client) customPayments(ctx context.Context, basketID string) ([]CustomPayment, error) {
	req := read("CustomPayments", "baskets/{id}/custom-payments", basketID)
	req.Class = transport.Lookup
	return transport.Call(ctx, c.http, req, func(r *transport.Reply) ([]CustomPayment, error) {
		return readPayments(r, list)
	})
}

// readPayments asks for amounts: a payment without one, or beside an error, does
// not tell that it was taken.
func readPayments(r *transport.Reply, decode func(*transport.Reply) ([]CustomPayment, error)) ([]CustomPayment, error) {
	all, err := decode(r)
	if err != nil {
		return nil, err
	}
	for i := range all {
		switch {
		case all[i].Members.nameAnError():
			return nil, errNamed
		case !all[i].Amount.IsSet():
			return nil, missing(fmt.Sprintf("$[%d].amount", i))
		}
		all[i].Raw = r.Body
	}
	return all, nil
}

// exact returns a with the currency's decimals, and whether that is the same
// amount.
func (c *Client) exact(a payment.Amount) (payment.Amount, bool) {
	m, err := payment.NewMoney(a, c.currency)
	if err != nil {
		return payment.Amount{}, false
	}
	rounded := m.Round(payment.HalfEven).Amount().Add(c.zero)
	return rounded, rounded.Equal(a)
}

// sameAmount passes over the noise of a binary fraction: 120.09999999999999
// shows that 120.10 was stored.
func sameAmount(shown, sent payment.Amount) bool {
	return shown.IsSet() && sent.IsSet() && isNoise(shown.Sub(sent))
}

func isNoise(a payment.Amount) bool {
	limit, _ := payment.ParseAmount("0.000001")
	return a.Cmp(limit) < 0 && a.Cmp(limit.Neg()) > 0
}

// withoutNoise returns a as the amount with the currency's decimals that it
// stands for, if it is one.
func (c *Client) withoutNoise(a payment.Amount) payment.Amount {
	if rounded, exact := c.exact(a); !exact && isNoise(rounded.Sub(a)) {
		return rounded
	}
	return a
}

// checkPayment refuses what no basket could take.
func (c *Client) checkPayment(field string, p NewCustomPayment) error {
	if err := transport.CheckSegment(field+".PaymentTypeID", p.PaymentTypeID); err != nil {
		return err
	}
	switch {
	case !p.Amount.IsSet():
		return invalid(field+".Amount", "is not set")
	case p.Amount.Sign() == 0:
		return invalid(field+".Amount", "is zero")
	case p.Amount.Sign() < 0 && !p.AllowRefund:
		return invalid(field+".Amount", "is negative, and AllowRefund is not set")
	}
	if _, exact := c.exact(p.Amount); !exact {
		return invalid(field+".Amount", fmt.Sprintf("has more than the %d decimals of the client's currency", c.zero.Scale()))
	}
	for i, a := range p.PaymentAttributes {
		if part, reason := a.wrong(p.PaymentAttributes[:i], p.AllowOuterBlanks); reason != "" {
			return invalid(fmt.Sprintf("%s.PaymentAttributes[%d].%s", field, i, part), reason)
		}
	}
	return nil
}

// wrong tells what is wrong with a after those before it.
func (a PaymentAttribute) wrong(before []PaymentAttribute, blanks bool) (part, reason string) {
	switch {
	case !utf8.ValidString(a.Name):
		return "Name", "is not valid UTF-8"
	case !utf8.ValidString(a.Value):
		return "Value", fmt.Sprintf("that of %q is not valid UTF-8", a.Name)
	case a.Name == "":
		return "Name", "is empty"
	case slices.ContainsFunc(before, func(b PaymentAttribute) bool { return b.Name == a.Name }):
		return "Name", fmt.Sprintf("%q is given twice", a.Name)
	case !blanks && strings.TrimSpace(a.Value) != a.Value:
		return "Value", fmt.Sprintf("that of %q begins or ends with white space, which the vendor may trim; AllowOuterBlanks sends it", a.Name)
	}
	return "", ""
}

// isNotListed reports an answer that a system without a list of payments sends.
func isNotListed(err error) bool {
	var told *payment.Error
	return errors.As(err, &told) && (told.Status == http.StatusNotFound || told.Status == http.StatusMethodNotAllowed)
}
