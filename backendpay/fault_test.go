package backendpay

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit/payment"
)

func TestErrorBodies(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][2]string{
		`{"error":"Unknown payment"}`:                   {"", "Unknown payment"},
		`{"message":"Bad date","code":"E12"}`:           {"E12", "Bad date"},
		`{"error":"short","message":"long","code":404}`: {"404", "long"},
		`{"error":{"nested":true}}`:                     {"", ""},
		`{"error":null}`:                                {"", ""},
		`["a"]`:                                         {"", ""},
		`<html>Not found</html>`:                        {"", ""},
		``:                                              {"", ""},
	} {
		client, mock := mocked(t)
		mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusNotFound, body))
		_, err := client.Payment(t.Context(), "7")
		var told *payment.Error
		if !errors.Is(err, payment.ErrNotFound) || !errors.As(err, &told) {
			t.Errorf("%s: error %v", body, err)
			continue
		}
		if told.Code != want[0] || told.Message != want[1] || string(told.Body) != body {
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
