package rubitest

import (
	"context"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

const resultForm paymenttest.Form = `{"EmailAddress":"string","EmailSubject":"string","EmailBody":"string","FirstName":"string","LastName":"string"}`

// stripeClauses are about StripeResult. They report charges that nobody made, of
// a card payment of their own.
func stripeClauses() []paymenttest.Clause {
	const plan = "books a place, opens a card payment, reports a failed charge, one of another amount and one that succeeded, and that twice, once for all clauses; Rubi may mail the sandbox address"
	return []paymenttest.Clause{
		stripe("stripe.result", "StripeResult takes id, status and amount and answers with the documented record.", doc, pageStripe, plan, probeResult, decides("emailLists"), depends("noCardPayment"),
			option("Config.EncodeStripeResponse")),
		stripe("stripe.failed", "A status other than succeeded is accepted and leaves the items in the basket.", reasoned, noPage, plan, probeFailed, depends("noCardPayment", "cardItemsLeave")),
		stripe("stripe.amount", "An amount that is not the total of the transaction is accepted.", open, noPage, plan, probeStrict, decides("strictAmount"), depends("noCardPayment", "amounts"),
			option("StripePayment.Total")),
		stripe("stripe.leaves", "Items leave the basket when a charge that succeeded is reported.", doc, pageBasket, plan, probeResultLeaves, decides("itemsStay"), depends("noCardPayment", "cardItemsLeave")),
		stripe("stripe.mail", "Rubi mails a confirmation after a charge that succeeded.", open, noPage, plan, probeResultMail, objects(ObjectMailbox), decides("noStripeMail"), depends("noCardPayment")),
		stripe("stripe.repeat", "A repeated StripeResult is answered as the first, without another mail.", open, noPage, plan, probeRepeat, decides("repeat"), depends("noCardPayment", "noStripeMail"),
			option("Complete: hand the same charge over again")),
		stripe("stripe.refused", "An unknown TransactionID, and a response without id, status or amount, are refused.", reasoned, pageStripe, "opens a card payment, once for all clauses, and reports four charges that cannot be meant",
			probeResultNo, depends("noCardPayment")),
	}
}

func stripe(id, statement string, evidence paymenttest.Evidence, source, plan string, p probe, more ...func(*paymenttest.Clause)) paymenttest.Clause {
	return mailing(id, statement, evidence, source, 34, plan, p, more...)
}

func probeResult(ctx context.Context, t *paymenttest.Trial) error {
	c, err := reported(ctx, t)
	if err != nil {
		return err
	}
	a, rows, err := recordsOf(t, c.result)
	if err != nil {
		return err
	}
	if len(rows) != 1 || textIn(rows[0], "EmailAddress") != t.Object(ObjectEmail) {
		return t.Differs(a.place("[].EmailAddress"), "%d records, or another address than that of the payment", len(rows))
	}
	if err := noteEmailLists(t, a, rows[0]); err != nil {
		return err
	}
	return wantForm(t, a, rows, resultForm)
}

func probeFailed(ctx context.Context, t *paymenttest.Trial) error {
	c, err := chargeCard(ctx, t)
	switch {
	case err != nil:
		return err
	case !c.opened.succeeded():
		return t.NotDecidable("card payments are refused with code %s", c.opened.word())
	case !c.failed.succeeded():
		return t.Differs(c.failed.place(""), "refused with code %s", c.failed.word())
	case c.left:
		return t.NotDecidable("items leave the basket when the card payment is opened")
	case !c.kept:
		return t.Differs(c.failed.place(""), "the item has left the basket")
	}
	return nil
}

func probeStrict(ctx context.Context, t *paymenttest.Trial) error {
	c, err := reported(ctx, t)
	if err != nil {
		return err
	}
	if c.unread {
		t.Mask("strictAmount", "the amounts cannot be read")
		return t.NotDecidable("the amounts cannot be read")
	}
	t.Fact("strictAmount", !c.other.succeeded())
	if c.other.succeeded() {
		t.Advise("set StripePayment.Total: Rubi does not compare the amount")
		return nil
	}
	return wantNo(t, c.other, "another amount")
}

func probeResultLeaves(ctx context.Context, t *paymenttest.Trial) error {
	c, err := reported(ctx, t)
	if err != nil {
		return err
	}
	if c.left {
		t.Mask("itemsStay", "items leave the basket when the card payment is opened")
		return t.NotDecidable("items leave the basket when the card payment is opened")
	}
	t.Fact("itemsStay", c.stayed)
	return nil
}

func probeResultMail(ctx context.Context, t *paymenttest.Trial) error {
	c, err := reported(ctx, t)
	if err != nil {
		return err
	}
	t.Fact("noStripeMail", !c.mailed)
	if !c.mailed {
		t.Advise("send EmailSubject and EmailBody of StripeResult: Rubi does not mail after a card payment")
	}
	return nil
}

func probeRepeat(ctx context.Context, t *paymenttest.Trial) error {
	c, err := reported(ctx, t)
	if err != nil {
		return err
	}
	t.See("code %s, another mail: %t", c.again.word(), c.mailed2)
	switch {
	case !c.again.succeeded():
		t.Fact("repeat", RepeatError)
		return wantNo(t, c.again, "a repeated report")
	case c.mailed2:
		t.Fact("repeat", RepeatMail)
		t.Advise("report each charge once: a repetition mails again")
	case !c.mailed:
		t.Mask("repeat", "no mail after the first report, or no mailbox")
		return t.NotDecidable("accepted, but no mail was seen after the first report either")
	default:
		t.Fact("repeat", RepeatSame)
	}
	return nil
}

func probeResultNo(ctx context.Context, t *paymenttest.Trial) error {
	_, row, err := cardRow(ctx, t)
	if err != nil {
		return err
	}
	id, pi := textIn(row, "TransactionID"), t.Reference()
	for _, wrong := range [][2]string{
		{"contract-none", stripeObject(pi, "succeeded", 1)},
		{id, `{"status":"succeeded","amount":1}`}, {id, `{"id":"` + pi + `","amount":1}`}, {id, `{"id":"` + pi + `","status":"succeeded"}`},
	} {
		a, err := result(ctx, t, wrong[0], wrong[1])
		if err == nil {
			err = wantNo(t, a, "a charge that cannot be meant")
		}
		if err != nil {
			return err
		}
	}
	return nil
}
