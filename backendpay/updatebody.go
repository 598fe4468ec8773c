package backendpay

import (
	"github.com/tenderkit/tenderkit/payment"
)

// Validate refuses what [Client.UpdatePayment] would refuse, with a
// [payment.FieldError].
func (u PaymentUpdate) Validate() error {
	if len(u.body(form{})) == 0 {
		return invalid("PaymentUpdate", "changes nothing")
	}
	return first(
		func() error { return u.checkText("OurReference", u.OurReference, checkReference) },
		func() error { return u.checkText("CustomerReference", u.CustomerReference, checkText) },
		func() error { return checkField(u, "PaymentDate", u.PaymentDate, checkDate) },
		func() error { return checkField(u, "PaymentAmount", u.PaymentAmount, u.checkAmount) },
		func() error { return u.checkText("PaymentMethod", u.PaymentMethod, checkText) },
		func() error { return u.checkText("InvoiceID", u.InvoiceID, checkText) },
		func() error { return checkExtra("PaymentUpdate.Extra", u.Extra) },
	)
}

const clears = "would clear the field, which the vendor does not document; AllowClear sends it"

// checkField checks a value, and whether null is allowed.
func checkField[T any](u PaymentUpdate, name string, f Field[T], check func(field string, v T) error) error {
	name = "PaymentUpdate." + name
	if f.IsNull() && !u.AllowClear {
		return invalid(name, clears)
	}
	if v, ok := f.Get(); ok {
		return check(name, v)
	}
	return nil
}

// checkText is checkField for text, which may be empty only if null may be.
func (u PaymentUpdate) checkText(name string, f Field[string], check func(field, s string) error) error {
	if s, ok := f.Get(); ok && s == "" && !u.AllowClear {
		return invalid("PaymentUpdate."+name, clears)
	}
	return checkField(u, name, f, check)
}

func (u PaymentUpdate) checkAmount(field string, a payment.Amount) error {
	return checkAmount(field, a, u.Refund, u.Currency)
}

func (u PaymentUpdate) body(f form) body {
	var b body
	addField(&b, "ourReference", u.OurReference, plain)
	addField(&b, "customerReference", u.CustomerReference, plain)
	addField(&b, "paymentDate", u.PaymentDate, func(d payment.Date) any { return d })
	addField(&b, "paymentAmount", u.PaymentAmount, f.amount)
	addField(&b, "paymentMethod", u.PaymentMethod, plain)
	addField(&b, "invoiceID", u.InvoiceID, plain)
	b.extra(u.Extra)
	return b
}

func plain(s string) any { return s }

func addField[T any](b *body, name string, f Field[T], form func(T) any) {
	if v, ok := f.Get(); ok {
		b.add(name, form(v))
	} else if f.IsNull() {
		b.add(name, nil)
	}
}

// shownBy reports whether p shows all that the update asked for.
func (u PaymentUpdate) shownBy(p *Payment) bool {
	return len(u.Extra) == 0 &&
		shows(u.OurReference, p.OurReference) &&
		shows(u.CustomerReference, p.CustomerReference) &&
		shows(u.PaymentDate, p.PaymentDate) &&
		showsAmount(u.PaymentAmount, p.PaymentAmount) &&
		shows(u.PaymentMethod, p.PaymentMethod) &&
		shows(u.InvoiceID, p.InvoiceID)
}

// shows compares; null asks for a field that is not set, the zero value here.
func shows[T comparable](asked Field[T], is T) bool {
	v, _ := asked.Get()
	return asked.IsZero() || v == is
}

func showsAmount(asked Field[payment.Amount], is payment.Amount) bool {
	v, _ := asked.Get()
	return asked.IsZero() || v.Equal(is)
}
