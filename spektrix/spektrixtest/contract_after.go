package spektrixtest

import (
	"context"
	"net/http"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// afterClauses are about a basket that is confirmed.
func afterClauses() []paymenttest.Clause {
	const unknown = paymenttest.Unknown
	after := func(id, statement string, requests int, plan string, p probe, decides ...string) paymenttest.Clause {
		return irreversible(writes(id, statement, unknown, "not stated", requests, "sells a ticket, once for all clauses, and "+plan, payObjects, p, decides...))
	}
	return []paymenttest.Clause{
		advises(after("after.basket", "A confirmed basket is 404.", 9, "reads its basket", probeBasketAfter, "readableAfterConfirm"), "Confirmation.ConfirmedIsGone"),
		advises(depends(after("after.list", "The list of a confirmed basket is 404.", 9, "lists its payments", probeListAfter, "listAfterConfirm"), "paymentList"), "RecorderOptions.SearchOrders"),
		after("after.order", "No order has the id of its basket.", 9, "reads an order by the basket's id", probeOrderByBasket, "orderByBasketID"),
		advises(after("after.confirm", "A second confirm is 404.", 9, "confirms it again", probeSecondConfirm, "secondConfirm"), "payment.WithStore with Confirm"),
	}
}

// wantFound returns whether a thing is still there.
func wantFound(t *paymenttest.Trial, e paymenttest.Exchange) (bool, error) {
	return e.Status == http.StatusOK, t.WantStatus(e, http.StatusOK, http.StatusNotFound)
}

func probeBasketAfter(ctx context.Context, t *paymenttest.Trial) error {
	f, err := ordered(ctx, t)
	if err != nil {
		return err
	}
	e, err := t.Get(ctx, basketPath(f.basket.ID))
	if err != nil {
		return err
	}
	there, err := wantFound(t, e)
	if err != nil {
		return err
	}
	t.Fact("readableAfterConfirm", there)
	if !there {
		t.Advise("Confirmation.ConfirmedIsGone may be set: a confirmed basket cannot be read")
	}
	return nil
}

func probeListAfter(ctx context.Context, t *paymenttest.Trial) error {
	f, err := ordered(ctx, t)
	if err != nil {
		return err
	}
	open, err := createBasket(ctx, t, "{}")
	if err != nil {
		return err
	}
	if _, _, err := looked(ctx, t, open.ID); err != nil {
		t.Mask("listAfterConfirm", "the payments of a basket are not listed")
		return err
	}
	e, err := t.Get(ctx, basketPath(f.basket.ID)+"/custom-payments")
	if err != nil {
		return err
	}
	there, err := wantFound(t, e)
	if err == nil {
		t.Fact("listAfterConfirm", there)
	}
	return err
}

func probeOrderByBasket(ctx context.Context, t *paymenttest.Trial) error {
	f, err := ordered(ctx, t)
	if err != nil {
		return err
	}
	e, err := t.Get(ctx, orderPath(f.basket.ID))
	if err != nil {
		return err
	}
	there, err := wantFound(t, e)
	if err == nil {
		t.Fact("orderByBasketID", there)
	}
	return err
}

func probeSecondConfirm(ctx context.Context, t *paymenttest.Trial) error {
	f, err := ordered(ctx, t)
	if err != nil {
		return err
	}
	w := t.Writing("a second order of basket %s", f.basket.ID)
	e, err := postRaw(ctx, t, basketPath(f.basket.ID)+"/confirm", quiet)
	if err != nil {
		return err
	}
	if e.Status >= 400 && e.Status < 500 {
		w.Undo()
	}
	t.See("status %d", e.Status)
	switch e.Status {
	case http.StatusNotFound:
		t.Fact("secondConfirm", SecondConfirmNotFound)
		return nil
	case http.StatusBadRequest:
		t.Fact("secondConfirm", SecondConfirmInvalid)
		return nil
	case http.StatusConflict:
		t.Fact("secondConfirm", SecondConfirmConflict)
		return nil
	}
	if err := t.WantStatus(e, http.StatusOK, http.StatusCreated, http.StatusNoContent); err != nil {
		return err
	}
	first, told := f.answeredID()
	second, toldAgain := finished{basket: f.basket, answer: e}.answeredID()
	switch {
	case !told || !toldAgain:
		t.Mask("secondConfirm", "the answer names no order")
		return t.NotDecidable("the answer names no order")
	case first == second:
		w.Undo()
		t.Fact("secondConfirm", SecondConfirmSameOrder)
	default:
		t.Fact("secondConfirm", SecondConfirmNewOrder)
		t.Advise("use a durable payment.Store with Confirm: a second confirm makes a second order")
	}
	return nil
}
