package spektrixtest

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
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

// Custom payment types that every emulator knows. The first two are those of
// the vendor's documentation, the others are samples of our own.
const (
	TypeEPOSSystem    = "93AGQTGJBKVCQVRRKBVCCRTPJTBKCNLBH" // optional: Reference, Receipt Number
	TypeQuickDonation = "7641ANMTGPDKSKCSGLJHMMLMMQCKCNQGP" // optional: Reference number
	TypeVoucher       = "901ABCDFGHJKLMNPQRSTVWXZBCDFGHJKL" // required: Voucher code; optional: Issued by
	TypeRefund        = "902ABCDFGHJKLMNPQRSTVWXZBCDFGHJKL" // a refund type; optional: Reference
	TypeClosedTill    = "903ABCDFGHJKLMNPQRSTVWXZBCDFGHJKL" // inactive; optional: Reference
)

// What can be sold without any preparation: samples of our own. Both ticket
// types have a price for both instances, and every price is for the one
// seating plan.
const (
	InstanceMatinee  = "201AKLMNPQRSTVWXZBCDFGHJKLMNPQRST"
	InstanceEvening  = "202AKLMNPQRSTVWXZBCDFGHJKLMNPQRST"
	TicketAdult      = "301AVWXZBCDFGHJKLMNPQRSTVWXZBCDFG" // 18.50 matinee, 24.00 evening
	TicketConcession = "302AVWXZBCDFGHJKLMNPQRSTVWXZBCDFG" // 12.00, of which 6.50 less than adult; 15.60 evening
	PlanStalls       = "401ACDFGHJKLMNPQRSTVWXZBCDFGHJKLM"
)

func sampleTypes() []PaymentType {
	reference := AttributeDefinition{Name: "Reference"}
	return []PaymentType{
		{ID: TypeEPOSSystem, Name: "EPOS System", Attributes: []AttributeDefinition{reference, {Name: "Receipt Number"}}},
		{ID: TypeQuickDonation, Name: "Quick Donation", Attributes: []AttributeDefinition{{Name: "Reference number"}}},
		{ID: TypeVoucher, Name: "Sample Voucher", Attributes: []AttributeDefinition{{Name: "Voucher code", Required: true}, {Name: "Issued by"}}},
		{ID: TypeRefund, Name: "Sample Refund", IsRefund: true, Attributes: []AttributeDefinition{reference}},
		{ID: TypeClosedTill, Name: "Sample Closed Till", Inactive: true, Attributes: []AttributeDefinition{reference}},
	}
}

func samplePrices() []Price {
	return []Price{
		{Instance: InstanceMatinee, TicketType: TicketAdult, Price: amount("18.50")},
		{Instance: InstanceMatinee, TicketType: TicketConcession, Price: amount("18.50"), Discount: amount("6.50")},
		{Instance: InstanceEvening, TicketType: TicketAdult, Price: amount("24.00")},
		{Instance: InstanceEvening, TicketType: TicketConcession, Price: amount("24.00"), Discount: amount("8.40")},
	}
}
