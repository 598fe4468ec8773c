package spektrixtest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"slices"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

func pounds(text string) payment.Amount { return must(payment.ParseAmount(text)) }

// byTill is a payment of the sample type that takes references.
func byTill(reference, amount string) spektrix.NewCustomPayment {
	return spektrix.NewCustomPayment{
		PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: pounds(amount),
		PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Reference", Value: reference}},
	}
}

// The answer to a payment is lost. The ledger tells what happened.
func ExampleNew() {
	emulator := spektrixtest.New()
	defer emulator.Close()
	client := must(spektrix.New(emulator.Config()))
	ctx := context.Background()
	basket := must(client.CreateBasket(ctx, spektrix.NewBasket{}))
	emulator.Faults().On(emulator.Is(spektrixtest.OpAddCustomPayment), paymenttest.DropAfter())

	_, err := client.AddCustomPayment(ctx, basket.ID, byTill("till-1", "10.40"))
	fmt.Println("unknown:", errors.Is(err, payment.ErrOutcomeUnknown))
	for _, p := range emulator.Payments(basket.ID) {
		fmt.Println("recorded:", p.TypeName, p.Amount)
	}
	for _, r := range emulator.Requests() {
		fmt.Println(r.Op, r.Method)
	}
	fmt.Println(emulator.Count(spektrixtest.OpAddCustomPayment), "payment was sent")
	// Output:
	// unknown: true
	// recorded: EPOS System 10.40
	// CreateBasket POST
	// AddCustomPayment POST
	// 1 payment was sent
}

// An emulator on a fixed address can be shared by several programs.
func ExampleListen() {
	emulator, err := spektrixtest.Listen("127.0.0.1:0", // or a port of your choice
		spektrixtest.WithClientName("venue"), spektrixtest.WithCredentials("till", "c2VjcmV0"), spektrixtest.WithCurrency("EUR"))
	if err != nil {
		log.Fatal(err)
	}
	defer emulator.Close()

	client := must(spektrix.New(spektrix.Config{ // of another program
		ClientName: "venue", Login: "till", Secret: "c2VjcmV0", Currency: "EUR", BaseURL: emulator.URL,
	}))
	types := 0
	for _, err := range client.CustomPaymentTypes(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		types++
	}
	fmt.Println(types, "types,", emulator.Config().Currency)
	// Output: 4 types, EUR
}

// A venue without a commission, with a type, a price and a basket of its own.
func ExampleServer_AddBasket() {
	emulator := spektrixtest.New(spektrixtest.WithCommission(pounds("0.00")))
	defer emulator.Close()
	kind := emulator.AddPaymentType(spektrixtest.PaymentType{Name: "Kiosk", Attributes: []spektrixtest.AttributeDefinition{{Name: "Reference"}}})
	emulator.SetPrice(spektrixtest.Price{
		Instance: spektrixtest.InstanceMatinee, TicketType: spektrixtest.TicketAdult, Price: pounds("20.00"),
	})
	id := emulator.AddBasket(spektrixtest.Basket{DeliveryType: int(spektrix.CollectAtVenue)})
	client := must(spektrix.New(emulator.Config()))
	ctx := context.Background()
	if err := client.AddTickets(ctx, id, spektrix.NewTicket{
		Instance: spektrixtest.InstanceMatinee, Type: spektrixtest.TicketAdult, SeatingPlan: spektrixtest.PlanStalls,
	}); err != nil {
		log.Fatal(err)
	}
	must(client.AddCustomPayment(ctx, id, spektrix.NewCustomPayment{PaymentTypeID: kind, Amount: pounds("20.00")}))

	basket, ok := emulator.Basket(id)
	fmt.Println(ok, len(basket.Tickets), "ticket", basket.Total, len(basket.Payments), "payment")
	fmt.Println(len(emulator.Baskets()), "basket,", len(emulator.PaymentTypes()), "types,", len(emulator.Orders()), "orders")
	fmt.Println("removed by staff:", emulator.RemovePayment(id, 0), len(emulator.Payments(id)))
	// Output:
	// true 1 ticket 20.00 1 payment
	// 1 basket, 6 types, 0 orders
	// removed by staff: true 0
}

