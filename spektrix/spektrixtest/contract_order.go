package spektrixtest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// orderClauses are about orders.
func orderClauses() []paymenttest.Clause {
	const doc, seen, unknown = paymenttest.Documented, paymenttest.Observed, paymenttest.Unknown
	sale := func(id, statement string, evidence paymenttest.Evidence, source string, requests int, plan string, p probe, decides ...string) paymenttest.Clause {
		return depends(irreversible(writes(id, statement, evidence, source, requests, "sells a ticket, once for all clauses, and "+plan, payObjects, p, decides...)), "confirmAnswer")
	}
	paidSale := func(c paymenttest.Clause) paymenttest.Clause { return depends(c, "confirmAnswer", "valueConfirm") }
	synced := func(c paymenttest.Clause) paymenttest.Clause { return depends(c, "confirmAnswer", "noOrdersSync") }
	return []paymenttest.Clause{
		sale("order.form", "An order has the observed members, and its id is named id.", seen, "working clients, one of which expects Id", 9, "reads the order", probeOrderForm, "capitalOrderID"),
		sale("order.times", "Times are written without a zone, in UTC.", unknown, "all forms are observed, the zone is not stated", 9, "reads the order", probeTimes, "times", "zoneOffset"),
		paidSale(advises(sale("order.payments", "An order shows its payments without their attributes.", unknown, "not stated", 9, "reads the order", probeOrderPayments, "orderAttributes"), "RecorderOptions.SearchOrders")),
		{
			ID: "order.missing", Statement: "An order that does not exist is 404.", Evidence: paymenttest.Inferred, Source: "the custom of HTTP", Requests: 1, Plan: "reads an order that does not exist",
			Probe: func(ctx context.Context, t *paymenttest.Trial) error {
				e, err := t.Get(ctx, orderPath(missingID))
				if err != nil {
					return err
				}
				return t.Want(e, http.StatusNotFound, errorForm)
			},
		},
		{
			ID: "sync.documented", Statement: "orders/sync lists the changed orders in pages of 100, in the documented form.", Evidence: doc, Source: "page on orders/sync, early access", Requests: 1,
			Plan: "lists the orders that have changed since the run began", Option: "RecorderOptions.SearchOrders and Confirmation.SearchOrders", Decides: []string{"noOrdersSync"}, Probe: probeSync,
		},
		{
			ID: "sync.since", Statement: "orders/sync refuses a call without since.", Evidence: doc, Source: "page on orders/sync", Requests: 1, Plan: "lists changed orders without since", Depends: []string{"noOrdersSync"},
			Probe: func(ctx context.Context, t *paymenttest.Trial) error {
				e, err := t.Get(ctx, syncPath)
				if err != nil {
					return err
				}
				if e.Status == http.StatusNotFound {
					return t.NotDecidable("orders/sync does not exist")
				}
				return t.WantStatus(e, http.StatusBadRequest)
			},
		},
		synced(sale("sync.confirmed", "orders/sync lists an order once it is confirmed.", doc, "page on orders/sync", 20, "lists the orders that have changed since", probeSyncOrder)),
		irreversible(writes("customer.orders", "A customer shows their orders.", doc, "endpoint reference, GET customers/{id}", 3, "confirms an empty basket of the customer, and reads the customer", []string{ObjectCustomer}, probeCustomer, "customerOrders")),
	}
}

func orderPath(id string) string { return "/orders/" + url.PathEscape(id) }

// readOrder reads the order of a confirmed basket, by the id that the confirm
// told or by that of the basket.
func readOrder(ctx context.Context, t *paymenttest.Trial, f finished) (shownOrder, error) {
	id, told := f.answeredID()
	if !told {
		id = f.basket.ID
	}
	e, err := t.Get(ctx, orderPath(id))
	if err != nil {
		return shownOrder{}, err
	}
	if !told && e.Status == http.StatusNotFound {
		return shownOrder{}, t.NotDecidable("the order's id is not known: the confirm tells none")
	}
	if err := t.Want(e, http.StatusOK, orderForm); err != nil {
		return shownOrder{}, err
	}
	return read[shownOrder](t, e)
}

