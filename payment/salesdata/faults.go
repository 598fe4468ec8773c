package salesdata

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// Fault is something odd in a record that was read all the same: a required
// field that is missing, an older name, a word that is not documented. With
// [WithStrict] it is an error.
type Fault struct {
	Path   string // $[3].payments[0].net_amount; $ is the record itself in a stream of records
	Offset int64  // byte offset of the value, or of the record if there is no value
	Reason string // never the value
}

// String tells path, offset and reason.
func (f Fault) String() string { return fmt.Sprintf("%s at byte %d: %s", f.Path, f.Offset, f.Reason) }

// DecodeError says what in a document was refused, and how far it was good. It
// matches payment.ErrInvalid, and io.ErrUnexpectedEOF if the text is cut off;
// if the reader failed it matches the reader's error instead.
type DecodeError struct {
	Fault
	Before int // orders that came before this place and are good

	cause error
}

// Error tells the place, the reason and the number of orders before it.
func (e *DecodeError) Error() string {
	return fmt.Sprintf("salesdata: %s (%d orders came before)", e.Fault, e.Before)
}

// Unwrap gives a *payment.FieldError with the path, and the cause if there is
// one; or the reader's error.
func (e *DecodeError) Unwrap() []error {
	field := &payment.FieldError{Field: e.Path, Reason: e.Reason}
	switch e.cause {
	case nil:
		return []error{field}
	case io.ErrUnexpectedEOF:
		return []error{field, e.cause}
	}
	return []error{e.cause}
}

// place is a record inside the element that is being decoded.
type place struct {
	array string // "payments" or "lines"; "" for the element itself
	index int
}

// path gives the path of a field of the record at a place, or of the record.
func (at place) path(root, name string) string {
	if at.array != "" {
		root += wire.PathMember(at.array) + "[" + strconv.Itoa(at.index) + "]"
	}
	if name != "" {
		root += wire.PathMember(name)
	}
	return root
}

// root is the path of the element: every value of a stream is a document.
func (d *decoder) root() string {
	if !d.inArray {
		return "$"
	}
	return "$[" + strconv.Itoa(d.before) + "]"
}

// fail refuses the value that begins at byte start of the element.
func (d *decoder) fail(at place, name string, start int, reason string) error {
	fault := Fault{Path: at.path(d.root(), name), Offset: d.element.Offset + int64(start), Reason: reason}
	return &DecodeError{Fault: fault, Before: d.before}
}

// list notes an odd value, or refuses it in strict mode.
func (d *decoder) list(at place, name string, start int, reason string) error {
	err := d.fail(at, name, start, reason)
	var refused *DecodeError
	if d.cfg.strict || !errors.As(err, &refused) {
		return err
	}
	d.faults = append(d.faults, refused.Fault)
	return nil
}

// broken turns an error of the lexer into one that has the path.
func (d *decoder) broken(err error) error {
	var syntax *wire.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	path := d.root() + wire.PathAt(d.element.Raw, syntax.Offset)[1:]
	fault := Fault{Path: path, Offset: d.element.Offset + syntax.Offset, Reason: syntax.Reason}
	return &DecodeError{Fault: fault, Before: d.before, cause: syntax.Err}
}
