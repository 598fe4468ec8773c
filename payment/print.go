package payment

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/label"
)

// String returns reference, kind and amount. Attributes, target and link may be
// personal data: they are never printed or logged.
func (p Payment) String() string {
	return fmt.Sprintf("payment %q: %s of %v", p.Reference, p.Kind, p.Amount)
}

// Format prints what [Payment.String] returns, for every verb. A test that wants
// to see all fields prints the JSON of a [Stored].
func (p Payment) Format(s fmt.State, verb rune) { label.Print(s, verb, p.String()) }

// LogValue returns what [Payment.String] returns.
func (p Payment) LogValue() slog.Value { return slog.StringValue(p.String()) }

var errNotForJSON = errors.New("payment: a Payment may hold personal data: convert it to payment.Stored to store it, or log its String")

// MarshalJSON always fails, so that no log in JSON holds personal data, and
// nobody stores a payment without its fields. Convert it to [Stored].
func (p Payment) MarshalJSON() ([]byte, error) { return nil, errNotForJSON }

// UnmarshalJSON always fails. Read a [Stored].
func (p *Payment) UnmarshalJSON([]byte) error { return errNotForJSON }

// Stored is a [Payment] that is written to JSON with all its fields, and read
// back equal: for queues and databases, never for logs.
type Stored Payment

// String returns what [Payment.String] returns.
func (p Stored) String() string { return Payment(p).String() }

// Format prints what [Payment.String] returns, for every verb.
func (p Stored) Format(s fmt.State, verb rune) { label.Print(s, verb, p.String()) }

// LogValue returns what [Payment.String] returns.
func (p Stored) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalJSON writes all fields.
func (p Stored) MarshalJSON() ([]byte, error) { return json.Marshal(p.form()) }

// MarshalJSONTo writes all fields.
func (p Stored) MarshalJSONTo(e *jsontext.Encoder) error { return jsonv2.MarshalEncode(e, p.form()) }

// storedForm is a Stored as it is written: an Attribute alone is for logs.
type storedForm struct {
	Reference  string
	Kind       Kind
	Amount     Money
	Date       time.Time
	Expires    time.Time `json:",omitzero"`
	Method     string
	Target     string
	Link       string
	Reverses   string
	Attributes []storedAttribute
}

type storedAttribute Attribute

func (p Stored) form() *storedForm {
	f := &storedForm{p.Reference, p.Kind, p.Amount, p.Date, p.Expires, p.Method, p.Target, p.Link, p.Reverses, nil}
	if p.Attributes != nil {
		f.Attributes = make([]storedAttribute, len(p.Attributes))
	}
	for i, a := range p.Attributes {
		f.Attributes[i] = storedAttribute(a)
	}
	return f
}

// String returns vendor, id, reference and amount.
func (r Receipt) String() string {
	state := "recorded"
	if r.AlreadyRecorded {
		state = "already recorded"
	}
	return fmt.Sprintf("%s %s: payment %q of %v, %s", word(r.Vendor), word(r.ID), r.Reference, r.Amount, state)
}

// Format prints what [Receipt.String] returns, for every verb.
func (r Receipt) Format(s fmt.State, verb rune) { label.Print(s, verb, r.String()) }

// LogValue returns what [Receipt.String] returns.
func (r Receipt) LogValue() slog.Value { return slog.StringValue(r.String()) }

// Format prints the name, for every verb: the value may be personal.
func (a Attribute) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("attribute %q", a.Name))
}

// LogValue returns what Format prints.
func (a Attribute) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(a)) }

// MarshalJSON writes what Format prints, for logs. A [Stored] holds it whole.
func (a Attribute) MarshalJSON() ([]byte, error) { return json.Marshal(fmt.Sprint(a)) }

// Format prints the status, for every verb. The JSON of a Progress is whole, for
// a [Store].
func (p Progress) Format(s fmt.State, verb rune) { label.Print(s, verb, string(p.Status)) }
