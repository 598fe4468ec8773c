package main

import (
	"context"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/payment"
)

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
