package rubitest

import (
	"context"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Sandbox objects that the clauses of [Contract] use. Contact and events have to
// be made for tests: places are booked and paid for, and nobody can undo a
// payment.
const (
	ObjectContact   = "contact"    // uid of a contact for tests
	ObjectReader    = "reader"     // uid of another one, whose basket holds one booking and one subscription of 1,000.00 or more; it is only read
	ObjectEvent     = "event"      // id of an event that costs money, with 20 places left
	ObjectFreeEvent = "free event" // id of an event of 0.00, with 10 places left
	ObjectService   = "service"    // Sale Service ID of a subscription
	ObjectCounty    = "county"     // a ListValue of PortalList "County"
	ObjectCountry   = "country"    // a ListValue of PortalList "Country"
	ObjectEmail     = "e-mail"     // address of the contact; Rubi's confirmations are sent to it
	ObjectPassword  = "password"   // of the contact
	ObjectMailbox   = "mailbox"    // optional: URL of a page that is the number of mails that the address has got
)

// The sources of statements, an id of nothing, and a contact that nobody is.
const (
	pageBook    = "the API book's sample of api/User"
	pageRoot    = "parameter lists on the web integration host"
	pageBasket  = "api/UserBasket page"
	pagePayment = "api/UserPayment page"
	pageStripe  = "api/StripeResult page"
	pageBooking = "api/Booking page"
	pageUpdate  = "api/BookingUpdate page"
	pageSales   = "api/Subscription page"
	pageCheck   = "api/EmailCheck page"
	pageLogin   = "api/Login page"
	pagePlugin  = "api/PluginEventAttendees page"
	noPage      = "no page says"

	unknownGUID  = "cccccccc-0000-0000-0000-00000000c0de"
	noSuchMember = "contract-nobody"
)

// Short names of the kinds of evidence.
const (
	doc      = paymenttest.Documented
	reasoned = paymenttest.Inferred
	open     = paymenttest.Unknown
)

// unknownMethod is a method that no installation has.
const unknownMethod = "ContractNoSuchMethod"

// probe is the function of a clause.
type probe = func(context.Context, *paymenttest.Trial) error

// clause returns a clause with what most of them have.
func clause(id, statement string, evidence paymenttest.Evidence, source string, requests int, plan string, p probe, more ...func(*paymenttest.Clause)) paymenttest.Clause {
	c := paymenttest.Clause{ID: id, Statement: statement, Evidence: evidence, Source: source, Requests: requests, Plan: plan, Probe: p}
	for _, add := range more {
		add(&c)
	}
	return c
}

func needs(all ...paymenttest.Need) func(*paymenttest.Clause) {
	return func(c *paymenttest.Clause) { c.Needs = append(c.Needs, all...) }
}

func objects(names ...string) func(*paymenttest.Clause) {
	return func(c *paymenttest.Clause) { c.Objects = append(c.Objects, names...) }
}

func decides(facts ...string) func(*paymenttest.Clause) {
	return func(c *paymenttest.Clause) { c.Decides = append(c.Decides, facts...) }
}

func depends(facts ...string) func(*paymenttest.Clause) {
	return func(c *paymenttest.Clause) { c.Depends = append(c.Depends, facts...) }
}

func option(name string) func(*paymenttest.Clause) {
	return func(c *paymenttest.Clause) { c.Option = name }
}
