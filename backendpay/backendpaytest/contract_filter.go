package backendpaytest

import (
	"context"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// filterClauses are about the filters of payments, one for each that is
// documented.
func filterClauses() []paymenttest.Clause {
	filter := func(id, statement string, requests int, plan string, probe func(context.Context, *paymenttest.Trial) error) paymenttest.Clause {
		return reading("filter."+id, statement, paymenttest.Documented, paymentsPage, requests, plan, probe)
	}
	since := func(id, parameter, what string) paymenttest.Clause {
		return filter(id, parameter+" shows payments "+what+" since.", 2, "lists payments "+what+" since 2000, and since tomorrow", probeSince(parameter))
	}
	return []paymenttest.Clause{
		filter("default", "Reversed payments are not shown by default.", 3, "lists the day of a reversed payment", probeByDefault),
		filter("include-reversed", "includeReversed=true shows reversed payments and others.", 6, "lists the days of a reversed payment and of another", probeIncludeReversed),
		with(filter("reversed", "reversed=true shows reversed payments, and no others.", 6, "lists the days of a reversed payment and of another", probeReversedOnly), func(c *paymenttest.Clause) {
			c.Evidence, c.Source = paymenttest.Inferred, paymentsPage+`: "show reversed payments"; that it hides the others is reasoned`
		}),
		filter("dates", "minDate and maxDate take payments dated on these days.", 5, "lists by the date of a payment, from the day after, and to the day before", probeDays(validOne, "paymentDate", "minDate", "maxDate")),
		filter("reversed-dates", "minReversedDate and maxReversedDate take payments reversed on these days.", 5, "lists by the date of a reversal, from the day after, and to the day before",
			probeDays(reversedOne, "paymentReversedDate", "minReversedDate", "maxReversedDate")),
		since("reversed-since", "reversedSince", "reversed"),
		since("reinstated-since", "reinstatedSince", "reinstated"),
		since("collected-since", "collectedSince", "collected"),
		since("cancelled-since", "cancelledSince", "with collection cancelled"),
		with(filter("bare-flag", "A flag may be given without a value.", 3, "lists the day of a reversed payment", probeBareFlag), func(c *paymenttest.Clause) { c.Source = "features endpoint page" }),
		with(filter("customer-list", "The list of a customer takes the same filters.", 1, "lists the customer's payments with all filters", probeCustomerFilters), func(c *paymenttest.Clause) {
			c.Evidence, c.Source, c.Objects = paymenttest.Inferred, reasoned+", but the filters stand below both lists on the "+paymentsPage, []string{ObjectCustomer}
		}),
	}
}

// reversedOne returns a payment that shows when it was reversed.
func reversedOne(ctx context.Context, t *paymenttest.Trial) (shown, error) {
	rows, err := paymentsOf(ctx, t, "reversed=true&limit=5")
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if _, ok := row.on("paymentReversedDate"); !ok {
			return nil, t.Differs(t.Last().Place()+" $[].paymentReversedDate", "a reversed payment does not show when it was reversed")
		}
	}
	if len(rows) == 0 {
		return nil, t.NotDecidable("no reversed payment is shown")
	}
	return rows[0], nil
}

func validOne(ctx context.Context, t *paymenttest.Trial) (shown, error) {
	rows, err := fiveValid(ctx, t)
	if err != nil {
		return nil, err
	}
	return rows[0], nil
}

// sameDay returns filters for the day of a payment.
func sameDay(row shown) string {
	day, _ := row.on("paymentDate")
	return "minDate=" + dayOf(day) + "&maxDate=" + dayOf(day)
}

// wantShown returns nil if a list shows a payment, or does not, as is wanted.
func wantShown(ctx context.Context, t *paymenttest.Trial, query string, row shown, want bool) error {
	found, err := shows(ctx, t, strings.TrimPrefix(query+"&"+sameDay(row), "&"), row.id())
	if err == nil && found != want {
		err = t.Differs(strings.TrimSpace(t.Last().Place()+" "+query), "the payment is shown: %t", found)
	}
	return err
}

// both returns a reversed payment and another.
func both(ctx context.Context, t *paymenttest.Trial) (reversed, valid shown, err error) {
	if reversed, err = reversedOne(ctx, t); err == nil {
		valid, err = validOne(ctx, t)
	}
	return reversed, valid, err
}

func probeByDefault(ctx context.Context, t *paymenttest.Trial) error {
	row, err := reversedOne(ctx, t)
	if err != nil {
		return err
	}
	return wantShown(ctx, t, "", row, false)
}

func probeIncludeReversed(ctx context.Context, t *paymenttest.Trial) error {
	reversed, valid, err := both(ctx, t)
	if err == nil {
		err = wantShown(ctx, t, "includeReversed=true", reversed, true)
	}
	if err == nil {
		err = wantShown(ctx, t, "includeReversed=true", valid, true)
	}
	return err
}

func probeReversedOnly(ctx context.Context, t *paymenttest.Trial) error {
	reversed, valid, err := both(ctx, t)
	if err == nil {
		err = wantShown(ctx, t, "reversed=true", reversed, true)
	}
	if err == nil {
		err = wantShown(ctx, t, "reversed=true", valid, false)
	}
	return err
}

// probeDays asks for the day that a payment shows, and for the days after and
// before.
func probeDays(find func(context.Context, *paymenttest.Trial) (shown, error), field, from, to string) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		row, err := find(ctx, t)
		if err != nil {
			return err
		}
		day, ok := row.on(field)
		if !ok {
			return t.NotDecidable("a payment shows no date")
		}
		found, err := shows(ctx, t, "includeReversed=true&"+from+"="+dayOf(day)+"&"+to+"="+dayOf(day), row.id())
		if err != nil {
			return err
		}
		if !found {
			return t.Differs(t.Last().Place()+" "+from, "the payment is not shown on its own day")
		}
		for _, side := range []struct {
			name string
			day  time.Time
			in   func(time.Time) bool
		}{{from, day.AddDate(0, 0, 1), day.Before}, {to, day.AddDate(0, 0, -1), day.After}} {
			rows, err := paymentsOf(ctx, t, "includeReversed=true&limit=5&"+side.name+"="+dayOf(side.day))
			if err != nil {
				return err
			}
			for i, row := range rows {
				if shows, ok := row.on(field); !ok || !side.in(shows) {
					return t.Differs(at(t, i, field), "%s=%s shows a payment of another day", side.name, dayOf(side.day))
				}
			}
		}
		return nil
	}
}

func probeBareFlag(ctx context.Context, t *paymenttest.Trial) error {
	row, err := reversedOne(ctx, t)
	if err != nil {
		return err
	}
	return wantShown(ctx, t, "includeReversed", row, true)
}

func probeCustomerFilters(ctx context.Context, t *paymenttest.Trial) error {
	query := "limit=1&offset=1&createdSince=" + sinceAlways + "&updatedSince=" + sinceAlways + "&includeReversed=true&minDate=2000-01-01&maxDate=" + dayOf(t.Began()) +
		"&minReversedDate=2000-01-01&maxReversedDate=2000-01-02&reversedSince=" + sinceAlways + "&reinstatedSince=" + sinceAlways +
		"&collectedSince=" + sinceAlways + "&cancelledSince=" + sinceAlways
	rows, err := rowsOf(ctx, t, path("customers", t.Object(ObjectCustomer), "payments"), query, paymentsForm)
	if err == nil && len(rows) > 0 {
		err = t.Differs(t.Last().Place(), "a payment is shown that was reversed and is not")
	}
	return err
}
