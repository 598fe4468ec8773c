package spektrix_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

const page = "<!DOCTYPE html><html><body>Sorry, you have been blocked</body></html>"

func TestEachFailureHasItsSentinel(t *testing.T) {
	t.Parallel()
	const jsonType, htmlType = "application/json", "text/html; charset=UTF-8"
	for _, c := range []struct {
		name, contentType, body string
		status                  int
		want                    error
		code, message           string
	}{
		{"400", jsonType, `{"message":"validation failed","errorCode":"E1"}`, 400, payment.ErrInvalid, "E1", "validation failed"},
		{"401", jsonType, `{"message":"no"}`, 401, payment.ErrUnauthorized, "", "no"},
		{"401 empty", "", "", 401, payment.ErrUnauthorized, "", ""},
		{"401 html", htmlType, page, 401, payment.ErrUnauthorized, "", ""},
		{"403 of the edge", htmlType, page, 403, spektrix.ErrBlocked, "", ""},
		{"403 of the edge without type", "", page, 403, spektrix.ErrBlocked, "", ""},
		{"403 in JSON, declared as a page", htmlType, `{"message":"not allowed"}`, 403, payment.ErrForbidden, "", "not allowed"},
		{"401 in JSON, declared as a page", htmlType, `"no"`, 401, payment.ErrUnauthorized, "", "no"},
		{"403 of the edge behind a mark", jsonType, "\ufeff\n" + page, 403, spektrix.ErrBlocked, "", ""},
		{"403", jsonType, `{"message":"not allowed"}`, 403, payment.ErrForbidden, "", "not allowed"},
		{"404", jsonType, `"No basket"`, 404, payment.ErrNotFound, "", "No basket"},
		{"409", jsonType, `{}`, 409, payment.ErrConflict, "", ""},
		{"429", jsonType, `{}`, 429, payment.ErrRateLimited, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, m := newMock(t, tenderkit.WithRetries(0))
			m.answer(http.MethodGet, "baskets/"+basketID, c.status, c.contentType, c.body)
			m.answer(http.MethodPost, "baskets", c.status, c.contentType, c.body)
			_, read := client.Basket(t.Context(), basketID)
			_, written := client.CreateBasket(t.Context(), spektrix.NewBasket{})
			for _, err := range []error{read, written} {
				var e *payment.Error
				if !errors.As(err, &e) || !errors.Is(err, c.want) {
					t.Fatalf("err = %v, want %v", err, c.want)
				}
				if e.Status != c.status || string(e.Body) != c.body || e.Code != c.code || e.Message != c.message {
					t.Errorf("status %d, code %q, message %q, body %q", e.Status, e.Code, e.Message, e.Body)
				}
				if blocked := errors.Is(err, spektrix.ErrBlocked); blocked != (c.want == spektrix.ErrBlocked) {
					t.Errorf("blocked = %v", blocked)
				}
			}
		})
	}
}

func TestBlockedIsForbidden(t *testing.T) {
	t.Parallel()
	if !errors.Is(spektrix.ErrBlocked, payment.ErrForbidden) || errors.Is(spektrix.ErrBlocked, payment.ErrUnauthorized) {
		t.Error("ErrBlocked has the wrong kind")
	}
}

func TestRetryAfterIsReported(t *testing.T) {
	t.Parallel()
	client, m := newMock(t, tenderkit.WithRetries(0))
	m.answer(http.MethodPost, "baskets", http.StatusTooManyRequests, "application/json", "{}", "Retry-After", "7")
	_, err := client.CreateBasket(t.Context(), spektrix.NewBasket{})
	var e *payment.Error
	if !errors.As(err, &e) || e.RetryAfter != 7*time.Second || e.Attempts != 1 {
		t.Errorf("err = %v", err)
	}
}

func TestUnauthorizedTellsTheClocks(t *testing.T) {
	t.Parallel()
	for theirs, want := range map[string]time.Duration{
		"Wed, 21 Oct 2020 07:20:00 GMT": 8 * time.Minute,
		"Wed, 21 Oct 2020 07:28:02 GMT": -2 * time.Second,
	} {
		client, m := newMock(t)
		m.answer(http.MethodGet, "baskets/"+basketID, http.StatusUnauthorized, "", "", "Date", theirs)
		_, err := client.Basket(t.Context(), basketID)
		var clock *spektrix.ClockError
		if !errors.As(err, &clock) || !errors.Is(err, payment.ErrUnauthorized) {
			t.Fatalf("err = %v", err)
		}
		if clock.Ahead != want {
			t.Errorf("ahead by %v, want %v", clock.Ahead, want)
		}
		relation := map[bool]string{true: "ahead of", false: "behind"}[want > 0]
		if !strings.Contains(err.Error(), relation+" the vendor's") {
			t.Errorf("err = %v", err)
		}
	}
}

// Clocks that agree are not the cause.
func TestUnauthorizedWithARightClock(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.answer(http.MethodGet, "baskets/"+basketID, http.StatusUnauthorized, "", "", "Date", vectorTime.Format(http.TimeFormat))
	if _, err := client.Basket(t.Context(), basketID); !contains(err, "this clock agrees with the vendor's") {
		t.Errorf("err = %v", err)
	}
}

