package rubi

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
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

// BasketItem is one booking or subscription that waits for payment. An amount
// that cannot be read is not set, which is not 0. Printed, it shows no contact.
type BasketItem struct {
	ItemGUID            string          `json:"ItemGUID"`    // id of the booking or of the sale; what UserPayment takes
	Item                Item            `json:"Item"`        // kind
	ItemDetails         string          `json:"ItemDetails"` // name of the event or service
	ItemContact         string          `json:"ItemContact"` // who attends
	ItemValue           payment.Amount  `json:"ItemValue"`   // price without tax
	ItemTax             payment.Amount  `json:"ItemTax"`
	ItemTaxRate         string          `json:"ItemTaxRate"` // as written
	ItemTotal           payment.Amount  `json:"-"`           // price with tax; not set if it is not readable
	ItemTotalText       string          `json:"ItemTotal"`   // as written
	ItemSaving          payment.Amount  `json:"ItemSaving"`
	ItemPotentialSaving payment.Amount  `json:"ItemPotentialSaving"`
	ItemRateType        string          `json:"ItemRateType"`
	ItemInfo1           string          `json:"ItemInfo1"` // special requests
	ItemInfo2           string          `json:"ItemInfo2"` // internal notes
	EID                 string          `json:"eid"`       // id of the event
	NamedGuestOrg       string          `json:"NamedGuestOrg"`
	NamedGuestName      string          `json:"NamedGuestName"`
	NamedGuestEmail     string          `json:"NamedGuestEmail"`
	Raw                 json.RawMessage `json:"-"` // the record
}

func (i *BasketItem) complete(r *reading, raw json.RawMessage) {
	i.Raw, i.ItemTotal = raw, r.amount(i.ItemTotalText)
	if i.ItemDetails == "" && mentions(raw, "itemdetail") {
		i.ItemDetails = members[struct{ ItemDetail string }](r, raw).ItemDetail // as payments name it
	}
}

// Readable reports whether ItemTotal could be read.
func (i BasketItem) Readable() bool { return i.ItemTotal.IsSet() }

// UserBasket lists what waits in the basket of contact uid: POST
// api/UserBasket (documented; verb and position of the key inferred: clauses
// request.post and request.key-last). uid has at
// most 50 characters, and item is Bookings, Subscriptions or AllItems.
//
// The call is made when the sequence is ranged over. A sequence without an item
// and without an error says that there is nothing. A blank message with code
// 200, whose meaning is unknown (clause answer.none), is an error that matches [ErrBlankAnswer]. The
// call only reads, so it is tried again after a network failure.
func (c *Client) UserBasket(ctx context.Context, uid string, item Item) iter.Seq2[BasketItem, error] {
	return list[BasketItem](ctx, c, basketCall("UserBasket", transport.Read, uid, item))
}

func basketCall(op string, class transport.Class, uid string, item Item) call {
	return call{op: op, method: "UserBasket", class: class, target: uid, elements: []element{
		contact(uid),
		{field: "item", value: string(item), optional: true, refused: unless(item == AllItems || item.Known(), "is not Bookings, Subscriptions or empty")},
	}}
}

// contact is the uid, first element of most calls.
func contact(uid string) element {
	return element{field: "uid", value: uid, max: 50, personal: true}
}

func (i *Item) readFrom(d *jsontext.Decoder) error {
	var word string
	err := readText(d, &word)
	*i = itemOf(word)
	return err
}

func itemOf(word string) Item {
	for _, known := range [...]Item{Bookings, Subscriptions} {
		if strings.EqualFold(word, string(known)) || strings.EqualFold(word+"s", string(known)) {
			return known
		}
	}
	return Item(word)
}

// guid returns the form in which ids are compared: a GUID by its value, any
// other id without regard to letter case. The vendor calls its ids GUIDs and
// shows none, so other ids are not refused (inferred: clause
// request.id-case).
func guid(id string) string {
	if len(id) == 36 { // uuid.Parse accepts longer and shorter forms
		if u, err := uuid.Parse(id); err == nil {
			return u.String()
		}
	}
	return strings.ToLower(id)
}

// noID reports whether an id is blank or a stand-in for none: null, false, 0, -1
// or a GUID of zeros.
func noID(id string) bool {
	id = strings.ToLower(strings.TrimSpace(id))
	return wire.NoID(id) || id == "false" || id == "true"
}

// guidSet is a set of ids.
type guidSet map[string]bool

func setOf(ids []string) guidSet {
	set := make(guidSet, len(ids))
	for _, id := range ids {
		set[guid(id)] = true
	}
	return set
}

func (s guidSet) has(id string) bool { return s[guid(id)] }

// checkGUIDs refuses a blank id, and one that stands twice.
func checkGUIDs(field string, ids []string) error {
	seen := make(guidSet, len(ids))
	for i, id := range ids {
		place := fmt.Sprintf("%s[%d]", field, i)
		if err := (element{field: place, value: id}).check(); err != nil {
			return err
		}
		if seen.has(id) {
			return invalid(place, "stands twice")
		}
		seen[guid(id)] = true
	}
	return nil
}

// sumOf adds the totals exactly. One that is not readable is refused: there is
// no sum without it.
func sumOf(items []BasketItem, currency payment.Currency) (payment.Money, error) {
	var sum payment.Money
	for i, item := range items {
		total, err := payment.NewMoney(item.ItemTotal, currency)
		if err != nil {
			return payment.Money{}, invalid(fmt.Sprintf("BasketItems[%d].ItemTotal", i), "is not readable")
		}
		if i == 0 {
			sum = total
			continue
		}
		if sum, err = sum.Add(total); err != nil {
			return payment.Money{}, err
		}
	}
	return sum, nil
}

// maxBasket is how many items one payment reads: more are not a member's basket.
const maxBasket = 10_000

// basket reads what is in a basket before a submission.
func (c *Client) basket(ctx context.Context, op, uid string, kind Item) ([]BasketItem, error) {
	return send(ctx, c, basketCall(op, transport.Read, uid, kind), func(a answer) ([]BasketItem, error) {
		return collect[BasketItem](ctx, c, a, maxBasket)
	})
}

var (
	errNothing = fmt.Errorf("%w: the basket holds nothing of this kind", payment.ErrNotFound)
	errGone    = fmt.Errorf("%w: an item is not in the basket", payment.ErrNotFound)
)

// selectItems returns the wanted items of the wanted kind. The vendor was asked
// for that kind, so a record that does not tell its kind is of it.
func selectItems(basket []BasketItem, kind Item, guids []string) ([]BasketItem, error) {
	wanted := setOf(guids)
	var items []BasketItem
	for _, item := range basket {
		if item.Item == "" {
			item.Item = kind
		}
		if item.Item == kind && (len(wanted) == 0 || wanted.has(item.ItemGUID)) {
			items = append(items, item)
		}
	}
	switch {
	case len(items) < len(wanted):
		return nil, errGone
	case len(items) == 0:
		return nil, errNothing
	}
	return items, nil
}

func guidsOf(items []BasketItem) []string {
	guids := make([]string, len(items))
	for i, item := range items {
		guids[i] = item.ItemGUID
	}
	return guids
}

// eventsOf returns the events of bookings, each once, and none if one is not told.
func eventsOf(items []BasketItem) []string {
	var events []string
	for _, item := range items {
		if item.Item != Bookings || blank(item.EID) {
			return nil
		}
		if !slices.Contains(events, item.EID) {
			events = append(events, item.EID)
		}
	}
	return events
}
