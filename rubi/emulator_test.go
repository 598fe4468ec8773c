package rubi_test

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

const uid = rubitest.SampleUID

// emulated returns an emulator and a client of it whose attempts are short.
func emulated(t *testing.T, opts ...rubitest.Option) (*rubitest.Server, *rubi.Client) {
	t.Helper()
	server := rubitest.New(opts...)
	t.Cleanup(server.Close)
	return server, connect(t, server.Config())
}

func connect(t *testing.T, config rubi.Config, opts ...tenderkit.Option) *rubi.Client {
	t.Helper()
	opts = append([]tenderkit.Option{tenderkit.WithTimeout(time.Second), tenderkit.WithBackoff(time.Millisecond, time.Millisecond)}, opts...)
	client, err := rubi.New(config, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// fill puts bookings at these prices into the sample contact's basket.
func fill(t *testing.T, server *rubitest.Server, prices ...string) (guids []string) {
	t.Helper()
	for _, price := range prices {
		guids = append(guids, server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: uid, Details: "Dinner", Value: amount(t, price)}))
	}
	return guids
}

// all ranges over a sequence up to its first error.
func all[T any](seq iter.Seq2[T, error]) (list []T, err error) {
	for v, err := range seq {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

func amount(t testing.TB, s string) payment.Amount {
	t.Helper()
	a, err := payment.ParseAmount(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func pounds(t testing.TB, s string) payment.Money {
	t.Helper()
	m, err := payment.NewMoney(amount(t, s), "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// payer is a contact with an address, without a payment type.
func payer() rubi.UserPayment {
	return rubi.UserPayment{
		UID: uid, Address1: "1 High St", Address4: "Leeds", County: "West Yorkshire", Postcode: "LS1 1AA", Country: "United Kingdom",
		EmailAddress: "jo@example.org", MobCountry: "+44", Mob: "07700900000", Reference: "order-7",
	}
}

func bookings(t testing.TB, total string, by rubi.PaymentType) rubi.CheckoutRequest {
	t.Helper()
	p := payer()
	p.PaymentType = by
	return rubi.CheckoutRequest{Item: rubi.Bookings, Total: pounds(t, total), Payment: p}
}

func succeeded(minor int64) rubi.StripePayment {
	return rubi.StripePayment{ID: "pi_123", Status: rubi.Succeeded, Amount: minor}
}

// on makes faults strike one method of the vendor.
func on(server *rubitest.Server, method string, faults ...paymenttest.Fault) {
	server.Faults().On(server.Is(method), faults...)
}

// stored puts a checkout through its stored form, as a program that crashed would.
func stored(t *testing.T, co rubi.Checkout) rubi.Checkout {
	t.Helper()
	text, err := co.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{rubitest.SampleAPIKey, "High St", "jo@example.org", "07700900000"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the stored value holds %s", secret)
		}
	}
	var back rubi.Checkout
	if err := back.UnmarshalBinary(text); err != nil {
		t.Fatal(err)
	}
	return back
}

// once checks that no basket item is paid by two transactions, and that no
// transaction was mailed twice.
func once(t *testing.T, server *rubitest.Server) {
	t.Helper()
	paid, mailed := map[string]int{}, map[string]int{}
	for _, transaction := range server.Transactions() {
		if transaction.Paid {
			for _, guid := range transaction.Items {
				paid[guid]++
			}
		}
	}
	for _, mail := range server.Mails() {
		mailed[mail.TransactionID]++
	}
	for what, counts := range map[string]map[string]int{"paid": paid, "mailed": mailed} {
		for id, n := range counts {
			if n > 1 {
				t.Errorf("%s was %s %d times", id, what, n)
			}
		}
	}
}

func TestEveryAnswerForm(t *testing.T) {
	t.Parallel()
	forms := map[string][]rubitest.Option{
		"odd envelope": {rubitest.WithFacts(rubitest.Facts{OddEnvelope: true})}, "plain text": {rubitest.WithFacts(rubitest.Facts{PlainText: true})},
		"numbers": {rubitest.WithFacts(rubitest.Facts{Amounts: rubitest.AmountNumber, NumericTransactionIDs: true})}, "four decimals": {rubitest.WithFacts(rubitest.Facts{Amounts: rubitest.AmountFour})},
		"nulls": {rubitest.WithFacts(rubitest.Facts{Blanks: rubitest.BlankNull, EmailLists: rubitest.ListNull})}, "missing": {rubitest.WithFacts(rubitest.Facts{Blanks: rubitest.BlankMissing, EmailLists: rubitest.ListMissing})},
		"lists as text": {rubitest.WithFacts(rubitest.Facts{EmailLists: rubitest.ListText})}, "swapped": {rubitest.WithFacts(rubitest.Facts{SwappedDetails: true})},
		"unknown field": {rubitest.WithFacts(rubitest.Facts{UnknownMember: true})}, "card guid": {rubitest.WithFacts(rubitest.Facts{CardGUID: rubitest.CardGUIDJoined})},
		"statuses": {rubitest.WithFacts(rubitest.Facts{HTTPStatuses: true})},
	}
	for _, form := range rubitest.AnswerForms() {
		forms[fmt.Sprint("form ", form)] = []rubitest.Option{rubitest.WithFacts(rubitest.Facts{Answer: form})}
	}
	for name, opts := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t, opts...)
			fill(t, server, "10.40", "1.00")
			store := payment.NewMemoryStore()
			co, err := client.Checkout(t.Context(), bookings(t, "11.40", rubi.CardPayment), first(store)...)
			if err != nil || co.TransactionID == "" || !co.Total.Equal(pounds(t, "11.40")) {
				t.Fatalf("%v, %v", co, err)
			}
			receipt, err := client.Complete(t.Context(), stored(t, co), succeeded(1140), first(store)...)
			if err != nil || receipt.AlreadyRecorded || receipt.ID != co.TransactionID || !strings.Contains(string(receipt.Raw), `"Jo"`) {
				t.Errorf("%v, %v", receipt, err)
			}
			if left, err := all(client.UserBasket(t.Context(), uid, rubi.AllItems)); err != nil || len(left) != 0 {
				t.Errorf("basket %v, %v", left, err)
			}
			once(t, server)
		})
	}
}

func TestBasketsAreBuiltAndEmptied(t *testing.T) {
	t.Parallel()
	for _, form := range []rubitest.BooleanForm{rubitest.BooleanWord, rubitest.BooleanJSON, rubitest.BooleanNumber, rubitest.BooleanList} {
		server, client := emulated(t, rubitest.WithFacts(rubitest.Facts{Booleans: form}))
		places, err := client.Booking(t.Context(), rubi.Booking{UID: uid, EID: rubitest.SampleEID, BookingPlaces: 2})
		if err != nil || len(places.Places) != 2 {
			t.Fatalf("%v, %v", places, err)
		}
		if err := client.Subscription(t.Context(), rubi.Subscription{UID: uid, SSID: rubitest.SampleSSID, Action: rubi.Add}); err != nil {
			t.Fatal(err)
		}
		subscriptions, err := all(client.UserBasket(t.Context(), uid, rubi.Subscriptions))
		if err != nil || len(subscriptions) != 1 || subscriptions[0].Item != rubi.Subscriptions {
			t.Fatalf("%v, %v", subscriptions, err)
		}
		if err := client.Subscription(t.Context(), rubi.Subscription{UID: uid, SSID: subscriptions[0].ItemGUID, Action: rubi.Remove}); err != nil {
			t.Error(err)
		}
		for _, place := range places.Places {
			if err := client.BookingUpdate(t.Context(), rubi.BookingUpdate{UID: uid, BookingGUID: place.BookingGUID, UpdateType: rubi.RemoveBooking}); err != nil {
				t.Error(err)
			}
		}
		if left := server.Basket(uid); len(left) != 0 {
			t.Errorf("%d items are left", len(left))
		}
	}
}

func TestFalseIsARefusal(t *testing.T) {
	t.Parallel()
	_, client := emulated(t, rubitest.WithFacts(rubitest.Facts{FalseForUnknownItems: true}))
	err := client.BookingUpdate(t.Context(), rubi.BookingUpdate{UID: uid, BookingGUID: "nobody's", UpdateType: rubi.RemoveBooking})
	var e *payment.Error
	if !errors.Is(err, payment.ErrInvalid) || !errors.As(err, &e) || e.Code != "200" {
		t.Errorf("error is %v", err)
	}
}

func TestCallReachesEverything(t *testing.T) {
	t.Parallel()
	events := func([]string) []map[string]string { return []map[string]string{{"ListValue": "Kent"}} }
	server, client := emulated(t, rubitest.WithMethod("Calendar", 2, events))
	got, err := client.Call(t.Context(), "Calendar", "County")
	if err != nil || string(got) != `[{"ListValue":"Kent"}]` {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := client.Call(t.Context(), "NoSuchThing"); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("error is %v", err)
	}
	on(server, "Calendar", paymenttest.DropAfter())
	if _, err := client.Call(t.Context(), "Calendar", "County"); !errors.Is(err, payment.ErrOutcomeUnknown) || server.Count("Calendar") != 2 {
		t.Errorf("a lost call: %v after %d requests", err, server.Count("Calendar"))
	}
	on(server, "Calendar", paymenttest.DropAfter())
	if got, err := client.Query(t.Context(), "Calendar", "County"); err != nil || len(got) == 0 || server.Count("Calendar") != 4 {
		t.Errorf("a lost query: %s, %v after %d requests", got, err, server.Count("Calendar"))
	}
	if _, err := client.Query(t.Context(), "NoSuchThing"); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("error is %v", err)
	}
}

func TestWrongKey(t *testing.T) {
	t.Parallel()
	server, _ := emulated(t)
	config := server.Config()
	config.APIKey = "another"
	_, err := all(connect(t, config).UserBasket(t.Context(), uid, rubi.AllItems))
	var e *payment.Error
	if !errors.Is(err, payment.ErrUnauthorized) || !errors.As(err, &e) || e.Code != "401" || e.Status != 200 {
		t.Errorf("error is %v", err)
	}
}
