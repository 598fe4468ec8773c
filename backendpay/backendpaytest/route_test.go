package backendpaytest

import (
	"net/http"
	"testing"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/", 404},
		{"GET", "/backend/api/v2/payments/", 404},
		{"GET", "", 404},
		{"GET", "Payments/", 404},
		{"GET", "payments//", 404},
		{"GET", "invoices/", 404},
		{"GET", "payments/501/paymentParts/1", 404},
		{"GET", "payments/9", 404},
		{"GET", "payments/0501", 404},
		{"GET", "payments/x", 404},
		{"GET", "customers/9/payments/", 404},
		{"GET", "customers/9", 404},
		{"GET", "paymentParts/1", 404},
		{"GET", "paymentTypes/9", 404},
		{"GET", "payments/9/paymentParts/", 404},
		{"GET", "invoices/9/paymentParts/", 404},
		{"PATCH", "payments/9", 404},
		{"DELETE", "payments/9", 404},
		{"POST", "payments/", 405},
		{"PUT", "payments/501", 405},
		{"DELETE", "customers/123/payments/", 405},
		{"PATCH", "paymentParts/1", 405},
	} {
		request(t, s, c.method, c.path, "").refused(t, c.status)
	}
	if n := s.Count(OpUnknown); n != 11 {
		t.Errorf("%d unknown requests", n)
	}
}

func TestFaultsOfOneOperation(t *testing.T) {
	t.Parallel()
	s := start(t)
	for status, op := range map[int]string{451: OpPayments, 452: OpCustomerPayments, 453: OpCreatePayment, 454: OpUnknown} {
		s.Faults().On(s.Is(op), paymenttest.Answer(status, "text/plain", op, false))
	}
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "paymentTypes/", 200}, {"POST", "customers/123/payments/", 453}, {"GET", "customers/123/payments", 452},
		{"GET", "payments/?limit=1", 451}, {"GET", "payments/", 200}, {"PUT", "payments/", 454},
	} {
		if got := request(t, s, c.method, c.path, ""); got.status != c.status {
			t.Errorf("%s %s: answer %d %s", c.method, c.path, got.status, got.body)
		}
	}
}

func TestAuthentication(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{AuthStatus: http.StatusForbidden}))
	for _, header := range []string{"", "Bearer", "Bearer wrong", "bearer " + SampleAPIKey, "Basic " + SampleAPIKey, SampleAPIKey} {
		request(t, s, "GET", "payments/", "", "Authorization", header).refused(t, http.StatusForbidden)
	}
	other := start(t, WithAPIKey("another"))
	get(t, other, "payments/").refused(t, http.StatusUnauthorized)
	request(t, other, "GET", "payments/", "", "Authorization", "Bearer another").want(t, 200, `[]`)
	if c := other.Config(); c.BaseURL != other.URL || string(c.APIKey) != "another" {
		t.Errorf("Config leads to %s", c.BaseURL)
	}
}

func TestErrorBodies(t *testing.T) {
	t.Parallel()
	for body, want := range map[ErrorBody]answered{
		ErrorJSON:  {body: `{"error":"There is no such payment"}`, header: http.Header{"Content-Type": {"application/json"}}},
		ErrorEmpty: {header: http.Header{}},
		ErrorText:  {body: "There is no such payment\n", header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}},
		ErrorHTML: {body: "<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>\n",
			header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}},
	} {
		got := get(t, start(t, WithFacts(Facts{ErrorBody: body})), "payments/1")
		got.want(t, 404, want.body)
		if got.header.Get("Content-Type") != want.header.Get("Content-Type") {
			t.Errorf("content type %q", got.header.Get("Content-Type"))
		}
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	const base = "https://elsewhere.example"
	for _, c := range []struct {
		form        PathForm
		path, moved string // empty: not moved
	}{
		{PathAny, "payments", ""},
		{PathAny, "payments/501/", ""},
		{PathDocumented, "payments/", ""},
		{PathDocumented, "payments/501", ""},
		{PathDocumented, "payments?limit=1", "payments/?limit=1"},
		{PathDocumented, "payments/501/", "payments/501"},
		{PathDocumented, "customers/123/payments", "customers/123/payments/"},
		{PathSlash, "payments/501", "payments/501/"},
		{PathNoSlash, "customers/123/payments/?reversed", "customers/123/payments?reversed"},
		{PathNoSlash, "paymentTypes", ""},
	} {
		s := start(t, WithFacts(Facts{Paths: c.form, RedirectStatus: http.StatusPermanentRedirect}), WithRedirectBase(base))
		add(t, s, 1)
		got := get(t, s, c.path)
		switch {
		case c.moved == "" && got.status != 200:
			t.Errorf("%s: answer %d %s", c.path, got.status, got.body)
		case c.moved != "" && (got.status != 308 || got.header.Get("Location") != base+apiPath+c.moved):
			t.Errorf("%s: answer %d to %s", c.path, got.status, got.header.Get("Location"))
		}
	}
}

func TestRedirectedWriteHasNoEffect(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{Paths: PathDocumented, RedirectStatus: http.StatusMovedPermanently}))
	got := request(t, s, "POST", "customers/123/payments", sample(t, "create_own.json"))
	if got.status != 301 || got.header.Get("Location") != apiPath+"customers/123/payments/" || s.Creates() != 0 {
		t.Errorf("answer %d to %q, %d creates", got.status, got.header.Get("Location"), s.Creates())
	}
}
