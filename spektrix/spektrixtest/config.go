package spektrixtest

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

// What an emulator without options knows, and the name of a system that the
// vendor names publicly. The secret is the bytes 0x00 to 0x3f.
const (
	SampleClientName = "apitesting"
	SampleLogin      = "TestLogin"
	SampleSecret     = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="
)

// Option says who the emulator's venue is, or how its vendor behaves.
type Option func(*settings)

// settings never change once the emulator runs.
type settings struct {
	facts      Facts
	clientName string
	login      string
	secret     string
	key        []byte // empty: no signature is right
	clock      func() time.Time
	currency   payment.Currency
	commission payment.Amount
}

func newSettings(opts []Option) *settings {
	set := &settings{
		clientName: SampleClientName + "-" + strings.ToLower(rand.Text()[:12]),
		login:      SampleLogin,
		secret:     SampleSecret,
		clock:      time.Now,
		currency:   "GBP",
		commission: amount("1.50"),
	}
	for _, opt := range opts {
		opt(set)
	}
	if set.facts.DateWindow == 0 {
		set.facts.DateWindow = 5 * time.Minute
	}
	if key, err := base64.StdEncoding.DecodeString(set.secret); err == nil {
		set.key = key
	}
	return set
}

// WithFacts sets how the vendor behaves where the documentation is silent.
func WithFacts(f Facts) Option { return func(s *settings) { s.facts = f } }

// WithClientName sets the first segment of every path. By default no other
// emulator has the same name, in this run or another, so that nobody takes the
// payments of one for those of another. It is compared exactly; what the vendor
// makes of another case is unknown.
func WithClientName(name string) Option { return func(s *settings) { s.clientName = name } }

// WithCredentials sets the login and the base64 secret that sign requests. With
// a secret that is not base64 every request is refused.
func WithCredentials(login, secret string) Option {
	return func(s *settings) { s.login, s.secret = login, secret }
}

// WithClock sets the clock of the date check, of the answers' Date header and
// of the orders. The default is the real time.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// WithCurrency sets the currency of [Server.Config] and how many decimals an
// amount may have, GBP by default. The API itself shows no currency.
func WithCurrency(c payment.Currency) Option { return func(s *settings) { s.currency = c } }

// WithCommission sets the transaction commission of every basket that holds
// something, 1.50 by default.
func WithCommission(a payment.Amount) Option {
	return func(s *settings) { s.commission = zero().Add(orZero(a)) }
}

// Config returns what a client needs to talk to this emulator.
func (s *Server) Config() spektrix.Config {
	return spektrix.Config{
		ClientName: s.settings.clientName,
		Login:      s.settings.login,
		Secret:     tenderkit.Secret(s.settings.secret),
		Currency:   s.settings.currency,
		BaseURL:    s.URL,
	}
}
