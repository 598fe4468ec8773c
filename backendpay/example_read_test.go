package backendpay_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/payment"
)

func ExampleClient_Payment() {
	client, emulator := open()
	defer emulator.Close()

	p, err := client.Payment(context.Background(), "501")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.OurReference, p.PaymentDate, p.PaymentAmount, p.PaymentMethod)
	_, err = client.Payment(context.Background(), "999")
	fmt.Println(errors.Is(err, payment.ErrNotFound))
	// Output:
	// SDK-2024-000121 2024-11-25 120.50 Bank Transfer
	// true
}

func ExampleClient_Payments() {
	client, emulator := open()
	defer emulator.Close()

	filter := backendpay.PaymentFilter{MinDate: payment.Date{Year: 2024, Month: time.November, Day: 26}}
	for p, err := range client.Payments(context.Background(), filter) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(p.ID, p.PaymentDate)
	}
	// Output: 502 2024-11-26
}

func ExampleClient_CustomerPayments() {
	client, emulator := open()
	defer emulator.Close()

	total := must(payment.ParseAmount("0.00"))
	for p, err := range client.CustomerPayments(context.Background(), "123", backendpay.PaymentFilter{IncludeReversed: true}) {
		if err != nil {
			log.Fatal(err)
		}
		total = total.Add(p.PaymentAmount)
	}
	fmt.Println(total)
	// Output: 241.00
}

func ExampleClient_Changes() {
	client, emulator := open()
	defer emulator.Close()

	cursor := time.Now().Add(-time.Hour) // from where the program stores it
	before := cursor
	for change, err := range client.Changes(context.Background(), cursor) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(change.ID, change.OurReference)
		if !change.Cursor.IsZero() {
			cursor = change.Cursor
		}
	}
	fmt.Println("moved on:", cursor.After(before)) // store it again
	// Output:
	// 501 SDK-2024-000121
	// 502 SDK-2024-000122
	// moved on: true
}

func ExampleClient_PaymentParts() {
	client, emulator := open()
	defer emulator.Close()
	must(emulator.Allocate("501", "77", must(payment.ParseAmount("100.00")))) // in the user interface

	for part, err := range client.PaymentParts(context.Background(), "501") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(part.PaymentPartAmount)
	}
	// Output: 100.00
}

func ExampleClient_PaymentTypes() {
	client, emulator := open()
	defer emulator.Close()

	for kind, err := range client.PaymentTypes(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(kind.PaymentTypeName, kind.Availability.Known())
	}
	// Output:
	// Direct Debit true
	// Credit Card true
	// Bank Transfer true
	// Cheque true
}

// A payment type is made, taken out of use, and removed.
func ExampleClient_CreatePaymentType() {
	client, emulator := open()
	defer emulator.Close()
	ctx := context.Background()

	kind, err := client.CreatePaymentType(ctx, backendpay.PaymentTypeFields{
		PaymentTypeName: backendpay.Value("Voucher"),
		Availability:    backendpay.Value(backendpay.Standard),
	})
	if err != nil {
		log.Fatal(err)
	}
	kind, err = client.UpdatePaymentType(ctx, kind.ID, backendpay.PaymentTypeFields{
		Availability: backendpay.Value(backendpay.Historic),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(kind.PaymentTypeName, kind.Availability)
	fmt.Println(client.DeletePaymentType(ctx, kind.ID))
	// Output:
	// Voucher Historic
	// <nil>
}

func ExampleClient_Customers() {
	client, emulator := open()
	defer emulator.Close()

	filter := backendpay.CustomerFilter{AccountNumber: "C12345"}
	for customer, err := range client.Customers(context.Background(), filter) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(customer.ID)
	}
	// Output: 123
}
