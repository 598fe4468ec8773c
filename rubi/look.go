package rubi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"unicode"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

var (
	errNoLookup = fmt.Errorf("%w: the basket does not tell", payment.ErrNoLookup)
	errUnnamed  = fmt.Errorf("%w: the payment names no items and none are known to have been submitted", payment.ErrNoLookup)
)

// Find reads the basket, and the attendees of the events if the options say so.
func (r *recorder) Find(ctx context.Context, p payment.Payment, a *payment.Attempt) ([]payment.Receipt, error) {
	p, err := r.fill("Find", p)
	if err != nil {
		return nil, err
	}
	cp, err := readCheckpoint(a)
	if err != nil {
		return nil, r.client.http.Refuse("Find", err)
	}
	switch {
	case !cp.fits(p):
		cp = checkpoint{Items: itemsOf(p)}
	case !a.InDoubt():
		cp.Step = "" // it was refused, and is no evidence
	}
	stands, err := r.stands(ctx, p, cp)
	if err != nil {
		var told *payment.Error
		if !errors.As(err, &told) {
			err = &payment.Error{Vendor: vendor, Op: "Find", Reference: p.Reference, Target: p.Target, Err: err}
		}
		return nil, err
	}
	if !stands {
		return nil, nil
	}
	id := cp.TransactionID
	return []payment.Receipt{{Vendor: vendor, ID: id, Reference: p.Reference, Amount: p.Amount, AlreadyRecorded: true}}, nil
}

// stands reports whether the items are paid by this payment. The error matches
// payment.ErrNoLookup if that cannot be told.
func (r *recorder) stands(ctx context.Context, p payment.Payment, cp checkpoint) (bool, error) {
	if len(cp.Items) == 0 {
		return false, errUnnamed
	}
	found, err := r.look(ctx, p, cp.Items)
	if err != nil {
		return false, err
	}
	card := PaymentType(p.Method) == CardPayment
	submitted := cp.Step == stepSubmit && !card || cp.Step == stepReport
	if submitted && r.options.AskAttendees && len(cp.Events) > 0 {
		active, err := r.allActive(ctx, cp)
		if err != nil || active {
			return active, err
		}
		if found == allGone {
			found = unclear // something else has taken them out
		}
	}
	switch {
	case found == allThere:
		return false, nil
	case found == allGone && submitted && (!card || cp.Kept):
		return true, nil
	}
	return false, errNoLookup
}

// presence is what a basket shows of some items.
type presence int

const (
	unclear presence = iota // some are there, or the basket cannot be read with certainty
	allThere
	allGone
)

// look reads the basket. Its errors never match payment.ErrNotFound: a basket
// that cannot be read does not show that a payment is missing.
func (r *recorder) look(ctx context.Context, p payment.Payment, items []string) (presence, error) {
	k := basketCall("Find", transport.Lookup, p.Target, Item(p.Attribute(attrItem)))
	k.reference = p.Reference
	return presenceOf(items, list[shownItem](ctx, r.client, k))
}

// shownItem is what a look needs of an item: nothing else can fail it.
type shownItem struct {
	ItemGUID string `json:"ItemGUID"`
}

func (*shownItem) complete(*reading, json.RawMessage) {}

// presenceOf accepts only a clear list: neither a blank message nor a record
// without an id, or with one that may be a wanted id in another form, shows that
// something is gone.
func presenceOf(guids []string, basket iter.Seq2[shownItem, error]) (presence, error) {
	wanted, similar, there := setOf(guids), map[string]bool{}, 0
	for _, id := range guids {
		similar[bare(id)] = true
	}
	for item, err := range basket {
		switch {
		case errors.Is(err, ErrBlankAnswer):
			return unclear, nil
		case err != nil:
			return unclear, err
		case wanted.has(item.ItemGUID):
			there++
		case noID(item.ItemGUID), similar[bare(item.ItemGUID)]:
			return unclear, nil
		}
	}
	switch there {
	case 0:
		return allGone, nil
	case len(guids):
		return allThere, nil
	}
	return unclear, nil
}

// bare returns the letters and digits of an id.
func bare(id string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, strings.TrimPrefix(strings.ToLower(id), "urn:uuid:"))
}

// allActive reports whether the events list every item as an Active booking.
func (r *recorder) allActive(ctx context.Context, cp checkpoint) (bool, error) {
	wanted := setOf(cp.Items)
	for _, event := range cp.Events {
		k := attendeesCall("Find", transport.Lookup, event, cp.Items)
		for row, err := range onlyBookings(list[EventAttendee](ctx, r.client, k), wanted) {
			switch {
			case err != nil:
				return false, err
			case row.BookingStatus != Active:
				return false, nil
			}
			delete(wanted, guid(row.BID))
		}
	}
	return len(wanted) == 0, nil
}

// checkpoint is what a payment's entry keeps between the two writes of a card
// payment, and after the one write of the others. It names no person.
type checkpoint struct {
	Version       int           `json:"version"`
	Step          step          `json:"step"`
	Method        PaymentType   `json:"method"`
	Items         []string      `json:"items"` // ItemGUIDs, as the basket spells them
	Events        []string      `json:"events,omitzero"`
	Total         payment.Money `json:"total"`
	TransactionID string        `json:"transactionID,omitzero"`
	// Kept says that the items were in the basket right before the report. Only
	// then do items that left it later prove the report: whether an installation
	// keeps them after CardPayment is unknown: clause card.stay.
	Kept bool `json:"kept,omitzero"`
}

// step is the write that was begun last.
type step string

const (
	stepSubmit step = "submit" // UserPayment
	stepReport step = "report" // StripeResult
)

const checkpointVersion = 1

// readCheckpoint returns the zero value if nothing was saved.
func readCheckpoint(a *payment.Attempt) (checkpoint, error) {
	data := a.Checkpoint()
	if data == nil {
		return checkpoint{}, nil
	}
	var cp checkpoint
	err := wire.Unmarshal(data, &cp)
	if err != nil || cp.Version != checkpointVersion || cp.Step != stepSubmit && cp.Step != stepReport {
		return checkpoint{}, invalid("Attempt.Checkpoint", "is not one that this version can read")
	}
	return cp, nil
}

// begin saves the checkpoint right before a write.
func (cp checkpoint) begin(ctx context.Context, a *payment.Attempt, s step) error {
	cp.Version, cp.Step = checkpointVersion, s
	data, err := wire.Marshal(cp)
	if err != nil {
		return err // never: it holds texts and money
	}
	return a.Begin(ctx, data)
}

// fits reports whether a checkpoint is one of this payment: a payment that was
// refused may have been corrected.
func (cp checkpoint) fits(p payment.Payment) bool {
	items, saved := setOf(itemsOf(p)), setOf(cp.Items)
	all := len(items) == len(saved)
	for id := range items {
		all = all && saved[id]
	}
	return cp.Method == PaymentType(p.Method) && cp.Total.Equal(p.Amount) && (all || len(items) == 0)
}
