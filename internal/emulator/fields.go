package emulator

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ErrBody reports a body that is not one JSON object in UTF-8, or in which a
// name stands twice, at any depth.
var ErrBody = errors.New("the body is not one JSON object")

// Fields are the members of a JSON object. A handler takes each member that it
// knows once, with the type that it must have, and then asks for what was
// [Fields.Wrong] and what is [Fields.Left].
type Fields struct {
	fold   bool
	values map[string]field // by key
	wrong  []string
}

type field struct {
	name  string // as written
	value jsontext.Value
}

// ReadFields reads one object strictly.
func ReadFields(body []byte) (*Fields, error) { return readFields(body, false) }

// ReadFoldedFields is [ReadFields] for a vendor who reads names in any case. A
// name that stands twice in different case is an error too.
func ReadFoldedFields(body []byte) (*Fields, error) { return readFields(body, true) }

func readFields(body []byte, fold bool) (*Fields, error) {
	f := &Fields{fold: fold, values: map[string]field{}}
	d := jsontext.NewDecoder(bytes.NewReader(body))
	if open, err := d.ReadToken(); err != nil || open.Kind() != '{' {
		return nil, ErrBody
	}
	for d.PeekKind() == '"' {
		if err := f.readField(d); err != nil {
			return nil, err
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, ErrBody
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, ErrBody
	}
	return f, nil
}

func (f *Fields) readField(d *jsontext.Decoder) error {
	token, err := d.ReadToken()
	if err != nil {
		return ErrBody
	}
	name := token.String()
	value, err := d.ReadValue()
	if _, twice := f.values[f.key(name)]; err != nil || twice {
		return ErrBody
	}
	f.values[f.key(name)] = field{name, value.Clone()}
	return nil
}

func (f *Fields) key(name string) string {
	if f.fold {
		return strings.ToLower(name)
	}
	return name
}

// Len returns how many members are left.
func (f *Fields) Len() int { return len(f.values) }

// Take removes a member. It reports whether the member was given, also as null.
func (f *Fields) Take(name string) (value jsontext.Value, given bool) {
	found, given := f.values[f.key(name)]
	delete(f.values, f.key(name))
	return found.value, given
}

// Read removes a member and stores it in into, a pointer, by the rules of
// encoding/json/v2. It reports whether the member was given and not null. A
// value of the wrong type leaves into as it was and is noted as wrong.
func (f *Fields) Read(name string, into any) (given bool) {
	value, given := f.Take(name)
	if !given || value.Kind() == 'n' {
		return false
	}
	if json.Unmarshal(value, into) != nil {
		f.IsWrong(name)
	}
	return true
}

// Text removes a member that must be a JSON string. It returns "" for one that
// is missing, null or wrong.
func (f *Fields) Text(name string) (text string) {
	f.Read(name, &text)
	return text
}

// Integer removes a member that must be a JSON number without fraction and
// exponent. It returns 0 for one that is missing, null or wrong.
func (f *Fields) Integer(name string) (n int64) {
	f.Read(name, &n)
	return n
}

// Prefixed removes all members whose name begins with prefix and returns them
// by their names as written.
func (f *Fields) Prefixed(prefix string) map[string]jsontext.Value {
	found := map[string]jsontext.Value{}
	for key, field := range f.values {
		if strings.HasPrefix(key, f.key(prefix)) {
			found[field.name] = field.value
			delete(f.values, key)
		}
	}
	return found
}

// IsWrong notes that a member has a wrong value.
func (f *Fields) IsWrong(name string) { f.wrong = append(f.wrong, name) }

// Wrong returns the names noted as wrong, in the order in which they were read.
func (f *Fields) Wrong() []string { return slices.Clone(f.wrong) }

// Left returns the names of the members that nobody has taken, in alphabetical
// order. With folded names they are in lower case.
func (f *Fields) Left() []string { return slices.Sorted(maps.Keys(f.values)) }
