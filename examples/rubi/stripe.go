package main

import "github.com/tenderkit/tenderkit/rubi"

// charger charges the card of a checkout. It returns a charge without an id if
// the card has not been charged yet.
type charger func(rubi.Checkout) (rubi.StripePayment, error)

// simulate replaces Stripe and charges nothing. A program of your own makes a
// PaymentIntent of this amount here. It sends the TransactionID as metadata, so
// that people can match the two, and as Stripe's Idempotency-Key, so that a run
// that is repeated after the charge receives the same charge and not a second
// one.
func simulate(co rubi.Checkout) (rubi.StripePayment, error) {
	amount, err := co.StripeAmount()
	return rubi.StripePayment{ID: "pi_simulated_" + co.TransactionID, Status: rubi.Succeeded, Amount: amount}, err
}
