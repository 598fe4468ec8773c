package rubitest

import (
	"context"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
)

// The forms of basket records. Members that may be blank are checked only if
// they are there.
const (
	itemForm paymenttest.Form = `{"ItemGUID":"string","Item":"string","ItemContact?":"string","ItemValue":"string|number","ItemTax":"string|number",` +
		`"ItemTaxRate":"string|number","ItemTotal":"string|number"}`
	bookingForm paymenttest.Form = `{"ItemSaving":"string|number","ItemPotentialSaving":"string|number","ItemRateType":"string","ItemInfo1?":"string","ItemInfo2?":"string",` +
		`"eid":"string","NamedGuestOrg?":"string","NamedGuestName?":"string","NamedGuestEmail?":"string"}`
	attendeeForm paymenttest.Form = `{"bid":"string","Attendeeuid?":"string","AttendeeFirstName":"string","AttendeeLastName":"string","AttendeeEmailAddress":"string",` +
		`"AttendeeJobTitle?":"string","Bookeruid":"string","BookerFirstName":"string","BookerLastName":"string","BookerEmailAddress":"string","cid?":"string",` +
		`"PrimaryRecord":"string|bool|number","BookingStatus":"string"}`
	userForm paymenttest.Form = `{"uid":"string","EmailAddress":"string","FirstName":"string","LastName":"string","KnownAs?":"string","Company?":"string",` +
		`"WebAdmin":"string|bool|number","LoginVerified":"string|bool|number","ConsentReceived":"string|bool|number","UserStatus":"string","AllowLogin":"string|bool|number",` +
		`"ValidationVal?":"string","ValidationID?":"string|number"}`
)

// basketClauses are about UserBasket.
func basketClauses() []paymenttest.Clause {
	reader := objects(ObjectReader)
	return []paymenttest.Clause{
		clause("basket.booking", "A booking in a basket has the documented members, and is a Booking.", doc, pageBasket, 1, "reads the reader's bookings", probeItem("Bookings", "Booking", bookingForm), reader),
		clause("basket.subscription", "A subscription in a basket has the documented members, and is a Subscription.", doc, pageBasket, 1, "reads the reader's subscriptions",
			probeItem("Subscriptions", "Subscription", ""), reader),
		clause("basket.all", "A blank Item lists bookings and subscriptions.", doc, pageBasket, 1, "reads the reader's basket", probeAll, reader),
		clause("basket.wrong-item", "An Item other than Bookings, Subscriptions and blank is refused.", reasoned, pageBasket, 1, "sends UserBasket with a wrong Item",
			probeNo(what{"a wrong Item", rawCall(OpUserBasket, noSuchMember, "Contract")})),
		clause("basket.sum", "ItemTotal is ItemValue and ItemTax.", doc, pageBasket, 1, "reads the reader's basket", probeSum, reader, depends("amounts")),
		clause("basket.unknown-contact", "The basket of an unknown contact is empty.", reasoned, "as EmailCheck is documented", 1, "reads the basket of a contact that does not exist", probeNobody),
		clause("basket.client", "The client reads the basket as it is.", doc, pageBasket, 2, "reads the reader's basket with the client", probeClient, reader),
	}
}

func probeItem(kind, word string, form paymenttest.Form) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		a, row, err := readerItem(ctx, t, kind)
		if err != nil {
			return err
		}
		if got := textIn(row, "Item"); got != word {
			return t.Differs(a.place("[].Item"), "%q, not %s", got, word)
		}
		if err := wantForm(t, a, []shown{row}, itemForm); err != nil {
			return err
		}
		return wantForm(t, a, []shown{row}, form)
	}
}

func probeAll(ctx context.Context, t *paymenttest.Trial) error {
	a, rows, err := askRows(ctx, t, OpUserBasket, t.Object(ObjectReader), "")
	if err != nil {
		return err
	}
	if len(rows) != 2 || textIn(rows[0], "Item") == textIn(rows[1], "Item") {
		return t.Differs(a.place(""), "%d items, not a booking and a subscription", len(rows))
	}
	return nil
}

func probeSum(ctx context.Context, t *paymenttest.Trial) error {
	a, rows, err := askRows(ctx, t, OpUserBasket, t.Object(ObjectReader), "")
	if err != nil {
		return err
	}
	for _, row := range rows {
		value, ok1 := sumIn(row, "ItemValue")
		tax, ok2 := sumIn(row, "ItemTax")
		total, ok3 := sumIn(row, "ItemTotal")
		if !ok1 || !ok2 || !ok3 {
			return t.NotDecidable("the amounts cannot be read")
		}
		if !value.Add(tax).Equal(total) {
			return t.Differs(a.place("[].ItemTotal"), "not the sum of ItemValue and ItemTax")
		}
	}
	return nil
}

func probeNobody(ctx context.Context, t *paymenttest.Trial) error {
	a, rows, err := askRows(ctx, t, OpUserBasket, noSuchMember, "")
	if err == nil && len(rows) > 0 {
		err = t.Differs(a.place(""), "%d items", len(rows))
	}
	return err
}

// probeClient compares what the client reads with what was written.
func probeClient(ctx context.Context, t *paymenttest.Trial) error {
	a, rows, err := askRows(ctx, t, OpUserBasket, t.Object(ObjectReader), "")
	if err != nil {
		return err
	}
	n := 0
	for item, err := range t.Client().(*rubi.Client).UserBasket(ctx, t.Object(ObjectReader), rubi.AllItems) {
		if err != nil {
			return err
		}
		if n == len(rows) || item.ItemGUID != textIn(rows[n], "ItemGUID") || item.ItemTotalText != textIn(rows[n], "ItemTotal") || !item.Item.Known() {
			return t.Differs(a.place("[]"), "the client reads another item")
		}
		n++
	}
	if _, err := hear(t, t.Last()); err != nil {
		return err
	}
	if n != len(rows) {
		return t.Differs(a.place(""), "the client reads %d items of %d", n, len(rows))
	}
	return nil
}
