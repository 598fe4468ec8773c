package brightpearltest

import (
	"net/http"
	"time"
)

// What an emulator without options knows.
const (
	SampleAccount    = "acme"
	SampleAppRef     = "acme_tenderkit"
	SampleStaffToken = "c2FtcGxlIHN0YWZmIHRva2VuIG9mIHRoZSBlbXVsYXQ="
)

// Option changes one rule of the emulator.
type Option func(*settings)

// settings never change once the emulator runs.
type settings struct {
	account     string
	staff       credential
	credentials []credential
	clients     []OAuthClient
	apiDomain   string

	singleUse     bool
	newPerRefresh bool

	clock           func() time.Time
	zone            *time.Location
	throttleCap     int
	throttleWindow  time.Duration
	bareThrottle    bool
	currencies      map[string]int64
	knownOrders     map[int64]bool
	withoutMethodID bool

	firstPaymentID         int64
	firstSupplierPaymentID int64
	firstJournalID         int64

	duplicateStatus int
	duplicateCode   string
	freedByDelete   bool
	uncheckedRefs   bool // under unknown methods

	indexLag        time.Duration
	stringMatch     StringMatch
	signedAmounts   bool
	wrongAvailable  bool
	ignoredIDRanges bool
	textIDs         bool
}

func newSettings(opts []Option) *settings {
	set := &settings{
		account:                SampleAccount,
		staff:                  credential{style: styleStaff, appRef: SampleAppRef, token: SampleStaffToken},
		clock:                  time.Now,
		zone:                   time.UTC,
		throttleCap:            200,
		throttleWindow:         time.Minute,
		firstPaymentID:         100,
		firstSupplierPaymentID: 200,
		firstJournalID:         1000,
		duplicateStatus:        http.StatusBadRequest,
		duplicateCode:          "SIM-DUP",
	}
	WithCurrencies("GBP", "CRC", "USD", "EUR")(set)
	for _, opt := range opts {
		opt(set)
	}
	set.credentials = append(set.credentials, set.staff)
	return set
}

// WithAccount sets the account code in the paths, [SampleAccount] by default.
func WithAccount(code string) Option { return func(s *settings) { s.account = code } }

// WithClock sets the clock of everything: throttle windows, token expiry,
// creation times, index lag. The default is the real time. now must not call
// the emulator.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// WithDisplayZone sets the zone of the times in searches, UTC by default.
func WithDisplayZone(zone *time.Location) Option { return func(s *settings) { s.zone = zone } }

// WithThrottle allows so many requests in each fixed window of the emulator's
// clock. The vendor documents 200 a minute, which is the default.
func WithThrottle(requests int, window time.Duration) Option {
	return func(s *settings) { s.throttleCap, s.throttleWindow = requests, window }
}

// WithBareThrottleAnswer leaves the two throttle headers out of the throttle's
// own 503.
func WithBareThrottleAnswer() Option { return func(s *settings) { s.bareThrottle = true } }

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

// WithKnownOrders refuses a payment for any other order with 400 SIM-ORDER. By
// default every order id is accepted; what the vendor does is unknown.
func WithKnownOrders(ids ...int64) Option {
	return func(s *settings) {
		s.knownOrders = make(map[int64]bool, len(ids))
		for _, id := range ids {
			s.knownOrders[id] = true
		}
	}
}

// WithFirstIDs sets the first id of customer payments, supplier payments and
// journals: 100, 200 and 1000 by default. Ids count up and are never reused.
func WithFirstIDs(customerPayment, supplierPayment, journal int64) Option {
	return func(s *settings) {
		s.firstPaymentID, s.firstSupplierPaymentID, s.firstJournalID = customerPayment, supplierPayment, journal
	}
}

// WithDuplicateAnswer sets status and code of the refusal of a repeated
// transactionRef, 400 SIM-DUP by default. The vendor's own is unknown.
func WithDuplicateAnswer(status int, code string) Option {
	return func(s *settings) { s.duplicateStatus, s.duplicateCode = status, code }
}

// WithRefsFreedByDelete lets a transactionRef be used again once its payment
// is deleted. Unknown for the vendor; off by default.
func WithRefsFreedByDelete() Option { return func(s *settings) { s.freedByDelete = true } }

// WithUncheckedUnknownMethods lets a transactionRef be used again under a
// payment method that the account does not know. Inferred for the vendor; off
// by default, so that a repeated reference shows.
func WithUncheckedUnknownMethods() Option { return func(s *settings) { s.uncheckedRefs = true } }

// WithoutMethodIDs leaves the id of a payment method out, as the vendor's
// documentation does and its observed answers do not.
func WithoutMethodIDs() Option { return func(s *settings) { s.withoutMethodID = true } }
