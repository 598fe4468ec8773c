package rubitest

import "strings"

// userBasket is UserBasket (documented). An unknown contact has an empty
// basket (inferred from what EmailCheck is documented to do).
func (s *Server) userBasket(given []string) reply {
	uid, kind := given[0], ""
	switch given[1] {
	case "Bookings", "Subscriptions":
		kind = strings.TrimSuffix(given[1], "s")
	case "":
	default:
		return *badRequest("Item is wrong")
	}
	var records []record
	for _, i := range s.items[fold(uid)] {
		if i.Status == StatusInBasket && (kind == "" || i.Kind == kind) {
			records = append(records, s.settings.basketRecord(i))
		}
	}
	return ok(records...)
}

func (set *settings) basketRecord(i *Item) record {
	r := record{
		{"ItemGUID", i.GUID}, {"Item", i.Kind}, {set.details("ItemDetails"), i.Details}, {"ItemContact", i.Contact},
		{"ItemValue", i.Value}, {"ItemTax", i.Tax}, {"ItemTaxRate", i.TaxRate}, {"ItemTotal", i.Total},
	}
	if i.Kind != KindBooking {
		return r
	}
	return append(r, record{
		{"ItemSaving", amount("0.00")}, {"ItemPotentialSaving", amount("0.00")}, {"ItemRateType", "Standard"},
		{"ItemInfo1", ""}, {"ItemInfo2", ""}, {"eid", i.EID},
		{"NamedGuestOrg", ""}, {"NamedGuestName", ""}, {"NamedGuestEmail", ""},
	}...)
}

// details gives the name of the description's field: ItemDetails in baskets,
// ItemDetail in payments (documented), or the other way round.
func (set *settings) details(documented string) string {
	if !set.swapped {
		return documented
	}
	if documented == "ItemDetail" {
		return "ItemDetails"
	}
	return "ItemDetail"
}
