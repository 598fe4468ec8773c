package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/examples/internal/environ"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// vendor is a vendor that -to names.
type vendor struct {
	name        string
	environment []variable // the first one selects a real account
	open        func(environment, payment.Currency, ...tenderkit.Option) (*destination, error)
	emulate     func(payment.Currency, ...tenderkit.Option) (*destination, error)
}

type (
	variable    struct{ name, meaning string }
	environment func(name string) string
)

// variables returns the names of the vendor's environment.
func (v vendor) variables() (names []string) {
	for _, e := range v.environment {
		names = append(names, e.name)
	}
	return names
}

func vendors() []vendor {
	return []vendor{toBrightpearl, toSpektrix, toRubi, toBackendpay}
}

// destination is where payments go. Its functions do what differs from vendor
// to vendor, apart from the recording itself.
type destination struct {
	name     string // what a user should know before anything happens
	emulated bool
	recorder payment.Recorder

	// resolve returns the vendor's id of the till's order.
	resolve func(ctx context.Context, order string) (target string, err error)
	// adapt changes a payment to the vendor's methods and attributes. It returns
	// the method as a person knows it.
	adapt func(ctx context.Context, p *payment.Payment, kind salesdata.PaymentType) (method string, err error)
	// leaveOut looks at an order at the vendor before its first payment is
	// written. It returns a reason if the order has to be left out. A vendor that
	// takesAll never has one.
	takesAll bool
	leaveOut func(ctx context.Context, target string, payments []payment.Payment) (reason string, err error)
	// finish ends an order and fills in what the vendor has of it.
	finish func(ctx context.Context, o *order, once []payment.OnceOption) error
	// readBack does the same for many orders at once, at most batch of them.
	readBack func(ctx context.Context, orders []*order) error
	batch    int

	close func()
}

// openDestination opens the account that the environment names. Without one, or
// without a document, it starts an emulator.
func openDestination(set settings, env environment, opts ...tenderkit.Option) (*destination, error) {
	all := vendors()
	i := slices.IndexFunc(all, func(v vendor) bool { return v.name == set.to })
	if i < 0 {
		var names []string
		for _, v := range all {
			names = append(names, v.name)
		}
		slices.Sort(names)
		return nil, fmt.Errorf("-to %q is not one of %s", set.to, strings.Join(names, ", "))
	}
	v := all[i]
	opts = append(opts, tenderkit.WithUserAgent("tenderkit-record"))
	account := v.environment[0].name
	if set.file != "" {
		if env(account) != "" {
			return openReal(v, set, env, opts)
		}
		if err := environ.Check(env, v.variables()...); err != nil {
			return nil, err
		}
	}
	d, err := v.emulate(set.currency, opts...)
	if err != nil {
		return nil, err
	}
	d.emulated = true
	if env(account) != "" {
		d.name += ", because the sample is recorded in no real account: that needs -file"
	} else {
		d.name += ". Set " + account + " and the variables that -h lists, and -file, to use a real account"
	}
	return d, nil
}

// openReal opens a real account. One without a name of its own could not be kept
// in a store.
func openReal(v vendor, set settings, env environment, opts []tenderkit.Option) (*destination, error) {
	d, err := v.open(env, set.currency, opts...)
	if err != nil {
		return nil, err
	}
	if err := d.recorder.Account().Validate(); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// sameName returns the order itself: it is the vendor's id already.
func sameName(_ context.Context, order string) (string, error) { return order, nil }

// sum adds up payments in one currency and subtracts refunds.
func sum(list []payment.Payment) (payment.Money, error) {
	total := payment.Money{}
	for i, p := range list {
		if i == 0 {
			total = signed(p)
			continue
		}
		var err error
		if total, err = total.Add(signed(p)); err != nil {
			return total, err
		}
	}
	return total, nil
}

// signed returns the amount of a payment, negative if it is money back.
func signed(p payment.Payment) payment.Money {
	if p.Kind == payment.Refund {
		return p.Amount.Neg()
	}
	return p.Amount
}
