package spektrix_test

import (
	"errors"
	"net/http"
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
		order, err := client.Confirm(t.Context(), basketID, c.conf)
		if err != nil || order.ID != "1A" || order.FriendlyID != "AB12CD" || len(order.Raw) == 0 {
			t.Errorf("%v, %v", order, err)
		}
		m.wantAsked(t, http.MethodPost, "baskets/"+basketID+"/confirm", c.body, "")
	}
}

// The form of the answer is unknown: only one that is cut off says nothing.
func TestConfirmTakesEveryWholeAnswer(t *testing.T) {
	t.Parallel()
	for body, whole := range map[string]bool{
		"": true, " \n": true, "null": true, "[]": true, `"done"`: true, "17": true,
		`{"id":`: false, page: false,
	} {
		client, m := newMock(t)
		till(m)
		m.json(http.MethodPost, "baskets/"+basketID+"/confirm", body)
		order, err := client.Confirm(t.Context(), basketID, spektrix.Confirmation{})
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
		order, err := client.Confirm(t.Context(), basketID, spektrix.Confirmation{})
		if err != nil || order.ID != want {
			t.Errorf("%d: %v, %v", status, order, err)
		}
	}
}

func TestConfirmRefusesAnEmptyBasket(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := server.AddBasket(spektrixtest.Basket{})
	_, err := client.Confirm(t.Context(), id, spektrix.Confirmation{})
	wantField(t, err, "id")
	if n := server.Count(spektrixtest.OpConfirm); n != 0 {
		t.Errorf("%d confirms were sent", n)
	}
	if order, err := client.Confirm(t.Context(), id, spektrix.Confirmation{AllowEmpty: true}); err != nil || order.ID == "" {
		t.Errorf("%v, %v", order, err)
	}
	_, err = client.Settle(t.Context(), id)
	wantField(t, err, "id")
	_, err = client.ResumeSettle(t.Context(), &spektrix.Settlement{BasketID: id, Total: amount(t, "0")})
	wantField(t, err, "id")
}

func TestConfirmRefusesASettlement(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	s, err := client.Settle(t.Context(), id, split(t)...)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []func(*spektrix.Settlement){
		func(s *spektrix.Settlement) { s.BasketID = "1A" },
		func(s *spektrix.Settlement) { s.Total = amount(t, "37.01") },
		func(s *spektrix.Settlement) { s.Total = payment.Amount{} },
		func(s *spektrix.Settlement) { s.Payments = s.Payments[:1] },
		func(s *spektrix.Settlement) { s.Payments[1].State = spektrix.StateUnknown },
		func(s *spektrix.Settlement) { s.Payments[1].State = spektrix.StateEchoDiffers },
		func(s *spektrix.Settlement) { s.Payments[1].State = spektrix.StateOpen },
	} {
		bad := *s
		bad.Payments = append([]spektrix.SettledPayment{}, s.Payments...)
		change(&bad)
		_, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &bad})
		wantField(t, err, "Confirmation.Settlement")
	}
	if server.Count(spektrixtest.OpConfirm) != 0 {
		t.Error("a confirm was sent")
	}
	if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: s}); err != nil {
		t.Error(err)
	}
}

// A settlement of another total, or of nothing, does not speak for the basket.
func TestConfirmHoldsTheSettlementAgainstTheBasket(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	for _, total := range []string{"0", "36.99"} {
		s := &spektrix.Settlement{BasketID: id, Total: amount(t, total)}
		if s.Total.Sign() > 0 {
			s.Payments = []spektrix.SettledPayment{{Payment: spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: s.Total}, State: spektrix.StatePosted}}
		}
		_, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: s})
		wantField(t, err, "Confirmation.Settlement")
	}
	if n := server.Count(spektrixtest.OpConfirm); n != 0 {
		t.Errorf("%d confirms were sent", n)
	}
}

// A refused confirm is passed on as it is, and may be tried again.
func TestConfirmPassesARefusalOn(t *testing.T) {
	t.Parallel()
	client, server := emulator(t, spektrixtest.WithFacts(spektrixtest.Facts{ValueConfirm: spektrixtest.ValueIsInvalid, ErrorCodes: true}))
	id := settled(t, client)
	for range 2 {
		_, err := client.Confirm(t.Context(), id, spektrix.Confirmation{})
		var e *payment.Error
		if !errors.As(err, &e) || !errors.Is(err, payment.ErrInvalid) || e.Status != http.StatusBadRequest || e.Message == "" || e.Code == "" || len(e.Body) == 0 {
			t.Errorf("err = %v", err)
		}
	}
	if n := server.Count(spektrixtest.OpConfirm); n != 2 || len(server.Orders()) != 0 {
		t.Errorf("%d confirms, %d orders", n, len(server.Orders()))
	}
}

