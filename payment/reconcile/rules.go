package reconcile

import "github.com/tenderkit/tenderkit/payment"

// Rules say what counts as the same. The zero value matches by exact reference
// and compares kind and amount.
type Rules struct {
	// Compare are further fields that have to be equal where both sides know them.
	Compare []Field
	// Days is by how many days the dates of one payment may differ.
	Days int
	// WithoutReference are the fields, beside kind, amount and day, that match two
	// records of which at least one has no reference. Nil matches none; use an
	// empty slice to match by kind, amount and day alone.
	WithoutReference []Field
	// NetReversals cancels, on one side, what found no match: a record and the one
	// that reverses it, if they add up to nothing.
	NetReversals bool
	// MoneyOnly leaves out what moves no money: authorizations and voids.
	MoneyOnly bool
	// Fold returns the form in which references are compared. Nil compares them as
	// they are.
	Fold func(reference string) string
	// Method returns the right side's name of a method of the left side. Nil takes
	// the names as equal.
	Method func(left string) string
}

// Field names a field of [Record] that [Rules] can compare.
type Field string

// The fields. Kind and Amount are always compared.
const (
	Account Field = "Account"
	Kind    Field = "Kind"
	Amount  Field = "Amount"
	Date    Field = "Date"
	Method  Field = "Method"
	Target  Field = "Target"
)

func (r Rules) check() error {
	if r.Days < 0 {
		return &payment.FieldError{Field: "Rules.Days", Reason: "is negative"}
	}
	for _, list := range [...]struct {
		name   string
		fields []Field
	}{{"Rules.Compare", r.Compare}, {"Rules.WithoutReference", r.WithoutReference}} {
		for _, f := range list.fields {
			switch f {
			case Account, Kind, Amount, Date, Method, Target:
			default:
				return &payment.FieldError{Field: list.name, Reason: "names a field that is not known"}
			}
		}
	}
	return nil
}

// differences compares two records of one reference.
func (r Rules) differences(left, right Record) (list []Difference) {
	add := func(field Field, l, r string) {
		if l != r {
			list = append(list, Difference{field, l, r})
		}
	}
	add(Kind, string(left.Kind), string(right.Kind))
	if !left.Amount.Equal(right.Amount) {
		add(Amount, left.Amount.String(), right.Amount.String())
	}
	for _, f := range r.Compare {
		switch f {
		case Account:
			if known(left.Account != payment.Account{}, right.Account != payment.Account{}) {
				add(f, left.Account.String(), right.Account.String())
			}
		case Date:
			if known(!left.Date.IsZero(), !right.Date.IsZero()) && days(left.Date, right.Date) > r.Days {
				add(f, left.Date.String(), right.Date.String())
			}
		case Method:
			if known(left.Method != "", right.Method != "") && r.method(left.Method) != right.Method {
				add(f, left.Method, right.Method)
			}
		case Target:
			if known(left.Target != "", right.Target != "") {
				add(f, left.Target, right.Target)
			}
		}
	}
	return list
}

// known reports that both sides tell a field: what one does not know differs
// from nothing.
func known(left, right bool) bool { return left && right }

func (r Rules) method(left string) string {
	if r.Method == nil {
		return left
	}
	return r.Method(left)
}

// days counts the days between two dates.
func days(a, b payment.Date) int {
	n := dayNumber(a) - dayNumber(b)
	if n < 0 {
		return -n
	}
	return n
}
