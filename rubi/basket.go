package rubi

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// Item is a kind of thing in a basket. Answers say "Booking" and
// "Subscription"; both spellings are read as these.
type Item string

// The kinds, and the word for all of them in [Client.UserBasket].
const (
	Bookings      Item = "Bookings"
	Subscriptions Item = "Subscriptions"
	AllItems      Item = ""
)

// Known reports whether i is Bookings or Subscriptions.
func (i Item) Known() bool { return i == Bookings || i == Subscriptions }

func readItem(word string) Item {
	for _, known := range [...]Item{Bookings, Subscriptions} {
		if strings.EqualFold(word, string(known)) || strings.EqualFold(word+"s", string(known)) {
			return known
		}
	}
	return Item(word)
}

// BasketItem is one booking or subscription that waits for payment. An amount
// that cannot be read is not set, which is not 0. Printed, it shows no contact.
type BasketItem struct {
	ItemGUID            string         // id of the booking or of the sale; what UserPayment takes
	Item                Item           // kind
	ItemDetails         string         // name of the event or service
	ItemContact         string         // who attends
	ItemValue           payment.Amount // price without tax
	ItemTax             payment.Amount
	ItemTaxRate         string         // as written
	ItemTotal           payment.Amount // price with tax; not set if it is not readable
	ItemTotalText       string         // as written
	ItemSaving          payment.Amount
	ItemPotentialSaving payment.Amount
	ItemRateType        string
	ItemInfo1           string // special requests
	ItemInfo2           string // internal notes
	EID                 string // id of the event
	NamedGuestOrg       string
	NamedGuestName      string
	NamedGuestEmail     string
	Raw                 json.RawMessage `json:"-"` // the record
}

// Readable reports whether ItemTotal could be read.
func (i BasketItem) Readable() bool { return i.ItemTotal.IsSet() }

// UserBasket lists what waits in the basket of contact uid: POST
// api/UserBasket (documented; verb and position of the key inferred). uid has at
// most 50 characters, and item is Bookings, Subscriptions or AllItems.
//
// An empty list is the vendor's word that there is nothing. A blank message
// with code 200, whose meaning is unknown, gives nil. The call only reads, so it
// is tried again after a network failure.
func (c *Client) UserBasket(ctx context.Context, uid string, item Item) ([]BasketItem, error) {
	return c.basket(ctx, "UserBasket", uid, item)
}

// basket is UserBasket, alone or as a part of another operation.
func (c *Client) basket(ctx context.Context, op, uid string, item Item) ([]BasketItem, error) {
	return send(ctx, c, basketCall(op, uid, item), func(a answer) ([]BasketItem, error) {
		return decode(c, a, readBasketItem)
	})
}

func basketCall(op, uid string, item Item) call {
	k := call{op: op, method: "UserBasket", reads: true, target: uid, elements: []element{
		contact(uid),
		{field: "item", value: string(item), optional: true},
	}}
	if item != AllItems && !item.Known() {
		k.refused = invalid("item", "is not Bookings, Subscriptions or empty")
	}
	return k
}

// contact is the uid, first element of most calls.
func contact(uid string) element {
	return element{field: "uid", value: uid, max: 50, personal: true}
}

func readBasketItem(r *record) BasketItem {
	i := BasketItem{
		ItemGUID:        r.text("ItemGUID"),
		Item:            readItem(r.text("Item")),
		ItemDetails:     r.text("ItemDetails", "ItemDetail"),
		ItemContact:     r.text("ItemContact"),
		ItemTaxRate:     r.text("ItemTaxRate"),
		ItemRateType:    r.text("ItemRateType"),
		ItemInfo1:       r.text("ItemInfo1"),
		ItemInfo2:       r.text("ItemInfo2"),
		EID:             r.text("eid"),
		NamedGuestOrg:   r.text("NamedGuestOrg"),
		NamedGuestName:  r.text("NamedGuestName"),
		NamedGuestEmail: r.text("NamedGuestEmail"),
		Raw:             r.raw,
	}
	i.ItemValue, _ = r.amount("ItemValue")
	i.ItemTax, _ = r.amount("ItemTax")
	i.ItemSaving, _ = r.amount("ItemSaving")
	i.ItemPotentialSaving, _ = r.amount("ItemPotentialSaving")
	i.ItemTotal, i.ItemTotalText = r.amount("ItemTotal")
	return i
}
