package spektrix_test

import (
	"errors"
	"net/http"
	"sync"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

func TestConfirm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		conf spektrix.Confirmation
		body string
	}{
		{spektrix.Confirmation{}, `{"sendConfirmationEmail":false}`},
		{spektrix.Confirmation{SendConfirmationEmail: true}, `{"sendConfirmationEmail":true}`},
	} {
		client, m := newMock(t)
		till(m)
		m.json(http.MethodPost, "baskets/"+basketID+"/confirm", `{"Id":"1A","friendlyId":"AB12CD","payments":"of any form"}`)
		order, err := client.Confirm(t.Context(), basketID, c.conf, brief)
		if err != nil || order.ID != "1A" || order.FriendlyID != "AB12CD" || len(order.Raw) == 0 {
			t.Errorf("%v, %v", order, err)
		}
		m.wantAsked(t, http.MethodPost, "baskets/"+basketID+"/confirm", c.body, "")
	}
}

// The form of the answer is unknown: only one that is cut off, or a sentence, is
// not taken for a success.
func TestConfirmTakesEveryWholeAnswer(t *testing.T) {
	t.Parallel()
	for body, whole := range map[string]bool{
		"": true, " \n": true, "null": true, "[]": true, "17": true, `"done"`: false,
		`{"id":`: false, page: false,
	} {
		client, m := newMock(t)
		till(m)
		m.answer(http.MethodGet, "orders/"+basketID, http.StatusNotFound, "application/json", "{}")
		m.json(http.MethodPost, "baskets/"+basketID+"/confirm", body)
		order, err := client.Confirm(t.Context(), basketID, spektrix.Confirmation{}, brief, payment.WithFirstTry())
		switch {
		case whole && (err != nil || order.ID != "" || order.FriendlyID != ""):
			t.Errorf("%q: %v, %v", body, order, err)
		case !whole && !errors.Is(err, payment.ErrOutcomeUnknown):
			t.Errorf("%q: %v", body, err)
		}
	}
}

// An answer with the basket's own id may be the basket: only an order of that
// id proves that it is not.
func TestConfirmAnsweredWithTheBasketID(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{http.StatusOK: basketID, http.StatusNotFound: "", http.StatusInternalServerError: ""} {
		client, m := newMock(t)
		till(m)
		m.json(http.MethodPost, "baskets/"+basketID+"/confirm", `{"id":"20AEBCDF"}`)
		m.answer(http.MethodGet, "orders/"+basketID, status, "application/json", `{"id":"20AEBCDF"}`)
		order, err := client.Confirm(t.Context(), basketID, spektrix.Confirmation{}, brief, payment.WithFirstTry())
		if err != nil || order.ID != want {
			t.Errorf("%d: %v, %v", status, order, err)
		}
	}
}

func TestConfirmRefusesAnEmptyBasket(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id, store := server.AddBasket(spektrixtest.Basket{}), payment.NewMemoryStore()
	_, err := client.Confirm(t.Context(), id, spektrix.Confirmation{}, with(store)...)
	wantField(t, err, "id")
	if n := server.Count(spektrixtest.OpConfirm); n != 0 {
		t.Errorf("%d confirms were sent", n)
	}
	if order, err := client.Confirm(t.Context(), id, spektrix.Confirmation{AllowEmpty: true}, with(store)...); err != nil || order.ID == "" {
		t.Errorf("%v, %v", order, err)
	}
}

func TestConfirmRefusesASettlement(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id, s := settled(t, client)
	store := payment.NewMemoryStore()
	for _, change := range []func(*spektrix.Settlement){
		func(s *spektrix.Settlement) { s.BasketID = "1A" },
		func(s *spektrix.Settlement) { s.Paid = amount(t, "37.01") },
		func(s *spektrix.Settlement) { s.Paid = amount(t, "36.99") },
		func(s *spektrix.Settlement) { s.Paid = amount(t, "0") },
		func(s *spektrix.Settlement) { s.Paid = payment.Amount{} },
		func(s *spektrix.Settlement) { s.Payments[1].State = spektrix.StateUnknown },
		func(s *spektrix.Settlement) { s.Payments[1].State = spektrix.StateConflict },
		func(s *spektrix.Settlement) { s.Payments[1].State = spektrix.StateOpen },
	} {
		bad := s
		bad.Payments = append([]spektrix.SettledPayment{}, s.Payments...)
		change(&bad)
		_, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &bad}, with(store)...)
		wantField(t, err, "Confirmation.Settlement")
	}
	if server.Count(spektrixtest.OpConfirm) != 0 {
		t.Error("a confirm was sent")
	}
	if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, with(store)...); err != nil {
		t.Error(err)
	}
}

