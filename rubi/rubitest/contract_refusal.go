package rubitest

import (
	"context"
	"strings"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// refusalClauses are about what UserPayment refuses. All are tried as card
// payments, which mail nobody if they are accepted after all. Where this
// installation refuses card payments at all, a refusal shows nothing.
func refusalClauses() []paymenttest.Clause {
	card := depends("noCardPayment")
	return []paymenttest.Clause{
		irreversible("payment.type", "A PaymentType other than the three is refused.", doc, pagePayment, 7, "submits a place as Contract", probePaymentNo(map[int]string{atType: "Contract"}), card),
		irreversible("payment.required", "uid, PaymentType and PaymentItems cannot be blank.", doc, pagePayment, 9, "submits a place three times, each time with one blank",
			probePaymentNo(map[int]string{atUID: ""}, map[int]string{atType: ""}, map[int]string{atItems: ""}), card),
		irreversible("payment.address", "Address1, Address4, County, Postcode, Country, EmailAddress, MobCountry and Mob cannot be blank.", doc, pagePayment+"; its help texts read otherwise", 22,
			"submits a place eight times, each time with one blank", probeBlankAddress, decides("blankAddresses"), card, option("UserPayment.AllowBlank")),
		irreversible("payment.limits", "Texts of the documented lengths are accepted, longer ones are refused.", doc, pagePayment, 18, "submits a place ten times, with long texts", probeLimits, card),
		irreversible("payment.lists", "A County or Country that is no ListValue is accepted.", open, pagePayment+" asks for one", 9, "submits a place twice, with an invented county and country", probeUnlisted, decides("listsChecked"), card,
			option("PortalList for UserPayment.County and Country")),
		irreversible("payment.items", "No items, an unknown one and one that stands twice are refused.", doc, pagePayment, 9, "submits three lists of items that cannot be meant", probeItemsNo, card),
		irreversible("payment.other-basket", "An item of another contact's basket is refused.", reasoned, pagePayment, 8, "submits the reader's booking for the contact", probeOtherBasket, objects(ObjectReader), card),
		irreversible("payment.kinds", "Bookings and subscriptions cannot be submitted together.", doc, pagePayment, 11, "adds a subscription and submits it together with a place", probeKinds,
			needs(paymenttest.Delete), objects(ObjectService), card),
	}
}

// trySpare submits a place, which may be refused.
func trySpare(ctx context.Context, t *paymenttest.Trial, kind string, changed map[int]string) (told, error) {
	s, err := spare(ctx, t)
	if err != nil {
		return told{}, err
	}
	return s.pay(ctx, t, kind, changed)
}

// nameOf returns the names of the changed elements.
func nameOf(changed map[int]string) string {
	var names []string
	for at, e := range userPaymentElements() {
		if _, ok := changed[at]; ok {
			names = append(names, e.name)
		}
	}
	return strings.Join(names, ", ")
}

func probePaymentNo(all ...map[int]string) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		for _, changed := range all {
			a, err := trySpare(ctx, t, typeCard, changed)
			if err == nil {
				err = wantNo(t, a, "a wrong "+nameOf(changed))
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// probeBlankAddress submits one blank after the other. County and Country may be
// refused for not being in their lists, and so decide only where the others
// agree.
func probeBlankAddress(ctx context.Context, t *paymenttest.Trial) error {
	var accepted, refused []string
	var last told
	for at, e := range userPaymentElements() {
		if at < atAddress1 || e.blank {
			continue
		}
		a, err := trySpare(ctx, t, typeCard, map[int]string{at: ""})
		if err != nil {
			return err
		}
		last = a
		if listed := at == atCounty || at == atCountry; a.succeeded() {
			accepted = append(accepted, e.name)
		} else if !listed {
			refused = append(refused, e.name)
		}
	}
	t.See("blank and accepted: %s", strings.Join(accepted, ", "))
	switch {
	case len(refused) > 0 && len(accepted) > 0:
		return t.Differs(last.place(""), "%s may be blank, %s not", strings.Join(accepted, ", "), strings.Join(refused, ", "))
	case len(accepted) > 0:
		t.Advise("set UserPayment.AllowBlank to submit without an address")
	}
	t.Fact("blankAddresses", len(accepted) > 0)
	return nil
}

// limits returns elements of UserPayment that are as long as they may be, and
// longer by more.
func limits(more int) map[int]string {
	texts := map[int]string{}
	for at, e := range userPaymentElements() {
		switch {
		case at < atAddress1 || e.max == 0:
		case at == atEmail:
			texts[at] = strings.Repeat("x", e.max+more-len("@example.invalid")) + "@example.invalid"
		default:
			texts[at] = strings.Repeat("7", e.max+more)
		}
	}
	return texts
}

func probeLimits(ctx context.Context, t *paymenttest.Trial) error {
	a, err := trySpare(ctx, t, typeCard, limits(0))
	if err != nil {
		return err
	}
	if !a.succeeded() {
		return t.Differs(a.place(""), "texts of the documented lengths are refused with code %s", a.word())
	}
	var tooLong []map[int]string
	for at := range userPaymentElements() {
		if text, ok := limits(1)[at]; ok {
			tooLong = append(tooLong, map[int]string{at: text})
		}
	}
	return probePaymentNo(tooLong...)(ctx, t)
}

func probeUnlisted(ctx context.Context, t *paymenttest.Trial) error {
	var accepted [2]bool
	for i, at := range []int{atCounty, atCountry} {
		a, err := trySpare(ctx, t, typeCard, map[int]string{at: "Contractshire"})
		if err != nil {
			return err
		}
		if accepted[i] = a.succeeded(); !accepted[i] {
			if err := wantNo(t, a, "an invented "+[]string{"County", "Country"}[i]); err != nil {
				return err
			}
		}
	}
	t.See("an invented county is accepted: %t, an invented country: %t", accepted[0], accepted[1])
	if accepted[0] != accepted[1] {
		return t.Differs(t.Last().Place(), "an invented county is accepted: %t, an invented country: %t", accepted[0], accepted[1])
	}
	t.Fact("listsChecked", !accepted[0])
	if !accepted[0] {
		t.Advise("send values of Client.PortalList as UserPayment.County and Country")
	}
	return nil
}

func probeItemsNo(ctx context.Context, t *paymenttest.Trial) error {
	s, err := spare(ctx, t)
	if err != nil {
		return err
	}
	f := formOfItems(t)
	for _, guids := range [][]string{{}, {unknownGUID}, {s.place.guid, s.place.guid}} {
		a, err := trySpare(ctx, t, typeCard, map[int]string{atItems: f.write(f.comma, guids)})
		if err == nil {
			err = wantNo(t, a, "a wrong list of items")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func probeOtherBasket(ctx context.Context, t *paymenttest.Trial) error {
	_, item, err := readerItem(ctx, t, "Bookings")
	if err != nil {
		return err
	}
	if _, _, err := cardRow(ctx, t); err != nil {
		return err
	}
	f := formOfItems(t)
	a, err := trySpare(ctx, t, typeCard, map[int]string{atItems: f.write(f.comma, []string{textIn(item, "ItemGUID")})})
	if err == nil {
		err = wantNo(t, a, "an item of another basket")
	}
	return err
}

func probeKinds(ctx context.Context, t *paymenttest.Trial) error {
	s, err := spare(ctx, t)
	if err != nil {
		return err
	}
	_, p, err := subscribed(ctx, t)
	if err != nil {
		return err
	}
	f := formOfItems(t)
	a, err := s.pay(ctx, t, typeCard, map[int]string{atItems: f.write(f.comma, []string{s.place.guid, p.guid})})
	if err == nil {
		err = wantNo(t, a, "a booking together with a subscription")
	}
	if err != nil {
		return err
	}
	_, err = unsubscribe(ctx, t, p)
	return err
}
