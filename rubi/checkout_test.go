package rubi_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

// first promises a first try, and looks twice without waiting.
func first(store payment.Store) []payment.OnceOption {
	return []payment.OnceOption{payment.WithStore(store), payment.WithPatience(2, time.Millisecond), payment.WithFirstTry()}
}

// again promises nothing.
func again(store payment.Store) []payment.OnceOption { return first(store)[:2] }

func fresh() []payment.OnceOption { return first(payment.NewMemoryStore()) }

func TestCheckoutChoosesOrRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prices []string
		total  string
		by     rubi.PaymentType
		want   rubi.PaymentType
	}{
		"free is confirmed":        {[]string{"0.00", "0.00"}, "0.00", "", rubi.Confirm},
		"above zero goes to card":  {[]string{"0.00", "0.01"}, "0.01", "", rubi.CardPayment},
		"invoice as asked":         {[]string{"10.40"}, "10.40", rubi.Invoice, rubi.Invoice},
		"free by invoice as asked": {[]string{"0.00"}, "0.00", rubi.Invoice, rubi.Invoice},
		"confirm above zero":       {[]string{"10.40"}, "10.40", rubi.Confirm, ""},
		"card for nothing":         {[]string{"0.00"}, "0.00", rubi.CardPayment, ""},
		"below zero":               {[]string{"-1.00"}, "-1.00", "", ""},
		"beyond the currency":      {[]string{"1.001"}, "1.00", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t)
			guids := fill(t, server, c.prices...)
			co, err := client.Checkout(t.Context(), bookings(t, c.total, c.by), fresh()...)
			if co.PaymentType != c.want || (err == nil) != (c.want != "") {
				t.Fatalf("%v, %v", co, err)
			}
			if err != nil {
				if !errors.Is(err, payment.ErrInvalid) || server.Count(rubitest.OpUserPayment) != 0 {
					t.Errorf("error is %v after %d submissions", err, server.Count(rubitest.OpUserPayment))
				}
				return
			}
			if strings.Join(co.PaymentItems, ",") != strings.Join(guids, ",") || co.TransactionID == "" || len(co.Receipt.Raw) < 10 {
				t.Errorf("items %v, transaction %q", co.PaymentItems, co.TransactionID)
			}
			if paid := server.Transactions()[0].Paid; paid == (c.want == rubi.CardPayment) {
				t.Errorf("paid: %v", paid)
			}
			once(t, server)
		})
	}
}

func TestCheckoutKeepsKindsApart(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	guids := fill(t, server, "1.00", "2.00")
	server.AddItem(rubitest.Item{Kind: rubitest.KindSubscription, UID: uid, Value: amount(t, "85.00")})
	r := bookings(t, "2.00", rubi.Invoice)
	r.Payment.PaymentItems = []string{strings.ToUpper(guids[1])}
	co, err := client.Checkout(t.Context(), r, fresh()...)
	if err != nil || !co.Total.Equal(pounds(t, "2.00")) {
		t.Fatalf("%v, %v", co, err)
	}
	r.Item, r.Payment.PaymentItems, r.Total, r.Payment.Reference = rubi.Subscriptions, nil, pounds(t, "85.00"), "order-8"
	if co, err = client.Checkout(t.Context(), r, fresh()...); err != nil || !co.Total.Equal(pounds(t, "85.00")) {
		t.Errorf("%v, %v", co, err)
	}
	if left := server.Basket(uid); len(left) != 1 || left[0].GUID != guids[0] {
		t.Errorf("left are %v", left)
	}
}

