package paymenttest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// RoundTripper describes an emulator and its contract to [RoundTrip]. Clauses,
// Facts and Emulator are required.
type RoundTripper struct {
	Clauses []Clause
	Facts   *FactSheet
	// Emulator starts an emulator that is set to facts, a value of the described
	// struct, with everything allowed and all sandbox objects. It ends with the
	// test. A Now and Sleep that move the emulator's clock keep the test short.
	Emulator func(t *testing.T, facts any) Target
	// Combinations is how many random settings are tried; 0 stands for 200. With
	// the race detector it is a tenth of that, and a tenth of the mutations.
	Combinations int
	// Tolerates reports whether nobody needs to notice a mutation, because the
	// vendor documents nothing about the member. Nil tolerates none.
	Tolerates func(m Mutation) bool
}

// RoundTrip checks that the contract finds out how an emulator is set.
//
// On an emulator without settings every clause holds. For each fact and each of
// its values, the run reports that value, and no clause changes its verdict but
// those that name the fact in Decides or Depends. In random combinations, every
// fact that is reported as known is right. An emulator whose answers are mutated
// in ways that no fact names is reported as different, and never ends the run.
func RoundTrip(t *testing.T, r RoundTripper) {
	if err := r.check(); err != nil {
		t.Fatal(err)
	}
	base := r.base(t)
	if t.Failed() {
		return
	}
	t.Run("facts", func(t *testing.T) { r.eachFact(t, base) })
	t.Run("combinations", r.combinations)
	t.Run("mutations", r.mutations)
}

// check names every field that is missing.
func (r RoundTripper) check() error {
	return errors.Join(
		unless(len(r.Clauses) > 0, "RoundTripper.Clauses is empty"),
		unless(r.Facts != nil, "RoundTripper.Facts is not set"),
		unless(r.Emulator != nil, "RoundTripper.Emulator is not set"))
}

func (r RoundTripper) zero() any { return reflect.Zero(r.Facts.typ).Interface() }

// base runs the contract on an emulator without settings.
func (r RoundTripper) base(t *testing.T) Report {
	report := Check(t.Context(), r.Emulator(t, r.zero()), r.Clauses)
	if report.Err != nil {
		t.Fatal(report.Err)
	}
	for _, result := range report.Results {
		if result.Verdict != Holds {
			t.Errorf("%s: %s at %q: seen %q, because %q", result.Clause.ID, result.Verdict, result.Place, result.Seen, result.Why)
		}
		if result.Requests > result.Clause.Requests {
			t.Errorf("%s: %d requests, more than %d", result.Clause.ID, result.Requests, result.Clause.Requests)
		}
	}
	r.checkFacts(t, report, r.zero(), true)
	if report.Took > 2*time.Second && !underRace && !testing.Short() {
		t.Errorf("the run took %s, more than 2 s", report.Took)
	}
	return report
}

// checkFacts compares what is known with how the emulator is set. Where all is
// set, every fact that is not hidden has to be known.
func (r RoundTripper) checkFacts(t *testing.T, report Report, facts any, all bool) {
	t.Helper()
	for _, f := range r.Facts.facts {
		want := reflect.ValueOf(facts).FieldByName(f.Field).Interface()
		k := report.Facts[f.Name]
		switch {
		case !k.isFound() && all && f.Hidden == "":
			t.Errorf("fact %s: %s, want %v", f.Name, k, r.Facts.word(f.Name, want))
		case k.isFound() && !r.Facts.agrees(f, k, want):
			t.Errorf("fact %s: %s by clause %s, want %v", f.Name, k, k.Clause, r.Facts.word(f.Name, want))
		}
	}
}

// agrees reports whether what is known is the value, or an interval with it.
func (s *FactSheet) agrees(f Fact, k Known, want any) bool {
	if k.State == Interval {
		d, ok := f.full(want).(time.Duration)
		return ok && k.Min <= Duration(d) && Duration(d) <= k.Max
	}
	return k.Value == s.word(f.Name, want)
}

