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

func TestCheckoutChoosesOrRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prices []string
		by     rubi.PaymentType
		want   rubi.PaymentType
		state  rubi.CheckoutState
	}{
		"free is confirmed":        {[]string{"0.00", "0.00"}, "", rubi.Confirm, rubi.StateRecorded},
		"above zero goes to card":  {[]string{"0.00", "0.01"}, "", rubi.CardPayment, rubi.StateCharge},
		"invoice as asked":         {[]string{"10.40"}, rubi.Invoice, rubi.Invoice, rubi.StateRecorded},
		"free by invoice as asked": {[]string{"0.00"}, rubi.Invoice, rubi.Invoice, rubi.StateRecorded},
		"confirm above zero":       {[]string{"10.40"}, rubi.Confirm, "", ""},
		"card for nothing":         {[]string{"0.00"}, rubi.CardPayment, "", ""},
		"below zero":               {[]string{"-1.00"}, "", "", ""},
		"beyond the currency":      {[]string{"1.001"}, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t)
			guids := fill(t, server, c.prices...)
			co, err := client.Checkout(t.Context(), bookings(c.by))
			if co.PaymentType != c.want || co.State != c.state || (err == nil) != (c.want != "") {
				t.Fatalf("%v, %v", co, err)
			}
			if err != nil {
				if !errors.Is(err, payment.ErrInvalid) || server.Count(rubitest.OpUserPayment) != 0 {
					t.Errorf("error is %v after %d submissions", err, server.Count(rubitest.OpUserPayment))
				}
				return
			}
			if strings.Join(co.PaymentItems, ",") != strings.Join(guids, ",") || co.TransactionID == "" || len(co.Payments) == 0 {
				t.Errorf("items %v, transaction %q", co.PaymentItems, co.TransactionID)
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
	r := bookings(rubi.Invoice)
	r.Payment.PaymentItems = []string{strings.ToUpper(guids[1])}
	co, err := client.Checkout(t.Context(), r)
	if err != nil || !co.Total.Equal(pounds(t, "2.00")) {
		t.Fatalf("%v, %v", co, err)
	}
	r.Item, r.Payment.PaymentItems = rubi.Subscriptions, nil
	if co, err = client.Checkout(t.Context(), r); err != nil || !co.Total.Equal(pounds(t, "85.00")) {
		t.Errorf("%v, %v", co, err)
	}
	if left := server.Basket(uid); len(left) != 1 || left[0].GUID != guids[0] {
		t.Errorf("left are %v", left)
	}
}

func TestCheckoutRefusesBeforeReading(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	euro, err := payment.ParseMoney("1.00", "EUR")
	if err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*rubi.CheckoutRequest){
		"CheckoutRequest.Item":                func(r *rubi.CheckoutRequest) { r.Item = rubi.AllItems },
		"CheckoutRequest.Total":               func(r *rubi.CheckoutRequest) { r.Total = euro },
		"CheckoutRequest.Payment.BasketItems": func(r *rubi.CheckoutRequest) { r.Payment.BasketItems = make([]rubi.BasketItem, 1) },
		"UserPayment.PaymentType":             func(r *rubi.CheckoutRequest) { r.Payment.PaymentType = "Cash" },
		"UserPayment.Postcode":                func(r *rubi.CheckoutRequest) { r.Payment.Postcode = " " },
		"UserPayment.PaymentItems[1]":         func(r *rubi.CheckoutRequest) { r.Payment.PaymentItems = []string{"a", "A"} },
	} {
		r := bookings(rubi.Invoice)
		change(&r)
		co, err := client.Checkout(t.Context(), r)
		var f *payment.FieldError
		if !errors.As(err, &f) || f.Field != field || co.State != "" {
			t.Errorf("%s: %v, %v", field, co, err)
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestCheckoutOfABasketThatDoesNotFit(t *testing.T) {
	t.Parallel()
	agreed := bookings(rubi.Invoice)
	agreed.Total = pounds(t, "9.99")
	named := bookings(rubi.Invoice)
	named.Payment.PaymentItems = []string{"gone"}
	for name, c := range map[string]struct {
		r      rubi.CheckoutRequest
		prices []string
		opts   []rubitest.Option
		want   error
	}{
		"empty":            {bookings(""), nil, nil, payment.ErrNotFound},
		"blank word":       {bookings(""), nil, []rubitest.Option{rubitest.WithFacts(rubitest.Facts{None: rubitest.NoneNull})}, payment.ErrNotFound},
		"item gone":        {named, []string{"9.98"}, nil, payment.ErrNotFound},
		"another total":    {agreed, []string{"9.98"}, nil, payment.ErrInvalid},
		"unreadable total": {bookings(""), []string{"1234.00"}, []rubitest.Option{rubitest.WithFacts(rubitest.Facts{Amounts: rubitest.AmountGrouped})}, payment.ErrInvalid},
		"not allowed":      {bookings(rubi.Invoice), []string{"1.00"}, []rubitest.Option{rubitest.WithFacts(rubitest.Facts{NoInvoice: true})}, payment.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t, c.opts...)
			fill(t, server, c.prices...)
			co, err := client.Checkout(t.Context(), c.r)
			if !errors.Is(err, c.want) || errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("%v, %v", co, err)
			}
			if refused := server.Count(rubitest.OpUserPayment) == 1; len(server.Transactions()) != 0 || refused != (co.State == rubi.StateNotRecorded) {
				t.Errorf("%d transactions, state %q", len(server.Transactions()), co.State)
			}
		})
	}
}

