package brightpearltest

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// exchange posts once and tells the status, or 0 when there was no whole
// answer. It does not wait for a delayed answer.
func exchange(t *testing.T, s *Server, f paymenttest.Fault, body string) (status int, text string) {
	t.Helper()
	patience := time.Minute
	if f == paymenttest.Delay(time.Minute) {
		patience = 500 * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	url := s.URL + "/public-api/acme/accounting-service/customer-payment"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = staffHeaders()
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(data)
}

// TestEveryFault compares the ledger with what each fault says of its effect,
// and shows that the next request is served again.
func TestEveryFault(t *testing.T) {
	t.Parallel()
	faults := append(paymenttest.Faults(), ExpiredToken(), Outage(false), Outage(true))
	for _, f := range faults {
		t.Run(f.String(), func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.Faults().Next(f)
			if status, text := exchange(t, s, f, receipt(t)); status == http.StatusOK && text == `{"response":100}` {
				t.Errorf("the fault did not show: %d %s", status, text)
			}
			if n := len(s.Payments()); (n == 1) != f.Effect() {
				t.Errorf("%d payments", n)
			}
			if n := s.Count(OpCreateCustomerPayment); n != 1 {
				t.Errorf("%d requests arrived", n)
			}
			got := post(t, s, "customer-payment", receipt(t, "transactionRef", ``))
			if got.status != http.StatusOK || got.header.Get(headerRemaining) != "198" {
				t.Errorf("the next request: %d %s %v", got.status, got.body, got.header)
			}
		})
	}
}

func TestVendorFaults(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Faults().Next(ExpiredToken(), Outage(true))
	got := post(t, s, "customer-payment", receipt(t))
	got.want(t, 401, tokenExpired)
	if got.header.Get("Message-Type") != "api-proxy" || got.header.Get(headerRemaining) != "199" {
		t.Errorf("headers %v", got.header)
	}
	got = post(t, s, "customer-payment", receipt(t))
	if got.status != 503 || strings.Contains(got.body, "too many requests") {
		t.Errorf("answer %d %s", got.status, got.body)
	}
	if n := len(s.Payments()); n != 1 {
		t.Errorf("%d payments", n)
	}
}

func TestFaultsReachTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	s := start(t, WithOAuthClient(confidential()))
	_, refresh := s.IssueTokens("acme_oauth")
	s.Faults().Next(paymenttest.ServerErrorHTML(502, false), paymenttest.Throttle())
	if got := askToken(t, s, refreshForm(refresh)); got.status != 502 {
		t.Errorf("answer %d", got.status)
	}
	if got := askToken(t, s, refreshForm(refresh)); got.status != 503 {
		t.Errorf("answer %d", got.status)
	}
	tokensOf(t, askToken(t, s, refreshForm(refresh)))
}
