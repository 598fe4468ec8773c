package rubitest

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
)

// submitted finds the items of a payment: in this contact's basket, each once,
// all of one kind.
func (s *Server) submitted(uid, text string) ([]*Item, *reply) {
	guids, ok := s.settings.facts.parseItems(text)
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
		items = append(items, i)
		if i.Kind != items[0].Kind {
			return nil, badRequest("PaymentItems has bookings and subscriptions")
		}
	}
	return items, nil
}

// parseItems reads JSON text of an array of texts, or GUIDs with commas between
// them by [Facts].
func (f Facts) parseItems(text string) (guids []string, ok bool) {
	if f.CommaItems {
		return strings.Split(text, ","), !strings.ContainsAny(text, `[]" `)
	}
	var list []jsontext.Value
	if json.Unmarshal([]byte(text), &list) != nil {
		return nil, false
	}
	guids = make([]string, len(list))
	for i, raw := range list {
		if raw.Kind() != '"' || json.Unmarshal(raw, &guids[i]) != nil {
			return nil, false
		}
	}
	return guids, true
}

// payable finds an item of the basket, or a paid one by [Facts].
func (s *Server) payable(uid, guid string) *Item {
	if i := s.ledger.item(uid, guid); i != nil && s.settings.facts.PaidAgain && i.Status == StatusActive {
		return i
	}
	return s.ledger.basketItem(uid, guid)
}

func sum(items []*Item) payment.Amount {
	total := amount("0.00")
	for _, i := range items {
		total = total.Add(i.Total)
	}
	return total
}
