package rubi

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/tenderkit/tenderkit/internal/label"
)

// Contacts, addresses and mails are personal and never printed or logged, also
// not as JSON; a program that needs them reads the fields. A Checkout has a
// binary form, to be stored.

func (p UserPayment) label() string {
	return fmt.Sprintf("rubi.UserPayment{%s of %d items}", p.PaymentType, len(p.PaymentItems))
}

func (r CheckoutRequest) label() string {
	return fmt.Sprintf("rubi.CheckoutRequest{%s: %s}", r.Item, r.Payment.label())
}

func (o RecorderOptions) label() string {
	return fmt.Sprintf("rubi.RecorderOptions{%s: %s}", o.Item, o.Payment.label())
}

func (s Submission) label() string {
	return fmt.Sprintf("rubi.Submission{%d records, transaction %q}", len(s.Items), s.TransactionID())
}

func (i PaymentItem) label() string {
	return fmt.Sprintf("rubi.PaymentItem{%s %q over %v}", i.TransactionType, i.TransactionID, i.ItemTotal)
}

func (l EmailList) label() string { return fmt.Sprintf("rubi.EmailList{%d}", len(l.Values)) }

func (i BasketItem) label() string {
	return fmt.Sprintf("rubi.BasketItem{%s over %v}", i.Item, i.ItemTotal)
}

func (e EventAttendee) label() string { return fmt.Sprintf("rubi.EventAttendee{%s}", e.BookingStatus) }

func (r StripeResult) label() string { return "rubi.StripeResult{}" }

func (b Booking) label() string { return fmt.Sprintf("rubi.Booking{%d places}", b.BookingPlaces) }

func (p BookingPlace) label() string {
	return fmt.Sprintf("rubi.BookingPlace{%q: %s}", p.BookingGUID, p.BookingStatus)
}

func (b BookedPlaces) label() string { return fmt.Sprintf("rubi.BookedPlaces{%d}", len(b.Places)) }

func (s Subscription) label() string { return fmt.Sprintf("rubi.Subscription{%s}", s.Action) }

func (u BookingUpdate) label() string { return fmt.Sprintf("rubi.BookingUpdate{%s}", u.UpdateType) }

func (co Checkout) label() string {
	return fmt.Sprintf("rubi.Checkout{%s over %v, transaction %q}", co.PaymentType, co.Total, co.TransactionID)
}

// Format prints type and number of items, for every verb.
func (p UserPayment) Format(s fmt.State, verb rune) { label.Print(s, verb, p.label()) }

// LogValue returns what Format prints.
func (p UserPayment) LogValue() slog.Value { return slog.StringValue(p.label()) }

// MarshalJSON writes what Format prints, for logs.
func (p UserPayment) MarshalJSON() ([]byte, error) { return json.Marshal(p.label()) }

// Format prints kind, type and number of items, for every verb.
func (r CheckoutRequest) Format(s fmt.State, verb rune) { label.Print(s, verb, r.label()) }

// LogValue returns what Format prints.
func (r CheckoutRequest) LogValue() slog.Value { return slog.StringValue(r.label()) }

// MarshalJSON writes what Format prints, for logs.
func (r CheckoutRequest) MarshalJSON() ([]byte, error) { return json.Marshal(r.label()) }

// Format prints kind, type and number of items, for every verb.
func (o RecorderOptions) Format(s fmt.State, verb rune) { label.Print(s, verb, o.label()) }

// LogValue returns what Format prints.
func (o RecorderOptions) LogValue() slog.Value { return slog.StringValue(o.label()) }

// MarshalJSON writes what Format prints, for logs.
func (o RecorderOptions) MarshalJSON() ([]byte, error) { return json.Marshal(o.label()) }

// Format prints the number of records and the transaction, for every verb.
func (s Submission) Format(f fmt.State, verb rune) { label.Print(f, verb, s.label()) }

// LogValue returns what Format prints.
func (s Submission) LogValue() slog.Value { return slog.StringValue(s.label()) }

// MarshalJSON writes what Format prints, for logs.
func (s Submission) MarshalJSON() ([]byte, error) { return json.Marshal(s.label()) }

// Format prints type, transaction and total, for every verb.
func (i PaymentItem) Format(s fmt.State, verb rune) { label.Print(s, verb, i.label()) }

// LogValue returns what Format prints.
func (i PaymentItem) LogValue() slog.Value { return slog.StringValue(i.label()) }

// MarshalJSON writes what Format prints, for logs.
func (i PaymentItem) MarshalJSON() ([]byte, error) { return json.Marshal(i.label()) }

// Format prints the number of texts, for every verb.
func (l EmailList) Format(s fmt.State, verb rune) { label.Print(s, verb, l.label()) }

