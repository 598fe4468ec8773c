package rubi

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// documents are the names of the vendor's pages, by the declaration that holds
// them. A parameter is sent by its place, not by its name: the name that the
// code has is the one in errors. The words "Booking Allowed" and "In Basket"
// are left out, because a test's name has no blanks; TestKnownWords has them.
var documents = []struct {
	document, declaration, names string
	check                        func(t *testing.T, name string)
}{
	{"user-payment", "UserPayment.elements", submitted, isElement},
	{"user-payment", "UserPayment.places", "Address1 Address2 Address3 Address4 County Postcode Country EmailAddress PONumber MobCountry Mob", isAttribute},
	{"user-payment", "PaymentItem", "TransactionID TransactionType ItemGUID ItemTotal ItemDetail ItemStatus Address1 Address2 Address3 Address4 County " +
		"Postcode Country EmailAddress PONumber MobCountry Mob EmailSubject EmailBody EmailBCC EmailAttachments", isRead[PaymentItem]},
	{"user-payment", "Client.userPaymentCall", "UserPayment", isPath},
	{"user-payment", "Invoice", "Invoice", isWord(Invoice, Invoice.Known())},
	{"user-payment", "CardPayment", "CardPayment", isWord(CardPayment, CardPayment.Known())},
	{"user-payment", "Confirm", "Confirm", isWord(Confirm, Confirm.Known())},

	{"user-basket", "contact", "uid", isElement},
	{"user-basket", "basketCall", "item", isElement},
	{"user-basket", "BasketItem", "ItemGUID Item ItemDetails ItemContact ItemValue ItemTax ItemTaxRate ItemTotal ItemSaving ItemPotentialSaving ItemRateType " +
		"ItemInfo1 ItemInfo2 eid NamedGuestOrg NamedGuestName NamedGuestEmail", isRead[BasketItem]},
	{"user-basket", "basketCall", "UserBasket", isPath},
	{"user-basket", "Bookings", "Bookings", isWord(Bookings, Bookings.Known())},
	{"user-basket", "Subscriptions", "Subscriptions", isWord(Subscriptions, Subscriptions.Known())},

	{"stripe-result", "Client.stripeCall", "transactionID StripePayment", isElement},
	{"stripe-result", "stripeObject", "id status amount", isOfStripe},
	{"stripe-result", "StripeResult", "EmailAddress EmailSubject EmailBody EmailBCC EmailAttachments FirstName LastName", isRead[StripeResult]},
	{"stripe-result", "Client.stripeCall", "StripeResult", isPath},
	{"stripe-result", "Succeeded", "succeeded", isWord(Succeeded, true)},

	{"booking", "Booking.call", "Booking.UID Booking.EID Booking.BookingPlaces", isElement},
	{"booking", "BookingPlace", "BookingGUID BookingStatus SavingApplied PotentialSaving", isRead[BookingPlace]},
	{"booking", "Booking.call", "Booking", isPath},
	{"booking-update", "BookingUpdate.call", "BookingUpdate.UID BookingUpdate.BookingGUID BookingUpdate.UpdateType BookingUpdate.UpdateValues", isElement},
	{"booking-update", "BookingUpdate.call", "BookingUpdate", isPath},
	{"booking-update", "RemoveBooking", "Remove", isWord(RemoveBooking, true)},
	{"subscription", "Subscription.call", "Subscription.UID Subscription.SSID Subscription.Action", isElement},
	{"subscription", "Subscription.call", "Subscription", isPath},
	{"subscription", "Add", "Add", isWord(Add, Add.Known())},
	{"subscription", "Remove", "Remove", isWord(Remove, Remove.Known())},

	{"attendees", "attendeesCall", "eid", isElement},
	{"attendees", "EventAttendee", "bid Attendeeuid AttendeeFirstName AttendeeLastName AttendeeEmailAddress AttendeeJobTitle Bookeruid BookerFirstName " +
		"BookerLastName BookerEmailAddress cid PrimaryRecord BookingStatus", isRead[EventAttendee]},
	{"attendees", "attendeesCall", "PluginEventAttendees", isPath},
	{"attendees", "Active", "Active", isWord(Active, Active.Known())},
	{"attendees", "Cancelled", "Cancelled", isWord(Cancelled, Cancelled.Known())},
	{"portal-list", "portalCall", "name", isElement},
	{"portal-list", "ListValue", "ListValue", isRead[ListValue]},
	{"portal-list", "portalCall", "PortalList", isPath},
	{"portal-list", "Counties", "County", isWord(Counties, true)},
	{"portal-list", "Countries", "Country", isWord(Countries, true)},
	{"portal-list", "SubscriptionServices", "Subscriptions", isWord(SubscriptionServices, true)},
	{"answers", "envelope", "ResponseCode ResponseMessage", isOfEveryAnswer},
}

