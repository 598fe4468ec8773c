package rubitest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"slices"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

func pounds(text string) payment.Amount { return must(payment.ParseAmount(text)) }

// invoiced submits the items for payment by invoice.
func invoiced(client *rubi.Client, uid string, guids ...string) (rubi.Submission, error) {
	return client.UserPaymentUnchecked(context.Background(), rubi.UserPayment{
		UID: uid, PaymentType: rubi.Invoice, PaymentItems: guids,
		Address1: "1 High St", Address4: "Leeds", County: "West Yorkshire", Postcode: "LS1 1AA", Country: "United Kingdom",
		EmailAddress: "jo@example.org", MobCountry: "+44", Mob: "07700900000",
	})
}

// The answer to a payment is lost. The ledger tells what happened.
func ExampleNew() {
	emulator := rubitest.New()
	defer emulator.Close()
	client := must(rubi.New(emulator.Config()))
	guid := emulator.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: rubitest.SampleUID, Details: "Annual Dinner", Value: pounds("12.00")})
	emulator.Faults().On(emulator.Is(rubitest.OpUserPayment), paymenttest.DropAfter())

	_, err := invoiced(client, rubitest.SampleUID, guid)
	fmt.Println("unknown:", errors.Is(err, payment.ErrOutcomeUnknown))
	for _, t := range emulator.Transactions() {
		fmt.Println("recorded:", t.Type, t.Total, "paid:", t.Paid)
	}
	fmt.Println(len(emulator.Basket(rubitest.SampleUID)), "in the basket,", len(emulator.Items(rubitest.SampleUID)), "ever,", len(emulator.Mails()), "mail")
	fmt.Println(emulator.Submissions(rubitest.OpUserPayment), "of", emulator.Count(rubitest.OpUserPayment), "accepted")
	for _, r := range emulator.Requests() {
		fmt.Println(r.Op, r.Method, len(r.Elements), "elements")
	}
	// Output:
	// unknown: true
	// recorded: Invoice 12.00 paid: true
	// 0 in the basket, 1 ever, 1 mail
	// 1 of 1 accepted
	// UserPayment POST 14 elements
}

// An emulator on a fixed address can be shared by several programs.
func ExampleListen() {
	emulator, err := rubitest.Listen("127.0.0.1:0", rubitest.WithAPIKey("shared-key")) // or a port of your choice
	if err != nil {
		log.Fatal(err)
	}
	defer emulator.Close()

	client := must(rubi.New(rubi.Config{APIKey: "shared-key", BaseURL: emulator.URL})) // of another program
	items := 0
	for _, err := range client.UserBasket(context.Background(), rubitest.SampleUID, rubi.AllItems) {
		if err != nil {
			log.Fatal(err)
		}
		items++
	}
	fmt.Println(items, "items, a tenant of its own:", emulator.Config().Tenant != "")
	// Output: 0 items, a tenant of its own: true
}

// An installation with a contact, an event, a service and a county of its own.
func ExampleServer_AddContact() {
	emulator := rubitest.New()
	defer emulator.Close()
	emulator.AddContact(rubitest.Contact{UID: "u-2", EmailAddress: "sam@example.org", FirstName: "Sam", Member: true})
	emulator.AddEvent(rubitest.Event{EID: "e-2", Name: "Breakfast", Value: pounds("5.00"), Tax: pounds("1.00"), Places: 1})
	emulator.AddService(rubitest.Service{SSID: "s-2", Name: "Patron", Value: pounds("500.00")})
	emulator.AddListValue("County", "Devon")
	client := must(rubi.New(emulator.Config()))
	ctx := context.Background()

	must(client.Booking(ctx, rubi.Booking{UID: "u-2", EID: "e-2", BookingPlaces: 1}))
	if err := client.Subscription(ctx, rubi.Subscription{UID: "u-2", SSID: "s-2", Action: rubi.Add}); err != nil {
		log.Fatal(err)
	}
	for _, item := range emulator.Basket("u-2") {
		fmt.Println(item.Kind, item.Details, item.Total, item.Status)
	}
	for county, err := range client.PortalList(ctx, rubi.Counties) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(county.ListValue)
	}
	// Output:
	// Booking Breakfast 6.00 In Basket
	// Subscription Patron 500.00 In Basket
	// Kent
	// West Yorkshire
	// Devon
}

// The fault of this vendor: a refusal under HTTP status 200.
func ExampleRefusal() {
	emulator := rubitest.New()
	defer emulator.Close()
	client := must(rubi.New(emulator.Config()))
	emulator.Faults().Next(rubitest.Refusal("400", "Event is full", false))

	_, err := client.Booking(context.Background(), rubi.Booking{UID: rubitest.SampleUID, EID: rubitest.SampleEID, BookingPlaces: 1})
	var refused *payment.Error
	fmt.Println(errors.As(err, &refused), refused.Code, refused.Message, len(emulator.Basket(rubitest.SampleUID)))
	// Output: true 400 Event is full 0
}

// What the documentation leaves open. The client reads every form of an answer.
func ExampleAnswerForms() {
	for _, form := range rubitest.AnswerForms() {
		emulator := rubitest.New(rubitest.WithFacts(rubitest.Facts{Answer: form, Amounts: rubitest.AmountFour}))
		emulator.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: rubitest.SampleUID, Value: pounds("12.00")})
		for item, err := range must(rubi.New(emulator.Config())).UserBasket(context.Background(), rubitest.SampleUID, rubi.Bookings) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Print(item.ItemTotal, " ")
		}
		emulator.Close()
	}
	// Output: 12.0000 12.0000 12.0000 12.0000 12.0000 12.0000 12.0000
}

// A contract run against any system gives a verdict for each clause and the
// facts that it saw. An emulator that is set to them behaves as that system.
func ExampleContract() {
	target, stop := rubitest.Sandbox(rubitest.Facts{Answer: rubitest.AnswerNative})
	defer stop()
	clauses := slices.DeleteFunc(rubitest.Contract(), func(c paymenttest.Clause) bool { return c.ID != "answer.layers" })

	report := paymenttest.Check(context.Background(), target, clauses)
	for _, result := range report.Results {
		fmt.Println(result.Clause.ID, result.Verdict)
	}
	var seen rubitest.Facts
	if err := rubitest.FactSheet().Apply(report.Facts, &seen); err != nil {
		log.Fatal(err)
	}
	fmt.Println("native values:", seen.Answer == rubitest.AnswerNative)
	// Output:
	// answer.layers differs
	// native values: true
}

// A real installation is read only, until more is allowed in its own name.
func ExampleTarget() {
	target := rubitest.Target(rubi.Config{APIKey: "key", Tenant: "chamber-of-leeds"})
	fmt.Println(target.Vendor, target.Account, target.Allow.Write)
	target.Objects = map[string]string{rubitest.ObjectContact: "a uid made for tests"}
	target.Allow.Account, target.Allow.Write = target.Account, true
	// Output: rubi chamber-of-leeds false
}
