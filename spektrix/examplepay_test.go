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
	for p, err := range client.CustomPayments(context.Background(), basketID) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(p.Name, p.Amount, p.Attributes[0].Value)
	}
	// Output:
	// EPOS System 10.4
	// EPOS System 10.4 ABC_123
}

// tillOf returns a recorder whose payments can be found again.
func tillOf(client *spektrix.Client) *spektrix.Recorder {
	return client.Recorder(spektrix.RecorderOptions{PaymentTypeID: spektrixtest.TypeEPOSSystem, ReferenceAttribute: "Reference"})
}

// The answer to the second payment is lost. It is looked up by its reference,
// and nothing is posted twice.
func ExampleRecorder_Settle() {
	emulator := spektrixtest.New()
	defer emulator.Close()
	client, basketID := filled(emulator)
	emulator.Faults().On(emulator.Is(spektrixtest.OpAddCustomPayment), paymenttest.Pass(), paymenttest.DropAfter())

	settlement, err := tillOf(client).Settle(context.Background(), basketID,
		[]payment.Payment{taken("till-4/1001", "20.40"), taken("till-4/1002", "18.10")},
		payment.WithStore(payment.NewMemoryStore()), payment.WithFirstTry())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(settlement, settlement.Paid, "of", settlement.Total)
	fmt.Println(len(emulator.Payments(basketID)), "payments in the basket")
	// Output:
	// settlement: 2 posted 38.50 of 38.5
	// 2 payments in the basket
}

func ExampleClient_Confirm() {
	client, basketID, done := start()
	defer done()
	ctx := context.Background()
	store := payment.WithStore(payment.NewMemoryStore())
	settlement, err := tillOf(client).Settle(ctx, basketID, []payment.Payment{taken("till-4/1001", "38.50")}, store, payment.WithFirstTry())
	if err != nil {
		log.Fatal(err)
	}
	order, err := client.Confirm(ctx, basketID, spektrix.Confirmation{Settlement: &settlement}, store, payment.WithFirstTry())
	if err != nil {
		log.Fatal(err)
	}
	again, err := client.Confirm(ctx, basketID, spektrix.Confirmation{Settlement: &settlement}, store)
	fmt.Println(order.ID != basketID, order.ID == again.ID, err)
	// Output: true true <nil>
}

func ExampleClient_Order() {
	client, basketID, done := start()
	defer done()
	ctx := context.Background()
	if _, err := tillOf(client).Settle(ctx, basketID, []payment.Payment{taken("till-4/1001", "38.50")}, payment.WithFirstTry()); err != nil {
		log.Fatal(err)
	}
	confirmed, err := client.Confirm(ctx, basketID, spektrix.Confirmation{}, payment.WithFirstTry())
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
	p := taken("till-4/1001", "38.50")
	p.Target = basketID
	receipt, err := payment.Once(context.Background(), tillOf(client), p, payment.WithFirstTry())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(receipt.Vendor, receipt.Reference, receipt.Amount)
	// Output: spektrix till-4/1001 38.5 GBP
}

// A program can ask at its start whether its payment type is fit for use.
func ExampleClient_CheckPaymentType() {
	client, _, done := start()
	defer done()
	err := client.CheckPaymentType(context.Background(), spektrixtest.TypeQuickDonation, "Reference")
	fmt.Println(errors.Is(err, payment.ErrInvalid), err)
	// Output: true spektrix: CheckPaymentType: attributes[0]: "Reference" is not defined for the payment type "Quick Donation", which has "Reference number"
}

// What payment.Once does with a Recorder, step by step: prepare, look, write.
func ExampleRecorder_Record() {
	client, basketID, done := start()
	defer done()
	ctx, recorder := context.Background(), tillOf(client)
	fmt.Println(recorder.Account().Vendor, recorder.Account().Tenant != "")

	p := taken("till-4/1001", "38.50")
	p.Target = basketID
	p, err := recorder.Prepare(ctx, p)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("by type:", p.Method == spektrixtest.TypeEPOSSystem)
	attempt := payment.NewAttempt(nil, func(context.Context, []byte) error {
		fmt.Println("about to write")
		return nil
	})
	found, err := recorder.Find(ctx, p, attempt)
	fmt.Println(len(found), err)
	receipt, err := recorder.Record(ctx, p, attempt)
	fmt.Println(receipt.Reference, receipt.Amount, err)
	found, err = recorder.Find(ctx, p, attempt)
	fmt.Println(len(found), err)
	// Output:
	// spektrix true
	// by type: true
	// 0 <nil>
	// about to write
	// till-4/1001 38.5 GBP <nil>
	// 1 <nil>
}

// Payments that do not balance the basket are refused before one is sent.
func ExampleSettlement_Complete() {
	client, basketID, done := start()
	defer done()
	ctx, recorder := context.Background(), tillOf(client)

	settlement, err := recorder.Settle(ctx, basketID, []payment.Payment{taken("till-4/1001", "30.00")}, payment.WithFirstTry())
	fmt.Println(settlement.Complete(), err)
	settlement, err = recorder.Settle(ctx, basketID,
		[]payment.Payment{taken("till-4/1001", "30.00"), taken("till-4/1002", "8.50")}, payment.WithFirstTry())
	fmt.Println(settlement.Complete(), err)
	// Output:
	// false spektrix: Settle: payments: add up to 30.00 with what stands in the basket, whose total is 38.5
	// true <nil>
}

// A worker of a queue confirms baskets as it records payments.
func ExampleClient_Confirmer() {
	client, basketID, done := start()
	defer done()
	ctx := context.Background()
	settlement, err := tillOf(client).Settle(ctx, basketID, []payment.Payment{taken("till-4/1001", "38.50")}, payment.WithFirstTry())
	if err != nil {
		log.Fatal(err)
	}

	confirm := taken(basketID, "0.00")
	confirm.Target, confirm.Attributes = basketID, nil
	receipt, err := payment.Once(ctx, client.Confirmer(spektrix.Confirmation{Settlement: &settlement}), confirm, payment.WithFirstTry())
	fmt.Println(receipt.ID != "", receipt.Reference == basketID, err)
	// Output: true true <nil>
}
