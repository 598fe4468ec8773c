package rubi_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

// member is the contact of the examples, with the address that Rubi asks for.
func member(reference string, by rubi.PaymentType) rubi.UserPayment {
	return rubi.UserPayment{
		Reference:   reference,
		UID:         rubitest.SampleUID,
		PaymentType: by,
		Address1:    "1 High St", Address4: "Leeds", County: "West Yorkshire", Postcode: "LS1 1AA", Country: "United Kingdom",
		EmailAddress: "jo@example.org", MobCountry: "+44", Mob: "07700900000",
	}
}

// dinner books places at the sample event, at 12.00 GBP each.
func dinner(ctx context.Context, client *rubi.Client, places int) []rubi.BookingPlace {
	booked, err := client.Booking(ctx, rubi.Booking{UID: rubitest.SampleUID, EID: rubitest.SampleEID, BookingPlaces: places})
	if err != nil {
		log.Fatal(err)
	}
	return booked.Places
}

// client returns a client of the emulator. A program would say
//
//	rubi.New(rubi.Config{APIKey: tenderkit.Secret(key), Tenant: "chamber-of-leeds"})
func client(emulator *rubitest.Server) *rubi.Client {
	client, err := rubi.New(emulator.Config())
	if err != nil {
		log.Fatal(err)
	}
	return client
}

// total is what the payer of the examples has agreed to.
func total(text string) payment.Money {
	m, err := payment.ParseMoney(text, "GBP")
	if err != nil {
		log.Fatal(err)
	}
	return m
}

func Example() {
	emulator := rubitest.New() // in place of Rubi
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	dinner(ctx, client, 2)
	store := payment.NewMemoryStore() // a program that has to survive a restart uses a durable one

	checkout, err := client.Checkout(ctx, rubi.CheckoutRequest{
		Item: rubi.Bookings, Total: total("24.00"), Payment: member("order-1", rubi.Invoice),
	}, payment.WithStore(store), payment.WithFirstTry())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(checkout.PaymentType, checkout.Total, len(checkout.PaymentItems), "items")
	fmt.Println(len(emulator.Mails()), "confirmation sent by Rubi")
	// Output:
	// Invoice 24.00 GBP 2 items
	// 1 confirmation sent by Rubi
}

// A card payment has two steps. What is known between them stands in the Store.
func ExampleClient_Complete() {
	emulator := rubitest.New()
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	dinner(ctx, client, 1)
	store := payment.WithStore(payment.NewMemoryStore())

	request := rubi.CheckoutRequest{Item: rubi.Bookings, Total: total("12.00"), Payment: member("order-2", rubi.CardPayment)}
	checkout, err := client.Checkout(ctx, request, store)
	if err != nil {
		log.Fatal(err)
	}
	minor, err := checkout.StripeAmount()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("charge", minor, "pence for transaction", checkout.TransactionID)

	// Stripe charges 1200 pence as pi_123. Perhaps in another process, the same
	// request gives the same transaction:
	if checkout, err = client.Checkout(ctx, request, store); err != nil {
		log.Fatal(err)
	}
	charge := rubi.StripePayment{ID: "pi_123", Status: rubi.Succeeded, Amount: 1200}
	receipt, err := client.Complete(ctx, checkout, charge, store, payment.WithFirstTry())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(receipt)
	// Output:
	// charge 1200 pence for transaction T-1001
	// rubi T-1001: payment "order-2" of 12.00 GBP, recorded
}

// The charge is made, Rubi's answer is lost: the basket tells the rest.
func ExampleClient_Complete_lost() {
	emulator := rubitest.New()
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	dinner(ctx, client, 1)
	store := payment.WithStore(payment.NewMemoryStore())
	checkout, err := client.Checkout(ctx, rubi.CheckoutRequest{
		Item: rubi.Bookings, Total: total("12.00"), Payment: member("order-3", rubi.CardPayment),
	}, store)
	if err != nil {
		log.Fatal(err)
	}
	emulator.Faults().On(emulator.Is(rubitest.OpStripeResult), paymenttest.DropAfter())

	charge := rubi.StripePayment{ID: "pi_123", Status: rubi.Succeeded, Amount: 1200}
	receipt, err := client.Complete(ctx, checkout, charge, store, payment.WithFirstTry())
	fmt.Println(receipt, err)
	// Output:
	// rubi T-1001: payment "order-3" of 12.00 GBP, already recorded <nil>
}

// A total of 0.00 is confirmed.
func ExampleClient_Checkout_free() {
	emulator := rubitest.New()
	defer emulator.Close()
	emulator.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: rubitest.SampleUID, Details: "Open Evening"})

	checkout, err := client(emulator).Checkout(context.Background(), rubi.CheckoutRequest{
		Item: rubi.Bookings, Total: total("0.00"), Payment: member("order-4", ""),
	}, payment.WithFirstTry())
	fmt.Println(checkout.PaymentType, checkout.Total, err)
	// Output:
	// Confirm 0.00 GBP <nil>
}

// A charge that was made elsewhere, recorded once.
func ExampleClient_Recorder() {
	emulator := rubitest.New()
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	places := dinner(ctx, client, 1)
	amount, err := payment.ParseMoney("12.00", "GBP")
	if err != nil {
		log.Fatal(err)
	}

	recorder := client.Recorder(rubi.RecorderOptions{Item: rubi.Bookings, Payment: member("", "")})
	receipt, err := payment.Once(ctx, recorder, payment.Payment{
		Reference: "web-4711",
		Kind:      payment.Sale,
		Amount:    amount,
		Date:      time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
		Method:    string(rubi.CardPayment),
		Target:    rubitest.SampleUID,
		Attributes: []payment.Attribute{
			{Name: "ItemGUID", Value: places[0].BookingGUID},
			{Name: "StripeID", Value: "pi_123"},
		},
	}, payment.WithFirstTry())
	fmt.Println(receipt, err)
	// Output:
	// rubi T-1001: payment "web-4711" of 12.00 GBP, recorded <nil>
}