// Confirming twice has an unknown effect, so it takes a word of the caller.
func TestConfirmTwice(t *testing.T) {
	t.Parallel()
	for rule, orders := range map[spektrixtest.SecondConfirm]int{
		spektrixtest.SecondConfirmInvalid: 1, spektrixtest.SecondConfirmSameOrder: 1, spektrixtest.SecondConfirmNewOrder: 2,
	} {
		client, server := emulator(t, spektrixtest.WithFacts(spektrixtest.Facts{SecondConfirm: rule, ReadableAfterConfirm: true}))
		id := settled(t, client)
		first, err := client.Confirm(t.Context(), id, spektrix.Confirmation{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{})
		wantField(t, err, "Confirmation.Repeat")
		_, err = client.Settle(t.Context(), id, split(t)...)
		wantField(t, err, "id")
		if len(server.Orders()) != 1 {
			t.Errorf("%d orders without Repeat", len(server.Orders()))
		}
		second, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Repeat: true})
		if len(server.Orders()) != orders {
			t.Errorf("%d orders with Repeat", len(server.Orders()))
		}
		switch rule {
		case spektrixtest.SecondConfirmInvalid:
			if !errors.Is(err, payment.ErrInvalid) {
				t.Errorf("err = %v", err)
			}
		case spektrixtest.SecondConfirmSameOrder:
			if err != nil || second.ID != first.ID {
				t.Errorf("%v, %v", second, err)
			}
		case spektrixtest.SecondConfirmNewOrder:
			if err != nil || second.ID == first.ID {
				t.Errorf("%v, %v", second, err)
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
		_, err := client.Confirm(t.Context(), basketID, spektrix.Confirmation{})
		var e *payment.Error
		if !errors.Is(err, want) || !errors.As(err, &e) || string(e.Body) != body || errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%s: %v, want %v", body, err, want)
		}
		if told := want != payment.ErrConflict; errors.Is(err, payment.ErrConflict) == told || errors.Is(err, payment.ErrInvalid) != told {
			t.Errorf("%s: %v", body, err)
		}
		_, again := client.Confirm(t.Context(), basketID, spektrix.Confirmation{})
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
		client, server := emulator(t, spektrixtest.WithFacts(spektrixtest.Facts{CodeForm: form}))
		id := fill(t, client)
		if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{}); !errors.Is(err, want) {
			t.Errorf("form %d: %v", form, err)
		}
		if _, err := client.Settle(t.Context(), id, split(t)...); err != nil { // basket and payments stand
			t.Error(err)
		}
		if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{}); err != nil || len(server.Orders()) != 1 {
			t.Errorf("%v, %d orders", err, len(server.Orders()))
		}
	}
	client, server := emulator(t)
	held := server.AddBasket(spektrixtest.Basket{MembershipHeld: true})
	if _, err := client.Confirm(t.Context(), held, spektrix.Confirmation{AllowEmpty: true}); !errors.Is(err, spektrix.ErrMembershipNotRenewable) {
		t.Errorf("err = %v", err)
	}
}

// A type with a commission of its own moves the total: the confirm is held, and
// says so, until the difference is paid or the caller lets it pass.
func TestConfirmIsHeldWhenTheTotalMoves(t *testing.T) {
	t.Parallel()
	for _, pays := range []bool{true, false} {
		client, server := emulator(t, spektrixtest.WithFacts(spektrixtest.Facts{TypeCommission: spektrixtest.AddsToTotal}))
		tap := server.AddPaymentType(spektrixtest.PaymentType{Name: "Tap", Commission: amount(t, "0.50")})
		id := fill(t, client)
		s, err := client.Settle(t.Context(), id, spektrix.NewCustomPayment{PaymentTypeID: tap, Amount: amount(t, "37")})
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{})
		var moved *spektrix.TotalMovedError
		wantField(t, err, "Confirmation.Settlement")
		if !errors.As(err, &moved) || moved.Before.String() != "37.0" || moved.Now.String() != "37.5" || !moved.Paid.Equal(amount(t, "37")) || !contains(err, "commission of its own") {
			t.Fatalf("err = %v", err)
		}
		if server.Count(spektrixtest.OpConfirm) != 0 {
			t.Error("a confirm was sent")
		}
		if !pays {
			if _, err = client.Confirm(t.Context(), id, spektrix.Confirmation{AllowMovedTotal: true}); !errors.Is(err, spektrix.ErrPaymentRequired) {
				t.Errorf("err = %v", err)
			}
			continue
		}
		s.Total = moved.Now
		s.Payments = append(s.Payments, spektrix.SettledPayment{Payment: spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "0.5")}, State: spektrix.StateOpen})
		if _, err = client.ResumeSettle(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if _, err = client.Confirm(t.Context(), id, spektrix.Confirmation{}); err != nil || len(server.Orders()) != 1 {
			t.Errorf("%v, %d orders", err, len(server.Orders()))
		}
	}
}
