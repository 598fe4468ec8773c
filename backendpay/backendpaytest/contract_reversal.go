package backendpaytest

import (
	"context"
	"net/http"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// reversalClauses are about how flags and reversals meet, which no page tells.
func reversalClauses() []paymenttest.Clause {
	unknown := func(id, statement string, requests int, plan string, probe func(context.Context, *paymenttest.Trial) error, facts ...string) paymenttest.Clause {
		return deciding(reading("reversal."+id, statement, paymenttest.Unknown, nowhere, requests, plan, probe), facts...)
	}
	isInferred := func(c *paymenttest.Clause) { c.Evidence, c.Source = paymenttest.Inferred, reasoned }
	return []paymenttest.Clause{
		unknown("false-flag", "includeReversed=false sets the flag: its presence counts.", 3, "lists the day of a reversed payment", probeFalseFlag, "falseFlags"),
		unknown("both-flags", "reversed with includeReversed shows all payments.", 8, "lists the days of a reversed payment and of another", probeBothFlags, "bothFlags"),
		unknown("without-flag", "reversedSince, minReversedDate and maxReversedDate show nothing without a flag.", 6, "lists by the date of a reversal", probeWithoutFlag, "reversedFiltersShow"),
		with(unknown("reinstated", "A reversal that was undone is not found by reversedSince.", 4, "lists the reinstated payments, and the day of one", probeUndone("reinstatedSince", "reversedSince")), isInferred),
		with(unknown("collection-cancelled", "A collection that was cancelled is not found by collectedSince.", 4, "lists the payments whose collection was cancelled, and the day of one",
			probeUndone("cancelledSince", "collectedSince")), isInferred),
		with(unknown("updated-since", "updatedSince does not see a reversal.", 45, "looks for the second in which a payment was reversed, by reversedSince, and lists payments changed since",
			probeActionsUpdate, "actionsUpdate"), func(c *paymenttest.Clause) { c.Option = "none: Client.Changes asks by all times" }),
	}
}

func probeFalseFlag(ctx context.Context, t *paymenttest.Trial) error {
	row, err := reversedOne(ctx, t)
	if err != nil {
		return err
	}
	found, err := shows(ctx, t, "includeReversed=false&"+sameDay(row), row.id())
	if err == nil {
		t.Fact("falseFlags", !found)
	}
	return err
}

func probeBothFlags(ctx context.Context, t *paymenttest.Trial) error {
	reversed, valid, err := both(ctx, t)
	if err != nil {
		return err
	}
	const flags = "reversed=true&includeReversed=true"
	e, err := ask{path: "/payments", list: true, query: flags + "&limit=1"}.send(ctx, t)
	if err != nil {
		return err
	}
	if e.Status == http.StatusBadRequest {
		t.Fact("bothFlags", BothRefused)
		return wantRefused(t, e, http.StatusBadRequest)
	}
	if err := wantShown(ctx, t, flags, reversed, true); err != nil {
		return err
	}
	all, err := shows(ctx, t, flags+"&"+sameDay(valid), valid.id())
	if err != nil {
		return err
	}
	if all {
		t.Fact("bothFlags", BothShowAll)
	} else {
		t.Fact("bothFlags", BothShowReversed)
	}
	return nil
}

func probeWithoutFlag(ctx context.Context, t *paymenttest.Trial) error {
	row, err := reversedOne(ctx, t)
	if err != nil {
		return err
	}
	day, _ := row.on("paymentReversedDate")
	var seen []bool
	for _, query := range []string{"reversedSince=" + sinceAlways, "minReversedDate=" + dayOf(day), "maxReversedDate=" + dayOf(day)} {
		found, err := shows(ctx, t, query+"&"+sameDay(row), row.id())
		if err != nil {
			return err
		}
		seen = append(seen, found)
	}
	if seen[0] != seen[1] || seen[1] != seen[2] {
		return t.Differs(t.Last().Place(), "the reversed payment is shown by reversedSince %t, minReversedDate %t, maxReversedDate %t", seen[0], seen[1], seen[2])
	}
	t.Fact("reversedFiltersShow", seen[0])
	return nil
}

// probeUndone looks for a payment of which something was undone, and asks
// whether it still counts as done.
func probeUndone(undone, done string) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		rows, err := paymentsOf(ctx, t, "includeReversed=true&limit=5&"+undone+"="+sinceAlways)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return t.NotDecidable("no payment is shown with %s", undone)
		}
		return wantShown(ctx, t, "includeReversed=true&"+done+"="+sinceAlways, rows[0], false)
	}
}

// probeActionsUpdate looks for the second of a reversal, and asks whether the
// payment counts as changed in that second.
func probeActionsUpdate(ctx context.Context, t *paymenttest.Trial) error {
	row, err := reversedOne(ctx, t)
	if err != nil {
		return err
	}
	since := func(name string, at time.Time) (bool, error) {
		return shows(ctx, t, "includeReversed=true&"+sameDay(row)+"&"+name+"="+stampOf(at), row.id())
	}
	reversed, err := lastSecond(t, row, func(at time.Time) (bool, error) { return since("reversedSince", at) })
	if err != nil {
		return err
	}
	updated, err := since("updatedSince", reversed)
	if err != nil || !updated {
		if err == nil {
			t.Fact("actionsUpdate", false)
		}
		return err
	}
	for _, other := range []struct {
		name string
		at   time.Time
	}{{"updatedSince", reversed.Add(time.Second)}, {"createdSince", reversed}} {
		hides, err := since(other.name, other.at)
		if err != nil {
			return err
		}
		if hides {
			return t.NotDecidable("the payment that was reversed was created or changed too since")
		}
	}
	t.Fact("actionsUpdate", true)
	return nil
}

// lastSecond returns the last second for which a Since filter shows a payment,
// which is that of its reversal.
func lastSecond(t *paymenttest.Trial, row shown, shows func(time.Time) (bool, error)) (time.Time, error) {
	day, _ := row.on("paymentReversedDate")
	from, to := day.AddDate(0, 0, -1), day.AddDate(0, 0, 2)
	switch found, err := shows(to); {
	case err != nil:
		return to, err
	case found:
		from, to = to, t.Began().AddDate(0, 0, 2)
	}
	switch found, err := shows(from); {
	case err != nil:
		return from, err
	case !found:
		from = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	for to.Sub(from) > time.Second {
		middle := from.Add(to.Sub(from) / 2).Truncate(time.Second)
		found, err := shows(middle)
		if err != nil {
			return from, err
		}
		if found {
			from = middle
		} else {
			to = middle
		}
	}
	return from, nil
}
