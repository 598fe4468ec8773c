package spektrixtest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
)

// Contract returns what this package and its client say about the vendor, for
// [paymenttest.Check].
func Contract() []paymenttest.Clause {
	return slices.Concat(authClauses(), typeClauses(), basketClauses(), waiveClauses(), paymentClauses(), refusalClauses(), listClauses(), confirmClauses(), afterClauses(), orderClauses())
}

// FactSheet describes [Facts].
func FactSheet() *paymenttest.FactSheet {
	type values = []paymenttest.Value
	return paymenttest.NewFactSheet(Facts{},
		words[PaymentAnswer]("PaymentAnswer", "object", "array", "array of all, newest last", "array of all, newest first"),
		words[PaymentList]("PaymentList", "on", "405", "404"),
		paymenttest.Fact{Field: "PaymentListLag", Values: values{{Value: 0}, {Value: 1}, {Value: 3}}},
		words[BasketPayments]("BasketPayments", "full", "stubs", "none"),
		words[CreationPayments]("CreationPayments", "stored", "ignored", "400"),
		words[TypeCommission]("TypeCommission", "none", "added to the total", "taken from the amount"),
		words[AttributeRule]("UndefinedAttributes", "400", "dropped", "stored"),
		words[ShortConfirm]("ShortConfirm", "409", "400", "confirmed"),
		words[ValueConfirm]("ValueConfirm", "confirmed", "409", "400"),
		words[CodeForm]("CodeForm", "number", "text", "none"),
		words[ConfirmAnswer]("ConfirmAnswer", "order", "basket", "nothing"),
		words[CustomerOrders]("CustomerOrders", "full", "stubs", "none"),
		words[SecondConfirm]("SecondConfirm", "404", "400", "409", "same order", "second order"),
		words[UnauthorizedBody]("UnauthorizedBody", "JSON", "empty", "HTML"),
		words[TimeForm]("Times", "without zone", "without zone, with fractions", "with offset"),
		paymenttest.Fact{Field: "ZoneOffset", Values: values{{Value: time.Duration(0)}, {Value: -6 * time.Hour}, {Value: 330 * time.Minute}}},
		paymenttest.Fact{Field: "DateWindow", Zero: 5 * time.Minute, Values: values{{Value: 5 * time.Minute}, {Value: time.Minute}, {Value: time.Hour}}},
	)
}

// words describes a field whose values count from 0.
func words[T ~int](field string, all ...string) paymenttest.Fact {
	f := paymenttest.Fact{Field: field}
	for i, word := range all {
		f.Values = append(f.Values, paymenttest.Value{Value: T(i), Word: word})
	}
	return f
}

// Target returns the system that config names, for reading only: give it sandbox
// objects and allow more, see [paymenttest.Target].
func Target(config spektrix.Config) paymenttest.Target { return newTarget(config, time.Now) }

// Target returns this emulator for reading only, as it is set. [Sandbox] starts
// one with all sandbox objects.
func (s *Server) Target() paymenttest.Target { return newTarget(s.Config(), s.now) }

func newTarget(config spektrix.Config, now func() time.Time) paymenttest.Target {
	origin := config.BaseURL
	if origin == "" {
		origin = "https://system.spektrix.com"
	}
	name := strings.ToLower(config.ClientName)
	return paymenttest.Target{
		Vendor: "spektrix", Account: name, Facts: FactSheet(),
		URL: strings.TrimSuffix(origin, "/") + "/" + url.PathEscape(name) + "/api/v3",
		Connect: func(c paymenttest.Connection) (any, error) {
			return spektrix.New(config, append(c.Options, tenderkit.WithClock(now))...)
		},
		Sign: signRaw(config, now), Preflight: preflight,
		Pause: 250 * time.Millisecond, // the vendor's limits are unknown
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
	s := New(WithFacts(facts), WithClock(clock), WithClientName(SampleClientName+"-sandbox"))
	target = s.Target()
	target.Pause, target.Budget = 0, 5000
	target.Allow = paymenttest.AllowAll(target.Account)
	target.Now = clock
	target.Sleep = func(ctx context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
		return ctx.Err()
	}
	commission := PaymentType{Name: "Sample Commission", Attributes: []AttributeDefinition{{Name: "Reference"}}, Commission: amount("0.75")}
	target.Objects = map[string]string{
		ObjectPaymentType: TypeEPOSSystem, ObjectAttribute: "Reference",
		ObjectInstance: InstanceMatinee, ObjectTicketType: TicketAdult, ObjectSeatingPlan: PlanStalls,
		ObjectCommissionType:   s.AddPaymentType(commission),
		ObjectMembershipBasket: s.AddBasket(Basket{MembershipHeld: true, CustomerID: "I-AK11-1ATK"}), ObjectCustomer: "I-AK11-1ATK",
	}
	return target, s.Close
}

// preflight asks whether the credentials are good and the payment types and the
// basket of the sandbox are there. What is on sale cannot be asked for.
func preflight(ctx context.Context, t *paymenttest.Trial) error {
	types := map[string]spektrix.CustomPaymentType{}
	for c, err := range client(t).CustomPaymentTypes(ctx) {
		if err != nil {
			return err
		}
		types[c.ID] = c
	}
	for _, name := range []string{ObjectPaymentType, ObjectCommissionType} {
		if id := t.Object(name); id != "" && types[id].ID == "" {
			return fmt.Errorf("the sandbox object %q does not exist: no active custom payment type has the id %s", name, id)
		}
	}
	attribute := t.Object(ObjectAttribute)
	defined := slices.ContainsFunc(types[t.Object(ObjectPaymentType)].AttributeDefinitions, func(d spektrix.AttributeDefinition) bool { return d.Name == attribute })
	if attribute != "" && !defined {
		return fmt.Errorf("the sandbox object %q does not exist: the payment type defines no attribute %s", ObjectAttribute, attribute)
	}
	if id := t.Object(ObjectMembershipBasket); id != "" {
		e, err := t.Get(ctx, "/baskets/"+url.PathEscape(id))
		if err == nil && e.Status == http.StatusNotFound {
			return fmt.Errorf("the sandbox object %q does not exist: there is no basket %s", ObjectMembershipBasket, id)
		}
	}
	return nil
}
