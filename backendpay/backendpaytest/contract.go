package backendpaytest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Sandbox objects that the clauses of [Contract] use. Payments are recorded for
// the customer, and for no other.
const (
	ObjectCustomer          = "customer"           // id of a customer
	ObjectMethod            = "method"             // name of a payment type
	ObjectPayment           = "payment"            // id of a payment of the customer that is allocated to the invoice
	ObjectInvoice           = "invoice"            // id of that invoice
	ObjectAccountNumber     = "account number"     // of the customer
	ObjectCRMReference      = "CRM reference"      // of the customer
	ObjectInvisiblePayment  = "invisible payment"  // id of a payment whose customer the key's user may not see
	ObjectInvisibleCustomer = "invisible customer" // id of that customer
	ObjectReadOnlyKey       = "read-only key"      // API key of a user that may not write
	ObjectReplacedKey       = "replaced key"       // API key that a newer one of its user has replaced
)

// Contract returns what this package and its client say about the vendor, for
// [paymenttest.Check].
func Contract() []paymenttest.Clause {
	return slices.Concat(formClauses(), refusalClauses(), documentedClauses(), recordClauses(), listClauses(), filterClauses(), reversalClauses(),
		createClauses(), referenceClauses(), changeClauses(), showClauses(), neighbourClauses(), accessClauses(), clientClauses())
}

// FactSheet describes [Facts].
func FactSheet() *paymenttest.FactSheet {
	values := func(all ...any) (list []paymenttest.Value) {
		for _, v := range all {
			list = append(list, paymenttest.Value{Value: v})
		}
		return list
	}
	return paymenttest.NewFactSheet(Facts{},
		paymenttest.Fact{Field: "Paths", Values: []paymenttest.Value{
			{Value: PathAny, Word: "any"}, {Value: PathDocumented, Word: "documented"}, {Value: PathSlash, Word: "slash"}, {Value: PathNoSlash, Word: "no slash"},
		}},
		paymenttest.Fact{
			Field: "RedirectStatus", Zero: http.StatusMovedPermanently, Values: values(301, 302, 308),
			Hidden: "shows only where the other form of a path is redirected",
		},
		paymenttest.Fact{Field: "AuthStatus", Zero: http.StatusUnauthorized, Values: values(401, 403)},
		paymenttest.Fact{Field: "ErrorBody", Values: []paymenttest.Value{
			{Value: ErrorJSON, Word: "json"}, {Value: ErrorEmpty, Word: "empty"}, {Value: ErrorText, Word: "text"}, {Value: ErrorHTML, Word: "html"},
		}},
		paymenttest.Fact{Field: "InvisibleStatus", Zero: http.StatusNotFound, Values: values(404, 403)},
		paymenttest.Fact{Field: "CreateStatus", Zero: http.StatusCreated, Values: values(201, 200)},
		paymenttest.Fact{Field: "ReferenceLength", Values: values(0, 24, 64)},
		paymenttest.Fact{Field: "Amounts", Zero: AmountString, Values: []paymenttest.Value{{Value: AmountString, Word: "text"}, {Value: AmountNumber, Word: "number"}}},
		paymenttest.Fact{Field: "AmountsSent", Values: []paymenttest.Value{
			{Value: AmountAny, Word: "any"}, {Value: AmountString, Word: "text"}, {Value: AmountNumber, Word: "number"},
		}},
		paymenttest.Fact{Field: "IDPrefix", Values: values("", "P")},
		paymenttest.Fact{Field: "Absent", Values: []paymenttest.Value{
			{Value: AbsentNull, Word: "null"}, {Value: AbsentEmpty, Word: "empty"}, {Value: AbsentMissing, Word: "missing"}, {Value: AbsentZero, Word: "zero date"},
		}},
		paymenttest.Fact{Field: "Dates", Values: []paymenttest.Value{
			{Value: DateOnly, Word: "date"}, {Value: DateZoned, Word: "zoned"}, {Value: DateLocal, Word: "local"}, {Value: DateBlank, Word: "blank"},
		}},
		paymenttest.Fact{Field: "MaxLimit", Values: values(0, 5, 50)},
		paymenttest.Fact{Field: "BothFlags", Values: []paymenttest.Value{
			{Value: BothShowAll, Word: "all"}, {Value: BothShowReversed, Word: "reversed"}, {Value: BothRefused, Word: "refused"},
		}},
		paymenttest.Fact{Field: "IndexLag", Values: values(time.Duration(0), 80*time.Millisecond, 3*time.Second)},
	)
}

// Target returns the installation that config names, for reading only: give it
// sandbox objects and allow more, see [paymenttest.Target].
func Target(config backendpay.Config) paymenttest.Target {
	base, _ := url.Parse(config.BaseURL) // New refuses what cannot be read
	account := config.Tenant
	if base != nil {
		account = cmp.Or(account, base.Hostname())
	}
	return paymenttest.Target{
		Vendor: "backendpay", Account: account, Facts: FactSheet(), URL: strings.TrimSuffix(config.BaseURL, "/") + strings.TrimSuffix(apiPath, "/"),
		Connect: func(c paymenttest.Connection) (any, error) { return backendpay.New(config, c.Options...) },
		Sign: func(r *http.Request) error {
			key := config.APIKey
			if config.KeySource != nil {
				var err error
				if key, err = config.KeySource(r.Context()); err != nil {
					return err
				}
			}
			return signWith(string(key))(r)
		},
		Preflight: preflight,
		Pause:     200 * time.Millisecond, // the vendor's limits are unknown
	}
}

// signWith returns a function that signs with a key.
func signWith(key string) func(*http.Request) error {
	return func(r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+key)
		return nil
	}
}

