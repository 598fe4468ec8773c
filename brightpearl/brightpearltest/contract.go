package brightpearltest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Sandbox objects that the clauses of [Contract] use. Payments are recorded on
// these orders. The token endpoint and what it needs are those of an app that
// exists for tests: its refresh token may be used up.
const (
	ObjectOrder         = "order"          // number of a sales order
	ObjectMissingOrder  = "missing order"  // number of a sales order that does not exist
	ObjectPurchaseOrder = "purchase order" // number of a purchase order
	ObjectMethod        = "method"         // code of a payment method with a bank account in the currency
	ObjectCurrency      = "currency"       // ISO 4217 code of the orders
	ObjectTokenURL      = "token endpoint"
	ObjectClientID      = "client id"
	ObjectClientSecret  = "client secret"
	ObjectRefreshToken  = "refresh token"
)

// Contract returns what this package and its client say about the vendor, for
// [paymenttest.Check].
func Contract() []paymenttest.Clause {
	return slices.Concat(authClauses(), searchClauses(), createClauses(), duplicateClauses(), deleteClauses(), neighbourClauses())
}

// FactSheet describes [Facts].
func FactSheet() *paymenttest.FactSheet {
	durations := func(all ...time.Duration) (values []paymenttest.Value) {
		for _, d := range all {
			values = append(values, paymenttest.Value{Value: d})
		}
		return values
	}
	return paymenttest.NewFactSheet(Facts{},
		paymenttest.Fact{Field: "DuplicateStatus", Zero: http.StatusBadRequest, Values: []paymenttest.Value{{Value: 400}, {Value: 409}, {Value: 422}}},
		paymenttest.Fact{Field: "DuplicateCode", Zero: "SIM-DUP", Values: []paymenttest.Value{{Value: "SIM-DUP"}, {Value: "ACCC-001"}}},
		paymenttest.Fact{Field: "IndexLag", Values: durations(0, 80*time.Millisecond, 3*time.Second)},
		paymenttest.Fact{Field: "DisplayOffset", Values: durations(0, -6*time.Hour, 330*time.Minute)},
		paymenttest.Fact{Field: "StringMatch", Values: []paymenttest.Value{
			{Value: MatchExact, Word: "exact"}, {Value: MatchIgnoreCase, Word: "ignore case"}, {Value: MatchPrefix, Word: "prefix"}, {Value: MatchIgnored, Word: "ignored"},
		}},
	)
}

// Target returns the account that config names, for reading only: give it
// sandbox objects and allow more, see [paymenttest.Target]. Clauses that send raw
// requests need an Auth of fixed headers, not OAuth.
func Target(config brightpearl.Config) paymenttest.Target {
	origin := config.BaseURL
	if origin == "" {
		origin = "https://" + config.Datacenter + ".brightpearlconnect.com"
	}
	return paymenttest.Target{
		Vendor: "brightpearl", Account: config.Account, Facts: FactSheet(),
		URL: strings.TrimSuffix(origin, "/") + publicAPI + url.PathEscape(config.Account),
		Connect: func(c paymenttest.Connection) (any, error) {
			return brightpearl.New(config, c.Options...)
		},
		Sign: signRaw(config), Preflight: preflight,
		Pause: 400 * time.Millisecond, // 150 a minute: the account's other programs have 50
	}
}

// Sandbox starts an emulator that is set to facts and made for [Contract]: with
// all sandbox objects, everything allowed, and a clock on which waiting takes no
// time. Call stop after use.
func Sandbox(facts Facts) (target paymenttest.Target, stop func()) {
	var mu sync.Mutex
	now := time.Now().UTC()
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}
	app := OAuthClient{DevRef: "acme", AppRef: "acme_contract", ClientSecret: "contract client secret", RedirectURI: "https://example.org/back"}
	s := New(WithFacts(facts), WithClock(clock), WithThrottle(500, time.Minute), WithOAuthClient(app))
	s.AddOrders(2002, 3003)
	_, refresh := s.IssueTokens(app.AppRef)
	target = Target(s.Config())
	target.Pause, target.Budget = 0, 5000
	target.Allow = paymenttest.AllowAll(target.Account)
	target.Now = clock
	target.Sleep = func(ctx context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
		return ctx.Err()
	}
	target.Objects = map[string]string{
		ObjectOrder: "2002", ObjectMissingOrder: "99999999", ObjectPurchaseOrder: "3003", ObjectMethod: "SAGEPAY_UK", ObjectCurrency: "GBP",
		ObjectTokenURL: s.URL + "/token/" + url.PathEscape(target.Account), ObjectClientID: app.AppRef, ObjectClientSecret: app.ClientSecret,
		ObjectRefreshToken: refresh,
	}
	return target, s.Close
}

var errNoHeaders = errors.New("raw requests need an Auth of fixed headers, not OAuth")

// signRaw returns a function that sets the headers of config's Auth. It learns
// them from a request that a client makes and that is not sent.
func signRaw(config brightpearl.Config) func(*http.Request) error {
	learn := sync.OnceValues(func() (http.Header, error) {
		var learned http.Header
		client, err := brightpearl.New(config, tenderkit.WithRetries(0), tenderkit.WithHTTPClient(&http.Client{
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				learned = r.Header
				return nil, errNoHeaders
			}),
		}))
		if err != nil {
			return nil, err
		}
		for range client.PaymentMethods(context.Background()) {
			break
		}
		if learned.Get(headerAppRef) == "" {
			return nil, errNoHeaders
		}
		return learned, nil
	})
	return func(r *http.Request) error {
		headers, err := learn()
		for _, name := range []string{headerAppRef, headerDevRef, headerAccount, headerStaff} {
			if value := headers.Get(name); value != "" {
				r.Header.Set(name, value)
			}
		}
		return err
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// preflight asks whether the credentials are good and the sandbox objects are
// there. An order can be looked for only with rights on the order service.
func preflight(ctx context.Context, t *paymenttest.Trial) error {
	method := t.Object(ObjectMethod)
	known := method == ""
	for m, err := range client(t).PaymentMethods(ctx) {
		if err != nil {
			return err
		}
		known = known || strings.EqualFold(m.Code, method)
	}
	if !known {
		return fmt.Errorf("the sandbox object %q does not exist: the account has no payment method %s", ObjectMethod, method)
	}
	for _, name := range []string{ObjectOrder, ObjectPurchaseOrder} {
		number := t.Object(name)
		if number == "" {
			continue
		}
		if id, err := strconv.ParseInt(number, 10, 64); err != nil || id <= 0 {
			return fmt.Errorf("the sandbox object %q is not the number of an order: %s", name, number)
		}
		e, err := t.Get(ctx, "/order-service/order/"+number)
		if err == nil && e.Status == http.StatusOK && strings.ReplaceAll(string(e.Body), " ", "") == `{"response":[]}` {
			return fmt.Errorf("the sandbox object %q does not exist: there is no order %s", name, number)
		}
	}
	return nil
}

func client(t *paymenttest.Trial) *brightpearl.Client { return t.Client().(*brightpearl.Client) }

func number(t *paymenttest.Trial, object string) int64 {
	n, _ := strconv.ParseInt(t.Object(object), 10, 64) // the preflight has checked it
	return n
}
