package transport

import (
	"errors"
	"fmt"

	"github.com/tenderkit/tenderkit/internal/label"
)

// fault is a sentinel with its cause. Its text is made once, sealed; the
// cause stays reachable for errors.Is and errors.As.
type fault struct {
	kind, cause error
	text        string
}

// because puts cause behind kind.
func because(kind, cause error) error {
	return &fault{kind: kind, cause: cause, text: cause.Error()}
}

func (f *fault) Error() string { return f.kind.Error() + ": " + f.text }

func (f *fault) Unwrap() []error { return []error{f.kind, f.cause} }

// Format prints the sealed text for every verb.
func (f *fault) Format(s fmt.State, verb rune) { label.Print(s, verb, f.Error()) }

// unsent marks an attempt that ended before net/http was asked to send.
type unsent struct{ kind, cause error }

// NotSent says that an attempt failed before anything was sent, and what the
// call then fails with. Nothing is sent again for it.
func NotSent(kind, cause error) error { return &unsent{kind: kind, cause: cause} }

func (u *unsent) Error() string { return u.cause.Error() }

func (u *unsent) Unwrap() error { return u.cause }

func isUnsent(err error) bool {
	var u *unsent
	return errors.As(err, &u)
}
