package rubitest

import (
	"context"
	"strings"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func probeBooking(ctx context.Context, t *paymenttest.Trial) error {
	a, places, err := book(ctx, t, t.Object(ObjectEvent), 2)
	if err != nil {
		return err
	}
	n, err := inBasket(ctx, t, places)
	if err == nil && n != 2 {
		err = t.Differs(a.place("[].BookingGUID"), "%d of 2 are in the basket as ItemGUID", n)
	}
	if err != nil {
		return err
	}
	return removeAll(ctx, t, places)
}

func probeAttendee(ctx context.Context, t *paymenttest.Trial) error {
	for n := range 2 {
		_, places, err := book(ctx, t, t.Object(ObjectEvent), n+1)
		if err != nil {
			return err
		}
		rows, err := basketOf(ctx, t, "Bookings")
		if err != nil {
			return err
		}
		who := textIn(rowOf(rows, "ItemGUID", places[0].guid), "ItemContact")
		if unknown := strings.EqualFold(who, toBeConfirmed); unknown != (n == 1) || who == "" {
			return t.Differs(t.Last().Place()+" $.ResponseMessage.[].ItemContact", "TBC with %d places: %t", n+1, unknown)
		}
		if err := removeAll(ctx, t, places); err != nil {
			return err
		}
	}
	return nil
}

func probeBookAgain(ctx context.Context, t *paymenttest.Trial) error {
	var both []*place
	for range 2 {
		_, places, err := book(ctx, t, t.Object(ObjectEvent), 1)
		if err != nil {
			return err
		}
		both = append(both, places...)
	}
	n, err := inBasket(ctx, t, both)
	if err == nil && (n != 2 || both[0].guid == both[1].guid) {
		err = t.Differs(t.Last().Place(), "two calls left %d places in the basket", n)
	}
	if err != nil {
		return err
	}
	return removeAll(ctx, t, both)
}

func probeNoBooking(ctx context.Context, t *paymenttest.Trial) error {
	uid, eid := t.Object(ObjectContact), t.Object(ObjectEvent)
	return probeWriteNo(ctx, t, what{"a booking of 0 places", rawCall(OpBooking, uid, eid, "0")}, what{"a booking of x places", rawCall(OpBooking, uid, eid, "x")},
		what{"a booking at an unknown event", rawCall(OpBooking, uid, unknownGUID, "1")})
}

func probeRemove(ctx context.Context, t *paymenttest.Trial) error {
	_, places, err := book(ctx, t, t.Object(ObjectEvent), 1)
	if err != nil {
		return err
	}
	a, err := remove(ctx, t, places[0])
	if err == nil {
		err = wantTrue(t, a)
	}
	if err != nil {
		return err
	}
	n, err := inBasket(ctx, t, places)
	if err == nil && n > 0 {
		err = t.Differs(t.Last().Place(), "the removed place is still in the basket")
	}
	return err
}

// probeRemoveUnknown removes what does not exist.
func probeRemoveUnknown(op string) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		elements := []string{t.Object(ObjectContact), unknownGUID, "Remove"}
		if op == OpBookingUpdate {
			elements = append(elements, "True")
		}
		a, err := ask(ctx, t, op, elements...)
		if err != nil {
			return err
		}
		t.See("code %s", a.word())
		yes, _, ok := a.yes()
		switch {
		case !a.succeeded():
			t.Fact("falseForUnknownItems", false)
			return wantNo(t, a, "the removal")
		case !ok || yes:
			return t.Differs(a.place(""), "True, or no Boolean, for an item that does not exist")
		}
		t.Fact("falseForUnknownItems", true)
		return nil
	}
}

func probeNoUpdate(ctx context.Context, t *paymenttest.Trial) error {
	_, places, err := book(ctx, t, t.Object(ObjectEvent), 1)
	if err != nil {
		return err
	}
	uid, bid := t.Object(ObjectContact), places[0].guid
	if err := probeWriteNo(ctx, t, what{"an update of type Contract", rawCall(OpBookingUpdate, uid, bid, "Contract", "True")},
		what{"an update of a blank type", rawCall(OpBookingUpdate, uid, bid, "", "True")}, what{"an update without a value", rawCall(OpBookingUpdate, uid, bid, "Remove", "")}); err != nil {
		return err
	}
	return removeAll(ctx, t, places)
}
