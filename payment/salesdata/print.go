package salesdata

import (
	"fmt"
	"log/slog"
	"strconv"

	"github.com/tenderkit/tenderkit/internal/label"
)

// String tells what a log may hold: shape, GUID, payment type and tender.
func (p Payment) String() string {
	return fmt.Sprintf("%s payment %s, type %d, tender %s", p.Shape, p.PaymentGUID, p.PaymentTypeID, p.Tender())
}

// Format prints [Payment.String] for every verb, so that none prints the
// sensitive fields.
func (p Payment) Format(f fmt.State, verb rune) { label.Print(f, verb, p.String()) }

// LogValue gives [Payment.String] to slog.
func (p Payment) LogValue() slog.Value { return slog.StringValue(p.String()) }

// String tells shape, article, quantity and gross amount.
func (l Line) String() string {
	return fmt.Sprintf("%s line, article %d, quantity %s, gross %s", l.Shape, l.ArticleID, l.Quantity, l.GrossAmount)
}

// Format prints [Line.String] for every verb.
func (l Line) Format(f fmt.State, verb rune) { label.Print(f, verb, l.String()) }

// LogValue gives [Line.String] to slog.
func (l Line) LogValue() slog.Value { return slog.StringValue(l.String()) }

// String tells shape, id, type and how many payments, lines and faults there
// are.
func (o Order) String() string {
	return fmt.Sprintf("%s order %s, type %q, %d payments, %d lines, %d faults",
		o.Shape, o.ID, string(o.Type), len(o.Payments), len(o.Lines), len(o.Faults))
}

// Format prints [Order.String] for every verb.
func (o Order) Format(f fmt.State, verb rune) { label.Print(f, verb, o.String()) }

// LogValue gives [Order.String] to slog.
func (o Order) LogValue() slog.Value { return slog.StringValue(o.String()) }

// Extra holds the keys of a record that its shape does not document, in the
// order in which they are written back. It prints their number only: what they
// hold is unknown and may be personal.
type Extra []Member

// Member is one key with the JSON text of its value.
type Member struct{ Name, Raw string }

// Format prints the number of keys for every verb.
func (e Extra) Format(f fmt.State, verb rune) {
	label.Print(f, verb, strconv.Itoa(len(e))+" other keys")
}

// Format prints nothing of the value for any verb.
func (m Member) Format(f fmt.State, verb rune) { label.Print(f, verb, "[another key]") }

// Get returns the JSON text of a key.
func (e Extra) Get(name string) (raw string, ok bool) {
	for _, m := range e {
		if m.Name == name {
			return m.Raw, true
		}
	}
	return "", false
}
