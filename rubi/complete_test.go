package rubi

import (
	"errors"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// What a basket shows of two submitted items, and what that proves.
func TestWhatABasketProves(t *testing.T) {
	t.Parallel()
	one, two, other, nameless := BasketItem{ItemGUID: itemA}, BasketItem{ItemGUID: itemB}, BasketItem{ItemGUID: "x"}, BasketItem{}
	for _, c := range []struct {
		basket []BasketItem
		want   presence
	}{
		{nil, unclear}, {[]BasketItem{}, allGone}, {[]BasketItem{other}, allGone}, {[]BasketItem{one}, unclear},
		{[]BasketItem{one, other, two}, allThere}, {[]BasketItem{one, one, two}, unclear}, {[]BasketItem{nameless}, unclear}, {[]BasketItem{one, two, nameless}, unclear},
	} {
		if got := presenceOf([]string{itemA, itemB}, c.basket); got != c.want {
			t.Errorf("%v: %v, want %v", c.basket, got, c.want)
		}
	}
}

// Half a basket is no proof.
func TestResumeOfAPartOfTheItems(t *testing.T) {
	t.Parallel()
	m := answering(t, message(`[{"ItemGUID":"`+itemA+`"}]`))
	co := Checkout{
		State: StateUnknown, UID: testUID, Item: Bookings, PaymentType: Invoice, PaymentItems: []string{itemA, itemB}, Total: pound(t, "1.00"),
	}
	co, err := m.client.Resume(t.Context(), co)
	if !errors.Is(err, payment.ErrNoLookup) || !errors.Is(err, payment.ErrOutcomeUnknown) || co.State != StateUnknown {
		t.Errorf("%v, %v", co, err)
	}
}

// A vendor that ignores the wanted kind, or does not name it.
func TestSelectionOfItems(t *testing.T) {
	t.Parallel()
	total := amount(t, "1.00")
	basket := []BasketItem{
		{ItemGUID: itemA, ItemTotal: total}, {ItemGUID: itemB, Item: Subscriptions, ItemTotal: total}, {ItemGUID: "c", Item: "Donation", ItemTotal: total},
	}
	items, err := selectItems(basket, CheckoutRequest{Item: Bookings})
	if err != nil || len(items) != 1 || items[0].ItemGUID != itemA || items[0].Item != Bookings {
		t.Errorf("%v, %v", items, err)
	}
	if _, err := selectItems(basket, CheckoutRequest{Item: Bookings, Payment: UserPayment{PaymentItems: []string{itemB}}}); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("a subscription among bookings: %v", err)
	}
	if items, err := selectItems(basket, CheckoutRequest{Item: Bookings, Payment: UserPayment{PaymentItems: []string{itemA, "gone"}}}); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("a part of what is wanted: %v, %v", items, err)
	}
}
