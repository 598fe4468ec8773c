package brightpearl

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit/payment"
)

// An answer to a POST that is no clear success leaves the outcome unknown; the
// same answer to a GET is only a protocol error.
func TestUnreadableAnswers(t *testing.T) {
	t.Parallel()
	html := httpmock.NewStringResponse(http.StatusOK, "<html>hello</html>")
	html.Header.Set("Content-Type", "text/html")
	plain := httpmock.NewStringResponse(http.StatusOK, `{"response":5}`)
	plain.Header.Set("Content-Type", "text/plain")
	for name, resp := range map[string]*http.Response{
		"html":              html,
		"not declared JSON": plain,
		"empty":             jsonAnswer(http.StatusOK, ""),
		"cut":               jsonAnswer(http.StatusOK, `{"response":`),
		"key twice":         jsonAnswer(http.StatusOK, `{"response":5,"response":6}`),
		"both keys":         jsonAnswer(http.StatusOK, `{"response":5,"errors":[{"code":"X","message":"y"}]}`),
		"an empty error":    jsonAnswer(http.StatusOK, `{"response":5,"errors":[{}]}`),
		"errors as text":    jsonAnswer(http.StatusOK, `{"response":5,"errors":"Unknown payment method"}`),
		"errors as object":  jsonAnswer(http.StatusOK, `{"errors":{"code":"X"},"response":5}`),
		"errors is true":    jsonAnswer(http.StatusOK, `{"response":5,"errors":true}`),
		"Errors":            jsonAnswer(http.StatusOK, `{"response":5,"Errors":[{"code":"X"}]}`),
		"error":             jsonAnswer(http.StatusOK, `{"response":5,"error":"invalid"}`),
		"neither key":       jsonAnswer(http.StatusOK, `{}`),
		"null":              jsonAnswer(http.StatusOK, `{"response":null}`),
		"text id":           jsonAnswer(http.StatusOK, `{"response":"five"}`),
		"fraction":          jsonAnswer(http.StatusOK, `{"response":5.5}`),
		"zero":              jsonAnswer(http.StatusOK, `{"response":0}`),
		"errors":            jsonAnswer(http.StatusOK, `{"errors":[{"code":"X","message":"y"}]}`),
		"302":               jsonAnswer(http.StatusFound, ``),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			mock.RegisterResponder(http.MethodPost, base+"customer-payment", httpmock.ResponderFromResponse(resp))
			mock.RegisterResponder(http.MethodGet, base+"payment-method/", httpmock.ResponderFromResponse(resp))
			id, err := client.CreateCustomerPayment(ctx(t), receipt(t))
			var e *payment.Error
			if !errors.Is(err, payment.ErrOutcomeUnknown) || !errors.As(err, &e) || id != 0 {
				t.Fatalf("id %d, err %v", id, err)
			}
			if e.RequestID != resp.Header.Get("Ruid") || e.Reference != "REF0001" || e.Target != "2002" || e.Status != resp.StatusCode || e.Op != "CreateCustomerPayment" || e.Vendor != "brightpearl" {
				t.Errorf("error %+v", e)
			}
			if n := mock.GetTotalCallCount(); n != 1 {
				t.Errorf("%d requests", n)
			}
			_, err = all(client.PaymentMethods(ctx(t)))
			if !errors.Is(err, payment.ErrProtocol) || errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("reading: %v", err)
			}
		})
	}
}

// A member without content says that there are no errors.
func TestNoErrorsBesideAResponse(t *testing.T) {
	t.Parallel()
	for _, errors := range []string{`null`, `[]`, `[ ]`, `{}`, "{\n}", `""`, `" "`, `false`, `0`} {
		for _, name := range []string{"errors", "Errors", "error"} {
			client, mock := mocked(t)
			answers(mock, http.MethodPost, base+"customer-payment", "\ufeff"+`{"response":"100","`+name+`":`+errors+`,"reference":{}}`)
			answers(mock, http.MethodDelete, base+"customer-payment/100", `{"`+name+`":`+errors+`}`)
			answers(mock, http.MethodGet, base+"sale-payment-total/7", `{"`+name+`":`+errors+`,"response":[]}`)
			if id, err := client.CreateCustomerPayment(ctx(t), receipt(t)); id != 100 || err != nil {
				t.Errorf("%s: id %d, err %v", errors, id, err)
			}
			if err := client.DeleteCustomerPayment(ctx(t), 100); err != nil {
				t.Errorf("%s: %v", errors, err)
			}
			if _, err := client.salePaymentTotals(ctx(t), []int64{7}); err != nil {
				t.Errorf("%s: %v", errors, err)
			}
		}
	}
}

