package rubi

import (
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// What a basket shows of two submitted items, and what that proves.
func TestWhatABasketProves(t *testing.T) {
	t.Parallel()
	one, two, other, nameless := shownItem{ItemGUID: itemA}, shownItem{ItemGUID: itemB}, shownItem{ItemGUID: "x"}, shownItem{}
	id := func(id string) shownItem { return shownItem{ItemGUID: id} }
	of := func(items ...shownItem) iter.Seq2[shownItem, error] {
		return func(yield func(shownItem, error) bool) {
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
	blank := func(yield func(shownItem, error) bool) { yield(shownItem{}, ErrBlankAnswer) }
	for _, c := range []struct {
		basket iter.Seq2[shownItem, error]
		want   presence
	}{
		{blank, unclear}, {of(), allGone}, {of(other), allGone}, {of(one), unclear},
		{of(one, other, two), allThere}, {of(one, one, two), unclear}, {of(nameless), unclear}, {of(one, two, nameless), unclear},
		{of(id("{" + itemA + "}")), unclear}, {of(id(" " + itemB)), unclear}, {of(id("urn:uuid:"+strings.ToUpper(itemA)), two), unclear},
		{of(id("null")), unclear}, {of(other, id("0")), unclear}, {of(id("false")), unclear}, {of(id("00000000-0000-0000-0000-000000000000")), unclear},
	} {
		if got, err := presenceOf([]string{itemA, itemB}, c.basket); err != nil || got != c.want {
			t.Errorf("%v, want %v, %v", got, c.want, err)
		}
	}
}

// A vendor that ignores the wanted kind, or does not name it.
func TestSelectionOfItems(t *testing.T) {
	t.Parallel()
	total := amount(t, "1.00")
	basket := []BasketItem{
		{ItemGUID: itemA, ItemTotal: total}, {ItemGUID: itemB, Item: Subscriptions, ItemTotal: total}, {ItemGUID: "c", Item: "Donation", ItemTotal: total},
	}
	items, err := selectItems(basket, Bookings, nil)
	if err != nil || len(items) != 1 || items[0].ItemGUID != itemA || items[0].Item != Bookings {
		t.Errorf("%v, %v", items, err)
	}
	if _, err := selectItems(basket, Bookings, []string{itemB}); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("a subscription among bookings: %v", err)
	}
	if items, err := selectItems(basket, Bookings, []string{itemA, "gone"}); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("a part of what is wanted: %v, %v", items, err)
	}
}
