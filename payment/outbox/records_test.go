package outbox_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// sideOf returns what a side holds, one line a record, and the error that ended it.
func sideOf(side iter.Seq2[reconcile.Record, error]) (lines []string, err error) {
	for r, err := range side {
		if err != nil {
			return lines, err
		}
		lines = append(lines, fmt.Sprintf("%s %q %s %v %v %q %q %q; %s", r.ID, r.Reference, r.Kind, r.Amount, r.Date, r.Method, r.Target, r.Reverses, r.Source))
	}
	return lines, nil
}

// enter saves an entry in a state.
func enter(t *testing.T, s *outbox.Store, p payment.Payment, change func(*payment.Entry)) {
	t.Helper()
	payload, err := json.Marshal(payment.Stored(p))
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.Claim(t.Context(), key(strings.ToLower(p.Reference)), payload, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	change(&e)
	if _, err := s.Save(t.Context(), e, 0); err != nil {
		t.Fatal(err)
	}
}

func TestRecords(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		s := d.store(t)
		states := []payment.Status{payment.Open, payment.Begun, payment.Recorded, payment.Refused, payment.Duplicate, payment.Closed}
		for i, status := range states {
			p := sale(t, fmt.Sprint("R", i))
			p.Method, p.Date = "CARD", time.Date(2026, 5, 4, 23, 30, 0, 0, time.UTC)
			enter(t, s, p, func(e *payment.Entry) {
				e.Status, e.Writes, e.Reason = status, 1, "why"
				if status == payment.Recorded || status == payment.Duplicate {
					e.Receipts = []payment.Receipt{{ID: fmt.Sprint(100 + i), Amount: p.Amount}, {ID: "other"}}[:1+i/4]
				}
			})
		}
		confirm := key("basket")
		confirm.Op = "confirm"
		if _, err := s.Claim(t.Context(), confirm, []byte("{}"), time.Minute); err != nil {
			t.Fatal(err)
		}
		want := []string{
			` "R0" sale 10.40 GBP 2026-05-04 "CARD" "S3NTINEL" ""; outbox, open: why`,
			` "R1" sale 10.40 GBP 2026-05-04 "CARD" "S3NTINEL" ""; outbox, begun: why`,
			`102 "R2" sale 10.40 GBP 2026-05-04 "CARD" "S3NTINEL" ""; outbox, recorded`,
			` "R3" sale 10.40 GBP 2026-05-04 "CARD" "S3NTINEL" ""; outbox, refused: why`,
			`104 "R4" sale 10.40 GBP 2026-05-04 "CARD" "S3NTINEL" ""; outbox, recorded twice: why`,
		}
		got, err := sideOf(s.Records(t.Context(), outbox.Filter{}, nil))
		if err != nil || strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%v\n%s", err, strings.Join(got, "\n"))
		}
		oslo := time.FixedZone("CEST", 2*60*60)
		got, err = sideOf(s.Records(t.Context(), outbox.Filter{Statuses: []payment.Status{payment.Closed}}, oslo))
		if err != nil || len(got) != 1 || got[0] != ` "R5" sale 10.40 GBP 2026-05-05 "CARD" "S3NTINEL" ""; outbox, closed: why` {
			t.Errorf("%v, %v", got, err)
		}
		if got, err = sideOf(s.Records(t.Context(), outbox.Filter{Op: "confirm"}, nil)); !errors.Is(err, payment.ErrProtocol) && len(got) != 1 {
			t.Errorf("another operation: %v, %v", got, err)
		}
	})
}

// An archived entry is still compared by reference, kind and amount.
func TestRecordsOfArchivedEntries(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		s := d.store(t)
		refund := sale(t, "R1")
		refund.Kind = payment.Refund
		enter(t, s, refund, func(e *payment.Entry) {
			e.Status, e.Writes, e.Receipts = payment.Recorded, 1, []payment.Receipt{{ID: "100", Amount: refund.Amount}}
		})
		if n, err := s.Archive(t.Context(), time.Now().Add(time.Hour)); n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		got, err := sideOf(s.Records(t.Context(), outbox.Filter{}, nil))
		if err != nil || len(got) != 1 || got[0] != `100 "r1" refund 10.40 GBP  "" "" ""; outbox, recorded, archived` {
			t.Errorf("%v, %v", got, err)
		}
		var findings []reconcile.Finding
		vendor := reconcile.From(reconcile.Record{Reference: "R1", Kind: payment.Refund, Amount: refund.Amount, Date: payment.DateOf(refund.Date), Target: "x"})
		rules := reconcile.Rules{Fold: strings.ToLower, Compare: []reconcile.Field{reconcile.Date, reconcile.Target}}
		for f, err := range reconcile.Compare(t.Context(), s.Records(t.Context(), outbox.Filter{}, nil), vendor, rules) {
			if err != nil {
				t.Fatal(err)
			}
			findings = append(findings, f)
		}
		if len(findings) != 1 || findings[0].Verdict != reconcile.Matched {
			t.Errorf("%v", findings)
		}
		enter(t, s, sale(t, "R2"), func(e *payment.Entry) {
			e.Status, e.Writes, e.Receipts = payment.Recorded, 1, []payment.Receipt{{ID: "101"}}
		})
		if n, err := s.Archive(t.Context(), time.Now().Add(time.Hour)); n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		if got, err := sideOf(s.Records(t.Context(), outbox.Filter{}, nil)); !errors.Is(err, payment.ErrProtocol) || len(got) != 1 {
			t.Errorf("an amount that nobody knows: %v, %v", got, err)
		}
	})
}

// A database that fails is an error, never an end.
func TestRecordsErrors(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		db := d.open(t)
		s, err := outbox.Open(t.Context(), db, d.dialect)
		if err != nil {
			t.Fatal(err)
		}
		_ = db.Close()
		if got, err := sideOf(s.Records(t.Context(), outbox.Filter{}, nil)); err == nil || len(got) > 0 {
			t.Errorf("%v, %v", got, err)
		}
	})
}
