package spektrixtest

import (
	"net/http"
	"testing"

	"github.com/tenderkit/tenderkit/internal/emulator"
)

// TestOrderOfChecks returns each request two things to complain about: the first
// in the vendor's order must win.
func TestOrderOfChecks(t *testing.T) {
	t.Parallel()
	s := start(t)
	unsigned := func(r *http.Request) { r.Header.Del("Authorization") }
	stock := func(r *http.Request) { r.Header.Set("User-Agent", "Go-http-client/1.1") }
	none := func(*http.Request) {}
	for _, c := range []struct {
		name, method, path, body string
		change                   func(*http.Request)
		status                   int
	}{
		{"prefix before agent", "POST", "/other/api/v3/baskets", "{}", stock, 404},
		{"prefix before signature", "GET", "/apitesting/api/v2/baskets", "", unsigned, 404},
		{"client name as it is", "GET", "/Apitesting/api/v3/custom-payment-types", "", none, 404},
		{"agent before signature", "POST", "baskets", "{}", func(r *http.Request) { stock(r); unsigned(r) }, 403},
		{"signature before form", "POST", "baskets", "{", unsigned, 401},
		{"signature before path", "GET", "nothing", "", unsigned, 401},
		{"form before existence", "POST", "baskets/1AB/custom-payments", "{", none, 400},
		{"types before existence", "POST", "baskets/1AB/custom-payments", `{"PaymentTypeId":1}`, none, 400},
		{"existence before method", "PUT", "baskets/1AB/custom-payments", "{}", none, 404},
		{"form before method", "PUT", "baskets", "{", none, 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			req := s.request(t, c.method, c.path, c.body)
			c.change(req)
			if a := do(t, s, req); a.status != c.status {
				t.Errorf("%d %s, want %d", a.status, a.body, c.status)
			}
		})
	}
}

func TestStockAgents(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, c := range []struct {
		method, path, agent string
		status              int
	}{
		{"POST", "baskets", "", 403},
		{"POST", "baskets", "Go-http-client/1.1", 403},
		{"POST", "baskets", "GuzzleHttp/7", 403},
		{"POST", "baskets", "ticketdesk/1.0 Go-http-client/1.1", 200},
		{"GET", "custom-payment-types", "Go-http-client/1.1", 200},
	} {
		req := s.request(t, c.method, c.path, "")
		req.Header.Set("User-Agent", c.agent)
		a := do(t, s, req)
		if a.status != c.status {
			t.Errorf("%s by %q: %d %s", c.method, c.agent, a.status, a.body)
		}
		if a.status == 403 && (a.body != edgePage || a.header.Get("Content-Type") != htmlType) {
			t.Errorf("%s %s", a.header.Get("Content-Type"), a.body)
		}
	}
}

func TestWebResources(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, path := range []string{"basket", "basket/tickets", "customer"} {
		get(t, s, path).refused(t, 401, "unauthorized")
	}
	get(t, s, "customers").refused(t, 404, "no such resource")
}

func TestPathsAndMethods(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := sale(s)
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"POST", "custom-payment-types", 405, "GET"},
		{"GET", "baskets", 405, "POST"},
		{"DELETE", "baskets/" + id, 405, "GET, PATCH, POST"},
		{"GET", "baskets/" + id + "/tickets", 405, "POST"},
		{"PUT", "baskets/" + id + "/custom-payments", 405, "GET, POST"},
		{"PATCH", "baskets/" + id + "/custom-payments", 405, "GET, POST"},
		{"DELETE", "baskets/" + id + "/custom-payments", 405, "GET, POST"},
		{"GET", "baskets/" + id + "/confirm", 405, "POST"},
		{"GET", "baskets/" + id + "/", 404, ""},
		{"GET", "baskets/", 404, ""},
		{"GET", "baskets/" + id + "/items", 404, ""},
		{"GET", "baskets//custom-payments", 404, ""},
		{"GET", "orders", 404, ""},
		{"GET", "orders/" + id, 404, ""},
		{"GET", "", 404, ""},
	} {
		a := send(t, s, c.method, c.path, "")
		if a.status != c.status || a.header.Get("Allow") != c.allow {
			t.Errorf("%s %s: %d, allow %q", c.method, c.path, a.status, a.header.Get("Allow"))
		}
	}
}

func TestContentType(t *testing.T) {
	t.Parallel()
	s := start(t)
	for kind, status := range map[string]int{
		"application/json": 200, "application/json; charset=utf-8": 200, "text/plain": 400, "": 400,
	} {
		req := s.request(t, "POST", "baskets", "{}")
		req.Header.Set("Content-Type", kind)
		if a := do(t, s, req); a.status != status {
			t.Errorf("%q: %d %s", kind, a.status, a.body)
		}
	}
}

func TestErrorCodesAndCreatedStatus(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{ErrorCodes: true, CreatedStatus: true}))
	post(t, s, "baskets", `{"x":1}`).want(t, 400, `{"message":"unknown field x","errorCode":"SIM-400"}`)
	get(t, s, "orders/1AB").want(t, 404, `{"message":"not found","errorCode":"SIM-404"}`)
	b := into[seenBasket](t, post(t, s, "baskets", `{}`))
	if a := post(t, s, "baskets", `{}`); a.status != 201 {
		t.Errorf("creation: %d", a.status)
	}
	if a := get(t, s, "baskets/"+b.ID); a.status != 200 {
		t.Errorf("reading: %d", a.status)
	}
	if a := pay(t, s, b.ID, "1.00"); a.status != 201 {
		t.Errorf("payment: %d", a.status)
	}
}

func TestOversizedBody(t *testing.T) {
	t.Parallel()
	s := start(t)
	big := make([]byte, emulator.MaxBody+1)
	for i := range big {
		big[i] = ' '
	}
	post(t, s, "baskets", string(big)).refused(t, 401, "unauthorized")
}
