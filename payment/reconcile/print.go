package reconcile

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"

	"github.com/tenderkit/tenderkit/internal/label"
)

// Target can be a customer, so records and findings print without it, in JSON
// too: a log may write them so. A report reads the fields.

// String returns reference, kind and amount.
func (r Record) String() string { return fmt.Sprintf("%q: %s of %v", r.Reference, r.Kind, r.Amount) }

// Format prints what [Record.String] returns, for every verb.
func (r Record) Format(s fmt.State, verb rune) { label.Print(s, verb, r.String()) }

// LogValue returns what [Record.String] returns.
func (r Record) LogValue() slog.Value { return slog.StringValue(r.String()) }

// MarshalJSON writes what [Record.String] returns, for logs.
func (r Record) MarshalJSON() ([]byte, error) { return json.Marshal(r.String()) }

// String returns the field, and both values unless it is the Target.
func (d Difference) String() string {
	if d.Field == Target {
		return string(d.Field)
	}
	return fmt.Sprintf("%s %q, %q", d.Field, d.Left, d.Right)
}

// Format prints what [Difference.String] returns, for every verb.
func (d Difference) Format(s fmt.State, verb rune) { label.Print(s, verb, d.String()) }

// LogValue returns what [Difference.String] returns.
func (d Difference) LogValue() slog.Value { return slog.StringValue(d.String()) }

// MarshalJSON writes what [Difference.String] returns, for logs.
func (d Difference) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// String returns verdict, reference, the sums of both sides, and what differs.
func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q: left %s, right %s", f.Verdict, f.Reference(), amounts(f.Left), amounts(f.Right))
	for _, d := range f.Differences {
		fmt.Fprintf(&b, "; %v", d)
	}
	return b.String()
}

func amounts(list []Record) string {
	if len(list) == 0 {
		return "none"
	}
	texts := make([]string, len(list))
	for i, r := range list {
		texts[i] = string(r.Kind) + " of " + r.Amount.String()
	}
	return strings.Join(texts, " and ")
}

// Format prints what [Finding.String] returns, for every verb.
func (f Finding) Format(s fmt.State, verb rune) { label.Print(s, verb, f.String()) }

// LogValue returns what [Finding.String] returns.
func (f Finding) LogValue() slog.Value { return slog.StringValue(f.String()) }

// MarshalJSON writes what [Finding.String] returns, for logs.
func (f Finding) MarshalJSON() ([]byte, error) { return json.Marshal(f.String()) }
