package rubi

import (
	"fmt"
	"log/slog"

	"github.com/tenderkit/tenderkit/internal/label"
)

// Contacts, addresses and mails are personal and never printed or logged; a
// program that needs them reads the fields. Encoding to JSON is for storing and
// keeps them.

func (p UserPayment) label() string {
	return fmt.Sprintf("UserPayment{%s of %d items}", p.PaymentType, len(p.PaymentItems))
}

func (r CheckoutRequest) label() string {
	return fmt.Sprintf("CheckoutRequest{%s: %s}", r.Item, r.Payment.label())
}

func (o RecorderOptions) label() string {
	return fmt.Sprintf("RecorderOptions{%s: %s}", o.Item, o.Payment.label())
}

func (i PaymentItem) label() string {
	return fmt.Sprintf("PaymentItem{%s %q over %v}", i.TransactionType, i.TransactionID, i.ItemTotal)
}

func (s Submission) label() string {
	return fmt.Sprintf("Submission{%d records, transaction %q}", len(s.Items), s.TransactionID())
}

func (e EventAttendee) label() string { return fmt.Sprintf("EventAttendee{%s}", e.BookingStatus) }

func (i BasketItem) label() string { return fmt.Sprintf("BasketItem{%s over %v}", i.Item, i.ItemTotal) }

func (r StripeResult) label() string { return "StripeResult{}" }

func (b Booking) label() string { return fmt.Sprintf("Booking{%d places}", b.BookingPlaces) }

func (s Subscription) label() string { return fmt.Sprintf("Subscription{%s}", s.Action) }

func (u BookingUpdate) label() string { return fmt.Sprintf("BookingUpdate{%s}", u.UpdateType) }

func (co Checkout) label() string {
	return fmt.Sprintf("Checkout{%s over %v, transaction %q}", co.PaymentType, co.Total, co.TransactionID)
}

// Format prints type and number of items, for every verb.
func (p UserPayment) Format(s fmt.State, verb rune) { label.Print(s, verb, "rubi."+p.label()) }

// Format prints kind, type and number of items, for every verb.
func (r CheckoutRequest) Format(s fmt.State, verb rune) { label.Print(s, verb, "rubi."+r.label()) }

// Format prints kind, type and number of items, for every verb.
func (o RecorderOptions) Format(s fmt.State, verb rune) { label.Print(s, verb, "rubi."+o.label()) }

// Format prints type, transaction and total, for every verb.
func (i PaymentItem) Format(s fmt.State, verb rune) { label.Print(s, verb, "rubi."+i.label()) }

// Format prints the number of records and the transaction, for every verb.
func (s Submission) Format(f fmt.State, verb rune) { label.Print(f, verb, "rubi."+s.label()) }

// Format prints the status, for every verb.
func (e EventAttendee) Format(s fmt.State, verb rune) { label.Print(s, verb, "rubi."+e.label()) }

// Format prints kind and total, for every verb.
func (i BasketItem) Format(s fmt.State, verb rune) { label.Print(s, verb, "rubi."+i.label()) }

// Format prints the name of the type, for every verb.
func (r StripeResult) Format(s fmt.State, verb rune) { label.Print(s, verb, "rubi."+r.label()) }

// Format prints the number of places, for every verb.
func (b Booking) Format(s fmt.State, verb rune) { label.Print(s, verb, "rubi."+b.label()) }

// Format prints the action, for every verb.
func (s Subscription) Format(f fmt.State, verb rune) { label.Print(f, verb, "rubi."+s.label()) }

// Format prints the type of the update, for every verb.
func (u BookingUpdate) Format(s fmt.State, verb rune) { label.Print(s, verb, "rubi."+u.label()) }

// Format prints type, total and transaction, for every verb.
func (co Checkout) Format(s fmt.State, verb rune) { label.Print(s, verb, "rubi."+co.label()) }

// LogValue returns what Format prints.
func (p UserPayment) LogValue() slog.Value { return slog.StringValue(p.label()) }

// LogValue returns what Format prints.
func (r CheckoutRequest) LogValue() slog.Value { return slog.StringValue(r.label()) }

// LogValue returns what Format prints.
func (o RecorderOptions) LogValue() slog.Value { return slog.StringValue(o.label()) }

// LogValue returns what Format prints.
func (i PaymentItem) LogValue() slog.Value { return slog.StringValue(i.label()) }

// LogValue returns what Format prints.
func (s Submission) LogValue() slog.Value { return slog.StringValue(s.label()) }

// LogValue returns what Format prints.
func (e EventAttendee) LogValue() slog.Value { return slog.StringValue(e.label()) }

// LogValue returns what Format prints.
func (i BasketItem) LogValue() slog.Value { return slog.StringValue(i.label()) }

// LogValue returns what Format prints.
func (r StripeResult) LogValue() slog.Value { return slog.StringValue(r.label()) }

// LogValue returns what Format prints.
func (b Booking) LogValue() slog.Value { return slog.StringValue(b.label()) }

// LogValue returns what Format prints.
func (s Subscription) LogValue() slog.Value { return slog.StringValue(s.label()) }

// LogValue returns what Format prints.
func (u BookingUpdate) LogValue() slog.Value { return slog.StringValue(u.label()) }

// LogValue returns what Format prints.
func (co Checkout) LogValue() slog.Value { return slog.StringValue(co.label()) }
