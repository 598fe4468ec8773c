package spektrix_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
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
	if err := client.AddTickets(ctx, basket.ID, twoSeats); err != nil {
		log.Fatal(err)
	}
	basket, err = client.WaiveTransactionCommission(ctx, basket.ID)
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Settle(ctx, basket.ID, spektrix.CustomPayment{
		PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: basket.Total,
		PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Receipt Number", Value: "R-1001"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	order, err := client.Confirm(ctx, basket.ID, spektrix.Confirmation{})
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
	types, err := client.CustomPaymentTypes(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range types {
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
	tickets, err := json.Marshal([]map[string]string{{
		"instance": spektrixtest.InstanceMatinee, "type": spektrixtest.TicketConcession, "seatingPlan": spektrixtest.PlanStalls,
	}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.AddTickets(ctx, basket.ID, tickets))
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

func ExampleClient_AddCustomPayment() {
	client, basketID, done := start()
	defer done()
	added, err := client.AddCustomPayment(context.Background(), basketID, spektrix.CustomPayment{
		PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: pounds("10.40"),
		PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Reference", Value: "ABC_123"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(added.Name, added.Amount)
	// Output: EPOS System 10.4
}

func ExampleClient_Settle() {
	client, basketID, done := start()
	defer done()
	settlement, err := client.Settle(context.Background(), basketID,
		spektrix.CustomPayment{PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: pounds("20.40")},
		spektrix.CustomPayment{
			PaymentTypeID: spektrixtest.TypeVoucher, Amount: pounds("18.10"),
			PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Voucher code", Value: "V-7788"}},
		})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(settlement.Complete(), settlement.Posted(), "of", settlement.Total)
	// Output: true 38.50 of 38.5
}

// The answer to the second payment is lost: the settlement says which payment
// that is. A person looks it up, and the program goes on.
func ExampleClient_ResumeSettle() {
	emulator := spektrixtest.New()
	defer emulator.Close()
	ctx := context.Background()
	client, basketID := filled(emulator)
	emulator.Faults().On(emulator.Is(spektrixtest.OpAddCustomPayment), paymenttest.Pass(), paymenttest.DropAfter())

	settlement, err := client.Settle(ctx, basketID,
		spektrix.CustomPayment{PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: pounds("20.40")},
		spektrix.CustomPayment{PaymentTypeID: spektrixtest.TypeQuickDonation, Amount: pounds("18.10")})
	fmt.Println(settlement, errors.Is(err, payment.ErrOutcomeUnknown))

	settlement.Payments[1].State = spektrix.StatePosted // found in Spektrix
	settlement, err = client.ResumeSettle(ctx, settlement)
	fmt.Println(settlement, err)
	// Output:
	// settlement: 1 posted, 1 unknown true
	// settlement: 2 posted <nil>
}

func ExampleClient_Confirm() {
	client, basketID, done := start()
	defer done()
	ctx := context.Background()
	_, err := client.Settle(ctx, basketID, spektrix.CustomPayment{PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: pounds("38.50")})
	if err != nil {
		log.Fatal(err)
	}
	order, err := client.Confirm(ctx, basketID, spektrix.Confirmation{SendConfirmationEmail: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.ID != "", order.ID != basketID)
	// Output: true true
}

func ExampleClient_Order() {
	client, basketID, done := start()
	defer done()
	ctx := context.Background()
	_, err := client.Settle(ctx, basketID, spektrix.CustomPayment{PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: pounds("38.50")})
	if err != nil {
		log.Fatal(err)
	}
	confirmed, err := client.Confirm(ctx, basketID, spektrix.Confirmation{})
	if err != nil {
		log.Fatal(err)
	}
	order, err := client.Order(ctx, confirmed.ID)
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range order.Payments {
		fmt.Println(p.Method.Name, p.Amount)
	}
	// Output: EPOS System 38.5
}

// A Recorder posts one common payment at a time.
func ExampleClient_Recorder() {
	client, basketID, done := start()
	defer done()
	recorder := client.Recorder(spektrix.RecorderOptions{ReferenceAttribute: "Reference"})
	taken, err := payment.ParseMoney("38.50", "GBP")
	if err != nil {
		log.Fatal(err)
	}
	receipt, err := payment.Once(context.Background(), recorder, payment.Payment{
		Reference: "till-4/1001", Kind: payment.Sale, Amount: taken, Date: vectorTime,
		Method: spektrixtest.TypeEPOSSystem, Target: basketID,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(receipt.Vendor, receipt.Reference, receipt.Amount)
	// Output: spektrix till-4/1001 38.5 GBP
}

// start gives a client and a basket with two tickets in it.
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
		err = client.AddTickets(ctx, basket.ID, twoSeats)
	}
	if err != nil {
		log.Fatal(err)
	}
	return client, basket.ID
}

func pounds(text string) payment.Amount {
	a, err := payment.ParseAmount(text)
	if err != nil {
		log.Fatal(err)
	}
	return a
}
