package backendpaytest

import (
	"context"
	"net/http"
	"strings"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// changeClauses are about updates and deletions.
func changeClauses() []paymenttest.Clause {
	const doc, inferred, unknown = paymenttest.Documented, paymenttest.Inferred, paymenttest.Unknown
	deleting := func(c paymenttest.Clause) paymenttest.Clause {
		c.Needs = append(c.Needs, paymenttest.Delete)
		return c
	}
	return []paymenttest.Clause{
		creating("update.record", "An update returns the changed payment, as GET by id shows it.", doc, paymentsPage, 3, "records 0.40, sets its customerReference, and reads it", probeUpdated),
		creating("update.fields", "An update changes only the fields that are sent.", inferred, reasoned, 2, "records 0.40 and sets its customerReference", probeUpdateFields),
		creating("update.all-fields", "An update may change ourReference, customerReference, date, amount and method.", unknown, nowhere, 2,
			"records 0.40 and changes all of them", probeUpdateAll),
		with(creating("update.clear", "null and \"\" clear a text.", unknown, nowhere, 4, "records 0.40 with a customerReference and clears it, twice", probeClear), func(c *paymenttest.Clause) {
			c.Option = "PaymentUpdate.AllowClear"
		}),
		creating("update.reversal", "A payment cannot be reversed by an update: 400.", inferred, reasoned, 2, "records 0.40 and tries to set paymentReversedDate", probeUpdateReversal),
		creating("update.unknown-id", "An update of a payment that does not exist is 404.", inferred, reasoned, 1, "tries to update such a payment", probeChangeNothing(http.MethodPatch)),
		deleting(creating("delete.answer", "A deletion is answered with 204 and no body.", unknown, nowhere, 2, "records 0.40 and deletes it", probeDeleted, "deletedObject")),
		deleting(creating("delete.gone", "A deleted payment is 404, and no list shows it.", inferred, reasoned, 4, "records 0.40, deletes it, reads it and lists the customer's payments", probeGone)),
		deleting(creating("delete.unknown-id", "A deletion of a payment that does not exist is 404.", inferred, reasoned, 1, "tries to delete such a payment", probeChangeNothing(http.MethodDelete))),
	}
}

// patch sends an update of a payment that this run has recorded.
func patch(ctx context.Context, t *paymenttest.Trial, id string, fields map[string]any) (paymenttest.Exchange, error) {
	return ask{method: http.MethodPatch, path: path("payments", id), body: fields}.send(ctx, t)
}

func probeUpdated(ctx context.Context, t *paymenttest.Trial) error {
	made, err := record(ctx, t, newPayment(t))
	if err != nil {
		return err
	}
	e, err := patch(ctx, t, made.id(), map[string]any{"customerReference": "contract 3"})
	if err != nil {
		return err
	}
	changed, err := recordOf(t, e, http.StatusOK, paymentForm)
	if err != nil {
		return err
	}
	stands, err := itemOf(ctx, t, path("payments", made.id()), "", paymentForm)
	if err != nil {
		return err
	}
	return wantSame(t, e.Place()+" $", changed, stands)
}

func probeUpdateFields(ctx context.Context, t *paymenttest.Trial) error {
	made, err := record(ctx, t, newPayment(t))
	if err != nil {
		return err
	}
	e, err := patch(ctx, t, made.id(), map[string]any{"customerReference": "contract 4"})
	if err != nil {
		return err
	}
	changed, err := recordOf(t, e, http.StatusOK, paymentForm)
	if err != nil {
		return err
	}
	made.shown["customerReference"] = "contract 4"
	return wantSame(t, e.Place()+" $", changed, made.shown)
}

func probeUpdateAll(ctx context.Context, t *paymenttest.Trial) error {
	made, err := record(ctx, t, newPayment(t))
	if err != nil {
		return err
	}
	reference, day := t.Reference(), dayOf(t.Began().AddDate(0, 0, -1))
	e, err := patch(ctx, t, made.id(), map[string]any{
		"ourReference": reference, "customerReference": "contract 7", "paymentDate": day, "paymentAmount": amountFor(t, "0.50"), "paymentMethod": t.Object(ObjectMethod),
	})
	if err != nil {
		return err
	}
	changed, err := recordOf(t, e, http.StatusOK, paymentForm)
	if err != nil {
		return err
	}
	on, _ := changed.on("paymentDate")
	for _, field := range []struct {
		name string
		ok   bool
	}{
		{"ourReference", strings.EqualFold(changed.text("ourReference"), reference)}, {"customerReference", changed.text("customerReference") == "contract 7"},
		{"paymentDate", dayOf(on) == day}, {"paymentAmount", changed.text("paymentAmount") == "0.50"}, {"paymentMethod", changed.text("paymentMethod") == t.Object(ObjectMethod)},
	} {
		if !field.ok {
			return t.Differs(e.Place()+" $."+field.name, "is not what was sent")
		}
	}
	return nil
}

func probeClear(ctx context.Context, t *paymenttest.Trial) error {
	fields := newPayment(t)
	fields["customerReference"] = "contract 5"
	made, err := record(ctx, t, fields)
	if err != nil {
		return err
	}
	for _, set := range []any{nil, "contract 6", ""} {
		e, err := patch(ctx, t, made.id(), map[string]any{"customerReference": set})
		if err != nil {
			return err
		}
		changed, err := recordOf(t, e, http.StatusOK, paymentForm)
		if err != nil {
			return err
		}
		if want, _ := set.(string); changed.text("customerReference") != want {
			return t.Differs(e.Place()+" $.customerReference", "after %#v was sent it is something else", set)
		}
	}
	return nil
}

func probeUpdateReversal(ctx context.Context, t *paymenttest.Trial) error {
	made, err := record(ctx, t, newPayment(t))
	if err != nil {
		return err
	}
	e, err := patch(ctx, t, made.id(), map[string]any{"paymentReversedDate": dayOf(t.Began())})
	if err != nil {
		return err
	}
	return wantRefused(t, e, http.StatusBadRequest)
}

// probeChangeNothing updates or deletes a payment that does not exist.
func probeChangeNothing(method string) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		a := ask{method: method, path: path("payments", missingID)}
		if method == http.MethodPatch {
			a.body = map[string]any{"customerReference": "contract"}
		}
		e, err := a.send(ctx, t)
		if err != nil {
			return err
		}
		return wantRefused(t, e, http.StatusNotFound)
	}
}

