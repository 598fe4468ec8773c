package rubitest

import (
	"context"
	"fmt"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// stripeObject is Stripe's response as the sample has it.
func stripeObject(id, status string, amount int64) string {
	return fmt.Sprintf(`{"id":%s,"status":%s,"amount":%d}`, emulator.Encode(id), emulator.Encode(status), amount)
}

// charged is a card payment whose charge was reported.
type charged struct {
	opened  told // the answer to CardPayment
	left    bool // the basket, before a charge was reported
	unread  bool // the total
	failed  told // the answer to a charge that failed
	kept    bool // the item in the basket after that
	other   told // the answer to another amount; only if the total could be read
	result  told // the answer to the charge that was accepted, or the last refusal
	stayed  bool // the item in the basket in spite of it
	mailed  bool
	again   told // the answer to the same once more
	mailed2 bool
}

// chargeCard opens a card payment and reports charges, once in a run.
func chargeCard(ctx context.Context, t *paymenttest.Trial) (charged, error) {
	return paymenttest.Share(t, "charge", func() (c charged, err error) {
		_, places, err := book(ctx, t, t.Object(ObjectEvent), 1)
		if err != nil {
			return c, err
		}
		if c.opened, _, err = pays(ctx, t, typeCard, []string{places[0].guid}, nil); err != nil || !c.opened.succeeded() {
			return c, err
		}
		return c, c.report(ctx, t, places)
	})
}

// report reports a failed charge, then one of another amount, then the right one
// if that was refused, and what was accepted once more.
func (c *charged) report(ctx context.Context, t *paymenttest.Trial, places []*place) error {
	_, rows, err := recordsOf(t, c.opened)
	if err == nil && len(rows) != 1 {
		err = t.Differs(c.opened.place(""), "%d records for one card payment", len(rows))
	}
	if err != nil {
		return err
	}
	id, units := textIn(rows[0], "TransactionID"), minorUnits(rows[0])
	if c.unread = units == 0; c.unread {
		units = 1
	}
	n, err := inBasket(ctx, t, places)
	if err != nil {
		return err
	}
	c.left = n == 0
	pi := t.Reference()
	if c.failed, err = result(ctx, t, id, stripeObject(pi, "requires_payment_method", units)); err != nil {
		return err
	}
	if n, err = inBasket(ctx, t, places); err != nil {
		return err
	}
	c.kept = n > 0
	return c.succeed(ctx, t, id, pi, units, places)
}

func (c *charged) succeed(ctx context.Context, t *paymenttest.Trial, id, pi string, units int64, places []*place) error {
	before, err := mails(ctx, t)
	if err != nil {
		return err
	}
	response := stripeObject(pi, "succeeded", units+1)
	if c.other, err = result(ctx, t, id, response); err != nil {
		return err
	}
	if c.result = c.other; !c.other.succeeded() && !c.unread {
		response = stripeObject(pi, "succeeded", units)
		if c.result, err = result(ctx, t, id, response); err != nil {
			return err
		}
	}
	if !c.result.succeeded() {
		return nil
	}
	places[0].paid = true
	if c.mailed, err = moreMails(ctx, t, before); err != nil {
		return err
	}
	n, err := inBasket(ctx, t, places)
	if err != nil {
		return err
	}
	c.stayed = n > 0
	if before, err = mails(ctx, t); err != nil {
		return err
	}
	if c.again, err = result(ctx, t, id, response); err != nil || !c.again.succeeded() {
		return err
	}
	c.mailed2, err = moreMails(ctx, t, before)
	return err
}

// result reports a charge. It may be refused.
func result(ctx context.Context, t *paymenttest.Trial, transaction, response string) (told, error) {
	note := t.Writing("a charge for transaction %s", transaction)
	a, err := ask(ctx, t, OpStripeResult, transaction, response)
	if err == nil && !a.succeeded() {
		note.Undo()
	}
	return a, err
}

// minorUnits returns the total as Stripe counts it, or 0 if it cannot be read.
func minorUnits(row shown) int64 {
	total, ok := sumIn(row, "ItemTotal")
	money, err := payment.NewMoney(total, currency)
	if !ok || err != nil {
		return 0
	}
	units, err := money.MinorUnits()
	if err != nil {
		return 0
	}
	return units
}

// reported is chargeCard for what needs a charge that was accepted.
func reported(ctx context.Context, t *paymenttest.Trial) (charged, error) {
	c, err := chargeCard(ctx, t)
	switch {
	case err != nil:
	case !c.opened.succeeded():
		err = t.NotDecidable("card payments are refused with code %s", c.opened.word())
	case !c.result.succeeded() && c.unread:
		err = t.NotDecidable("the amounts cannot be read, and a charge of another amount is refused")
	case !c.result.succeeded():
		err = t.Differs(c.result.place(""), "the charge is refused with code %s", c.result.word())
	}
	return c, err
}
