package brightpearl_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment"
)

// rotating is a client of a vendor that takes every token, and whose refreshes
// are answered by the bodies, one after the other. It returns which refresh tokens
// were sent, what was saved, and which tokens the vendor was called with.
func rotating(t *testing.T, change func(*brightpearl.OAuthConfig), opts []tenderkit.Option, bodies ...string) (client *brightpearl.Client, sent *[]string, saved *[]brightpearl.Token, used *[]string) {
	t.Helper()
	sent, saved, used = new([]string), new([]brightpearl.Token), new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/token/") {
			*used = append(*used, r.Header.Get("Authorization"))
			jsonBody(`{"response":[]}`)(w, r)
			return
		}
		*sent = append(*sent, r.PostFormValue("refresh_token"))
		jsonBody(bodies[min(len(*sent), len(bodies))-1])(w, r)
	}))
	t.Cleanup(server.Close)
	o := brightpearl.OAuthConfig{
		DevRef: app.DevRef, AppRef: app.AppRef, TokenURL: server.URL,
		Token: brightpearl.Token{RefreshToken: "r1", InstallationInstanceID: "13"},
		Save:  func(_ context.Context, token brightpearl.Token) error { *saved = append(*saved, token); return nil },
	}
	if change != nil {
		change(&o)
	}
	return connect(t, brightpearl.Config{Account: "acme", BaseURL: server.URL, Auth: brightpearl.OAuth(o)}, opts...), sent, saved, used
}

// A refresh token that works once is saved, whatever stands beside it.
func TestRotatedTokenIsSaved(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]brightpearl.Token{
		`{"access_token":"a2","refresh_token":5}`:                                        {AccessToken: "a2", RefreshToken: "5"},
		`{"access_token":"a2","refresh_token":123456789012345678901234567890}`:           {AccessToken: "a2", RefreshToken: "123456789012345678901234567890"},
		`{"access_token":"a2","refresh_token":1.50}`:                                     {AccessToken: "a2", RefreshToken: "1.50"},
		`{"access_token":"a2","refresh_token":"r2","token_type":7}`:                      {AccessToken: "a2", RefreshToken: "r2"},
		`{"access_token":"a2","refresh_token":"r2","token_type":{"is":"Bearer"}}`:        {AccessToken: "a2", RefreshToken: "r2"},
		`{"access_token":"a2","refresh_token":"r2","token_type":null,"scope":["a"]}`:     {AccessToken: "a2", RefreshToken: "r2"},
		`{"access_token":"a2","refresh_token":"r2","api_domain":["x"],"expires_in":"?"}`: {AccessToken: "a2", RefreshToken: "r2"},
		`{"access_token":"a2","refresh_token":"r2","installation_instance_id":50}`:       {AccessToken: "a2", RefreshToken: "r2", InstallationInstanceID: "50"},
		`{"access_token":"a2","refresh_token":"r2","installation_instance_id":"50"}`:     {AccessToken: "a2", RefreshToken: "r2", InstallationInstanceID: "50"},
		`{"access_token":"a2","refresh_token":"r2","installation_instance_id":{}}`:       {AccessToken: "a2", RefreshToken: "r2"},
		"\ufeff" + `{"access_token":"a2","refresh_token":"r2"}`:                          {AccessToken: "a2", RefreshToken: "r2"},
		`{"access_token":"a2"}`:                                     {AccessToken: "a2", RefreshToken: "r1"},
		`{"access_token":"a2","refresh_token":null}`:                {AccessToken: "a2", RefreshToken: "r1"},
		`{"access_token":"a2","refresh_token":""}`:                  {AccessToken: "a2", RefreshToken: "r1"},
		`{"access_token":"a2","refresh_token":["r2"]}`:              {AccessToken: "a2", RefreshToken: "r1"}, // nobody can know which text is the token
		`{"refresh_token":"r2"}`:                                    {RefreshToken: "r2"},
		`{"refresh_token":"r2","access_token":null}`:                {RefreshToken: "r2"},
		`{"refresh_token":"r2","access_token":{"value":"a2"}}`:      {RefreshToken: "r2"},
		`{"access_token":"a\nb","refresh_token":"r2"}`:              {RefreshToken: "r2"},
		`{"access_token":"a2","refresh_token":"r2","expires_in":60`: {RefreshToken: "r2"},
		`{"access_token":"a2","refresh_token":"r2","x":1,"x":2}`:    {RefreshToken: "r2"},
		`{"access_token":"a2","refresh_token":"r2"} trailing`:       {RefreshToken: "r2"},
	} {
		if want.InstallationInstanceID == "" {
			want.InstallationInstanceID = "13"
		}
		client, _, saved, used := rotating(t, nil, nil, body)
		_, err := all(client.PaymentMethods(t.Context()))
		if len(*saved) != 1 || (*saved)[0] != want {
			t.Errorf("%s: saved %v, err %v", body, *saved, err)
		}
		if ok := want.AccessToken != ""; ok != (err == nil) || ok != (len(*used) == 1) || !ok && !errors.Is(err, payment.ErrUnavailable) {
			t.Errorf("%s: called with %q, err %v", body, *used, err)
		}
	}
}

