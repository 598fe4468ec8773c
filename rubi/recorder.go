package rubi

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tenderkit/tenderkit/internal/label"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// RecorderOptions is what a common payment does not say.
type RecorderOptions struct {
	Item    Item        // for payments without the attribute "Item"
	Payment UserPayment // for what neither the payment nor its attributes say
}

// Recorder gives a [payment.Recorder] that pays for basket items.
//
// Only a sale can be expressed: Rubi documents no refund, no authorization, no
// void, and 0.00, which Confirm is for, is no payment. Target is the uid, Method
// is "Invoice" or "CardPayment", and Amount has to be the sum of the items.
// These attributes are read, by the vendor's names: "Item", "ItemGUID" (once for
// each item; without one everything of the kind is paid), "Address1" to
// "Address4", "County", "Postcode", "Country", "EmailAddress", "PONumber",
// "MobCountry", "Mob", and "StripeID", the charge that a CardPayment was made
// with: it opens a transaction and reports that charge as succeeded. Reference,
// Date and other attributes have no place in Rubi and are not sent.
//
// Rubi cannot be asked for a reference. Find reads the basket: named items that
// are still there mean [payment.ErrNotFound]. Items that are gone mean a payment
// only to a recorder that has submitted them itself; it remembers its last 1024
// references. Otherwise, after a restart too, Find gives [payment.ErrNoLookup]:
// somebody may have taken the items out, and Record would submit what is in the
// basket again. A program that has to survive a restart stores the value of
// [Client.Checkout] instead.
func (c *Client) Recorder(options RecorderOptions) payment.Recorder {
	return &recorder{client: c, options: &options, memory: &memory{}}
}

// recorder holds the options behind a pointer, and prints without them: they
// may name a person.
type recorder struct {
	client  *Client
	options *RecorderOptions
	memory  *memory
}

// Format prints the name of the type.
func (r *recorder) Format(s fmt.State, verb rune) { label.Print(s, verb, "rubi."+"Recorder") }

// Record makes a checkout of p. A checkout under the same reference whose
// answer was lost is looked up first, and a charge that was not recorded is
// reported again with the ids it had.
func (r *recorder) Record(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	request, charge, err := r.translate(p)
	if err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Record", err)
	}
	held, err := r.memory.take(ctx, p.Reference)
	if err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Record", err)
	}
	defer r.memory.release(held)
	if held.stands(p) {
		return receiptOf(held.checkout, p, true)
	}
	if err := held.attempt(ctx, r.client, request, charge); err != nil {
		return payment.Receipt{}, err
	}
	return receiptOf(held.checkout, p, held.checkout.State == StateAnswerLost)
}

// Find reads the basket.
func (r *recorder) Find(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	request, _, err := r.translate(p)
	if err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Find", err)
	}
	held, err := r.memory.take(ctx, p.Reference)
	if err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Find", err)
	}
	defer r.memory.release(held)
	switch co := held.checkout; {
	case held.stands(p):
		return receiptOf(co, p, true)
	case co.State == "":
		co = Checkout{UID: p.Target, Item: request.Item, PaymentItems: request.Payment.PaymentItems, Reference: p.Reference}
		return payment.Receipt{}, r.client.findUnpaid(ctx, co)
	case co.State == StateNotRecorded, co.State == StateCharge:
		return payment.Receipt{}, r.client.findUnpaid(ctx, co)
	}
	if held.checkout, err = r.client.resolve(ctx, "Find", held.checkout); err != nil {
		return payment.Receipt{}, err
	}
	return receiptOf(held.checkout, p, true)
}

// findUnpaid looks for a payment that the recorder has not submitted. Items that
// are in the basket are not paid. About others, and where no items are named,
// the basket tells nothing: what it holds now may be new.
func (c *Client) findUnpaid(ctx context.Context, co Checkout) error {
	if len(co.PaymentItems) == 0 {
		return co.failure("Find", errNoLookup)
	}
	found, err := c.look(ctx, "Find", co)
	switch {
	case err != nil:
		return err
	case found == allThere:
		return co.failure("Find", errStillThere)
	}
	return co.failure("Find", errNoLookup)
}

// RefusesDuplicates lets [payment.Once] write again in the one case where that
// cannot double a payment: a card payment whose transaction may be open, but
// whose charge was never reported.
func (r *recorder) RefusesDuplicates(ctx context.Context, p payment.Payment) (bool, error) {
	held, err := r.memory.take(ctx, p.Reference)
	if err != nil {
		return false, err
	}
	defer r.memory.release(held)
	return held.checkout.PaymentType == CardPayment && held.checkout.State == StateUnknown, nil
}

// receiptOf refuses a reference that stands for something else.
func receiptOf(co Checkout, p payment.Payment, before bool) (payment.Receipt, error) {
	raws := make([]json.RawMessage, len(co.Payments))
	for i, record := range co.Payments {
		raws[i] = record.Raw
	}
	raw, err := wire.Marshal(raws)
	receipt := payment.Receipt{
		Vendor: vendor, ID: co.TransactionID, Reference: p.Reference, Amount: co.Total, AlreadyRecorded: before, Raw: raw,
	}
	if !co.Total.Equal(p.Amount) || !strings.EqualFold(co.UID, p.Target) {
		err = &payment.ConflictError{Want: p, Got: receipt}
	}
	return receipt, err
}
