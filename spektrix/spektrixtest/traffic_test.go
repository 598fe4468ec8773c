package spektrixtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// faults are those that paymenttest lists, with a delay that need not be
// waited for, and those of this vendor.
func faults() []paymenttest.Fault {
	list := []paymenttest.Fault{EdgeBlock(), Forbidden(), EchoDiffers(), paymenttest.Delay(time.Millisecond)}
	for _, f := range paymenttest.Faults() {
		if f != paymenttest.Delay(time.Minute) {
			list = append(list, f)
		}
	}
	return list
}

// TestFaultsAtEveryWrite sends each write once and looks into the ledger: it
// happened exactly if the fault says so.
func TestFaultsAtEveryWrite(t *testing.T) {
	t.Parallel()
	for _, f := range faults() {
		t.Run(f.String(), func(t *testing.T) {
			t.Parallel()
			s := start(t)
			open, paid := sale(s), paidSale(t, s)
			s.Faults().On(s.Is(OpAddCustomPayment), f)
			s.Faults().On(s.Is(OpConfirm), f)
			s.Faults().On(s.Is(OpCreateBasket), f)
			_, _ = s.try(s.request(t, "POST", "baskets/"+open+"/custom-payments", `{"PaymentTypeId":"`+TypeEPOSSystem+`","Amount":10.40}`))
			_, _ = s.try(s.request(t, "POST", "baskets/"+paid+"/confirm", `{}`))
			_, _ = s.try(s.request(t, "POST", "baskets", `{}`))
			done := 0
			if f.Effect() {
				done = 1
			}
			if p, o, b := len(s.Payments(open)), len(s.Orders()), len(s.Baskets()); p != done || o != done || b != 2+done {
				t.Errorf("%d payments, %d orders, %d baskets", p, o, b)
			}
			if s.Faults().Pending() != 0 || s.Count(OpConfirm) != 1 || s.Count(OpCreateBasket) != 1 || s.Count(OpAddCustomPayment) != 2 {
				t.Errorf("requests %v", s.Requests())
			}
		})
	}
}

func TestVendorFaults(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := sale(s)
	s.Faults().Next(EdgeBlock(), Forbidden(), paymenttest.Throttle(), EchoDiffers())
	pay(t, s, id, "12.00").want(t, 403, edgePage)
	pay(t, s, id, "12.00").want(t, 403, `{"message":"forbidden"}`)
	if a := pay(t, s, id, "12.00"); a.status != 429 || a.header.Get("Retry-After") != "" {
		t.Errorf("throttle: %d %v", a.status, a.header)
	}
	pay(t, s, id, "12.00").want(t, 200, sample(t, "custom_payment_answer_documented.json"))
	if p := s.Payments(id); len(p) != 1 || p[0].Amount.String() != "12.00" {
		t.Errorf("%+v", p)
	}
}

func TestRedirect(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := sale(s)
	s.Redirect(s.URL + "/elsewhere")
	a := pay(t, s, id, "1.00")
	if a.status != 302 || a.header.Get("Location") != s.URL+"/elsewhere" || len(s.Payments(id)) != 0 || s.Count(OpUnknown) != 0 {
		t.Errorf("%d %v", a.status, a.header)
	}
	if a := pay(t, s, id, "1.00"); a.status != 200 || len(s.Payments(id)) != 1 {
		t.Errorf("the next one: %d %s", a.status, a.body)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := sale(s)
	get(t, s, "baskets/"+id+"?$expand=tickets")
	get(t, s, "/elsewhere")
	get(t, s, "baskets")
	send(t, s, "PATCH", "baskets/"+id, "{}")
	post(t, s, "baskets/"+id+"/tickets", twoAdults)
	want := []string{OpBasket, OpUnknown, OpUnknown, OpUpdateBasket, OpAddTickets}
	all := s.Requests()
	if len(all) != len(want) {
		t.Fatalf("%+v", all)
	}
	for i, r := range all {
		if r.Op != want[i] || r.UserAgent != "ticketdesk/1.0" || r.Date == "" {
			t.Errorf("%+v", r)
		}
	}
	if first := all[0]; first.Method != "GET" || first.Path != "/apitesting/api/v3/baskets/"+id || first.Query != "$expand=tickets" {
		t.Errorf("%+v", first)
	}
}

// TestSeparateSystems: one emulator's name and signature are no good at
// another.
func TestSeparateSystems(t *testing.T) {
	t.Parallel()
	s := start(t, WithClientName("iframedemo"))
	get(t, s, "custom-payment-types").refused(t, 404, "no such system")
	if a := get(t, s, "/iframedemo/api/v3/custom-payment-types"); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := sale(s)
	const workers, each = 8, 10
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				ref := fmt.Sprintf("%d-%d", w, i)
				post(t, s, "baskets/"+id+"/custom-payments", `{"PaymentTypeId":"`+TypeEPOSSystem+`","Amount":0.01,"PaymentAttributes":[{"Name":"Reference","Value":"`+ref+`"}]}`)
				get(t, s, "baskets/"+id)
				s.Payments(id)
				s.AddPaymentType(PaymentType{ID: "1AB"})
				s.SetPrice(Price{Instance: "I", TicketType: "T"})
			}
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for _, p := range s.Payments(id) {
		seen[p.Attributes[0].Value] = true
	}
	if len(seen) != workers*each || len(s.Payments(id)) != workers*each || s.Count(OpBasket) != workers*each {
		t.Errorf("%d payments, %d different", len(s.Payments(id)), len(seen))
	}
}

func TestLedgerAfterClose(t *testing.T) {
	t.Parallel()
	s := New(WithClientName(SampleClientName))
	id := sale(s)
	pay(t, s, id, "1.00")
	s.Close()
	if _, err := s.try(s.request(t, "GET", "baskets/"+id, "").WithContext(context.Background())); err == nil {
		t.Error("it still answers")
	}
	if len(s.Payments(id)) != 1 {
		t.Error("the ledger is gone")
	}
}

// FuzzBodies sends any bytes to every endpoint that reads a body.
func FuzzBodies(f *testing.F) {
	for _, seed := range []string{
		"", "{}", "null", twoAdults, `{"customer":"a","ticketDelivery":{"type":1,"address":{}}}`, `{"sendConfirmationEmail":true}`,
		`{"PaymentTypeId":"` + TypeEPOSSystem + `","Amount":10.40,"PaymentAttributes":[{"Name":"Reference","Value":"ABC_123"}]}`,
		`{"PaymentTypeId":"` + TypeVoucher + `","Amount":99999999999999999999,"PaymentAttributes":null}`, `[{"attribute_x":`, "{\"a\":1,\"A\":\xff}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s := newServer([]Option{WithClientName(SampleClientName)})
		id := sale(s)
		for _, path := range []string{"baskets", "baskets/" + id, "baskets/" + id + "/tickets", "baskets/" + id + "/custom-payments", "baskets/" + id + "/confirm"} {
			for _, method := range []string{"POST", "PATCH", "DELETE"} {
				r := httptest.NewRequest(method, "/apitesting/api/v3/"+path, nil)
				r.Header.Set("Content-Type", "application/json")
				a := s.handle(r, body)
				if a.status != 200 && a.status != 400 && a.status != 405 && a.status != 409 {
					t.Errorf("%s %s: %d", method, path, a.status)
				}
				if data := string(emulator.Encode(a.body)); !json.Valid([]byte(data)) || data == "{}" || data == "null" {
					t.Errorf("%s %s: %s", method, path, data)
				}
			}
		}
	})
}
