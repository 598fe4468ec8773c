package brightpearltest

import "time"

// StringMatch is how a search compares text. The vendor's way is unknown.
type StringMatch int

// The ways to compare.
const (
	MatchExact      StringMatch = iota // the whole text, letter by letter
	MatchIgnoreCase                    // the whole text in any case
	MatchPrefix                        // the beginning of the text
	MatchIgnored                       // the filter is accepted and does nothing
)

// WithStringMatch sets how searches compare text, [MatchExact] by default.
func WithStringMatch(m StringMatch) Option { return func(s *settings) { s.stringMatch = m } }

// WithIndexLag lets searches show a payment, or its deletion, only so much
// later by the emulator's clock. About a second was observed; the default is 0.
// Totals do not lag.
func WithIndexLag(lag time.Duration) Option { return func(s *settings) { s.indexLag = lag } }

// WithSignedAmounts shows amountPaid of a PAYMENT and amountAuthorized of a
// VOID with a minus sign in searches (for suppliers: of a RECEIPT). The column
// texts hint at it; no traffic shows it.
func WithSignedAmounts() Option { return func(s *settings) { s.signedAmounts = true } }

// WithWrongResultsAvailable lets searches claim 500 results whatever there is,
// as observed in the supplier payment search.
func WithWrongResultsAvailable() Option { return func(s *settings) { s.wrongAvailable = true } }

// WithIgnoredIDRanges lets searches ignore a filter on paymentId that holds a
// range, as observed in the supplier payment search.
func WithIgnoredIDRanges() Option { return func(s *settings) { s.ignoredIDRanges = true } }

// WithTextIDs shows ids in searches as JSON strings, as observed in older
// answers.
func WithTextIDs() Option { return func(s *settings) { s.textIDs = true } }
