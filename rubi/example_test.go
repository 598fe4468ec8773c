package rubi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

// member is the contact of the examples, with the address that Rubi asks for.
func member(by rubi.PaymentType) rubi.UserPayment {
	return rubi.UserPayment{
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

// client gives a client of the emulator. A program would say
//
//	rubi.New(rubi.Config{APIKey: tenderkit.Secret(key)})
func client(emulator *rubitest.Server) *rubi.Client {
	client, err := rubi.New(emulator.Config())
	if err != nil {
		log.Fatal(err)
	}
	return client
}

func Example() {
	emulator := rubitest.New() // in place of Rubi
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	dinner(ctx, client, 2)

	checkout, err := client.Checkout(ctx, rubi.CheckoutRequest{Item: rubi.Bookings, Payment: member(rubi.Invoice)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(checkout.State, checkout.Total, len(checkout.PaymentItems), "items")
	fmt.Println(len(emulator.Mails()), "confirmation sent by Rubi")
	// Output:
	// recorded 24.00 GBP 2 items
	// 1 confirmation sent by Rubi
}

// A card payment has two steps, and a value to store between them.
func ExampleClient_Checkout_card() {
	emulator := rubitest.New()
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	dinner(ctx, client, 1)

	checkout, err := client.Checkout(ctx, rubi.CheckoutRequest{Item: rubi.Bookings, Payment: member(rubi.CardPayment)})
	if err != nil {
		log.Fatal(err)
	}
	store, err := json.Marshal(checkout) // before anything is charged
	if err != nil {
		log.Fatal(err)
	}
	minor, err := checkout.StripeAmount()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("charge", minor, "pence for transaction", checkout.TransactionID)

	// Stripe charges 1200 pence as pi_123. Perhaps in another process:
	if err := json.Unmarshal(store, &checkout); err != nil {
		log.Fatal(err)
	}
	charge := rubi.StripePayment{ID: "pi_123", Status: rubi.Succeeded, Amount: 1200}
	if checkout, err = checkout.WithCharge(charge); err != nil {
		log.Fatal(err)
	}
	fmt.Println(checkout.State) // store it again: Resume can then tell what a crash leaves open
	checkout, err = client.Complete(ctx, checkout, charge)
	fmt.Println(checkout.State, err)
	// Output:
	// charge 1200 pence for transaction T-1001
	// charged, not recorded
	// recorded <nil>
}

// The charge is made, Rubi's answer is lost: the basket tells the rest.
func ExampleClient_Resume() {
	emulator := rubitest.New()
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	dinner(ctx, client, 1)
	checkout, err := client.Checkout(ctx, rubi.CheckoutRequest{Item: rubi.Bookings, Payment: member(rubi.CardPayment)})
	if err != nil {
		log.Fatal(err)
	}
	emulator.Faults().Next(paymenttest.DropAfter())

	checkout, err = client.Complete(ctx, checkout, rubi.StripePayment{ID: "pi_123", Status: rubi.Succeeded, Amount: 1200})
	var charged *rubi.ChargedError
	if errors.As(err, &charged) {
		fmt.Println(checkout.State+":", charged.StripeID, charged.Amount, charged.TransactionID)
	}
	checkout, err = client.Resume(ctx, checkout)
	fmt.Println(checkout.State, err)
	// Output:
	// charged, not recorded: pi_123 12.00 GBP T-1001
	// recorded, answer lost <nil>
}

// A total of 0.00 is confirmed.
func ExampleClient_Checkout_free() {
	emulator := rubitest.New()
	defer emulator.Close()
	emulator.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: rubitest.SampleUID, Details: "Open Evening"})

	checkout, err := client(emulator).Checkout(context.Background(), rubi.CheckoutRequest{Item: rubi.Bookings, Payment: member("")})
	fmt.Println(checkout.State, checkout.PaymentType, checkout.Total, err)
	// Output:
	// recorded Confirm 0.00 GBP <nil>
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

	recorder := client.Recorder(rubi.RecorderOptions{Item: rubi.Bookings, Payment: member("")})
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
	})
	fmt.Println(receipt, err)
	// Output:
	// rubi T-1001: "web-4711" over 12.00 GBP, recorded <nil>
}
