package spektrixtest

import (
	"context"
	"net/http"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
)

// Sandbox objects that the clauses of [Contract] use. The ticket is one for
// tests: it costs 12.00 or more, and baskets and orders that the clauses make
// hold one each.
const (
	ObjectPaymentType      = "payment type"      // id of a custom payment type without a commission of its own
	ObjectAttribute        = "attribute"         // name of an attribute of that type, which takes references
	ObjectInstance         = "instance"          // id of a performance
	ObjectTicketType       = "ticket type"       // id of a ticket type that is on sale for it
	ObjectSeatingPlan      = "seating plan"      // id of a plan of unreserved seats
	ObjectCommissionType   = "commission type"   // id of a custom payment type that has a commission of its own
	ObjectMembershipBasket = "membership basket" // id of a basket with a membership that its customer already has
	ObjectCustomer         = "customer"          // id of a customer who may be sent a mail
)

type probe = func(ctx context.Context, t *paymenttest.Trial) error

// ticketObjects are what a basket with a ticket takes, payObjects what one with
// a payment does.
var (
	ticketObjects = []string{ObjectInstance, ObjectTicketType, ObjectSeatingPlan}
	payObjects    = append([]string{ObjectPaymentType, ObjectAttribute}, ticketObjects...)
)

func writes(id, statement string, evidence paymenttest.Evidence, source string, requests int, plan string, objects []string, p probe, decides ...string) paymenttest.Clause {
	return paymenttest.Clause{
		ID: id, Statement: statement, Evidence: evidence, Source: source, Requests: requests, Plan: plan, Objects: objects, Probe: p, Decides: decides,
		Needs: []paymenttest.Need{paymenttest.Write},
	}
}

func client(t *paymenttest.Trial) *spektrix.Client { return t.Client().(*spektrix.Client) }

func depends(c paymenttest.Clause, facts ...string) paymenttest.Clause {
	c.Depends = facts
	return c
}

func advises(c paymenttest.Clause, option string) paymenttest.Clause {
	c.Option = option
	return c
}

func deletes(c paymenttest.Clause) paymenttest.Clause {
	c.Needs = append(c.Needs, paymenttest.Delete)
	return c
}

func irreversible(c paymenttest.Clause) paymenttest.Clause {
	c.Needs = append(c.Needs, paymenttest.Irreversible)
	return c
}

func notifies(c paymenttest.Clause) paymenttest.Clause {
	c.Needs = append(c.Needs, paymenttest.Notifies)
	return c
}

func postRaw(ctx context.Context, t *paymenttest.Trial, path, body string) (paymenttest.Exchange, error) {
	return sendRaw(ctx, t, http.MethodPost, path, body)
}

func sendRaw(ctx context.Context, t *paymenttest.Trial, method, path, body string) (paymenttest.Exchange, error) {
	return t.Send(ctx, paymenttest.Raw{Method: method, Path: path, Body: []byte(body)})
}

// createBasket begins a basket with that body.
func createBasket(ctx context.Context, t *paymenttest.Trial, body string) (shownBasket, error) {
	w := t.Writing("a basket")
	e, err := postRaw(ctx, t, "/baskets", body)
	if err == nil {
		err = wantDone(t, e)
	}
	if err != nil {
		return shownBasket{}, err
	}
	b, err := read[shownBasket](t, e)
	w.What = "basket " + b.ID + ", not confirmed: it may hold a ticket until it expires"
	if err == nil && b.ID == "" {
		err = t.Differs(e.Place()+" $.id", "missing")
	}
	return b, err
}

// withTicket begins a basket with that body, and puts the sandbox's ticket into
// it.
func withTicket(ctx context.Context, t *paymenttest.Trial, body string) (shownBasket, error) {
	b, err := createBasket(ctx, t, body)
	if err != nil {
		return b, err
	}
	if err := addTicket(ctx, t, b.ID); err != nil {
		return b, err
	}
	return lookAt(ctx, t, b.ID)
}