// A refresh that brings no access token is made again with the refresh token
// that it brought.
func TestRotatedTokenIsUsed(t *testing.T) {
	t.Parallel()
	for _, first := range []string{`{"refresh_token":"r2"}`, `{"access_token":[],"refresh_token":"r2"}`, `{"refresh_token":"r2"`} {
		client, sent, saved, used := rotating(t, nil, nil, first, `{"access_token":"a3","refresh_token":"r3"}`)
		if _, err := all(client.PaymentMethods(t.Context())); !errors.Is(err, payment.ErrUnavailable) || errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("err %v", err)
		}
		_, err := all(client.PaymentMethods(t.Context()))
		if err != nil || !slices.Equal(*sent, []string{"r1", "r2"}) || len(*saved) != 2 || (*saved)[1].RefreshToken != "r3" || !slices.Equal(*used, []string{"Bearer a3"}) {
			t.Errorf("%s: sent %q, saved %v, called with %q, err %v", first, *sent, *saved, *used, err)
		}
	}
}

// Ahead of its end, a token that is still good outlives a refresh that brings
// only another refresh token.
func TestEarlyRefreshBringsNoAccessToken(t *testing.T) {
	t.Parallel()
	now := time.Now()
	var ahead atomic.Int64
	clock := tenderkit.WithClock(func() time.Time { return now.Add(time.Duration(ahead.Load())) })
	client, sent, saved, used := rotating(t, func(o *brightpearl.OAuthConfig) {
		o.Token.AccessToken, o.Token.Expiry = "a1", now.Add(20*time.Minute)
	}, []tenderkit.Option{clock}, `{"refresh_token":"r2"}`)
	for _, after := range []time.Duration{0, 16 * time.Minute, 17 * time.Minute, 19 * time.Minute} {
		ahead.Store(int64(after))
		if _, err := all(client.PaymentMethods(t.Context())); err != nil {
			t.Errorf("after %v: %v", after, err)
		}
	}
	want := brightpearl.Token{AccessToken: "a1", RefreshToken: "r2", InstallationInstanceID: "13", Expiry: now.Add(20 * time.Minute)}
	if !slices.Equal(*sent, []string{"r1"}) || !slices.Equal(*saved, []brightpearl.Token{want}) || len(*used) != 4 {
		t.Errorf("sent %q, saved %v, called with %q", *sent, *saved, *used)
	}
}

// A refresh token that could not be saved is not lost, and nothing else is asked
// for until it is.
func TestRotatedTokenWaitsForSave(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk full")
	var kept []brightpearl.Token
	client, sent, _, _ := rotating(t, func(o *brightpearl.OAuthConfig) {
		o.Save = func(_ context.Context, token brightpearl.Token) error {
			kept = append(kept, token)
			if len(kept) == 1 {
				return broken
			}
			return nil
		}
	}, nil, `{"refresh_token":"r2"}`, `{"access_token":"a3","refresh_token":"r3"}`)
	for range 3 {
		_, _ = all(client.PaymentMethods(t.Context()))
	}
	if len(kept) != 3 || kept[0] != kept[1] || kept[1].RefreshToken != "r2" || kept[2].RefreshToken != "r3" || !slices.Equal(*sent, []string{"r1", "r2"}) {
		t.Errorf("sent %q, saved %v", *sent, kept)
	}
}

// The code is used up: what its exchange brought is returned beside the error.
func TestExchangeReturnsTheRefreshToken(t *testing.T) {
	t.Parallel()
	endpoint := httptest.NewServer(jsonBody(`{"access_token":null,"refresh_token":"r1","installation_instance_id":13}`))
	defer endpoint.Close()
	o := brightpearl.OAuthConfig{AppRef: app.AppRef, TokenURL: endpoint.URL}
	token, err := brightpearl.ExchangeCode(t.Context(), o, "acme", "code", app.RedirectURI)
	if !errors.Is(err, payment.ErrOutcomeUnknown) || token.RefreshToken != "r1" || token.InstallationInstanceID != "13" {
		t.Errorf("token %v, err %v", token, err)
	}
}
