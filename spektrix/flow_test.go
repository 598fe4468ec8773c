package spektrix

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit"
)

func mustClaim(t *testing.T, fs *flows, id string) *flow {
	t.Helper()
	f, err := fs.claim(id)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestClaimIsExclusive(t *testing.T) {
	t.Parallel()
	fs := newFlows()
	f := mustClaim(t, fs, "1A")
	if _, err := fs.claim("1A"); err == nil {
		t.Error("a basket was claimed twice")
	}
	mustClaim(t, fs, "2A")
	fs.release(f)
	mustClaim(t, fs, "1A")
}

func TestReleaseForgetsWhereNothingHappened(t *testing.T) {
	t.Parallel()
	fs := newFlows()
	fs.release(mustClaim(t, fs, "1A"))
	if len(fs.byBasket) != 0 || len(fs.kept) != 0 {
		t.Errorf("%d flows, %d kept", len(fs.byBasket), len(fs.kept))
	}
	for range 2 {
		f := mustClaim(t, fs, "1A")
		f.confirmed = true
		fs.release(f)
	}
	if len(fs.byBasket) != 1 || len(fs.kept) != 1 {
		t.Errorf("%d flows, %d kept", len(fs.byBasket), len(fs.kept))
	}
}

// The memory is bounded, and what is in use is not forgotten.
func TestTheOldestIsForgotten(t *testing.T) {
	t.Parallel()
	fs := newFlows()
	keep := func(id string) {
		f := mustClaim(t, fs, id)
		f.confirmed = true
		fs.release(f)
	}
	keep("used")
	used := mustClaim(t, fs, "used")
	for i := range maxFlows + 10 {
		keep(fmt.Sprintf("%dA", i))
	}
	if _, err := fs.claim("used"); err == nil {
		t.Error("a basket in use was forgotten")
	}
	fs.release(used)
	if len(fs.kept) != maxFlows || len(fs.byBasket) != maxFlows {
		t.Errorf("%d kept, %d flows", len(fs.kept), len(fs.byBasket))
	}
	if f := mustClaim(t, fs, "used"); !f.confirmed {
		t.Error("a basket that was in use is not remembered")
	}
	if f := mustClaim(t, fs, "0A"); f.confirmed {
		t.Error("the oldest is still remembered")
	}
}

// What a confirmed basket was paid with is not kept: it may be personal data.
func TestAConfirmedBasketKeepsNoPayments(t *testing.T) {
	t.Parallel()
	answers := map[string]string{
		http.MethodGet:  `{"id":"1A","total":0,"tickets":[{"id":"2A"}]}`,
		http.MethodPost: `{"id":"3A"}`,
	}
	client, err := New(Config{ClientName: "apitesting", Login: "TestLogin", Secret: testSecret, Currency: "GBP"},
		tenderkit.WithHTTPClient(&http.Client{Transport: answering(answers)}))
	if err != nil {
		t.Fatal(err)
	}
	f := mustClaim(t, client.flows, "1A")
	f.settlement = &Settlement{BasketID: "1A", Total: client.zero}
	client.flows.release(f)
	if _, err := client.Confirm(t.Context(), "1A", Confirmation{}); err != nil {
		t.Fatal(err)
	}
	if f := mustClaim(t, client.flows, "1A"); f.settlement != nil || !f.confirmed {
		t.Errorf("kept %v, confirmed %v", f.settlement, f.confirmed)
	}
}

// answering gives one answer for each method.
type answering map[string]string

func (a answering) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a[req.Method]))}, nil
}
