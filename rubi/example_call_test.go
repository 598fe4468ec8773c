package rubi_test

import (
	"context"
	"fmt"
	"log"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

func ExampleClient_UserBasket() {
	emulator := rubitest.New()
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	dinner(ctx, client, 1)

	for item, err := range client.UserBasket(ctx, rubitest.SampleUID, rubi.AllItems) {
		if err != nil {
			log.Fatal(err)
		}
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
	dinner(ctx, client, 1)

	p := member("", rubi.CardPayment)
	for item, err := range client.UserBasket(ctx, rubitest.SampleUID, rubi.Bookings) {
		if err != nil {
			log.Fatal(err)
		}
		p.BasketItems = append(p.BasketItems, item)
		p.PaymentItems = append(p.PaymentItems, item.ItemGUID)
	}
	submission, err := client.UserPayment(ctx, p)
	if err != nil {
		log.Fatal(err)
	}
	paid := submission.Items[0]
	fmt.Println(paid.TransactionID, paid.ItemTotal, paid.ItemStatus)
	// Output:
	// T-1001 12.00 In Basket
}

func ExampleClient_StripeResult() {
	emulator := rubitest.New()
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	p := member("", rubi.CardPayment)
	p.PaymentItems = []string{dinner(ctx, client, 1)[0].BookingGUID}
	submission, err := client.UserPaymentUnchecked(ctx, p)
	if err != nil {
		log.Fatal(err)
	}

	result, err := client.StripeResult(ctx, submission.TransactionID(), rubi.StripePayment{
		ID: "pi_123", Status: rubi.Succeeded, Amount: 1200, Total: submission.Items[0].ItemTotal,
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

	booked, err := client(emulator).Booking(context.Background(), rubi.Booking{UID: rubitest.SampleUID, EID: rubitest.SampleEID, BookingPlaces: 2})
	fmt.Println(len(booked.Places), booked.Places[0].BookingStatus, err)
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
func ExampleClient_Query() {
	events := func([]string) []map[string]string { return []map[string]string{{"EventName": "Annual Dinner"}} }
	emulator := rubitest.New(rubitest.WithMethod("Calendar", 4, events))
	defer emulator.Close()

	list, err := client(emulator).Query(context.Background(), "Calendar", rubitest.SampleUID, "", "Future")
	fmt.Println(string(list), err)
	// Output:
	// [{"EventName":"Annual Dinner"}] <nil>
}

func ExampleClient_PortalList() {
	emulator := rubitest.New()
	defer emulator.Close()

	for county, err := range client(emulator).PortalList(context.Background(), rubi.Counties) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(county.ListValue)
	}
	// Output:
	// Kent
	// West Yorkshire
}

// Whether a booking stands, after the basket has let go of it.
func ExampleClient_PluginEventAttendees() {
	emulator := rubitest.New()
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	place := dinner(ctx, client, 1)[0]
	if _, err := client.Checkout(ctx, rubi.CheckoutRequest{
		Item: rubi.Bookings, Total: total("12.00"), Payment: member("order-5", rubi.Invoice),
	}, payment.WithFirstTry()); err != nil {
		log.Fatal(err)
	}

	for attendee, err := range client.PluginEventAttendees(ctx, rubitest.SampleEID, place.BookingGUID) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("booked:", attendee.BookingStatus == rubi.Active)
	}
	// Output:
	// booked: true
}

// What is wrong with a configuration is told by name, before anything is sent.
func ExampleNew() {
	client, err := rubi.New(rubi.Config{APIKey: "the-key", Tenant: "chamber-of-leeds"})
	fmt.Println(client != nil, err)
	_, err = rubi.New(rubi.Config{Tenant: "chamber-of-leeds"})
	fmt.Println(err)
	_, err = rubi.New(rubi.Config{APIKey: "the-key", Currency: "pounds"})
	fmt.Println(err)
	// Output:
	// true <nil>
	// rubi: Config.APIKey: is blank
	// rubi: Config.Currency: is not an active ISO 4217 code in upper case
}

// Any other call that changes something is sent once.
func ExampleClient_Call() {
	note := func([]string) []map[string]string { return []map[string]string{{"NoteID": "7"}} }
	emulator := rubitest.New(rubitest.WithMethod("AddNote", 3, note))
	defer emulator.Close()

	answer, err := client(emulator).Call(context.Background(), "AddNote", rubitest.SampleUID, "called about the dinner")
	fmt.Println(string(answer), err)
	// Output:
	// [{"NoteID":"7"}] <nil>
}

// An amount that cannot be read is not set, which is not 0.
func ExampleBasketItem_Readable() {
	emulator := rubitest.New(rubitest.WithFacts(rubitest.Facts{Amounts: rubitest.AmountBlank}))
	defer emulator.Close()
	ctx, client := context.Background(), client(emulator)
	p := member("", rubi.Invoice)
	p.PaymentItems = []string{dinner(ctx, client, 1)[0].BookingGUID}

	for item, err := range client.UserBasket(ctx, rubitest.SampleUID, rubi.Bookings) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v %q\n", item.Readable(), item.ItemTotalText)
	}
	submission, err := client.UserPaymentUnchecked(ctx, p)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(submission.Items[0].Readable())
	// Output:
	// false ""
	// false
}

// A checkout waits in a session until the payer comes back from Stripe.
func ExampleCheckout_MarshalBinary() {
	stored, err := rubi.Checkout{Reference: "order-7", UID: "u-1", Item: rubi.Bookings, TransactionID: "T-1"}.MarshalBinary()
	if err != nil {
		log.Fatal(err)
	}
	var checkout rubi.Checkout
	err = checkout.UnmarshalBinary(stored)
	fmt.Println(checkout.Reference, checkout.UID, checkout.TransactionID, err)
	// Output:
	// order-7 u-1 T-1 <nil>
}
