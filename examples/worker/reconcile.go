package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	outboxriver "github.com/tenderkit/tenderkit/payment/outbox/river"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// afterMidnight is when the day before is compared.
const afterMidnight = 4 * time.Hour

// reconciler compares the outbox with the account, day by day, and prints what
// differs.
func (a *account) reconciler(store *outbox.Store, out io.Writer) *outboxriver.Reconciler {
	return &outboxriver.Reconciler{
		Store: store, Accounts: []payment.Account{a.recorder.Account()}, Zone: time.Local,
		Vendor: func(ctx context.Context, _ payment.Account, day payment.Date) iter.Seq2[reconcile.Record, error] {
			from := day.In(time.Local)
			period := brightpearl.Period{From: from, To: from.AddDate(0, 0, 1).Add(-time.Second)}
			return a.client.Records(ctx, brightpearl.CustomerPaymentFilter{PaymentDate: period}, time.Local)
		},
		Report: func(_ context.Context, _ payment.Account, day payment.Date, findings iter.Seq2[reconcile.Finding, error]) error {
			return report(out, day, findings)
		},
	}
}

// report prints each difference and, last, how many payments agree.
func report(out io.Writer, day payment.Date, findings iter.Seq2[reconcile.Finding, error]) error {
	matched := 0
	for f, err := range findings {
		if err != nil {
			return err
		}
		if f.Verdict == reconcile.Matched {
			matched++
			continue
		}
		if _, err := fmt.Fprintf(out, "%s: %v\n", day, f); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "%s: %s in the outbox and in the account alike\n", day, count(matched, "payment"))
	return err
}
