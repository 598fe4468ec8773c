package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
)

const sampleCurrency = "NOK" // of the customer in the vendor's examples

// openDemo compares the sample's day with an emulator of Brightpearl.
func openDemo(ctx context.Context, set *settings) (p *pair, err error) {
	day := payment.Date{Year: 2024, Month: time.December, Day: 3}
	set.currency, set.from, set.to = sampleCurrency, day, day
	p = &pair{store: payment.NewMemoryStore(), patience: []payment.OnceOption{payment.WithPatience(2, 10*time.Millisecond)}}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if set.store != "" {
		opened, err := store.Open(ctx, set.store, outbox.AllowLoopback())
		if err != nil {
			return p, err
		}
		p.store, p.closers = opened, append(p.closers, opened.Close)
	}
	sample := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(sampleDay)), nil }
	if p.left, err = newTill(sample, "day.json", *set); err != nil {
		return p, err
	}
	server := newEmulator()
	p.closers = append(p.closers, func() error { server.Close(); return nil })
	client, err := brightpearl.New(server.Config())
	if err != nil {
		return p, err
	}
	p.right = brightpearlSide(client, "an emulator of Brightpearl", *set)
	return p, p.spoil(ctx, server)
}

func newEmulator() *brightpearltest.Server {
	server := brightpearltest.New(brightpearltest.WithCurrencies(sampleCurrency), brightpearltest.WithThrottle(1e6, time.Minute))
	for _, code := range []string{"CASH", "CARD", "VIPPS", "GIFTCARD", "INVOICE"} {
		server.AddPaymentMethod(brightpearltest.PaymentMethod{
			Name: code, Code: code, BankAccounts: []brightpearltest.BankAccount{{Currency: sampleCurrency, NominalCode: "1200"}},
		})
	}
	return server
}

// spoil records the sample's payments in the emulator, and does to three of them
// what happens to payments: one is lost on its way, one is there twice, and one
// has two digits the wrong way round.
func (p *pair) spoil(ctx context.Context, server *brightpearltest.Server) error {
	const lost, changed, doubled = 2, 4, 6
	n := -1
	for sale, err := range p.left.payments(ctx) {
		if n++; n == lost && err == nil {
			continue
		}
		if n == changed && err == nil {
			sale.Amount, err = payment.ParseMoney("204.50", sampleCurrency)
		}
		if err == nil {
			_, err = payment.Once(ctx, p.right.recorder, sale, payment.WithFirstTry())
		}
		if err != nil {
			return err
		}
		if n == doubled {
			recorded := server.Payments()
			server.AddPayment(recorded[len(recorded)-1])
		}
	}
	return nil
}
