package spektrixtest

import (
	"crypto/tls"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestGoldenVectors lets the emulator check signatures that were calculated
// outside of this repository, for the vendor's own host.
func TestGoldenVectors(t *testing.T) {
	t.Parallel()
	const paymentBody = `{"PaymentTypeId":"93AGQTGJBKVCQVRRKBVCCRTPJTBKCNLBH","Amount":10.40,"PaymentAttributes":[{"Name":"Payment ref","Value":"ABC_123"}]}`
	const tag = "customers/tags/93AGQTGJBKVCQVRRKBVCCRTPJTBKCNLBH?id=I-AK11-1ATK"
	for _, c := range []struct {
		name, method, path, body, signature string
		status                              int
	}{
		{"A", "GET", "custom-payment-types", "", "z/XgD4Ht+XhSJXBJhEKTxcw0Cr8=", 200},
		{"C", "POST", "baskets/20AEBCDF/custom-payments", paymentBody, "LB9tNdi1Mimd3iLwSqPVhlk3PBw=", 404},
		{"D", "PATCH", "baskets/20AEBCDF", `{"WaiveTransactionCommission":true}`, "zeHkD90zSeddyxREP1KG/a0aUxs=", 404},
		{"E", "POST", "baskets", `{}`, "noloaiKknoZErvYbF+yzBIrOrUU=", 200},
		{"F", "POST", "baskets", "", "cIze6xCQWLXrbQ53yWwOrS2emyM=", 200},
		{"G, hash line left out", "POST", "baskets", "", "t94gWmKpEYm1FMUFJ9+h/Xd/8h8=", 401},
		{"H", "DELETE", tag, "", "Lvd1v+ZC5J9OzFDNOEIuugsayDI=", 404},
		{"A for another path", "GET", "custom-payment-types?", "", "z/XgD4Ht+XhSJXBJhEKTxcw0Cr8=", 401},
		{"E with other bytes", "POST", "baskets", `{ }`, "noloaiKknoZErvYbF+yzBIrOrUU=", 401},
		{"A, body on GET ignored", "GET", "custom-payment-types", "junk", "z/XgD4Ht+XhSJXBJhEKTxcw0Cr8=", 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			at := time.Date(2020, 10, 21, 7, 28, 0, 0, time.UTC)
			s := newServer([]Option{WithClientName(SampleClientName), WithClock(func() time.Time { return at })})
			r := httptest.NewRequest(c.method, "/apitesting/api/v3/"+c.path, strings.NewReader(c.body))
			r.Host, r.TLS = "system.spektrix.com", &tls.ConnectionState{}
			r.Header = http.Header{
				"Date": {"Wed, 21 Oct 2020 07:28:00 GMT"}, "Authorization": {"SpektrixAPI3 TestLogin:" + c.signature},
				"User-Agent": {"ticketdesk/1.0"}, "Content-Type": {"application/json"},
			}
			rec := httptest.NewRecorder()
			s.answer(rec, r)
			if rec.Code != c.status {
				t.Errorf("status %d %s, want %d", rec.Code, rec.Body, c.status)
			}
		})
	}
}

func TestSignatureIsChecked(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now))
	for _, bad := range []struct {
		name  string
		spoil func(*http.Request)
	}{
		{"no authorization", func(r *http.Request) { r.Header.Del("Authorization") }},
		{"two authorizations", func(r *http.Request) { r.Header.Add("Authorization", r.Header.Get("Authorization")) }},
		{"other scheme", func(r *http.Request) { r.SetBasicAuth(SampleLogin, SampleSecret) }},
		{"no colon", func(r *http.Request) { r.Header.Set("Authorization", "SpektrixAPI3 TestLogin") }},
		{"empty signature", func(r *http.Request) { r.Header.Set("Authorization", "SpektrixAPI3 TestLogin:") }},
		{"other login", func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "Test", "Other", 1))
		}},
		{"no date", func(r *http.Request) { r.Header.Del("Date") }},
		{"other date", func(r *http.Request) {
			r.Header.Set("Date", c.Now().Add(time.Minute).Format(http.TimeFormat))
		}},
		{"two dates", func(r *http.Request) { r.Header.Add("Date", r.Header.Get("Date")) }},
		{"signed date in another form", func(r *http.Request) { signedWith(t, r, "{}", c.Now().Format(time.RFC3339)) }},
		{"signed date of the wrong weekday", func(r *http.Request) { signedWith(t, r, "{}", "Mon, 29 May 2026 19:00:07 GMT") }},
		{"signed date in another zone", func(r *http.Request) { signedWith(t, r, "{}", "Fri, 29 May 2026 19:00:07 UTC") }},
		{"other host", func(r *http.Request) { r.Host = "tickets.example.org" }},
		{"other query", func(r *http.Request) { r.URL.RawQuery = "$expand=tickets" }},
		{"other spelling of the path", func(r *http.Request) { r.URL.RawPath = strings.Replace(r.URL.Path, "baskets", "b%61skets", 1) }},
	} {
		t.Run(bad.name, func(t *testing.T) {
			t.Parallel()
			req := s.request(t, "POST", "baskets", "{}")
			bad.spoil(req)
			do(t, s, req).refused(t, 401, "unauthorized")
		})
	}
	t.Cleanup(func() {
		if n := len(s.Baskets()); n != 0 {
			t.Errorf("%d baskets were made", n)
		}
	})
}

