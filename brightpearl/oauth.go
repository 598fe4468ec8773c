package brightpearl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

const refreshLead = 5 * time.Minute // before a token's end

// OAuthConfig is a public app's identity and the token it holds.
type OAuthConfig struct {
	DevRef       string           // developer reference
	AppRef       string           // app reference, which is also the client id
	ClientSecret tenderkit.Secret // confidential clients only
	Token        Token            // from ExchangeCode, or the last one that Save was given

	// Save keeps a refreshed token before its first use; nil keeps it in memory
	// alone. Whether refresh tokens may be used twice is unknown: what Save is
	// given has replaced what was saved before. Its error stops the call, and
	// the same token is offered again on the next one.
	Save func(context.Context, Token) error

	TokenURL string   // scheme and host in place of https://oauth.brightpearlapp.com; /token/{account} is added
	Domains  []string // hosts accepted as api_domain beside *.brightpearl.com and *.brightpearlconnect.com
}

// Token is an OAuth 2.0 token of one account. Its secrets print redacted and
// encode redacted too: convert them to string to store them.
type Token struct {
	AccessToken            tenderkit.Secret
	RefreshToken           tenderkit.Secret
	APIDomain              string    // host that serves the account from now on, without scheme
	InstallationInstanceID string    // only from the first exchange (observed)
	Expiry                 time.Time // zero if unknown
}

// OAuth is the style of public apps: Authorization: Bearer, with
// brightpearl-dev-ref and brightpearl-app-ref (documented).
//
// The token is refreshed five minutes before its end and once after a 401,
// for all callers together. The host that a token names (api_domain) is
// followed only if it is Brightpearl's or one of Domains.
func OAuth(config OAuthConfig) Auth { return &oauth{config} }

type oauth struct{ config OAuthConfig }

// Format prints the style alone.
func (o *oauth) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "brightpearl.OAuth") }

func (o *oauth) open(config Config, opts []tenderkit.Option) (authenticator, error) {
	if err := o.config.check(); err != nil {
		return nil, err
	}
	t := o.config.Token
	seal := transport.NewSeal(string(o.config.ClientSecret), string(t.AccessToken), string(t.RefreshToken))
	endpoint, err := newTokenEndpoint(o.config, config.Account, seal, opts)
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(config.origin())
	if err != nil {
		return nil, invalid("Config.BaseURL", "is not an absolute URL")
	}
	b := &bearer{config: o.config, endpoint: endpoint, secrets: seal, home: base.Host}
	b.use(t)
	return b, nil
}

func (c OAuthConfig) check() error {
	switch {
	case c.Token.AccessToken == "" && c.Token.RefreshToken == "":
		return invalid("OAuthConfig.Token", "holds neither access nor refresh token")
	case c.Token.AccessToken != "" && checkHeader("", string(c.Token.AccessToken)) != nil:
		return checkHeader("OAuthConfig.Token.AccessToken", string(c.Token.AccessToken))
	}
	if err := checkHeader("OAuthConfig.DevRef", c.DevRef); err != nil {
		return err
	}
	return checkHeader("OAuthConfig.AppRef", c.AppRef)
}

// bearer holds the current token and lets one caller at a time renew it.
type bearer struct {
	config   OAuthConfig
	endpoint *tokenEndpoint
	secrets  *transport.Seal
	home     string // host of the base URL

	mu      sync.Mutex
	token   Token
	renewAt time.Time // zero if its end is unknown
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

// current gives a token that is good for now, waiting for its renewal if need be.
func (b *bearer) current(ctx context.Context) (Token, error) {
	b.mu.Lock()
	if !b.due() {
		defer b.mu.Unlock()
		return b.token, nil
	}
	if b.renewal == nil {
		b.renewal = &renewal{done: make(chan struct{})}
		go b.renew(context.WithoutCancel(ctx), b.renewal)
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
	return b.token, r.err
}

func (b *bearer) due() bool {
	old := !b.renewAt.IsZero() && !b.endpoint.now().Before(b.renewAt)
	return b.stale || b.unsaved != nil || b.token.AccessToken == "" || old && b.token.RefreshToken != ""
}

// use makes t the current token. A refresh was seen to give the same token for
// the rest of its life: the lead is never more than half of what is left, so
// that the last minutes do not bring a refresh with each call.
func (b *bearer) use(t Token) {
	b.token, b.unsaved, b.stale, b.renewAt = t, nil, false, time.Time{}
	if !t.Expiry.IsZero() {
		left := t.Expiry.Sub(b.endpoint.now())
		b.renewAt = t.Expiry.Add(-max(0, min(refreshLead, left/2)))
	}
}

// renew refreshes and saves. It outlives the caller that started it: a token
// that was handed out once may never be handed out again.
func (b *bearer) renew(ctx context.Context, r *renewal) {
	token, err := b.refreshed(ctx)
	if err == nil && b.config.Save != nil {
		err = b.config.Save(ctx, token)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil {
		b.use(token)
	}
	b.renewal, r.err = nil, err
	close(r.done)
}

// refreshed gives the token that still waits to be saved, or asks for one.
func (b *bearer) refreshed(ctx context.Context) (Token, error) {
	b.mu.Lock()
	old, waiting := b.token, b.unsaved
	b.mu.Unlock()
	if waiting != nil {
		return *waiting, nil
	}
	token, err := b.endpoint.refresh(ctx, old)
	if err != nil {
		return Token{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.unsaved = &token
	return token, nil
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
	if strings.ContainsAny(domain, "/@?#\\ ") {
		return false
	}
	for _, d := range b.config.Domains {
		if strings.EqualFold(d, domain) {
			return true
		}
	}
	lower := strings.ToLower(domain)
	return strings.HasSuffix(lower, ".brightpearl.com") || strings.HasSuffix(lower, ".brightpearlconnect.com")
}

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
