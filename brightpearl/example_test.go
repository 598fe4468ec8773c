package brightpearl_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// emulator stands for the account: in your program, fill brightpearl.Config.
func emulator() (*brightpearltest.Server, *brightpearl.Client) {
	server := brightpearltest.New()
	client, err := brightpearl.New(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	return server, client
}

func gbp(s string) payment.Amount {
	a, err := payment.ParseAmount(s)
	if err != nil {
		log.Fatal(err)
	}
	return a
}

func ExampleClient_CreateCustomerPayment() {
	server, client := emulator()
	defer server.Close()

	id, err := client.CreateCustomerPayment(context.Background(), brightpearl.CustomerPayment{
		TransactionRef:    "till-7-receipt-4711",
		PaymentMethodCode: "SAGEPAY_UK",
		PaymentType:       brightpearl.TypeReceipt,
		OrderID:           2002,
		CurrencyISOCode:   "GBP",
		AmountPaid:        gbp("318.00"),
		PaymentDate:       time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
	})
	fmt.Println(id, err)
	// Output: 100 <nil>
}

// An authorization, its capture, and the release of the rest.
func ExampleClient_CreateCustomerPayment_authorization() {
	server, client := emulator()
	defer server.Close()
	taken := time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC)
	base := brightpearl.CustomerPayment{
		TransactionCode: "pi_123", PaymentMethodCode: "SAGEPAY_UK", OrderID: 2003, CurrencyISOCode: "GBP", PaymentDate: taken,
	}

	auth, capture, void := base, base, base
	auth.TransactionRef, auth.PaymentType, auth.AmountAuthorized = "pi_123.AUTH", brightpearl.TypeAuth, gbp("50.00")
	auth.AuthorizationExpiry = taken.AddDate(0, 0, 7)
	capture.TransactionRef, capture.PaymentType, capture.AmountPaid = "pi_123.CAPTURE", brightpearl.TypeCapture, gbp("30.00")
	void.TransactionRef, void.PaymentType, void.AmountAuthorized = "pi_123.VOID", brightpearl.TypeVoid, gbp("20.00")
	for _, p := range []brightpearl.CustomerPayment{auth, capture, void} {
		if _, err := client.CreateCustomerPayment(context.Background(), p); err != nil {
			log.Fatal(err)
		}
	}
	totals, err := all(client.SalePaymentTotals(context.Background(), 2003))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("paid", totals[0].AmountPaid, "authorized", totals[0].AmountAuthorized, "captured", totals[0].AmountCaptured)
	// Output: paid 30.00 authorized 30.00 captured 30.00
}

func ExampleClient_CustomerPayments() {
	server, client := emulator()
	defer server.Close()
	server.AddPayment(brightpearltest.Payment{
		TransactionRef: "till-1", PaymentMethodCode: "CASH", PaymentType: "RECEIPT", OrderID: 2002, CurrencyISOCode: "GBP",
		AmountPaid: gbp("10.40"), AmountAuthorized: gbp("0.00"), PaymentDate: time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
	})

	filter := brightpearl.CustomerPaymentFilter{OrderID: 2002}
	for p, err := range client.CustomerPayments(context.Background(), filter) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(p.PaymentID, p.TransactionRef, p.PaymentType, p.AmountPaid, p.CurrencyCode)
		fmt.Println(p)
	}
	// Output:
	// 100 till-1 RECEIPT 10.40 GBP
	// payment 100: RECEIPT "till-1" of 10.40 GBP on order 2002
}

