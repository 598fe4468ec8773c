package brightpearl_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment"
)

// What is left of an authorization of 50.00, of which 30.00 was captured.
func ExampleClient_Authorization() {
	server, client := emulator()
	defer server.Close()
	ctx := context.Background()
	taken := time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC)
	base := brightpearl.CustomerPayment{
		TransactionCode: "pi_123", PaymentMethodCode: "SAGEPAY_UK", OrderID: 2003, CurrencyISOCode: "GBP", PaymentDate: taken,
	}
	auth, capture := base, base
	auth.TransactionRef, auth.PaymentType, auth.AmountAuthorized = "pi_123.AUTH", brightpearl.TypeAuth, gbp("50.00")
	auth.AuthorizationExpiry = taken.AddDate(0, 0, 7)
	capture.TransactionRef, capture.PaymentType, capture.AmountPaid = "pi_123.CAPTURE", brightpearl.TypeCapture, gbp("30.00")
	for _, p := range []brightpearl.CustomerPayment{auth, capture} {
		if _, err := client.CreateCustomerPayment(ctx, p); err != nil {
			log.Fatal(err)
		}
	}

	a, err := client.Authorization(ctx, 2003, "pi_123")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(a.Authorized, "authorized,", a.Captured, "captured,", a.Open(), "open, all:", a.IsFullyCaptured())
	// Output: 50.00 authorized, 30.00 captured, 20.00 open, all: false
}

// The payments of one day in London, in the form that package reconcile
// compares.
func ExampleClient_Records() {
	server, client := emulator()
	defer server.Close()
	ctx := context.Background()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		log.Fatal(err)
	}
	for i, at := range []time.Time{
		time.Date(2024, 6, 3, 22, 30, 0, 0, time.UTC), // 23:30 in London
		time.Date(2024, 6, 3, 23, 30, 0, 0, time.UTC), // the next day in London
	} {
		if _, err := client.CreateCustomerPayment(ctx, brightpearl.CustomerPayment{
			TransactionRef: fmt.Sprintf("till-%d", i+1), PaymentMethodCode: "SAGEPAY_UK", PaymentType: brightpearl.TypeReceipt,
			OrderID: 2002, CurrencyISOCode: "GBP", AmountPaid: gbp("10.40"), PaymentDate: at,
		}); err != nil {
			log.Fatal(err)
		}
	}

	day := payment.Date{Year: 2024, Month: time.June, Day: 3}
	period := brightpearl.Days(day, day, london)
	fmt.Println(period, period.IsZero())
	for r, err := range client.Records(ctx, brightpearl.CustomerPaymentFilter{PaymentDate: period}, london) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(r.Date, r.Kind, r.Reference, r.Amount, r.Source)
	}
	// Output:
	// 2024-06-03T00:00:00+01:00/2024-06-03T23:59:59+01:00 false
	// 2024-06-03 sale till-1 10.40 GBP payment 100, journal 1000
}

// Sets of ids are sent in ascending order.
func ExampleIDs() {
	set := append(brightpearl.IDs(300, 8), brightpearl.IDRange{From: 100, To: 200})
	fmt.Println(set, set.Contains(150), set.Contains(9))
	// Output: 8,100-200,300 true false
}

// What is sent for a payment. As JSON of its own, for logs, it is a label.
func ExampleCustomerPayment_Body() {
	at := time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC)
	received := brightpearl.CustomerPayment{
		TransactionRef: "till-1", PaymentMethodCode: "SAGEPAY_UK", PaymentType: brightpearl.TypeReceipt,
		OrderID: 2002, CurrencyISOCode: "GBP", AmountPaid: gbp("10.40"), PaymentDate: at, JournalRef: "Jane Doe",
	}
	fmt.Println(received)
	body, err := received.Body()
	fmt.Println(string(body), err)

	paid := brightpearl.SupplierPayment{
		TransactionRef: "bacs-1", PaymentMethodCode: "BACS", PaymentType: brightpearl.TypePayment,
		OrderID: 1234, CurrencyISOCode: "GBP", AmountPaid: gbp("50.00"), PaymentDate: at,
	}
	fmt.Println(paid)
	body, err = paid.Body()
	fmt.Println(string(body), err)
	// Output:
	// RECEIPT "till-1" of 10.40 GBP on order 2002
	// {"transactionRef":"till-1","paymentMethodCode":"SAGEPAY_UK","paymentType":"RECEIPT","orderId":2002,"currencyIsoCode":"GBP","amountPaid":10.40,"paymentDate":"2024-12-03T18:30:00+00:00","journalRef":"Jane Doe"} <nil>
	// supplier PAYMENT "bacs-1" of 50.00 GBP on order 1234
	// {"transactionRef":"bacs-1","paymentMethodCode":"BACS","paymentType":"PAYMENT","orderId":1234,"currencyIsoCode":"GBP","amountPaid":50.00,"paymentDate":"2024-12-03T18:30:00+00:00"} <nil>
}
