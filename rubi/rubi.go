package rubi

import (
	"cmp"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// Config says which installation is called, as whom, and what the vendor's
// documentation leaves open.
type Config struct {
	APIKey   tenderkit.Secret // sent as the last element of every call
	BaseURL  string           // scheme and host; "" is the vendor's shared host
	Currency payment.Currency // of all amounts, because no call names one; "" is GBP

	// ParseAmount reads an amount of an answer, for an installation that writes
	// separators. Nil is [payment.ParseAmount], for which "1,234.50" is not
	// readable. Its error only says that the amount is not readable.
	ParseAmount func(text string) (payment.Amount, error)
	// EncodePaymentItems writes the list of ItemGUIDs of UserPayment, which the
	// vendor documents both as an array and as text. Nil gives the JSON text of
	// an array (inferred).
	EncodePaymentItems func(guids []string) string
	// EncodeStripeResponse writes the answer of Stripe for StripeResult, which
	// the vendor documents as text. Nil gives the JSON text of an object with
	// id, status and amount (inferred).
	EncodeStripeResponse func(StripePayment) string
}

// Client calls one Rubi installation. It is immutable and safe for concurrent
// use.
type Client struct {
	http   *transport.Client
	config *settled
}

// settled is a checked Config with its defaults. The key is held by a function:
// package fmt prints unexported fields without asking their types, and under
// some verbs it follows pointers.
type settled struct {
	key            func() string
	currency       payment.Currency
	parseAmount    func(string) (payment.Amount, error)
	paymentItems   func([]string) string
	stripeResponse func(StripePayment) string
}

const (
	vendor     = "rubi"
	sharedHost = "https://web-integration-v3.rubicrm.com"
	pounds     = payment.Currency("GBP")
)

// New checks config and options and gives a client. It does no I/O. What it
// refuses, it refuses with a [payment.FieldError].
func New(config Config, opts ...tenderkit.Option) (*Client, error) {
	set, err := config.settle()
	if err != nil {
		return nil, err
	}
	http, err := transport.New(transport.Config{
		Vendor:  vendor,
		BaseURL: cmp.Or(config.BaseURL, sharedHost),
		Prefix:  "/api/",
		Seal:    sealFor(set.key()),
		Fault:   readFault,
	}, opts...)
	if err != nil {
		return nil, err
	}
	return &Client{http: http, config: set}, nil
}

func (c Config) settle() (*settled, error) {
	set := &settled{
		key:            func() string { return string(c.APIKey) },
		currency:       cmp.Or(c.Currency, pounds),
		parseAmount:    c.ParseAmount,
		paymentItems:   c.EncodePaymentItems,
		stripeResponse: c.EncodeStripeResponse,
	}
	if set.parseAmount == nil {
		set.parseAmount = payment.ParseAmount
	}
	if set.paymentItems == nil {
		set.paymentItems = jsonText[[]string]
	}
	if set.stripeResponse == nil {
		set.stripeResponse = stripeObject
	}
	if !set.currency.Known() {
		return nil, invalid("Config.Currency", "is not an active ISO 4217 code in upper case")
	}
	return set, element{field: "Config.APIKey", value: set.key()}.check()
}

// sealFor holds the key in the forms that an answer can give it back in.
func sealFor(key string) *transport.Seal { return transport.NewSeal(inLayers(key)...) }

// inLayers gives text as it stands in a request or an answer: escaped once for
// each layer of JSON text.
func inLayers(text string) []string {
	forms := []string{text}
	for range maxLayers {
		quoted := jsonText(text)
		if quoted = quoted[1 : len(quoted)-1]; quoted == text {
			break
		}
		text = quoted
		forms = append(forms, text)
	}
	return forms
}
