package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

// site is an installation, and the contact who pays there.
type site struct {
	name     string // differs from installation to installation and holds no credentials
	hint     string
	client   *rubi.Client
	currency payment.Currency
	contact  rubi.UserPayment
	charge   charger
	fill     func(context.Context, rubi.PaymentType) error // puts something into the basket
	kept     *store.Store
	once     []payment.OnceOption // how a payment is handed over
	close    func()
}

// open opens the installation that the environment names, or an emulator.
func open(ctx context.Context, getenv func(string) string, set settings) (*site, error) {
	config := rubi.Config{
		APIKey: tenderkit.Secret(getenv("RUBI_API_KEY")), BaseURL: getenv("RUBI_BASE_URL"), Tenant: getenv("RUBI_TENANT"), Currency: set.currency,
	}
	if config.APIKey == "" {
		return emulated(set)
	}
	if config.Tenant == "" {
		return nil, errors.New("RUBI_TENANT is needed with a real installation: a name of your own for the client organisation, which never changes")
	}
	if set.by == "" || set.contact == "" || set.reference == "" {
		return nil, errors.New("-by, -contact and -reference are needed with a real installation")
	}
	var opts []outbox.Option
	if set.loopback {
		opts = append(opts, outbox.AllowLoopback())
	}
	kept, err := store.Open(ctx, set.store, opts...)
	if err != nil {
		return nil, err
	}
	s := &site{
		name:   cmp.Or(config.BaseURL, "the vendor's shared host"),
		hint:   " What is known of the checkout is kept in " + kept.Where + ".",
		kept:   kept,
		once:   set.once(kept),
		charge: func(rubi.Checkout) (rubi.StripePayment, error) { return set.stripe, nil },
		fill:   func(context.Context, rubi.PaymentType) error { return nil }, // the member has done that
		close:  func() { _ = kept.Close() },
	}
	return s.connect(config, set)
}

// once is how a payment is handed over.
func (set settings) once(kept payment.Store) []payment.OnceOption {
	opts := []payment.OnceOption{payment.WithStore(kept), payment.WithLease(set.lease), payment.WithPatience(set.looks, time.Second)}
	if set.settle > 0 {
		opts = append(opts, payment.WithSettle(set.settle))
	}
	return opts
}

// emulated starts an emulator. Its member puts something into the basket before
// each checkout.
func emulated(set settings) (*site, error) {
	server := rubitest.New()
	config := server.Config()
	config.Currency = set.currency
	kept := store.Memory()
	s := &site{
		name: "a Rubi emulator at " + server.URL, charge: simulate, close: server.Close,
		kept: kept, once: []payment.OnceOption{payment.WithStore(kept), payment.WithFirstTry()}, // the emulator is as new as the store
		hint: " Set RUBI_API_KEY to use a real installation.\nStripe is simulated too: no card is charged.",
	}
	s.fill = func(ctx context.Context, by rubi.PaymentType) error {
		if by == rubi.Confirm {
			server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: s.contact.UID, Details: "Open Evening"}) // at 0.00
			return nil
		}
		_, err := s.client.Booking(ctx, rubi.Booking{UID: s.contact.UID, EID: rubitest.SampleEID, BookingPlaces: 2})
		return err
	}
	return s.connect(config, set)
}

func (s *site) connect(config rubi.Config, set settings) (*site, error) {
	var err error
	s.currency = set.currency
	if s.contact, err = readContact(set.contact); err == nil {
		s.client, err = rubi.New(config, tenderkit.WithUserAgent("tenderkit-checkout"))
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// readContact reads the uid and address of a contact. Without a path it returns
// the emulator's sample.
func readContact(path string) (rubi.UserPayment, error) {
	contact := rubi.UserPayment{
		UID: rubitest.SampleUID, Address1: "1 High St", Address4: "Leeds", County: "West Yorkshire", Postcode: "LS1 1AA",
		Country: "United Kingdom", EmailAddress: "jo@example.org", MobCountry: "+44", Mob: "07700900000",
	}
	if path == "" {
		return contact, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return contact, err
	}
	contact = rubi.UserPayment{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields() // a misspelt name would leave a field blank
	if err := decoder.Decode(&contact); err != nil {
		return contact, fmt.Errorf("contact %s: %w", path, err)
	}
	return contact, nil
}
