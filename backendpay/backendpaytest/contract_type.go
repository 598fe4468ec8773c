package backendpaytest

import (
	"cmp"
	"context"
	"net/http"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func typesShown(ctx context.Context, t *paymenttest.Trial) ([]shown, error) {
	rows, err := rowsOf(ctx, t, "/paymentTypes", "", typesForm)
	if err == nil && len(rows) == 0 {
		err = t.NotDecidable("no payment types are shown")
	}
	return rows, err
}

func probeTypes(ctx context.Context, t *paymenttest.Trial) error {
	rows, err := typesShown(ctx, t)
	if err != nil {
		return err
	}
	place := t.Last().Place() + " $[0]"
	record, err := itemOf(ctx, t, path("paymentTypes", rows[0].id()), "", typeForm)
	if err != nil {
		return err
	}
	return wantSame(t, place, rows[0], record)
}

func probeAvailability(ctx context.Context, t *paymenttest.Trial) error {
	rows, err := typesShown(ctx, t)
	if err != nil {
		return err
	}
	for i, row := range rows {
		if !backendpay.Availability(row.text("availability")).Known() {
			return t.Differs(at(t, i, "availability"), "is none of the documented words")
		}
	}
	return nil
}

func probeTypesAfter(ctx context.Context, t *paymenttest.Trial) error {
	rows, err := typesShown(ctx, t)
	if err != nil {
		return err
	}
	return wantAfter(ctx, t, "/paymentTypes", typesForm, rows[0])
}

// withType adds a Historic payment type, lets use see it, and removes it. It
// leaves none behind, if all goes well.
func withType(ctx context.Context, t *paymenttest.Trial, use func(posted paymenttest.Exchange, made shown) error) (own string, err error) {
	name := t.Reference()
	w := t.Writing("payment type %s", name)
	e, err := ask{
		method: http.MethodPost, path: "/paymentTypes", list: true, body: map[string]any{"paymentTypeName": name, "paymentTypeCode": "C1", "availability": "Historic"},
	}.send(ctx, t)
	if err != nil {
		return "", err
	}
	if e.Status >= 400 && e.Status < 500 {
		w.Undo()
	}
	if err := t.WantStatus(e, http.StatusCreated, http.StatusOK); err != nil {
		return "", err
	}
	made, err := recordOf(t, e, e.Status, typeForm)
	if err != nil {
		return "", err
	}
	own = path("paymentTypes", made.id())
	err = use(e, made)
	gone, removeErr := ask{method: http.MethodDelete, path: own}.send(ctx, t)
	if gone.Status >= 200 && gone.Status < 300 {
		w.Undo()
	}
	if err = cmp.Or(err, removeErr); err != nil {
		return own, err
	}
	return own, t.WantStatus(gone, http.StatusNoContent, http.StatusOK)
}

func probeTypeWrites(ctx context.Context, t *paymenttest.Trial) error {
	own, err := withType(ctx, t, func(posted paymenttest.Exchange, made shown) error { return checkTypeWrites(ctx, t, posted, made) })
	if err != nil {
		return err
	}
	e, err := ask{path: own}.send(ctx, t)
	if err != nil {
		return err
	}
	return wantRefused(t, e, http.StatusNotFound)
}

func checkTypeWrites(ctx context.Context, t *paymenttest.Trial, posted paymenttest.Exchange, made shown) error {
	if made.text("availability") != "Historic" || made.text("paymentTypeCode") != "C1" {
		return t.Differs(posted.Place()+" $.availability", "is not what was sent, or the code is not")
	}
	own := path("paymentTypes", made.id())
	stands, err := itemOf(ctx, t, own, "", typeForm)
	if err == nil {
		err = wantSame(t, posted.Place()+" $", made, stands)
	}
	if err != nil {
		return err
	}
	e, err := ask{method: http.MethodPatch, path: own, body: map[string]any{"availability": "Headline", "paymentTypeCode": nil}}.send(ctx, t)
	if err != nil {
		return err
	}
	changed, err := recordOf(t, e, http.StatusOK, typeForm)
	if err != nil {
		return err
	}
	if changed.text("availability") != "Headline" || changed.text("paymentTypeCode") != "" {
		return t.Differs(e.Place()+" $.availability", "is not what was sent, or the code is not cleared")
	}
	if stands, err = itemOf(ctx, t, own, "", typeForm); err != nil {
		return err
	}
	return wantSame(t, e.Place()+" $", changed, stands)
}

func probeTypeInUse(ctx context.Context, t *paymenttest.Trial) error {
	if err := wantAmountForm(ctx, t); err != nil {
		return err
	}
	var paid created
	name := ""
	if _, err := withType(ctx, t, func(_ paymenttest.Exchange, made shown) (err error) {
		fields := newPayment(t)
		name = made.text("paymentTypeName")
		fields["paymentMethod"] = name
		paid, err = record(ctx, t, fields)
		return err
	}); err != nil {
		return err
	}
	stands, err := itemOf(ctx, t, path("payments", paid.id()), "", paymentForm)
	if err == nil && stands.text("paymentMethod") != name {
		err = t.Differs(t.Last().Place()+" $.paymentMethod", "another method, now that its type is removed")
	}
	return err
}
