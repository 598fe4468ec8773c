package backendpaytest

import (
	"bytes"
	"context"
	"mime"
	"net/http"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// refusalClauses are about credentials, and what does not exist.
func refusalClauses() []paymenttest.Clause {
	const doc, inferred, unknown = paymenttest.Documented, paymenttest.Inferred, paymenttest.Unknown
	badLogin := func(c paymenttest.Clause) paymenttest.Clause {
		c.Needs = []paymenttest.Need{paymenttest.BadLogin}
		return c
	}
	return []paymenttest.Clause{
		deciding(reading("auth.none", "Without a key the answer is 401.", inferred, "the key is documented for every request, the status is reasoned", 1,
			"lists a payment without a key", probeNoKey), "authStatus"),
		badLogin(reading("auth.bad-key", "A wrong key is refused as a missing one is.", inferred, reasoned, 2, "lists a payment with an invented key",
			probeBadKey(func(*paymenttest.Trial) string { return "contract-no-such-key" }))),
		with(badLogin(reading("auth.replaced-key", "A key that a newer one has replaced is refused.", doc, startPage, 2, "lists a payment with the replaced key",
			probeBadKey(func(t *paymenttest.Trial) string { return t.Object(ObjectReplacedKey) }))), func(c *paymenttest.Clause) {
			c.Objects = []string{ObjectReplacedKey}
		}),
		deciding(reading("errors.body", "A refusal holds {\"error\": a text}.", unknown, nowhere, 1, "reads a payment that does not exist", probeErrorBody), "errorBody"),
		reading("errors.unknown-id", "An id that does not exist is 404.", doc, endpointsPage, 3, "reads a payment, a payment type and a part that do not exist", probeUnknownIDs),
		reading("errors.unknown-path", "A path that does not exist is 404.", inferred, reasoned, 1, "reads a path that does not exist",
			func(ctx context.Context, t *paymenttest.Trial) error {
				e, err := ask{path: "/contractNoSuchResource", list: true}.send(ctx, t)
				if err != nil {
					return err
				}
				return wantRefused(t, e, http.StatusNotFound)
			}),
		with(deciding(reading("errors.unknown-customer", "The payments of a customer that does not exist are 404.", unknown, nowhere, 1, "lists the payments of a customer that does not exist",
			probeUnknownCustomer), "unknownCustomerEmpty"), func(c *paymenttest.Clause) {
			c.Option = "none: Client.FindPayment takes neither answer for a payment that is missing"
		}),
	}
}

// missingID is the id of nothing.
const missingID = "999999999999"

// bodyOf returns the form of a refusal's body.
func bodyOf(t *paymenttest.Trial, e paymenttest.Exchange) (ErrorBody, error) {
	media, _, _ := mime.ParseMediaType(e.Header.Get("Content-Type"))
	switch {
	case len(e.Body) == 0:
		return ErrorEmpty, nil
	case media == "text/html" || bytes.HasPrefix(bytes.ToLower(bytes.TrimSpace(e.Body)), []byte("<!doctype html")):
		return ErrorHTML, nil
	case media == "text/plain":
		return ErrorText, nil
	}
	for _, m := range paymenttest.Form(`{"error":"string"}`).Check(e.Body) {
		return 0, t.Differs(e.Place()+" "+m.Path, "%s", m)
	}
	return ErrorJSON, nil
}

// wantRefused returns nil if the answer has the status and a body of a known
// form.
func wantRefused(t *paymenttest.Trial, e paymenttest.Exchange, statuses ...int) error {
	for _, status := range statuses {
		if e.Status == status {
			_, err := bodyOf(t, e)
			return err
		}
	}
	return t.WantStatus(e, statuses...)
}

func probeNoKey(ctx context.Context, t *paymenttest.Trial) error {
	e, err := ask{path: "/payments", list: true, query: "limit=1", unsigned: true}.send(ctx, t)
	if err != nil {
		return err
	}
	if e.Status < 400 || e.Status >= 500 {
		return t.WantStatus(e, http.StatusUnauthorized)
	}
	t.Fact("authStatus", e.Status)
	return wantRefused(t, e, e.Status)
}

func probeBadKey(key func(*paymenttest.Trial) string) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		none, err := ask{path: "/payments", list: true, query: "limit=1", unsigned: true}.send(ctx, t)
		if err != nil {
			return err
		}
		e, err := ask{path: "/payments", list: true, query: "limit=1", key: key(t)}.send(ctx, t)
		if err != nil {
			return err
		}
		if e.Status < 400 || e.Status >= 500 || e.Status != none.Status {
			return t.Differs(e.Place(), "status %d, without a key it is %d", e.Status, none.Status)
		}
		return wantRefused(t, e, e.Status)
	}
}

func probeErrorBody(ctx context.Context, t *paymenttest.Trial) error {
	e, err := ask{path: path("payments", missingID)}.send(ctx, t)
	if err != nil {
		return err
	}
	if err := t.WantStatus(e, http.StatusNotFound); err != nil {
		return err
	}
	form, err := bodyOf(t, e)
	if err == nil {
		t.Fact("errorBody", form)
	}
	return err
}

func probeUnknownIDs(ctx context.Context, t *paymenttest.Trial) error {
	for _, resource := range []string{"payments", "paymentTypes", "paymentParts"} {
		e, err := ask{path: path(resource, missingID)}.send(ctx, t)
		if err != nil {
			return err
		}
		if err := wantRefused(t, e, http.StatusNotFound); err != nil {
			return err
		}
	}
	return nil
}

func probeUnknownCustomer(ctx context.Context, t *paymenttest.Trial) error {
	e, err := ask{path: path("customers", missingID, "payments"), list: true, query: "limit=1"}.send(ctx, t)
	if err != nil {
		return err
	}
	if e.Status != http.StatusOK {
		if err := wantRefused(t, e, http.StatusNotFound); err != nil {
			return err
		}
		t.Fact("unknownCustomerEmpty", false)
		return nil
	}
	if string(bytes.TrimSpace(e.Body)) != "[]" {
		return t.Differs(e.Place()+" $", "a customer that does not exist has payments")
	}
	t.Fact("unknownCustomerEmpty", true)
	return nil
}
