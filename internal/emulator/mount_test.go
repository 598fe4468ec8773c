package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// Every emulator can be mounted in a server of the caller's own, and logs what it
// is asked there.
func TestMounted(t *testing.T) {
	t.Parallel()
	brightpearl, spektrix, rubi, backendpay := brightpearltest.New(), spektrixtest.New(), rubitest.New(), backendpaytest.New()
	for name, e := range map[string]struct {
		handler  http.Handler
		close    func()
		requests func() int
	}{
		"brightpearl": {brightpearl, brightpearl.Close, func() int { return len(brightpearl.Requests()) }},
		"spektrix":    {spektrix, spektrix.Close, func() int { return len(spektrix.Requests()) }},
		"rubi":        {rubi, rubi.Close, func() int { return len(rubi.Requests()) }},
		"backendpay":  {backendpay, backendpay.Close, func() int { return len(backendpay.Requests()) }},
	} {
		t.Run(name, func(t *testing.T) {
			defer e.close()
			server := httptest.NewServer(e.handler)
			defer server.Close()
			resp, err := http.Get(server.URL + "/nowhere")
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode < 400 || e.requests() != 1 {
				t.Errorf("status %d, %d requests", resp.StatusCode, e.requests())
			}
		})
	}
}
