package backendpay

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// overlap is how far a pass goes back behind its cursor. It covers what was
// under way at the vendor when the pass before it was asked.
const overlap = 10 * time.Minute

// Change is a payment that a pass of [Client.Changes] shows.
type Change struct {
	Payment
	// Cursor is set on the last change of a complete pass: the since of the next
	// one, to be stored when this change has been applied. It is the start of
	// this pass by the server's clock (its Date header, clause show.clock; the
	// client's clock without one).
	Cursor time.Time
}

// Changes makes one pass over the payments that are new, changed, reversed,
// reinstated, collected or no longer to be collected since a time, each of them
// once and as it was shown last.
//
//	for change, err := range client.Changes(ctx, cursor) {
//		if err != nil {
//			return err
//		}
//		apply(change.Payment)
//		if !change.Cursor.IsZero() {
//			cursor = change.Cursor // store it
//		}
//	}
//
// After an error, a break or a crash the cursor stands where it was, and the
// next pass shows the same payments again; so does a pass without changes.
//
// A pass goes back by ten minutes more, so a payment is often seen by two
// passes: apply by id. A pass holds all its payments in memory. For a first
// copy, note the time, read [Client.Payments] with IncludeReversed, and begin
// with that time.
//
// It sends a list request for each of createdSince, updatedSince,
// reversedSince, reinstatedSince, collectedSince and cancelledSince
// (documented), all with includeReversed: whether one of them covers another
// is unknown (clause reversal.updated-since). A deleted payment leaves no trace
// (inferred, clause delete.gone): see [Client.Missing].
//
// A key that is replaced in the middle of a pass ends it with an error that
// matches [payment.ErrUnauthorized].
func (c *Client) Changes(ctx context.Context, since time.Time) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		if since.IsZero() {
			yield(Change{}, c.http.Refuse("Changes", invalid("since", "is not set")))
			return
		}
		p := pass{client: c, since: since, place: map[string]int{}}
		if err := p.collect(ctx); err != nil {
			yield(Change{}, err)
			return
		}
		for i, changed := range p.list {
			change := Change{Payment: changed}
			if i == len(p.list)-1 {
				change.Cursor = p.start
			}
			if !yield(change, nil) {
				return
			}
		}
	}
}

// Missing compares the payments that a program holds, by id, with a complete
// list of those that the vendor shows, reversed ones included, and yields the
// ids that are not there. Each of them is asked for once more by its id.
//
// A missing payment was deleted, or the key's user may not see its customer any
// more: access can be changed in the vendor's user interface (documented), and
// no answer tells which it is. An error ends the comparison, and no id is
// yielded before the list is complete. Only ids count: an amount or date that
// cannot be read is no error.
func (c *Client) Missing(ctx context.Context, held []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		shown := map[string]bool{}
		for p, err := range paymentListing[row]("Missing", PaymentFilter{IncludeReversed: true}).all(ctx, c) {
			if err != nil {
				yield("", err)
				return
			}
			shown[p.ID] = true
		}
		for _, id := range held {
			if shown[id] {
				continue
			}
			_, err := get[Payment](ctx, c, "Missing", "payments/{id}", id)
			missing := errors.Is(err, payment.ErrNotFound)
			if missing {
				err = nil
			}
			if (missing || err != nil) && (!yield(id, err) || err != nil) {
				return
			}
		}
	}
}

// pass gathers the payments of all lists before any is handed out: the last
// answer about a payment is the one that counts.
type pass struct {
	client *Client
	since  time.Time
	start  time.Time // by the server's clock, once it has answered
	list   []Payment
	place  map[string]int // index in list by id
}

func (p *pass) collect(ctx context.Context) error {
	began := p.client.http.Now()
	for _, filter := range changeFilters(p.since.Add(-overlap)) {
		filter.IncludeReversed = true
		l := paymentListing[Payment]("Changes", filter)
		l.seen = func(reply *transport.Reply) error { return p.clock(reply, began) }
		for changed, err := range l.all(ctx, p.client) {
			if err != nil {
				return err
			}
			p.add(changed)
		}
	}
	return nil
}

func changeFilters(since time.Time) []PaymentFilter {
	return []PaymentFilter{
		{CreatedSince: since}, {UpdatedSince: since}, {ReversedSince: since},
		{ReinstatedSince: since}, {CollectedSince: since}, {CancelledSince: since},
	}
}

func (p *pass) add(changed Payment) {
	if i, known := p.place[changed.ID]; known {
		p.list[i] = changed
		return
	}
	p.place[changed.ID] = len(p.list)
	p.list = append(p.list, changed)
}

var errAhead = errors.New("since is ahead of the server's clock by more than the overlap: changes would be missed")

// clock takes the time of the first answer, less what has gone by since the
// pass began. A time from a clock that runs ahead is an error, because
// nothing in the answer would show what it hides.
func (p *pass) clock(reply *transport.Reply, began time.Time) error {
	if !p.start.IsZero() {
		return nil
	}
	now := p.client.http.Now()
	at, err := http.ParseTime(reply.Header.Get("Date"))
	if err != nil {
		at = now
	}
	p.start = at.Add(-max(0, now.Sub(began))).UTC()
	if p.start.Before(p.since.Add(-overlap)) {
		return &payment.Error{Err: fmt.Errorf("%w: %w", payment.ErrInvalid, errAhead)}
	}
	return nil
}