// Every fault at every step of an invoice and a free checkout. What was lost
// is found out, and nothing is submitted twice.
func TestLostInvoices(t *testing.T) {
	t.Parallel()
	for _, by := range []rubi.PaymentType{rubi.Invoice, rubi.Confirm} {
		for _, fault := range paymenttest.Faults() {
			t.Run(string(by)+" "+fault.String(), func(t *testing.T) {
				t.Parallel()
				server, _ := emulated(t)
				client := connect(t, server.Config(), tenderkit.WithTimeout(200*time.Millisecond))
				fill(t, server, "0.00")
				on(server, rubitest.OpUserPayment, fault)
				co, err := client.Checkout(t.Context(), bookings(by))
				if refuses(fault) {
					if co.State != rubi.StateNotRecorded || errors.Is(err, payment.ErrOutcomeUnknown) {
						t.Errorf("%v, %v", co, err)
					}
					return
				}
				var e *payment.Error
				if co.State != rubi.StateUnknown || !errors.Is(err, payment.ErrOutcomeUnknown) || !errors.As(err, &e) || e.Reference != "order-7" || e.Target != uid {
					t.Fatalf("%v, %v", co, err)
				}
				co, err = client.Resume(t.Context(), stored(t, co))
				if fault.Effect() && (err != nil || co.State != rubi.StateAnswerLost || !co.State.Done()) {
					t.Errorf("after an effect: %v, %v", co, err)
				}
				if !fault.Effect() && (!errors.Is(err, payment.ErrNotFound) || co.State != rubi.StateUnknown) {
					t.Errorf("without an effect: %v, %v", co, err)
				}
				once(t, server)
			})
		}
	}
}

// Only a clear list is a word about what is gone.
func TestResumeTakesNoUnclearWord(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]rubitest.Option{
		"blank text": {rubitest.WithFacts(rubitest.Facts{None: rubitest.NoneText})}, "null": {rubitest.WithFacts(rubitest.Facts{None: rubitest.NoneNull})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t, opts...)
			fill(t, server, "25.00")
			on(server, rubitest.OpUserPayment, paymenttest.DropAfter())
			co, err := client.Checkout(t.Context(), bookings(rubi.Invoice))
			if !errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Fatal(err)
			}
			co, err = client.Resume(t.Context(), co)
			if !errors.Is(err, payment.ErrNoLookup) || co.State != rubi.StateUnknown {
				t.Errorf("%v, %v", co, err)
			}
		})
	}
}

func TestResumeWhenTheBasketCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, fault := range []paymenttest.Fault{
		rubitest.Refusal("404", "no", false), paymenttest.Answer(404, "text/html", "no", false), paymenttest.Answer(500, "text/html", "no", false), paymenttest.EmptyAnswer(),
	} {
		server, client := emulated(t)
		fill(t, server, "25.00")
		co, err := client.Checkout(t.Context(), bookings(""))
		if err != nil {
			t.Fatal(err)
		}
		on(server, rubitest.OpStripeResult, paymenttest.DropAfter())
		co, err = client.Complete(t.Context(), co, succeeded(2500))
		wantCharged(t, co, err)
		on(server, rubitest.OpUserBasket, fault, fault, fault, fault)
		co, err = client.Resume(t.Context(), co)
		wantCharged(t, co, err)
		if !errors.Is(err, payment.ErrOutcomeUnknown) || errors.Is(err, payment.ErrNotFound) {
			t.Errorf("%v: error is %v", fault, err)
		}
	}
}
