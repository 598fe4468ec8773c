package rubi

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// change returns the valid submission with one thing made wrong.
func change(f func(*UserPayment)) UserPayment {
	p := validPayment()
	f(&p)
	return p
}

func TestUserPaymentRefusals(t *testing.T) {
	t.Parallel()
	c := silent(t)
	item := func(guid string, kind Item, total string) BasketItem {
		i := BasketItem{ItemGUID: guid, Item: kind}
		if total != "" {
			i.ItemTotal = amount(t, total)
		}
		return i
	}
	with := func(by PaymentType, items ...BasketItem) UserPayment {
		return change(func(p *UserPayment) { p.PaymentType, p.BasketItems = by, items })
	}
	for name, refused := range map[string]struct {
		p     UserPayment
		field string
	}{
		"type in other case":          {change(func(p *UserPayment) { p.PaymentType = "invoice" }), "UserPayment.PaymentType"},
		"no items":                    {change(func(p *UserPayment) { p.PaymentItems = nil }), "UserPayment.PaymentItems"},
		"blank item":                  {change(func(p *UserPayment) { p.PaymentItems = []string{itemA, " "} }), "UserPayment.PaymentItems[1]"},
		"duplicate":                   {change(func(p *UserPayment) { p.PaymentItems = []string{itemA, strings.ToUpper(itemA)} }), "UserPayment.PaymentItems[1]"},
		"email without @":             {change(func(p *UserPayment) { p.EmailAddress = "jo.example.org" }), "UserPayment.EmailAddress"},
		"email with line break":       {change(func(p *UserPayment) { p.EmailAddress = "jo@example.org\nBcc: x" }), "UserPayment.EmailAddress"},
		"email with carriage return":  {change(func(p *UserPayment) { p.EmailAddress = "jo@example.org\r" }), "UserPayment.EmailAddress"},
		"the key":                     {change(func(p *UserPayment) { p.Address1 = testKey }), "UserPayment.Address1"},
		"blank in spite of allowance": {change(func(p *UserPayment) { p.AllowBlank, p.UID = true, "" }), "UserPayment.UID"},
		"mixed kinds":                 {with(Invoice, item(itemA, Bookings, "1.00"), item(itemB, Subscriptions, "1.00")), "UserPayment.PaymentItems"},
		"item not in basket":          {with(Invoice, item(itemA, Bookings, "1.00")), "UserPayment.PaymentItems"},
		"confirm above zero":          {with(Confirm, item(itemA, Bookings, "0.00"), item(itemB, Bookings, "0.01")), "UserPayment.PaymentType"},
		"confirm below zero":          {with(Confirm, item(itemA, Bookings, "0.00"), item(itemB, Bookings, "-0.01")), "UserPayment.PaymentType"},
		"card for nothing":            {with(CardPayment, item(itemA, Bookings, "1.00"), item(itemB, Bookings, "-1.00")), "UserPayment.PaymentType"},
		"card below zero":             {with(CardPayment, item(itemA, Bookings, "1.00"), item(itemB, Bookings, "-2.00")), "UserPayment.PaymentType"},
		"unreadable total":            {with(Invoice, item(itemA, Bookings, "1.00"), item(itemB, Bookings, "")), "BasketItems[1].ItemTotal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			submit := c.UserPaymentUnchecked
			if refused.p.BasketItems != nil {
				submit = c.UserPayment
			}
			submission, err := submit(t.Context(), refused.p)
			wantField(t, err, refused.field)
			if submission.Items != nil {
				t.Errorf("%v came back", submission.Items)
			}
		})
	}
}

func TestStripeRefusals(t *testing.T) {
	t.Parallel()
	c := silent(t)
	good := StripePayment{ID: "pi_1", Status: Succeeded, Amount: 2500}
	for name, refused := range map[string]struct {
		transaction string
		change      func(*StripePayment)
		field       string
	}{
		"blank transaction":    {" ", func(*StripePayment) {}, "transactionID"},
		"blank id":             {"T-1", func(p *StripePayment) { p.ID = " " }, "StripePayment.ID"},
		"blank status":         {"T-1", func(p *StripePayment) { p.Status = "" }, "StripePayment.Status"},
		"blank though allowed": {"T-1", func(p *StripePayment) { p.Status, p.AllowStatus = "\t", true }, "StripePayment.Status"},
		"other status":         {"T-1", func(p *StripePayment) { p.Status = "processing" }, "StripePayment.Status"},
		"negative":             {"T-1", func(p *StripePayment) { p.Amount = -1 }, "StripePayment.Amount"},
		"other total":          {"T-1", func(p *StripePayment) { p.Total = amount(t, "25.01") }, "StripePayment.Amount"},
		"fractional total":     {"T-1", func(p *StripePayment) { p.Total = amount(t, "25.001") }, "amount"},
		"negative total":       {"T-1", func(p *StripePayment) { p.Total = amount(t, "-25.00") }, "amount"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := good
			refused.change(&p)
			_, err := c.StripeResult(t.Context(), refused.transaction, p)
			wantField(t, err, refused.field)
		})
	}
}

