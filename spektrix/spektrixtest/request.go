package spektrixtest

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment"
)

// request is a well-formed body, or a query. Each endpoint fills its own part.
type request struct {
	change       basketChange
	tickets      []Ticket
	payment      postedPayment
	confirmation confirmation
	since        string
}

// basketChange is what a creation or an update asks for; nil is not asked for.
type basketChange struct {
	customer *string
	delivery *int
	waive    *bool
	payments []postedPayment
}

// postedPayment is the request of a custom payment.
type postedPayment struct {
	typeID     string
	amount     payment.Amount
	attributes []payment.Attribute
}

// confirmation is the body of a confirm.
type confirmation struct{ email bool }

// fields reads a JSON object strictly: each field is taken once with its type,
// and end refuses what is left. Names are read in any case.
type fields struct {
	*emulator.Fields
	err error // the first thing that was wrong
}

// parseFields reads an object. What is not an object makes fields that refuse.
func parseFields(body []byte) *fields {
	f, err := emulator.ReadFoldedFields(body)
	if err == nil {
		return &fields{Fields: f}
	}
	none, _ := emulator.ReadFoldedFields([]byte("{}"))
	return &fields{Fields: none, err: refusal("the body is not a JSON object")}
}

// refuse keeps the first thing that is wrong.
func (f *fields) refuse(message string) {
	if f.err == nil {
		f.err = refusal(message)
	}
}

// take removes a field and reads it into value. It reports whether the field
// is there and not null.
func (f *fields) take(name string, value any) bool {
	before := len(f.Wrong())
	given := f.Read(name, value)
	if len(f.Wrong()) > before {
		f.refuse(name + " has the wrong type")
	}
	return given
}

// text takes a string that must not be blank.
func (f *fields) text(name string) (text string) {
	if !f.take(name, &text) || strings.TrimSpace(text) == "" {
		f.refuse(name + " is required")
	}
	return text
}

// optional takes a string that may be absent, but not blank.
func (f *fields) optional(name string) (text string) {
	if f.take(name, &text) && strings.TrimSpace(text) == "" {
		f.refuse(name + " is blank")
	}
	return text
}

func (f *fields) flag(name string) (flag bool) {
	f.take(name, &flag)
	return flag
}

// end returns what was wrong. A field that nobody took is wrong.
func (f *fields) end() error {
	if left := f.Left(); f.err == nil && len(left) > 0 {
		return refusal("unknown field " + left[0])
	}
	return f.err
}

// amount takes a bare JSON number in fixed point. A string, and an exponent,
// are refused.
func (f *fields) amount(name string) payment.Amount {
	var raw jsontext.Value
	if !f.take(name, &raw) {
		f.refuse(name + " is required")
		return payment.Amount{}
	}
	a, err := payment.ParseAmount(string(raw))
	if err != nil {
		f.refuse(name + " is not a number in fixed point")
	}
	return a
}
