package backendpay

const clears = "would clear the field, which the vendor does not document; AllowClear sends it"

// fieldRules are the rules for the fields of one update.
type fieldRules struct {
	of         string // its type, for errors
	allowClear bool
}

// checkField checks a value, and whether null is allowed.
func checkField[T any](r fieldRules, name string, f Field[T], check func(field string, v T) error) error {
	name = r.of + "." + name
	if f.IsNull() && !r.allowClear {
		return invalid(name, clears)
	}
	if v, ok := f.Get(); ok {
		return check(name, v)
	}
	return nil
}

// checkTextField is checkField for text, which may be empty only if null may be.
func checkTextField[S ~string](r fieldRules, name string, f Field[S], check func(field, s string) error) error {
	return checkField(r, name, f, func(field string, s S) error {
		if s == "" && !r.allowClear {
			return invalid(field, clears)
		}
		return check(field, string(s))
	})
}

func asIs[T any](v T) any { return v }

func addField[T any](b *body, name string, f Field[T], form func(T) any) {
	if v, ok := f.Get(); ok {
		b.add(name, form(v))
	} else if f.IsNull() {
		b.add(name, nil)
	}
}

// shows compares; null asks for a field that is not set, the zero value here.
func shows[T comparable](asked Field[T], is T) bool {
	return showsBy(asked, is, func(a, b T) bool { return a == b })
}

// showsBy is shows for a type with its own equality.
func showsBy[T any](asked Field[T], is T, equal func(a, b T) bool) bool {
	v, _ := asked.Get()
	return asked.IsZero() || equal(v, is)
}