func TestOtherRefusals(t *testing.T) {
	t.Parallel()
	c := silent(t)
	long := strings.Repeat("x", 51)
	basket := func(uid string, item Item) func(context.Context) error {
		return func(ctx context.Context) error { _, err := all(c.UserBasket(ctx, uid, item)); return err }
	}
	booking := func(b Booking) func(context.Context) error {
		return func(ctx context.Context) error { _, err := c.Booking(ctx, b); return err }
	}
	subscription := func(s Subscription) func(context.Context) error {
		return func(ctx context.Context) error { return c.Subscription(ctx, s) }
	}
	update := func(u BookingUpdate) func(context.Context) error {
		return func(ctx context.Context) error { return c.BookingUpdate(ctx, u) }
	}
	for _, refused := range []struct {
		field string
		call  func(context.Context) error
	}{
		{"uid", basket(" ", Bookings)},
		{"uid", basket(long, Bookings)},
		{"item", basket(testUID, "Booking")},
		{"Booking.UID", booking(Booking{UID: "", EID: "e", BookingPlaces: 1})},
		{"Booking.EID", booking(Booking{UID: testUID, EID: " ", BookingPlaces: 1})},
		{"Booking.BookingPlaces", booking(Booking{UID: testUID, EID: "e"})},
		{"Booking.BookingPlaces", booking(Booking{UID: testUID, EID: "e", BookingPlaces: -1})},
		{"Subscription.UID", subscription(Subscription{UID: long, SSID: "s", Action: Add})},
		{"Subscription.SSID", subscription(Subscription{UID: testUID, SSID: "", Action: Add})},
		{"Subscription.SSID", subscription(Subscription{UID: testUID, SSID: long, Action: Add})},
		{"Subscription.Action", subscription(Subscription{UID: testUID, SSID: "s", Action: "add"})},
		{"BookingUpdate.UID", update(BookingUpdate{UID: "", BookingGUID: "b", UpdateType: RemoveBooking})},
		{"BookingUpdate.BookingGUID", update(BookingUpdate{UID: testUID, UpdateType: RemoveBooking})},
		{"BookingUpdate.BookingGUID", update(BookingUpdate{UID: testUID, BookingGUID: long, UpdateType: RemoveBooking})},
		{"BookingUpdate.UpdateType", update(BookingUpdate{UID: testUID, BookingGUID: "b", UpdateValues: "x"})},
		{"BookingUpdate.UpdateType", update(BookingUpdate{UID: testUID, BookingGUID: "b", UpdateType: long[:21], UpdateValues: "x"})},
		{"BookingUpdate.UpdateValues", update(BookingUpdate{UID: testUID, BookingGUID: "b", UpdateType: "Attendee"})},
	} {
		wantField(t, refused.call(t.Context()), refused.field)
	}
}

func TestKnownWords(t *testing.T) {
	t.Parallel()
	for known, want := range map[bool]bool{
		Bookings.Known(): true, Invoice.Known() && CardPayment.Known() && Confirm.Known(): true, Add.Known() && Remove.Known(): true,
		InBasket.Known() && Active.Known(): true, AllItems.Known() || PaymentType("x").Known() || Action("x").Known() || BookingStatus("").Known(): false,
	} {
		if known != want {
			t.Errorf("Known returned %v", known)
		}
	}
	for word, want := range map[string]Item{"Booking": Bookings, "bookings": Bookings, "Subscription": Subscriptions, "Donation": "Donation", "": ""} {
		if got := itemOf(word); got != want {
			t.Errorf("%q is read as %q", word, got)
		}
	}
}

func TestStripeAmount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		total    string
		currency payment.Currency
		want     int64
	}{
		{"25.00", "GBP", 2500}, {"25", "GBP", 2500}, {"12.5000", "GBP", 1250}, {"0", "GBP", 0}, {"0.01", "GBP", 1},
		{"92233720368547758.07", "GBP", 9223372036854775807}, {"1000", "JPY", 1000}, {"1.230", "KWD", 1230},
	} {
		if got, err := StripeAmount(amount(t, c.total), c.currency); err != nil || got != c.want {
			t.Errorf("%s %s: %d, %v", c.total, c.currency, got, err)
		}
	}
	for _, c := range []struct {
		total    string
		currency payment.Currency
	}{{"0.001", "GBP"}, {"-0.01", "GBP"}, {"0.5", "JPY"}, {"92233720368547758.08", "GBP"}, {"1", "ISK"}, {"1", "UGX"}, {"1", "MGA"}, {"1", "XXX"}, {"1", "gbp"}, {"1.234", "KWD"}, {"0.001", "BHD"}} {
		if got, err := StripeAmount(amount(t, c.total), c.currency); !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("%s %s: %d, %v", c.total, c.currency, got, err)
		}
	}
	if _, err := StripeAmount(payment.Amount{}, "GBP"); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("an amount that is not set: %v", err)
	}
}
