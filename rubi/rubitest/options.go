package rubitest

import "slices"

// What an emulator without options knows.
const (
	SampleAPIKey = "sample-key-of-the-rubi-emulator"
	SampleUID    = "11111111-2222-3333-4444-555555555555" // Jo Example, jo@example.org
	SampleEID    = "eeeeeeee-0000-0000-0000-000000000001" // Annual Dinner, 10.00 and 2.00 tax, 100 places
	SampleSSID   = "dddddddd-0000-0000-0000-000000000001" // Full Membership, 85.00 without tax
)

// Option changes one rule of the emulator.
type Option func(*settings)

// settings never change once the emulator runs.
type settings struct {
	apiKey       string
	httpStatuses bool
	jsonBody     bool
	commaItems   bool
	methods      []method
	disallowed   []string
	counties     []string
	countries    []string
	blankAddress bool

	answer       AnswerForm
	oddEnvelope  bool
	plainText    bool
	boolean      BooleanForm
	none         NoneForm
	amounts      AmountForm
	numericIDs   bool
	blanks       BlankForm
	emailLists   ListForm
	swapped      bool
	unknownName  string
	unknownValue []byte

	cardItemsLeave bool
	itemsStay      bool
	paidAgain      bool
	cardGUID       CardGUID
	repeat         Repeat
	strictAmount   bool
	noStripeMail   bool
	falseForNone   bool
}

func newSettings(opts []Option) *settings {
	set := &settings{apiKey: SampleAPIKey}
	for _, opt := range opts {
		opt(set)
	}
	return set
}

// WithAPIKey sets the key, [SampleAPIKey] by default.
func WithAPIKey(key string) Option { return func(s *settings) { s.apiKey = key } }

// WithHTTPStatuses answers a refusal with its code as the HTTP status too. The
// default is HTTP 200; what the vendor does is unknown.
func WithHTTPStatuses() Option { return func(s *settings) { s.httpStatuses = true } }

// WithJSONBody accepts a body of application/json that is a JSON string, beside
// the form body. The vendor's server may; it is not documented.
func WithJSONBody() Option { return func(s *settings) { s.jsonBody = true } }

// WithCommaItems reads PaymentItems as GUIDs with commas between them, not as
// JSON text of an array.
func WithCommaItems() Option { return func(s *settings) { s.commaItems = true } }

// WithMethod adds a method, api/name, that takes so many elements, the API key
// included. records gets them without the key and gives the records of the
// answer; it must not call the emulator.
func WithMethod(name string, elements int, records func(elements []string) []map[string]string) Option {
	m := method{name: name, elements: make([]element, max(elements-1, 0))}
	for i := range m.elements {
		m.elements[i] = element{name: "Element", blank: true}
	}
	m.handle = func(_ *Server, given []string) reply { return ok(ownRecords(records(given))...) }
	return func(s *settings) { s.methods = append(s.methods, m) }
}

// WithDisallowed refuses UserPayment of these payment types, as a client
// organisation can have it: "Invoice", "CardPayment".
func WithDisallowed(paymentTypes ...string) Option {
	return func(s *settings) { s.disallowed = slices.Clone(paymentTypes) }
}

// WithListValues refuses a County or a Country that is not listed. By default
// any text is accepted; whether the vendor checks is unknown.
func WithListValues(counties, countries []string) Option {
	return func(s *settings) { s.counties, s.countries = slices.Clone(counties), slices.Clone(countries) }
}

// WithBlankAddresses accepts a UserPayment whose address, e-mail address and
// telephone are blank. The documented table forbids it; its help texts read as
// if an address were needed only where it is not the company's.
func WithBlankAddresses() Option { return func(s *settings) { s.blankAddress = true } }

// WithCardItemsLeaving takes items out of the basket when they are submitted as
// CardPayment. By default they stay until a StripeResult; what the vendor does
// is unknown.
func WithCardItemsLeaving() Option { return func(s *settings) { s.cardItemsLeave = true } }

// WithItemsStaying leaves items in the basket after Invoice, Confirm and a
// StripeResult, so that a second submission succeeds, and mails, again.
func WithItemsStaying() Option { return func(s *settings) { s.itemsStay = true } }

// WithPaidAgain accepts a UserPayment of items that have left the basket because
// they are paid, so that a second submission succeeds, and mails, again. The
// default refuses it; what the vendor does is unknown.
func WithPaidAgain() Option { return func(s *settings) { s.paidAgain = true } }

// Repeat is the answer to a StripeResult for a transaction that is paid. The
// vendor's is unknown.
type Repeat int

// The answers to a repeated StripeResult.
const (
	RepeatSame  Repeat = iota // the first answer again, without an effect
	RepeatError               // code 400
	RepeatMail                // the first answer again, and a second mail
)

// WithRepeat sets the answer to a repeated StripeResult, [RepeatSame] by
// default.
func WithRepeat(r Repeat) Option { return func(s *settings) { s.repeat = r } }

// WithStrictAmount refuses a StripeResult whose amount is not the total of the
// transaction in minor units. The default accepts any; what the vendor does is
// unknown.
func WithStrictAmount() Option { return func(s *settings) { s.strictAmount = true } }

// WithoutStripeMail sends no mail after a StripeResult. By default one is sent
// for the first success; what the vendor does is unknown.
func WithoutStripeMail() Option { return func(s *settings) { s.noStripeMail = true } }

// WithFalseForUnknownItems answers Subscription and BookingUpdate for an item
// that is not in the basket with code 200 and False. The default is code 400.
func WithFalseForUnknownItems() Option { return func(s *settings) { s.falseForNone = true } }