// Sandbox starts an emulator that is set to facts and made for [Contract]: with
// all sandbox objects, everything allowed, and a clock on which waiting takes no
// time. Call stop after use.
func Sandbox(facts Facts) (target paymenttest.Target, stop func()) {
	var mu sync.Mutex
	began := time.Now().UTC()
	now := began.AddDate(0, 0, -30)
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}
	move := func(d time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
	}
	s := New(WithFacts(facts), WithClock(clock))
	objects, key := s.furnish(began, move)
	config := s.Config()
	config.APIKey = tenderkit.Secret(key)
	target = Target(config)
	target.Pause, target.Budget, target.Objects = 0, 20000, objects
	target.Allow = paymenttest.AllowAll(target.Account)
	target.Now = clock
	target.Sleep = func(ctx context.Context, d time.Duration) error {
		move(d)
		return ctx.Err()
	}
	return target, s.Close
}

// furnish adds the sandbox objects: payments of a month ago, some of which were
// reversed, reinstated, collected or no longer to be collected since, and so
// many of another customer that a page is full. It returns the key of a user
// that sees all of them but one customer.
func (s *Server) furnish(began time.Time, move func(time.Duration)) (objects map[string]string, key string) {
	const invoice, crowd = "9001", 110
	other := s.AddCustomer(Customer{AccountNumber: "C12346"})
	hidden := s.AddCustomer(Customer{AccountNumber: "C12347"})
	add := func(customer string, days int) string {
		amount, _ := payment.ParseAmount("12.50")
		id, _ := s.AddPayment(Payment{
			CustomerID: customer, OurReference: fmt.Sprintf("sample-%d", days), PaymentDate: payment.DateOf(began.AddDate(0, 0, -days)),
			PaymentAmount: amount, PaymentMethod: "Cheque",
		})
		return id
	}
	objects = map[string]string{
		ObjectPayment: add(SampleCustomer, 40), ObjectInvisiblePayment: add(hidden, 41), ObjectInvisibleCustomer: hidden,
		ObjectCustomer: SampleCustomer, ObjectMethod: "Bank Transfer", ObjectInvoice: invoice, ObjectAccountNumber: "C12345", ObjectCRMReference: "CRM-12345",
	}
	reversed, reinstated, collected, cancelled := add(SampleCustomer, 42), add(SampleCustomer, 43), add(SampleCustomer, 44), add(SampleCustomer, 45)
	part, _ := payment.ParseAmount("10.00")
	_, _ = s.Allocate(objects[ObjectPayment], invoice, part)
	_, _ = s.Seed(other, crowd, func(i int, p *Payment) {
		p.OurReference, p.PaymentDate, p.PaymentMethod = fmt.Sprintf("crowd-%d", i), payment.DateOf(began.AddDate(0, 0, -50)), "Cheque"
		p.PaymentAmount = part
	})
	move(10*24*time.Hour + 700*time.Millisecond)
	for _, id := range []string{reversed, reinstated} {
		_ = s.Reverse(id, payment.DateOf(began.AddDate(0, 0, -21)))
	}
	_ = s.Reinstate(reinstated)
	_, _ = s.Collect(collected), s.Collect(cancelled)
	_ = s.CancelCollection(cancelled)
	move(20 * 24 * time.Hour)
	key = s.AddUser(User{Name: "contract", Customers: []string{SampleCustomer, other}})
	objects[ObjectReplacedKey] = key
	key, _ = s.IssueKey("contract")
	objects[ObjectReadOnlyKey] = s.AddUser(User{Name: "reader", ReadOnly: true})
	return objects, key
}

// preflight asks whether the key is good and the sandbox objects are there.
func preflight(ctx context.Context, t *paymenttest.Trial) error {
	e, err := ask{path: "/payments", list: true, query: "limit=1"}.send(ctx, t)
	if err != nil {
		return err
	}
	switch e.Status {
	case http.StatusUnauthorized:
		return fmt.Errorf("%w: status %d for a list of payments", payment.ErrUnauthorized, e.Status)
	case http.StatusForbidden:
		return fmt.Errorf("%w: status %d for a list of payments", payment.ErrForbidden, e.Status)
	}
	if err := checkMethod(ctx, t); err != nil {
		return err
	}
	for _, object := range []struct {
		name, path string
		list       bool
	}{
		{ObjectCustomer, "/customers/", false}, {ObjectPayment, "/payments/", false}, {ObjectInvoice, "/invoices/", true},
	} {
		id := t.Object(object.name)
		if id == "" {
			continue
		}
		a := ask{path: object.path + url.PathEscape(id), list: object.list}
		if object.list {
			a.path += "/paymentParts"
		}
		e, err := a.send(ctx, t)
		if err != nil {
			return err
		}
		if e.Status == http.StatusNotFound {
			return fmt.Errorf("the sandbox object %q does not exist: there is no %s %s", object.name, object.name, id)
		}
	}
	return nil
}

// checkMethod asks whether the payment type is there. A key that may not read
// payment types says nothing.
func checkMethod(ctx context.Context, t *paymenttest.Trial) error {
	method := t.Object(ObjectMethod)
	e, err := ask{path: "/paymentTypes", list: true}.send(ctx, t)
	if err != nil || method == "" || e.Status != http.StatusOK {
		return err
	}
	var types []shown
	if err := readJSON(e.Body, &types); err != nil {
		return errors.New("the list of payment types cannot be read")
	}
	if !slices.ContainsFunc(types, func(m shown) bool { return m.text("paymentTypeName") == method }) {
		return fmt.Errorf("the sandbox object %q does not exist: there is no payment type %s", ObjectMethod, method)
	}
	return nil
}

func client(t *paymenttest.Trial) *backendpay.Client { return t.Client().(*backendpay.Client) }
