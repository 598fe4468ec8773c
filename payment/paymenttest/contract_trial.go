package paymenttest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Trial is one try of a clause, as its probe sees it. It is used by one
// goroutine.
type Trial struct {
	run    *contractRun
	clause Clause
	result Result
	facts  map[string]Known
	moved  bool // a redirect was expected
}

// Client returns the vendor's client that [Target.Connect] made. A vendor's
// package asserts its own type.
func (t *Trial) Client() any { return t.run.client }

// Object returns the sandbox object with that name, or "".
func (t *Trial) Object(name string) string { return t.run.target.Objects[name] }

// Reference returns a new reference that begins with "contract-". It has 30
// bytes at most.
func (t *Trial) Reference() string {
	t.run.references++
	return "contract-" + t.run.seed + "-" + strconv.Itoa(t.run.references)
}

// Now returns the time by the run's clock, in UTC.
func (t *Trial) Now() time.Time { return t.run.door.now().UTC() }

// Began returns when the run began, in whole seconds and UTC.
func (t *Trial) Began() time.Time { return t.run.began }

// Sleep waits on the run's clock.
func (t *Trial) Sleep(ctx context.Context, d time.Duration) error { return t.run.door.sleep(ctx, d) }

// Await calls look until it reports true, with waits between that double from
// 50 ms on, for the Target's patience. It reports whether look ever did.
func (t *Trial) Await(ctx context.Context, look func() (bool, error)) (bool, error) {
	wait, waited := 50*time.Millisecond, time.Duration(0)
	for {
		found, err := look()
		if found || err != nil {
			return found, err
		}
		if waited >= t.run.patience {
			return false, nil
		}
		wait = min(wait, t.run.patience-waited)
		if err := t.Sleep(ctx, wait); err != nil {
			return false, err
		}
		waited += wait
		wait *= 2
	}
}

// Send sends a raw request. Redirects are not followed. An error is one of the
// network or of the run; any answer is an Exchange.
func (t *Trial) Send(ctx context.Context, r Raw) (Exchange, error) {
	req, err := r.build(ctx, t.run.target)
	if err != nil {
		return Exchange{}, err
	}
	resp, err := t.run.raw.Do(req)
	if err != nil {
		if u := new(url.Error); errors.As(err, &u) {
			err = u.Err // the URL may hold credentials
		}
		return Exchange{}, t.Inconclusive("no answer to %s %s: %v", req.Method, req.URL.Path, err)
	}
	_ = resp.Body.Close()
	return t.Last(), nil
}

// Get sends a raw GET.
func (t *Trial) Get(ctx context.Context, path string) (Exchange, error) {
	return t.Send(ctx, Raw{Path: path})
}

// Exchanges returns all exchanges of this trial so far, those of the client
// included.
func (t *Trial) Exchanges() []Exchange { return t.run.door.exchanges() }

// Last returns the last exchange of this trial.
func (t *Trial) Last() Exchange {
	all := t.Exchanges()
	if len(all) == 0 {
		return Exchange{}
	}
	return all[len(all)-1]
}

// ExpectRedirect keeps a redirect from counting as a difference.
func (t *Trial) ExpectRedirect() { t.moved = true }

// Expect notes what the probe expects. Without it, that is the statement.
func (t *Trial) Expect(format string, args ...any) { t.result.Expected = fmt.Sprintf(format, args...) }

// See notes what was seen. It must not hold credentials or personal data.
func (t *Trial) See(format string, args ...any) { t.result.Seen = fmt.Sprintf(format, args...) }

// Advise names an option to set, because of what was seen.
func (t *Trial) Advise(format string, args ...any) {
	t.result.Advice = append(t.result.Advice, fmt.Sprintf(format, args...))
}

// Fact notes the value of a fact. If it is not the default, the clause differs.
func (t *Trial) Fact(name string, value any) {
	if !t.decides(name) {
		return
	}
	t.facts[name] = Known{State: Seen, Value: t.run.target.Facts.word(name, value), Clause: t.clause.ID}
	if !t.run.target.Facts.isDefault(name, value) {
		t.result.odd = append(t.result.odd, fmt.Sprintf("%s is %v", name, t.facts[name].Value))
	}
}

// Between notes that a fact, which is a duration, lies between both. If it is
// above 0, the clause differs.
func (t *Trial) Between(name string, low, high time.Duration) {
	if !t.decides(name) {
		return
	}
	t.facts[name] = Known{State: Interval, Min: Duration(low), Max: Duration(high), Clause: t.clause.ID}
	if low > 0 {
		t.result.odd = append(t.result.odd, fmt.Sprintf("%s is between %s and %s", name, low, high))
	}
}

// Mask notes that a fact cannot be found out here, and why.
func (t *Trial) Mask(name, why string) {
	if t.decides(name) {
		t.facts[name] = Known{State: Masked, Why: why, Clause: t.clause.ID}
	}
}

// decides reports whether the clause says that it decides the fact. A fact that
// it does not name is a mistake of the clause, which the result tells.
func (t *Trial) decides(name string) bool {
	ok := slices.Contains(t.clause.Decides, name) && t.run.target.Facts.has(name)
	if !ok {
		t.result.mistake = "the clause does not say that it decides " + name
	}
	return ok
}

// Writing notes what is about to be written, before it is. What is neither
// refused nor undone is listed at the end of the run.
func (t *Trial) Writing(format string, args ...any) *Written {
	w := &Written{Clause: t.clause.ID, What: fmt.Sprintf(format, args...)}
	t.run.mu.Lock()
	defer t.run.mu.Unlock()
	t.run.written = append(t.run.written, w)
	return w
}

// AtEnd runs undo at the end of the run, also of one that was interrupted, if
// deleting is allowed.
func (t *Trial) AtEnd(undo func(ctx context.Context) error) {
	if t.run.target.Allow.has(Delete) {
		t.run.atEnd = append(t.run.atEnd, undo)
	}
}

// Share returns what make returned when it was first called for the key in this
// run, so that several clauses can look at one record. An error is not kept.
func Share[T any](t *Trial, key string, make func() (T, error)) (T, error) {
	if kept, ok := t.run.shared[key].(T); ok {
		return kept, nil
	}
	made, err := make()
	if err == nil {
		t.run.shared[key] = made
	}
	return made, err
}
