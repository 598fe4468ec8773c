package brightpearl_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// One refresh serves every caller that meets the expired token.
func TestRefreshIsShared(t *testing.T) {
	t.Parallel()
	server, o := installed(t, brightpearltest.WithFacts(brightpearltest.Facts{SingleUseRefreshTokens: true}))
	var saved atomic.Int32
	var last brightpearl.Token
	o.Save = func(_ context.Context, token brightpearl.Token) error {
		saved.Add(1)
		last = token
		return nil
	}
	client := connect(t, withOAuth(server, o))
	server.ExpireTokens()
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			if _, err := all(client.PaymentMethods(t.Context())); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := server.Count(brightpearltest.OpToken); n != 1 || saved.Load() != 1 {
		t.Errorf("%d refreshes, %d saved; want 1", n, saved.Load())
	}
	if last.AccessToken == o.Token.AccessToken || last.RefreshToken == o.Token.RefreshToken {
		t.Error("the saved token is the old one")
	}
}

// A 401 means "not executed": the payment goes out again with a new token.
func TestWriteIsReplayedAfterRefresh(t *testing.T) {
	t.Parallel()
	server, o := installed(t)
	client := connect(t, withOAuth(server, o))
	server.ExpireTokens()
	if _, err := client.CreateCustomerPayment(t.Context(), receipt(t)); err != nil {
		t.Fatal(err)
	}
	if n := server.Count(brightpearltest.OpCreateCustomerPayment); n != 2 || len(server.Payments()) != 1 {
		t.Errorf("%d requests, %d payments; want 2 and 1", n, len(server.Payments()))
	}
}

func TestWriteIsReplayedOnlyOnce(t *testing.T) {
	t.Parallel()
	server, o := installed(t)
	client := connect(t, withOAuth(server, o))
	server.Faults().Next(brightpearltest.ExpiredToken(), paymenttest.Pass(), brightpearltest.ExpiredToken())
	_, err := client.CreateCustomerPayment(t.Context(), receipt(t))
	if !errors.Is(err, payment.ErrUnauthorized) || server.Count(brightpearltest.OpCreateCustomerPayment) != 2 {
		t.Errorf("err %v after %d requests", err, server.Count(brightpearltest.OpCreateCustomerPayment))
	}
}

func TestRefreshAheadOfExpiry(t *testing.T) {
	t.Parallel()
	server, o := installed(t)
	now := time.Now()
	o.Token.Expiry = now.Add(20 * time.Minute)
	var ahead atomic.Int64
	client := connect(t, withOAuth(server, o), tenderkit.WithClock(func() time.Time { return now.Add(time.Duration(ahead.Load())) }))
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{0, 0}, {14 * time.Minute, 0}, {16 * time.Minute, 1}, {17 * time.Minute, 1}} {
		ahead.Store(int64(c.after))
		if _, err := all(client.PaymentMethods(t.Context())); err != nil {
			t.Fatal(err)
		}
		if n := server.Count(brightpearltest.OpToken); n != c.want {
			t.Errorf("after %v: %d refreshes, want %d", c.after, n, c.want)
		}
	}
}

// A token that could not be saved is not used, and not thrown away either.
func TestSaveFails(t *testing.T) {
	t.Parallel()
	server, o := installed(t, brightpearltest.WithFacts(brightpearltest.Facts{SingleUseRefreshTokens: true}))
	broken := true
	o.Save = func(context.Context, brightpearl.Token) error {
		if broken {
			return errors.New("disk full")
		}
		return nil
	}
	o.Token.AccessToken = ""
	client := connect(t, withOAuth(server, o))
	_, err := client.CreateCustomerPayment(t.Context(), receipt(t))
	if !errors.Is(err, payment.ErrUnavailable) || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("err %v", err)
	}
	if n := server.Count(brightpearltest.OpCreateCustomerPayment); n != 0 {
		t.Errorf("%d requests with an unsaved token", n)
	}
	broken = false
	if _, err := client.CreateCustomerPayment(t.Context(), receipt(t)); err != nil {
		t.Error(err)
	}
	if n := server.Count(brightpearltest.OpToken); n != 1 {
		t.Errorf("%d refreshes, want 1: the token was kept", n)
	}
}

func TestRefreshFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change   func(*brightpearl.OAuthConfig)
		fault    paymenttest.Fault
		sentinel error
	}{
		"refresh token unknown": {func(o *brightpearl.OAuthConfig) { o.Token.RefreshToken = "wrong" }, paymenttest.Pass(), payment.ErrUnauthorized},
		"answer lost":           {func(*brightpearl.OAuthConfig) {}, paymenttest.DropAfter(), payment.ErrUnavailable},
		"html":                  {func(*brightpearl.OAuthConfig) {}, paymenttest.HTMLAnswer(), payment.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, o := installed(t)
			o.Token.AccessToken = ""
			c.change(&o)
			server.Faults().Next(c.fault)
			_, err := connect(t, withOAuth(server, o)).CreateCustomerPayment(t.Context(), receipt(t))
			if !errors.Is(err, c.sentinel) || errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("err %v", err)
			}
			if n := server.Count(brightpearltest.OpCreateCustomerPayment); n != 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestNoRefreshToken(t *testing.T) {
	t.Parallel()
	server, o := installed(t)
	o.Token.RefreshToken = ""
	client := connect(t, withOAuth(server, o))
	server.ExpireTokens()
	_, err := all(client.PaymentMethods(t.Context()))
	if !errors.Is(err, payment.ErrUnauthorized) || server.Count(brightpearltest.OpToken) != 0 {
		t.Errorf("err %v, %d refreshes", err, server.Count(brightpearltest.OpToken))
	}
}

// A caller that gives up does not take the refresh with it.
func TestRefreshOutlivesItsCaller(t *testing.T) {
	t.Parallel()
	server, o := installed(t, brightpearltest.WithFacts(brightpearltest.Facts{SingleUseRefreshTokens: true}))
	o.Token.AccessToken = ""
	saved := make(chan struct{})
	o.Save = func(context.Context, brightpearl.Token) error { close(saved); return nil }
	client := connect(t, withOAuth(server, o))
	server.Faults().Next(paymenttest.Delay(100 * time.Millisecond))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := all(client.PaymentMethods(ctx)); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("err %v", err)
	}
	<-saved
	if _, err := all(client.PaymentMethods(t.Context())); err != nil || server.Count(brightpearltest.OpToken) != 1 {
		t.Errorf("err %v, %d refreshes", err, server.Count(brightpearltest.OpToken))
	}
}

// The token goes to no host but Brightpearl's own.
func TestForeignAPIDomain(t *testing.T) {
	t.Parallel()
	for _, domain := range []string{
		"evil.example", "brightpearl.com.evil.example", "evilbrightpearl.com", "evil.example/x.brightpearl.com",
		"user@x.brightpearl.com", "evil.example#.brightpearl.com", "evil.example:1.brightpearl.com", ".brightpearl.com",
		"x.brightpearl.com:8443", "x..brightpearl.com", "brightpearl.com",
	} {
		server, o := installed(t, brightpearltest.WithAPIDomain(domain))
		o.Token.AccessToken = ""
		_, err := all(connect(t, withOAuth(server, o)).PaymentMethods(t.Context()))
		if !errors.Is(err, payment.ErrProtocol) || server.Count(brightpearltest.OpPaymentMethods) != 0 {
			t.Errorf("%s: err %v", domain, err)
		}
	}
}

// The host that a token names is called over https, with the same path.
func TestAPIDomainIsFollowed(t *testing.T) {
	t.Parallel()
	for _, domain := range []string{"ws-use.brightpearl.com", "EUW1.brightpearlconnect.com", "gate.example:8443"} {
		server, o := installed(t, brightpearltest.WithAPIDomain(domain))
		o.Token.AccessToken, o.Domains = "", []string{"gate.example:8443"}
		var called string
		base := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/token/"+server.Config().Account {
				return http.DefaultTransport.RoundTrip(r)
			}
			called = r.URL.String()
			return nil, errors.New("not today")
		})}
		_, err := all(connect(t, withOAuth(server, o), tenderkit.WithHTTPClient(base), tenderkit.WithRetries(0)).PaymentMethods(t.Context()))
		want := "https://" + domain + "/public-api/" + server.Config().Account + "/accounting-service/payment-method/"
		if !errors.Is(err, payment.ErrUnavailable) || called != want {
			t.Errorf("called %s, want %s; err %v", called, want, err)
		}
	}
}

