package payment

import (
	"fmt"
	"time"
	"unicode/utf8"
)

// Kind says which way money moves, in the field's own words.
type Kind string

// The kinds of payment. A vendor that cannot express one refuses it.
const (
	Sale          Kind = "sale"          // money in
	Refund        Kind = "refund"        // money back to the customer
	Authorization Kind = "authorization" // money reserved, not moved
	Capture       Kind = "capture"       // reserved money taken
	Void          Kind = "void"          // a reservation given up
)

// Known reports whether k is one of the five kinds.
func (k Kind) Known() bool {
	switch k {
	case Sale, Refund, Authorization, Capture, Void:
		return true
	}
	return false
}

// Payment is money taken somewhere else that a vendor has to record. Target,
// Link and Attributes may be personal data, so a Payment is never printed or
// written to JSON with them: see [Stored] for queues and databases.
type Payment struct {
	Reference  string      // the caller's own unique, deterministic key, see NewReference
	Kind       Kind        // the direction; the zero value is refused
	Amount     Money       // positive: the direction is Kind's
	Date       time.Time   // when the money was taken
	Expires    time.Time   `json:",omitzero"` // when an Authorization ends; only for those
	Method     string      // the vendor's name for how it was paid: a code, a type id, a type name
	Target     string      // what it pays: basket, order, invoice or customer id at the vendor
	Link       string      // ties a Capture or Void to its Authorization
	Reverses   string      // Reference of the payment that this one cancels
	Attributes []Attribute // ordered details: receipt number, card type, PSP reference; each Recorder says which it has a place for
}

// Attribute is one named detail of a payment.
type Attribute struct{ Name, Value string }

// Attribute returns the value of the first attribute of that name, or "".
func (p Payment) Attribute(name string) string {
	for _, a := range p.Attributes {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// Validate refuses what no vendor could record: a missing reference, kind,
// date or amount, an amount that is not positive, and Expires on anything but
// an Authorization. It also refuses what cannot be stored and read back: text that
// is not UTF-8, a year outside 0001 to 9999, and a zone that is not whole minutes,
// less than a day, from UTC. Everything a vendor asks beyond that, its Recorder
// checks.
func (p Payment) Validate() error {
	switch {
	case p.Reference == "":
		return &FieldError{Field: "Payment.Reference", Reason: "is empty"}
	case !p.Kind.Known():
		return &FieldError{Field: "Payment.Kind", Reason: "is not sale, refund, authorization, capture or void"}
	case !p.Amount.Amount().IsSet():
		return &FieldError{Field: "Payment.Amount", Reason: "is not set"}
	case p.Amount.Sign() <= 0:
		return &FieldError{Field: "Payment.Amount", Reason: "is not positive; the direction is Kind's"}
	case p.Date.IsZero():
		return &FieldError{Field: "Payment.Date", Reason: "is not set"}
	case !storable(p.Date):
		return &FieldError{Field: "Payment.Date", Reason: "cannot be stored: its year or its zone has no form in RFC 3339"}
	case !p.Expires.IsZero() && p.Kind != Authorization:
		return &FieldError{Field: "Payment.Expires", Reason: "is only for an authorization"}
	case !storable(p.Expires):
		return &FieldError{Field: "Payment.Expires", Reason: "cannot be stored: its year or its zone has no form in RFC 3339"}
	case p.Reverses != "" && p.Reverses == p.Reference:
		return &FieldError{Field: "Payment.Reverses", Reason: "is the payment's own reference"}
	}
	return p.checkTexts()
}

// storable reports whether t is the same instant after it was written to JSON and
// read back.
func storable(t time.Time) bool {
	_, offset := t.Zone()
	return t.Year() >= 1 && t.Year() <= 9999 && offset%60 == 0 && -24*3600 < offset && offset < 24*3600
}

// checkTexts refuses text that is not UTF-8: JSON would not keep it.
func (p Payment) checkTexts() error {
	texts := []struct{ field, value string }{
		{"Reference", p.Reference}, {"Method", p.Method}, {"Target", p.Target}, {"Link", p.Link}, {"Reverses", p.Reverses},
	}
	for i, a := range p.Attributes {
		name := fmt.Sprintf("Attributes[%d]", i)
		texts = append(texts, struct{ field, value string }{name, a.Name}, struct{ field, value string }{name, a.Value})
	}
	for _, text := range texts {
		if !utf8.ValidString(text.value) {
			return &FieldError{Field: "Payment." + text.field, Reason: "is not UTF-8"}
		}
	}
	return nil
}
