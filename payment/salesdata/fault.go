package salesdata

import (
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

// String returns path, offset and reason.
func (f Fault) String() string { return fmt.Sprintf("%s at byte %d: %s", f.Path, f.Offset, f.Reason) }

// DecodeError says what in a document was refused. It matches
// payment.ErrInvalid, and io.ErrUnexpectedEOF if the text is cut off. If the
// reader failed it matches the reader's error instead.
type DecodeError struct {
	Fault
	Before int  // good orders before this place
	Ends   bool // nothing after this place can be read: the text is broken or too large, or the reader failed
	cause  error
}

// Error returns the place, the reason and the number of good orders before it.
func (e *DecodeError) Error() string {
	return fmt.Sprintf("salesdata: %s (orders before it: %d)", e.Fault, e.Before)
}

// Unwrap returns a *payment.FieldError with the path, and
// io.ErrUnexpectedEOF for a text that is cut off; or the reader's error.
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

// place is a record within an element of the document.
type place struct {
	array string // the name of its array; "" for the element itself
	index int
}

// path returns the path of a field of the record, or of the record itself if
// name is empty.
func (at place) path(root, name string) string {
	if at.array != "" {
		root += wire.PathMember(at.array) + "[" + strconv.Itoa(at.index) + "]"
	}
	if name != "" {
		root += wire.PathMember(name)
	}
	return root
}

// element returns the path of an element of the document. In a stream of
// records each of them is a document of its own.
func element(inArray bool, index int) string {
	if !inArray {
		return "$"
	}
	return "$[" + strconv.Itoa(index) + "]"
}

const (
	maxDepth  = 32   // nesting of a document, its outer array included
	maxFaults = 1000 // faults that are listed of one record
)

// Reasons that several files name.
const (
	twice   = "is the same key twice in one object"
	tooDeep = "nesting is too deep"
	notUTF8 = "holds half a surrogate pair"

	tooManyRows = "is one of too many records for their size"
)

// report is what the reading of a document has to say, and where it is.
type report struct {
	strict bool // what is odd is refused
	array  bool // the document is an array
	index  int  // elements before this one
	before int  // good orders before this one
	over   bool // nothing after this place can be read

	faults   []Fault // what is odd in the record
	unlisted int     // faults beyond maxFaults
}

// root returns the path of the element.
func (r *report) root() string { return element(r.array, r.index) }

// fail refuses a value of the element.
func (r *report) fail(at place, name string, offset int64, reason string) error {
	return r.failAt(at.path(r.root(), name), offset, reason)
}

func (r *report) failAt(path string, offset int64, reason string) error {
	return &DecodeError{Fault: Fault{Path: path, Offset: offset, Reason: reason}, Before: r.before, Ends: r.over}
}

// list notes something odd, or refuses it in strict mode.
func (r *report) list(at place, name string, offset int64, reason string) error {
	switch {
	case r.strict:
		return r.fail(at, name, offset, reason)
	case len(r.faults) < maxFaults:
		r.faults = append(r.faults, Fault{Path: at.path(r.root(), name), Offset: offset, Reason: reason})
	default:
		r.unlisted++
	}
	return nil
}
