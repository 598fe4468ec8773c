package brightpearltest

import "time"

// Facts are the points that the vendor's documentation leaves open, or that
// were inferred. The zero value of each field is the default of the contract
// sheet. [WithFacts] sets them for an emulator.
type Facts struct {
	// DuplicateStatus and DuplicateCode are the refusal of a transactionRef that
	// is taken under the same payment method. Zero values stand for 400 and
	// SIM-DUP. The vendor's own are unknown.
	DuplicateStatus int
	DuplicateCode   string

	// UncheckedUnknownMethods reports whether a transactionRef can be used again
	// under a payment method that the account does not know. Inferred. It is
	// false by default, so that a repeated reference shows.
	UncheckedUnknownMethods bool

	// RefsFreedByDelete reports whether a transactionRef can be used again once
	// its payment is deleted. Unknown.
	RefsFreedByDelete bool

	// RefusesUnknownOrders reports whether a payment for an order that
	// [Server.AddOrders] has not named is refused, with 400 SIM-ORDER. Unknown.
	RefusesUnknownOrders bool

	// FailingReceipts reports whether the automatic sales receipt fails, so that
	// a payment with a known method is stored without a journal. Inferred from
	// "if the receipt is created successfully".
	FailingReceipts bool

	// IndexLag is how much later a search shows a payment, or its deletion, by
	// the emulator's clock. About a second was observed once. Totals do not lag.
	IndexLag time.Duration

	// StringMatch is how a search compares texts. Unknown.
	StringMatch StringMatch

	// SignedAmounts reports whether a search shows amountPaid of a PAYMENT and
	// amountAuthorized of a VOID with a minus sign (for suppliers: amountPaid of
	// a RECEIPT). The column texts hint at it; no traffic shows it.
	SignedAmounts bool

	// WrongResultsAvailable reports whether a search claims 500 results whatever
	// there is. Observed in the supplier payment search.
	WrongResultsAvailable bool

	// IgnoredIDRanges reports whether a search ignores a filter on paymentId that
	// holds a range. Observed in the supplier payment search.
	IgnoredIDRanges bool

	// TextIDs reports whether a search shows ids as JSON strings. Observed in
	// older answers.
	TextIDs bool

	// DisplayOffset is the offset from UTC, to the east, of the times that a
	// search shows. -6 hours was observed for one account.
	DisplayOffset time.Duration

	// MethodsWithoutIDs reports whether a payment method has no id of its own, as
	// in the vendor's documentation. Observed answers have one.
	MethodsWithoutIDs bool

	// UnorderedIDs reports whether a path may list ids in any order. By default
	// a comma list that does not ascend is refused with 400 CMNC-006, which was
	// observed for orders and is inferred for totals.
	UnorderedIDs bool

	// BareThrottle reports whether the throttle's own 503 lacks the two throttle
	// headers. Unknown.
	BareThrottle bool

	// SingleUseRefreshTokens reports whether each refresh returns a new refresh
	// token and forgets the old one. Unknown.
	SingleUseRefreshTokens bool

	// NewTokenPerRefresh reports whether each refresh returns a new access token of
	// full life. By default a refresh repeats the access token while that is
	// good, with what is left of its life, as in the one observed refresh.
	NewTokenPerRefresh bool
}

// WithFacts sets how the emulator behaves where the vendor's behaviour is not
// certain. A later WithFacts replaces an earlier one.
func WithFacts(f Facts) Option { return func(s *settings) { s.facts = f } }

// StringMatch is how a search compares text. The vendor's way is unknown.
type StringMatch int

// The ways to compare.
const (
	MatchExact      StringMatch = iota // the whole text, letter by letter
	MatchIgnoreCase                    // the whole text in any case
	MatchPrefix                        // the beginning of the text
	MatchIgnored                       // the filter is accepted and does nothing
)