// The faults of this vendor, and what the client makes of them.
func ExampleEchoDiffers() {
	emulator := spektrixtest.New()
	defer emulator.Close()
	client := must(spektrix.New(emulator.Config()))
	ctx := context.Background()
	basket := must(client.CreateBasket(ctx, spektrix.NewBasket{}))

	emulator.Faults().Next(spektrixtest.EdgeBlock())
	_, err := client.Basket(ctx, basket.ID)
	fmt.Println("blocked:", errors.Is(err, spektrix.ErrBlocked))
	emulator.Faults().Next(spektrixtest.Forbidden())
	_, err = client.Basket(ctx, basket.ID)
	fmt.Println("forbidden:", errors.Is(err, payment.ErrForbidden), errors.Is(err, spektrix.ErrBlocked))

	// A Recorder compares the answer with what was sent; this call hands it on.
	emulator.Faults().On(emulator.Is(spektrixtest.OpAddCustomPayment), spektrixtest.EchoDiffers())
	added, err := client.AddCustomPayment(ctx, basket.ID, byTill("till-1", "10.40"))
	fmt.Println("sent 10.40, shown", added.Amount, err, "stored", emulator.Payments(basket.ID)[0].Amount)
	// Output:
	// blocked: true
	// forbidden: true false
	// sent 10.40, shown 10.0 <nil> stored 10.40
}

// A redirect is not followed: the signature is for another URL.
func ExampleServer_Redirect() {
	emulator := spektrixtest.New()
	defer emulator.Close()
	client := must(spektrix.New(emulator.Config()))
	emulator.Redirect(emulator.URL + "/elsewhere")

	_, err := client.CreateBasket(context.Background(), spektrix.NewBasket{})
	fmt.Println(err != nil, len(emulator.Requests()), "request")
	// Output: true 1 request
}

// A venue whose confirmed baskets can be read on, and whose clock is far from
// this machine's.
func ExampleWithFacts() {
	emulator := spektrixtest.New(
		spektrixtest.WithFacts(spektrixtest.Facts{ReadableAfterConfirm: true}),
		spektrixtest.WithClock(func() time.Time { return time.Now().Add(time.Hour) }),
	)
	defer emulator.Close()
	client := must(spektrix.New(emulator.Config()))

	_, err := client.CreateBasket(context.Background(), spektrix.NewBasket{})
	var clock *spektrix.ClockError
	fmt.Println(errors.As(err, &clock), clock.Ahead.Round(time.Minute))
	// Output: true -1h0m0s
}

// A contract run against any system gives a verdict for each clause and the
// facts that it saw. An emulator that is set to them behaves as that system.
func ExampleContract() {
	target, stop := spektrixtest.Sandbox(spektrixtest.Facts{NoOrdersSync: true})
	defer stop()
	clauses := slices.DeleteFunc(spektrixtest.Contract(), func(c paymenttest.Clause) bool { return c.ID != "sync.documented" })

	report := paymenttest.Check(context.Background(), target, clauses)
	for _, result := range report.Results {
		fmt.Println(result.Clause.ID, result.Verdict)
	}
	var seen spektrixtest.Facts
	if err := spektrixtest.FactSheet().Apply(report.Facts, &seen); err != nil {
		log.Fatal(err)
	}
	fmt.Println("no orders/sync:", seen.NoOrdersSync)
	// Output:
	// sync.documented differs
	// no orders/sync: true
}

// A real system is read only, until more is allowed in its own name. So is an
// emulator that runs already.
func ExampleTarget() {
	target := spektrixtest.Target(spektrix.Config{ClientName: "apitesting", Login: "till", Secret: "c2VjcmV0", Currency: "GBP"})
	fmt.Println(target.Vendor, target.Account, target.Allow.Write)
	target.Objects = map[string]string{spektrixtest.ObjectPaymentType: spektrixtest.TypeEPOSSystem}
	target.Allow.Account, target.Allow.Write = target.Account, true

	emulator := spektrixtest.New(spektrixtest.WithClientName("venue"))
	defer emulator.Close()
	own := emulator.Target()
	fmt.Println(own.Vendor, own.Account, own.Allow.Write)
	// Output:
	// spektrix apitesting false
	// spektrix venue false
}