// An answer was lost: is the payment recorded?
func ExampleFoundPayment_Matches() {
	server, client := emulator()
	defer server.Close()
	p := brightpearl.CustomerPayment{
		TransactionRef: "till-1", PaymentMethodCode: "SAGEPAY_UK", PaymentType: brightpearl.TypeReceipt, OrderID: 2002,
		CurrencyISOCode: "GBP", AmountPaid: gbp("10.40"), PaymentDate: time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
	}
	server.Faults().Next(paymenttest.DropAfter())
	_, err := client.CreateCustomerPayment(context.Background(), p)
	fmt.Println(errors.Is(err, payment.ErrOutcomeUnknown))

	for found, err := range client.CustomerPayments(context.Background(), brightpearl.CustomerPaymentFilter{OrderID: p.OrderID}) {
		if err != nil {
			log.Fatal(err)
		}
		if found.Matches(p) {
			fmt.Println("recorded as", found.PaymentID)
		}
	}
	// Output:
	// true
	// recorded as 100
}

func ExampleClient_DeleteCustomerPayment() {
	server, client := emulator()
	defer server.Close()
	id := server.AddPayment(brightpearltest.Payment{TransactionRef: "by mistake", OrderID: 2002, AmountPaid: gbp("1.00")})

	fmt.Println(client.DeleteCustomerPayment(context.Background(), id))
	fmt.Println(errors.Is(client.DeleteCustomerPayment(context.Background(), 99), payment.ErrNotFound))
	// Output:
	// <nil>
	// true
}

func ExampleClient_SalePaymentTotals() {
	server, client := emulator()
	defer server.Close()

	totals, err := all(client.SalePaymentTotals(context.Background(), 56, 57))
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range totals {
		fmt.Println(t.OrderID, t.AmountPaid)
	}
	// Output:
	// 56 0.00
	// 57 0.00
}

func ExampleClient_PaymentMethods() {
	server, client := emulator()
	defer server.Close()

	methods, err := all(client.PaymentMethods(context.Background()))
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range methods {
		fmt.Println(m.Code, m.BankAccounts[0].CurrencyISOCode)
	}
	// Output:
	// SAGEPAY_UK GBP
	// SAGEPAY_US USD
}

func ExampleClient_PaymentMethod() {
	server, client := emulator()
	defer server.Close()

	method, err := client.PaymentMethod(context.Background(), 1)
	fmt.Println(method.Name, err)
	// Output: Sage Pay UK <nil>
}

func ExampleClient_CreateSupplierPayment() {
	server, client := emulator()
	defer server.Close()

	id, err := client.CreateSupplierPayment(context.Background(), brightpearl.SupplierPayment{
		TransactionRef:    "bacs-2024-12-03-1",
		PaymentMethodCode: "BACS",
		PaymentType:       brightpearl.TypePayment,
		OrderID:           1234,
		CurrencyISOCode:   "GBP",
		AmountPaid:        gbp("50.00"),
		PaymentDate:       time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
	})
	fmt.Println(id, err)
	// Output: 200 <nil>
}

func ExampleClient_SupplierPayments() {
	server, client := emulator()
	defer server.Close()

	n := 0
	for _, err := range client.SupplierPayments(context.Background(), brightpearl.SupplierPaymentFilter{OrderID: 1234}) {
		if err != nil {
			log.Fatal(err)
		}
		n++
	}
	fmt.Println(n)
	// Output: 0
}

// The answer is lost after the payment was recorded. Once finds it.
func ExampleClient_Recorder() {
	server, client := emulator()
	defer server.Close()
	server.Faults().On(server.Is(brightpearltest.OpCreateCustomerPayment), paymenttest.DropAfter())

	amount, err := payment.ParseMoney("318.00", "GBP")
	if err != nil {
		log.Fatal(err)
	}
	receipt, err := payment.Once(context.Background(), client.Recorder(brightpearl.RecorderOptions{}), payment.Payment{
		Reference: "till-7-receipt-4711",
		Kind:      payment.Sale,
		Amount:    amount,
		Date:      time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
		Method:    "SAGEPAY_UK",
		Target:    "2002",
	}, payment.WithFirstTry()) // nobody has handed it over before
	fmt.Println(receipt, err)
	fmt.Println(len(server.Payments()), "payment at the vendor")
	// Output:
	// brightpearl 100: payment "till-7-receipt-4711" of 318.00 GBP, already recorded <nil>
	// 1 payment at the vendor
}
