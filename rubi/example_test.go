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
	return booked
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
	checkout, err = client.Complete(ctx, checkout, rubi.StripePayment{ID: "pi_123", Status: rubi.Succeeded, Amount: 1200})
	fmt.Println(checkout.State, err)
	// Output:
	// charge 1200 pence for transaction T-1001
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

func ExampleClient_UserBasket() {
	emulator := rubitest.New()
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	dinner(ctx, client, 1)

	items, err := client.UserBasket(ctx, rubitest.SampleUID, rubi.AllItems)
	if err != nil {
		log.Fatal(err)
	}
	for _, item := range items {
		fmt.Println(item.Item, item.ItemDetails, item.ItemValue, "+", item.ItemTax, "=", item.ItemTotal)
	}
	// Output:
	// Bookings Annual Dinner 10.00 + 2.00 = 12.00
}

// The single calls, for a program that keeps its own account of what is done.
func ExampleClient_UserPayment() {
	emulator := rubitest.New()
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	basket := dinner(ctx, client, 1)

	p := member(rubi.CardPayment)
	p.PaymentItems = []string{basket[0].BookingGUID}
	records, err := client.UserPayment(ctx, p)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(records[0].TransactionID, records[0].ItemTotal, records[0].ItemStatus)
	// Output:
	// T-1001 12.00 In Basket
}

func ExampleClient_StripeResult() {
	emulator := rubitest.New()
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	p := member(rubi.CardPayment)
	p.PaymentItems = []string{dinner(ctx, client, 1)[0].BookingGUID}
	records, err := client.UserPayment(ctx, p)
	if err != nil {
		log.Fatal(err)
	}

	result, err := client.StripeResult(ctx, records[0].TransactionID, rubi.StripePayment{
		ID: "pi_123", Status: rubi.Succeeded, Amount: 1200, Total: records[0].ItemTotal,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("paid by", result.FirstName)
	// Output:
	// paid by Jo
}

func ExampleStripeAmount() {
	total, err := payment.ParseAmount("12.5000")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rubi.StripeAmount(total, "GBP"))
	// Output:
	// 1250 <nil>
}

func ExampleClient_Booking() {
	emulator := rubitest.New()
	defer emulator.Close()

	places, err := client(emulator).Booking(context.Background(), rubi.Booking{UID: rubitest.SampleUID, EID: rubitest.SampleEID, BookingPlaces: 2})
	fmt.Println(len(places), places[0].BookingStatus, err)
	// Output:
	// 2 In Basket <nil>
}

func ExampleClient_BookingUpdate() {
	emulator := rubitest.New()
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	places := dinner(ctx, client, 1)

	err := client.BookingUpdate(ctx, rubi.BookingUpdate{
		UID: rubitest.SampleUID, BookingGUID: places[0].BookingGUID, UpdateType: rubi.RemoveBooking,
	})
	fmt.Println(len(emulator.Basket(rubitest.SampleUID)), err)
	// Output:
	// 0 <nil>
}

func ExampleClient_Subscription() {
	emulator := rubitest.New()
	defer emulator.Close()

	err := client(emulator).Subscription(context.Background(), rubi.Subscription{
		UID: rubitest.SampleUID, SSID: rubitest.SampleSSID, Action: rubi.Add,
	})
	fmt.Println(len(emulator.Basket(rubitest.SampleUID)), err)
	// Output:
	// 1 <nil>
}

// Every other call of Rubi goes by its name and its elements in order.
func ExampleClient_Call() {
	counties := func([]string) []map[string]string { return []map[string]string{{"ListValue": "West Yorkshire"}} }
	emulator := rubitest.New(rubitest.WithMethod("PortalList", 2, counties))
	defer emulator.Close()

	list, err := client(emulator).Call(context.Background(), "PortalList", "County")
	fmt.Println(string(list), err)
	// Output:
	// [{"ListValue":"West Yorkshire"}] <nil>
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