// submitted are the parameters of api/UserPayment, in the order of the vendor's page.
const submitted = "UserPayment.UID UserPayment.PaymentType UserPayment.PaymentItems UserPayment.Address1 UserPayment.Address2 UserPayment.Address3 " +
	"UserPayment.Address4 UserPayment.County UserPayment.Postcode UserPayment.Country UserPayment.EmailAddress UserPayment.PONumber UserPayment.MobCountry UserPayment.Mob"

// Each documented name is read or sent where it should be.
func TestDocumentedNames(t *testing.T) {
	t.Parallel()
	for _, d := range documents {
		for _, name := range strings.Fields(d.names) {
			t.Run(d.document+"/"+d.declaration+"/"+name, func(t *testing.T) {
				t.Parallel()
				d.check(t, name)
			})
		}
	}
}

// goNames are the fields that are not called as the vendor calls them.
var goNames = map[string]string{
	"eid": "EID", "bid": "BID", "cid": "CID", "Attendeeuid": "AttendeeUID", "Bookeruid": "BookerUID", "ItemTotal": "ItemTotalText",
}

// samples are values by the Go type of a field: how it comes, and what it is.
func samples(t *testing.T) map[reflect.Type][2]any {
	t.Helper()
	return map[reflect.Type][2]any{
		reflect.TypeFor[string]():         {`"12.50"`, "12.50"},
		reflect.TypeFor[payment.Amount](): {`"12.50"`, amount(t, "12.50")},
		reflect.TypeFor[Item]():           {jsonText(string(Bookings)), Bookings},
		reflect.TypeFor[PaymentType]():    {`"Invoice"`, Invoice},
		reflect.TypeFor[BookingStatus]():  {`"Active"`, Active},
		reflect.TypeFor[EmailList]():      {`["a@b.c"]`, EmailList{[]string{"a@b.c"}, []byte(`["a@b.c"]`)}},
	}
}

