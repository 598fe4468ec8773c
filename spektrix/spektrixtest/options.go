package spektrixtest

import (
	"encoding/base64"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// What an emulator without options knows. The secret is the bytes 0x00 to
// 0x3f.
const (
	SampleClientName = "apitesting"
	SampleLogin      = "TestLogin"
	SampleSecret     = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="
)

// Option changes one rule of the emulator.
type Option func(*settings)

// settings never change once the emulator runs.
type settings struct {
	clientName string
	login      string
	secret     string
	key        []byte // empty: no signature is right
	clock      func() time.Time
	window     time.Duration
	zone       *time.Location
	currency   payment.Currency
	commission payment.Amount

	unauthorized  UnauthorizedBody
	errorCodes    bool
	createdStatus bool

	attributes          AttributeRule
	overpaymentRefused  bool
	truncatedEcho       bool
	commissionExcluded  bool
	fallingTotal        bool
	noDeliveryRule      bool
	valueConfirmRefused bool

	confirmAnswer     ConfirmAnswer
	secondConfirm     SecondConfirm
	confirmedReadable bool

	orderAttributes bool
	capitalOrderID  bool
	times           TimeForm
}

func newSettings(opts []Option) *settings {
	set := &settings{
		clientName: SampleClientName,
		login:      SampleLogin,
		secret:     SampleSecret,
		clock:      time.Now,
		window:     5 * time.Minute,
		zone:       time.UTC,
		currency:   "GBP",
		commission: amount("1.50"),
	}
	for _, opt := range opts {
		opt(set)
	}
	if key, err := base64.StdEncoding.DecodeString(set.secret); err == nil {
		set.key = key
	}
	return set
}

// WithClientName sets the first segment of every path, [SampleClientName] by
// default. It is compared exactly; what the vendor makes of another case is
// unknown.
func WithClientName(name string) Option { return func(s *settings) { s.clientName = name } }

// WithCredentials sets the login and the base64 secret that sign requests. With
// a secret that is not base64 every request is refused.
func WithCredentials(login, secret string) Option {
	return func(s *settings) { s.login, s.secret = login, secret }
}

// WithClock sets the clock of the date check, of the answers' Date header and
// of the orders. The default is the real time.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// WithDateWindow sets how far a request's Date may be from the clock, before or
// after; 5 minutes by default. The vendor's own width is unknown.
func WithDateWindow(d time.Duration) Option { return func(s *settings) { s.window = d } }

// WithDisplayZone sets the zone of the times in orders, UTC by default.
func WithDisplayZone(zone *time.Location) Option { return func(s *settings) { s.zone = zone } }

// WithCurrency sets the currency of [Server.Config] and how many decimals an
// amount may have, GBP by default. The API itself shows no currency.
func WithCurrency(c payment.Currency) Option { return func(s *settings) { s.currency = c } }

// WithCommission sets the transaction commission of every basket that holds
// something, 1.50 by default.
func WithCommission(a payment.Amount) Option {
	return func(s *settings) { s.commission = zero().Add(orZero(a)) }
}

// WithErrorCodes adds an errorCode beside the message of every refusal. Both
// forms have been observed.
func WithErrorCodes() Option { return func(s *settings) { s.errorCodes = true } }

// WithCreatedStatus answers a successful POST with 201 in place of 200. The
// vendor's success codes are unknown.
func WithCreatedStatus() Option { return func(s *settings) { s.createdStatus = true } }

// WithoutDeliveryRule confirms a basket with tickets that has no delivery.
// Observed is that the vendor does not.
func WithoutDeliveryRule() Option { return func(s *settings) { s.noDeliveryRule = true } }
