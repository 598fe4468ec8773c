package spektrixtest

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

const quiet = `{"sendConfirmationEmail":false}`

// ready creates a basket that lacks nothing but payments.
const ready = `{"TicketDelivery":{"type":1},"WaiveTransactionCommission":true}`

// finished is a basket and the answer to its confirm.
type finished struct {
	basket    shownBasket
	reference string // of its payment
	answer    paymenttest.Exchange
}

func (f finished) confirmed() bool { return done(f.answer) }

// confirmRaw confirms a basket. The statuses that the facts know are no error.
func confirmRaw(ctx context.Context, t *paymenttest.Trial, b shownBasket, body string) (f finished, err error) {
	w := t.Writing("order of basket %s", b.ID)
	f.basket = b
	if f.answer, err = postRaw(ctx, t, basketPath(b.ID)+"/confirm", body); err != nil {
		return f, err
	}
	if !done(f.answer) && f.answer.Status < 500 {
		w.Undo()
	}
	return f, t.WantStatus(f.answer, http.StatusOK, http.StatusCreated, http.StatusNoContent, http.StatusBadRequest, http.StatusConflict)
}

// sold confirms a basket with a ticket and a payment of its total.
func sold(ctx context.Context, t *paymenttest.Trial) (finished, error) {
	return paymenttest.Share(t, "sale", func() (finished, error) { return sell(ctx, t, ready, t.Object(ObjectPaymentType)) })
}

func sell(ctx context.Context, t *paymenttest.Trial, creation, typeID string) (finished, error) {
	b, err := withTicket(ctx, t, creation)
	if err != nil {
		return finished{}, err
	}
	ref := t.Reference()
	e, err := tryPayment(ctx, t, b.ID, typedBody(typeID, string(b.Total), reference(t, ref)))
	if err == nil {
		err = wantDone(t, e)
	}
	if err != nil {
		return finished{}, err
	}
	f, err := confirmRaw(ctx, t, b, quiet)
	f.reference = ref
	return f, err
}

// short confirms a basket with a ticket and no payment.
func short(ctx context.Context, t *paymenttest.Trial) (finished, error) {
	return paymenttest.Share(t, "short", func() (finished, error) {
		b, err := withTicket(ctx, t, ready)
		if err != nil {
			return finished{}, err
		}
		return confirmRaw(ctx, t, b, quiet)
	})
}

// emptied confirms an empty basket.
func emptied(ctx context.Context, t *paymenttest.Trial) (finished, error) {
	return paymenttest.Share(t, "empty order", func() (finished, error) {
		b, err := createBasket(ctx, t, "{}")
		if err != nil {
			return finished{}, err
		}
		return confirmRaw(ctx, t, b, quiet)
	})
}

// ordered returns a confirmed basket: the sale, or else an empty one.
func ordered(ctx context.Context, t *paymenttest.Trial) (finished, error) {
	f, err := sold(ctx, t)
	if err == nil && !f.confirmed() {
		f, err = emptied(ctx, t)
	}
	if err == nil && !f.confirmed() {
		err = t.NotDecidable("no basket can be confirmed: status %d", f.answer.Status)
	}
	return f, err
}

// answeredID returns the id that the answer to a confirm tells, and whether it is
// an order's.
func (f finished) answeredID() (id string, order bool) {
	var told struct{ ID string } // or Id
	if json.Unmarshal(f.answer.Body, &told) != nil {
		return "", false
	}
	return told.ID, told.ID != "" && told.ID != f.basket.ID
}
