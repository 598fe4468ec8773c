package payment

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// asked is a vendor whose word on duplicates fails at first.
type asked struct {
	*vendor
	failures int
}

func (a *asked) RefusesDuplicates(context.Context, Payment) (bool, error) {
	if a.failures > 0 {
		a.failures--
		return false, ErrUnavailable
	}
	return true, nil
}

func scripted(records ...func(Payment) (Receipt, error)) *vendor {
	return &vendor{records: records}
}

// A refusal may mean that the payment stands. It is the answer only if the
// vendor could be asked to the end.
func TestRefusalIsNotBelievedTooEarly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		recorder func() Recorder
		ends     time.Duration // of the context; 0: it does not
		want     error
	}{
		"nothing shows":            {func() Recorder { return refuser{scripted(refuses)} }, 0, ErrInvalid},
		"the looks fail":           {func() Recorder { v := scripted(refuses); v.lookErr = ErrUnavailable; return refuser{v} }, 0, ErrOutcomeUnknown},
		"nobody can look":          {func() Recorder { v := scripted(refuses); v.lookErr = ErrNoLookup; return refuser{v} }, 0, ErrOutcomeUnknown},
		"the context ends":         {func() Recorder { return refuser{scripted(refuses)} }, 2 * time.Second, ErrOutcomeUnknown},
		"the word fails":           {func() Recorder { return &asked{scripted(refuses), 1} }, 0, ErrInvalid},
		"the word and looks fail":  {func() Recorder { v := scripted(refuses); v.lookErr = ErrUnavailable; return &asked{v, 1} }, 0, ErrOutcomeUnknown},
		"the vendor takes doubles": {func() Recorder { return scripted(refuses) }, 0, ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if c.ends > 0 {
					defer time.AfterFunc(c.ends, cancel).Stop()
				}
				_, err := Once(ctx, c.recorder(), sale(t), WithFirstTry())
				if !errors.Is(err, c.want) || c.want == ErrOutcomeUnknown && errors.Is(err, ErrInvalid) {
					t.Errorf("err %v, want %v", err, c.want)
				}
				if c.want == ErrOutcomeUnknown && !strings.Contains(err.Error(), "perhaps as a duplicate") {
					t.Errorf("the refusal is lost: %v", err)
				}
			})
		})
	}
}

// A Recorder that gives an error of its own does not say that nothing happened.
func TestForeignErrorIsUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken pipe")
		v := scripted(func(Payment) (Receipt, error) { return Receipt{}, broken })
		_, err := Once(t.Context(), v, sale(t), WithFirstTry())
		var e *UnresolvedError
		if !errors.As(err, &e) || !errors.Is(err, broken) || !errors.Is(e.Err, ErrOutcomeUnknown) || v.looks != 5 {
			t.Errorf("err %v after %d looks", err, v.looks)
		}
	})
}

// A look that is answered with status 409 shows nothing.
func TestStatusConflictOfALook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := scripted(lostBefore)
		v.lookErr = &Error{Vendor: "test", Op: "Find", Status: 409, Err: ErrConflict}
		if _, err := Once(t.Context(), v, sale(t), WithFirstTry()); !errors.Is(err, ErrOutcomeUnknown) || errors.Is(err, ErrConflict) {
			t.Errorf("err %v", err)
		}
	})
}

// The settle time of a second write begins when that write was last heard of.
func TestSettleBeginsAfterTheWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ended []time.Time
		slow := func(Payment) (Receipt, error) {
			time.Sleep(time.Hour) // of the bubble's clock
			ended = append(ended, time.Now())
			return Receipt{}, unknown()
		}
		v := scripted(slow)
		_, err := Once(t.Context(), v, sale(t), WithFirstTry(), WithPatience(1, 1), WithSettle(time.Minute))
		if !errors.Is(err, ErrOutcomeUnknown) || v.writes != maxWrites {
			t.Fatalf("err %v after %d writes", err, v.writes)
		}
		for i, end := range ended[:len(ended)-1] {
			if next := ended[i+1].Add(-time.Hour); next.Sub(end) != time.Minute {
				t.Errorf("write %d began %v after the one before", i+2, next.Sub(end))
			}
		}
	})
}

// A payment that the Recorder refuses unsent is not one whose outcome is
// unknown; nor is anything asked after the context has ended.
func TestResumeOfARefusedPayment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := &vendor{lookErr: &FieldError{Field: "Payment.Target", Reason: "is not a number"}}
		_, err := Resume(t.Context(), v, sale(t))
		var f *FieldError
		if !errors.As(err, &f) || errors.Is(err, ErrOutcomeUnknown) || v.writes != 0 || v.looks != 1 {
			t.Errorf("err %v after %d writes and %d looks", err, v.writes, v.looks)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := Resume(ctx, v, sale(t)); !errors.Is(err, context.Canceled) || errors.Is(err, ErrInvalid) || v.looks != 1 {
			t.Errorf("err %v after %d looks", err, v.looks)
		}
	})
}

// Looks that fail at first do not end Resume.
func TestResumeIsPatient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := scripted((&vendor{}).works())
		a := &asked{v, 1}
		if _, err := Resume(t.Context(), a, sale(t)); err != nil || v.writes != 1 || v.looks != 5 {
			t.Errorf("err %v after %d writes and %d looks", err, v.writes, v.looks)
		}
	})
}

func TestErrorsEncodeWithoutPersonalData(t *testing.T) {
	t.Parallel()
	p := sale(t)
	p.Target, p.Attributes = "S3NTINEL", []Attribute{{"name", "S3NTINEL"}}
	unresolved, conflict := UnresolvedError{Payment: p, Err: unknown()}, ConflictError{Want: p, Got: []Receipt{{Raw: json.RawMessage(`"S3NTINEL"`)}}}
	for _, e := range []any{unresolved, &unresolved, conflict, &conflict} {
		b, err := json.Marshal(e)
		if err != nil || strings.Contains(string(b), "S3NTINEL") || !strings.Contains(string(b), "ref-1") {
			t.Errorf("%T: %s, err %v", e, b, err)
		}
	}
}
