package paymenttest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// try tries a clause, a second time if it differs.
func (r *contractRun) try(ctx context.Context, c Clause) Result {
	if why := r.refuse(ctx, c); why != "" {
		return Result{Clause: c, Verdict: NotTried, Why: why, Expected: c.Statement}
	}
	if r.target.Announce != nil {
		r.target.Announce(c)
	}
	first := r.trial(ctx, c)
	if first.result.Verdict != Differs {
		r.learn(first)
		return first.result
	}
	second := r.trial(ctx, c)
	second.result.Requests += first.result.Requests
	if second.result.Verdict == Differs && second.result.Seen == first.result.Seen {
		r.learn(second)
		return second.result
	}
	if second.result.Verdict == Differs && second.agrees(first) {
		r.learn(second)
		return second.result
	}
	second.result.Verdict = Inconclusive
	second.result.Why = fmt.Sprintf("two trials disagree: first %s, then %s", first.result.short(), second.result.short())
	return second.result
}

// agrees reports whether two trials differ in the same place and saw the same
// facts; times and numbers in the text may vary.
func (t *Trial) agrees(other *Trial) bool {
	for name, k := range t.facts {
		o := other.facts[name]
		if k.State != o.State || k.Value != o.Value {
			return false
		}
	}
	return t.result.Place == other.result.Place
}

func (r Result) short() string {
	if r.Verdict == Differs {
		return r.Seen
	}
	return strings.TrimSuffix(string(r.Verdict)+" "+r.Why, " ")
}

// refuse returns why the clause is not tried, or "".
func (r *contractRun) refuse(ctx context.Context, c Clause) string {
	if ctx.Err() != nil {
		return "the run was interrupted"
	}
	for _, n := range c.needs() {
		if !r.target.Allow.has(n) {
			return "needs to be allowed: " + string(n)
		}
	}
	for _, name := range c.Objects {
		if r.target.Objects[name] == "" {
			return "needs the sandbox object " + name
		}
	}
	if c.Requests > r.door.budget() {
		return errBudget.Error()
	}
	return ""
}

func (r *contractRun) trial(ctx context.Context, c Clause) *Trial {
	t := &Trial{run: r, clause: c, result: Result{Clause: c}, facts: map[string]Known{}}
	r.door.begin(c.writes())
	before := r.door.budget()
	err := t.guarded(ctx, c.Probe)
	t.judge(err)
	for _, e := range t.Exchanges() {
		if r.target.spy != nil {
			r.target.spy(c, e)
		}
	}
	t.result.Requests = before - r.door.budget()
	if ctx.Err() != nil && t.result.Verdict != Holds {
		t.result.Verdict, t.result.Why = Inconclusive, "the run was interrupted"
	}
	return t
}

// guarded turns a panic of a probe into its error.
func (t *Trial) guarded(ctx context.Context, probe func(context.Context, *Trial) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = t.Inconclusive("the probe panicked: %v", p)
		}
	}()
	return probe(ctx, t)
}

// learn keeps the facts of a trial. Two clauses that saw different things leave
// a fact undecided.
func (r *contractRun) learn(t *Trial) {
	if v := t.result.Verdict; v != Holds && v != Differs && v != NotDecidable {
		return
	}
	for name, k := range t.facts {
		old, ok := r.facts[name]
		switch {
		case !ok || old.State == Masked:
			r.facts[name] = k
		case k.State == Masked:
		case old.State == Seen && k.State == Seen && old.Value != k.Value:
			r.facts[name] = Known{State: Undecided, Clause: k.Clause, Why: "also seen by " + old.Clause + ", which disagrees"}
		}
	}
}

// undo runs what was left for the end, latest first.
func (r *contractRun) undo(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	r.door.begin(true)
	for _, undo := range slices.Backward(r.atEnd) {
		t := &Trial{run: r}
		_ = t.guarded(ctx, func(ctx context.Context, _ *Trial) error { return undo(ctx) })
	}
	r.atEnd = nil
}

// left returns what was written and not undone.
func (r *contractRun) left() (left []Written) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range r.written {
		if !w.Undone {
			left = append(left, *w)
		}
	}
	return left
}

// known fills in what no trial has told.
func known(sheet *FactSheet, clauses []Clause, results []Result, seen map[string]Known) map[string]Known {
	all := map[string]Known{}
	for _, name := range sheet.Names() {
		k, ok := seen[name]
		if !ok {
			k = whyUnknown(sheet, name, clauses, results)
		}
		all[name] = k
	}
	return all
}

func whyUnknown(sheet *FactSheet, name string, clauses []Clause, results []Result) Known {
	k := Known{State: NeverTried, Why: "no clause decides it"}
	if f, _ := sheet.find(name); f.Hidden != "" {
		return Known{State: Undecided, Why: f.Hidden}
	}
	for _, r := range results {
		if !slices.Contains(r.Clause.Decides, name) {
			continue
		}
		k.Clause, k.Why = r.Clause.ID, r.Why
		if r.Verdict == Differs || r.Verdict == Holds {
			k.Why = r.Seen
		}
		if r.Verdict != NotTried && r.Verdict != Forbidden {
			k.State = Undecided
			return k
		}
	}
	return k
}
