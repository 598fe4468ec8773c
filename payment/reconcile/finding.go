package reconcile

import "github.com/tenderkit/tenderkit/payment"

// Verdict says what a finding is.
type Verdict string

// The verdicts.
const (
	Matched   Verdict = "matched"   // one record on each side, the same payment
	Missing   Verdict = "missing"   // on the left only
	Extra     Verdict = "extra"     // on the right only
	Differs   Verdict = "differs"   // one on each side under one reference, not equal
	Duplicate Verdict = "duplicate" // more under one reference than the other side accounts for
	Ambiguous Verdict = "ambiguous" // several could match: a person decides
	Netted    Verdict = "netted"    // records of one side that cancel each other
)

// Known reports whether v is one of the verdicts above.
func (v Verdict) Known() bool {
	switch v {
	case Matched, Missing, Extra, Differs, Duplicate, Ambiguous, Netted:
		return true
	}
	return false
}

// Finding is what was found of one payment, or of several that cannot be told
// apart. Every record of both sides stands in exactly one finding.
type Finding struct {
	Verdict     Verdict
	Left, Right []Record
	Differences []Difference // of Differs
	ByRule      bool         // of Matched and Ambiguous: without a reference
}

// Difference is one field that is not equal.
type Difference struct {
	Field       Field
	Left, Right string
}

// Reference returns the first reference that the finding's records have.
func (f Finding) Reference() string {
	for _, list := range [...][]Record{f.Left, f.Right} {
		for _, r := range list {
			if r.Reference != "" {
				return r.Reference
			}
		}
	}
	return ""
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
