package transport

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/tenderkit/tenderkit/internal/label"
)

// veil is what one call must not show: the client's credentials, the secrets of
// this call and the personal data that it sent.
type veil []search

// veil returns the call's veil.
func (c *call) veil() veil {
	return append(c.client.cfg.Seal.all(), search{foldedNeedles(c.secrets)}, personal(c.req.private()))
}

// secret is the part of a veil that hides credentials only.
func (v veil) secret() veil { return v[:len(v)-1] }

// text returns the first 64 KiB of s without what the veil hides.
func (v veil) text(s string) string { return string(head([]byte(s), v, maxErrorBody, false)) }

// hides reports whether b shows something that the veil hides, or is too long to
// tell.
func (v veil) hides(b []byte) bool {
	return len(b) > maxErrorBody || string(redact(b, v, false)) != string(b)
}

// sealed stands for an error from outside that would show too much. It matches
// what that error matches, and nothing can be read from it but its text.
type sealed struct {
	text  string
	is    func(target error) bool
	parts []error // what the error wraps, sealed
}

func (s *sealed) Error() string { return s.text }

// Is reports whether the sealed error itself matches target.
func (s *sealed) Is(target error) bool { return s.is(target) }

func (s *sealed) Unwrap() []error { return s.parts }

// Format prints the same text for every verb.
func (s *sealed) Format(f fmt.State, verb rune) { label.Print(f, verb, s.text) }

// seal returns err, or if any layer of it would show what the veil hides, an
// error that has the same layers without that.
func (v veil) seal(err error) error {
	if err == nil {
		return nil
	}
	parts, whole := v.sealParts(err)
	text := v.text(err.Error())
	if whole && text == err.Error() && v.isOpen(err) {
		return err
	}
	return &sealed{text, isOf(err), parts}
}

// sealParts seals what err wraps, and reports whether that changed nothing.
func (v veil) sealParts(err error) (parts []error, whole bool) {
	whole = true
	for _, part := range unwrap(err) {
		if part == nil {
			continue
		}
		sealedPart := v.seal(part)
		_, changed := sealedPart.(*sealed)
		whole = whole && !changed
		parts = append(parts, sealedPart)
	}
	return parts, whole
}

func unwrap(err error) []error {
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return []error{e.Unwrap()}
	case interface{ Unwrap() []error }:
		return e.Unwrap()
	}
	return nil
}

// isOf returns a func that reports whether err itself matches a target.
func isOf(err error) func(error) bool {
	return func(target error) bool {
		if target != nil && reflect.TypeOf(target).Comparable() && err == target {
			return true
		}
		e, ok := err.(interface{ Is(error) bool })
		return ok && e.Is(target)
	}
}

// isOpen reports whether nothing hidden can be read from the fields of err. A
// field that may lead anywhere is enough to say no. The errors of the standard
// library and of this module may have one, unless it leads to a request.
func (v veil) isOpen(err error) bool {
	value := reflect.ValueOf(err)
	if value.Kind() == reflect.Pointer {
		value = value.Elem()
	}
	return v.isOpenValue(value, isKnown(value))
}

// isKnown reports whether a type is the standard library's or this module's.
func isKnown(value reflect.Value) bool {
	if !value.IsValid() {
		return true
	}
	path := value.Type().PkgPath()
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first != "main" || strings.HasPrefix(path, "github.com/tenderkit/tenderkit")
}

func (v veil) isOpenValue(value reflect.Value, known bool) bool {
	switch value.Kind() {
	case reflect.String:
		return !v.hides([]byte(value.String()))
	case reflect.Struct:
		for i := range value.NumField() {
			if !v.isOpenValue(value.Field(i), known) {
				return false
			}
		}
	case reflect.Slice, reflect.Array:
		return v.isOpenList(value, known)
	case reflect.Pointer:
		return value.IsZero() || known && value.Type().Elem().PkgPath() != "net/http"
	case reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return value.IsZero() || known && value.Type().PkgPath() != "net/http"
	case reflect.Interface:
		return known || value.IsZero() || value.Type() == reflect.TypeFor[error]() // sealed as a part if it is one
	}
	return true
}

func (v veil) isOpenList(value reflect.Value, known bool) bool {
	if value.Type().Elem().Kind() == reflect.Uint8 {
		return !v.hides(bytesOf(value))
	}
	for i := range value.Len() {
		if !v.isOpenValue(value.Index(i), known) {
			return false
		}
	}
	return true
}

// bytesOf copies a list of bytes, which may be in an unexported field.
func bytesOf(value reflect.Value) []byte {
	b := make([]byte, value.Len())
	for i := range b {
		b[i] = byte(value.Index(i).Uint())
	}
	return b
}
