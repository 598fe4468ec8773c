package spektrix_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// What is wrong with a configuration is told by name, before anything is sent.
func ExampleNew() {
	config := spektrix.Config{ClientName: "apitesting", Login: "till", Secret: "c2VjcmV0", Currency: "GBP"}
	client, err := spektrix.New(config, tenderkit.WithTimeout(10*time.Second))
	fmt.Println(client, err)

	config.Secret = ""
	_, err = spektrix.New(config)
	fmt.Println(err)
	var field *payment.FieldError
	fmt.Println(errors.As(err, &field), field.Field)
	// Output:
	// spektrix.Client in GBP <nil>
	// spektrix: Config.Secret: is empty
	// true Config.Secret
}

// A ticket with an attribute of the venue's own, in JSON as it goes out.
func ExampleClient_AddTicketsJSON() {
	client, basketID, done := start()
	defer done()
	ctx := context.Background()
	err := client.AddTicketsJSON(ctx, basketID, fmt.Appendf(nil, `[{"instance":%q,"type":%q,"seatingPlan":%q,"attribute_Wheelchair":true}]`,
		spektrixtest.InstanceMatinee, spektrixtest.TicketAdult, spektrixtest.PlanStalls))
	if err != nil {
		log.Fatal(err)
	}
	basket, err := client.Basket(ctx, basketID)
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range basket.Tickets {
		fmt.Println(t.Total, t.Members.Attribute("Wheelchair"))
	}
	// Output:
	// 18.5 null
	// 18.5 null
	// 18.5 true
}

func ExampleClient_WaiveTransactionCommissionByPost() {
	client, basketID, done := start()
	defer done()
	basket, err := client.WaiveTransactionCommissionByPost(context.Background(), basketID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(basket.TransactionCommission.Waived, basket.Total)
	// Output: true 37.0
}

func ExampleTicketDelivery_IsZero() {
	fmt.Println(spektrix.TicketDelivery{}.IsZero(), spektrix.TicketDelivery{Type: spektrix.CollectAtVenue}.IsZero())
	// Output: true false
}

// sold sells two tickets, by the clock of the emulator.
func sold(emulator *spektrixtest.Server, now time.Time) *spektrix.Client {
	client, err := spektrix.New(emulator.Config(), tenderkit.WithClock(func() time.Time { return now }))
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	basket, err := client.CreateBasket(ctx, spektrix.NewBasket{TicketDelivery: spektrix.TicketDelivery{Type: spektrix.CollectAtVenue}})
	if err != nil {
		log.Fatal(err)
	}
	if err := client.AddTickets(ctx, basket.ID, twoSeats...); err != nil {
		log.Fatal(err)
	}
	settlement, err := tillOf(client).Settle(ctx, basket.ID, []payment.Payment{taken("till-4/1001", "38.50")}, payment.WithFirstTry())
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Confirm(ctx, basket.ID, spektrix.Confirmation{Settlement: &settlement}, payment.WithFirstTry()); err != nil {
		log.Fatal(err)
	}
	return client
}

// The orders that have changed in the last hour, and their payments in the form
// that package reconcile compares.
func ExampleClient_OrdersSince() {
	now := time.Date(2026, 5, 29, 19, 30, 0, 0, time.UTC)
	emulator := spektrixtest.New(
		spektrixtest.WithClock(func() time.Time { return now }),
		spektrixtest.WithFacts(spektrixtest.Facts{OrderAttributes: true}),
	)
	defer emulator.Close()
	client := sold(emulator, now)
	ctx, since := context.Background(), now.Add(-time.Hour)

	for changed, err := range client.OrdersSince(ctx, since) {
		if err != nil {
			log.Fatal(err)
		}
		order, err := client.Order(ctx, changed.OrderID)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(order.Tickets), "tickets", order.FirstTransactionDate.In(time.UTC).Format(time.DateTime))
	}
	for r, err := range client.OrderRecords(ctx, since, spektrix.RecordOptions{ReferenceAttribute: "Reference"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(r.Date, r.Kind, r.Reference, r.Amount, r.Method)
	}
	// Output:
	// 2 tickets 2026-05-29 19:30:00
	// 2026-05-29 sale till-4/1001 38.5 GBP EPOS System
}

// The payments of open baskets, as a side of a comparison. One that is gone has
// none.
func ExampleClient_BasketRecords() {
	client, basketID, done := start()
	defer done()
	ctx := context.Background()
	if _, err := client.AddCustomPayment(ctx, basketID, spektrix.NewCustomPayment{
		PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: pounds("10.40"),
		PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Reference", Value: "till-4/1001"}},
	}); err != nil {
		log.Fatal(err)
	}

	for r, err := range client.BasketRecords(ctx, spektrix.RecordOptions{ReferenceAttribute: "Reference"}, basketID) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(r.Kind, r.Reference, r.Amount, r.Method, r.Target == basketID)
	}
	// Output: sale till-4/1001 10.4 GBP EPOS System true
}

// A value prints without what may be personal, in JSON too. Body is what goes
// out.
func ExampleNewCustomPayment_Body() {
	amount, err := payment.ParseAmount("10.40")
	if err != nil {
		log.Fatal(err)
	}
	p := spektrix.NewCustomPayment{
		PaymentTypeID: "93AG", Amount: amount, PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Receipt Number", Value: "Ms Doe"}},
	}
	text, err := json.Marshal([]spektrix.NewCustomPayment{p})
	fmt.Println(string(text), err)
	body, err := p.Body()
	fmt.Println(string(body), err)
	// Output:
	// ["custom payment \"93AG\" of 10.40"] <nil>
	// {"PaymentTypeId":"93AG","Amount":10.40,"PaymentAttributes":[{"Name":"Receipt Number","Value":"Ms Doe"}]} <nil>
}

func ExampleNewBasket_Body() {
	body, err := spektrix.NewBasket{CustomerID: "I-1", TicketDelivery: spektrix.TicketDelivery{Type: spektrix.CollectAtVenue}}.Body()
	fmt.Println(string(body), err)
	// Output:
	// {"customer":"I-1","ticketDelivery":{"type":1}} <nil>
}

func ExampleNewTicket_Body() {
	ticket := spektrix.NewTicket{Instance: "1A", Type: "2B", Members: spektrix.Members{"attribute_Guest": []byte(`"Ms Doe"`)}}
	body, err := ticket.Body()
	fmt.Println(string(body), err)
	// Output:
	// {"instance":"1A","type":"2B","attribute_Guest":"Ms Doe"} <nil>
}