func TestCheckoutRefusesBeforeReading(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	for field, change := range map[string]func(*rubi.CheckoutRequest){
		"Payment.Attributes[Item]":            func(r *rubi.CheckoutRequest) { r.Item = rubi.AllItems },
		"Payment.Amount":                      func(r *rubi.CheckoutRequest) { r.Total = mustMoney(t, "1.00", "EUR") },
		"CheckoutRequest.Total":               func(r *rubi.CheckoutRequest) { r.Total = payment.Money{} },
		"CheckoutRequest.Payment.BasketItems": func(r *rubi.CheckoutRequest) { r.Payment.BasketItems = make([]rubi.BasketItem, 1) },
		"Payment.Reference":                   func(r *rubi.CheckoutRequest) { r.Payment.Reference = "" },
		"Payment.Method":                      func(r *rubi.CheckoutRequest) { r.Payment.PaymentType = "Cash" },
		"UserPayment.Postcode":                func(r *rubi.CheckoutRequest) { r.Payment.Postcode = " " },
		"Payment.Attributes[ItemGUID][1]":     func(r *rubi.CheckoutRequest) { r.Payment.PaymentItems = []string{"a", "A"} },
	} {
		r := bookings(t, "1.00", rubi.Invoice)
		change(&r)
		co, err := client.Checkout(t.Context(), r, fresh()...)
		var f *payment.FieldError
		if !errors.As(err, &f) || f.Field != field || co.PaymentType != "" {
			t.Errorf("%s: %v, %v", field, co, err)
		}
	}
	config := server.Config()
	config.Tenant = ""
	var f *payment.FieldError
	if _, err := connect(t, config).Checkout(t.Context(), bookings(t, "1.00", rubi.Invoice)); !errors.As(err, &f) || f.Field != "Account.Tenant" {
		t.Errorf("without a tenant: %v", err)
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestCheckoutOfABasketThatDoesNotFit(t *testing.T) {
	t.Parallel()
	named := bookings(t, "9.98", rubi.Invoice)
	named.Payment.PaymentItems = []string{"gone"}
	for name, c := range map[string]struct {
		r      rubi.CheckoutRequest
		prices []string
		facts  rubitest.Facts
		want   error
		sent   int
	}{
		"empty":            {bookings(t, "1.00", ""), nil, rubitest.Facts{}, payment.ErrNotFound, 0},
		"blank word":       {bookings(t, "1.00", ""), nil, rubitest.Facts{None: rubitest.NoneNull}, payment.ErrNotFound, 0},
		"item gone":        {named, []string{"9.98"}, rubitest.Facts{}, payment.ErrNotFound, 0},
		"another total":    {bookings(t, "9.99", rubi.Invoice), []string{"9.98"}, rubitest.Facts{}, payment.ErrInvalid, 0},
		"unreadable total": {bookings(t, "1234.00", ""), []string{"1234.00"}, rubitest.Facts{Amounts: rubitest.AmountGrouped}, payment.ErrInvalid, 0},
		"not allowed":      {bookings(t, "1.00", rubi.Invoice), []string{"1.00"}, rubitest.Facts{NoInvoice: true}, payment.ErrInvalid, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t, rubitest.WithFacts(c.facts))
			fill(t, server, c.prices...)
			co, err := client.Checkout(t.Context(), c.r, fresh()...)
			if !errors.Is(err, c.want) || errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("%v, %v", co, err)
			}
			if n := server.Count(rubitest.OpUserPayment); len(server.Transactions()) != 0 || n != c.sent {
				t.Errorf("%d transactions after %d submissions", len(server.Transactions()), n)
			}
		})
	}
}

// Every fault at every step of an invoice and a free checkout. What was lost is
// found out, now or when the checkout is handed over again, and nothing is
// submitted twice.
func TestLostInvoices(t *testing.T) {
	t.Parallel()
	for _, by := range []rubi.PaymentType{rubi.Invoice, rubi.Confirm} {
		for _, fault := range paymenttest.Faults() {
			t.Run(string(by)+" "+fault.String(), func(t *testing.T) {
				t.Parallel()
				server, _ := emulated(t, rubitest.WithFacts(rubitest.Facts{PaidAgain: true}))
				client := connect(t, server.Config(), tenderkit.WithTimeout(200*time.Millisecond))
				r := bookings(t, "0.00", by)
				if by == rubi.Invoice {
					r.Total = pounds(t, "25.00")
				}
				fill(t, server, r.Total.Amount().String())
				on(server, rubitest.OpUserPayment, fault)
				store := payment.NewMemoryStore()
				co, err := client.Checkout(t.Context(), r, first(store)...)
				switch {
				case fault.Effect():
					if err != nil || !co.Receipt.AlreadyRecorded {
						t.Fatalf("after an effect: %v, %v", co, err)
					}
				case refuses(fault):
					if errors.Is(err, payment.ErrOutcomeUnknown) || err == nil {
						t.Fatalf("refused: %v", err)
					}
					if _, err := client.Checkout(t.Context(), r, first(store)...); err != nil || len(server.Transactions()) != 1 {
						t.Errorf("refused, then handed over again: %v", err)
					}
				default:
					var e *payment.Error
					if !errors.Is(err, payment.ErrOutcomeUnknown) || !errors.As(err, &e) || e.Reference != "order-7" || e.Target != uid {
						t.Fatalf("without an effect: %v", err)
					}
				}
				for range 2 {
					co, err = client.Checkout(t.Context(), r, first(store)...)
					if fault.Effect() && (err != nil || !co.Receipt.AlreadyRecorded) || !fault.Effect() && !refuses(fault) && !errors.Is(err, payment.ErrOutcomeUnknown) {
						t.Errorf("again: %v, %v", co, err)
					}
				}
				if n := server.Count(rubitest.OpUserPayment); n > 1 && !refuses(fault) {
					t.Errorf("%d submissions", n)
				}
				once(t, server)
			})
		}
	}
}

