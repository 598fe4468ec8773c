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
// Nor are they called for the verbs %p and %w, which go vet refuses, and for
// the keys of a map in encoding/json.
type Secret string

// String gives "[redacted]".
func (Secret) String() string { return redacted }

// GoString gives "[redacted]".
func (Secret) GoString() string { return redacted }

// Format writes "[redacted]" for every verb.
func (Secret) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// LogValue gives slog "[redacted]".
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText gives "[redacted]" to encoding/json, encoding/xml and every other
// encoder that asks for text; encoding/gob does not. Reading a Secret works.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Option says how a client talks: give the same list to every vendor's New.
// A wrong value is reported by New, as a payment.FieldError.
type Option = transport.Option

// Limiter holds a request back until it may be sent. It is asked once for each
// attempt, retries included. The Limiter of golang.org/x/time/rate fits.
type Limiter interface {
	Wait(ctx context.Context) error
}

// Exchange is one attempt of one call, as an observer sees it. It holds no
// credential, no id and nothing of the bodies.
type Exchange struct {
	Vendor    string        // "brightpearl"
	Op        string        // "CreateCustomerPayment"
	Method    string        // HTTP method
	Path      string        // path template, such as "accounting-service/customer-payment/{id}"
	Status    int           // HTTP status; 0 if no complete answer came
	Attempt   int           // 1 for the first
	Duration  time.Duration // from the limiter's leave to the answer's last byte
	RequestID string        // the vendor's own id for the exchange, if it sent one
}

// WithHTTPClient uses a copy of client. Redirects and the closing of idle
// connections stay under the control of this SDK.
func WithHTTPClient(client *http.Client) Option { return transport.WithHTTPClient(client) }

// WithLogger writes one record for each attempt, with the fields of [Exchange]
// and nothing else: at debug level, or at warn level for one that failed.
// Nothing is logged by default.
func WithLogger(logger *slog.Logger) Option { return transport.WithLogger(logger) }

// WithUserAgent puts the caller's product, such as "shopbridge/2.1", before
// the name of this SDK in the User-Agent header.
func WithUserAgent(product string) Option { return transport.WithUserAgent(product) }

// WithTimeout bounds each attempt, from the connection to the answer's last
// byte. The default is 30 seconds. A whole call is bounded by its context.
func WithTimeout(perAttempt time.Duration) Option { return transport.WithTimeout(perAttempt) }

// WithRetries sets how often a call that may be repeated is sent again, 3 by
// default; 0 turns retrying off. It never makes a write repeat that may have
// happened.
func WithRetries(max int) Option { return transport.WithRetries(max) }

// WithBackoff bounds the random wait before the next attempt, 250 ms doubling
// up to 8 s by default. A wait that the vendor asks for is kept as asked, up
// to one minute; a longer one ends the call.
func WithBackoff(min, max time.Duration) Option { return transport.WithBackoff(min, max) }

// WithLimiter asks limiter before each attempt, beside a vendor's own limit.
func WithLimiter(limiter Limiter) Option { return transport.WithLimiter(limiter) }

// WithClock replaces the clock that signs requests and reads dates in answers.
// Waiting always takes real time.
func WithClock(now func() time.Time) Option { return transport.WithClock(now) }

// WithObserver calls observe after each attempt. It must be safe for
// concurrent use and should return quickly.
func WithObserver(observe func(Exchange)) Option {
	if observe == nil {
		return transport.WithObserver(nil)
	}
	return transport.WithObserver(func(e transport.Exchange) { observe(Exchange(e)) })
}

// WithInsecureHTTP allows plain http to a host that is not this machine. The
// credentials then cross the network unprotected.
func WithInsecureHTTP() Option { return transport.WithInsecureHTTP() }
