package backendpay

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit/payment"
)

func TestErrorBodies(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct {
		code, message string
		err           error
	}{
		`{"error":"Unknown payment"}`:                   {"", "Unknown payment", payment.ErrNotFound},
		`{"message":"Bad date","code":"E12"}`:           {"E12", "Bad date", payment.ErrNotFound},
		`{"error":"short","message":"long","code":404}`: {"404", "long", payment.ErrNotFound},
		`{"error":{"nested":true}}`:                     {"", "", payment.ErrNotFound},
		`{"error":null}`:                                {"", "", payment.ErrNotFound},
		`["a"]`:                                         {"", "", payment.ErrNotFound},
		``:                                              {"", "", payment.ErrNotFound},
		`<html>Not found</html>`:                        {"", "", payment.ErrProtocol}, // somebody's on the way: not the API's word
	} {
		client, mock := mocked(t)
		mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusNotFound, body))
		_, err := client.Payment(t.Context(), "7")
		var told *payment.Error
		if !errors.Is(err, want.err) || !errors.As(err, &told) {
			t.Errorf("%s: error %v", body, err)
			continue
		}
		if told.Code != want.code || told.Message != want.message || string(told.Body) != body {
			t.Errorf("%s: code %q, message %q, body %q", body, told.Code, told.Message, told.Body)
		}
	}
}

func TestReadStatuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{
		304: payment.ErrProtocol, 400: payment.ErrInvalid, 401: payment.ErrUnauthorized, 403: payment.ErrForbidden,
		404: payment.ErrNotFound, 409: payment.ErrConflict, 422: payment.ErrInvalid, 429: payment.ErrRateLimited,
		500: payment.ErrUnavailable, 503: payment.ErrUnavailable,
	} {
		client, mock := mocked(t)
		mock.RegisterNoResponder(func(*http.Request) (*http.Response, error) {
			resp := httpmock.NewStringResponse(status, "")
			resp.Header.Set("Retry-After", "7")
			return resp, nil
		})
		_, err := client.Payment(t.Context(), "7")
		var told *payment.Error
		if !errors.Is(err, want) || !errors.As(err, &told) || told.Status != status || told.RetryAfter != 7*time.Second {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestErrorLists(t *testing.T) {
	t.Parallel()
	client, _ := scripted(t, answer(422, `{"errors":["Unknown payment method","Bad date"]}`))
	_, err := client.CreatePayment(t.Context(), "123", transfer(t))
	var told *payment.Error
	if !errors.As(err, &told) || told.Message != "Unknown payment method; Bad date" || !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("error %v", err)
	}
}

// A key that is refused in the middle of a list may have been replaced.
func TestRejectedKey(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", `{"error":"unauthorised"}`, "<html>"} {
		client, methods := scripted(t, answer(200, `[{"id":1}]`), answer(401, body))
		list, err := collect(client.Payments(t.Context(), PaymentFilter{}))
		if len(list) != 1 || !errors.Is(err, payment.ErrUnauthorized) || !strings.Contains(err.Error(), "perhaps replaced by a newer one") || len(*methods) != 2 {
			t.Errorf("listed %v, error %v after %v", list, err, *methods)
		}
	}
}