// eachFact sets one fact at a time.
func (r RoundTripper) eachFact(t *testing.T, base Report) {
	var mu sync.Mutex
	moved := map[string]bool{} // "clause fact" of declarations that were needed
	t.Run("each", func(t *testing.T) {
		for _, f := range r.Facts.facts {
			for _, v := range f.Values {
				if f.Hidden != "" || r.Facts.isDefault(f.Name, v.Value) {
					continue
				}
				t.Run(fmt.Sprintf("%s=%v", f.Name, r.Facts.word(f.Name, v.Value)), func(t *testing.T) {
					t.Parallel()
					for _, id := range r.oneFact(t, base, f, v.Value) {
						mu.Lock()
						moved[id+" "+f.Name] = true
						mu.Unlock()
					}
				})
			}
		}
	})
	if t.Failed() {
		return
	}
	for _, c := range r.Clauses {
		for _, name := range c.Depends {
			if !moved[c.ID+" "+name] {
				t.Errorf("clause %s names %s in Depends, but no value of it changes the verdict", c.ID, name)
			}
		}
	}
}

// oneFact sets one fact and returns the clauses that changed.
func (r RoundTripper) oneFact(t *testing.T, base Report, f Fact, value any) (changed []string) {
	facts := reflect.New(r.Facts.typ).Elem()
	setValue(facts.FieldByName(f.Field), value)
	target := r.Emulator(t, facts.Interface())
	target.Allow.Exhausts = r.exhausts(f.Name)
	report := Check(t.Context(), target, r.Clauses)
	if report.Err != nil {
		t.Fatal(report.Err)
	}
	k := report.Facts[f.Name]
	if !k.isFound() || !r.Facts.agrees(f, k, value) {
		t.Errorf("fact %s: %s, want %v", f.Name, k, r.Facts.word(f.Name, value))
	}
	for i, result := range report.Results {
		c := result.Clause
		declared := slices.Contains(c.Decides, f.Name) || slices.Contains(c.Depends, f.Name)
		switch was := base.Results[i].Verdict; {
		case result.Verdict == NotTried && slices.Contains(c.Needs, Exhausts):
		case result.Verdict != was && !declared:
			t.Errorf("clause %s: %s at %q (seen %q, because %q), but does not name %s in Decides or Depends", c.ID, result.Verdict, result.Place, result.Seen, result.Why, f.Name)
		case result.Verdict != was:
			changed = append(changed, c.ID)
		case k.Clause == c.ID:
			t.Errorf("clause %s found out %s, but %s", c.ID, f.Name, result.Verdict)
		}
		if result.Verdict == Differs && !slices.Contains(c.Decides, f.Name) && len(result.odd) > 0 {
			t.Errorf("clause %s: %s, but only %s is set", c.ID, strings.Join(result.odd, ", "), f.Name)
		}
	}
	r.checkFacts(t, report, facts.Interface(), false)
	return changed
}

// exhausts reports whether the fact takes a clause that exhausts the account.
// Others are spared it, because it is slow.
func (r RoundTripper) exhausts(name string) bool {
	return slices.ContainsFunc(r.Clauses, func(c Clause) bool {
		return slices.Contains(c.Needs, Exhausts) && (slices.Contains(c.Decides, name) || slices.Contains(c.Depends, name))
	})
}

// combinations sets many facts at a time, at random.
func (r RoundTripper) combinations(t *testing.T) {
	n := r.Combinations
	if n == 0 {
		n = 200
	}
	if underRace {
		n = (n + 9) / 10
	}
	for i := range n {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			facts := r.Facts.random(rand.New(rand.NewPCG(uint64(i), 12))).Interface()
			target := r.Emulator(t, facts)
			target.Allow.Exhausts = i%20 == 0 // it is slow
			report := Check(t.Context(), target, r.Clauses)
			if report.Err != nil {
				t.Fatal(report.Err)
			}
			r.checkFacts(t, report, facts, false)
			if t.Failed() {
				t.Logf("set to %+v", facts)
			}
		})
	}
}
