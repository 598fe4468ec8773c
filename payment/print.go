package payment

import (
	"fmt"
	"log/slog"

	"github.com/tenderkit/tenderkit/internal/label"
)

// Attributes, targets and raw answers can hold personal data. None of them is
// printed or logged; a program that needs them reads the fields.

// String gives reference, kind and amount.
func (p Payment) String() string {
	return fmt.Sprintf("payment %q: %s of %v", p.Reference, p.Kind, p.Amount)
}

// Format prints what [Payment.String] gives, for every verb.
func (p Payment) Format(s fmt.State, verb rune) { label.Print(s, verb, p.String()) }

// LogValue gives slog what [Payment.String] gives.
func (p Payment) LogValue() slog.Value { return slog.StringValue(p.String()) }

// String gives vendor, id, reference and amount.
func (r Receipt) String() string {
	state := "recorded"
	if r.AlreadyRecorded {
		state = "already recorded"
	}
	return fmt.Sprintf("%s %s: %q over %v, %s", r.Vendor, r.ID, r.Reference, r.Amount, state)
}

// Format prints what [Receipt.String] gives, for every verb.
func (r Receipt) Format(s fmt.State, verb rune) { label.Print(s, verb, r.String()) }

// LogValue gives slog what [Receipt.String] gives.
func (r Receipt) LogValue() slog.Value { return slog.StringValue(r.String()) }
