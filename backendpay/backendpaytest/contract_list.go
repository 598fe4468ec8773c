package backendpaytest

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// listClauses are about the five parameters of all lists, and their order.
func listClauses() []paymenttest.Clause {
	const doc, inferred, unknown = paymenttest.Documented, paymenttest.Inferred, paymenttest.Unknown
	optional := func(option string, c paymenttest.Clause) paymenttest.Clause {
		c.Option = option
		return c
	}
	return []paymenttest.Clause{
		optional("Config.Paging", deciding(reading("list.order", "Lists begin with the lowest id.", unknown, nowhere, 1, "lists ten payments", probeOrder), "descending")),
		optional("Config.Paging", deciding(reading("list.id-after", "idAfter leaves out ids up to it.", doc, endpointsPage, 2, "lists five payments, and those after the lowest id", probeIDAfter), "idAfterIgnored")),
		optional("Config.Paging", deciding(reading("list.limit", "limit is the most payments in an answer.", doc, endpointsPage, 2, "lists payments with limits of 5 and 1", probeLimit), "limitIgnored")),
		optional("PaymentFilter.PageSize", deciding(reading("list.max-limit", "An answer holds 100 payments, if as many are asked for.", unknown, nowhere, 2,
			"lists 100 payments, and one behind the last", probeMaxLimit), "maxLimit")),
		optional("Config.Paging", reading("list.offset", "offset skips as many records.", doc, endpointsPage, 3, "lists payments with offsets of 0, 1 and a million", probeOffset)),
		deciding(reading("list.limit-of-types", "The list of payment types does not take limit: 400.", unknown, "the "+typesPage+" leaves limit out", 1,
			"lists payment types with a limit of 1", probeLimitEverywhere), "limitEverywhere"),
		reading("list.same-record", "Lists show a payment as GET by id does.", inferred, reasoned, 4, "lists five payments and reads one of them", probeSameRecord),
		with(reading("list.customer", "The list of a customer shows the same records, and the customer's alone.", doc, paymentsPage, 3, "lists the customer's payments and reads one of them",
			probeCustomerList), func(c *paymenttest.Clause) { c.Objects = []string{ObjectCustomer, ObjectPayment} }),
		reading("list.created-since", "createdSince leaves out what was created before.", doc, endpointsPage, 2, "lists payments created since 2000, and since tomorrow", probeSince("createdSince")),
		reading("list.updated-since", "updatedSince leaves out what was changed before.", doc, endpointsPage, 2, "lists payments changed since 2000, and since tomorrow", probeSince("updatedSince")),
	}
}

func probeOrder(ctx context.Context, t *paymenttest.Trial) error {
	rows, err := paymentsOf(ctx, t, "limit=10")
	if err != nil {
		return err
	}
	up, down := 0, 0
	for i := 1; i < len(rows); i++ {
		before, ok1 := rows[i-1].number()
		n, ok2 := rows[i].number()
		switch {
		case !ok1 || !ok2:
			return t.NotDecidable("ids hold no number")
		case n > before:
			up++
		case n < before:
			down++
		}
	}
	switch {
	case up+down == 0:
		return t.NotDecidable("fewer than two payments are shown")
	case up > 0 && down > 0:
		return t.Differs(t.Last().Place()+" $[].id", "in no order")
	case down > 0:
		t.Advise("set Config.Paging to ByOffset: the list begins with the highest id")
	}
	t.Fact("descending", down > 0)
	return nil
}

func probeIDAfter(ctx context.Context, t *paymenttest.Trial) error {
	rows, err := paymentsOf(ctx, t, "limit=5")
	if err != nil {
		return err
	}
	if len(rows) < 2 {
		return t.NotDecidable("fewer than two payments are shown")
	}
	lowest := int64(0)
	for _, row := range rows {
		n, ok := row.number()
		if !ok {
			return t.NotDecidable("ids hold no number")
		}
		if lowest == 0 || n < lowest {
			lowest = n
		}
	}
	if rows, err = paymentsOf(ctx, t, fmt.Sprintf("limit=5&idAfter=%d", lowest)); err != nil {
		return err
	}
	if len(rows) == 0 {
		return t.Differs(t.Last().Place(), "idAfter leaves out higher ids")
	}
	ignored := false
	for _, row := range rows {
		n, _ := row.number()
		ignored = ignored || n <= lowest
	}
	t.Fact("idAfterIgnored", ignored)
	if ignored {
		t.Advise("set Config.Paging to ByOffset: idAfter has no effect")
	}
	return nil
}

