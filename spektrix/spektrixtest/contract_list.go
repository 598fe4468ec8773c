package spektrixtest

import (
	"context"
	"net/http"
	"slices"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// listClauses are about the list of a basket's payments.
func listClauses() []paymenttest.Clause {
	const doc, unknown = paymenttest.Documented, paymenttest.Unknown
	const page = "endpoint reference, GET baskets/{id}/custom-payments"
	return []paymenttest.Clause{
		advises(writes("list.documented", "The payments of a basket are listed as a bare array in the documented form.", doc, page, 15, "pays 1.00 and 2.00 into a basket and lists them", payObjects, probeList, "paymentList"),
			"RecorderOptions.FreshBaskets, where there is no list"),
		depends(advises(writes("list.attributes", "The list shows the attributes.", doc, page, 15, "pays 1.00 into a basket and lists it", payObjects, probeListAttributes, "listWithoutAttributes"),
			"RecorderOptions.ReferenceAttribute and AloneInBasket"), "paymentList"),
		depends(advises(writes("list.lag", "The list shows a payment at once.", unknown, "not stated", 15, "pays 1.00 into a basket and lists it until it shows", payObjects, probeListLag, "paymentListLag"),
			"payment.WithPatience"), "paymentList"),
		depends(writes("list.order", "The list shows the oldest payment first.", unknown, "not stated", 15, "pays 1.00 and 2.00 into a basket and lists them", payObjects, probeListOrder), "paymentList"),
	}
}

// looked is an answer to a read of the list.
func looked(ctx context.Context, t *paymenttest.Trial, basketID string) (list []shownPayment, e paymenttest.Exchange, err error) {
	if e, err = t.Get(ctx, basketPath(basketID)+"/custom-payments"); err != nil {
		return nil, e, err
	}
	switch e.Status {
	case http.StatusMethodNotAllowed, http.StatusNotFound:
		return nil, e, t.NotDecidable("the payments of a basket are not listed: %d", e.Status)
	}
	if err := t.WantStatus(e, http.StatusOK); err != nil {
		return nil, e, err
	}
	list, err = read[[]shownPayment](t, e)
	return list, e, err
}

// awaitListed lists the payments of a basket until one of that amount shows.
func awaitListed(ctx context.Context, t *paymenttest.Trial, basketID, amount string) (list []shownPayment, err error) {
	shows, err := t.Await(ctx, func() (bool, error) {
		list, _, err = looked(ctx, t, basketID)
		return slices.ContainsFunc(list, func(p shownPayment) bool { return p.is(amount) }), err
	})
	if err == nil && !shows {
		err = t.Differs(t.Last().Place(), "the list does not show a payment of %s that was taken", amount)
	}
	return list, err
}

// both pays 1.00 and 2.00 into a new basket.
func both(ctx context.Context, t *paymenttest.Trial) (basketID string, err error) {
	b, err := withTicket(ctx, t, "{}")
	for _, amount := range []string{"1.00", "2.00"} {
		if err == nil {
			_, err = payRaw(ctx, t, b.ID, amount, t.Reference())
		}
	}
	return b.ID, err
}

func probeList(ctx context.Context, t *paymenttest.Trial) error {
	id, err := both(ctx, t)
	if err != nil {
		return err
	}
	switch _, e, err := looked(ctx, t, id); {
	case e.Status == http.StatusNotFound:
		t.Fact("paymentList", ListDoesNotExist)
		return nil
	case e.Status == http.StatusMethodNotAllowed:
		t.Fact("paymentList", ListNotAllowed)
		return nil
	case err != nil:
		return err
	}
	t.Fact("paymentList", ListsPayments)
	list, err := awaitListed(ctx, t, id, "2.00")
	if err != nil {
		return err
	}
	e := t.Last()
	if err := t.Want(e, http.StatusOK, `[{"name":"string","amount":"number","attributes?":[{"name":"string","value":"string"}]}]`); err != nil {
		return err
	}
	if len(list) != 2 {
		return t.Differs(e.Place(), "%d payments, not 2", len(list))
	}
	for _, err := range client(t).CustomPayments(ctx, id) {
		if err != nil {
			return err
		}
	}
	return nil
}

func probeListAttributes(ctx context.Context, t *paymenttest.Trial) error {
	b, err := withTicket(ctx, t, "{}")
	if err != nil {
		return err
	}
	ref := t.Reference()
	if _, err := payRaw(ctx, t, b.ID, "1.00", ref); err != nil {
		return err
	}
	list, err := awaitListed(ctx, t, b.ID, "1.00")
	if err != nil {
		return err
	}
	e := t.Last()
	if len(list) != 1 {
		return t.Differs(e.Place(), "%d payments, not 1", len(list))
	}
	t.Fact("listWithoutAttributes", list[0].Attributes == nil)
	if list[0].Attributes == nil {
		t.Advise("leave RecorderOptions.ReferenceAttribute empty and set AloneInBasket, if it is true: payments are listed without attributes")
		return nil
	}
	if value, _ := list[0].value(t.Object(ObjectAttribute)); value != ref {
		return t.Differs(e.Place()+" $[0].attributes", "the list does not show the reference as it was sent")
	}
	return t.Want(e, http.StatusOK, paymentsForm)
}

func probeListLag(ctx context.Context, t *paymenttest.Trial) error {
	b, err := withTicket(ctx, t, "{}")
	if err != nil {
		return err
	}
	if _, err := payRaw(ctx, t, b.ID, "1.00", t.Reference()); err != nil {
		return err
	}
	reads := len(t.Exchanges())
	if _, err := awaitListed(ctx, t, b.ID, "1.00"); err != nil {
		return err
	}
	lag := len(t.Exchanges()) - reads - 1
	t.See("%d reads do not show a new payment", lag)
	t.Fact("paymentListLag", lag)
	if lag > 0 {
		t.Advise("use payment.WithPatience: the list shows a payment only after some reads")
	}
	return nil
}

func probeListOrder(ctx context.Context, t *paymenttest.Trial) error {
	id, err := both(ctx, t)
	if err != nil {
		return err
	}
	list, err := awaitListed(ctx, t, id, "2.00")
	if err != nil {
		return err
	}
	if len(list) != 2 || !list[0].is("1.00") {
		return t.Differs(t.Last().Place(), "the first of two payments does not stand first")
	}
	return nil
}
