package paymenttest

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// prepared checks that Prepare writes nothing and changes nothing of what it has
// returned, and that the account of a Recorder can stand in a key.
func (s *scene) prepared(p payment.Payment) {
	s.Helper()
	before := s.vendor.Script.Requests()
	one, err := s.r.Prepare(s.Context(), p)
	two, err2 := s.r.Prepare(s.Context(), one)
	if err != nil || err2 != nil {
		s.Fatalf("Prepare: %v; a second time: %v", err, err2)
	}
	if fields := differing(one, two); len(fields) > 0 {
		s.Errorf("prepared twice, the payment differs in %v: %s, and then %s", fields, Detail(one), Detail(two))
	}
	if one.Reference != p.Reference || one.Kind != p.Kind || !one.Amount.Equal(p.Amount) {
		s.Errorf("Prepare turned %s into %s", Detail(p), Detail(one))
	}
	for _, r := range s.vendor.Script.since(before) {
		if !s.h.reads(r) {
			s.Errorf("Prepare made the request %s %s", r.Method, r.Path)
		}
	}
	if err := s.r.Account().Validate(); err != nil {
		s.Errorf("Account: %v", err)
	}
}

// differing returns the fields in which two payments are not the same value.
func differing(a, b payment.Payment) (fields []string) {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		if !reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()) {
			fields = append(fields, x.Type().Field(i).Name)
		}
	}
	return fields
}

var errNoSave = errors.New("the checkpoint could not be saved")

// writesOnlyBegun checks that Record calls Begin before each request that
// changes something, and sends none if Begin fails.
func (s *scene) writesOnlyBegun(p payment.Payment) {
	s.Helper()
	p, err := s.r.Prepare(s.Context(), p)
	if err != nil {
		s.Fatalf("Prepare: %v", err)
	}
	for allowed := 0; allowed < 10; allowed++ { // a flow may write several times
		s.connect(unhurried, 0)
		before, begun := s.vendor.Script.Requests(), 0
		_, err = s.r.Record(s.Context(), p, payment.NewAttempt(nil, func(context.Context, []byte) error {
			if begun++; begun > allowed {
				return errNoSave
			}
			return nil
		}))
		writes := 0
		for _, r := range s.vendor.Script.since(before) {
			if !s.h.reads(r) {
				writes++
			}
		}
		if granted := min(begun, allowed); writes != granted {
			s.Errorf("%d writes after %d calls of Begin that succeeded", writes, granted)
		}
		if begun <= allowed {
			break
		}
		if !errors.Is(err, errNoSave) {
			s.Errorf("error %v, want that of Begin", err)
		}
		if allowed > 0 {
			return // what was begun is not known to be repeatable
		}
	}
	if err != nil || s.standing(p) != 1 {
		s.Errorf("error %v, %d entries", err, s.standing(p))
	}
}

// checkClaim compares what the Recorder says of duplicates with the harness.
func (s *scene) checkClaim(p payment.Payment) {
	s.Helper()
	claims := false
	if d, ok := s.r.(payment.Deduplicator); ok {
		p, err := s.r.Prepare(s.Context(), p)
		if err != nil {
			s.Fatalf("Prepare: %v", err)
		}
		if claims, err = d.RefusesDuplicates(s.Context(), p); err != nil {
			s.Errorf("RefusesDuplicates: %v", err)
		}
	}
	if claims != s.h.RefusesDuplicates {
		s.Errorf("RefusesDuplicates says %v, the harness %v", claims, s.h.RefusesDuplicates)
	}
}

// conflicts hands over a payment whose reference is taken by another one.
func (h Harness) conflicts(t *testing.T) {
	t.Run("another amount", func(t *testing.T) {
		t.Parallel()
		h.conflict(t, func(s *scene, p *payment.Payment) {
			p.Amount = s.more(p.Amount)
		})
	})
	if !h.NoLookup && !h.RefusesDuplicates {
		t.Run("two records", h.twoRecords)
	}
	if len(h.Kinds) < 2 {
		return
	}
	t.Run("another kind", func(t *testing.T) {
		t.Parallel()
		h.conflict(t, func(s *scene, p *payment.Payment) {
			other := s.vendor.Payment(h.Kinds[1], 2)
			other.Reference, other.Target, other.Amount = p.Reference, p.Target, p.Amount
			*p = other
		})
	})
}

// twoRecords finds two records of a payment: a conflict that shows both, and that
// the Store remembers.
func (h Harness) twoRecords(t *testing.T) {
	s, _ := h.shelve(t)
	p := s.vendor.Payment(h.Kinds[0], 1)
	s.must(s.record, p)
	_, _ = s.record(t.Context(), s.r, p)
	if s.standing(p) < 2 {
		t.Skip("a second bare Record was not taken")
	}
	for _, do := range []act{once(brief), resume(brief), resume(s.memory()...), once(s.memory()...)} {
		s.connect(unhurried, 0)
		_, err := do(t.Context(), s.r, p)
		var conflict *payment.ConflictError
		if !errors.Is(err, payment.ErrRecordedTwice) || !errors.Is(err, payment.ErrConflict) || !errors.As(err, &conflict) || len(conflict.Got) != 2 {
			t.Errorf("error %v, want ErrRecordedTwice with both", err)
		}
	}
	if n := s.standing(p); n != 2 {
		t.Errorf("%d entries", n)
	}
}

// conflict records a payment and hands over a changed one, without a Store.
// Where the vendor can be asked, Once and Resume see both. Where it refuses
// duplicates, so does a first try, and the ledger stays as it was.
func (h Harness) conflict(t *testing.T, change func(*scene, *payment.Payment)) {
	s := h.open(t, Conditions{}, unhurried, 0)
	p := s.vendor.Payment(h.Kinds[0], 1)
	s.must(s.record, p)
	changed := p
	change(s, &changed)
	calls := []act{}
	if !h.NoLookup {
		calls = append(calls, once(brief), resume(brief))
	}
	if h.RefusesDuplicates {
		calls = append(calls, once(brief, payment.WithFirstTry()))
		if _, err := s.try(t.Context(), s.record, changed); err == nil {
			t.Error("Record takes another payment for this one")
		}
	}
	for _, do := range calls {
		_, err := s.try(t.Context(), do, changed)
		s.checkConflict(err, changed, p)
	}
	if n := s.standing(p); n != 1 {
		t.Errorf("%d entries", n)
	}
}

func (s *scene) checkConflict(err error, want, stands payment.Payment) {
	s.Helper()
	var conflict *payment.ConflictError
	if !errors.Is(err, payment.ErrConflict) || !errors.As(err, &conflict) {
		if !s.h.NoLookup {
			s.Errorf("error %v, want a conflict", err)
		}
		return
	}
	if conflict.Want.Reference != want.Reference || len(conflict.Got) != 1 {
		s.Errorf("the conflict is between %v and %v", conflict.Want, conflict.Got)
		return
	}
	got := conflict.Got[0].Amount
	if got.Sign() < 0 {
		got = got.Neg() // as seen from a payment the other way round
	}
	if !got.Equal(stands.Amount) {
		s.Errorf("the conflict is between %v and %v", conflict.Want, conflict.Got)
	}
}
