package tenderkit

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/tenderkit/tenderkit/internal/transport"
)

const redacted = "[redacted]"

// Secret is a credential: an API key, a token, a signing key. It prints as
// "[redacted]" under every verb of fmt, in slog and in encoding/json. Convert
// it to string where its text is really needed.
//
// Package fmt does not call methods on unexported fields: a program that
// prints a struct of its own should not keep a Secret in an unexported field.
// Nor are they called for the verbs %p and %w, which go vet refuses, for the keys
// of a map in encoding/json, and by printers that call no methods at all, such
// as the diff of a failed comparison in testify.
type Secret string

// String returns "[redacted]".
func (Secret) String() string { return redacted }

// GoString returns "[redacted]".
func (Secret) GoString() string { return redacted }

// Format writes "[redacted]" for every verb.
func (Secret) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// LogValue returns "[redacted]" for slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "[redacted]" to encoding/json, encoding/xml and every other
// encoder that asks for text; encoding/gob does not. Reading a Secret works.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Option changes how a client talks. The same list serves every vendor's New. A
// wrong value is reported by New, as a payment.FieldError.
type Option = transport.Option

// Limiter holds a request back until it may be sent. It is asked once for each
// attempt, retries included. The Limiter of golang.org/x/time/rate is one.
type Limiter interface {
	Wait(ctx context.Context) error
}

// Exchange is what an observer sees of a call: an attempt that has ended or, if
// Waiting is not empty, a wait that begins. It holds no credential, no id and
// nothing of the bodies.
type Exchange struct {
	Vendor    string // "brightpearl"
	Op        string // "CreateCustomerPayment"
	Method    string // HTTP method
	Path      string // path template, such as "accounting-service/customer-payment/{id}"
	Reference string // the caller's own reference of the payment, if the call has one
	Attempt   int    // 1 for the first; of a wait, the attempt that comes after it

	// Waiting is why the call waits now: "retry", "limiter" for the one of
	// [WithLimiter], or a vendor's own words. Wait is then how long it will wait
	// at most, or 0 if that is unknown. A limiter that lets the attempt pass
	// within 50 ms is not reported.
	Waiting string
	// Wait of an attempt is how long it was held back before it was sent.
	Wait time.Duration

	// The rest is zero while Waiting is not empty.

	Status    int           // HTTP status; 0 if no complete answer came
	Duration  time.Duration // from the end of the wait to the answer's last byte
	RequestID string        // the vendor's own id for the exchange, if it sent one
	Err       error         // why no complete answer came; nil if one did, whatever its status
}

// WithHTTPClient uses a copy of client. Its Timeout bounds each attempt like
// [WithTimeout]; the shorter one counts. Redirects and the closing of idle
// connections stay under the control of this SDK. A client without a Transport
// gets one that closes idle connections after four seconds, before common
// servers do, and finds dead HTTP/2 connections by pings.
//
// A Transport of your own must not send a request twice: this SDK sends again
// what may be sent again, and a layer below it cannot know. A write that net/http
// is seen to send a second time within one attempt has no known outcome, but a
// Transport that repeats requests without their context cannot be noticed.
func WithHTTPClient(client *http.Client) Option {
	return func(s *transport.Settings) {
		s.Require(client != nil, "WithHTTPClient", "is nil")
		s.Client = client
	}
}

// WithLogger writes one record for each attempt and for each wait, with the
// fields of [Exchange] and nothing else: an attempt at debug level, or at warn
// level if it failed, and a wait at info level. Nothing is logged by default.
func WithLogger(logger *slog.Logger) Option {
	return func(s *transport.Settings) {
		s.Require(logger != nil, "WithLogger", "is nil")
		s.Logger = logger
	}
}

// WithUserAgent puts the caller's product, such as "shopbridge/2.1", before
// the name of this SDK in the User-Agent header. It must be printable ASCII.
func WithUserAgent(product string) Option {
	return func(s *transport.Settings) {
		s.Require(product != "" && printableASCII(product), "WithUserAgent", "is empty or not printable ASCII")
		s.Product = product
	}
}

// WithTimeout bounds each attempt, from the connection to the answer's last
// byte. The default is 30 seconds. A whole call is bounded by its context.
func WithTimeout(perAttempt time.Duration) Option {
	return func(s *transport.Settings) {
		s.Require(perAttempt > 0, "WithTimeout", "is not positive")
		s.Timeout = perAttempt
	}
}

// WithRetries sets how often a call that may be repeated is sent again, 3 by
// default; 0 turns retrying off. It never makes a write repeat that may have
// happened.
func WithRetries(max int) Option {
	return func(s *transport.Settings) {
		s.Require(max >= 0, "WithRetries", "is negative")
		s.Retries = max
	}
}

// WithBackoff bounds the random wait before the next attempt, 250 ms doubling
// up to 8 s by default. A wait that the vendor asks for is kept as asked, up
// to one minute; a longer one ends the call.
func WithBackoff(min, max time.Duration) Option {
	return func(s *transport.Settings) {
		s.Require(min >= 0 && min <= max, "WithBackoff", "min is negative or above max")
		s.BackoffMin, s.BackoffMax = min, max
	}
}

// WithLimiter asks limiter before each attempt, beside a vendor's own limit.
func WithLimiter(limiter Limiter) Option {
	return func(s *transport.Settings) {
		s.Require(limiter != nil, "WithLimiter", "is nil")
		s.Limiter = limiter
	}
}

// WithClock replaces the clock that signs requests and reads dates in answers.
// Waiting always takes real time.
func WithClock(now func() time.Time) Option {
	return func(s *transport.Settings) {
		s.Require(now != nil, "WithClock", "is nil")
		s.Clock = now
	}
}

// WithObserver calls observe after each attempt and when a wait begins. Its
// context has the values of the call's context, and does not end. It must be
// safe for concurrent use and should return quickly.
func WithObserver(observe func(context.Context, Exchange)) Option {
	return func(s *transport.Settings) {
		s.Require(observe != nil, "WithObserver", "is nil")
		s.Observer = func(ctx context.Context, e transport.Exchange) { observe(ctx, Exchange(e)) }
	}
}

// WithInsecureHTTP allows plain http to a host that is not this machine. The
// credentials then cross the network unprotected.
func WithInsecureHTTP() Option {
	return func(s *transport.Settings) { s.InsecureHTTP = true }
}

func printableASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
