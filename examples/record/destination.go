package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// destination is where payments go. Its functions do what differs from vendor
// to vendor, apart from the recording itself.
type destination struct {
	vendor   string
	note     string // what a user should know before anything happens
	recorder payment.Recorder

	// resolve returns the vendor's id of the till's order.
	resolve func(ctx context.Context, order string) (target string, err error)
	// adapt changes a payment to the vendor's methods and attributes.
	adapt func(p *payment.Payment, kind salesdata.PaymentType) error
	// leaveOut looks at an order at the vendor before its first payment is
	// written. It returns a reason if the order has to be left out.
	leaveOut func(ctx context.Context, target string, payments []payment.Payment) (reason string, err error)
	// finish ends an order and returns what the vendor has of it. Whole reports
	// whether all its payments are known to be recorded.
	finish func(ctx context.Context, target string, whole bool) (string, error)
	close  func()
}

// openers returns the vendors by the names of -to.
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

// sameName returns the order itself: it is the vendor's id already.
func sameName(_ context.Context, order string) (string, error) { return order, nil }

// nothingLeftOut leaves no order out.
func nothingLeftOut(context.Context, string, []payment.Payment) (string, error) { return "", nil }

// sum adds up payments in one currency and subtracts refunds.
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
