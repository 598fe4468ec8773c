// Command quickstart records one payment in an emulator of Brightpearl. The
// answer is lost, the payment is found, and the ledger holds it once.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func main() {
	if err := record(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func record(ctx context.Context, out io.Writer) error {
	server := brightpearltest.New()
	defer server.Close()
	server.AddPaymentMethod(brightpearltest.PaymentMethod{Code: "CARD"})
	client, err := brightpearl.New(server.Config()) // of your own account: brightpearl.Config{…}
	if err != nil {
		return err
	}
	amount, err := payment.ParseMoney("318.00", "GBP")
	if err != nil {
		return err
	}
	server.Faults().On(server.Is(brightpearltest.OpCreateCustomerPayment), paymenttest.DropAfter())
	receipt, err := payment.Once(ctx, client.Recorder(brightpearl.RecorderOptions{}), payment.Payment{
		Reference: "till-7-receipt-4711", Kind: payment.Sale, Amount: amount, Method: "CARD",
		Date: time.Date(2026, time.November, 28, 18, 30, 0, 0, time.UTC), Target: "2002", // the order
	}, payment.WithFirstTry()) // no program has handed it over before: package outbox remembers that across runs
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "recorded as %s: %v; found after a lost answer: %t\n", receipt.ID, receipt.Amount, receipt.AlreadyRecorded)
	fmt.Fprintf(out, "payments in the ledger: %d\n", len(server.Payments()))
	return nil
}
