package backendpaytest

import (
	"encoding/json"
	"slices"
)

// AmountForm is how an amount stands in JSON. No sample of the vendor shows
// one.
type AmountForm int

// The forms of an amount.
const (
	AmountAny    AmountForm = iota // in requests: both
	AmountString                   // "120.50"
	AmountNumber                   // 120.50
)

// WithAmounts writes the amounts of answers as strings, which is the default,
// or as numbers. They have two decimals at least.
func WithAmounts(form AmountForm) Option { return func(s *settings) { s.amountOut = form } }

// WithAmountsSent accepts amounts in requests in one form only. The default
// accepts both.
func WithAmountsSent(form AmountForm) Option { return func(s *settings) { s.amountIn = form } }

// Absent is how an answer shows a text or a date that is not set.
type Absent int

// The ways to show what is not set.
const (
	AbsentNull    Absent = iota // null
	AbsentEmpty                 // ""
	AbsentMissing               // no key
)

// WithAbsent sets how answers show what is not set, [AbsentNull] by default.
func WithAbsent(a Absent) Option { return func(s *settings) { s.absent = a } }

// DateForm is how an answer writes a date. The documentation says
// [DateOnly].
type DateForm int

// The forms of a date.
const (
	DateOnly  DateForm = iota // 2024-11-25
	DateZoned                 // 2024-11-25T00:00:00Z
	DateLocal                 // 2024-11-25T00:00:00
)

// WithDates sets the form of dates in answers.
func WithDates(form DateForm) Option { return func(s *settings) { s.dateForm = form } }

// WithLoneStatus writes a status of one word as a string, not as an array of
// one.
func WithLoneStatus() Option { return func(s *settings) { s.loneStatus = true } }

// WithUnknownField adds a key to every payment in an answer, as a later version
// of the vendor may. value is JSON.
func WithUnknownField(name string, value json.RawMessage) Option {
	return func(s *settings) { s.unknownName, s.unknownValue = name, slices.Clone(value) }
}

// WithAnyMethod accepts any paymentMethod. By default it must be the name of a
// payment type.
func WithAnyMethod() Option { return func(s *settings) { s.anyMethod = true } }