// Only a clear list is a word about what is gone.
func TestAnUnclearBasketProvesNothing(t *testing.T) {
	t.Parallel()
	for name, none := range map[string]rubitest.NoneForm{"blank text": rubitest.NoneText, "null": rubitest.NoneNull} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t, rubitest.WithFacts(rubitest.Facts{None: none}))
			fill(t, server, "25.00")
			on(server, rubitest.OpUserPayment, paymenttest.DropAfter())
			_, err := client.Checkout(t.Context(), bookings(t, "25.00", rubi.Invoice), fresh()...)
			var u *payment.UnresolvedError
			if !errors.As(err, &u) || !errors.Is(u.Seen, payment.ErrNoLookup) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// A basket in which a part of the items is left is no proof either.
func TestAPartOfTheItemsProvesNothing(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	guids := fill(t, server, "20.00", "5.00")
	on(server, rubitest.OpUserPayment, paymenttest.DropBefore())
	store := payment.NewMemoryStore()
	r := bookings(t, "25.00", rubi.Invoice)
	if _, err := client.Checkout(t.Context(), r, first(store)...); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatal(err)
	}
	if err := client.BookingUpdate(t.Context(), rubi.BookingUpdate{UID: uid, BookingGUID: guids[0], UpdateType: rubi.RemoveBooking}); err != nil {
		t.Fatal(err)
	}
	r.Payment.PaymentItems = guids
	_, err := client.Checkout(t.Context(), r, again(store)...)
	var u *payment.UnresolvedError
	if !errors.As(err, &u) || !errors.Is(u.Seen, payment.ErrNoLookup) || server.Count(rubitest.OpUserPayment) != 1 {
		t.Errorf("error is %v", err)
	}
}

// Everything of the kind is what was there at the first time.
func TestACheckoutHandedOverAgain(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, rubitest.WithFacts(rubitest.Facts{PaidAgain: true}))
	guids := fill(t, server, "25.00")
	store := payment.NewMemoryStore()
	r := bookings(t, "25.00", rubi.Invoice)
	for range 3 {
		if co, err := client.Checkout(t.Context(), r, again(store)...); err != nil || !co.Total.Equal(r.Total) {
			t.Fatalf("%v, %v", co, err)
		}
	}
	fill(t, server, "25.00")
	var conflict *payment.ConflictError
	if _, err := client.Checkout(t.Context(), r, first(store)...); !errors.As(err, &conflict) || strings.Join(conflict.Fields, ",") != "Attributes[ItemGUID]" {
		t.Errorf("other items under the same reference: %v", err)
	}
	r.Payment.PaymentItems = guids
	if _, err := client.Checkout(t.Context(), r, first(store)...); err != nil || len(server.Transactions()) != 1 {
		t.Errorf("the same items: %v", err)
	}
	once(t, server)
}

// The form of the stored value is part of the interface.
func TestStoredForm(t *testing.T) {
	t.Parallel()
	co := rubi.Checkout{
		Reference: "order-7", UID: "u", Item: rubi.Bookings, PaymentType: rubi.CardPayment, PaymentItems: []string{"a"},
		Total: pounds(t, "25.00"), TransactionID: "T-1", Receipt: payment.Receipt{ID: "T-1"},
	}
	const want = `{"reference":"order-7","uid":"u","item":"Bookings","paymentType":"CardPayment","paymentItems":["a"],` +
		`"total":{"amount":"25.00","currency":"GBP"},"transactionID":"T-1"}`
	if got, err := co.MarshalBinary(); err != nil || string(got) != want {
		t.Errorf("%s, %v\nwant %s", got, err, want)
	}
}