func addTicket(ctx context.Context, t *paymenttest.Trial, basketID string) error {
	e, err := postRaw(ctx, t, basketPath(basketID)+"/tickets", ticketBody(t, `"seatingPlan":`+quote(t.Object(ObjectSeatingPlan))))
	if err == nil {
		err = wantDone(t, e)
	}
	return err
}

func ticketBody(t *paymenttest.Trial, place string) string {
	return `[{"instance":` + quote(t.Object(ObjectInstance)) + `,"type":` + quote(t.Object(ObjectTicketType)) + "," + place + `}]`
}

func lookAt(ctx context.Context, t *paymenttest.Trial, id string) (shownBasket, error) {
	e, err := t.Get(ctx, basketPath(id))
	if err == nil {
		err = t.WantStatus(e, http.StatusOK)
	}
	if err != nil {
		return shownBasket{}, err
	}
	b, err := read[shownBasket](t, e)
	if err == nil && b.Total == "" {
		err = t.Differs(e.Place()+" $.total", "missing")
	}
	return b, err
}

// paymentBody is a payment of the sandbox's type, in the casing of the guide.
func paymentBody(t *paymenttest.Trial, amount string, attributes ...payment.Attribute) string {
	return typedBody(t.Object(ObjectPaymentType), amount, attributes...)
}

func typedBody(typeID, amount string, attributes ...payment.Attribute) string {
	var list []string
	for _, a := range attributes {
		list = append(list, `{"Name":`+quote(a.Name)+`,"Value":`+quote(a.Value)+`}`)
	}
	return `{"PaymentTypeId":` + quote(typeID) + `,"Amount":` + amount + `,"PaymentAttributes":[` + strings.Join(list, ",") + `]}`
}

// reference is the sandbox's attribute with that value.
func reference(t *paymenttest.Trial, value string) payment.Attribute {
	return payment.Attribute{Name: t.Object(ObjectAttribute), Value: value}
}

// tryPayment posts a payment, which may be refused.
func tryPayment(ctx context.Context, t *paymenttest.Trial, basketID, body string) (paymenttest.Exchange, error) {
	w := t.Writing("custom payment on basket %s: %s", basketID, body)
	e, err := postRaw(ctx, t, basketPath(basketID)+"/custom-payments", body)
	if err == nil && e.Status >= 400 && e.Status < 500 {
		w.Undo()
	}
	return e, err
}

// payRaw posts a payment of the sandbox's type under a reference.
func payRaw(ctx context.Context, t *paymenttest.Trial, basketID, amount, ref string) (paymenttest.Exchange, error) {
	e, err := tryPayment(ctx, t, basketID, paymentBody(t, amount, reference(t, ref)))
	if err == nil {
		err = wantDone(t, e)
	}
	return e, err
}

// echoOf reads the answer to a posted payment, in either documented form.
func echoOf(t *paymenttest.Trial, e paymenttest.Exchange) ([]shownPayment, error) {
	list, array, err := shownPayments(t, e)
	if err != nil {
		return nil, err
	}
	form := paymentForm
	if array {
		form = paymentsForm
	}
	if err := t.Want(e, e.Status, form); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, t.Differs(e.Place(), "an empty array")
	}
	return list, nil
}

// paid pays into a new basket with a ticket, and returns what the answer shows.
func paid(ctx context.Context, t *paymenttest.Trial, body string) (shownPayment, paymenttest.Exchange, error) {
	b, err := withTicket(ctx, t, "{}")
	if err != nil {
		return shownPayment{}, paymenttest.Exchange{}, err
	}
	e, err := tryPayment(ctx, t, b.ID, body)
	if err != nil || e.Status == http.StatusBadRequest {
		return shownPayment{}, e, err
	}
	if err := wantDone(t, e); err != nil {
		return shownPayment{}, e, err
	}
	list, err := echoOf(t, e)
	if err != nil {
		return shownPayment{}, e, err
	}
	return list[0], e, nil
}
