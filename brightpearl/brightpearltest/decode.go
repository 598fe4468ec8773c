package brightpearltest

import (
	"bytes"
	"encoding/json"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// fields reads a JSON object strictly: each field is taken once with its type,
// and [fields.end] refuses what is left.
type fields struct {
	values map[string]json.RawMessage
	wrong  bool // a value had the wrong type
}

// parseFields reads a request body. No body, and null, is the vendor's
// CMNC-010; its status is inferred.
func parseFields(body []byte) (*fields, *reply) {
	if body = bytes.TrimSpace(body); len(body) == 0 || string(body) == "null" {
		r := failure(http.StatusBadRequest, "CMNC-010", "A JSON body is required")
		return nil, &r
	}
	f := &fields{}
	if err := json.Unmarshal(body, &f.values); err != nil {
		return nil, internal()
	}
	return f, nil
}

// fields reads the body of a call, which must also be declared as JSON.
func (c call) fields() (*fields, *reply) {
	f, refused := parseFields(c.body)
	if refused != nil {
		return nil, refused
	}
	media, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return nil, invalid("the body is not declared as application/json")
	}
	return f, nil
}

// take removes a field; null counts as absent.
func (f *fields) take(name string) (json.RawMessage, bool) {
	raw, ok := f.values[name]
	delete(f.values, name)
	return raw, ok && string(raw) != "null"
}

func (f *fields) text(name string) (text string) {
	if raw, ok := f.take(name); ok && json.Unmarshal(raw, &text) != nil {
		f.wrong = true
	}
	return text
}

// integer takes a JSON number without fraction and exponent.
func (f *fields) integer(name string) int64 {
	raw, ok := f.take(name)
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		f.wrong = true
	}
	return n
}

// amount takes a JSON number, or a string that holds one, digit for digit.
func (f *fields) amount(name string) (a payment.Amount) {
	if raw, ok := f.take(name); ok && a.UnmarshalJSON(raw) != nil {
		f.wrong = true
	}
	return a
}

func (f *fields) instant(name string) time.Time {
	text := f.text(name)
	if text == "" {
		return time.Time{}
	}
	at, ok := parseInstant(text)
	if !ok {
		f.wrong = true
	}
	return at
}

// end refuses a wrong type as the vendor does, and an unknown field as this
// emulator does.
func (f *fields) end() *reply {
	if f.wrong {
		return internal()
	}
	if len(f.values) > 0 {
		return invalid("unknown field " + slices.Min(slices.Collect(maps.Keys(f.values))))
	}
	return nil
}

// parseInstant reads the forms of ISO 8601 that clients have been seen to
// send. A time without an offset is taken as UTC, which is inferred.
func parseInstant(text string) (time.Time, bool) {
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.DateOnly,
	} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}
