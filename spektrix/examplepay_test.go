package spektrix_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

func ExampleClient_AddCustomPayment() {
	client, basketID, done := start()
	defer done()
	added, err := client.AddCustomPayment(context.Background(), basketID, spektrix.NewCustomPayment{
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
		spektrix.NewCustomPayment{PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: pounds("20.40")},
		spektrix.NewCustomPayment{
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
		spektrix.NewCustomPayment{PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: pounds("20.40")},
		spektrix.NewCustomPayment{PaymentTypeID: spektrixtest.TypeQuickDonation, Amount: pounds("18.10")})
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
	_, err := client.Settle(ctx, basketID, spektrix.NewCustomPayment{PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: pounds("38.50")})
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
	_, err := client.Settle(ctx, basketID, spektrix.NewCustomPayment{PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: pounds("38.50")})
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
