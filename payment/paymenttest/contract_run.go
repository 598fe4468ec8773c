package paymenttest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
)

// Check tries the clauses against the target, one after the other, and reports
// what it found. It only reads unless Target.Allow says more. A difference is
// tried a second time before it is reported.
//
// A run whose context ends returns what it has found and written so far. Clauses
// that use bad logins or exhaust the account's requests come last.
func Check(ctx context.Context, target Target, clauses []Clause) Report {
	r := newContractRun(&target)
	report := r.check(ctx, clauses)
	report.Facts = known(target.Facts, clauses, report.Results, r.facts)
	return report
}

// Contract runs [Check] as a test with one subtest for each clause. A clause that
// differs fails; one that was not decided is skipped with the reason.
func Contract(t *testing.T, target Target, clauses []Clause) Report {
	t.Helper()
	report := Check(t.Context(), target, clauses)
	if report.Err != nil {
		t.Fatal(report.Err)
	}
	for _, result := range report.Results {
		t.Run(result.Clause.ID, func(t *testing.T) {
			switch result.Verdict {
			case Holds:
			case Differs:
				t.Errorf("%s: expected: %s; seen: %s", result.Place, result.Expected, result.Seen)
			default:
				t.Skipf("%s: %s", result.Verdict, result.Why)
			}
		})
	}
	for _, w := range report.Written {
		t.Log("written and not undone: ", w)
	}
	return report
}

// contractRun is one run of Check.
type contractRun struct {
	target     *Target
	door       *door
	raw        *http.Client
	client     any
	seed       string
	references int
	began      time.Time
	patience   time.Duration
	shared     map[string]any
	facts      map[string]Known
	atEnd      []func(context.Context) error

	mu      sync.Mutex
	written []*Written
}

func newContractRun(target *Target) *contractRun {
	d := &door{target: target, now: target.Now, sleep: target.Sleep, next: target.Transport, left: target.Budget}
	if d.now == nil {
		d.now = time.Now
	}
	if d.sleep == nil {
		d.sleep = sleepFor
	}
	if d.left == 0 {
		d.left = 1000
	}
	r := &contractRun{
		target: target, door: d, seed: target.Seed, patience: target.Patience,
		shared: map[string]any{}, facts: map[string]Known{}, began: d.now().UTC().Truncate(time.Second),
	}
	if r.seed == "" {
		r.seed = strings.ToLower(rand.Text()[:8])
	}
	if r.patience == 0 {
		r.patience = 15 * time.Second
	}
	r.raw = &http.Client{
		Transport: d, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return r
}

func sleepFor(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *contractRun) check(ctx context.Context, clauses []Clause) (report Report) {
	report = Report{Vendor: r.target.Vendor, Account: r.target.Account, Host: hostOf(r.target.URL), Began: r.began}
	started := time.Now()
	if r.door.next == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		defer own.CloseIdleConnections()
		r.door.next = own
	}
	if report.Err = r.prepare(ctx, clauses); report.Err == nil {
		for _, c := range ordered(clauses) {
			if c.disturbs() {
				r.undo(ctx) // while the vendor still answers
			}
			result := r.try(ctx, c)
			if r.target.Done != nil {
				r.target.Done(result)
			}
			report.Results = append(report.Results, result)
		}
		report.Err = ctx.Err()
	}
	r.undo(ctx)
	report.Written, report.Took, report.Requests = r.left(), time.Since(started), r.spent()
	return report
}

// ordered puts the clauses that disturb others last.
func ordered(clauses []Clause) []Clause {
	sorted := slices.Clone(clauses)
	slices.SortStableFunc(sorted, func(a, b Clause) int {
		switch {
		case a.disturbs() == b.disturbs():
			return 0
		case b.disturbs():
			return -1
		}
		return 1
	})
	return sorted
}

// prepare refuses a run that cannot be meant, connects, and asks whether
// credentials and sandbox objects are there. It only reads.
func (r *contractRun) prepare(ctx context.Context, clauses []Clause) error {
	if err := r.target.check(clauses); err != nil {
		return err
	}
	client := &http.Client{Transport: r.door}
	timeout := 30 * time.Second
	var err error
	r.client, err = r.target.Connect(Connection{
		URL: r.target.URL, HTTPClient: client, Timeout: timeout,
		Options: []tenderkit.Option{
			tenderkit.WithHTTPClient(client), tenderkit.WithTimeout(timeout),
			tenderkit.WithRetries(1), tenderkit.WithBackoff(0, 10*time.Millisecond),
		},
	})
	if err != nil || r.target.Preflight == nil {
		return err
	}
	t := &Trial{run: r, clause: Clause{ID: "preflight"}, facts: map[string]Known{}}
	r.door.begin(false)
	err = t.guarded(ctx, r.target.Preflight)
	if errors.Is(err, payment.ErrUnauthorized) {
		return fmt.Errorf("the credentials are refused, nothing was written: %w", err)
	}
	if err != nil {
		return fmt.Errorf("nothing was written: %w", err)
	}
	return nil
}

func (t *Target) check(clauses []Clause) error {
	problems := []error{
		unless(t.Vendor != "", "Target.Vendor is empty"),
		unless(t.Account != "", "Target.Account is empty"),
		unless(t.URL != "", "Target.URL is empty"),
		unless(t.Connect != nil, "Target.Connect is not set"),
	}
	if t.Allow.Write && t.Allow.Account != t.Account {
		problems = append(problems, fmt.Errorf("writing is allowed for the account %q, but this is %q: nothing was sent", t.Allow.Account, t.Account))
	}
	ids := map[string]bool{}
	for _, c := range clauses {
		problems = append(problems,
			unless(c.ID != "" && !ids[c.ID], "the clause id "+c.ID+" is empty or taken"),
			unless(c.Probe != nil, "clause "+c.ID+" has no probe"))
		ids[c.ID] = true
		for _, name := range slices.Concat(c.Decides, c.Depends) {
			problems = append(problems, unless(t.Facts.has(name), "clause "+c.ID+" speaks of an unknown fact "+name))
		}
	}
	return errors.Join(problems...)
}

func (r *contractRun) spent() int {
	whole := r.target.Budget
	if whole == 0 {
		whole = 1000
	}
	return whole - r.door.budget()
}