// A refused confirm is passed on as it is, and may be tried again.
func TestConfirmPassesARefusalOn(t *testing.T) {
	t.Parallel()
	client, server := withFacts(t, spektrixtest.Facts{ValueConfirm: spektrixtest.ValueIsInvalid, ErrorCodes: true})
	id, s := settled(t, client)
	store := payment.NewMemoryStore()
	for range 2 {
		_, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, with(store)...)
		var e *payment.Error
		if !errors.As(err, &e) || !errors.Is(err, payment.ErrInvalid) || e.Status != http.StatusBadRequest || e.Message == "" || e.Code == "" || len(e.Body) == 0 {
			t.Errorf("err = %v", err)
		}
	}
	if n := server.Count(spektrixtest.OpConfirm); n != 2 || len(server.Orders()) != 0 {
		t.Errorf("%d confirms, %d orders", n, len(server.Orders()))
	}
}

// Confirming twice has an unknown effect: with a Store it is not tried, from
// many goroutines, or in another run.
func TestConfirmTwice(t *testing.T) {
	t.Parallel()
	for _, readable := range []bool{false, true} {
		client, server := withFacts(t, spektrixtest.Facts{SecondConfirm: spektrixtest.SecondConfirmNewOrder, ReadableAfterConfirm: readable})
		id, s := settled(t, client)
		conf, store := spektrix.Confirmation{Settlement: &s}, payment.NewMemoryStore()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, err := client.Confirm(t.Context(), id, conf, with(store)...); err != nil && !errors.Is(err, payment.ErrOutcomeUnknown) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		other := newClient(t, server.Config())
		order, err := other.Confirm(t.Context(), id, conf, with(store)...)
		if err != nil || len(server.Orders()) != 1 || order.ID != server.Orders()[0].ID || server.Count(spektrixtest.OpConfirm) != 1 {
			t.Errorf("%v, %v, %d orders", order, err, len(server.Orders()))
		}
		if _, err = other.Confirm(t.Context(), id, conf, brief); readable == errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("without a store: %v", err) // a basket that is gone says so, one that is there is taken for open
		}
	}
}

// A confirmation is a payment of nothing to a Store and its keys.
func TestConfirmer(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id, s := settled(t, client)
	store, nothing := payment.NewMemoryStore(), sale(t, "0.00")
	recorder := client.Confirmer(spektrix.Confirmation{Settlement: &s})
	p := payment.Payment{Reference: id, Kind: payment.Sale, Amount: nothing.Amount, Target: id}
	receipt, err := payment.Once(t.Context(), recorder, p, with(store)...)
	if err != nil || receipt.ID != server.Orders()[0].ID || receipt.Reference != id {
		t.Errorf("%v, %v", receipt, err)
	}
	entry, err := payment.Inspect(t.Context(), store, payment.Key{Account: recorder.Account(), Op: "confirm", Reference: id})
	if err != nil || entry.Status != payment.Recorded || entry.Receipts[0].ID != receipt.ID {
		t.Errorf("%v, %v", entry, err)
	}
	if order, err := client.Confirm(t.Context(), id, spektrix.Confirmation{}, with(store)...); err != nil || order.ID != receipt.ID {
		t.Errorf("%v, %v", order, err)
	}
	for _, old := range []string{`{"Version":2}`, `[]`} {
		for _, find := range []bool{false, true} {
			a := payment.NewAttempt([]byte(old), nil)
			_, err := recorder.Record(t.Context(), p, a)
			if find {
				_, err = recorder.Find(t.Context(), p, a)
			}
			var broken *payment.EntryError
			if !errors.As(err, &broken) || broken.Key.Op != "confirm" {
				t.Errorf("%s: %v", old, err)
			}
		}
	}
}

