package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/payment/salesdata"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// gauge is a proxy that counts what goes through it.
type gauge struct {
	*httptest.Server
	requests, bytes atomic.Int64
}

// measure puts a gauge in front of the vendor at env[name].
func measure(t *testing.T, env map[string]string, name string) *gauge {
	t.Helper()
	target, err := url.Parse(env[name])
	if err != nil {
		t.Fatal(err)
	}
	g := &gauge{}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(r *http.Response) error {
		g.requests.Add(1)
		r.Body = &counted{r.Body, &g.bytes}
		return nil
	}
	g.Server = httptest.NewServer(proxy)
	t.Cleanup(g.Close)
	env[name] = g.URL
	return g
}

type counted struct {
	io.ReadCloser
	n *atomic.Int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.n.Add(int64(n))
	return n, err
}

// An order with twice as many payments takes twice as many requests and bytes,
// and one with 2,000 hardly more than 2,000 requests. So does a customer with as
// many orders.
func TestBigOrdersAreLinear(t *testing.T) {
	t.Parallel()
	big, small := 2000, 600
	if underRace || testing.Short() {
		big, small = 400, 400
	}
	oneTarget := func(n int) string {
		return regexp.MustCompile(`"export_ref":"\d+"`).ReplaceAllString(many(n), `"export_ref":"1000"`)
	}
	for name, c := range map[string]struct {
		payments int
		document func(n int) string
		prepare  func(t *testing.T, n int) (env map[string]string, baseURL string, args []string)
	}{
		"an order at Brightpearl":           {big, oneOrder, bigOrder},
		"many of the till's at Brightpearl": {small, oneTarget, bigOrder},
		"an order of a customer":            {small, oneOrder, bigCustomer},
		"many orders of a customer":         {big, oneTarget, bigCustomer},
		"a basket":                          {small, oneOrder, bigBasket},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cost := func(n int) (requests, bytes int64) {
				env, baseURL, args := c.prepare(t, n)
				g := measure(t, env, baseURL)
				if tally, err := recordIn(t, paymenttest.NewStore(), env, c.document(n), args...); err != nil || tally[recorded] != n {
					t.Fatalf("%v, %v", tally, err)
				}
				return g.requests.Load(), g.bytes.Load()
			}
			few, little := cost(c.payments / 2)
			many, much := cost(c.payments)
			if many > int64(c.payments)*105/100 || many > few*21/10 || much > little*21/10 {
				t.Errorf("%d payments: %d requests, %d bytes; %d: %d, %d", c.payments/2, few, little, c.payments, many, much)
			}
		})
	}
}

func bigOrder(t *testing.T, _ int) (env map[string]string, baseURL string, args []string) {
	_, env = account(t)
	return env, "BRIGHTPEARL_BASE_URL", nil
}

func bigCustomer(t *testing.T, _ int) (env map[string]string, baseURL string, args []string) {
	_, env = billing(t, 1)
	return env, "BACKENDPAY_BASE_URL", []string{"-to", "backendpay"}
}

func bigBasket(t *testing.T, n int) (env map[string]string, baseURL string, args []string) {
	_, basket, env := venue(t, fmt.Sprintf("%d.00", n), spektrixtest.WithFacts(spektrixtest.Facts{}))
	return env, "SPEKTRIX_BASE_URL", []string{"-to", "spektrix", "-orders", write(t, "orders", "1000 "+basket)}
}

// quick is a vendor that records everything at once and keeps nothing.
type quick struct{ n atomic.Int64 }

func (q *quick) Account() payment.Account {
	return payment.Account{Vendor: "quick", Tenant: "t", Host: "example.com"}
}
func (q *quick) Prepare(_ context.Context, p payment.Payment) (payment.Payment, error) { return p, nil }
func (q *quick) Record(ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	return payment.Receipt{Vendor: "quick", ID: fmt.Sprint(q.n.Add(1)), Reference: p.Reference, Amount: p.Amount}, a.Begin(ctx, nil)
}
func (q *quick) Find(context.Context, payment.Payment, *payment.Attempt) ([]payment.Receipt, error) {
	return nil, nil
}

// forgetful is a durable store that forgets at once.
type forgetful struct{}

func (forgetful) Claim(_ context.Context, k payment.Key, payload []byte, lease time.Duration) (payment.Entry, error) {
	return payment.Entry{Key: k, Payload: payload, Token: "t", Until: time.Now().Add(lease), Certain: true, Progress: payment.Progress{Status: payment.Open}}, nil
}
func (forgetful) Save(_ context.Context, e payment.Entry, _ time.Duration) (payment.Entry, error) {
	return e, nil
}

// endless is a document of n orders that is made while it is read.
func endless(n int) io.Reader {
	r, w := io.Pipe()
	go func() {
		for i := range n {
			order := strings.ReplaceAll(strings.Trim(many(1), "[]"), firstReference, fmt.Sprintf("c3d4e5f6-a7b8-9012-cdef-%012d", i))
			if i == 0 {
				order = "[" + order
			}
			if _, err := io.WriteString(w, order+map[bool]string{true: "]", false: ",\n"}[i == n-1]); err != nil {
				return
			}
		}
		_ = w.Close()
	}()
	return r
}

// Memory does not grow with the document, nor with what the store keeps.
func TestMemoryIsConstant(t *testing.T) {
	few, lots := 4_000, 100_000
	if underRace || testing.Short() {
		lots = 12_000
	}
	for name, c := range map[string]struct {
		store     func() payment.Store
		few, lots int
	}{
		"a store that forgets": {func() payment.Store { return forgetful{} }, few, lots},
		"SQLite":               {func() payment.Store { return storeOfPages(t, filepath.Join(t.TempDir(), "store.db"), 1<<20) }, few / 40, max(600, lots/20)},
	} {
		t.Run(name, func(t *testing.T) {
			little, much := peak(t, c.store(), c.few), peak(t, c.store(), c.lots)
			if much > little+1<<20 {
				t.Errorf("%d bytes with %d payments, %d with %d", little, c.few, much, c.lots)
			}
		})
	}
}

// peak records a document of n orders and returns the most memory that was used
// meanwhile.
func peak(t *testing.T, kept payment.Store, n int) (most uint64) {
	t.Helper()
	master, err := openTill(settings{currency: "NOK"})
	if err != nil {
		t.Fatal(err)
	}
	batches := 0
	measure := func(context.Context, []*order) error {
		if batches++; batches%max(1, n/1000) != 0 { // ten times
			return nil
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc)
		return nil
	}
	j := &job{
		till: &till{document: endless(n), types: master.types, currency: "NOK"}, lease: time.Minute,
		to: &destination{
			recorder: &quick{}, resolve: sameName, takesAll: true, readBack: measure, batch: 200,
			adapt: func(_ context.Context, p *payment.Payment, _ salesdata.PaymentType) (string, error) { return "", nil },
		},
		once: []payment.OnceOption{payment.WithStore(kept)}, onDone: func() {},
	}
	out := newReport(io.Discard, io.Discard, false)
	if err := j.document(t.Context(), 8, out); err != nil || out.tally[recorded] != n {
		t.Fatalf("%v, %v", err, out.tally)
	}
	return most
}
