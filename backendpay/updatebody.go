package backendpay

import (
	"github.com/tenderkit/tenderkit/internal/check"
	"github.com/tenderkit/tenderkit/payment"
)

// Validate refuses what [Client.UpdatePayment] would refuse, with a
// [payment.FieldError].
func (u PaymentUpdate) Validate() error {
	if len(u.body(form{})) == 0 {
		return invalid("PaymentUpdate", "changes nothing")
	}
	rules := fieldRules{"PaymentUpdate", u.AllowClear}
	amount := func(field string, a payment.Amount) error { return checkAmount(field, a, u.Refund, u.Currency) }
	return check.First(
		func() error { return checkTextField(rules, "OurReference", u.OurReference, checkReference) },
		func() error { return checkTextField(rules, "CustomerReference", u.CustomerReference, checkText) },
		func() error { return checkField(rules, "PaymentDate", u.PaymentDate, checkDate) },
		func() error { return checkField(rules, "PaymentAmount", u.PaymentAmount, amount) },
		func() error { return checkTextField(rules, "PaymentMethod", u.PaymentMethod, checkText) },
		func() error { return checkTextField(rules, "InvoiceID", u.InvoiceID, checkText) },
		func() error { return checkExtra("PaymentUpdate.Extra", u.Extra, paymentFields()) },
	)
}

func (u PaymentUpdate) body(f form) body {
	var b body
	addField(&b, "ourReference", u.OurReference, asIs)
	addField(&b, "customerReference", u.CustomerReference, asIs)
	addField(&b, "paymentDate", u.PaymentDate, asIs)
	addField(&b, "paymentAmount", u.PaymentAmount, f.amount)
	addField(&b, "paymentMethod", u.PaymentMethod, asIs)
	addField(&b, "invoiceID", u.InvoiceID, asIs)
	b.extra(u.Extra)
	return b
}

// shownBy reports whether p shows all that the update asked for.
func (u PaymentUpdate) shownBy(p *Payment) bool {
	return len(u.Extra) == 0 &&
		shows(u.OurReference, p.OurReference) &&
		shows(u.CustomerReference, p.CustomerReference) &&
		shows(u.PaymentDate, p.PaymentDate) &&
		showsBy(u.PaymentAmount, p.PaymentAmount, payment.Amount.Equal) &&
		shows(u.PaymentMethod, p.PaymentMethod) &&
		shows(u.InvoiceID, p.InvoiceID)
}
