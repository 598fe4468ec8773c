package main

import "github.com/tenderkit/tenderkit/rubi"

// charger takes the money for a card checkout. A charge without an id is one
// that has not been made yet.
type charger func(rubi.Checkout) (rubi.StripePayment, error)

// simulate stands in for Stripe and takes no money. A program of your own makes
// a PaymentIntent over amount here, with the TransactionID as metadata, so that
// people can match the two, and as Stripe's Idempotency-Key: a run that is
// repeated because it was killed after the charge then gets the same charge
// back, not a second one.
func simulate(co rubi.Checkout) (rubi.StripePayment, error) {
	amount, err := co.StripeAmount()
	return rubi.StripePayment{ID: "pi_simulated_" + co.TransactionID, Status: rubi.Succeeded, Amount: amount}, err
}
