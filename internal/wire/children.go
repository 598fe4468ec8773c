package wire

import (
	"iter"
	"reflect"
	"strconv"
	"strings"
)

// children gives the values inside s, each with the type that encoding/json
// would decode it into. A value that is not what t asks for has none.
func (s span) children(t reflect.Type) iter.Seq2[span, reflect.Type] {
	return func(yield func(span, reflect.Type) bool) {
		l := NewLexer(s.raw(), MaxDepth)
		open, err := l.Next()
		if err != nil || (open.Kind != BeginObject && open.Kind != BeginArray) {
			return
		}
		typeOf := memberType(t, open.Kind)
		key := ""
		for index := 0; typeOf != nil; {
			token, err := l.Next()
			if err != nil || token.Kind == EndObject || token.Kind == EndArray {
				return
			}
			if token.Kind == Key {
				key = string(l.Bytes(token))
				continue
			}
			if token, err = l.Skip(token); err != nil {
				return
			}
			inner := s.child(token, open.Kind, key, index)
			index++
			if innerType := typeOf(key); innerType != nil && !yield(inner, innerType) {
				return
			}
		}
	}
}

func (s span) child(t Token, container Kind, key string, index int) span {
	inner := span{data: s.data, start: s.start + t.Start, end: s.start + t.End}
	if container == BeginObject {
		inner.path = s.path + PathMember(key)
	} else {
		inner.path = s.path + "[" + strconv.Itoa(index) + "]"
	}
	return inner
}

// memberType gives the function that tells the type of a member by its key, or
// nil if t does not decode from that kind of container.
func memberType(t reflect.Type, container Kind) func(key string) reflect.Type {
	kind := t.Kind()
	switch {
	case container == BeginArray && (kind == reflect.Slice || kind == reflect.Array),
		container == BeginObject && kind == reflect.Map:
		return func(string) reflect.Type { return t.Elem() }
	case container == BeginObject && kind == reflect.Struct:
		return func(key string) reflect.Type { return fieldType(t, key) }
	}
	return nil
}

// fieldType finds the field for key: the exact name first, then any case.
func fieldType(t reflect.Type, key string) (found reflect.Type) {
	for _, f := range reflect.VisibleFields(t) {
		tag, _ := f.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		if !f.IsExported() || tag == "-" || (f.Anonymous && name == "") {
			continue
		}
		if name == "" {
			name = f.Name
		}
		if quoted := strings.Contains(options, "string"); quoted || !strings.EqualFold(name, key) {
			continue
		}
		if name == key {
			return f.Type
		}
		if found == nil {
			found = f.Type
		}
	}
	return found
}

// mismatch says why s cannot be a t, without the value.
func (s span) mismatch(t reflect.Type) string {
	token, err := NewLexer(s.raw(), MaxDepth).Next()
	if err != nil {
		return "does not have the expected form"
	}
	due := dueFor(t.Kind())
	if is := token.Kind.String(); is != due && due != "" {
		return "is " + is + " where " + due + " is due"
	}
	if due == "a number" {
		return "is not a number of the expected kind and size"
	}
	return "does not have the expected form"
}

func dueFor(k reflect.Kind) string {
	switch {
	case k >= reflect.Int && k <= reflect.Float64:
		return Number.String()
	case k == reflect.String:
		return String.String()
	case k == reflect.Bool:
		return Bool.String()
	case k == reflect.Struct, k == reflect.Map:
		return BeginObject.String()
	case k == reflect.Slice, k == reflect.Array:
		return BeginArray.String()
	}
	return ""
}
