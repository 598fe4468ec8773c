package brightpearl

import "time"

// Period is a span of time in a search. A zero From or To leaves that side
// open; an open start is inferred to be understood.
type Period struct{ From, To time.Time }

// IsZero reports a period without either side, which filters nothing.
func (p Period) IsZero() bool { return p.From.IsZero() && p.To.IsZero() }

// String gives the form that is sent: FROM/TO, FROM/ (observed) or /TO (inferred).
func (p Period) String() string { return periodSide(p.From) + "/" + periodSide(p.To) }

func periodSide(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return timestamp(t).String()
}

// contains compares in whole seconds, which is what was sent.
func (p Period) contains(t time.Time) bool {
	from, to := p.From.Truncate(time.Second), p.To.Truncate(time.Second)
	return (p.From.IsZero() || !t.Before(from)) && (p.To.IsZero() || t.Before(to.Add(time.Second)))
}

func (p Period) check(field string) error {
	switch {
	case !p.From.IsZero() && !p.To.IsZero() && p.To.Before(p.From):
		return invalid(field, "ends before it starts")
	case !p.From.IsZero() && !writable(p.From) || !p.To.IsZero() && !writable(p.To):
		return invalid(field, "is outside the years 0001 to 9999")
	}
	return nil
}
