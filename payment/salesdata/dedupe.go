package salesdata

import (
	"crypto/sha256"
	"fmt"
	"maps"

	"github.com/tenderkit/tenderkit/payment"
)

// Dedupe drops payments that were seen before: a day's file may be delivered
// again, longer or rewritten. Advice for whoever fetches the files: read the
// last seven days again each time.
//
// The zero value is ready. It keeps some hundred bytes for each payment and is
// not for concurrent use.
type Dedupe struct {
	// Key gives a payment's identity, and "" for one that has none. The default
	// is the order's id and the payment's GUID; a root order has no id. Without
	// a GUID it is the line id, soptid.
	Key func(Order, Payment) string
	// LastWins keeps a payment that comes again with other content, and counts
	// it in Replaced. Without it that is an error.
	LastWins bool

	Repeated int // payments that were dropped, equal to one before
	Replaced int // payments that were kept though they differ from one before
	Unkeyed  int // payments without identity, which were all kept

	seen  map[string]sighting
	added map[string]sighting // by the call in progress
}

// sighting is where a payment was, and a digest of its content.
type sighting struct {
	source string
	offset int64
	sum    [sha256.Size]byte
}

// Keep gives o without the payments that were seen before. Source names the
// input for errors, such as a file's name. A payment that comes again with
// other content is refused with a *payment.FieldError that names both places;
// then nothing of o counts as seen.
func (d *Dedupe) Keep(source string, o Order) (Order, error) {
	if o.Payments == nil {
		return o, nil
	}
	trial := *d
	trial.added = make(map[string]sighting)
	kept := make([]Payment, 0, len(o.Payments))
	for i, p := range o.Payments {
		fresh, err := trial.fresh(source, o, p)
		if err != nil {
			return Order{}, fmt.Errorf("Order.Payments[%d]: %w", i, err)
		}
		if fresh {
			kept = append(kept, p)
		}
	}
	d.commit(trial)
	o.Payments = kept
	return o, nil
}

func (d *Dedupe) commit(trial Dedupe) {
	if trial.seen == nil {
		trial.seen = make(map[string]sighting)
	}
	maps.Copy(trial.seen, trial.added)
	trial.added = nil
	*d = trial
}

// fresh reports whether p is to be kept, and counts it.
func (d *Dedupe) fresh(source string, o Order, p Payment) (bool, error) {
	key := d.key(o, p)
	if key == "" {
		d.Unkeyed++
		return true, nil
	}
	content, err := MarshalPayment(p)
	if err != nil {
		return false, err
	}
	now := sighting{source: source, offset: p.Offset, sum: sha256.Sum256(content)}
	before, seen := d.added[key]
	if !seen {
		before, seen = d.seen[key]
	}
	switch {
	case seen && before.sum == now.sum:
		d.Repeated++
		return false, nil
	case seen && !d.LastWins:
		return false, &payment.FieldError{Field: "Payment.PaymentGUID", Reason: fmt.Sprintf(
			"is the same at byte %d of %s and at byte %d of %s, with different content", before.offset, before.source, now.offset, source)}
	case seen:
		d.Replaced++
	}
	d.added[key] = now
	return true, nil
}

func (d *Dedupe) key(o Order, p Payment) string {
	if d.Key != nil {
		return d.Key(o, p)
	}
	switch {
	case p.Key() != "":
		return guidKey(o.ID) + " guid " + p.Key()
	case p.SOPTID != "":
		return guidKey(o.ID) + " soptid " + p.SOPTID
	}
	return ""
}
