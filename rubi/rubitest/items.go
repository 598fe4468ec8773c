package rubitest

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// submitted finds the items of a payment: in this contact's basket, each once,
// all of one kind.
func (s *Server) submitted(uid, text string) ([]*Item, *reply) {
	guids, ok := s.settings.parseItems(text)
	if !ok || len(guids) == 0 {
		return nil, badRequest("PaymentItems is not a list of ItemGUIDs")
	}
	var items []*Item
	for _, guid := range guids {
		i := s.payable(uid, guid)
		if i == nil {
			return nil, badRequest("PaymentItems has an item that is not in the basket")
		}
		if slices.Contains(items, i) {
			return nil, badRequest("PaymentItems has an item twice")
		}
		if i.Kind != dueKind(items, i) {
			return nil, badRequest("PaymentItems has bookings and subscriptions")
		}
		items = append(items, i)
	}
	return items, nil
}

// dueKind gives the kind that the next item must have.
func dueKind(items []*Item, next *Item) string {
	if len(items) == 0 {
		return next.Kind
	}
	return items[0].Kind
}

// parseItems reads JSON text of an array of texts, or the other form of
// [WithCommaItems].
func (set *settings) parseItems(text string) (guids []string, ok bool) {
	if set.commaItems {
		return strings.Split(text, ","), !strings.ContainsAny(text, `[]" `)
	}
	var list []json.RawMessage
	if json.Unmarshal([]byte(text), &list) != nil {
		return nil, false
	}
	guids = make([]string, len(list))
	for i, raw := range list {
		if raw[0] != '"' || json.Unmarshal(raw, &guids[i]) != nil {
			return nil, false
		}
	}
	return guids, true
}

// payable finds an item of the basket, or a paid one by [WithPaidAgain].
func (s *Server) payable(uid, guid string) *Item {
	if i := s.item(uid, guid); i != nil && s.settings.paidAgain && i.Status == StatusActive {
		return i
	}
	return s.basketItem(uid, guid)
}

func (s *Server) basketItem(uid, guid string) *Item {
	if i := s.item(uid, guid); i != nil && i.Status == StatusInBasket {
		return i
	}
	return nil
}

func (s *Server) item(uid, guid string) *Item {
	for _, i := range s.items[fold(uid)] {
		if same(i.GUID, guid) {
			return i
		}
	}
	return nil
}

func sum(items []*Item) payment.Amount {
	total := amount("0.00")
	for _, i := range items {
		total = total.Add(i.Total)
	}
	return total
}
