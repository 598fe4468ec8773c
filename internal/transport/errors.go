package transport

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/tenderkit/tenderkit/internal/label"
)

// caused is a sentinel with the cause behind it. Its text is made once; the
// cause stays reachable for errors.Is and errors.As.
type caused struct {
	sentinel, cause error
	text            string // of the cause
}

// because returns an error that matches both sentinel and cause.
func because(sentinel, cause error) error {
	return &caused{sentinel: sentinel, cause: cause, text: cause.Error()}
}

func (c *caused) Error() string { return c.sentinel.Error() + ": " + c.text }

func (c *caused) Unwrap() []error { return []error{c.sentinel, c.cause} }

// Format prints the same text for every verb.
func (c *caused) Format(s fmt.State, verb rune) { label.Print(s, verb, c.Error()) }

// unsent marks an attempt that ended before anything was sent.
type unsent struct {
	sentinel error // what the call fails with
	cause    error
}

// NotSent returns an error that says that an attempt failed before anything was
// sent. The call then fails with sentinel and cause, and nothing is sent again.
func NotSent(sentinel, cause error) error { return &unsent{sentinel: sentinel, cause: cause} }

func (u *unsent) Error() string { return u.cause.Error() }

func (u *unsent) Unwrap() error { return u.cause }

func isUnsent(err error) bool {
	if err == nil {
		return false // the usual case, and errors.As would allocate
	}
	var u *unsent
	return errors.As(err, &u)
}

// withoutURL removes every *url.Error around a cause: its text holds the whole
// URL.
func withoutURL(err error) error {
	for {
		var u *url.Error
		if !errors.As(err, &u) || u.Err == nil {
			return err
		}
		err = u.Err
	}
}