// isRead: the name, in any letter case, sets its field and no other.
func isRead[T any, P readable[T]](t *testing.T, name string) {
	var want T
	field := reflect.ValueOf(&want).Elem().FieldByName(name)
	if other := goNames[name]; other != "" {
		field = reflect.ValueOf(&want).Elem().FieldByName(other)
	}
	if !field.IsValid() {
		t.Fatalf("%T has no field for it", want)
	}
	value := samples(t)[field.Type()]
	field.Set(reflect.ValueOf(value[1]))
	for _, key := range []string{name, strings.ToLower(name), strings.ToUpper(name), name + "y"} {
		expected := want
		if key == name+"y" {
			expected = *new(T)
		}
		text := `{"` + key + `":` + value[0].(string) + `}`
		c := silent(t)
		P(&expected).complete(c.config.reading, []byte(text))
		err := read[T, P](t.Context(), c.config.reading, answer{message: jsontext.Value("[" + text + "]")}, func(got T) error {
			if !reflect.DeepEqual(got, expected) {
				t.Errorf("%s is read as another record", text)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// parameter is one that a call sends.
type parameter struct {
	at    int // its place
	valid string
	call  func(c *Client, value string) call
}

// parameters are those of all calls, by the name in errors.
func parameters() map[string]parameter {
	all := map[string]parameter{
		"uid":           {0, "u", func(_ *Client, v string) call { return basketCall("UserBasket", transport.Read, v, AllItems) }},
		"item":          {1, string(Bookings), func(_ *Client, v string) call { return basketCall("UserBasket", transport.Read, "u", Item(v)) }},
		"transactionID": {0, "T", func(c *Client, v string) call { return c.stripeCall(v, StripePayment{ID: "pi", Status: Succeeded}) }},
		"StripePayment": {1, "pi", func(c *Client, v string) call { return c.stripeCall("T", StripePayment{ID: v, Status: Succeeded}) }},
		"Booking.UID":   {0, "u", func(_ *Client, v string) call { return Booking{v, "e", 1}.call() }},
		"Booking.EID":   {1, "e", func(_ *Client, v string) call { return Booking{"u", v, 1}.call() }},
		"Booking.BookingPlaces": {2, "7", func(_ *Client, v string) call {
			places, _ := strconv.Atoi(v)
			return Booking{"u", "e", places}.call()
		}},
		"BookingUpdate.UID":          {0, "u", func(_ *Client, v string) call { return BookingUpdate{v, "b", "Attendee", "x"}.call() }},
		"BookingUpdate.BookingGUID":  {1, "b", func(_ *Client, v string) call { return BookingUpdate{"u", v, "Attendee", "x"}.call() }},
		"BookingUpdate.UpdateType":   {2, "Attendee", func(_ *Client, v string) call { return BookingUpdate{"u", "b", v, "x"}.call() }},
		"BookingUpdate.UpdateValues": {3, "x", func(_ *Client, v string) call { return BookingUpdate{"u", "b", "Attendee", v}.call() }},
		"Subscription.UID":           {0, "u", func(_ *Client, v string) call { return Subscription{v, "s", Add}.call() }},
		"Subscription.SSID":          {1, "s", func(_ *Client, v string) call { return Subscription{"u", v, Add}.call() }},
		"Subscription.Action":        {2, string(Remove), func(_ *Client, v string) call { return Subscription{"u", "s", Action(v)}.call() }},
		"eid":                        {0, "e", func(_ *Client, v string) call { return attendeesCall("x", transport.Read, v, []string{"b"}) }},
		"name":                       {0, "County", func(_ *Client, v string) call { return portalCall(Portal(v)) }},
	}
	for at, name := range strings.Fields(submitted) {
		all[name] = parameter{at, "a@b", func(c *Client, v string) call { return c.userPaymentCall(paymentWith(name, v)) }}
	}
	typed := all["UserPayment.PaymentType"]
	typed.valid = string(Invoice)
	all["UserPayment.PaymentType"] = typed
	return all
}

// paymentWith is a valid submission but for one field.
func paymentWith(name, value string) UserPayment {
	p := validPayment()
	switch field := reflect.ValueOf(&p).Elem().FieldByName(strings.TrimPrefix(name, "UserPayment.")); field.Kind() {
	case reflect.Slice:
		p.PaymentItems = []string{value}
	default:
		field.SetString(value)
	}
	return p
}

// mayBeBlank are the parameters without a star.
var mayBeBlank = []string{"item", "UserPayment.Address2", "UserPayment.Address3", "UserPayment.PONumber"}

// isElement: the parameter stands at its place, and is refused under its name if
// it is blank or no text.
func isElement(t *testing.T, name string) {
	c, p := silent(t), parameters()[name]
	k := p.call(c, p.valid)
	if e := k.elements[p.at]; e.field != name || !strings.Contains(e.value, p.valid) {
		t.Errorf("element %d is %s", p.at, e.field)
	}
	if _, err := c.encode(k); err != nil {
		t.Errorf("%s: %v", p.valid, err)
	}
	if name == "Booking.BookingPlaces" || name == "StripePayment" { // written from a number, and as JSON
		return
	}
	for _, bad := range []string{"", " \t", "a@\xff", "a@\x00"} {
		field := name
		if name == "UserPayment.PaymentItems" {
			field += "[0]"
		}
		_, err := c.encode(p.call(c, bad))
		if blank(bad) && slices.Contains(mayBeBlank, name) {
			if name != "item" && err != nil {
				t.Errorf("%q: %v", bad, err)
			}
			continue
		}
		wantField(t, err, field)
	}
}

// isAttribute: a common payment's attribute of the name fills the field.
func isAttribute(t *testing.T, name string) {
	r := &recorder{client: silent(t), options: &RecorderOptions{}}
	u := r.userPayment(payment.Payment{Attributes: []payment.Attribute{{Name: name, Value: "x"}}})
	if want := (UserPayment{}); reflect.ValueOf(u).FieldByName(name).String() != "x" || reflect.ValueOf(want).FieldByName(name).String() != "" {
		t.Error("the field is not filled")
	}
}

// isPath: the call goes to the method of that name.
func isPath(t *testing.T, name string) {
	of := map[string]string{
		"UserPayment": "UserPayment.UID", "UserBasket": "uid", "StripeResult": "transactionID", "Booking": "Booking.UID", "BookingUpdate": "BookingUpdate.UID",
		"Subscription": "Subscription.UID", "PluginEventAttendees": "eid", "PortalList": "name",
	}[name]
	c, p := silent(t), parameters()[of]
	if r, err := c.request(p.call(c, p.valid)); err != nil || r.Path != name {
		t.Errorf("sent to %q, error %v", r.Path, err)
	}
}

// isWord: the constant is the vendor's word, and known.
func isWord[S ~string](constant S, known bool) func(*testing.T, string) {
	return func(t *testing.T, name string) {
		if string(constant) != name || !known {
			t.Errorf("it is %q, known %t", constant, known)
		}
	}
}

func isOfStripe(t *testing.T, name string) {
	want := map[string]string{"id": `"id":"pi"`, "status": `"status":"succeeded"`, "amount": `"amount":2500`}[name]
	if got := stripeObject(StripePayment{ID: "pi", Status: Succeeded, Amount: 2500}); !strings.Contains(got, want) {
		t.Errorf("sent %s", got)
	}
}

func isOfEveryAnswer(t *testing.T, name string) {
	for _, key := range []string{name, strings.ToLower(name)} {
		var e envelope
		err := e.open(jsontext.Value(`{"` + key + `":200}`))
		if got := map[string]string{"ResponseCode": string(e.ResponseCode), "ResponseMessage": string(e.ResponseMessage)}; err != nil || got[name] != "200" {
			t.Errorf("%s: read %v, error %v", key, got, err)
		}
	}
}
