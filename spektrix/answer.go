package spektrix

import (
	"bytes"
	"iter"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
)

// reading is how members are read: their names in any case, and text wherever a
// string is asked for. Tolerant adds parts of an answer that nobody needs: one
// of another form is left empty.
var (
	reading  = json.JoinOptions(json.MatchCaseInsensitiveNames(true), json.WithUnmarshalers(json.UnmarshalFromFunc(readText)))
	tolerant = json.JoinOptions(reading, json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(readText),
		json.UnmarshalFromFunc(orNothing[[]Charge]),
		json.UnmarshalFromFunc(orNothing[[]CustomPayment]),
		json.UnmarshalFromFunc(orNothing[TransactionCommission]),
	)))
)

// readText reads text or a number, as it is written. Anything else is no text:
// what needs one finds it missing.
func readText(d *jsontext.Decoder, text *string) error {
	*text = ""
	if kind := d.PeekKind(); kind != '"' && kind != '0' {
		return d.SkipValue()
	}
	token, err := d.ReadToken()
	if err == nil {
		*text = token.String()
	}
	return err
}

// orNothing reads a value, or leaves v at its zero value.
func orNothing[T any](d *jsontext.Decoder, v *T) error {
	var none T
	*v = none
	raw, err := d.ReadValue()
	if err == nil && json.Unmarshal(raw, v, reading, wire.Options()) != nil {
		*v = none
	}
	return err
}

// noID reports whether an id is missing or a stand-in: blank, null, 0, -1 or a
// GUID of zeros.
func noID(id string) bool {
	return strings.Trim(id, "0-{} ") == "" || id == "-1" || strings.EqualFold(id, "null")
}

// usable reports whether a resource of that id can be asked for.
func usable(id string) bool { return !noID(id) && transport.CheckSegment("", id) == nil }

// checkHead refuses a basket or an order without an id, or beside an error.
func checkHead(id string, members Members) error {
	switch {
	case members.nameAnError():
		return errNamed
	case noID(id):
		return missing("$.id")
	}
	return nil
}

func missing(path string) error { return &wire.DecodeError{Path: path, Reason: "is missing"} }

// errNamed is an answer that names an error, whatever stands beside it.
var errNamed = &wire.DecodeError{Path: "$", Reason: "names an error"}

// whole reads an answer whose form does not matter: any JSON, or nothing.
// A page, and JSON that is cut off, are errors.
func whole(r *transport.Reply) (raw jsontext.Value, err error) {
	if len(bytes.TrimSpace(r.Body)) > 0 {
		err = wire.Unmarshal(r.Body, &raw)
	}
	return raw, err
}

// list reads an answer that is a bare array.
func list[T any](r *transport.Reply) ([]T, error) {
	switch {
	case r.Status == http.StatusPartialContent:
		return nil, &wire.DecodeError{Path: "$", Reason: "is a part of the answer"}
	case !isArray(r.Body):
		return nil, &wire.DecodeError{Path: "$", Reason: "is not an array"}
	}
	var all []T
	if err := wire.Unmarshal(r.Body, &all); err != nil {
		return nil, err
	}
	return all, nil
}

func isArray(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\ufeff")), " \t\r\n"), []byte("["))
}

// sequence returns what read reads, anew for each range over it. An error is
// its last element.
func sequence[T any](read func() ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		all, err := read()
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}
