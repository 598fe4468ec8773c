package salesdata

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"strconv"

	"github.com/tenderkit/tenderkit/internal/label"
	"github.com/tenderkit/tenderkit/payment"
)

// Dedupe drops payments that were seen before: a day's file may be delivered
// again, longer or rewritten. Advice for whoever fetches the files: read the
// last seven days again each time.
//
// Two deliveries of a payment are equal if they are equal in value: GUIDs
// without case, amounts as numbers, members in any order, null as missing. They
// differ if only one of their orders is cancelled.
//
// The zero value is ready. It keeps some hundred bytes for each payment, and
// two kilobytes with LastWins. It is not for concurrent use.
type Dedupe struct {
	// Key returns a payment's identity, and "" for one that has none. The default
	// is the order's id and the payment's GUID; a root order has no id. Without
	// a GUID it is the line id, soptid.
	Key func(Order, Payment) string
	// LastWins keeps a payment that comes again with other content in place of
	// the one before, and counts it in Replaced. Without it that is an error.
	LastWins bool

	Repeated int // payments that were dropped, equal to one before
	Replaced int // payments that were kept in place of another one
	Unkeyed  int // payments without identity, which were all kept

	// Withdrawn holds the payments of earlier orders that the last call of Keep
	// replaced, each in a copy of its order without lines. Whoever has used them
	// has to take them back, as [Takings.Remove] does.
	Withdrawn []Order

	seen map[string]sighting
}

// String returns what was counted.
func (d Dedupe) String() string {
	return fmt.Sprintf("payments: %d repeated, %d replaced, %d without identity", d.Repeated, d.Replaced, d.Unkeyed)
}

// Format prints [Dedupe.String] for every verb: orders hold sensitive fields.
func (d Dedupe) Format(f fmt.State, verb rune) { label.Print(f, verb, d.String()) }

// LogValue returns [Dedupe.String] for slog.
func (d Dedupe) LogValue() slog.Value { return slog.StringValue(d.String()) }

// MarshalJSON writes [Dedupe.String], for logs.
func (d Dedupe) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// sighting is where a payment was, and a digest of its content.
type sighting struct {
	source string
	offset int64
	sum    [sha256.Size]byte
	order  *Order // with LastWins: the payment in its order
	kept   int    // its place in the order
}

// Keep returns o without the payments that were seen before. Source names the
// input for errors, such as a file's name. A payment that comes again with
// other content is refused with a *payment.FieldError that names both places;
// then nothing of o counts as seen.
func (d *Dedupe) Keep(source string, o Order) (Order, error) {
	pass := pass{Dedupe: *d, source: source, order: o, added: make(map[string]sighting)}
	pass.Withdrawn = nil
	if o.Payments != nil {
		pass.kept = make([]Payment, 0, len(o.Payments))
	}
	for i, p := range o.Payments {
		if err := pass.take(p); err != nil {
			return Order{}, fmt.Errorf("Order.Payments[%d]: %w", i, err)
		}
	}
	*d = pass.Dedupe
	if d.seen == nil {
		d.seen = make(map[string]sighting)
	}
	maps.Copy(d.seen, pass.added)
	o.Payments = pass.kept
	return o, nil
}

// pass is one call of Keep. It changes nothing that is seen before it is done.
type pass struct {
	Dedupe
	source string
	order  Order
	kept   []Payment
	added  map[string]sighting
}

// take keeps or drops a payment, and counts it.
func (d *pass) take(p Payment) error {
	key := d.key(d.order, p)
	if key == "" {
		d.Unkeyed++
		d.kept = append(d.kept, p)
		return nil
	}
	now := d.sighting(p)
	before, here := d.added[key]
	seen := here
	if !here {
		before, seen = d.seen[key]
	}
	switch {
	case seen && before.sum == now.sum:
		d.Repeated++
		return nil
	case seen && !d.LastWins:
		return &payment.FieldError{Field: "Payment.PaymentGUID", Reason: fmt.Sprintf(
			"is the same at byte %d of %s and at byte %d of %s, with different content", before.offset, before.source, now.offset, d.source)}
	case here:
		d.Replaced++
		now.kept = before.kept
		d.kept[now.kept] = p
	case seen:
		d.Replaced++
		if before.order != nil { // it is nil if LastWins was set since
			d.Withdrawn = append(d.Withdrawn, *before.order)
		}
		d.kept = append(d.kept, p)
	default:
		d.kept = append(d.kept, p)
	}
	d.added[key] = now
	return nil
}

func (d *pass) sighting(p Payment) sighting {
	content := canonPayment(p)
	if d.order.Cancelled() {
		content = append(content, "\ncancelled"...)
	}
	s := sighting{source: d.source, offset: p.Offset, sum: sha256.Sum256(content), kept: len(d.kept)}
	if d.LastWins {
		o := d.order
		o.Payments, o.Lines, o.Extra, o.Faults = []Payment{p}, nil, nil, nil
		s.order = &o
	}
	return s
}

func (d *Dedupe) key(o Order, p Payment) string {
	if d.Key != nil {
		return d.Key(o, p)
	}
	switch {
	case p.Key() != "":
		return strconv.Quote(guidKey(o.ID)) + " guid " + p.Key()
	case p.SOPTID != "":
		return strconv.Quote(guidKey(o.ID)) + " soptid " + p.SOPTID
	}
	return ""
}
