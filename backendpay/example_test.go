package backendpay_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// open starts an emulator with two payments of customer 123 and returns a client
// of it. A program of your own makes the client with its Config.
func open() (*backendpay.Client, *backendpaytest.Server) {
	emulator := backendpaytest.New()
	client, err := backendpay.New(emulator.Config())
	if err != nil {
		log.Fatal(err)
	}
	for i, method := range []string{"Bank Transfer", "Cheque"} {
		if _, err := client.CreatePayment(context.Background(), "123", backendpay.NewPayment{
			OurReference:  fmt.Sprintf("SDK-2024-00012%d", i+1),
			PaymentDate:   payment.Date{Year: 2024, Month: time.November, Day: 25 + i},
			PaymentAmount: must(payment.ParseAmount("120.50")),
			PaymentMethod: method,
		}); err != nil {
			log.Fatal(err)
		}
	}
	return client, emulator
}

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

func ExampleNew() {
	client, err := backendpay.New(backendpay.Config{
		APIKey:  "the-key-of-the-installation",
		BaseURL: "https://billing.example.com",
	}, tenderkit.WithTimeout(10*time.Second))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client != nil)
	// Output: true
}

func ExampleClient_CreatePayment() {
	client, emulator := open()
	defer emulator.Close()

	made, err := client.CreatePayment(context.Background(), "123", backendpay.NewPayment{
		OurReference:  "SDK-2024-000123",
		PaymentDate:   payment.Date{Year: 2024, Month: time.November, Day: 25},
		PaymentAmount: must(payment.ParseAmount("99.90")),
		PaymentMethod: "Bank Transfer",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(made.ID, made.PaymentAmount, made.Status)
	// Output: 503 99.90 [Valid]
}

// A refund is a negative amount, and has to be named as one.
func ExampleClient_CreatePayment_refund() {
	client, emulator := open()
	defer emulator.Close()

	made, err := client.CreatePayment(context.Background(), "123", backendpay.NewPayment{
		OurReference:  "SDK-2024-000124",
		PaymentDate:   payment.Date{Year: 2024, Month: time.November, Day: 25},
		PaymentAmount: must(payment.ParseAmount("-20.00")),
		PaymentMethod: "Bank Transfer",
		Refund:        true,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(made.PaymentAmount)
	// Output: -20.00
}

// An answer that is lost leaves the outcome unknown; a lookup settles it.
func ExampleClient_FindPayment() {
	client, emulator := open()
	defer emulator.Close()

	ctx := context.Background()
	lost := backendpay.NewPayment{
		OurReference:  "SDK-2024-000125",
		PaymentDate:   payment.Date{Year: 2024, Month: time.November, Day: 25},
		PaymentAmount: must(payment.ParseAmount("10.00")),
		PaymentMethod: "Cheque",
	}
	emulator.Faults().Next(paymenttest.DropAfter())
	_, err := client.CreatePayment(ctx, "123", lost)
	fmt.Println("unknown:", errors.Is(err, payment.ErrOutcomeUnknown))
	found, err := client.FindPayment(ctx, "123", lost)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("recorded as", found.ID)
	// Output:
	// unknown: true
	// recorded as 503
}

func ExampleClient_UpdatePayment() {
	client, emulator := open()
	defer emulator.Close()

	p, err := client.UpdatePayment(context.Background(), "501", backendpay.PaymentUpdate{
		CustomerReference: backendpay.Value("INV C12345/123"),
		InvoiceID:         backendpay.Null[string](),
		AllowClear:        true, // for the null
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.CustomerReference, p.PaymentAmount)
	// Output: INV C12345/123 120.50
}

func ExampleClient_DeletePayment() {
	client, emulator := open()
	defer emulator.Close()

	fmt.Println(client.DeletePayment(context.Background(), "502"))
	_, err := client.Payment(context.Background(), "502")
	fmt.Println(errors.Is(err, payment.ErrNotFound))
	// Output:
	// <nil>
	// true
}

// Once records a payment exactly once, whatever becomes of the answer.
func ExampleClient_Recorder() {
	client, emulator := open()
	defer emulator.Close()

	emulator.Faults().Next(paymenttest.DropAfter())
	receipt, err := payment.Once(context.Background(), client.Recorder(backendpay.RecorderOptions{}), payment.Payment{
		Reference: "till-4711",
		Kind:      payment.Sale,
		Amount:    must(payment.ParseMoney("318.00", "GBP")),
		Date:      time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
		Method:    "Credit Card",
		Target:    "123", // the customer
	}, payment.WithFirstTry()) // nobody has ever handed it over
	fmt.Println(receipt, err)
	// Output: backendpay 503: payment "till-4711" of 318.00 GBP, already recorded <nil>
}

// A field of an update is absent, null or a value, in JSON as in Go.
func ExampleField() {
	var update backendpay.PaymentUpdate
	if err := json.Unmarshal([]byte(`{"ourReference":"SDK-1","invoiceID":null}`), &update); err != nil {
		log.Fatal(err)
	}
	reference, ok := update.OurReference.Get()
	fmt.Println(reference, ok)
	fmt.Println(update.InvoiceID.IsNull(), update.PaymentMethod.IsZero())
	// Output:
	// SDK-1 true
	// true true
}