func TestAnswerWithoutContentType(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterResponder(http.MethodPost, base+"customer-payment", httpmock.NewStringResponder(http.StatusOK, `{"response":100}`))
	if id, err := client.CreateCustomerPayment(ctx(t), receipt(t)); id != 100 || err != nil {
		t.Errorf("id %d, err %v", id, err)
	}
}

func TestVendorErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status        int
		body          string
		sentinel      error
		code, message string
	}{
		"unknown resource": {404, `{"errors":[{"code":"CMNC-404","message":"Cannot find the resource /app/somebrokenuri"}]}`,
			payment.ErrNotFound, "CMNC-404", "Cannot find the resource /app/somebrokenuri"},
		"two errors": {400, `{"errors":[{"code":"A","message":"one"},{"code":"B","message":"two"}]}`, payment.ErrInvalid, "A,B", "one; two"},
		"odd errors": {400, `{"errors":[{"code":7,"message":null},{"code":"B","field":{}}]}`, payment.ErrInvalid, "7,B", ""},
		"expired":    {401, `{"response":"Authorization token expired"}`, payment.ErrUnauthorized, "", "Authorization token expired"},
		"forbidden":  {403, `{}`, payment.ErrForbidden, "", ""},
		"edge":       {403, `<html>`, payment.ErrForbidden, "", ""},
		"bad filter": {500, `{"errors":[{"code":"CMNC-018","message":"The filter orderId\u003dX cannot be parsed as: IDSET"}]}`,
			payment.ErrUnavailable, "CMNC-018", "The filter orderId=X cannot be parsed as: IDSET"},
		"rate limited": {429, `{}`, payment.ErrRateLimited, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t, noRetries())
			mock.RegisterResponder(http.MethodGet, base+"payment-method/", httpmock.ResponderFromResponse(jsonAnswer(c.status, c.body)))
			_, err := all(client.PaymentMethods(ctx(t)))
			var e *payment.Error
			if !errors.As(err, &e) || !errors.Is(err, c.sentinel) {
				t.Fatalf("err %v, want %v", err, c.sentinel)
			}
			if e.Code != c.code || e.Message != c.message || e.Status != c.status || e.RequestID != "ruid-1" || string(e.Body) != c.body {
				t.Errorf("got %q %q %d %q %s", e.Code, e.Message, e.Status, e.RequestID, e.Body)
			}
		})
	}
}

// The vendor echoes a rejected token, with = written as \u003d.
func TestEchoedTokenIsRemoved(t *testing.T) {
	t.Parallel()
	const token = "bWlzdGFrZS1tYWRlLW9uLXB1cnBvc2UtMzItYnl0ZXM="
	_, mock := mocked(t)
	mock.RegisterResponder(http.MethodGet, base+"payment-method/", httpmock.ResponderFromResponse(
		jsonAnswer(http.StatusUnauthorized, `{"response":"Invalid instance token: `+strings.ReplaceAll(token, "=", `\u003d`)+`"}`)))
	client, err := New(Config{Account: "acme", Datacenter: "euw1", Auth: StaffToken("acme_till", token)}, withTransport(mock))
	if err != nil {
		t.Fatal(err)
	}
	_, err = all(client.PaymentMethods(ctx(t)))
	var e *payment.Error
	if !errors.As(err, &e) || !strings.Contains(e.Message, "Invalid instance token: [redacted]") {
		t.Fatalf("err %v", err)
	}
	for _, text := range []string{err.Error(), string(e.Body), e.Message} {
		if strings.Contains(text, token[:40]) {
			t.Errorf("the token is in %q", text)
		}
	}
}