// remove records a payment and deletes it.
func remove(ctx context.Context, t *paymenttest.Trial) (created, paymenttest.Exchange, error) {
	made, err := record(ctx, t, newPayment(t))
	if err != nil {
		return made, paymenttest.Exchange{}, err
	}
	e, err := ask{method: http.MethodDelete, path: path("payments", made.id())}.send(ctx, t)
	if err == nil {
		err = t.WantStatus(e, http.StatusNoContent, http.StatusOK)
	}
	return made, e, err
}

func probeDeleted(ctx context.Context, t *paymenttest.Trial) error {
	_, e, err := remove(ctx, t)
	if err != nil {
		return err
	}
	if body := strings.TrimSpace(string(e.Body)); e.Status == http.StatusOK && body != "{}" || e.Status == http.StatusNoContent && body != "" {
		return t.Differs(e.Place(), "status %d with another body", e.Status)
	}
	t.Fact("deletedObject", e.Status == http.StatusOK)
	return nil
}

func probeGone(ctx context.Context, t *paymenttest.Trial) error {
	made, _, err := remove(ctx, t)
	if err != nil {
		return err
	}
	e, err := ask{path: path("payments", made.id())}.send(ctx, t)
	if err == nil {
		err = wantRefused(t, e, http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	_, found, err := findRow(ctx, t, customerPath(t), "includeReversed=true&"+sameDay(made.shown), made.id())
	if err == nil && found {
		err = t.Differs(t.Last().Place(), "a deleted payment is shown")
	}
	return err
}
