package spektrixtest

import (
	"context"
	"net/http"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// confirmClauses are about the first confirm of a basket. The first clause
// checks the form of the answer, which the others share.
func confirmClauses() []paymenttest.Clause {
	const doc, seen, inferred, unknown = paymenttest.Documented, paymenttest.Observed, paymenttest.Inferred, paymenttest.Unknown
	const page = "endpoint reference, POST baskets/{id}/confirm"
	const sale = "sells a ticket for a payment of its price, once for all clauses"
	return []paymenttest.Clause{
		irreversible(writes("confirm.answer", "A confirm is answered with the order.", doc, page, 8, sale, payObjects, probeConfirmAnswer, "confirmAnswer")),
		irreversible(writes("confirm.balanced", "A basket whose payments balance its total is confirmed.", inferred, "the page says: orders of zero value only", 6, sale, payObjects, probeBalanced, "valueConfirm")),
		depends(irreversible(writes("confirm.short", "A basket that its payments do not cover is refused with 409 and code 11.", doc, page, 10, "confirms a basket with a ticket and no payment", payObjects, probeShort, "shortConfirm", "codeForm")), "valueConfirm"),
		depends(irreversible(writes("confirm.refusal-keeps", "A refused confirm leaves basket and payments as they were.", inferred, "the page says nothing", 5, "confirms a basket with a ticket and no payment, and reads it", payObjects, probeRefusalKeeps)), "shortConfirm"),
		irreversible(writes("confirm.over", "Payments above the total are refused, when they are posted or by the confirm.", doc, "guide to custom payments: all amounts must balance the total", 6, "pays 1.00 too much for a ticket and confirms", payObjects, probeOver)),
		depends(irreversible(writes("confirm.delivery", "A basket with tickets needs a delivery.", seen, "a working client", 12, "sells a ticket without a delivery", payObjects, probeDelivery, "noDeliveryRule")), "valueConfirm"),
		irreversible(writes("confirm.membership", "A membership that the customer already has is refused with 409 and code 18.", doc, page, 1, "confirms the membership basket", []string{ObjectMembershipBasket}, probeMembership, "codeForm")),
		advises(depends(irreversible(writes("confirm.type-commission", "A payment type's own commission changes neither the total nor what a payment counts for.", unknown, "staff see it beside the amount", 22,
			"sells a ticket for a payment of its price, with a type that has a commission", append([]string{ObjectCommissionType}, payObjects...), probeTypeCommission, "typeCommission")), "valueConfirm", "shortConfirm"),
			"Confirmation.AllowMovedTotal"),
		depends(irreversible(writes("payment.refund-counts", "A positive amount of a type for refunds is taken from the sum of the payments.", unknown, "not stated", 14, "sells a ticket for a refund of 1.00 and a payment of 1.00 more than its price",
			payObjects, probeRefundCounts)), "valueConfirm"),
		advises(irreversible(writes("confirm.empty", "An empty basket is confirmed, and makes an empty order.", seen, "a working client", 2, "confirms an empty basket, once for all clauses", nil, probeEmpty)), "Confirmation.AllowEmpty"),
		notifies(irreversible(writes("confirm.mail", "A confirm takes the documented members for mail and sales channel.", doc, page, 2, "confirms an empty basket of the customer, who may get a mail", []string{ObjectCustomer}, probeMail))),
	}
}

func probeConfirmAnswer(ctx context.Context, t *paymenttest.Trial) error {
	f, err := ordered(ctx, t)
	if err != nil {
		return err
	}
	id, order := f.answeredID()
	switch {
	case len(f.answer.Body) == 0:
		t.Fact("confirmAnswer", ConfirmGivesNothing)
		return nil
	case id == f.basket.ID:
		t.Fact("confirmAnswer", ConfirmGivesBasket)
		return t.Want(f.answer, f.answer.Status, basketForm)
	case !order:
		return t.Differs(f.answer.Place()+" $.id", "the answer tells no id")
	}
	t.Fact("confirmAnswer", ConfirmGivesOrder)
	if f.answer.Status == http.StatusNoContent {
		return t.Differs(f.answer.Place(), "status 204 with an order")
	}
	return t.Want(f.answer, f.answer.Status, orderForm)
}

func probeBalanced(ctx context.Context, t *paymenttest.Trial) error {
	f, err := sold(ctx, t)
	if err != nil {
		return err
	}
	t.See("status %d", f.answer.Status)
	switch {
	case f.confirmed():
		t.Fact("valueConfirm", ValueIsConfirmed)
	case f.answer.Status == http.StatusConflict:
		t.Fact("valueConfirm", ValueIsConflict)
	default:
		t.Fact("valueConfirm", ValueIsInvalid)
	}
	return nil
}

// probeShort compares with a basket that is covered: what refuses that one too
// says nothing about the payments.
func probeShort(ctx context.Context, t *paymenttest.Trial) error {
	covered, err := sold(ctx, t)
	if err != nil {
		return err
	}
	f, err := short(ctx, t)
	if err != nil {
		return err
	}
	t.See("status %d", f.answer.Status)
	switch {
	case f.confirmed():
		t.Fact("shortConfirm", ShortIsConfirmed)
		return nil
	case !covered.confirmed() && covered.answer.Status == f.answer.Status:
		const why = "a basket that is covered is refused with the same status"
		t.Mask("shortConfirm", why)
		return t.NotDecidable(why)
	case f.answer.Status == http.StatusBadRequest:
		t.Fact("shortConfirm", ShortIsInvalid)
		return nil
	}
	t.Fact("shortConfirm", ShortIsConflict)
	return noteCode(t, f.answer, 11)
}

// noteCode notes how the code of a 409 is written.
func noteCode(t *paymenttest.Trial, e paymenttest.Exchange, want float64) error {
	code, there, err := codeOf(t, e)
	if err != nil {
		return err
	}
	switch text := quote(string(rune('0'+int(want)/10)) + string(rune('0'+int(want)%10))); {
	case !there:
		t.Fact("codeForm", NoCode)
	case code == want:
		t.Fact("codeForm", NumberCode)
	case quoted(code) == text:
		t.Fact("codeForm", TextCode)
	default:
		return t.Differs(e.Place()+" $.errorCode", "not %v", want)
	}
	return t.Want(e, http.StatusConflict, errorForm)
}

func quoted(code any) string {
	text, _ := code.(string)
	return quote(text)
}

func probeRefusalKeeps(ctx context.Context, t *paymenttest.Trial) error {
	f, err := short(ctx, t)
	if err != nil {
		return err
	}
	if f.confirmed() {
		return t.NotDecidable("the basket was confirmed")
	}
	after, err := lookAt(ctx, t, f.basket.ID)
	if err == nil && (after.Hash != f.basket.Hash || len(after.Tickets) != len(f.basket.Tickets)) {
		err = t.Differs(t.Last().Place()+" $.hash", "the basket has changed")
	}
	return err
}

func probeOver(ctx context.Context, t *paymenttest.Trial) error {
	b, err := withTicket(ctx, t, ready)
	if err != nil {
		return err
	}
	e, err := tryPayment(ctx, t, b.ID, paymentBody(t, decimal(b.Total).Add(amount("1.00")).String(), reference(t, t.Reference())))
	if err != nil {
		return err
	}
	if err := t.WantStatus(e, http.StatusOK, http.StatusCreated, http.StatusBadRequest); err != nil || !done(e) {
		return err
	}
	f, err := confirmRaw(ctx, t, b, quiet)
	if err == nil && f.confirmed() {
		err = t.Differs(f.answer.Place(), "a basket that is paid too much is confirmed")
	}
	return err
}

func probeDelivery(ctx context.Context, t *paymenttest.Trial) error {
	with, err := sold(ctx, t)
	if err != nil {
		return err
	}
	without, err := sell(ctx, t, `{"WaiveTransactionCommission":true}`, t.Object(ObjectPaymentType))
	if err != nil {
		return err
	}
	switch {
	case without.confirmed():
		t.Fact("noDeliveryRule", true)
	case with.answer.Status == without.answer.Status:
		const why = "a basket with a delivery is refused with the same status"
		t.Mask("noDeliveryRule", why)
		return t.NotDecidable(why)
	case !with.confirmed() && without.answer.Status == http.StatusConflict:
		return t.NotDecidable("no basket that is paid is confirmed")
	default:
		t.Fact("noDeliveryRule", false)
	}
	return nil
}

func probeMembership(ctx context.Context, t *paymenttest.Trial) error {
	f, err := confirmRaw(ctx, t, shownBasket{ID: t.Object(ObjectMembershipBasket)}, quiet)
	if err != nil {
		return err
	}
	if err := t.WantStatus(f.answer, http.StatusConflict); err != nil {
		return err
	}
	return noteCode(t, f.answer, 18)
}

func probeEmpty(ctx context.Context, t *paymenttest.Trial) error {
	f, err := emptied(ctx, t)
	if err != nil {
		return err
	}
	return t.WantStatus(f.answer, http.StatusOK, http.StatusCreated, http.StatusNoContent)
}

func probeMail(ctx context.Context, t *paymenttest.Trial) error {
	b, err := createBasket(ctx, t, `{"customer":`+quote(t.Object(ObjectCustomer))+`}`)
	if err != nil {
		return err
	}
	if err := t.Want(t.Last(), t.Last().Status, `{"customer":{"id":"string"}}`); err != nil {
		return err
	}
	f, err := confirmRaw(ctx, t, b, `{"sendConfirmationEmail":true,"paymentChannel":"Web"}`)
	if err != nil {
		return err
	}
	if err := t.WantStatus(f.answer, http.StatusOK, http.StatusCreated, http.StatusNoContent); err != nil || len(f.answer.Body) == 0 {
		return err
	}
	return t.Want(f.answer, f.answer.Status, `{"customer":{"id":"string"}}`)
}
