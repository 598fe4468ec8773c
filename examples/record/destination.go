package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// destination is where payments go. The four functions hold what differs from
// vendor to vendor beyond the writing itself.
type destination struct {
	vendor   string
	note     string // what a user should know before anything happens
	recorder payment.Recorder

	// resolve gives the vendor's id of what the till calls by its own name.
	resolve func(ctx context.Context, order string) (target string, err error)
	// adapt says in the vendor's words how a payment was paid.
	adapt func(p *payment.Payment, kind salesdata.PaymentType) error
	// leaveOut looks at the vendor's side of an order before its first payment
	// is written; a reason leaves the order out.
	leaveOut func(ctx context.Context, target string, payments []payment.Payment) (reason string, err error)
	// finish ends an order and tells what the vendor has. Whole is false if some
	// of its payments are not surely recorded.
	finish func(ctx context.Context, target string, whole bool) (string, error)
	close  func()
}

// openers are the vendors by the name that -to takes.
func openers() map[string]func(getenv func(string) string, currency payment.Currency) (*destination, error) {
	return map[string]func(func(string) string, payment.Currency) (*destination, error){
		"brightpearl": openBrightpearl,
		"spektrix":    openSpektrix,
		"rubi":        openRubi,
		"backendpay":  openBackendpay,
	}
}

func openDestination(to string, getenv func(string) string, currency payment.Currency) (*destination, error) {
	open, ok := openers()[to]
	if !ok {
		var names []string
		for name := range openers() {
			names = append(names, name)
		}
		slices.Sort(names)
		return nil, fmt.Errorf("-to %q is not one of %s", to, strings.Join(names, ", "))
	}
	return open(getenv, currency)
}

// sameName is for vendors whose ids the till, or its user's list, knows.
func sameName(_ context.Context, order string) (string, error) { return order, nil }

// nothingLeftOut is for vendors that take a payment for anything.
func nothingLeftOut(context.Context, string, []payment.Payment) (string, error) { return "", nil }

// sum adds up payments of one currency; refunds count against it.
func sum(list []payment.Payment) (payment.Money, error) {
	total := payment.Money{}
	for i, p := range list {
		amount := p.Amount
		if p.Kind == payment.Refund {
			amount = amount.Neg()
		}
		if i == 0 {
			total = amount
			continue
		}
		var err error
		if total, err = total.Add(amount); err != nil {
			return total, err
		}
	}
	return total, nil
}
