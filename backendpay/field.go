package backendpay

import "encoding/json"

// Field is one field of an update: left alone, set to null, or set to a value.
// The zero Field leaves it alone.
type Field[T any] struct {
	value T
	state fieldState
}

type fieldState uint8

const (
	absent fieldState = iota
	null
	present
)

// Value gives a Field that sets v.
func Value[T any](v T) Field[T] { return Field[T]{value: v, state: present} }

// Null gives a Field that sets null.
func Null[T any]() Field[T] { return Field[T]{state: null} }

// Get gives the value, and whether there is one.
func (f Field[T]) Get() (T, bool) { return f.value, f.state == present }

// IsNull reports a Field that sets null.
func (f Field[T]) IsNull() bool { return f.state == null }

// IsZero reports a Field that leaves things alone, which is what the JSON
// option omitzero asks.
func (f Field[T]) IsZero() bool { return f.state == absent }

// MarshalJSON writes the value, or null.
func (f Field[T]) MarshalJSON() ([]byte, error) {
	if f.state != present {
		return []byte("null"), nil
	}
	return json.Marshal(f.value)
}

// UnmarshalJSON reads a value or null. A member that is missing never comes
// here, and its Field stays zero.
func (f *Field[T]) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*f = Null[T]()
		return nil
	}
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*f = Value(v)
	return nil
}
