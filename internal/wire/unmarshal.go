package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/tenderkit/tenderkit/payment"
)

// DecodeError says which value of a document could not be read.
type DecodeError struct {
	Path   string // "$[3].paymentAmount"
	Offset int64  // byte offset of the value
	Reason string // never the value
	Err    error  // the cause, such as io.ErrUnexpectedEOF, or nil; it holds no value either
}

// Error tells path, offset and reason.
func (e *DecodeError) Error() string {
	return fmt.Sprintf("%s at byte %d: %s", e.Path, e.Offset, e.Reason)
}

// Unwrap gives the cause, unless it is a *payment.FieldError: in the chain of an
// answer's error that would say that the caller's input was refused, unsent.
func (e *DecodeError) Unwrap() error {
	var field *payment.FieldError
	if errors.As(e.Err, &field) {
		return nil
	}
	return e.Err
}

// Unmarshal is json.Unmarshal of one document whose every failure is a
// *[DecodeError]. Finding the place costs a second, slow look at the document,
// but only when there is a failure.
func Unmarshal(data []byte, v any) error {
	if json.Unmarshal(data, v) == nil {
		return nil
	}
	if !json.Valid(data) {
		return syntaxError(data)
	}
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return &DecodeError{Path: "$", Reason: "there is nothing to decode into"}
	}
	return locate(span{data: data, end: len(data), path: "$"}, target.Type().Elem())
}

// syntaxError finds where data, which encoding/json refused, breaks off.
func syntaxError(data []byte) *DecodeError {
	l := NewLexer(data, MaxDepth)
	for {
		t, err := l.Next()
		var syntax *SyntaxError
		if errors.As(err, &syntax) {
			return &DecodeError{Path: PathAt(data, syntax.Offset), Offset: syntax.Offset, Reason: syntax.Reason, Err: syntax.Err}
		}
		if err != nil || t.Kind == End {
			return &DecodeError{Path: "$", Reason: "is not JSON"}
		}
	}
}

// span is one value of a document.
type span struct {
	data       []byte // the whole document
	start, end int
	path       string
}

func (s span) raw() []byte { return s.data[s.start:s.end] }

func (s span) fail(reason string) *DecodeError {
	return &DecodeError{Path: s.path, Offset: int64(s.start), Reason: reason}
}

// try decodes the value on its own.
func (s span) try(t reflect.Type) error { return json.Unmarshal(s.raw(), reflect.New(t).Interface()) }

// locate finds the innermost value that does not decode. The caller knows that
// s does not decode into t.
func locate(s span, t reflect.Type) *DecodeError {
	err := s.try(t)
	if custom(t) {
		return s.own(err)
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
		if custom(t) {
			return s.own(err)
		}
	}
	for inner, innerType := range s.children(t) {
		if inner.try(innerType) != nil {
			return locate(inner, innerType)
		}
	}
	return s.fail(s.mismatch(t))
}

var (
	unmarshaler     = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[interface{ UnmarshalText([]byte) error }]()
)

// custom reports that t decodes itself.
func custom(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(unmarshaler) || p.Implements(textUnmarshaler)
}

// own reports the failure of a type that decodes itself. What it says is
// passed on only if it is known to hold no value.
func (s span) own(err error) *DecodeError {
	var inner *DecodeError
	if errors.As(err, &inner) {
		return &DecodeError{Path: s.path + inner.Path[1:], Offset: int64(s.start) + inner.Offset, Reason: inner.Reason, Err: inner.Err}
	}
	failure := s.fail("does not have the expected form")
	var field *payment.FieldError
	if errors.As(err, &field) {
		failure.Reason = field.Reason
	}
	return failure
}
