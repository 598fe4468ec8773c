package brightpearltest

import (
	"context"
	"encoding/json"
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
	"github.com/tenderkit/tenderkit/payment"
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

// The forms of answers.
const (
	idForm     paymenttest.Form = `{"response":"integer"}`
	errorsForm paymenttest.Form = `{"errors":[{"code":"string","message":"string"}]}`
	textForm   paymenttest.Form = `{"response":"string"}`
)

const accountingPath = "/accounting-service/"

// paymentOf returns a RECEIPT, or another type, on the sandbox order under a
// new reference.
func paymentOf(t *paymenttest.Trial, kind brightpearl.PaymentType, amount string) brightpearl.CustomerPayment {
	p := brightpearl.CustomerPayment{
		TransactionRef: t.Reference(), PaymentMethodCode: t.Object(ObjectMethod), PaymentType: kind, OrderID: number(t, ObjectOrder),
		CurrencyISOCode: t.Object(ObjectCurrency), PaymentDate: t.Began(), AllowNoCode: true,
	}
	money, _ := payment.ParseAmount(amount)
	if kind == brightpearl.TypeAuth || kind == brightpearl.TypeVoid {
		p.AmountAuthorized = money
	} else {
		p.AmountPaid = money
	}
	if kind == brightpearl.TypeAuth {
		p.AuthorizationExpiry = t.Began().AddDate(0, 0, 7)
	}
	return p
}

// recordNew records the payment with the client, and checks the answer. It is
// deleted at the end of the run, if deleting is allowed.
func recordNew(ctx context.Context, t *paymenttest.Trial, p brightpearl.CustomerPayment) (int64, error) {
	w := writing(t, p)
	id, err := client(t).CreateCustomerPayment(ctx, p)
	if err != nil {
		if errors.Is(err, payment.ErrInvalid) || errors.Is(err, payment.ErrUnauthorized) || errors.Is(err, payment.ErrForbidden) {
			w.Undo()
		}
		return 0, err
	}
	t.AtEnd(undoing(t, w, id))
	return id, t.Want(t.Last(), http.StatusOK, idForm)
}

func writing(t *paymenttest.Trial, p brightpearl.CustomerPayment) *paymenttest.Written {
	return t.Writing("%s on order %d, reference %s, method %s", p.PaymentType, p.OrderID, p.TransactionRef, p.PaymentMethodCode)
}

func undoing(t *paymenttest.Trial, w *paymenttest.Written, id int64) func(context.Context) error {
	return func(ctx context.Context) error {
		err := client(t).DeleteCustomerPayment(ctx, id)
		if err == nil || errors.Is(err, payment.ErrNotFound) {
			w.Undo()
		}
		return err
	}
}

// postRaw sends a payment as raw JSON, changed by edit. The answer may be a
// refusal. An id that it holds is deleted at the end of the run.
func postRaw(ctx context.Context, t *paymenttest.Trial, p brightpearl.CustomerPayment, edit func(body map[string]any)) (paymenttest.Exchange, int64, error) {
	body, err := p.Body()
	if err != nil {
		return paymenttest.Exchange{}, 0, err
	}
	if edit != nil {
		var members map[string]any
		if err := json.Unmarshal(body, &members); err != nil {
			return paymenttest.Exchange{}, 0, err
		}
		edit(members)
		if body, err = json.Marshal(members); err != nil {
			return paymenttest.Exchange{}, 0, err
		}
	}
	w := writing(t, p)
	e, err := t.Send(ctx, paymenttest.Raw{Method: http.MethodPost, Path: accountingPath + "customer-payment", Body: body})
	if err != nil {
		return e, 0, err
	}
	id := idOf(e)
	if id > 0 {
		t.AtEnd(undoing(t, w, id))
	} else if e.Status >= 400 && e.Status < 500 || codeOf(e) == "CMNU-003" {
		w.Undo()
	}
	return e, id, nil
}

// idOf returns the id that a POST was answered with, or 0.
func idOf(e paymenttest.Exchange) int64 {
	var answer struct {
		Response json.Number `json:"response"`
	}
	_ = json.Unmarshal(e.Body, &answer)
	id, _ := answer.Response.Int64()
	return id
}

// wantRefused returns nil if the answer is a refusal in the vendor's form,
// whatever its code.
func wantRefused(t *paymenttest.Trial, e paymenttest.Exchange, what string) error {
	if e.Status >= 200 && e.Status < 300 {
		return t.Differs(e.Place(), "%s was accepted with status %d", what, e.Status)
	}
	if e.Status == http.StatusBadRequest || e.Status == http.StatusInternalServerError {
		return t.Want(e, e.Status, errorsForm)
	}
	return t.WantStatus(e, http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusInternalServerError)
}

// codeOf returns the code of the first error.
func codeOf(e paymenttest.Exchange) string {
	var body struct {
		Errors []problem `json:"errors"`
	}
	if json.Unmarshal(e.Body, &body) != nil || len(body.Errors) == 0 {
		return ""
	}
	return body.Errors[0].Code
}

// wantCode returns nil if the answer has the status and the code.
func wantCode(t *paymenttest.Trial, e paymenttest.Exchange, status int, code string) error {
	t.Expect("status %d with code %s", status, code)
	if err := t.Want(e, status, errorsForm); err != nil {
		return err
	}
	t.See("status %d with code %s", e.Status, codeOf(e))
	if got := codeOf(e); got != code {
		return t.Differs(e.Place()+" $.errors[0].code", "code %s, not %s", got, code)
	}
	return nil
}