// A 409 with a documented code has an error of its own: nothing else stands in
// the way of anything.
func TestConfirmConflicts(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]error{
		`{"message":"m","errorCode":11}`:               spektrix.ErrPaymentRequired,
		`{"message":"m","ErrorCode":"11"}`:             spektrix.ErrPaymentRequired,
		`{"message":"m","errorcode":11.0}`:             spektrix.ErrPaymentRequired,
		`{"message":"m","errorCode":11.00}`:            spektrix.ErrPaymentRequired,
		`{"message":"m","errorCode":" 18 "}`:           spektrix.ErrMembershipNotRenewable,
		`{"message":"m","errorCode":11.5}`:             payment.ErrConflict,
		`{"message":"m","errorCode":110}`:              payment.ErrConflict,
		`{"message":"m","errorCode":null}`:             payment.ErrConflict,
		`[{"ERRORCODE":11}]`:                           spektrix.ErrPaymentRequired,
		`{"error":{"inner":[{"errorCode":18}]}}`:       spektrix.ErrMembershipNotRenewable,
		`{"message":"m","errorCode":"18"}`:             spektrix.ErrMembershipNotRenewable,
		`{"message":"m","errorCode":12}`:               payment.ErrConflict,
		`{"message":"m","errorCode":{"errorCode":11}}`: spektrix.ErrPaymentRequired,
		`{"message":"m"}`:                              payment.ErrConflict,
		`"payment"`:                                    payment.ErrConflict,
		``:                                             payment.ErrConflict,
	} {
		client, m := newMock(t)
		till(m)
		m.answer(http.MethodPost, "baskets/"+basketID+"/confirm", http.StatusConflict, "application/json", body)
		_, err := client.Confirm(t.Context(), basketID, spektrix.Confirmation{}, brief, payment.WithFirstTry())
		var e *payment.Error
		if !errors.Is(err, want) || !errors.As(err, &e) || string(e.Body) != body || errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%s: %v, want %v", body, err, want)
		}
		if told := want != payment.ErrConflict; errors.Is(err, payment.ErrConflict) == told || errors.Is(err, payment.ErrInvalid) != told {
			t.Errorf("%s: %v", body, err)
		}
		_, again := client.Confirm(t.Context(), basketID, spektrix.Confirmation{}, brief, payment.WithFirstTry())
		if !errors.Is(again, want) {
			t.Errorf("%s: again %v", body, again)
		}
	}
}

// The same from the emulator, in each form of the code.
func TestConfirmOfAShortBasket(t *testing.T) {
	t.Parallel()
	for form, want := range map[spektrixtest.CodeForm]error{
		spektrixtest.NumberCode: spektrix.ErrPaymentRequired, spektrixtest.TextCode: spektrix.ErrPaymentRequired, spektrixtest.NoCode: payment.ErrConflict,
	} {
		client, server := withFacts(t, spektrixtest.Facts{CodeForm: form})
		id, store := fill(t, client), payment.NewMemoryStore()
		if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{}, with(store)...); !errors.Is(err, want) {
			t.Errorf("form %d: %v", form, err)
		}
		if _, err := byReference(client).Settle(t.Context(), id, split(t), with(store)...); err != nil { // basket and payments stand
			t.Error(err)
		}
		if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{}, with(store)...); err != nil || len(server.Orders()) != 1 {
			t.Errorf("%v, %d orders", err, len(server.Orders()))
		}
	}
	client, server := emulator(t)
	held := server.AddBasket(spektrixtest.Basket{MembershipHeld: true})
	if _, err := client.Confirm(t.Context(), held, spektrix.Confirmation{AllowEmpty: true}, brief); !errors.Is(err, spektrix.ErrMembershipNotRenewable) {
		t.Errorf("err = %v", err)
	}
}

// A type with a commission of its own moves the total: the confirm is held, and
// says so, until the difference is paid or the caller lets it pass.
func TestConfirmIsHeldWhenTheTotalMoves(t *testing.T) {
	t.Parallel()
	for _, pays := range []bool{true, false} {
		client, server := withFacts(t, spektrixtest.Facts{TypeCommission: spektrixtest.AddsToTotal})
		tap := server.AddPaymentType(spektrixtest.PaymentType{
			Name: "Tap", Commission: amount(t, "0.50"), Attributes: []spektrixtest.AttributeDefinition{{Name: "Reference"}},
		})
		id, store := fill(t, client), payment.NewMemoryStore()
		p, rest := sale(t, "37"), sale(t, "0.5")
		p.Target, p.Method, rest.Target, rest.Reference = "", tap, "", "till-4/1002"
		s, err := byReference(client).Settle(t.Context(), id, []payment.Payment{p}, with(store)...)
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, with(store)...)
		var moved *spektrix.TotalMovedError
		wantField(t, err, "Confirmation.Settlement")
		if !errors.As(err, &moved) || moved.Before.String() != "37.0" || moved.Now.String() != "37.5" || !moved.Paid.Equal(amount(t, "37")) || !contains(err, "commission of its own") {
			t.Fatalf("err = %v", err)
		}
		if s, err = byReference(client).Settle(t.Context(), id, []payment.Payment{p}, with(store)...); err != nil { // nothing to send
			t.Fatal(err)
		}
		_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, with(store)...)
		wantField(t, err, "Confirmation.Settlement")
		if server.Count(spektrixtest.OpConfirm) != 0 {
			t.Error("a confirm was sent")
		}
		if !pays {
			if _, err = client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s, AllowMovedTotal: true}, with(store)...); !errors.Is(err, spektrix.ErrPaymentRequired) {
				t.Errorf("err = %v", err)
			}
			continue
		}
		if s, err = byReference(client).Settle(t.Context(), id, []payment.Payment{p, rest}, with(store)...); err != nil {
			t.Fatal(err)
		}
		if _, err = client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, with(store)...); err != nil || len(server.Orders()) != 1 {
			t.Errorf("%v, %d orders", err, len(server.Orders()))
		}
	}
}