// LogValue returns what Format prints.
func (l EmailList) LogValue() slog.Value { return slog.StringValue(l.label()) }

// MarshalJSON writes what Format prints, for logs.
func (l EmailList) MarshalJSON() ([]byte, error) { return json.Marshal(l.label()) }

// Format prints kind and total, for every verb.
func (i BasketItem) Format(s fmt.State, verb rune) { label.Print(s, verb, i.label()) }

// LogValue returns what Format prints.
func (i BasketItem) LogValue() slog.Value { return slog.StringValue(i.label()) }

// MarshalJSON writes what Format prints, for logs.
func (i BasketItem) MarshalJSON() ([]byte, error) { return json.Marshal(i.label()) }

// Format prints the status, for every verb.
func (e EventAttendee) Format(s fmt.State, verb rune) { label.Print(s, verb, e.label()) }

// LogValue returns what Format prints.
func (e EventAttendee) LogValue() slog.Value { return slog.StringValue(e.label()) }

// MarshalJSON writes what Format prints, for logs.
func (e EventAttendee) MarshalJSON() ([]byte, error) { return json.Marshal(e.label()) }

// Format prints the name of the type, for every verb.
func (r StripeResult) Format(s fmt.State, verb rune) { label.Print(s, verb, r.label()) }

// LogValue returns what Format prints.
func (r StripeResult) LogValue() slog.Value { return slog.StringValue(r.label()) }

// MarshalJSON writes what Format prints, for logs.
func (r StripeResult) MarshalJSON() ([]byte, error) { return json.Marshal(r.label()) }

// Format prints the number of places, for every verb.
func (b Booking) Format(s fmt.State, verb rune) { label.Print(s, verb, b.label()) }

// LogValue returns what Format prints.
func (b Booking) LogValue() slog.Value { return slog.StringValue(b.label()) }

// MarshalJSON writes what Format prints, for logs.
func (b Booking) MarshalJSON() ([]byte, error) { return json.Marshal(b.label()) }

// Format prints the action, for every verb.
func (s Subscription) Format(f fmt.State, verb rune) { label.Print(f, verb, s.label()) }

// LogValue returns what Format prints.
func (s Subscription) LogValue() slog.Value { return slog.StringValue(s.label()) }

// MarshalJSON writes what Format prints, for logs.
func (s Subscription) MarshalJSON() ([]byte, error) { return json.Marshal(s.label()) }

// Format prints the type of the update, for every verb.
func (u BookingUpdate) Format(s fmt.State, verb rune) { label.Print(s, verb, u.label()) }

// LogValue returns what Format prints.
func (u BookingUpdate) LogValue() slog.Value { return slog.StringValue(u.label()) }

// MarshalJSON writes what Format prints, for logs.
func (u BookingUpdate) MarshalJSON() ([]byte, error) { return json.Marshal(u.label()) }

// Format prints type, total and transaction, for every verb.
func (co Checkout) Format(s fmt.State, verb rune) { label.Print(s, verb, co.label()) }

// LogValue returns what Format prints.
func (co Checkout) LogValue() slog.Value { return slog.StringValue(co.label()) }

var errNotForJSON = errors.New("rubi: a Checkout holds personal data: store what its MarshalBinary returns")

// MarshalJSON always fails, so that no log in JSON holds personal data, and
// nobody stores a Checkout without it. See [Checkout.MarshalBinary].
func (co Checkout) MarshalJSON() ([]byte, error) { return nil, errNotForJSON }

// Format prints id and status, for every verb.
func (p BookingPlace) Format(s fmt.State, verb rune) { label.Print(s, verb, p.label()) }

// LogValue returns what Format prints.
func (p BookingPlace) LogValue() slog.Value { return slog.StringValue(p.label()) }

// MarshalJSON writes what Format prints, for logs.
func (p BookingPlace) MarshalJSON() ([]byte, error) { return json.Marshal(p.label()) }

// Format prints the number of places, for every verb.
func (b BookedPlaces) Format(s fmt.State, verb rune) { label.Print(s, verb, b.label()) }

// LogValue returns what Format prints.
func (b BookedPlaces) LogValue() slog.Value { return slog.StringValue(b.label()) }

// MarshalJSON writes what Format prints, for logs.
func (b BookedPlaces) MarshalJSON() ([]byte, error) { return json.Marshal(b.label()) }

// Format prints the value, for every verb.
func (v ListValue) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("rubi.ListValue{%q}", v.ListValue))
}

// String returns the tenant. A key shows in no verb of package fmt.
func (c Config) String() string { return fmt.Sprintf("rubi.Config{%q}", c.Tenant) }

// Format prints what String returns, for every verb.
func (c Config) Format(s fmt.State, verb rune) { label.Print(s, verb, c.String()) }

// LogValue returns what String returns.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON writes what String returns, for logs.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }
