package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
)

// entry is a payment as the command line has it, and how it is handed over.
type entry struct {
	customer, reference, method, customerReference string
	date                                           payment.Date
	amount                                         payment.Amount
	currency                                       payment.Currency
	refund                                         bool

	store         string
	loopback      bool
	looks         int
	settle, lease time.Duration
}

// record records one payment, once. What is known of it is kept in the store,
// so the same command run again sends it again only where that is safe.
func (p *program) record(ctx context.Context, args []string) error {
	var e entry
	if err := e.parse(p.flags("record"), args); err != nil {
		return err
	}
	kept, err := p.keep(ctx, e)
	if err != nil {
		return err
	}
	defer kept.Close()
	paid, err := e.payment()
	if err != nil {
		return err
	}
	receipt, err := payment.Once(ctx, p.client.Recorder(backendpay.RecorderOptions{}), paid, p.once(e, kept)...)
	if err != nil {
		return advise(err)
	}
	state := "recorded"
	if receipt.AlreadyRecorded {
		state = "already recorded"
	}
	p.show(state, backendpay.Payment{ID: receipt.ID, OurReference: e.reference, PaymentDate: e.date, PaymentAmount: e.amount, PaymentMethod: e.method})
	return nil
}

func (e *entry) parse(flags *flag.FlagSet, args []string) error {
	flags.StringVar(&e.customer, "customer", "", "`id` of the customer")
	flags.StringVar(&e.reference, "reference", "", "your own unique reference, the same whenever the payment is handed over again")
	flags.TextVar(&e.date, "date", payment.Date{}, "day of the payment, such as 2024-11-26")
	flags.TextVar(&e.amount, "amount", payment.Amount{}, "in the customer's currency, such as 120.50")
	flags.StringVar((*string)(&e.currency), "currency", "GBP", "ISO 4217 code of the customer's currency, which the vendor does not name")
	flags.StringVar(&e.method, "method", "", "name of a payment type")
	flags.StringVar(&e.customerReference, "customer-reference", "", "the customer's own reference, printed on bills")
	flags.BoolVar(&e.refund, "refund", false, "the amount is negative: it was paid to the customer")
	flags.StringVar(&e.store, "store", store.Default, "where to keep what is known of the payment: the `path` of a SQLite file or (built with -tags postgres) a postgres:// URL")
	flags.BoolVar(&e.loopback, "loopback", false, "allow a store for an installation on this machine, such as an emulator of your own that outlives the run")
	flags.IntVar(&e.looks, "looks", 5, "how often to look for a payment whose outcome is unknown, with waits of 1 s, 2 s, 4 s and so on")
	flags.DurationVar(&e.lease, "lease", 2*time.Minute, "how long a run that was killed keeps others from the payment")
	flags.DurationVar(&e.settle, "settle", 0, "promise that a lost request that has had no effect within this time never will; it may then be sent again")
	if err := parse(flags, args, "customer", "reference", "date", "amount", "method"); err != nil {
		return err
	}
	if e.settle < 0 {
		return errors.New("-settle is negative")
	}
	return nil
}

// payment is the entry in the form that all vendors share: what is paid back is a
// refund of a positive amount.
func (e *entry) payment() (payment.Payment, error) {
	p := payment.Payment{
		Reference: e.reference, Kind: payment.Sale, Date: e.date.In(time.UTC), Method: e.method, Target: e.customer,
	}
	amount := e.amount
	if e.refund {
		p.Kind, amount = payment.Refund, amount.Neg()
	}
	if e.customerReference != "" {
		p.Attributes = []payment.Attribute{{Name: "customerReference", Value: e.customerReference}}
	}
	var err error
	p.Amount, err = payment.NewMoney(amount, e.currency)
	return p, err
}

// keep opens the store. The emulator is as new as the run, and so is its store.
func (p *program) keep(ctx context.Context, e entry) (*store.Store, error) {
	if p.emulated {
		return store.Memory(), nil
	}
	var opts []outbox.Option
	if e.loopback {
		opts = append(opts, outbox.AllowLoopback())
	}
	kept, err := store.Open(ctx, e.store, opts...)
	if err == nil {
		fmt.Fprintf(p.out, "What is known of the payment is kept in %s.\n", kept.Where)
	}
	return kept, err
}

func (p *program) once(e entry, kept *store.Store) []payment.OnceOption {
	opts := []payment.OnceOption{payment.WithStore(kept), payment.WithLease(e.lease), payment.WithPatience(e.looks, time.Second)}
	if p.emulated {
		opts = append(opts, payment.WithFirstTry())
	}
	if e.settle > 0 {
		opts = append(opts, payment.WithSettle(e.settle))
	}
	return opts
}

// advise says what a person can do about an error.
func advise(err error) error {
	switch {
	case errors.Is(err, payment.ErrOutcomeUnknown):
		return fmt.Errorf("%w\nthe payment may stand: run the same command again later; it looks for the payment first, and sends it again only with -settle", err)
	case errors.Is(err, payment.ErrConflict):
		return fmt.Errorf("%w\nlook at the payment in the billing system; if it is this one, the example record settles it with -decide", err)
	}
	return err
}
