package spektrixtest

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
)

// decodePayment reads the documented fields. The attributes may be left out.
func decodePayment(body []byte) (req request, err error) {
	f := parseFields(body)
	req.payment.typeID = f.text("PaymentTypeId")
	req.payment.amount = f.amount("Amount")
	var list []jsontext.Value
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

func decodeAttribute(raw []byte) (a payment.Attribute, err error) {
	f := parseFields(raw)
	a.Name = f.text("Name")
	if !f.take("Value", &a.Value) {
		f.refuse("Value is required")
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
	if s.settings.facts.RefusesOverpayment && s.paid(b).Add(p.counts()).Cmp(b.Total) > 0 {
		return invalid(refusal("the payments exceed the basket total"))
	}
	b.Payments = append(b.Payments, p)
	s.touch(b)
	return success(s.echo(b))
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
		TypeID: t.ID, TypeName: t.Name, IsRefund: t.IsRefund, Amount: posted.amount, Attributes: kept, At: s.now(),
		id: s.newID(), commission: t.Commission, hidden: s.settings.facts.PaymentListLag,
	}, nil
}

// checkAmount refuses what the vendor says nothing about: zero, money back by a
// type that is not for it, and fractions of the smallest coin.
func (s *Server) checkAmount(t *PaymentType, a payment.Amount) error {
	switch {
	case a.Sign() == 0, a.Sign() < 0 && !t.IsRefund:
		return refusal("the amount must be positive")
	case a.Decimals() > max(0, s.settings.currency.MinorUnits()):
		return refusal("the amount has too many decimals")
	}
	return nil
}

// checkAttributes returns the attributes that are kept. Names are compared
// exactly.
func (s *Server) checkAttributes(t *PaymentType, sent []payment.Attribute) (kept []payment.Attribute, err error) {
	rule, values := s.settings.facts.UndefinedAttributes, map[string]string{}
	for _, a := range sent {
		if s.settings.facts.TrimsValues {
			a.Value = strings.TrimSpace(a.Value)
		}
		if _, twice := values[a.Name]; twice {
			return nil, refusal("an attribute is given twice")
		}
		values[a.Name] = a.Value
		if !t.defines(a.Name) && rule == RefuseUndefined {
			return nil, refusal("the payment type does not define an attribute")
		}
		if t.defines(a.Name) || rule == StoreUndefined {
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

// paymentJSON is the documented form: no id of the payment, none of the type.
type paymentJSON struct {
	Name       string          `json:"name"`
	Amount     jsontext.Value  `json:"amount"`
	Attributes []attributeJSON `json:"attributes,omitzero"`
}

type attributeJSON struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func wirePayments(payments []Payment) []paymentJSON {
	list := make([]paymentJSON, len(payments))
	for i, p := range payments {
		list[i] = paymentJSON{Name: p.TypeName, Amount: number(p.Amount), Attributes: wireAttributes(p.Attributes)}
	}
	return list
}

func wireAttributes(attributes []payment.Attribute) []attributeJSON {
	list := make([]attributeJSON, len(attributes))
	for i, a := range attributes {
		list[i] = attributeJSON(a)
	}
	return list
}

// echo answers for the newest payment of a basket.
func (s *Server) echo(b *Basket) any {
	form, last := s.settings.facts.PaymentAnswer, len(b.Payments)-1
	shown := b.Payments[last:]
	if form == AnswersArrayNewestLast || form == AnswersArrayNewestFirst {
		shown = b.Payments
	}
	list := wirePayments(shown)
	newest := &list[len(list)-1]
	if s.settings.facts.TruncatedEcho {
		newest.Amount = number(truncated(b.Payments[last].Amount))
	}
	switch form {
	case AnswersObject:
		return *newest
	case AnswersArrayNewestFirst:
		slices.Reverse(list)
	}
	return list
}

// listPayments shows the payments of a basket, oldest first.
func (s *Server) listPayments(id string, _ request) reply {
	facts, b := s.settings.facts, s.basketIDs[id]
	switch {
	case facts.PaymentList == ListNotAllowed:
		return notAllowed([]string{"POST"})
	case facts.PaymentList == ListDoesNotExist:
		return notFound("no such resource")
	case b.Confirmed && !facts.ListAfterConfirm:
		return notFound("not found")
	}
	shown := make([]Payment, 0, len(b.Payments))
	for i := range b.Payments {
		if p := &b.Payments[i]; p.hidden > 0 {
			p.hidden--
		} else {
			shown = append(shown, *p)
		}
	}
	list := wirePayments(shown)
	for i := range list {
		if facts.ListWithoutAttributes {
			list[i].Attributes = nil
		}
	}
	return success(list)
}
