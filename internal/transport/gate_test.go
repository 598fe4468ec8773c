package transport

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// recording is a Recorder that writes with a client of this package.
type recording struct {
	client *Client
	begins int   // calls of Begin before the write
	writes int   // calls after it
	got    error // of the last one
}

func (r *recording) Account() payment.Account {
	return payment.Account{Vendor: "vendor", Tenant: "acme", Host: "api.example.com"}
}

func (r *recording) Prepare(_ context.Context, p payment.Payment) (payment.Payment, error) {
	return p, nil
}

func (r *recording) Find(context.Context, payment.Payment, *payment.Attempt) ([]payment.Receipt, error) {
	return nil, nil
}

func (r *recording) Record(ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	for range r.begins {
		if err := a.Begin(ctx, nil); err != nil {
			return payment.Receipt{}, err
		}
	}
	for range r.writes {
		if _, r.got = send(ctx, r.client, writing()); r.got != nil {
			return payment.Receipt{}, r.got
		}
	}
	return payment.Receipt{Vendor: "vendor", ID: "7", Reference: p.Reference, Amount: p.Amount}, nil
}

// TestAttemptAllowsAWrite: within Once, a write is sent only for a Begin of its
// own, and only as long as the claim lives, after all waits. A refused one is
// told as unsent and leaves no trace at the vendor.
func TestAttemptAllowsAWrite(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		begins, writes int
		wait           time.Duration // of the limiter
		sent           int
		attempts       int // of the refused write
		asked          int // how often the limiter was asked
	}{
		"begun":           {begins: 1, writes: 1, wait: time.Second, sent: 1, asked: 1},
		"never begun":     {begins: 0, writes: 1, wait: time.Second},
		"begun for one":   {begins: 1, writes: 2, wait: time.Second, sent: 1, asked: 1},
		"claim has ended": {begins: 1, writes: 1, wait: time.Hour, attempts: 1, asked: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sent, asked, signed := 0, 0, 0
				c := clientOf(t, Config{Wrap: func(next http.RoundTripper) http.RoundTripper {
					return roundTrip(func(r *http.Request) (*http.Response, error) {
						signed++
						return next.RoundTrip(r)
					})
				}}, WithLimiter(limiter(func(context.Context) error { asked++; time.Sleep(tt.wait); return nil })),
					over(func(*http.Request) (*http.Response, error) { sent++; return textResponse(`{"id":7}`), nil }))
				r := &recording{client: c, begins: tt.begins, writes: tt.writes}
				_, _ = payment.Once(t.Context(), r, paid(t), payment.WithLease(time.Minute), payment.WithPatience(1, 0), payment.WithFirstTry())
				if sent != tt.sent || asked != tt.asked || signed != asked {
					t.Errorf("%d requests, the limiter was asked %d times, %d were signed: %v", sent, asked, signed, r.got)
				}
				if refused := tt.sent < tt.writes; refused != (r.got != nil) {
					t.Errorf("got %v", r.got)
				} else if refused {
					if e := failed(t, r.got, payment.ErrUnavailable); e.Attempts != tt.attempts || e.Reference != "till-7" {
						t.Errorf("got %+v", r.got)
					}
				}
			})
		})
	}
}

// TestAttemptAllowsAnyRead: looking needs no Begin.
func TestAttemptAllowsAnyRead(t *testing.T) {
	t.Parallel()
	for _, r := range []Request{reading(), lookingUp()} {
		c := newClient(t, newVendor(t, found).URL)
		look := &looking{recording{client: c}, r}
		if _, err := payment.Once(t.Context(), look, paid(t), payment.WithPatience(1, 0)); !errors.Is(err, errLooked) {
			t.Errorf("got %v", err)
		}
	}
}

var errLooked = errors.New("looked")

// looking reads in place of writing.
type looking struct {
	recording
	r Request
}

func (l *looking) Record(ctx context.Context, _ payment.Payment, _ *payment.Attempt) (payment.Receipt, error) {
	if _, err := send(ctx, l.client, l.r); err != nil {
		return payment.Receipt{}, err
	}
	return payment.Receipt{}, errLooked
}

func paid(t *testing.T) payment.Payment {
	t.Helper()
	amount, err := payment.ParseMoney("318.00", "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return payment.Payment{Reference: "till-7", Kind: payment.Sale, Amount: amount, Date: time.Now(), Method: "CARD", Target: "order-9"}
}
