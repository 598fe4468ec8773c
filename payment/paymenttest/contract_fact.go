package paymenttest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
)

// FactSheet describes the Facts struct of an emulator: the JSON name of each
// field and the values that it can take. A field that no [Fact] describes has
// the name of its json tag, or its Go name with a small first letter (IDPrefix
// is idPrefix), and if it is a bool the values false and true.
type FactSheet struct {
	typ   reflect.Type
	facts []Fact
}

// Fact is one field of a Facts struct.
type Fact struct {
	Field string // Go name
	Name  string // JSON name, which never changes; "" derives it
	// Values are what the field can take, or samples of it, the default first.
	Values []Value
	// Zero is what the field's zero value stands for; nil is the zero value itself.
	Zero any
	// Hidden says why no run of the contract can find it out. "" if one can.
	Hidden string
}

// Value is one value of a fact.
type Value struct {
	Value any
	Word  string // in JSON and for people; "" writes the value itself
}

// NewFactSheet describes the struct that zero is a value of.
func NewFactSheet(zero any, described ...Fact) *FactSheet {
	s := &FactSheet{typ: reflect.TypeOf(zero)}
	for i := range s.typ.NumField() {
		field := s.typ.Field(i)
		f := Fact{Field: field.Name}
		if at := slices.IndexFunc(described, func(d Fact) bool { return d.Field == field.Name }); at >= 0 {
			f = described[at]
		}
		if f.Name == "" {
			f.Name = jsonName(field)
		}
		if f.Values == nil && field.Type.Kind() == reflect.Bool {
			f.Values = []Value{{Value: false}, {Value: true}}
		}
		s.facts = append(s.facts, f)
	}
	return s
}

// Names returns the JSON names of all facts, in the order of the struct.
func (s *FactSheet) Names() []string {
	var names []string
	if s != nil {
		for _, f := range s.facts {
			names = append(names, f.Name)
		}
	}
	return names
}

// jsonName returns the name in the json tag, or the Go name with its leading
// capitals made small.
func jsonName(field reflect.StructField) string {
	if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
		return name
	}
	letters := []rune(field.Name)
	for i, r := range letters {
		if !unicode.IsUpper(r) || i > 0 && i+1 < len(letters) && unicode.IsLower(letters[i+1]) {
			break
		}
		letters[i] = unicode.ToLower(r)
	}
	return string(letters)
}

func (s *FactSheet) find(name string) (Fact, bool) {
	if s == nil {
		return Fact{}, false
	}
	i := slices.IndexFunc(s.facts, func(f Fact) bool { return f.Name == name })
	if i < 0 {
		return Fact{}, false
	}
	return s.facts[i], true
}

func (s *FactSheet) has(name string) bool {
	_, ok := s.find(name)
	return ok
}

// full returns what the value stands for.
func (f Fact) full(value any) any {
	if f.Zero != nil && (value == nil || reflect.ValueOf(value).IsZero()) {
		return f.Zero
	}
	return value
}

// word returns the value as JSON shows it: a bool, a number or a string.
func (s *FactSheet) word(name string, value any) any {
	f, _ := s.find(name)
	for _, v := range f.Values {
		if v.Word != "" && reflect.DeepEqual(f.full(v.Value), f.full(value)) {
			return v.Word
		}
	}
	return jsonValue(f.full(value))
}

func jsonValue(value any) any {
	switch v := value.(type) {
	case time.Duration:
		return v.String()
	case fmt.Stringer:
		if rv := reflect.ValueOf(v); rv.Kind() != reflect.Pointer || !rv.IsNil() {
			return v.String()
		}
		return nil
	}
	switch rv := reflect.ValueOf(value); rv.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return rv.Int()
	case reflect.String:
		return rv.String()
	case reflect.Bool:
		return rv.Bool()
	}
	return nil
}

// isDefault reports whether the value is what the field's zero value stands for.
func (s *FactSheet) isDefault(name string, value any) bool {
	f, ok := s.find(name)
	if !ok {
		return true
	}
	field, _ := s.typ.FieldByName(f.Field)
	return s.word(name, value) == s.word(name, reflect.Zero(field.Type).Interface())
}

// Apply sets the fields of the struct that facts points to, which is of the
// described type, to what is known. A fact between two bounds becomes the upper
// one. What is not known stays.
func (s *FactSheet) Apply(known map[string]Known, facts any) error {
	to := reflect.ValueOf(facts)
	if to.Kind() != reflect.Pointer || to.Elem().Type() != s.typ {
		return fmt.Errorf("facts are not a *%s", s.typ)
	}
	for _, f := range s.facts {
		k, ok := known[f.Name]
		if !ok || k.State != Seen && k.State != Interval {
			continue
		}
		if err := f.set(to.Elem().FieldByName(f.Field), k); err != nil {
			return fmt.Errorf("fact %s: %w", f.Name, err)
		}
	}
	return nil
}

func (f Fact) set(field reflect.Value, k Known) error {
	if k.State == Interval {
		field.SetInt(int64(k.Max))
		return nil
	}
	for _, v := range f.Values {
		if v.Word != "" && v.Word == fmt.Sprint(k.Value) {
			field.Set(reflect.ValueOf(v.Value).Convert(field.Type()))
			return nil
		}
	}
	if text, ok := k.Value.(string); ok && field.Type() == reflect.TypeFor[time.Duration]() {
		d, err := time.ParseDuration(text)
		field.SetInt(int64(d))
		return err
	}
	if text, ok := k.Value.(string); ok && field.Kind() != reflect.String {
		return fmt.Errorf("%q is not one of its values", text)
	}
	data, err := json.Marshal(k.Value)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, field.Addr().Interface())
}

// random returns a value of the struct with a random value in each field.
func (s *FactSheet) random(r *rand.Rand) reflect.Value {
	facts := reflect.New(s.typ).Elem()
	for _, f := range s.facts {
		if len(f.Values) > 0 && r.IntN(2) == 0 {
			setValue(facts.FieldByName(f.Field), f.Values[r.IntN(len(f.Values))].Value)
		}
	}
	return facts
}

func setValue(field reflect.Value, value any) {
	if value == nil {
		field.SetZero()
		return
	}
	field.Set(reflect.ValueOf(value).Convert(field.Type()))
}
