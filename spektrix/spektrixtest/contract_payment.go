package spektrixtest

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Documented requests of a custom payment: the guide's, and one with its values
// in the casing of the endpoint reference. Sandbox objects and a new reference
// take the place of type, attribute and value.
const (
	documentedPayment = `{"PaymentTypeId":"93AGQTGJBKVCQVRRKBVCCRTPJTBKCNLBH","Amount":10.40,"PaymentAttributes":[{"Name":"Payment ref","Value":"ABC_123"}]}`
	camelCasePayment  = `{"paymentTypeId":"93AGQTGJBKVCQVRRKBVCCRTPJTBKCNLBH","amount":10.40,"paymentAttributes":[{"name":"Payment ref","value":"ABC_123"}]}`
)

// paymentClauses are about payments that are taken.
func paymentClauses() []paymenttest.Clause {
	const doc, inferred, unknown = paymenttest.Documented, paymenttest.Inferred, paymenttest.Unknown
	const guide = "guide to custom payments"
	return []paymenttest.Clause{
		writes("payment.documented", "The documented request is accepted, and answered with one of the two documented forms.", doc, guide, 4, "pays 10.40 into a basket", payObjects, probeDocumentedPayment(documentedPayment)),
		writes("payment.casing", "The names of a request may be written in small letters at their beginning.", inferred, "endpoint reference, POST baskets/{id}/custom-payments", 4, "pays 10.40 into a basket", payObjects,
			probeDocumentedPayment(camelCasePayment)),
		advises(writes("payment.answer", "A payment is answered with one object.", doc, "guide; the endpoint reference documents an array", 5, "pays 1.00 and 2.00 into a basket", payObjects, probeAnswer, "paymentAnswer"),
			"none: both forms are read"),
		advises(writes("payment.echo-amount", "The answer shows the amount that was sent.", inferred, "the guide's sample shows 10.0 for 10.40", 4, "pays 10.40 into a basket", payObjects, probeEchoAmount, "truncatedEcho"),
			"RecorderOptions.SkipEchoCheck"),
		advises(writes("payment.undefined-attribute", "An attribute that the type does not define is refused with 400.", unknown, "the guide asks for defined names", 4, "pays 1.00 with an invented attribute", payObjects,
			probeUndefined, "undefinedAttributes"), "NewCustomPayment.SkipAttributeCheck"),
		depends(writes("payment.attribute-case", "The name of an attribute counts letter by letter.", unknown, "not stated", 4, "pays 1.00 with the attribute in capitals", payObjects, probeAttributeCase), "undefinedAttributes"),
		advises(writes("payment.outer-blanks", "Values keep the white space at their ends.", unknown, "not stated", 4, "pays 1.00 with such a value", payObjects, probeBlanks, "trimsValues"), "RecorderOptions.AllowOuterBlanks"),
		writes("payment.no-attributes", "The attributes may be an empty array, or left out.", unknown, "the guide's answer sample without them proves nothing", 5, "pays 1.00 and 2.00 without attributes", payObjects, probeNoAttributes),
		advises(writes("payment.twice", "The same payment is stored twice if it is sent twice.", unknown, "no duplicate check is documented", 5, "pays 1.00 twice under one reference", payObjects, probeTwice),
			"payment.WithStore: nothing at the vendor keeps a payment from being recorded twice"),
		writes("payment.over-total", "A payment that takes the sum over the total is taken.", unknown, "not stated", 5, "pays a basket's total and 1.00 more", payObjects, probeOverpayment, "refusesOverpayment"),
		writes("payment.refund-sign", "A type for refunds takes an amount of either sign.", unknown, "not stated", 6, "pays 1.00 and -1.00 with an active type for refunds, if there is one", ticketObjects, probeRefundSign),
		deletes(writes("payment.immutable", "A payment cannot be changed or removed: 405.", inferred, "a payment has no id", 7, "pays 1.00 into a basket, and sends PUT, PATCH and DELETE", payObjects, probeImmutable)),
	}
}

// fill puts the sandbox's objects into a documented request.
func fill(t *paymenttest.Trial, body string) string {
	return strings.NewReplacer(
		`"93AGQTGJBKVCQVRRKBVCCRTPJTBKCNLBH"`, quote(t.Object(ObjectPaymentType)), `"Payment ref"`, quote(t.Object(ObjectAttribute)), "ABC_123", t.Reference(),
	).Replace(body)
}

func probeDocumentedPayment(body string) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		b, err := withTicket(ctx, t, "{}")
		if err != nil {
			return err
		}
		e, err := tryPayment(ctx, t, b.ID, fill(t, body))
		if err == nil {
			err = wantDone(t, e)
		}
		if err != nil {
			return err
		}
		_, err = echoOf(t, e)
		return err
	}
}

