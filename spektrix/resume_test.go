package spektrix_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// A refused payment leaves the others standing; the flow goes on from there.
func TestResumeSettleAfterARefusal(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	payments := split(t)
	payments[1].SkipAttributeCheck, payments[1].PaymentAttributes = true, nil
	s, err := client.Settle(t.Context(), id, payments...)
	var e *payment.Error
	if !errors.As(err, &e) || e.Status != http.StatusBadRequest || !errors.Is(err, payment.ErrInvalid) {
		t.Fatalf("err = %v", err)
	}
	if !slices.Equal(states(s), []spektrix.PaymentState{spektrix.StatePosted, spektrix.StateOpen}) {
		t.Errorf("settlement %v", s)
	}
	again, err := client.Settle(t.Context(), id, split(t)...)
	wantField(t, err, "id")
	if !slices.Equal(states(again), states(s)) {
		t.Errorf("remembered %v", again)
	}
	s.Payments[1].Payment = split(t)[1]
	if s, err = client.ResumeSettle(t.Context(), s); err != nil || !s.Complete() {
		t.Fatalf("%v, %v", s, err)
	}
	if !slices.Equal(ledger(server, id), bothTypes) {
		t.Errorf("ledger %v", ledger(server, id))
	}
}

// A settlement survives a crash as JSON and goes on in another client, whether
// the basket's total falls with the payments or not.
func TestResumeSettleInAnotherProgram(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]spektrixtest.Option{nil, {spektrixtest.WithFacts(spektrixtest.Facts{FallingTotal: true})}} {
		client, server := emulator(t, opts...)
		id := fill(t, client)
		server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.Pass(), spektrixtest.Forbidden())
		s, err := client.Settle(t.Context(), id, split(t)...)
		if !errors.Is(err, payment.ErrForbidden) {
			t.Fatal(err)
		}
		stored, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var loaded spektrix.Settlement
		if err := json.Unmarshal(stored, &loaded); err != nil {
			t.Fatal(err)
		}
		s.Payments[0].Echo.Raw = nil // is not stored
		if !reflect.DeepEqual(*s, loaded) {
			t.Errorf("stored as %s", stored)
		}
		other := newClient(t, server.Config())
		done, err := other.ResumeSettle(t.Context(), &loaded)
		if err != nil || !done.Complete() || loaded.Complete() {
			t.Fatalf("%v, %v", done, err)
		}
		if _, err := other.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: done}); err != nil {
			t.Error(err)
		}
		if !slices.Equal(ledger(server, id), bothTypes) || len(server.Orders()) != 1 {
			t.Errorf("ledger %v, %d orders", ledger(server, id), len(server.Orders()))
		}
	}
}

func TestResumeSettleRefuses(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	half := func(first, second spektrix.PaymentState) *spektrix.Settlement {
		p := split(t)
		return &spektrix.Settlement{BasketID: id, Total: amount(t, "37"), Payments: []spektrix.SettledPayment{
			{Payment: p[0], State: first}, {Payment: p[1], State: second},
		}}
	}
	wrongTotal, otherSum := half(spektrix.StatePosted, spektrix.StateOpen), half(spektrix.StatePosted, spektrix.StateOpen)
	wrongTotal.Total, wrongTotal.Payments[1].Payment.Amount = amount(t, "38"), amount(t, "17.60")
	otherSum.Payments[1].Payment.Amount = amount(t, "16.61")
	for _, c := range []struct {
		field string
		s     *spektrix.Settlement
	}{
		{"settlement", nil},
		{"id", &spektrix.Settlement{}},
		{"Basket.Total", &spektrix.Settlement{BasketID: id}},
		{"Settlement.Payments[0].State", half(spektrix.StateUnknown, spektrix.StateOpen)},
		{"Settlement.Payments[1].State", half(spektrix.StatePosted, spektrix.StateEchoDiffers)},
		{"Settlement.Payments[1].State", half(spektrix.StatePosted, "")},
		{"Settlement.Total", wrongTotal},
		{"CustomPayment", otherSum},
	} {
		_, err := client.ResumeSettle(t.Context(), c.s)
		wantField(t, err, c.field)
	}
	if n := server.Count(spektrixtest.OpAddCustomPayment); n != 0 {
		t.Errorf("%d payments were sent", n)
	}
}

// Tickets that came after the payments are paid by one more.
func TestResumeSettleOfABasketThatGrew(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]spektrixtest.Option{nil, {spektrixtest.WithFacts(spektrixtest.Facts{FallingTotal: true})}} {
		client, server := emulator(t, opts...)
		id := fill(t, client)
		s, err := client.Settle(t.Context(), id, split(t)...)
		if err != nil {
			t.Fatal(err)
		}
		if err := client.AddTickets(t.Context(), id, oneSeat...); err != nil {
			t.Fatal(err)
		}
		_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{})
		wantField(t, err, "Confirmation.Settlement")
		_, err = client.ResumeSettle(t.Context(), s)
		wantField(t, err, "Settlement.Total")
		s.Total = amount(t, "55.50")
		s.Payments = append(s.Payments, spektrix.SettledPayment{Payment: spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "18.50")}, State: spektrix.StateOpen})
		if s, err = client.ResumeSettle(t.Context(), s); err != nil || !s.Complete() {
			t.Fatalf("%v, %v", s, err)
		}
		if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{}); err != nil || len(server.Payments(id)) != 3 {
			t.Errorf("%v, ledger %v", err, ledger(server, id))
		}
	}
}

// A resumed settlement that is refused at its first payment is as if nothing
// had been sent, once the caller has said so.
func TestSettleAfterTheCallersWord(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.DropBefore(), spektrixtest.Forbidden())
	s, err := client.Settle(t.Context(), id, split(t)...)
	if !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatal(err)
	}
	s.Payments[0].State = spektrix.StateOpen
	if _, err := client.ResumeSettle(t.Context(), s); !errors.Is(err, payment.ErrForbidden) {
		t.Fatal(err)
	}
	if s, err = client.Settle(t.Context(), id, split(t)...); err != nil || !s.Complete() {
		t.Errorf("%v, %v", s, err)
	}
	if !slices.Equal(ledger(server, id), bothTypes) {
		t.Errorf("ledger %v", ledger(server, id))
	}
}

// The basket that is read before going on must be there.
func TestResumeSettleWithoutABasket(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	s := &spektrix.Settlement{BasketID: "999A", Total: amount(t, "20.40"), Payments: []spektrix.SettledPayment{{Payment: split(t)[0], State: spektrix.StateOpen}}}
	if _, err := client.ResumeSettle(t.Context(), s); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("err = %v", err)
	}
	s.Payments[0].Payment.PaymentTypeID = spektrixtest.TypeClosedTill
	_, err := client.ResumeSettle(t.Context(), s)
	wantField(t, err, "CustomPayment[0].PaymentTypeID")
	if n := server.Count(spektrixtest.OpAddCustomPayment); n != 0 {
		t.Errorf("%d payments were sent", n)
	}
}
