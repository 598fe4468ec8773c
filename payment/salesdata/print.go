package salesdata

import (
	"fmt"
	"log/slog"

	"github.com/tenderkit/tenderkit/internal/label"
)

// String returns what a log may hold: shape, GUID, payment type and tender.
func (p Payment) String() string {
	return fmt.Sprintf("%s payment %s, type %d, tender %s", p.Shape, p.PaymentGUID, p.PaymentTypeID, p.Tender())
}

// Format prints [Payment.String] for every verb, so that none prints the
// sensitive fields.
func (p Payment) Format(f fmt.State, verb rune) { label.Print(f, verb, p.String()) }

// LogValue returns [Payment.String] for slog.
func (p Payment) LogValue() slog.Value { return slog.StringValue(p.String()) }

// String returns shape, article, quantity and gross amount.
func (l Line) String() string {
	return fmt.Sprintf("%s line, article %d, quantity %s, gross %s", l.Shape, l.ArticleID, l.Quantity, l.GrossAmount)
}

// Format prints [Line.String] for every verb.
func (l Line) Format(f fmt.State, verb rune) { label.Print(f, verb, l.String()) }

// LogValue returns [Line.String] for slog.
func (l Line) LogValue() slog.Value { return slog.StringValue(l.String()) }

// String returns shape, id, type and the numbers of payments, lines and faults.
func (o Order) String() string {
	return fmt.Sprintf("%s order %s, type %q, payments: %d, lines: %d, faults: %d",
		o.Shape, o.ID, string(o.Type), len(o.Payments), len(o.Lines), len(o.Faults))
}

// Format prints [Order.String] for every verb.
func (o Order) Format(f fmt.State, verb rune) { label.Print(f, verb, o.String()) }

// LogValue returns [Order.String] for slog.
func (o Order) LogValue() slog.Value { return slog.StringValue(o.String()) }
