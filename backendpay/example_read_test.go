package backendpay_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
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

// A payment is allocated to two invoices. A part names neither payment nor
// invoice: only the list that it came from does.
func ExampleClient_PaymentPart() {
	client, emulator := open()
	defer emulator.Close()
	ctx := context.Background()
	partID := must(emulator.Allocate("501", "77", must(payment.ParseAmount("100.00"))))
	must(emulator.Allocate("501", "78", must(payment.ParseAmount("20.50"))))

	part, err := client.PaymentPart(ctx, partID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("one:", part)
	for part, err := range client.InvoicePaymentParts(ctx, "78") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("of invoice 78:", part.PaymentPartAmount)
	}
	for part, err := range client.AllPaymentParts(ctx, backendpay.PaymentPartFilter{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("of all:", part.PaymentPartAmount)
	}
	// Output:
	// one: backendpay.PaymentPart{"1": 100.00}
	// of invoice 78: 20.50
	// of all: 100.00
	// of all: 20.50
}

// A program holds three payments, and somebody has deleted one of them.
func ExampleClient_Missing() {
	client, emulator := open()
	defer emulator.Close()
	if err := emulator.Delete("502"); err != nil { // in the user interface
		log.Fatal(err)
	}

	for id, err := range client.Missing(context.Background(), []string{"501", "502"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(id, "is gone")
	}
	// Output: 502 is gone
}

// The payments of a customer in the form that package reconcile compares. One
// of them has failed since, and shows its reversal too.
func ExampleClient_Records() {
	client, emulator := open()
	defer emulator.Close()
	if err := emulator.Reverse("502", payment.Date{Year: 2024, Month: time.November, Day: 30}); err != nil {
		log.Fatal(err)
	}

	options := backendpay.RecordOptions{Currency: "GBP", Customers: []string{"123"}}
	for r, err := range client.Records(context.Background(), backendpay.PaymentFilter{}, options) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(r.Date, r.Kind, r.Amount, r.Source)
	}
	// Output:
	// 2024-11-25 sale 120.50 GBP payment 501
	// 2024-11-26 sale 120.50 GBP payment 502, reversed
	// 2024-11-30 refund 120.50 GBP reversal of payment 502
}

func ExamplePayment_Reversed() {
	client, emulator := open()
	defer emulator.Close()
	if err := emulator.Reverse("501", payment.Date{Year: 2024, Month: time.November, Day: 30}); err != nil {
		log.Fatal(err)
	}

	p, err := client.Payment(context.Background(), "501")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Reversed(), p.PaymentReversedDate)
	// Output: true 2024-11-30
}

// An installation may show more than the documentation names.
func ExamplePayment_Lookup() {
	emulator := backendpaytest.New(backendpaytest.WithUnknownField("glCode", json.RawMessage(`"4000"`)))
	defer emulator.Close()
	client := must(backendpay.New(emulator.Config()))
	id := must(emulator.AddPayment(backendpaytest.Payment{
		CustomerID: backendpaytest.SampleCustomer, OurReference: "SDK-1",
		PaymentDate: payment.Date{Year: 2024, Month: time.November, Day: 25}, PaymentAmount: must(payment.ParseAmount("5.00")),
	}))

	p, err := client.Payment(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s, %q\n", p.Lookup("glCode"), p.Lookup("noSuchField"))
	// Output: "4000", ""
}

func ExampleClient_PaymentType() {
	client, emulator := open()
	defer emulator.Close()
	id := emulator.PaymentTypes()[0].ID

	kind, err := client.PaymentType(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(kind.PaymentTypeName, string(kind.Lookup("availability")))
	// Output: Direct Debit "Standard"
}

// Customers hold personal data and print with their id alone.
func ExampleClient_Customer() {
	client, emulator := open()
	defer emulator.Close()

	customer, err := client.Customer(context.Background(), "123")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(customer)
	fmt.Println(len(customer.Raw) > 0)
	// Output:
	// backendpay.Customer{"123"}
	// true
}

// What an update will send. Printed, it shows no values.
func ExamplePaymentUpdate_Body() {
	update := backendpay.PaymentUpdate{
		PaymentAmount: backendpay.Value(must(payment.ParseAmount("99.90"))),
		PaymentMethod: backendpay.Value("Cheque"),
	}
	body, err := update.Body()
	fmt.Println(string(body), err)
	fmt.Println(update)
	// Output:
	// {"paymentAmount":99.90,"paymentMethod":"Cheque"} <nil>
	// backendpay.PaymentUpdate{2 fields}
}
