package backendpaytest

import (
	"cmp"
	"net/http"
	"time"
)

// Facts are the points that the vendor's documentation leaves open. Each field
// is one point; its zero value is what the emulator takes for the most likely,
// and never helps a client more than the vendor is known to. A contract run
// against a real installation finds out which values hold there.
type Facts struct {
	// Paths is which trailing slashes are answered without a redirect. The prose
	// writes one behind collections, the curl samples leave it out (seen); what
	// the server does is unknown (clause paths.form).
	Paths PathForm
	// RedirectStatus is the status of a redirect to the other form of a path; 0 is
	// 301. Unknown (clause paths.form).
	RedirectStatus int

	// AuthStatus is the status of a refused key; 0 is 401. Inferred
	// (clause auth.none).
	AuthStatus int
	// ErrorBody is the body of every refusal. Unknown (clause errors.body).
	ErrorBody ErrorBody
	// UnknownCustomerEmpty answers the payments of an unknown customer with an
	// empty array in place of 404. Unknown (clause errors.unknown-customer).
	UnknownCustomerEmpty bool
	// InvisibleStatus is the status for an object whose customer the key's user
	// may not see; 0 is 404, as for one that does not exist. Lists leave it out.
	// That access is restricted is documented, how it shows is inferred
	// (clauses access.payment and access.list).
	InvisibleStatus int

	// CreateStatus is the status of a creation; 0 is 201. Unknown (clause
	// create.status).
	CreateStatus int
	// DeletedObject answers a deletion with 200 and {} in place of 204. Unknown
	// (clause delete.answer).
	DeletedObject bool
	// AnyMethod accepts a paymentMethod that is not the name of a payment type.
	// Unknown (clause create.any-method).
	AnyMethod bool
	// RefusesDuplicates answers 409 to a creation with an ourReference that the
	// customer has already. Unknown (clause reference.duplicate); no page says that the vendor looks.
	RefusesDuplicates bool
	// ReferenceLength is how many characters of ourReference are stored; 0 stores
	// them all. The contract looks at 200. Unknown (clause reference.length).
	ReferenceLength int
	// FoldsReference stores ourReference in upper case. Unknown (clause
	// reference.case).
	FoldsReference bool

	// Amounts is the form of amounts in answers, [AmountString] if not set. They
	// have two decimals at least. Unknown (clause payment.amounts): no
	// sample shows one.
	Amounts AmountForm
	// AmountsSent is the form in which amounts are accepted. Unknown (clause
	// create.amount-form).
	AmountsSent AmountForm
	// NumericIDs writes ids as JSON numbers. The pages call ids numeric, their
	// samples show text (seen, clause payment.ids).
	NumericIDs bool
	// IDPrefix stands in front of every payment's id, in answers and in paths, so
	// that ids are not numbers. Payment ids are typed Text (documented), their
	// samples are digits (seen, clause payment.ids). idAfter stays a number.
	IDPrefix string
	// Absent is how an answer shows a text or date that is not set. Unknown
	// (clause payment.absent).
	Absent Absent
	// Dates is the form of dates in answers, documented as [DateOnly]
	// (clause payment.dates).
	Dates DateForm
	// LoneStatus writes a status of one word as a string. An array is documented
	// (clause payment.status).
	LoneStatus bool

	// Descending lists the highest id first. The order of lists is unknown (clause
	// list.order).
	Descending bool
	// MaxLimit is the most records in one answer, whatever limit asks for; 0 is no
	// cap. The contract looks at 100. Unknown (clause list.max-limit).
	MaxLimit int
	// IDAfterIgnored and LimitIgnored accept the parameter without an effect. Both
	// are documented for payments and customers (clauses list.id-after and
	// list.limit).
	IDAfterIgnored, LimitIgnored bool
	// LimitEverywhere accepts limit and offset for payment parts and payment types
	// too, whose own pages do not list them (clause list.limit-of-types).
	LimitEverywhere bool
	// FalseFlags reads a flag's "=false" as not set. By default a flag is set by
	// its mere presence. Unknown (clause reversal.false-flag).
	FalseFlags bool
	// BothFlags is what reversed and includeReversed select together. Unknown
	// (clause reversal.both-flags).
	BothFlags BothFlags
	// ReversedFiltersShow lets reversedSince, minReversedDate and maxReversedDate
	// show reversed payments without a flag. Unknown (clause
	// reversal.without-flag).
	ReversedFiltersShow bool
	// ActionsUpdate lets updatedSince see a reversal, a reinstatement, a collection
	// and its cancelling too. Unknown (clause reversal.updated-since).
	ActionsUpdate bool
	// IndexLag is how long after its creation a payment shows in lists, by the
	// emulator's clock. Reading one by its id does not lag. Nothing like it is
	// known of the vendor (clause show.lag).
	IndexLag time.Duration
}

// PathForm is which trailing slashes the vendor answers without a redirect.
type PathForm int

// The forms of a path.
const (
	PathAny        PathForm = iota // both forms, no redirect
	PathDocumented                 // a slash behind collections, none behind items
	PathSlash                      // a slash everywhere
	PathNoSlash                    // no slash anywhere
)

// ErrorBody is the body of a refusal.
type ErrorBody int

// The bodies of a refusal.
const (
	ErrorJSON  ErrorBody = iota // {"error":"…"}
	ErrorEmpty                  // nothing
	ErrorText                   // plain text
	ErrorHTML                   // a web page
)

// AmountForm is how an amount stands in JSON.
type AmountForm int

// The forms of an amount.
const (
	AmountAny    AmountForm = iota // in requests: both
	AmountString                   // "120.50"
	AmountNumber                   // 120.50
)

// Absent is how an answer shows a text or a date that is not set.
type Absent int

// The ways to show what is not set.
const (
	AbsentNull    Absent = iota // null
	AbsentEmpty                 // ""
	AbsentMissing               // no key
	AbsentZero                  // null, and 0000-00-00 for a date
)

// DateForm is how an answer writes a date.
type DateForm int

// The forms of a date.
const (
	DateOnly  DateForm = iota // 2024-11-25
	DateZoned                 // 2024-11-25T00:00:00Z
	DateLocal                 // 2024-11-25T00:00:00
	DateBlank                 // 2024-11-25 00:00:00
)

// BothFlags is what a list with reversed and includeReversed shows.
type BothFlags int

// The answers to both flags.
const (
	BothShowAll      BothFlags = iota // as includeReversed alone
	BothShowReversed                  // as reversed alone
	BothRefused                       // 400
)

func (f *Facts) authStatus() int      { return cmp.Or(f.AuthStatus, http.StatusUnauthorized) }
func (f *Facts) createStatus() int    { return cmp.Or(f.CreateStatus, http.StatusCreated) }
func (f *Facts) redirectStatus() int  { return cmp.Or(f.RedirectStatus, http.StatusMovedPermanently) }
func (f *Facts) invisibleStatus() int { return cmp.Or(f.InvisibleStatus, http.StatusNotFound) }
