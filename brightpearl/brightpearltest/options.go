package brightpearltest

import (
	"crypto/rand"
	"strings"
	"time"
)

// What an emulator without options knows. Its account is one of a kind, so that
// a payment.Store never takes it for another emulator's: [SampleAccount] and a
// random suffix.
const (
	SampleAccount    = "acme"
	SampleAppRef     = "acme_tenderkit"
	SampleStaffToken = "c2FtcGxlIHN0YWZmIHRva2VuIG9mIHRoZSBlbXVsYXQ="
)

// Option sets up an emulator.
type Option func(*settings)

// settings never change once the emulator runs.
type settings struct {
	facts       Facts
	account     string
	staff       credential
	credentials []credential
	clients     []OAuthClient
	apiDomain   string
	clock       func() time.Time
	currencies  map[string]int64

	throttleCap    int
	throttleWindow time.Duration

	firstPaymentID         int64
	firstSupplierPaymentID int64
	firstJournalID         int64
}

func newSettings(opts []Option) *settings {
	set := &settings{
		account:                SampleAccount + "-" + strings.ToLower(rand.Text()[:8]),
		staff:                  credential{style: styleStaff, appRef: SampleAppRef, token: SampleStaffToken},
		clock:                  time.Now,
		throttleCap:            200,
		throttleWindow:         time.Minute,
		firstPaymentID:         100,
		firstSupplierPaymentID: 200,
		firstJournalID:         1000,
	}
	WithCurrencies("GBP", "CRC", "USD", "EUR")(set)
	for _, opt := range opts {
		opt(set)
	}
	set.credentials = append(set.credentials, set.staff)
	return set
}

// WithAccount sets the account code in the paths. Only a test that keeps nothing
// of this account in a lasting payment.Store should name it.
func WithAccount(code string) Option { return func(s *settings) { s.account = code } }

// WithClock sets the clock of everything: throttle windows, token expiry,
// creation times, index lag. The default is the real time. now must not call
// the emulator.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// WithThrottle allows so many requests in each fixed window of the emulator's
// clock. The vendor documents 200 a minute, which is the default.
func WithThrottle(requests int, window time.Duration) Option {
	return func(s *settings) { s.throttleCap, s.throttleWindow = requests, window }
}

// WithCurrencies sets the account's currencies; their ids are 1, 2, 3 and so
// on. A payment in another currency is stored and found with a null id. The
// default is GBP, CRC, USD, EUR.
func WithCurrencies(codes ...string) Option {
	return func(s *settings) {
		s.currencies = make(map[string]int64, len(codes))
		for i, code := range codes {
			s.currencies[code] = int64(i + 1)
		}
	}
}