// shownOrder is what the clauses read of an order.
type shownOrder struct {
	FirstTransactionDate string
	LastTransactionDate  string
	Payments             []struct {
		Amount     json.Number
		Method     struct{ Name string }
		Attributes *[]attributeJSON
	}
}

func probeOrderForm(ctx context.Context, t *paymenttest.Trial) error {
	f, err := ordered(ctx, t)
	if err != nil {
		return err
	}
	if _, err := readOrder(ctx, t, f); err != nil {
		return err
	}
	e := t.Last()
	members, err := read[map[string]json.RawMessage](t, e)
	if err != nil {
		return err
	}
	switch small, capital := members["id"] != nil, members["Id"] != nil; {
	case small == capital:
		return t.Differs(e.Place()+" $.id", "id is there: %t, Id is there: %t", small, capital)
	default:
		t.Fact("capitalOrderID", capital)
	}
	told, err := read[struct{ ID string }](t, e)
	if err != nil {
		return err
	}
	_, err = client(t).Order(ctx, told.ID)
	return err
}

// timeForms are the forms of a time, by their facts.
var timeForms = map[TimeForm]string{
	TimesWithoutZone: "2006-01-02T15:04:05", TimesWithTicks: ticks, TimesWithOffset: ticks + "-07:00",
}

// wallTime reads a time in one of the three forms. The instant is that of a wall
// clock in UTC, or the right one if the text names its offset.
func wallTime(text string) (at time.Time, form TimeForm, ok bool) {
	for form, layout := range timeForms {
		at, err := time.Parse(layout, text)
		if err == nil && at.Format(layout) == text {
			return at, form, true
		}
	}
	return at, form, false
}

// probeTimes compares the time of the order with the Date of the answer to its
// confirm: the difference, in quarters of an hour, is the zone.
func probeTimes(ctx context.Context, t *paymenttest.Trial) error {
	f, err := ordered(ctx, t)
	if err != nil {
		return err
	}
	o, err := readOrder(ctx, t, f)
	if err != nil {
		return err
	}
	place := t.Last().Place() + " $.firstTransactionDate"
	at, form, ok := wallTime(o.FirstTransactionDate)
	_, lastForm, lastOK := wallTime(o.LastTransactionDate)
	if !ok || !lastOK || lastForm != form {
		return t.Differs(place, "not a time in a known form, or not in the form of lastTransactionDate")
	}
	t.Fact("times", form)
	if form == TimesWithOffset {
		_, east := at.Zone()
		t.Fact("zoneOffset", time.Duration(east)*time.Second)
		return nil
	}
	confirmedAt, err := http.ParseTime(f.answer.Header.Get("Date"))
	if err != nil {
		t.Mask("zoneOffset", "the answers have no Date")
		return nil
	}
	t.Fact("zoneOffset", at.Sub(confirmedAt).Round(15*time.Minute))
	return nil
}

func probeOrderPayments(ctx context.Context, t *paymenttest.Trial) error {
	f, err := sold(ctx, t)
	if err != nil {
		return err
	}
	if !f.confirmed() {
		return t.NotDecidable("no basket with payments can be confirmed")
	}
	o, err := readOrder(ctx, t, f)
	if err != nil {
		return err
	}
	place := t.Last().Place() + " $.payments"
	if len(o.Payments) != 1 || !sameNumber(o.Payments[0].Amount, string(f.basket.Total)) {
		return t.Differs(place, "%d payments, not the one of the basket's total", len(o.Payments))
	}
	attributes := o.Payments[0].Attributes
	t.Fact("orderAttributes", attributes != nil)
	if attributes == nil {
		t.Advise("leave SearchOrders off, or expect payment.ErrNoLookup: an order shows no attributes")
		return nil
	}
	if !slices.Contains(*attributes, attributeJSON{t.Object(ObjectAttribute), f.reference}) {
		return t.Differs(place+"[0].attributes", "the reference is not among them")
	}
	return nil
}
