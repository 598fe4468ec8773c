package spektrix

import (
	"bytes"
	"iter"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
)

// usable reports whether a resource of that id can be asked for.
func usable(id string) bool { return !wire.NoID(id) && transport.CheckSegment("", id) == nil }

// checkHead refuses a basket or an order without an id, or beside an error.
func checkHead(id string, members Members) error {
	switch {
	case members.nameAnError():
		return errNamed
	case wire.NoID(id):
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
