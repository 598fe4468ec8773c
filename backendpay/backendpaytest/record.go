package backendpaytest

import (
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// object writes a JSON object field by field, in the order of the calls.
type object struct {
	set *settings
	out []byte
}

func (o *object) begin() { o.out = append(o.out, '{') }

func (o *object) end() []byte {
	if n := len(o.out); o.out[n-1] == ',' {
		o.out = o.out[:n-1]
	}
	return append(o.out, '}')
}

func (o *object) raw(name string, value []byte) {
	o.out = append(o.out, '"')
	o.out = append(o.out, name...)
	o.out = append(o.out, '"', ':')
	o.out = append(o.out, value...)
	o.out = append(o.out, ',')
}

// text writes a text, or what stands for one that is not set.
func (o *object) text(name, value string) {
	switch {
	case value != "":
		o.raw(name, encode(value))
	case o.set.absent == AbsentNull:
		o.raw(name, []byte(`null`))
	case o.set.absent == AbsentEmpty:
		o.raw(name, []byte(`""`))
	}
}

func (o *object) date(name string, d payment.Date) {
	value := d.String()
	if value != "" {
		value += [...]string{DateOnly: "", DateZoned: "T00:00:00Z", DateLocal: "T00:00:00"}[o.set.dateForm]
	}
	o.text(name, value)
}

// amount writes an amount with two decimals at least.
func (o *object) amount(name string, a payment.Amount) {
	if !a.IsSet() {
		o.text(name, "")
		return
	}
	digits := a.String()
	if scale := a.Scale(); scale < 2 {
		digits = strings.TrimSuffix(digits, ".") + [...]string{".00", "0"}[scale]
	}
	if o.set.amountOut == AmountNumber {
		o.raw(name, []byte(digits))
		return
	}
	o.raw(name, encode(digits))
}

// appendPayment writes a payment as answers show it: the documented fields in
// an order of our own, and neither customer nor currency.
func (set *settings) appendPayment(dst []byte, p *Payment) []byte {
	o := object{set: set, out: dst}
	o.begin()
	o.text("id", p.ID)
	o.text("ourReference", p.OurReference)
	o.text("customerReference", p.CustomerReference)
	o.date("paymentDate", p.PaymentDate)
	o.date("paymentReversedDate", p.PaymentReversedDate)
	o.raw("status", set.status(p))
	o.amount("paymentAmount", p.PaymentAmount)
	o.text("paymentMethod", p.PaymentMethod)
	o.text("invoiceID", p.InvoiceID)
	o.text("invoiceIDReversed", p.InvoiceIDReversed)
	if set.unknownName != "" {
		o.raw(set.unknownName, set.unknownValue)
	}
	return o.end()
}

// status gives the names active now. The vendor's own words are unknown.
func (set *settings) status(p *Payment) []byte {
	words := []string{"Valid"}
	if p.Reversed() {
		words[0] = "Reversed"
	}
	if !p.CollectedAt.IsZero() {
		words = append(words, "Collected")
	}
	if !p.CancelledAt.IsZero() {
		words = append(words, "Collection Cancelled")
	}
	if set.loneStatus && len(words) == 1 {
		return encode(words[0])
	}
	return encode(words)
}
