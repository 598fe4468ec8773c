package brightpearl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

const (
	refreshLead = 5 * time.Minute // before a token's end
	retryPause  = 5 * time.Second // after a refresh ahead of time has failed, at least
)

var (
	errSaveEnded    = errors.New("OAuthConfig.Save did not return")
	errSavePanicked = errors.New("OAuthConfig.Save panicked")
	errNoAccess     = errors.New("the refresh has brought no access token")
)

// bearer holds the current token and lets one caller at a time renew it.
type bearer struct {
	config   OAuthConfig
	endpoint *tokenEndpoint
	secrets  *transport.Seal
	home     string // host of the base URL

	mu      sync.Mutex
	token   Token
	renewAt time.Time // zero if no end is known
	retryAt time.Time // not before, after a renewal ahead of time has failed
	stale   bool      // refused by the vendor before its time
	unsaved *Token    // refreshed, but Save has failed
	renewal *renewal  // under way
}

// renewal is one refresh that any number of callers wait for.
type renewal struct {
	done chan struct{}
	err  error
}

func (b *bearer) renews() bool          { return true }
func (b *bearer) seal() *transport.Seal { return b.secrets }

func (b *bearer) sign(req *http.Request) error {
	token, err := b.current(req.Context())
	if err != nil {
		return transport.NotSent(tokenFailure(err), withoutChain(req.Context(), err))
	}
	if err := b.move(req, token.APIDomain); err != nil {
		return transport.NotSent(payment.ErrProtocol, err)
	}
	req.Header.Set("Authorization", "Bearer "+string(token.AccessToken))
	req.Header.Set("brightpearl-dev-ref", b.config.DevRef)
	req.Header.Set("brightpearl-app-ref", b.config.AppRef)
	return nil
}

// answered notes that the vendor no longer takes a token, unless another
// caller has renewed it since.
func (b *bearer) answered(resp *http.Response, signed *http.Request) {
	if resp.StatusCode != http.StatusUnauthorized {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if signed.Header.Get("Authorization") == "Bearer "+string(b.token.AccessToken) {
		b.stale = true
	}
}

// current returns a token that is good for now, waiting for its renewal if need
// be. A renewal ahead of time that fails leaves the old token in use.
func (b *bearer) current(ctx context.Context) (Token, error) {
	b.mu.Lock()
	if !b.due() {
		defer b.mu.Unlock()
		return b.token, nil
	}
	if b.renewal == nil {
		b.renewal = &renewal{done: make(chan struct{})}
		go b.renew(b.renewal)
	}
	r := b.renewal
	b.mu.Unlock()
	select {
	case <-ctx.Done():
		return Token{}, ctx.Err()
	case <-r.done:
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.err != nil && b.unsaved == nil && b.usable() {
		return b.token, nil
	}
	return b.token, r.err
}

// due reports whether the token must be renewed before the next request.
func (b *bearer) due() bool {
	if b.unsaved != nil || !b.usable() {
		return true
	}
	now := b.endpoint.now()
	old := !b.renewAt.IsZero() && !now.Before(b.renewAt) && !now.Before(b.retryAt)
	return old && b.token.RefreshToken != ""
}

// usable reports whether the vendor may still take the token. Without a refresh
// token there is no other one to use.
func (b *bearer) usable() bool {
	if b.stale || b.token.AccessToken == "" {
		return false
	}
	return b.token.Expiry.IsZero() || b.token.RefreshToken == "" || b.endpoint.now().Before(b.token.Expiry)
}

// use makes t the current token. A refresh ahead of time was seen to return the
// same token for the rest of its life. Such a token, and one that lives shorter
// than the lead, is used to its end: another early refresh would bring nothing.
func (b *bearer) use(t Token) {
	again := t.AccessToken == b.token.AccessToken
	b.token, b.unsaved, b.stale, b.renewAt, b.retryAt = t, nil, false, t.Expiry, time.Time{}
	if left := t.Expiry.Sub(b.endpoint.now()); !t.Expiry.IsZero() && !again && left > refreshLead {
		b.renewAt = t.Expiry.Add(-refreshLead)
	}
}

// renew refreshes and saves. It outlives the caller that started it: a token
// that was handed out once may never be handed out again. It takes no values of
// that caller's context either: the traces in them are of the caller's request,
// and a connection to the token endpoint would look like one to the vendor.
//
// A Save that panics, or ends its goroutine, is a Save that failed.
func (b *bearer) renew(r *renewal) {
	var token *Token
	r.err = errSaveEnded
	defer func() {
		if recover() != nil {
			r.err = errSavePanicked
		}
		b.finish(r, token)
	}()
	ctx := context.Background()
	next, err := b.refreshed(ctx)
	if next != nil && b.config.Save != nil {
		if failed := b.config.Save(ctx, *next); failed != nil {
			r.err = failed
			return
		}
	}
	token, r.err = next, err
}

// finish ends a renewal and wakes those who wait for it. It may have brought a
// token and have failed: then only the refresh token is new.
func (b *bearer) finish(r *renewal, token *Token) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if token != nil {
		b.use(*token)
	}
	if r.err == nil && b.token.AccessToken == "" {
		r.err = errNoAccess
	}
	if r.err != nil {
		left := b.token.Expiry.Sub(b.endpoint.now())
		b.retryAt = b.endpoint.now().Add(max(retryPause, min(time.Minute, left/2)))
	}
	b.renewal = nil
	close(r.done)
}

// refreshed returns the token that still waits to be saved, or asks for one. A
// new refresh token is returned beside the error.
func (b *bearer) refreshed(ctx context.Context) (*Token, error) {
	b.mu.Lock()
	old, waiting := b.token, b.unsaved
	b.mu.Unlock()
	if waiting != nil {
		return waiting, nil
	}
	token, err := b.endpoint.refresh(ctx, old)
	if err != nil && token.RefreshToken == old.RefreshToken {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.unsaved = &token
	return &token, err
}

// move sends a request to the host that the token names. The token goes to no
// other place than Brightpearl's own.
func (b *bearer) move(req *http.Request, domain string) error {
	if domain == "" || domain == b.home {
		return nil
	}
	if !b.trusted(domain) {
		return errors.New("the token names a host that is not Brightpearl's")
	}
	target := *req.URL
	target.Scheme, target.Host = "https", domain
	req.URL, req.Host = &target, domain
	return nil
}

func (b *bearer) trusted(domain string) bool {
	same := func(d string) bool { return strings.EqualFold(d, domain) }
	return slices.ContainsFunc(b.config.Domains, same) || ownHost.MatchString(domain)
}

// ownHost is a host of Brightpearl's, without a port.
var ownHost = regexp.MustCompile(`(?i)^[a-z0-9-]+(\.[a-z0-9-]+)*\.(brightpearl|brightpearlconnect)\.com$`)

// withoutChain cuts the chain of a failed refresh: an unknown outcome there is
// not one of the call. What stays is the end of the call's own context.
func withoutChain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("waiting for a token: %w", ctx.Err())
	}
	return fmt.Errorf("token refresh failed: %v", err)
}

// tokenFailure says what a call fails with whose token could not be renewed.
func tokenFailure(err error) error {
	if errors.Is(err, payment.ErrUnauthorized) {
		return payment.ErrUnauthorized
	}
	return payment.ErrUnavailable
}
