package transport

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// Option changes how a client talks. The root package documents each.
type Option func(*settings)

// Limiter holds an attempt back until it may be sent.
type Limiter interface {
	Wait(ctx context.Context) error
}

type settings struct {
	client     *http.Client
	logger     *slog.Logger
	userAgent  string
	timeout    time.Duration
	retries    int
	backoffMin time.Duration
	backoffMax time.Duration
	limiter    Limiter
	clock      func() time.Time
	observer   func(Exchange)
	insecure   bool
	wrong      error // the first option with a wrong value
}

func collect(opts []Option) (settings, error) {
	s := settings{
		userAgent:  agent,
		timeout:    30 * time.Second,
		retries:    3,
		backoffMin: 250 * time.Millisecond,
		backoffMax: 8 * time.Second,
		clock:      time.Now,
	}
	for _, o := range opts {
		if o == nil {
			return s, &payment.FieldError{Field: "Option", Reason: "is nil"}
		}
		o(&s)
	}
	return s, s.wrong
}

// require notes the first wrong option.
func (s *settings) require(ok bool, option, reason string) {
	if !ok && s.wrong == nil {
		s.wrong = &payment.FieldError{Field: option, Reason: reason}
	}
}

// WithHTTPClient uses a copy of client.
func WithHTTPClient(client *http.Client) Option {
	return func(s *settings) {
		s.require(client != nil, "WithHTTPClient", "is nil")
		s.client = client
	}
}

// WithLogger logs each attempt.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) {
		s.require(logger != nil, "WithLogger", "is nil")
		s.logger = logger
	}
}

// WithUserAgent puts product before the SDK's own name.
func WithUserAgent(product string) Option {
	return func(s *settings) {
		s.require(product != "" && printableASCII(product), "WithUserAgent", "is empty or not printable ASCII")
		s.userAgent = product + " " + agent
	}
}

// WithTimeout bounds each attempt.
func WithTimeout(perAttempt time.Duration) Option {
	return func(s *settings) {
		s.require(perAttempt > 0, "WithTimeout", "is not positive")
		s.timeout = perAttempt
	}
}

// WithRetries bounds how often a call is sent again.
func WithRetries(max int) Option {
	return func(s *settings) {
		s.require(max >= 0, "WithRetries", "is negative")
		s.retries = max
	}
}

// WithBackoff bounds the random wait between attempts.
func WithBackoff(min, max time.Duration) Option {
	return func(s *settings) {
		s.require(min >= 0 && min <= max, "WithBackoff", "min is negative or above max")
		s.backoffMin, s.backoffMax = min, max
	}
}

// WithLimiter asks limiter before each attempt.
func WithLimiter(limiter Limiter) Option {
	return func(s *settings) {
		s.require(limiter != nil, "WithLimiter", "is nil")
		s.limiter = limiter
	}
}

// WithClock replaces the clock.
func WithClock(now func() time.Time) Option {
	return func(s *settings) {
		s.require(now != nil, "WithClock", "is nil")
		s.clock = now
	}
}

// WithObserver reports each attempt.
func WithObserver(observe func(Exchange)) Option {
	return func(s *settings) {
		s.require(observe != nil, "WithObserver", "is nil")
		s.observer = observe
	}
}

// WithInsecureHTTP allows plain http to a foreign host.
func WithInsecureHTTP() Option {
	return func(s *settings) { s.insecure = true }
}

func printableASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
