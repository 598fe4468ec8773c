package spektrix_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// The examples talk to an emulator in this process. A program of your own
// fills in spektrix.Config instead of taking the emulator's.

func Example() {
	emulator := spektrixtest.New()
	defer emulator.Close()
	ctx := context.Background()

	client, err := spektrix.New(emulator.Config())
	if err != nil {
		log.Fatal(err)
	}
	basket, err := client.CreateBasket(ctx, spektrix.NewBasket{
		TicketDelivery: spektrix.TicketDelivery{Type: spektrix.CollectAtVenue},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := client.AddTickets(ctx, basket.ID, twoSeats...); err != nil {
		log.Fatal(err)
	}
	basket, err = client.WaiveTransactionCommission(ctx, basket.ID)
	if err != nil {
		log.Fatal(err)
	}
	// A Store in a database would outlive the program.
	store := payment.WithStore(payment.NewMemoryStore())
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: spektrixtest.TypeEPOSSystem, ReferenceAttribute: "Reference"})
	settlement, err := recorder.Settle(ctx, basket.ID, []payment.Payment{taken("till-4/1001", "37.00")}, store, payment.WithFirstTry())
	if err != nil {
		log.Fatal(err)
	}
	order, err := client.Confirm(ctx, basket.ID, spektrix.Confirmation{Settlement: &settlement}, store, payment.WithFirstTry())
	if err != nil {
		log.Fatal(err)
	}
	order, err = client.Order(ctx, order.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(order.Tickets), "tickets,", order.Total, "by", order.Payments[0].Method.Name)
	// Output: 2 tickets, 37.0 by EPOS System
}

func ExampleClient_CustomPaymentTypes() {
	client, _, done := start()
	defer done()
	for t, err := range client.CustomPaymentTypes(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(t.Name, t.IsRefund, len(t.AttributeDefinitions))
	}
	// Output:
	// EPOS System false 2
	// Quick Donation false 1
	// Sample Voucher false 2
	// Sample Refund true 1
}

func ExampleClient_CreateBasket() {
	client, _, done := start()
	defer done()
	basket, err := client.CreateBasket(context.Background(), spektrix.NewBasket{
		TicketDelivery:             spektrix.TicketDelivery{Type: spektrix.CollectAtVenue},
		WaiveTransactionCommission: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(basket.Empty(), basket.TransactionCommission.Waived)
	// Output: true true
}

func ExampleClient_AddTickets() {
	client, _, done := start()
	defer done()
	ctx := context.Background()
	basket, err := client.CreateBasket(ctx, spektrix.NewBasket{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.AddTickets(ctx, basket.ID, spektrix.NewTicket{
		Instance: spektrixtest.InstanceMatinee, Type: spektrixtest.TicketConcession, SeatingPlan: spektrixtest.PlanStalls,
	}))
	// Output: <nil>
}

func ExampleClient_Basket() {
	client, basketID, done := start()
	defer done()
	basket, err := client.Basket(context.Background(), basketID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(basket.Tickets), "tickets,", basket.Total, "with", basket.TransactionCommission.Amount, "commission")
	// Output: 2 tickets, 38.5 with 1.5 commission
}

func ExampleClient_WaiveTransactionCommission() {
	client, basketID, done := start()
	defer done()
	basket, err := client.WaiveTransactionCommission(context.Background(), basketID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(basket.TransactionCommission.Waived, basket.Total)
	// Output: true 37.0
}

// start returns a client and a basket with two tickets in it.
func start() (client *spektrix.Client, basketID string, done func()) {
	emulator := spektrixtest.New()
	client, basketID = filled(emulator)
	return client, basketID, emulator.Close
}

func filled(emulator *spektrixtest.Server) (*spektrix.Client, string) {
	client, err := spektrix.New(emulator.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	basket, err := client.CreateBasket(ctx, spektrix.NewBasket{TicketDelivery: spektrix.TicketDelivery{Type: spektrix.CollectAtVenue}})
	if err == nil {
		err = client.AddTickets(ctx, basket.ID, twoSeats...)
	}
	if err != nil {
		log.Fatal(err)
	}
	return client, basket.ID
}

// taken is a payment that was taken at a till.
func taken(reference, amount string) payment.Payment {
	sum, err := payment.ParseMoney(amount, "GBP")
	if err != nil {
		log.Fatal(err)
	}
	return payment.Payment{
		Reference: reference, Kind: payment.Sale, Amount: sum, Date: time.Date(2026, 5, 29, 19, 0, 0, 0, time.UTC),
		Attributes: []payment.Attribute{{Name: "Receipt Number", Value: "R-1001"}},
	}
}

func pounds(text string) payment.Amount {
	a, err := payment.ParseAmount(text)
	if err != nil {
		log.Fatal(err)
	}
	return a
}
