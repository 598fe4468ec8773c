package payment

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A refusal that the Store remembers may be older than a write that the Store has
// lost: the vendor is asked first.
func TestRefusedBeforeALoss(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v, s := &vendor{}, newShelf()
		v.records = []func(Payment) (Receipt, error){refuses, v.store}
		if _, err := Once(t.Context(), v, sale(t), WithStore(s)); !errors.Is(err, ErrInvalid) {
			t.Fatal(err)
		}
		_, _ = v.store(sale(t)) // by a call that the Store has lost
		s.certain = false
		receipt, err := Once(t.Context(), v, sale(t), WithStore(s))
		if err != nil || !receipt.AlreadyRecorded || v.writes != 1 {
			t.Errorf("receipt %v, err %v after %d writes", receipt, err, v.writes)
		}
	})
}

// After an unknown outcome a refusal, or a write that was not sent, says nothing
// of the first write: the entry stays in doubt.
func TestDoubtOutlastsAClearAnswer(t *testing.T) {
	t.Parallel()
	for name, second := range map[string]func(Payment) (Receipt, error){
		"refused":  refuses,
		"not sent": unsent,
		"not allowed": func(Payment) (Receipt, error) {
			return Receipt{}, &Error{Vendor: "test", Op: "Record", Status: 403, Err: ErrForbidden}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				v, s := &vendor{}, newShelf()
				v.records = []func(Payment) (Receipt, error){lostBefore, second}
				_, err := Once(t.Context(), v, sale(t), WithStore(s), WithSettle(time.Hour))
				if !errors.Is(err, ErrOutcomeUnknown) || v.writes != 2 {
					t.Errorf("err %v after %d writes", err, v.writes)
				}
				if got := entryOf(t, s, v).Status; got != Begun {
					t.Errorf("the entry is %s", got)
				}
				if _, err := Once(t.Context(), v, sale(t), WithStore(s)); !errors.Is(err, ErrOutcomeUnknown) || v.writes != 2 {
					t.Errorf("then: err %v after %d writes", err, v.writes)
				}
			})
		})
	}
}

// Resume asks the vendor although the Store is certain, once it has created the
// entry itself: the payment may have been handed over without a trace.
func TestResumeDoesNotTrustTheStore(t *testing.T) {
	t.Parallel()
	v, s := &vendor{}, newShelf()
	v.records = always(v.store)
	_, _ = v.store(sale(t))
	receipt, err := Resume(t.Context(), v, sale(t), WithStore(s))
	if err != nil || !receipt.AlreadyRecorded || v.writes != 0 {
		t.Errorf("receipt %v, err %v after %d writes", receipt, err, v.writes)
	}
}

// The writes of an entry are counted over all calls.
func TestWritesOfAllCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v, s := &vendor{}, newShelf()
		v.records = always(lostBefore)
		for i, opts := range [][]OnceOption{nil, {WithSettle(time.Hour)}, {WithSettle(time.Hour)}} {
			_, err := Once(t.Context(), v, sale(t), append(opts, WithStore(s))...)
			if !errors.Is(err, ErrOutcomeUnknown) {
				t.Errorf("call %d: %v", i+1, err)
			}
		}
		if v.writes != maxWrites || entryOf(t, s, v).Status != Unknown {
			t.Errorf("%d writes, the entry is %s", v.writes, entryOf(t, s, v).Status)
		}
	})
}
