package brightpearl

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/tenderkit/tenderkit/internal/label"
)

// JournalRef is free text that may name a person. What holds one prints without
// it, in JSON too; Body returns what is sent.

// String returns type, reference, amount and order.
func (p CustomerPayment) String() string {
	return fmt.Sprintf("%s %q of %v %s on order %d", p.PaymentType, p.TransactionRef, p.amount(), p.CurrencyISOCode, p.OrderID)
}

// String returns type, reference, amount and order.
func (p SupplierPayment) String() string {
	return fmt.Sprintf("supplier %s %q of %v %s on order %d", p.PaymentType, p.TransactionRef, p.AmountPaid, p.CurrencyISOCode, p.OrderID)
}

// String returns the method.
func (o RecorderOptions) String() string { return fmt.Sprintf("method %q", o.PaymentMethodCode) }

// Format prints what String returns, for every verb.
func (p CustomerPayment) Format(s fmt.State, verb rune) { label.Print(s, verb, p.String()) }

// Format prints what String returns, for every verb.
func (p SupplierPayment) Format(s fmt.State, verb rune) { label.Print(s, verb, p.String()) }

// Format prints what String returns, for every verb.
func (o RecorderOptions) Format(s fmt.State, verb rune) { label.Print(s, verb, o.String()) }

// LogValue returns what String returns.
func (p CustomerPayment) LogValue() slog.Value { return slog.StringValue(p.String()) }

// LogValue returns what String returns.
func (p SupplierPayment) LogValue() slog.Value { return slog.StringValue(p.String()) }

// LogValue returns what String returns.
func (o RecorderOptions) LogValue() slog.Value { return slog.StringValue(o.String()) }

// MarshalJSON writes what String returns, for logs. [CustomerPayment.Body]
// returns the vendor's form.
func (p CustomerPayment) MarshalJSON() ([]byte, error) { return json.Marshal(p.String()) }

// MarshalJSON writes what String returns, for logs. [SupplierPayment.Body]
// returns the vendor's form.
func (p SupplierPayment) MarshalJSON() ([]byte, error) { return json.Marshal(p.String()) }

// MarshalJSON writes what String returns, for logs.
func (o RecorderOptions) MarshalJSON() ([]byte, error) { return json.Marshal(o.String()) }

// String returns id, type, reference, amount and order.
func (f FoundPayment) String() string {
	return fmt.Sprintf("payment %d: %s %q of %v %s on order %d", f.PaymentID, f.PaymentType, f.TransactionRef, f.amount(), f.CurrencyCode, f.OrderID)
}

// String returns id, name and code.
func (m PaymentMethod) String() string {
	return fmt.Sprintf("payment method %d %q (%s)", m.ID, m.Name, m.Code)
}

// String returns the order and what was paid on it.
func (t SalePaymentTotal) String() string {
	return fmt.Sprintf("order %d: paid %v %s", t.OrderID, t.AmountPaid, t.PaymentCurrency)
}

// Format prints what String returns, for every verb.
func (f FoundPayment) Format(s fmt.State, verb rune) { label.Print(s, verb, f.String()) }

// Format prints what String returns, for every verb.
func (m PaymentMethod) Format(s fmt.State, verb rune) { label.Print(s, verb, m.String()) }

// Format prints what String returns, for every verb.
func (t SalePaymentTotal) Format(s fmt.State, verb rune) { label.Print(s, verb, t.String()) }

// String returns account and datacenter. A token shows in no verb of package
// fmt, in whatever holds the Config.
func (c Config) String() string {
	return fmt.Sprintf("brightpearl.Config of %q at %q", c.Account, c.Datacenter)
}

// String returns the app. See [Config.String].
func (o OAuthConfig) String() string { return fmt.Sprintf("brightpearl.OAuthConfig of %q", o.AppRef) }

// String returns the token's host and its end. See [Config.String].
func (t Token) String() string {
	return fmt.Sprintf("brightpearl.Token for %q until %v", t.APIDomain, t.Expiry)
}

// Format prints what String returns, for every verb.
func (c Config) Format(s fmt.State, verb rune) { label.Print(s, verb, c.String()) }

// LogValue returns what String returns.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON writes what String returns, for logs.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }

// Format prints what String returns, for every verb.
func (o OAuthConfig) Format(s fmt.State, verb rune) { label.Print(s, verb, o.String()) }

// LogValue returns what String returns.
func (o OAuthConfig) LogValue() slog.Value { return slog.StringValue(o.String()) }

// MarshalJSON writes what String returns, for logs.
func (o OAuthConfig) MarshalJSON() ([]byte, error) { return json.Marshal(o.String()) }

// Format prints what String returns, for every verb.
func (t Token) Format(s fmt.State, verb rune) { label.Print(s, verb, t.String()) }

// LogValue returns what String returns.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalJSON writes what String returns, for logs.
func (t Token) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// LogValue returns what String returns.
func (f FoundPayment) LogValue() slog.Value { return slog.StringValue(f.String()) }

// MarshalJSON writes what String returns, for logs. Raw is the form to store.
func (f FoundPayment) MarshalJSON() ([]byte, error) { return json.Marshal(f.String()) }

// LogValue returns what String returns.
func (t SalePaymentTotal) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalJSON writes what String returns, for logs. Raw is the form to store.
func (t SalePaymentTotal) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// String returns the code, the order and the number of payments.
func (a Authorization) String() string {
	return fmt.Sprintf("authorization %q on order %d: %d payments", a.TransactionCode, a.OrderID, len(a.Payments))
}

// Format prints what String returns, for every verb.
func (a Authorization) Format(s fmt.State, verb rune) { label.Print(s, verb, a.String()) }

// LogValue returns what String returns.
func (a Authorization) LogValue() slog.Value { return slog.StringValue(a.String()) }

// MarshalJSON writes what String returns, for logs.
func (a Authorization) MarshalJSON() ([]byte, error) { return json.Marshal(a.String()) }

// String returns the name of the type: what is searched for may be personal.
func (f CustomerPaymentFilter) String() string { return "brightpearl.CustomerPaymentFilter" }

// Format prints what String returns, for every verb.
func (f CustomerPaymentFilter) Format(s fmt.State, verb rune) { label.Print(s, verb, f.String()) }

// LogValue returns what String returns.
func (f CustomerPaymentFilter) LogValue() slog.Value { return slog.StringValue(f.String()) }

// MarshalJSON writes what String returns, for logs.
func (f CustomerPaymentFilter) MarshalJSON() ([]byte, error) { return json.Marshal(f.String()) }

// String returns the name of the type: what is searched for may be personal.
func (f SupplierPaymentFilter) String() string { return "brightpearl.SupplierPaymentFilter" }

// Format prints what String returns, for every verb.
func (f SupplierPaymentFilter) Format(s fmt.State, verb rune) { label.Print(s, verb, f.String()) }

// LogValue returns what String returns.
func (f SupplierPaymentFilter) LogValue() slog.Value { return slog.StringValue(f.String()) }

// MarshalJSON writes what String returns, for logs.
func (f SupplierPaymentFilter) MarshalJSON() ([]byte, error) { return json.Marshal(f.String()) }

// String returns the name of the type: Raw may be personal.
func (p Paging) String() string { return "brightpearl.Paging" }

// Format prints what String returns, for every verb.
func (p Paging) Format(s fmt.State, verb rune) { label.Print(s, verb, p.String()) }

// LogValue returns what String returns.
func (p Paging) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalJSON writes what String returns, for logs.
func (p Paging) MarshalJSON() ([]byte, error) { return json.Marshal(p.String()) }
