package backendpay

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/tenderkit/tenderkit/internal/label"
)

// A customer's reference and record, and what the fields here do not name, can
// hold personal data. What holds one prints without it, in JSON too: a log may
// write it so. To store a payment, store its Raw, which [Payment.UnmarshalJSON]
// reads.

func (p Payment) label() string {
	return fmt.Sprintf("Payment{%q: %q of %v over %v}", p.ID, p.OurReference, p.PaymentDate, p.PaymentAmount)
}

func (n NewPayment) label() string {
	return fmt.Sprintf("NewPayment{%q of %v over %v}", n.OurReference, n.PaymentDate, n.PaymentAmount)
}

func (u PaymentUpdate) label() string {
	return fmt.Sprintf("PaymentUpdate{%d fields}", u.count())
}

func (c Customer) label() string { return fmt.Sprintf("Customer{%q}", c.ID) }

func (f CustomerFilter) label() string { return "CustomerFilter{}" }

func (f PaymentFilter) label() string {
	q, _ := f.query() // a wrong one prints too
	return fmt.Sprintf("PaymentFilter{%d parameters}", len(q))
}

func (f PaymentPartFilter) label() string { return "PaymentPartFilter{}" }

// Format prints id, OurReference, date and amount, for every verb.
func (p Payment) Format(s fmt.State, verb rune) {
	label.Print(s, verb, "backendpay."+p.label())
}

// LogValue returns what Format prints.
func (p Payment) LogValue() slog.Value { return slog.StringValue(p.label()) }

// MarshalJSON writes what Format prints, for logs.
func (p Payment) MarshalJSON() ([]byte, error) { return json.Marshal(p.label()) }

// Format prints OurReference, date and amount, for every verb.
func (n NewPayment) Format(s fmt.State, verb rune) {
	label.Print(s, verb, "backendpay."+n.label())
}

// LogValue returns what Format prints.
func (n NewPayment) LogValue() slog.Value { return slog.StringValue(n.label()) }

// MarshalJSON writes what Format prints, for logs.
func (n NewPayment) MarshalJSON() ([]byte, error) { return json.Marshal(n.label()) }

// Format prints how many fields are set, for every verb.
func (u PaymentUpdate) Format(s fmt.State, verb rune) {
	label.Print(s, verb, "backendpay."+u.label())
}

// LogValue returns what Format prints.
func (u PaymentUpdate) LogValue() slog.Value { return slog.StringValue(u.label()) }

// MarshalJSON writes what Format prints, for logs. [PaymentUpdate.Body] returns
// the vendor's form.
func (u PaymentUpdate) MarshalJSON() ([]byte, error) { return json.Marshal(u.label()) }

// Format prints the id, for every verb.
func (c Customer) Format(s fmt.State, verb rune) {
	label.Print(s, verb, "backendpay."+c.label())
}

// LogValue returns what Format prints.
func (c Customer) LogValue() slog.Value { return slog.StringValue(c.label()) }

// MarshalJSON writes what Format prints, for logs.
func (c Customer) MarshalJSON() ([]byte, error) { return json.Marshal(c.label()) }

// Format prints how many parameters are set, for every verb.
func (f PaymentFilter) Format(s fmt.State, verb rune) {
	label.Print(s, verb, "backendpay."+f.label())
}

// LogValue returns what Format prints.
func (f PaymentFilter) LogValue() slog.Value { return slog.StringValue(f.label()) }

// MarshalJSON writes what Format prints, for logs.
func (f PaymentFilter) MarshalJSON() ([]byte, error) { return json.Marshal(f.label()) }

// Format prints the name of the type, for every verb.
func (f PaymentPartFilter) Format(s fmt.State, verb rune) {
	label.Print(s, verb, "backendpay."+f.label())
}

// LogValue returns what Format prints.
func (f PaymentPartFilter) LogValue() slog.Value { return slog.StringValue(f.label()) }

// MarshalJSON writes what Format prints, for logs.
func (f PaymentPartFilter) MarshalJSON() ([]byte, error) { return json.Marshal(f.label()) }

// Format prints the name of the type, for every verb.
func (f CustomerFilter) Format(s fmt.State, verb rune) {
	label.Print(s, verb, "backendpay."+f.label())
}

// LogValue returns what Format prints.
func (f CustomerFilter) LogValue() slog.Value { return slog.StringValue(f.label()) }

// MarshalJSON writes what Format prints, for logs.
func (f CustomerFilter) MarshalJSON() ([]byte, error) { return json.Marshal(f.label()) }

// Format prints id and amount, for every verb.
func (p PaymentPart) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("backendpay.PaymentPart{%q: %v}", p.ID, p.PaymentPartAmount))
}

// Format prints id, name and availability, for every verb.
func (t PaymentType) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("backendpay.PaymentType{%q: %q, %s}", t.ID, t.PaymentTypeName, t.Availability))
}

// String returns the tenant. A key shows in no verb of package fmt.
func (c Config) String() string { return fmt.Sprintf("backendpay.Config{%q}", c.Tenant) }

// Format prints what String returns, for every verb.
func (c Config) Format(s fmt.State, verb rune) { label.Print(s, verb, c.String()) }

// LogValue returns what String returns.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON writes what String returns, for logs.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }
