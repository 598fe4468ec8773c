package spektrixtest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// Payment is a custom payment as the emulator keeps it.
type Payment struct {
	TypeID     string
	TypeName   string
	IsRefund   bool
	Amount     payment.Amount // as it was sent, with its digits
	Attributes []payment.Attribute
	At         time.Time // by the emulator's clock
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

// postedPayment is the request of a custom payment.
type postedPayment struct {
	typeID     string
	amount     payment.Amount
	attributes []payment.Attribute
}

// decodePayment reads the documented fields. The attributes may be left out.
func decodePayment(body []byte) (req request, err error) {
	f := parseFields(body)
	req.payment.typeID = f.text("PaymentTypeId")
	req.payment.amount = f.amount("Amount")
	var list []json.RawMessage
	f.take("PaymentAttributes", &list)
	for _, raw := range list {
		a, err := decodeAttribute(raw)
		if err != nil {
			return req, err
		}
		req.payment.attributes = append(req.payment.attributes, a)
	}
	return req, f.end()
}

func decodeAttribute(raw json.RawMessage) (a payment.Attribute, err error) {
	f := parseFields(raw)
	a.Name = f.text("Name")
	if !f.take("Value", &a.Value) {
		f.refuse(refusal("Value is required"))
	}
	return a, f.end()
}

func (s *Server) addCustomPayment(id string, req request) reply {
	b, refused := s.open(id)
	if refused != nil {
		return *refused
	}
	p, err := s.accept(req.payment)
	if err != nil {
		return invalid(err)
	}
	if s.settings.overpaymentRefused && b.paid().Add(p.counts()).Cmp(b.Total) > 0 {
		return invalid(refusal("the payments exceed the basket total"))
	}
	b.Payments = append(b.Payments, p)
	s.touch(b)
	return success(s.echo(p))
}

// accept checks a payment against its type.
func (s *Server) accept(posted postedPayment) (Payment, error) {
	t := s.paymentType(posted.typeID)
	if t == nil || t.Inactive {
		return Payment{}, refusal("no such active custom payment type")
	}
	if err := s.checkAmount(t, posted.amount); err != nil {
		return Payment{}, err
	}
	kept, err := s.checkAttributes(t, posted.attributes)
	if err != nil {
		return Payment{}, err
	}
	return Payment{
		TypeID: t.ID, TypeName: t.Name, IsRefund: t.IsRefund,
		Amount: posted.amount, Attributes: kept, At: s.now(),
	}, nil
}

// checkAmount refuses what the vendor says nothing about: zero, money back by a
// type that is not for it, and fractions of the smallest coin.
func (s *Server) checkAmount(t *PaymentType, a payment.Amount) error {
	switch {
	case a.Sign() == 0, a.Sign() < 0 && !t.IsRefund:
		return refusal("the amount must be positive")
	case a.Scale() > max(0, s.settings.currency.MinorUnits()):
		return refusal("the amount has too many decimals")
	}
	return nil
}

// checkAttributes gives the attributes that are kept. Names are compared
// exactly.
func (s *Server) checkAttributes(t *PaymentType, sent []payment.Attribute) (kept []payment.Attribute, err error) {
	values := map[string]string{}
	for _, a := range sent {
		if _, twice := values[a.Name]; twice {
			return nil, refusal("an attribute is given twice")
		}
		values[a.Name] = a.Value
		if !t.defines(a.Name) && s.settings.attributes == RefuseUndefined {
			return nil, refusal("the payment type does not define an attribute")
		}
		if t.defines(a.Name) || s.settings.attributes == StoreUndefined {
			kept = append(kept, a)
		}
	}
	for _, d := range t.Attributes {
		if d.Required && strings.TrimSpace(values[d.Name]) == "" {
			return nil, refusal("a required attribute is missing")
		}
	}
	return kept, nil
}

type echoJSON struct {
	Name       string          `json:"name"`
	Amount     json.Number     `json:"amount"`
	Attributes []attributeJSON `json:"attributes"`
}

type attributeJSON struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// echo is the documented answer: no id of the payment, none of the type.
func (s *Server) echo(p Payment) echoJSON {
	shown := p.Amount
	if s.settings.truncatedEcho {
		shown = truncated(shown)
	}
	return echoJSON{Name: p.TypeName, Amount: number(shown), Attributes: wireAttributes(p.Attributes)}
}

func wireAttributes(attributes []payment.Attribute) []attributeJSON {
	list := make([]attributeJSON, len(attributes))
	for i, a := range attributes {
		list[i] = attributeJSON(a)
	}
	return list
}
