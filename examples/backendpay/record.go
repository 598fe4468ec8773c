package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/payment"
)

// record records one payment, once.
func (p *program) record(ctx context.Context, args []string) error {
	var customer string
	n := backendpay.NewPayment{CheckReference: true} // it is unknown whether the vendor refuses a reference that is in use
	flags := p.flags("record")
	flags.StringVar(&customer, "customer", "", "`id` of the customer")
	flags.StringVar(&n.OurReference, "reference", "", "your own unique reference, by which the payment can be found")
	flags.TextVar(&n.PaymentDate, "date", payment.Date{}, "day of the payment, such as 2024-11-26")
	flags.TextVar(&n.PaymentAmount, "amount", payment.Amount{}, "in the customer's currency, such as 120.50")
	flags.StringVar(&n.PaymentMethod, "method", "", "name of a payment type")
	flags.StringVar(&n.CustomerReference, "customer-reference", "", "the customer's own reference, printed on bills")
	flags.BoolVar(&n.Refund, "refund", false, "the amount is negative: it was paid to the customer")
	if err := parse(flags, args, "customer", "reference", "date", "amount", "method"); err != nil {
		return err
	}
	made, err := p.client.CreatePayment(ctx, customer, n)
	state := "recorded"
	switch {
	case errors.Is(err, payment.ErrOutcomeUnknown):
		state = "recorded, the answer was lost"
		made, err = p.find(ctx, customer, n, err)
	case errors.Is(err, payment.ErrConflict): // the reference is in use: by the same payment?
		state = "already recorded"
		made, err = p.client.FindPayment(ctx, customer, n)
	}
	if err != nil {
		return err
	}
	p.show(state, made)
	return nil
}

// find looks for a payment whose answer was lost. If there is none, the request
// may still be on its way: to send it again now could record it twice.
func (p *program) find(ctx context.Context, customer string, n backendpay.NewPayment, lost error) (backendpay.Payment, error) {
	made, err := p.client.FindPayment(ctx, customer, n)
	if err != nil {
		return backendpay.Payment{}, fmt.Errorf("%w\nand not found: %w\nrun the command again when the lost request cannot arrive any more; it looks for the payment first", lost, err)
	}
	return made, nil
}

// correct changes the fields whose flags are set. If the answer is lost, the
// client reads the payment back. The same correction may be sent twice.
func (p *program) correct(ctx context.Context, args []string) error {
	var id string
	var u backendpay.PaymentUpdate
	flags := p.flags("correct")
	flags.StringVar(&id, "id", "", "`id` of the payment")
	flags.Func("reference", "your own reference", set(&u.OurReference, text))
	flags.Func("date", "day of the payment", set(&u.PaymentDate, payment.ParseDate))
	flags.Func("amount", "in the customer's currency", set(&u.PaymentAmount, payment.ParseAmount))
	flags.Func("method", "name of a payment type", set(&u.PaymentMethod, text))
	flags.Func("customer-reference", "the customer's own reference", set(&u.CustomerReference, text))
	flags.BoolVar(&u.Refund, "refund", false, "the amount is negative")
	if err := parse(flags, args, "id"); err != nil {
		return err
	}
	changed, err := p.client.UpdatePayment(ctx, id, u)
	if err != nil {
		return err
	}
	p.show("corrected", changed)
	return nil
}

// set returns a flag's function that sets a field of an update. A field whose
// flag is not set is not sent.
func set[T any](field *backendpay.Field[T], parse func(string) (T, error)) func(string) error {
	return func(s string) error {
		v, err := parse(s)
		*field = backendpay.Value(v)
		return err
	}
}

func text(s string) (string, error) { return s, nil }
