package backendpaytest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// accessClauses are about what the key's user may not see.
func accessClauses() []paymenttest.Clause {
	const inferred = paymenttest.Inferred
	source := "that access is restricted is on the " + startPage + "; how it shows is reasoned"
	return []paymenttest.Clause{
		with(deciding(reading("access.payment", "A payment that the user may not see is 404.", inferred, source, 1, "reads the invisible payment", probeInvisible), "invisibleStatus"), func(c *paymenttest.Clause) {
			c.Objects = []string{ObjectInvisiblePayment}
		}),
		with(reading("access.customer", "A customer that the user may not see is answered as such a payment is.", inferred, source, 3, "reads the invisible payment, its customer, and the customer's payments",
			probeInvisibleCustomer), func(c *paymenttest.Clause) {
			c.Objects = []string{ObjectInvisiblePayment, ObjectInvisibleCustomer}
			c.Depends = []string{"unknownCustomerEmpty"}
		}),
		with(reading("access.list", "A list leaves out the payments that the user may not see.", inferred, source, 1, "lists the payments from the invisible one on", probeInvisibleList), func(c *paymenttest.Clause) {
			c.Objects = []string{ObjectInvisiblePayment}
		}),
	}
}

// wantInvisible returns nil if the answer is one about something that the user
// may not see.
func wantInvisible(t *paymenttest.Trial, e paymenttest.Exchange) error {
	if e.Status == http.StatusForbidden {
		_, err := bodyOf(t, e)
		return err
	}
	return wantRefused(t, e, http.StatusNotFound)
}

func probeInvisible(ctx context.Context, t *paymenttest.Trial) error {
	e, err := ask{path: path("payments", t.Object(ObjectInvisiblePayment))}.send(ctx, t)
	if err == nil {
		err = wantInvisible(t, e)
	}
	if err == nil {
		t.Fact("invisibleStatus", e.Status)
	}
	return err
}

func probeInvisibleCustomer(ctx context.Context, t *paymenttest.Trial) error {
	customer := t.Object(ObjectInvisibleCustomer)
	status := 0
	for _, a := range []ask{{path: path("payments", t.Object(ObjectInvisiblePayment))}, {path: path("customers", customer)}, {path: path("customers", customer, "payments"), list: true, query: "limit=1"}} {
		e, err := a.send(ctx, t)
		if err == nil {
			err = wantInvisible(t, e)
		}
		if err != nil {
			return err
		}
		if status != 0 && e.Status != status {
			return t.Differs(e.Place(), "status %d, for the payment it is %d", e.Status, status)
		}
		status = e.Status
	}
	return nil
}

func probeInvisibleList(ctx context.Context, t *paymenttest.Trial) error {
	hidden := shown{"id": t.Object(ObjectInvisiblePayment)}
	n, ok := hidden.number()
	if !ok {
		return t.NotDecidable("ids hold no number")
	}
	rows, err := paymentsOf(ctx, t, fmt.Sprintf("includeReversed=true&limit=100&idAfter=%d", max(0, n-1)))
	if err != nil {
		return err
	}
	for i, row := range rows {
		if row.id() == hidden.id() {
			return t.Differs(at(t, i, "id"), "the payment is shown that is invisible by its id")
		}
	}
	return nil
}

// clientClauses are about this module's client without options: where one
// differs, an option has to be set.
func clientClauses() []paymenttest.Clause {
	listing := []string{"paths", "idPrefix", "descending", "idAfterIgnored"}
	depending := func(c paymenttest.Clause, option string, facts ...string) paymenttest.Clause {
		c.Depends, c.Option = facts, option
		return c
	}
	const inferred, source = paymenttest.Inferred, "the decisions of package backendpay"
	return []paymenttest.Clause{
		depending(with(reading("client.list", "The client reads a customer's list to its end.", inferred, source, 40, "lists the customer's payments with the client, and by offset", probeClientList), func(c *paymenttest.Clause) {
			c.Objects = []string{ObjectCustomer}
		}), "Config.Paging, Config.TrailingSlash", listing...),
		depending(creating("client.create", "The client records a payment.", inferred, source, 1, "records 0.40 with the client", probeClientCreate),
			"Config.AmountAsText, Config.TrailingSlash", "paths", "amountsSent", "foldsReference"),
		depending(creating("client.find", "The client finds a payment by its reference.", inferred, source, 60, "records 0.40 and looks for it with the client", probeClientFind),
			"Config.Paging, Config.TrailingSlash", append(listing, "foldsReference")...),
	}
}

func probeClientList(ctx context.Context, t *paymenttest.Trial) error {
	listed := map[string]bool{}
	for p, err := range client(t).CustomerPayments(ctx, t.Object(ObjectCustomer), backendpay.PaymentFilter{IncludeReversed: true, PageSize: 5}) {
		if err != nil {
			t.Advise("set Config.Paging or Config.TrailingSlash: %v", err)
			return err
		}
		listed[p.ID] = true
	}
	rows, err := allRows(ctx, t, customerPath(t), "includeReversed=true", nil)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if !listed[row.id()] {
			return t.Differs(t.Last().Place(), "the client does not list all %d payments", len(rows))
		}
	}
	return nil
}

// newOf returns the payment of newPayment in the client's form.
func newOf(t *paymenttest.Trial) backendpay.NewPayment {
	amount, _ := payment.ParseAmount("0.40")
	return backendpay.NewPayment{OurReference: t.Reference(), PaymentDate: payment.DateOf(t.Began()), PaymentAmount: amount, PaymentMethod: t.Object(ObjectMethod)}
}

func probeClientCreate(ctx context.Context, t *paymenttest.Trial) error {
	n := newOf(t)
	w := t.Writing("payment of %s by %s, reference %s, with the client", n.PaymentAmount, n.PaymentMethod, n.OurReference)
	made, err := client(t).CreatePayment(ctx, t.Object(ObjectCustomer), n)
	if made.ID != "" {
		t.AtEnd(func(ctx context.Context) error {
			e, err := ask{method: http.MethodDelete, path: path("payments", made.ID)}.send(ctx, t)
			if e.Status >= 200 && e.Status < 300 {
				w.Undo()
			}
			return err
		})
	}
	if errors.Is(err, payment.ErrInvalid) || errors.Is(err, payment.ErrUnauthorized) || errors.Is(err, payment.ErrForbidden) {
		w.Undo()
		t.Advise("set Config.AmountAsText, if clause create.amount-form says so")
	}
	return err
}

func probeClientFind(ctx context.Context, t *paymenttest.Trial) error {
	made, err := record(ctx, t, newPayment(t))
	if err != nil {
		return err
	}
	n := newOf(t)
	n.OurReference, _ = made.sent["ourReference"].(string)
	seen, err := t.Await(ctx, func() (bool, error) {
		found, err := client(t).FindPayment(ctx, t.Object(ObjectCustomer), n)
		if errors.Is(err, payment.ErrNotFound) {
			return false, nil
		}
		if err == nil && !strings.EqualFold(found.ID, made.id()) {
			err = t.Differs(t.Last().Place(), "the client finds another payment")
		}
		return err == nil, err
	})
	if err == nil && !seen {
		err = t.Differs(t.Last().Place(), "the client does not find the payment")
	}
	return err
}
