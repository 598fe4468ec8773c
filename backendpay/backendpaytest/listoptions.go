package backendpaytest

import "time"

// WithDescendingOrder lists the highest id first. The order of the vendor's
// lists is unknown; the default is ascending.
func WithDescendingOrder() Option { return func(s *settings) { s.descending = true } }

// WithMaxLimit gives at most n records in one answer, whatever limit asks for
// and without a limit too. There is no such cap by default.
func WithMaxLimit(n int) Option { return func(s *settings) { s.maxLimit = n } }

// WithIgnoredIDAfter accepts idAfter and does nothing about it.
func WithIgnoredIDAfter() Option { return func(s *settings) { s.ignoredIDAfter = true } }

// WithIgnoredLimit accepts limit and does nothing about it.
func WithIgnoredLimit() Option { return func(s *settings) { s.ignoredLimit = true } }

// WithLimitEverywhere accepts limit and offset for payment parts and payment
// types too. Their own pages do not list them, so by default they are refused
// there.
func WithLimitEverywhere() Option { return func(s *settings) { s.limitEverywhere = true } }

// WithFalseFlags reads a flag's "=false" as not set. By default a flag is set
// by its mere presence, whatever its value; what the vendor does is unknown.
func WithFalseFlags() Option { return func(s *settings) { s.falseClears = true } }

// WithActionsUpdating lets updatedSince see a reversal, a reinstatement, a
// collection and its cancelling too. By default only creation and editing count
// as a change; what the vendor does is unknown.
func WithActionsUpdating() Option { return func(s *settings) { s.actionsUpdate = true } }

// WithReversedFiltersShowing lets reversedSince, minReversedDate and
// maxReversedDate show reversed payments without either flag. By default the
// list hides them all the same; what the vendor does is unknown.
func WithReversedFiltersShowing() Option { return func(s *settings) { s.showsReversed = true } }

// WithIndexLag lets lists of payments show a new payment only so much later by
// the emulator's clock; reading one by its id does not lag. Nothing like it is
// known of the vendor; the default is 0.
func WithIndexLag(lag time.Duration) Option { return func(s *settings) { s.indexLag = lag } }
