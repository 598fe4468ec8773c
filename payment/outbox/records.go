package outbox

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// Records returns the payments of the entries that match as a side of a
// [reconcile.Compare]: one record an entry, as it was handed over, with the
// vendor's id where there is a receipt. Days are counted in zone; nil takes each
// date in its own. Source tells the status and, in short, why an entry is not
// recorded.
//
// Two things differ from [Store.Entries]. Without an Op, only payments are
// returned, not the other steps of a vendor's flow. Without Statuses, entries
// that a person has closed as not recorded are left out: no vendor has to show
// them.
//
// It is the one side of a vendor that lists no payments (Rubi), and what says of
// each payment whether a program, a lookup or a person believes it recorded.
//
// An archived entry holds digests in place of the payment. Its record has the
// amount and id of the receipt and the kind, which the digest tells; day, method
// and target are not known and match any. Its reference is the one of the key,
// which a vendor that ignores case or blanks has folded: set Rules.Fold. An
// archived entry whose receipt shows no amount is an error that matches
// payment.ErrProtocol: compare a period before it is archived.
//
// An error ends the stream. An entry that changes while the entries are read is
// returned once, in the state that was read first.
func (s *Store) Records(ctx context.Context, f Filter, zone *time.Location) iter.Seq2[reconcile.Record, error] {
	if f.Op == "" {
		f.Op = "payment"
	}
	if len(f.Statuses) == 0 {
		f.Statuses = []payment.Status{
			payment.Open, payment.Begun, payment.Unknown, payment.Recorded, payment.Refused, payment.Conflict, payment.Duplicate,
		}
	}
	return func(yield func(reconcile.Record, error) bool) {
		seen := map[payment.Key]bool{}
		for l, err := range s.Entries(ctx, f) {
			var r reconcile.Record
			if err == nil {
				if seen[l.Key] {
					continue
				}
				seen[l.Key] = true
				r, err = l.record(zone)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// record returns the payment of an entry.
func (l Listed) record(zone *time.Location) (reconcile.Record, error) {
	r := reconcile.Record{Account: l.Key.Account, Reference: l.Key.Reference, Source: "outbox, " + string(l.Status)}
	if len(l.Receipts) > 0 {
		r.ID = l.Receipts[0].ID
	}
	if l.Status != payment.Recorded && l.Reason != "" {
		r.Source += ": " + l.Reason
	}
	if digests, ok := digestsOf(l.Entry); ok {
		return l.archived(r, digests)
	}
	p, err := l.Payment()
	if err != nil {
		return reconcile.Record{}, err
	}
	at := p.Date
	if zone != nil {
		at = at.In(zone)
	}
	r.Reference, r.Kind, r.Amount, r.Date = p.Reference, p.Kind, p.Amount, payment.DateOf(at)
	r.Method, r.Target, r.Reverses = p.Method, p.Target, p.Reverses
	return r, nil
}

// digestsOf returns what an archived entry holds in place of its payment.
func digestsOf(e payment.Entry) (map[string][]string, bool) {
	var d struct{ Archived map[string][]string }
	err := json.Unmarshal(e.Payload, &d)
	return d.Archived, err == nil && d.Archived != nil
}

// archived completes the record of an archived entry.
func (l Listed) archived(r reconcile.Record, digests map[string][]string) (reconcile.Record, error) {
	r.Source += ", archived"
	for _, receipt := range l.Receipts {
		if !r.Amount.IsSet() {
			r.Amount = receipt.Amount
		}
	}
	for _, kind := range [...]payment.Kind{payment.Sale, payment.Refund, payment.Authorization, payment.Capture, payment.Void} {
		if l.hasKind(kind, digests) {
			r.Kind = kind
		}
	}
	if !r.Amount.IsSet() || r.Kind == "" {
		return reconcile.Record{}, &payment.EntryError{Key: l.Key, Reason: "it is archived, and its receipt shows no amount"}
	}
	r.Amount = r.Amount.Abs()
	return r, nil
}

// hasKind reports whether an entry of that kind would have the same digest.
func (l Listed) hasKind(kind payment.Kind, digests map[string][]string) bool {
	payload, err := json.Marshal(payment.Stored{Kind: kind})
	if err != nil {
		return false
	}
	slim, _, err := payment.Entry{Key: l.Key, Payload: payload, Progress: payment.Progress{Status: payment.Recorded}}.Archived()
	if err != nil {
		return false
	}
	of, _ := digestsOf(slim)
	return slices.Equal(of["Kind"], digests["Kind"])
}
