package brightpearltest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// authClauses are about credentials, tokens, throttling and unknown paths.
func authClauses() []paymenttest.Clause {
	return []paymenttest.Clause{
		{
			ID: "auth.none", Statement: "Without credentials the answer is 401, with a text under response.", Evidence: paymenttest.Observed,
			Source: "recorded client errors", Requests: 1, Plan: "reads the payment methods without credentials", Probe: probeNoCredentials,
		},
		{
			ID: "auth.bad-token", Statement: "A wrong token is refused with 401, and the text repeats it.", Evidence: paymenttest.Observed,
			Source: "recorded client errors", Needs: []paymenttest.Need{paymenttest.BadLogin}, Requests: 1,
			Plan: "reads the payment methods with an invented token", Probe: probeBadToken,
		},
		{
			ID: "auth.refresh", Statement: "A refresh before expiry returns the same refresh token and the same access token.", Evidence: paymenttest.Inferred,
			Source: "one recorded refresh of 2022", Needs: []paymenttest.Need{paymenttest.Write, paymenttest.Irreversible},
			Objects: []string{ObjectTokenURL, ObjectClientID, ObjectRefreshToken}, Decides: []string{"singleUseRefreshTokens", "newTokenPerRefresh"}, Requests: 3,
			Plan: "refreshes twice with the sandbox's refresh token, which may be used up by it", Option: "OAuth's Save callback", Probe: probeRefresh,
		},
		{
			ID: "auth.invalid-grant", Statement: "An unknown refresh token is refused with 400 and invalid_grant.", Evidence: paymenttest.Observed,
			Source: "recorded token errors", Needs: []paymenttest.Need{paymenttest.Write, paymenttest.BadLogin},
			Objects: []string{ObjectTokenURL, ObjectClientID}, Requests: 1, Plan: "refreshes with an invented refresh token", Probe: probeInvalidGrant,
		},
		{
			ID: "auth.not-executed", Statement: "A payment that is refused with 401 is not recorded.", Evidence: paymenttest.Inferred, Source: "reasoned",
			Needs: []paymenttest.Need{paymenttest.Write}, Objects: []string{ObjectOrder, ObjectMethod, ObjectCurrency}, Requests: 20,
			Plan: "sends a receipt of 1.10 without credentials and searches its order", Probe: probeRefusedUnsigned,
		},
		{
			ID: "path.unknown", Statement: "An unknown resource is 404 with code CMNC-404.", Evidence: paymenttest.Documented,
			Source: "HTTP status codes page", Requests: 1, Plan: "reads a path that does not exist",
			Probe: func(ctx context.Context, t *paymenttest.Trial) error {
				e, err := t.Get(ctx, accountingPath+"contract-no-such-resource")
				if err != nil {
					return err
				}
				return wantCode(t, e, http.StatusNotFound, "CMNC-404")
			},
		},
		{
			ID: "throttle.headers", Statement: "Every answer tells the requests left and the milliseconds to the end of the window.", Evidence: paymenttest.Documented,
			Source: "request throttling page; the unit is observed", Requests: 3, Plan: "reads the payment methods twice and a path that does not exist",
			Option: "WithLimiter, if other programs share the account", Probe: probeThrottleHeaders,
		},
		{
			ID: "throttle.used-up", Statement: "Above the limit the answer is 503 with the text \"too many requests\" and both headers.", Evidence: paymenttest.Documented,
			Source: "request throttling page; the text is recorded, the headers of this answer are unknown", Needs: []paymenttest.Need{paymenttest.Exhausts},
			Decides: []string{"bareThrottle"}, Requests: 1001, Plan: "reads the payment methods until the account's window is used up", Probe: probeUsedUp,
		},
		{
			ID: "throttle.not-executed", Statement: "A payment that is throttled is not recorded.", Evidence: paymenttest.Inferred, Source: "reasoned",
			Needs: []paymenttest.Need{paymenttest.Write, paymenttest.Exhausts}, Objects: []string{ObjectOrder, ObjectMethod, ObjectCurrency}, Requests: 1020,
			Plan: "uses up the account's window, sends a receipt of 1.10, waits for the next window and searches the order", Probe: probeRefusedThrottled,
		},
	}
}

