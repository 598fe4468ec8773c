package payment

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// differences names the fields in which b is not the payment a. What is not
// named may differ: the time of day, and attributes that say nothing of identity.
func differences(a, b Payment, identity []string) (fields []string) {
	add := func(name string, same bool) {
		if !same {
			fields = append(fields, name)
		}
	}
	add("Kind", a.Kind == b.Kind)
	add("Amount", a.Amount.Equal(b.Amount))
	add("Date", sameDay(a.Date, b.Date))
	add("Method", a.Method == b.Method)
	add("Target", a.Target == b.Target)
	add("Link", a.Link == b.Link)
	add("Reverses", a.Reverses == b.Reverses)
	for _, name := range identity {
		add("Attributes["+name+"]", slices.Equal(values(a, name), values(b, name)))
	}
	return fields
}

// Differences names the fields in which q is not the payment p, as [Once]
// compares two payments under one reference. The time of day and attributes
// do not count, nor does a Method, Target or Link that q leaves open: p may have
// been prepared.
func (p Payment) Differences(q Payment) []string { return differences(p, fillBlanks(q, p), nil) }

// sameDay compares the day that was written, or the instant.
func sameDay(a, b time.Time) bool {
	if a.Equal(b) {
		return true
	}
	y1, m1, d1 := a.Date()
	y2, m2, d2 := b.Date()
	return y1 == y2 && m1 == m2 && d1 == d2
}

func values(p Payment, name string) (list []string) {
	for _, a := range p.Attributes {
		if a.Name == name {
			list = append(list, a.Value)
		}
	}
	return list
}

func identityOf(r Recorder) []string {
	if i, ok := r.(AttributeIdentifier); ok {
		return i.IdentityAttributes()
	}
	return nil
}

// fillBlanks returns p with what it leaves open taken from stored, as Prepare
// would have filled it in.
func fillBlanks(p, stored Payment) Payment {
	if p.Method == "" {
		p.Method = stored.Method
	}
	if p.Target == "" {
		p.Target = stored.Target
	}
	if p.Link == "" {
		p.Link = stored.Link
	}
	given := p
	p.Attributes = slices.Clone(p.Attributes)
	for _, a := range stored.Attributes {
		if len(values(given, a.Name)) == 0 {
			p.Attributes = append(p.Attributes, a)
		}
	}
	return p
}

// mismatch names the fields in which a record is not the payment p.
func mismatch(p Payment, r Receipt) []string {
	fields := slices.Clone(r.Differs)
	add := func(name string) {
		if !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	if r.Reference != p.Reference && r.Reference != "" {
		add("Reference")
	}
	if r.Amount.IsSet() && !r.Amount.Equal(p.Amount) {
		add("Amount")
	}
	return fields
}

func allMismatches(p Payment, list []Receipt) (fields []string) {
	for _, r := range list {
		fields = append(fields, mismatch(p, r)...)
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// validPrefix cuts s to n bytes without cutting a rune.
func validPrefix(s string, n int) string {
	s = s[:n]
	for !utf8.ValidString(s) && s != "" {
		s = s[:len(s)-1]
	}
	return strings.TrimSpace(s) + "…"
}
