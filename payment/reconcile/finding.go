package reconcile

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