// A connection to the token endpoint is not one to the vendor: a payment that
// could not be sent after a refresh is known not to have happened.
func TestRefreshLeavesNoTraceOfAConnection(t *testing.T) {
	t.Parallel()
	const nobody = "127.0.0.1:1"
	server, o := installed(t, brightpearltest.WithAPIDomain(nobody))
	o.Token.AccessToken = ""
	config := withOAuth(server, o)
	config.BaseURL = "http://" + nobody
	_, err := connect(t, config, tenderkit.WithRetries(0)).CreateCustomerPayment(t.Context(), receipt(t))
	if !errors.Is(err, payment.ErrUnavailable) || errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("err %v", err)
	}
	if n := server.Count(brightpearltest.OpToken); n != 1 {
		t.Errorf("%d refreshes", n)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// expires_in in another form does not lose a refresh token that works once.
func TestExpiryInAnotherForm(t *testing.T) {
	t.Parallel()
	for body, known := range map[string]bool{`"604800"`: true, `604800.0`: true, `"soon"`: false, `{}`: false, `null`: false, `-5`: false} {
		endpoint := httptest.NewServer(jsonBody(`{"access_token":"new-access","refresh_token":"new-refresh","api_domain":7,"expires_in":` + body + `}`))
		defer endpoint.Close()
		server, o := installed(t)
		var saved brightpearl.Token
		o.Token.AccessToken, o.TokenURL = "", endpoint.URL
		o.Save = func(_ context.Context, token brightpearl.Token) error { saved = token; return nil }
		_, _ = all(connect(t, withOAuth(server, o)).PaymentMethods(t.Context()))
		if saved.RefreshToken != "new-refresh" || saved.Expiry.IsZero() == known {
			t.Errorf("%s: saved %q, expiry %v", body, string(saved.RefreshToken), saved.Expiry)
		}
	}
}

// A refresh ahead of time that fails does not cost the token that is still
// good, and is not tried again with each call.
func TestEarlyRefreshFails(t *testing.T) {
	t.Parallel()
	server, o := installed(t)
	now := time.Now()
	o.Token.Expiry = now.Add(20 * time.Minute)
	var ahead atomic.Int64
	client := connect(t, withOAuth(server, o), tenderkit.WithClock(func() time.Time { return now.Add(time.Duration(ahead.Load())) }))
	server.Faults().On(server.Is(brightpearltest.OpToken),
		paymenttest.ServerErrorJSON(500, false), paymenttest.ServerErrorJSON(500, false), paymenttest.ServerErrorJSON(500, false))
	for _, c := range []struct {
		after time.Duration
		want  int
		ok    bool
	}{
		{16 * time.Minute, 1, true}, {16*time.Minute + time.Second, 1, true}, {17*time.Minute + time.Second, 2, true},
		{20*time.Minute + time.Second, 3, false}, {20*time.Minute + 2*time.Second, 4, true},
	} {
		ahead.Store(int64(c.after))
		_, err := all(client.PaymentMethods(t.Context()))
		if n := server.Count(brightpearltest.OpToken); (err == nil) != c.ok || n != c.want {
			t.Errorf("after %v: %d refreshes, err %v; want %d", c.after, n, err, c.want)
		}
	}
}

// A Save that panics or ends its goroutine fails the call and no later one.
func TestSaveDoesNotReturn(t *testing.T) {
	t.Parallel()
	for text, end := range map[string]func(){"panicked": func() { panic("secret") }, "did not return": runtime.Goexit} {
		server, o := installed(t)
		end := end
		o.Token.AccessToken = ""
		o.Save = func(context.Context, brightpearl.Token) error {
			if end != nil {
				defer func() { end = nil }()
				end()
			}
			return nil
		}
		client := connect(t, withOAuth(server, o))
		_, err := all(client.PaymentMethods(t.Context()))
		if !errors.Is(err, payment.ErrUnavailable) || !strings.Contains(err.Error(), text) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: err %v", text, err)
		}
		if _, err := all(client.PaymentMethods(t.Context())); err != nil {
			t.Errorf("%s: the next call: %v", text, err)
		}
	}
}

func TestRefusedRefreshTellsWhy(t *testing.T) {
	t.Parallel()
	server, o := installed(t)
	o.Token.AccessToken, o.Token.RefreshToken = "", "wrong"
	_, err := all(connect(t, withOAuth(server, o)).PaymentMethods(t.Context()))
	if !errors.Is(err, payment.ErrUnauthorized) || !strings.Contains(err.Error(), "The auth token has either expired or does not exist") {
		t.Errorf("err %v", err)
	}
}

// What Save stores comes back whole; what a careless Save stores is refused.
func TestTokenIsStored(t *testing.T) {
	t.Parallel()
	server, o := installed(t)
	o.Token.APIDomain, o.Token.InstallationInstanceID = strings.TrimPrefix(server.URL, "http://"), "13"
	data, err := o.Token.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var back brightpearl.Token
	if err := back.UnmarshalBinary(data); err != nil || !back.Expiry.Equal(o.Token.Expiry) {
		t.Fatalf("read back %+v, err %v", back, err)
	}
	back.Expiry = o.Token.Expiry
	if back != o.Token {
		t.Errorf("read back another token")
	}
	if err := back.UnmarshalBinary([]byte("[]")); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("err %v", err)
	}
	text, err := json.Marshal(o.Token)
	if err != nil || strings.Contains(string(text), string(o.Token.RefreshToken)) {
		t.Fatalf("JSON %s, err %v", text, err)
	}
	for name, change := range map[string]func(*brightpearl.OAuthConfig){
		"OAuthConfig.Token.AccessToken":  func(o *brightpearl.OAuthConfig) { o.Token.AccessToken = "[redacted]" },
		"OAuthConfig.Token.RefreshToken": func(o *brightpearl.OAuthConfig) { o.Token.RefreshToken = "[redacted]" },
		"OAuthConfig.ClientSecret":       func(o *brightpearl.OAuthConfig) { o.ClientSecret = "[redacted]" },
	} {
		bad := o
		change(&bad)
		_, err := brightpearl.New(withOAuth(server, bad))
		var refused *payment.FieldError
		if !errors.As(err, &refused) || refused.Field != name {
			t.Errorf("%s: err %v", name, err)
		}
	}
}
