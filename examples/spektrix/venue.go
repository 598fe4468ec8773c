package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// venue is where tickets are sold.
type venue struct {
	name   string // differs from system to system and holds no credentials
	hint   string
	client *spektrix.Client
	set    settings
	kept   *store.Store
	once   []payment.OnceOption // how a payment is handed over
	close  func()
}

// open opens the system that the environment names, or an emulator.
func open(ctx context.Context, getenv func(string) string, set settings) (*venue, error) {
	config := spektrix.Config{
		ClientName: getenv("SPEKTRIX_CLIENT_NAME"),
		Login:      getenv("SPEKTRIX_LOGIN"),
		Secret:     tenderkit.Secret(getenv("SPEKTRIX_SECRET")),
		BaseURL:    getenv("SPEKTRIX_BASE_URL"),
		Currency:   set.currency,
	}
	if config.ClientName == "" {
		return emulated(set)
	}
	if err := set.check(); err != nil {
		return nil, err
	}
	var opts []outbox.Option
	if set.loopback {
		opts = append(opts, outbox.AllowLoopback())
	}
	kept, err := store.Open(ctx, set.store, opts...)
	if err != nil {
		return nil, err
	}
	v := &venue{
		name: config.ClientName, hint: " What is known of the sale is kept in " + kept.Where + ".", set: set,
		kept: kept, once: []payment.OnceOption{payment.WithStore(kept), payment.WithLease(set.lease), payment.WithPatience(set.looks, time.Second)}, close: func() { _ = kept.Close() },
	}
	if config.BaseURL != "" {
		v.name += " at " + config.BaseURL
	}
	return v.connect(config)
}

// check requires everything that is the venue's own. An id of the emulator, or
// of another venue, would mean something else here.
func (set settings) check() error {
	for _, needed := range [][2]string{
		{"currency", string(set.currency)}, {"instance", set.instance}, {"ticket", set.ticket}, {"plan", set.plan},
		{"sale", set.sale}, {"card", set.card.paymentType}, {"voucher", set.voucher.paymentType}, {"voucher-amount", set.voucherAmount.String()},
	} {
		if needed[1] == "" {
			return fmt.Errorf("-%s is needed with a real system", needed[0])
		}
	}
	return nil
}

// emulated starts an emulator. Its samples replace the settings that are not set.
func emulated(set settings) (*venue, error) {
	server := spektrixtest.New()
	config := server.Config()
	config.Currency = cmp.Or(set.currency, config.Currency)
	set.currency = config.Currency
	set.instance = cmp.Or(set.instance, spektrixtest.InstanceMatinee)
	set.ticket = cmp.Or(set.ticket, spektrixtest.TicketAdult)
	set.plan = cmp.Or(set.plan, spektrixtest.PlanStalls)
	set.card = set.card.or(spektrixtest.TypeEPOSSystem, "Receipt Number", "R-1001")
	set.voucher = set.voucher.or(spektrixtest.TypeVoucher, "Voucher code", "V-7788")
	if !set.voucherAmount.IsSet() {
		set.voucherAmount, _ = payment.ParseAmount("18.00")
	}
	set.sale = cmp.Or(set.sale, "sample")
	kept := store.Memory()
	v := &venue{
		name: "a Spektrix emulator at " + server.URL, set: set, close: server.Close, kept: kept,
		once: []payment.OnceOption{payment.WithStore(kept), payment.WithFirstTry()}, // the emulator is as new as the store
		hint: " Set SPEKTRIX_CLIENT_NAME and the settings beside it to use a real system.",
	}
	return v.connect(config)
}

// or returns the tender, or the sample if the tender has no type. The sample
// attribute is used if the tender has no attributes.
func (t tender) or(paymentType, name, value string) tender {
	if t.paymentType != "" {
		return t
	}
	if t.attributes == nil {
		t.attributes = []payment.Attribute{{Name: name, Value: value}}
	}
	return tender{paymentType, t.attributes}
}

func (v *venue) connect(config spektrix.Config) (*venue, error) {
	var err error
	if v.client, err = spektrix.New(config, tenderkit.WithUserAgent("tenderkit-sell")); err != nil {
		v.close()
		return nil, err
	}
	return v, nil
}