const methodsPath = accountingPath + "payment-method/"

func probeNoCredentials(ctx context.Context, t *paymenttest.Trial) error {
	e, err := t.Send(ctx, paymenttest.Raw{Path: methodsPath, Unsigned: true})
	if err != nil {
		return err
	}
	return t.Want(e, http.StatusUnauthorized, textForm)
}

func probeBadToken(ctx context.Context, t *paymenttest.Trial) error {
	const token = "Y29udHJhY3Qgd3JvbmcgdG9rZW4="
	e, err := t.Send(ctx, paymenttest.Raw{Path: methodsPath, Sign: func(r *http.Request) error {
		r.Header.Set(headerAppRef, "contract_none")
		r.Header.Set(headerStaff, token)
		return nil
	}})
	if err != nil {
		return err
	}
	if err := t.Want(e, http.StatusUnauthorized, textForm); err != nil {
		return err
	}
	var body struct {
		Response string `json:"response"`
	}
	_ = json.Unmarshal(e.Body, &body)
	if !strings.Contains(body.Response, token) {
		return t.Differs(e.Place()+" $.response", "the text does not repeat the token")
	}
	return nil
}

// refreshed is the answer of the token endpoint.
type refreshed struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
}

func refresh(ctx context.Context, t *paymenttest.Trial, token string) (r refreshed, e paymenttest.Exchange, err error) {
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}, "client_id": {t.Object(ObjectClientID)}}
	if secret := t.Object(ObjectClientSecret); secret != "" {
		form.Set("client_secret", secret)
	}
	e, err = t.Send(ctx, paymenttest.Raw{
		Method: http.MethodPost, Path: t.Object(ObjectTokenURL), Body: []byte(form.Encode()),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
	})
	_ = json.Unmarshal(e.Body, &r)
	return r, e, err
}

const tokenForm paymenttest.Form = `{"access_token":"string","refresh_token":"string","api_domain":"string","token_type":"string","expires_in":"integer"}`

// probeRefresh refreshes twice. The token that the next trial uses is the one
// that came last.
func probeRefresh(ctx context.Context, t *paymenttest.Trial) error {
	held, err := paymenttest.Share(t, "refresh token", func() (*string, error) {
		token := t.Object(ObjectRefreshToken)
		return &token, nil
	})
	if err != nil {
		return err
	}
	before := *held
	first, e, err := refresh(ctx, t, before)
	if err != nil {
		return err
	}
	if err := t.Want(e, http.StatusOK, tokenForm); err != nil {
		return err
	}
	*held = first.RefreshToken
	if first.RefreshToken != before {
		_, old, err := refresh(ctx, t, before)
		if err != nil {
			return err
		}
		if old.Status != http.StatusBadRequest {
			return t.Differs(old.Place(), "a refresh gives a new refresh token and the old one stays good")
		}
	}
	second, e, err := refresh(ctx, t, first.RefreshToken)
	if err != nil {
		return err
	}
	if err := t.Want(e, http.StatusOK, tokenForm); err != nil {
		return err
	}
	*held = second.RefreshToken
	t.Fact("singleUseRefreshTokens", first.RefreshToken != before)
	t.Fact("newTokenPerRefresh", second.AccessToken != first.AccessToken)
	if first.RefreshToken != before {
		t.Advise("keep each refresh token that OAuth's Save callback is given: the old one is used up")
	}
	return nil
}

func probeInvalidGrant(ctx context.Context, t *paymenttest.Trial) error {
	_, e, err := refresh(ctx, t, "contract-no-such-token")
	if err != nil {
		return err
	}
	if err := t.Want(e, http.StatusBadRequest, `{"error":"string","error_description":"string"}`); err != nil {
		return err
	}
	if !bytes.Contains(e.Body, []byte(`"invalid_grant"`)) {
		return t.Differs(e.Place()+" $.error", "the error is not invalid_grant")
	}
	return nil
}