func probeAnswer(ctx context.Context, t *paymenttest.Trial) error {
	b, err := withTicket(ctx, t, "{}")
	if err != nil {
		return err
	}
	if _, err := payRaw(ctx, t, b.ID, "1.00", t.Reference()); err != nil {
		return err
	}
	ref := t.Reference()
	e, err := payRaw(ctx, t, b.ID, "2.00", ref)
	if err != nil {
		return err
	}
	list, err := echoOf(t, e)
	if err != nil {
		return err
	}
	array := strings.HasPrefix(strings.TrimSpace(string(e.Body)), "[")
	at := slices.IndexFunc(list, func(p shownPayment) bool { return p.is("2.00") })
	t.See("an array: %t, of %d payments, the new one at %d", array, len(list), at)
	switch {
	case at < 0:
		return t.Differs(e.Place(), "the answer does not show the payment of 2.00")
	case !array:
		t.Fact("paymentAnswer", AnswersObject)
	case len(list) == 1:
		t.Fact("paymentAnswer", AnswersArray)
	case len(list) == 2 && at == 1:
		t.Fact("paymentAnswer", AnswersArrayNewestLast)
	case len(list) == 2:
		t.Fact("paymentAnswer", AnswersArrayNewestFirst)
	default:
		return t.Differs(e.Place(), "an array of %d payments after two", len(list))
	}
	if value, _ := list[at].value(t.Object(ObjectAttribute)); value != ref {
		return t.Differs(e.Place()+" attributes", "the answer does not show the attribute as it was sent")
	}
	return nil
}

func probeEchoAmount(ctx context.Context, t *paymenttest.Trial) error {
	p, e, err := paid(ctx, t, paymentBody(t, "10.40", reference(t, t.Reference())))
	if err != nil {
		return err
	}
	t.See("10.40 is shown as %s", p.Amount)
	switch {
	case p.is("10.40"):
		t.Fact("truncatedEcho", false)
	case p.is("10"):
		t.Fact("truncatedEcho", true)
		t.Advise("set RecorderOptions.SkipEchoCheck: the answer shows another amount than was sent")
	default:
		return t.Differs(e.Place()+" amount", "10.40 is shown as another amount")
	}
	return nil
}

func probeTwice(ctx context.Context, t *paymenttest.Trial) error {
	b, err := withTicket(ctx, t, "{}")
	if err != nil {
		return err
	}
	ref := t.Reference()
	if _, err := payRaw(ctx, t, b.ID, "1.00", ref); err != nil {
		return err
	}
	_, err = payRaw(ctx, t, b.ID, "1.00", ref)
	return err
}

func probeOverpayment(ctx context.Context, t *paymenttest.Trial) error {
	b, err := withTicket(ctx, t, "{}")
	if err != nil {
		return err
	}
	if _, err := payRaw(ctx, t, b.ID, string(b.Total), t.Reference()); err != nil {
		return err
	}
	e, err := tryPayment(ctx, t, b.ID, paymentBody(t, "1.00", reference(t, t.Reference())))
	if err != nil {
		return err
	}
	if err := t.WantStatus(e, http.StatusOK, http.StatusCreated, http.StatusBadRequest); err != nil {
		return err
	}
	t.Fact("refusesOverpayment", !done(e))
	return nil
}

func probeRefundSign(ctx context.Context, t *paymenttest.Trial) error {
	id, err := typeWhere(ctx, t, func(c typeJSON) bool { return c.IsRefund && !c.requires() })
	if err != nil {
		return err
	}
	b, err := withTicket(ctx, t, "{}")
	if err != nil {
		return err
	}
	for _, amount := range []string{"1.00", "-1.00"} {
		e, err := tryPayment(ctx, t, b.ID, typedBody(id, amount))
		if err != nil {
			return err
		}
		if err := wantDone(t, e); err != nil {
			return err
		}
	}
	return nil
}

func probeImmutable(ctx context.Context, t *paymenttest.Trial) error {
	b, err := withTicket(ctx, t, "{}")
	if err != nil {
		return err
	}
	if _, err := payRaw(ctx, t, b.ID, "1.00", t.Reference()); err != nil {
		return err
	}
	for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete} {
		e, err := sendRaw(ctx, t, method, basketPath(b.ID)+"/custom-payments", "")
		if err != nil {
			return err
		}
		if err := t.WantStatus(e, http.StatusMethodNotAllowed); err != nil {
			return err
		}
	}
	return nil
}