func TestUnauthorizedWithoutADate(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.answer(http.MethodGet, "baskets/"+basketID, http.StatusUnauthorized, "", "", "Date", "yesterday")
	_, err := client.Basket(t.Context(), basketID)
	var clock *spektrix.ClockError
	if errors.As(err, &clock) || !errors.Is(err, payment.ErrUnauthorized) {
		t.Errorf("err = %v", err)
	}
}

// What the vendor echoes of the credentials does not come out again.
func TestErrorsHoldNoCredentials(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.answer(http.MethodGet, "baskets/"+basketID, http.StatusUnauthorized, "application/json",
		`{"message":"TestLogin may not, key `+string(sampleConfig.Secret)+`"}`)
	_, err := client.Basket(t.Context(), basketID)
	var e *payment.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	for _, text := range []string{err.Error(), e.Message, string(e.Body)} {
		if strings.Contains(text, "TestLogin") || strings.Contains(text, "AAEC") {
			t.Errorf("shown: %s", text)
		}
	}
}

// Nor does the signature of the request, whatever form it is repeated in.
func TestErrorsHoldNoSignature(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.answer(http.MethodGet, "baskets/"+basketID, http.StatusForbidden, "", "")
	_, _ = client.Basket(t.Context(), basketID)
	_, signature, _ := strings.Cut(m.last(t).header.Get("Authorization"), ":")
	escaped := strings.NewReplacer("/", `\/`, "=", `\u003d`, "+", `\u002B`).Replace(signature)
	for _, form := range []string{signature, escaped} {
		m.answer(http.MethodGet, "baskets/"+basketID, http.StatusForbidden, "application/json", `{"message":"`+form+` is wrong","errorCode":"`+form+`"}`)
		_, err := client.Basket(t.Context(), basketID)
		var e *payment.Error
		if !errors.As(err, &e) || e.Message != "[redacted] is wrong" || e.Code != "[redacted]" || strings.Contains(string(e.Body), form) {
			t.Errorf("%s: %v with %s", form, err, e.Body)
		}
	}
}

// A page that repeats the signature under a status of success leaves no layer of
// the error that holds it.
func TestNoLayerHoldsTheSignature(t *testing.T) {
	t.Parallel()
	client, m := newMock(t, tenderkit.WithRetries(0))
	m.json(http.MethodGet, "baskets/"+basketID, `{"id":"20AEBCDF"}`)
	if _, err := client.Basket(t.Context(), basketID); err != nil {
		t.Fatal(err)
	}
	_, signature, _ := strings.Cut(m.last(t).header.Get("Authorization"), ":")
	for _, status := range []int{200, 401, 403, 404, 500} {
		for _, body := range []string{"<html>" + signature + "</html>", `{"id":"` + signature + `","total":"` + signature + `"}`} {
			m.answer(http.MethodGet, "baskets/"+basketID, status, "text/html", body)
			_, err := client.Basket(t.Context(), basketID)
			if err == nil {
				t.Errorf("%d %s: no error", status, body)
			}
			var e *payment.Error
			if errors.As(err, &e) && strings.Contains(string(e.Body), signature) {
				t.Errorf("%d: body %s", status, e.Body)
			}
			layers(err, func(layer error) {
				if text := fmt.Sprintf("%v %+v %#v %q", layer, layer, layer, layer); strings.Contains(text, signature) {
					t.Errorf("%d: a layer says %s", status, text)
				}
			})
		}
	}
}

func layers(err error, see func(error)) {
	if err == nil {
		return
	}
	see(err)
	switch u := err.(type) {
	case interface{ Unwrap() error }:
		layers(u.Unwrap(), see)
	case interface{ Unwrap() []error }:
		for _, inner := range u.Unwrap() {
			layers(inner, see)
		}
	}
}

// What the edge refuses it has not let through: nothing is unknown, and nothing
// is sent again.
func TestTheEdgeRefusesAWrite(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	for status, want := range map[int]error{403: spektrix.ErrBlocked, 401: payment.ErrUnauthorized} {
		m.answer(http.MethodPost, "baskets", status, "text/html", page, "Date", "Wed, 21 Oct 2020 07:20:00 GMT")
		_, err := client.CreateBasket(t.Context(), spektrix.NewBasket{})
		var e *payment.Error
		if !errors.Is(err, want) || errors.Is(err, payment.ErrOutcomeUnknown) || !errors.As(err, &e) || e.Attempts != 1 {
			t.Errorf("%d: %v", status, err)
		}
		var clock *spektrix.ClockError
		if errors.As(err, &clock) != (status == 401) {
			t.Errorf("%d: %v", status, err)
		}
	}
	for _, status := range []int{400, 404, 409, 429} { // nor is any other page the vendor's word
		m.answer(http.MethodPost, "baskets", status, "text/html", page)
		if _, err := client.CreateBasket(t.Context(), spektrix.NewBasket{}); !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%d: %v", status, err)
		}
	}
}