func TestQueryIsSignedAsSent(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := sale(s)
	for _, query := range []string{"?$expand=tickets/event", "?email=a@b.example", "?email=a%40b.example", "?"} {
		if a := get(t, s, "baskets/"+id+query); a.status != 200 {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
}

func TestCustomDomain(t *testing.T) {
	t.Parallel()
	s := start(t)
	req := s.request(t, "GET", "custom-payment-types", "")
	called := *req.URL
	req.URL.Host = "tickets.example.org"
	req = signed(t, req, "", time.Now())
	req.Host, req.URL = "tickets.example.org", &called
	if a := do(t, s, req); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestDateWindow(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now), WithFacts(Facts{DateWindow: 90 * time.Second}))
	for _, skew := range []struct {
		by     time.Duration
		status int
	}{{0, 200}, {89 * time.Second, 200}, {-90 * time.Second, 200}, {91 * time.Second, 401}, {-92 * time.Second, 401}} {
		req := s.request(t, "GET", "custom-payment-types", "")
		a := do(t, s, signed(t, req, "", c.Now().Truncate(time.Second).Add(skew.by)))
		if a.status != skew.status {
			t.Errorf("skew %v: %d", skew.by, a.status)
		}
		if date := a.header.Get("Date"); date != "Fri, 29 May 2026 19:00:07 GMT" {
			t.Errorf("the answer's date is %s", date)
		}
	}
}

func TestDefaultWindow(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now))
	late := s.request(t, "GET", "custom-payment-types", "")
	c.Add(4 * time.Minute)
	inTime := s.request(t, "GET", "custom-payment-types", "")
	c.Add(2 * time.Minute)
	do(t, s, late).refused(t, 401, "unauthorized")
	if a := do(t, s, inTime); a.status != 200 {
		t.Errorf("two minutes late: %d", a.status)
	}
}

func TestLoginWithBackslashAndColon(t *testing.T) {
	t.Parallel()
	for _, login := range []string{`venue\till`, "a:b"} {
		s := start(t, WithCredentials(login, SampleSecret))
		req := s.request(t, "GET", "custom-payment-types", "")
		req.Header.Set("Authorization", strings.Replace(req.Header.Get("Authorization"), SampleLogin, login, 1))
		if a := do(t, s, req); a.status != 200 {
			t.Errorf("%s: %d", login, a.status)
		}
	}
}

func TestUselessSecrets(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"", "not base64", base64.RawStdEncoding.EncodeToString([]byte("1234"))} {
		s := start(t, WithCredentials(SampleLogin, secret))
		get(t, s, "custom-payment-types").refused(t, 401, "unauthorized")
	}
}

func TestUnauthorizedBodies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		form       UnauthorizedBody
		kind, body string
	}{
		{UnauthorizedJSON, jsonType, `{"message":"unauthorized"}`},
		{UnauthorizedEmpty, "", ""},
		{UnauthorizedHTML, htmlType, "<html><body><h1>401 Unauthorized</h1></body></html>\n"},
	} {
		s := start(t, WithFacts(Facts{UnauthorizedBody: c.form}))
		req := s.request(t, "GET", "custom-payment-types", "")
		req.Header.Del("Authorization")
		a := do(t, s, req)
		a.want(t, 401, c.body)
		if a.header.Get("Content-Type") != c.kind {
			t.Errorf("content type %q", a.header.Get("Content-Type"))
		}
	}
}

func FuzzAuthorization(f *testing.F) {
	for _, seed := range []string{"SpektrixAPI3 TestLogin:frJIUN8DYpKDtOLCwo//yllqDzg=", "SpektrixAPI3 :", "SpektrixAPI3 a\\b:c:d", "Basic x", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		login, signature, ok := presented(http.Header{"Authorization": {value}})
		if ok != (strings.HasPrefix(value, authScheme) && strings.Contains(value, ":")) || strings.Contains(signature, ":") {
			t.Errorf("%q: %q %q %v", value, login, signature, ok)
		}
		if ok && authScheme+login+":"+signature != value {
			t.Errorf("%q is not %q and %q", value, login, signature)
		}
	})
}
