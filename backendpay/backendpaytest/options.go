package backendpaytest

import (
	"encoding/json"
	"net/http"
	"time"
)

// What an emulator without options knows.
const (
	SampleAPIKey   = "sample-key-of-the-billing-emulator"
	SampleCustomer = "123" // account number C12345, CRM reference CRM-12345

	sampleCustomerID = 123
)

// Option changes one rule of the emulator.
type Option func(*settings)

// settings never change once the emulator runs.
type settings struct {
	apiKey         string
	clock          func() time.Time
	firstPaymentID int64
	idPrefix       string

	pathForm       PathForm
	redirectStatus int
	redirectBase   string

	authStatus    int
	errorBody     ErrorBody
	emptyUnknown  bool
	createStatus  int
	deletedObject bool

	amountOut    AmountForm
	amountIn     AmountForm
	absent       Absent
	dateForm     DateForm
	loneStatus   bool
	unknownName  string
	unknownValue json.RawMessage
	anyMethod    bool

	descending      bool
	maxLimit        int
	ignoredIDAfter  bool
	ignoredLimit    bool
	limitEverywhere bool
	falseClears     bool
	actionsUpdate   bool
	showsReversed   bool
	indexLag        time.Duration
}

func newSettings(opts []Option) *settings {
	set := &settings{
		apiKey:         SampleAPIKey,
		clock:          time.Now,
		firstPaymentID: 501,
		redirectStatus: http.StatusMovedPermanently,
		authStatus:     http.StatusUnauthorized,
		createStatus:   http.StatusCreated,
		amountOut:      AmountString,
	}
	for _, opt := range opts {
		opt(set)
	}
	return set
}

// WithAPIKey sets the bearer key, [SampleAPIKey] by default.
func WithAPIKey(key string) Option { return func(s *settings) { s.apiKey = key } }

// WithClock sets the clock of all system stamps and of the Date header. The
// default is the real time.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// WithFirstPaymentID sets the id of the first payment, 501 by default. Ids
// count up and are never reused. Begin at 99 to see ids compared as text fail.
func WithFirstPaymentID(id int64) Option { return func(s *settings) { s.firstPaymentID = id } }

// WithIDPrefix writes a prefix in front of every payment's id, in answers and
// in paths, so that ids are no numbers. idAfter stays a number.
func WithIDPrefix(prefix string) Option { return func(s *settings) { s.idPrefix = prefix } }

// PathForm is which trailing slashes the vendor answers without a redirect.
type PathForm int

// The forms of a path.
const (
	PathAny        PathForm = iota // both forms, no redirect
	PathDocumented                 // a slash behind collections, none behind items
	PathSlash                      // a slash everywhere
	PathNoSlash                    // no slash anywhere
)

// WithPathForm redirects a path in another form to the right one with the
// status, reads and writes alike. The default is [PathAny]; what the vendor
// does is unknown.
func WithPathForm(form PathForm, status int) Option {
	return func(s *settings) { s.pathForm, s.redirectStatus = form, status }
}

// WithRedirectBase lets the redirects of [WithPathForm] lead to another scheme
// and host.
func WithRedirectBase(base string) Option { return func(s *settings) { s.redirectBase = base } }

// ErrorBody is the body of a refusal. The vendor's own is unknown.
type ErrorBody int

// The bodies of a refusal.
const (
	ErrorJSON  ErrorBody = iota // {"error":"…"}
	ErrorEmpty                  // nothing
	ErrorText                   // plain text
	ErrorHTML                   // a web page
)

// WithErrorBody sets the body of every refusal, [ErrorJSON] by default.
func WithErrorBody(body ErrorBody) Option { return func(s *settings) { s.errorBody = body } }

// WithAuthStatus sets the status of a refused key, 401 by default.
func WithAuthStatus(status int) Option { return func(s *settings) { s.authStatus = status } }

// WithEmptyForUnknownCustomers answers the payments of an unknown customer
// with an empty array. The default is 404; what the vendor does is unknown.
func WithEmptyForUnknownCustomers() Option { return func(s *settings) { s.emptyUnknown = true } }

// WithCreateStatus sets the status of a creation, 201 by default.
func WithCreateStatus(status int) Option { return func(s *settings) { s.createStatus = status } }

// WithDeletedObject answers a deletion with 200 and {}. The default is 204
// without a body.
func WithDeletedObject() Option { return func(s *settings) { s.deletedObject = true } }
