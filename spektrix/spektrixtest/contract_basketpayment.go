package spektrixtest

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// The forms of the elements of customPayments.
const (
	shownInFull  paymenttest.Form = `{"customPayments":` + paymentsForm + `}`
	shownAsStubs paymenttest.Form = `{"customPayments":[{"id":"string"}]}`
)

// isStub reports whether a payment of a basket is an id and nothing else.
func isStub(p map[string]json.RawMessage) bool { return len(p) == 1 && p["id"] != nil }

// wantShown returns nil if the payments of a basket are all shown in full, or
// all as stubs.
func wantShown(t *paymenttest.Trial, e paymenttest.Exchange, payments []map[string]json.RawMessage) error {
	form := shownInFull
	if len(payments) > 0 && isStub(payments[0]) {
		form = shownAsStubs
	}
	return t.Want(e, e.Status, form)
}

func probeBasketPayments(ctx context.Context, t *paymenttest.Trial) error {
	made, err := createBasket(ctx, t, "{}")
	if err == nil {
		err = addTicket(ctx, t, made.ID)
	}
	if err != nil {
		return err
	}
	created := t.Exchanges()[0]
	if _, err := payRaw(ctx, t, made.ID, "1.00", t.Reference()); err != nil {
		return err
	}
	b, err := lookAt(ctx, t, made.ID)
	if err != nil {
		return err
	}
	e := t.Last()
	switch shown := b.CustomPayments; {
	case (shown == nil) != (made.CustomPayments == nil):
		return t.Differs(created.Place()+" $.customPayments", "only one of two answers shows it")
	case shown == nil:
		t.Fact("basketPayments", BasketShowsNone)
	case len(*shown) != 1:
		return t.Differs(e.Place()+" $.customPayments", "%d payments, not 1", len(*shown))
	case isStub((*shown)[0]):
		t.Fact("basketPayments", BasketShowsStubs)
	default:
		if err := wantShown(t, e, *shown); err != nil {
			return err
		}
		t.Fact("basketPayments", BasketShowsPayments)
	}
	return nil
}

// probeCreationPayments pays once more after the creation: what then shows as
// one payment or two tells what became of the first.
func probeCreationPayments(ctx context.Context, t *paymenttest.Trial) error {
	t.Writing("a basket with a custom payment of 1.00 that is not confirmed")
	e, err := postRaw(ctx, t, "/baskets", `{"CustomPayments":[`+paymentBody(t, "1.00", reference(t, t.Reference()))+`]}`)
	if err != nil {
		return err
	}
	if e.Status == http.StatusBadRequest {
		t.Fact("creationPayments", RefusesCreationPayments)
		return nil
	}
	if err := wantDone(t, e); err != nil {
		return err
	}
	made, err := read[shownBasket](t, e)
	if err == nil && made.CustomPayments != nil {
		err = wantShown(t, e, *made.CustomPayments)
	}
	if err == nil {
		err = addTicket(ctx, t, made.ID)
	}
	if err != nil {
		return err
	}
	if _, err := payRaw(ctx, t, made.ID, "2.00", t.Reference()); err != nil {
		return err
	}
	b, err := lookAt(ctx, t, made.ID)
	if err != nil {
		return err
	}
	n := 0
	if b.CustomPayments != nil {
		n = len(*b.CustomPayments)
	} else {
		list, err := awaitListed(ctx, t, made.ID, "2.00")
		if err != nil {
			t.Mask("creationPayments", "no payments are shown")
			return err
		}
		n = len(list)
	}
	switch n {
	case 1:
		t.Fact("creationPayments", IgnoresCreationPayments)
	case 2:
		t.Fact("creationPayments", StoresCreationPayments)
	default:
		return t.Differs(t.Last().Place(), "%d payments are shown, not 1 or 2", n)
	}
	return nil
}
