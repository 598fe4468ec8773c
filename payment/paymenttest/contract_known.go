package paymenttest

import (
	"fmt"
	"time"
)

// Known is what a run has found out about one fact.
type Known struct {
	State  KnownState `json:"state"`
	Value  any        `json:"value,omitempty"` // of a fact that was seen: a bool, a number or a string
	Min    Duration   `json:"min,omitempty"`   // of an interval
	Max    Duration   `json:"max,omitempty"`
	Why    string     `json:"why,omitempty"`    // it is not known
	Clause string     `json:"clause,omitempty"` // that says so
}

// KnownState is how much is known of a fact. An untried fact is not the default.
type KnownState string

// The states.
const (
	Seen       KnownState = "seen"
	Interval   KnownState = "interval"
	Masked     KnownState = "masked"        // another fact hides it
	Undecided  KnownState = "not decidable" // tried, without an answer
	NeverTried KnownState = "not tried"
)

// String returns the value, the interval, or the state with its reason.
func (k Known) String() string {
	switch {
	case k.State == Seen:
		return fmt.Sprint(k.Value)
	case k.State == Interval:
		return k.Min.String() + " to " + k.Max.String()
	case k.Why != "":
		return string(k.State) + ": " + k.Why
	}
	return string(k.State)
}

// Duration is a time.Duration that is written as text.
type Duration time.Duration

// String returns the form of time.Duration, such as "1.5s".
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalText returns the form of time.Duration.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads that form.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = Duration(parsed)
	return err
}
