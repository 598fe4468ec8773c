package wire

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
)

// Unknown holds the members of an object that no field names. Tag a field of
// this type with `json:",embed"`.
type Unknown = jsontext.Value

// lenient reads text that is not UTF-8, and half a surrogate pair, as U+FFFD.
// A name that stands twice in one object is an error at any depth.
var lenient = jsontext.AllowInvalidUTF8(true)

// Options returns how every answer of a vendor is read, for a decoder of one's
// own.
func Options() json.Options { return lenient }

// DecodeError says which value of a document could not be read.
type DecodeError struct {
	Path   string // "$[3].paymentAmount"
	Offset int64  // byte offset of the value, or of the first byte that is not JSON
	Reason string // never the value
	Err    error  // the cause, such as io.ErrUnexpectedEOF, or nil; it holds no value either
}

// Error returns path, offset and reason.
func (e *DecodeError) Error() string {
	return fmt.Sprintf("%s at byte %d: %s", e.Path, e.Offset, e.Reason)
}

// Unwrap returns the cause, unless it is a *payment.FieldError: in the chain of an
// answer's error that would say that the caller's input was refused, unsent.
func (e *DecodeError) Unwrap() error {
	var field *payment.FieldError
	if errors.As(e.Err, &field) {
		return nil
	}
	return e.Err
}

// repeats is lenient without an error for a name that stands twice.
var repeats = json.JoinOptions(lenient, jsontext.AllowDuplicateNames(true))

// Unmarshal decodes one JSON document into v, a pointer. A byte-order mark in
// front is skipped. Every failure is a *[DecodeError].
func Unmarshal(data []byte, v any) error { return unmarshal(data, v, lenient) }

// UnmarshalRepeats is Unmarshal for a document in which a name may stand twice
// in one object. It is for lists that are searched: what is found in one has to
// be read again with Unmarshal.
func UnmarshalRepeats(data []byte, v any) error { return unmarshal(data, v, repeats) }

func unmarshal(data []byte, v any, opts json.Options) error {
	mark := len(data)
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	mark -= len(data)
	if err := checkDensity(data); err != nil {
		return err
	}
	if err := json.Unmarshal(data, v, opts); err != nil {
		located := Locate(err)
		located.Offset += int64(mark)
		return located
	}
	return nil
}

// Marshal encodes v as JSON without HTML escapes. Text that is not UTF-8 is an error.
func Marshal(v any) ([]byte, error) { return json.Marshal(v, json.Deterministic(true)) }

const (
	smallDocument = 64 << 10
	bytesPerValue = 8 // a document of many shorter objects or arrays is an attack
)

// checkDensity bounds what a document can expand to: a megabyte of "{}," decodes
// into hundreds. No real list of records has objects that short.
func checkDensity(data []byte) error {
	if len(data) <= smallDocument {
		return nil
	}
	opening := bytes.Count(data, []byte{'{'}) + bytes.Count(data, []byte{'['})
	if opening <= len(data)/bytesPerValue {
		return nil
	}
	return &DecodeError{Path: "$", Reason: "holds too many empty values"}
}

// Locate turns an error of encoding/json/v2, which may quote the document, into
// one that tells only the place and what is wrong there.
func Locate(err error) *DecodeError {
	var decode *DecodeError
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic):
		return fromSemantic(semantic)
	case errors.As(err, &syntactic):
		return fromSyntactic(syntactic)
	case errors.As(err, &decode):
		return decode
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &DecodeError{Path: "$", Reason: "the text is cut off", Err: io.ErrUnexpectedEOF}
	}
	return &DecodeError{Path: "$", Reason: "cannot be read"}
}

func fromSyntactic(e *jsontext.SyntacticError) *DecodeError {
	d := &DecodeError{Path: pathOf(e.JSONPointer), Offset: e.ByteOffset, Reason: "is not JSON"}
	switch {
	case errors.Is(e, jsontext.ErrDuplicateName):
		d.Reason = "stands twice in one object"
	case errors.Is(e, io.ErrUnexpectedEOF), errors.Is(e, io.EOF):
		d.Reason, d.Err = "the text is cut off", io.ErrUnexpectedEOF
	}
	return d
}

func fromSemantic(e *json.SemanticError) *DecodeError {
	d := &DecodeError{Path: pathOf(e.JSONPointer), Offset: e.ByteOffset, Reason: mismatch(e)}
	var inner *DecodeError
	var field *payment.FieldError
	switch {
	case errors.As(e.Err, &inner):
		d.Path += strings.TrimPrefix(inner.Path, "$")
		d.Offset, d.Reason, d.Err = e.ByteOffset+inner.Offset, inner.Reason, inner.Err
	case errors.As(e.Err, &field):
		d.Reason = field.Reason
	}
	return d
}

// mismatch says why a value is not what its field asks for.
func mismatch(e *json.SemanticError) string {
	is, want := kindName(e.JSONKind), wanted(e.GoType)
	switch {
	case is == "" || want == "":
		return "does not have the expected form"
	case is == want:
		return "is not " + want + " of the expected form and size"
	}
	return "is " + is + ", not " + want
}

func kindName(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "text"
	case '0':
		return "a number"
	case '{', '}':
		return "an object"
	case '[', ']':
		return "an array"
	}
	return ""
}

var (
	readsItself = reflect.TypeFor[json.UnmarshalerFrom]()
	readsBytes  = reflect.TypeFor[json.Unmarshaler]()
	readsText   = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// wanted names the JSON kind that decodes into t.
func wanted(t reflect.Type) string {
	if t == nil {
		return ""
	}
	p := reflect.PointerTo(t)
	if p.Implements(readsItself) || p.Implements(readsBytes) || p.Implements(readsText) {
		return ""
	}
	switch k := t.Kind(); {
	case k >= reflect.Int && k <= reflect.Float64:
		return "a number"
	case k == reflect.String:
		return "text"
	case k == reflect.Bool:
		return "a boolean"
	case k == reflect.Struct, k == reflect.Map:
		return "an object"
	case k == reflect.Slice, k == reflect.Array:
		return "an array"
	}
	return ""
}

// pathOf writes a JSON pointer as a path: /3/amount is $[3].amount.
func pathOf(p jsontext.Pointer) string {
	var b strings.Builder
	b.WriteByte('$')
	for token := range p.Tokens() {
		if _, err := strconv.ParseUint(token, 10, 32); err == nil {
			b.WriteString("[" + token + "]")
		} else {
			b.WriteString(PathMember(token))
		}
	}
	return b.String()
}

// PathMember writes the step to a member of an object: .name, or ["any text"],
// bounded, for a name that is no identifier.
func PathMember(name string) string {
	const limit = 40
	if len(name) <= limit && isIdentifier(name) {
		return "." + name
	}
	if len(name) > limit {
		name = strings.ToValidUTF8(name[:limit], "") + "…"
	}
	return "[" + strconv.Quote(name) + "]"
}

func isIdentifier(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && s[i] != '_' && (i == 0 || !isDigit(s[i])) {
			return false
		}
	}
	return s != ""
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