func probeLimit(ctx context.Context, t *paymenttest.Trial) error {
	rows, err := paymentsOf(ctx, t, "limit=5")
	if err != nil {
		return err
	}
	if len(rows) < 2 {
		return t.NotDecidable("fewer than two payments are shown")
	}
	if rows, err = paymentsOf(ctx, t, "limit=1"); err != nil {
		return err
	}
	if len(rows) == 0 {
		return t.Differs(t.Last().Place(), "nothing is shown")
	}
	t.Fact("limitIgnored", len(rows) > 1)
	return nil
}

func probeMaxLimit(ctx context.Context, t *paymenttest.Trial) error {
	const enough = 100
	rows, err := paymentsOf(ctx, t, fmt.Sprintf("includeReversed=true&limit=%d", enough))
	if err != nil {
		return err
	}
	t.See("%d payments came", len(rows))
	if len(rows) >= enough {
		t.Fact("maxLimit", 0)
		return nil
	}
	more, err := paymentsOf(ctx, t, fmt.Sprintf("includeReversed=true&limit=1&offset=%d", len(rows)))
	if err != nil {
		return err
	}
	if len(more) == 0 || more[0].id() == rows[0].id() {
		return t.NotDecidable("fewer than %d payments are shown in all, or offset has no effect", enough)
	}
	t.Fact("maxLimit", len(rows))
	return nil
}

func probeOffset(ctx context.Context, t *paymenttest.Trial) error {
	rows, err := paymentsOf(ctx, t, "limit=5")
	if err != nil {
		return err
	}
	if len(rows) < 2 {
		return t.NotDecidable("fewer than two payments are shown")
	}
	next, err := paymentsOf(ctx, t, "limit=5&offset=1")
	if err != nil {
		return err
	}
	if len(next) == 0 || next[0].id() != rows[1].id() {
		return t.Differs(t.Last().Place()+" $[0].id", "an offset of 1 does not begin with the second payment")
	}
	if next, err = paymentsOf(ctx, t, "limit=5&offset=1000000000"); err == nil && len(next) > 0 {
		err = t.Differs(t.Last().Place(), "an offset behind the end shows payments")
	}
	return err
}

func probeLimitEverywhere(ctx context.Context, t *paymenttest.Trial) error {
	e, err := ask{path: "/paymentTypes", list: true, query: "limit=1"}.send(ctx, t)
	if err != nil {
		return err
	}
	if e.Status == http.StatusOK {
		t.Fact("limitEverywhere", true)
		return t.Want(e, http.StatusOK, typesForm)
	}
	if err := wantRefused(t, e, http.StatusBadRequest); err != nil {
		return err
	}
	t.Fact("limitEverywhere", false)
	return nil
}

func probeSameRecord(ctx context.Context, t *paymenttest.Trial) error {
	rows, err := fiveValid(ctx, t)
	if err != nil {
		return err
	}
	place := t.Last().Place() + " $[0]"
	record, err := itemOf(ctx, t, path("payments", rows[0].id()), "", paymentForm)
	if err != nil {
		return err
	}
	return wantSame(t, place, rows[0], record)
}

func probeCustomerList(ctx context.Context, t *paymenttest.Trial) error {
	id := t.Object(ObjectPayment)
	record, err := itemOf(ctx, t, path("payments", id), "", paymentForm)
	if err != nil {
		return err
	}
	row, found, err := findRow(ctx, t, path("customers", t.Object(ObjectCustomer), "payments"), "includeReversed=true&"+sameDay(record), id)
	if err != nil {
		return err
	}
	if !found {
		return t.Differs(t.Last().Place(), "the customer's list does not show the payment")
	}
	return wantSame(t, t.Last().Place()+" $[]", row, record)
}

// probeSince asks for what was done at any time, and for what will be done.
func probeSince(name string) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		rows, err := paymentsOf(ctx, t, "includeReversed=true&limit=5&"+name+"="+sinceAlways)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return t.NotDecidable("no payment is shown with %s", name)
		}
		rows, err = paymentsOf(ctx, t, "includeReversed=true&limit=5&"+name+"="+stampOf(t.Began().Add(48*time.Hour)))
		if err == nil && len(rows) > 0 {
			err = t.Differs(t.Last().Place()+" "+name, "payments are shown for a time to come")
		}
		return err
	}
}
