package spektrix

import (
	"bytes"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
)

// Members are the members of an answer that no field names, by their names as
// they are written.
type Members map[string]jsontext.Value

// Attribute returns the value of the venue's own attribute of that name, which
// Spektrix writes as a member attribute_<Name>, or nil if there is none.
func (m Members) Attribute(name string) jsontext.Value {
	for member, value := range m {
		if rest, ok := cutFold(member, "attribute_"); ok && rest == name {
			return value
		}
	}
	return nil
}

func cutFold(text, prefix string) (rest string, ok bool) {
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return "", false
	}
	return text[len(prefix):], true
}

// text returns a member that is text or a number, in whatever case its name is
// written.
func (m Members) text(name string) string {
	for member, value := range m {
		if strings.EqualFold(member, name) {
			text, _ := wire.TextOf(value)
			return string(text)
		}
	}
	return ""
}

// texts adds the texts of all members to list.
func (m Members) texts(list []string) []string {
	for _, value := range m {
		list = wire.Texts(list, value)
	}
	return list
}

// nameAnError reports whether a member says that the answer is an error. Observed
// are message and errorCode; the others are those of the platform that the
// vendor's reference is generated with.
func (m Members) nameAnError() bool {
	for name, value := range m {
		switch name = strings.ToLower(name); {
		case name == "success":
			if value.Kind() == 'f' {
				return true
			}
		case name == "message", name == "modelstate", strings.HasPrefix(name, "error"), strings.HasPrefix(name, "exception"):
			if !isNothing(value) {
				return true
			}
		}
	}
	return false
}

// isNothing reports a value that says nothing: null, false, 0, or an empty text,
// array or object.
func isNothing(value jsontext.Value) bool {
	switch value.Kind() {
	case 'n', 'f':
		return true
	case '0':
		return len(bytes.Trim(value, "0.")) == 0
	case 't':
		return false
	}
	return len(bytes.TrimSpace(value[1:len(value)-1])) == 0
}

// Items are things of a basket or order that this package does not look into,
// each as the vendor writes it. A member of another form is one item.
type Items []jsontext.Value

// UnmarshalJSONFrom reads any value; null is no item.
func (i *Items) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() == '[' {
		return json.UnmarshalDecode(d, (*[]jsontext.Value)(i))
	}
	*i = nil
	value, err := d.ReadValue()
	if err == nil && value.Kind() != 'n' {
		*i = Items{value.Clone()}
	}
	return err
}

// areThings reports whether each is an object that holds something and names no
// error.
func (i Items) areThings() bool {
	for _, item := range i {
		var m Members
		if wire.Unmarshal(item, &m) != nil || len(m) == 0 || m.nameAnError() {
			return false
		}
	}
	return true
}

// Ref names another resource. ID is empty if there is none.
type Ref struct {
	ID string `json:"id"`
}

// UnmarshalJSONFrom reads an object with an id, or the bare id.
func (r *Ref) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain Ref
	*r = Ref{}
	if d.PeekKind() == '{' {
		return json.UnmarshalDecode(d, (*plain)(r), reading)
	}
	return readText(d, &r.ID)
}

// Time is a time as Spektrix writes it: mostly local to the venue and without
// a zone (observed), so that it is no instant until the caller says where.
type Time struct {
	Wall  time.Time // what the venue's clock shows; its zone is UTC unless Zoned. Zero if Text cannot be read
	Zoned bool      // Text names its zone, so Wall is an instant
	Text  string    // as written; empty if there was none
}

// In returns the instant. A time without a zone is taken for one in loc, the
// venue's location; nil is UTC.
func (t Time) In(loc *time.Location) time.Time {
	if loc == nil {
		loc = time.UTC
	}
	w := t.Wall
	if t.Zoned || w.IsZero() {
		return w
	}
	return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond(), loc)
}

// UnmarshalJSONFrom reads any value. One that is not a time is kept as Text.
func (t *Time) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*t = Time{}
	if kind := d.PeekKind(); kind != '"' && kind != 'n' {
		value, err := d.ReadValue()
		t.Text = string(value)
		return err
	}
	if err := readText(d, &t.Text); err != nil {
		return err
	}
	if wall, zoned, err := wire.ParseTime(t.Text); err == nil {
		t.Wall, t.Zoned = wall, zoned
	}
	return nil
}

// MarshalJSONTo writes the text, and null if there was none.
func (t Time) MarshalJSONTo(e *jsontext.Encoder) error {
	if t.Text == "" {
		return e.WriteToken(jsontext.Null)
	}
	return e.WriteToken(jsontext.String(t.Text))
}

// object is an object whose members are the fields of T and others. T has no
// methods of its own for JSON.
type object[T any] struct {
	Fields  *T                        `json:",embed"`
	Members map[string]jsontext.Value `json:",embed"`
}

// readObject reads fields, and what they do not name into members.
func readObject[T any](d *jsontext.Decoder, fields *T, members *Members, opts ...json.Options) error {
	read := object[T]{Fields: fields}
	err := json.UnmarshalDecode(d, &read, opts...)
	*members = read.Members
	return err
}

// writeArray writes n elements.
func writeArray(e *jsontext.Encoder, n int, element func(int) any) error {
	err := e.WriteToken(jsontext.BeginArray)
	for i := 0; i < n && err == nil; i++ {
		err = json.MarshalEncode(e, element(i))
	}
	if err != nil {
		return err
	}
	return e.WriteToken(jsontext.EndArray)
}

// reading is how members are read: their names in any case, and text wherever a
// string is asked for.
var reading = json.JoinOptions(json.MatchCaseInsensitiveNames(true), json.WithUnmarshalers(json.UnmarshalFromFunc(readText)))

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
