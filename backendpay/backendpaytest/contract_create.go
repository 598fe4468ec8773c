package backendpaytest

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// creating returns a clause that records payments of the sandbox customer.
func creating(id, statement string, evidence paymenttest.Evidence, source string, requests int, plan string, probe func(context.Context, *paymenttest.Trial) error, facts ...string) paymenttest.Clause {
	c := reading(id, statement, evidence, source, requests+2, plan, probe) // two more: the form of amounts may have to be found out
	c.Needs, c.Rights = []paymenttest.Need{paymenttest.Write}, "to write payments of the customer"
	c.Objects, c.Decides = []string{ObjectCustomer, ObjectMethod}, facts
	return c
}

// createClauses are about what a creation takes and answers.
func createClauses() []paymenttest.Clause {
	const doc, inferred, unknown = paymenttest.Documented, paymenttest.Inferred, paymenttest.Unknown
	without := func(id, field string) paymenttest.Clause {
		return creating("create.without-"+id, "A creation without "+field+" is refused with 400.", unknown, nowhere, 2, "tries to record 0.40 without "+field, probeWithout(field))
	}
	return []paymenttest.Clause{
		creating("create.record", "A creation takes a JSON object and returns the new payment, as GET by id shows it.", doc, paymentsPage+"; that the body is JSON is inferred",
			2, "records 0.40 and reads it", probeCreated),
		creating("create.fields", "The payment shows what was sent.", inferred, reasoned, 2, "records 0.40 with all fields that can be written, and reads it", probeEcho),
		creating("create.status", "The status of a creation is 201.", unknown, nowhere, 1, "records 0.40", probeCreateStatus, "createStatus"),
		with(creating("create.amount-form", "Amounts may be sent as numbers and as texts.", unknown, nowhere, 2, "records 0.40 twice, as number and as text", probeAmountsSent, "amountsSent"), func(c *paymenttest.Clause) {
			c.Option = "Config.AmountAsText"
		}),
		creating("create.refund", "A negative amount is a refund.", doc, "working with payments page", 1, "records -0.40", probeRefund),
		creating("create.collects-nothing", "A creation moves no money: the payment is not collected.", inferred, reasoned, 40, "records 0.40 and lists the collected payments of the day", probeNotCollected),
		without("date", "paymentDate"), without("amount", "paymentAmount"), without("method", "paymentMethod"),
		creating("create.any-method", "A method that is not the name of a payment type is refused.", unknown, nowhere, 1, "tries to record 0.40 by an invented method", probeAnyMethod, "anyMethod"),
		with(creating("create.customer-default", `"Customer Default" is refused as a method.`, unknown, "a choice of the user interface; "+nowhere, 1, "tries to record 0.40 by it", probeCustomerDefault), func(c *paymenttest.Clause) {
			c.Depends = []string{"anyMethod"}
		}),
		creating("create.unknown-field", "A field that cannot be written is refused with 400.", inferred, reasoned, 2, "tries to record 0.40 as reversed", probeUnknownField),
		with(creating("create.customer-only", "A payment cannot be created without a customer in the path.", doc, paymentsPage+", by omission", 1, "tries to record 0.40 without a customer", probeNoCustomer), func(c *paymenttest.Clause) {
			c.Objects = []string{ObjectMethod}
		}),
		creating("create.unknown-customer", "A payment of a customer that does not exist is refused with 404.", inferred, reasoned, 1, "tries to record 0.40 for such a customer", probeNobody),
		with(creating("create.read-only", "A key without the right to write is refused with 403.", inferred, reasoned, 1, "tries to record 0.40 with the read-only key", probeReadOnly), func(c *paymenttest.Clause) {
			c.Objects = append(c.Objects, ObjectReadOnlyKey)
		}),
	}
}

// newPayment returns the fields of a payment of 0.40, with the day on which the
// run began. Its amount is sent in the form that is accepted.
func newPayment(t *paymenttest.Trial) map[string]any {
	return map[string]any{
		"ourReference": t.Reference(), "paymentDate": dayOf(t.Began()), "paymentAmount": amountFor(t, "0.40"), "paymentMethod": t.Object(ObjectMethod),
	}
}

func amountFor(t *paymenttest.Trial, digits string) any {
	if learnedOf(t).amountText {
		return digits
	}
	return json.Number(digits)
}

// post sends a creation for the sandbox customer, whatever its answer. A payment
// that it makes is deleted at the end of the run, if deleting is allowed.
func post(ctx context.Context, t *paymenttest.Trial, fields map[string]any) (paymenttest.Exchange, string, error) {
	return postTo(ctx, t, ask{path: path("customers", t.Object(ObjectCustomer), "payments")}, fields)
}

func postTo(ctx context.Context, t *paymenttest.Trial, a ask, fields map[string]any) (paymenttest.Exchange, string, error) {
	w := t.Writing("payment of %v by %v, reference %v: POST %s", fields["paymentAmount"], fields["paymentMethod"], fields["ourReference"], a.path)
	a.method, a.list, a.body = http.MethodPost, true, fields
	e, err := a.send(ctx, t)
	if err != nil {
		return e, "", err
	}
	var record shown
	if e.Status >= 200 && e.Status < 300 && readJSON(e.Body, &record) == nil && record.id() != "" {
		t.AtEnd(func(ctx context.Context) error {
			gone, err := ask{method: http.MethodDelete, path: path("payments", record.id())}.send(ctx, t)
			if gone.Status >= 200 && gone.Status < 300 || gone.Status == http.StatusNotFound {
				w.Undo()
			}
			return err
		})
		return e, record.id(), nil
	}
	if e.Status >= 400 && e.Status < 500 {
		w.Undo()
	}
	return e, "", nil
}

// created is a payment that a clause has recorded.
type created struct {
	shown
	sent     map[string]any
	exchange paymenttest.Exchange
}

// second returns when the vendor made it, by its Date header.
func (c created) second() (time.Time, error) { return http.ParseTime(c.exchange.Header.Get("Date")) }

// record records a payment. An amount that is refused as a number is sent as
// text.
func record(ctx context.Context, t *paymenttest.Trial, fields map[string]any) (c created, err error) {
	l := learnedOf(t)
	c.sent = maps.Clone(fields)
	if c.exchange, _, err = post(ctx, t, c.sent); err != nil {
		return c, err
	}
	if digits, number := fields["paymentAmount"].(json.Number); number && c.exchange.Status == http.StatusBadRequest && !l.amounts {
		c.sent["paymentAmount"] = digits.String()
		if c.exchange, _, err = post(ctx, t, c.sent); err != nil {
			return c, err
		}
		l.amountText = c.exchange.Status < 300
	}
	if err := t.WantStatus(c.exchange, http.StatusCreated, http.StatusOK); err != nil {
		return c, err
	}
	l.amounts = true
	c.shown, err = recordOf(t, c.exchange, c.exchange.Status, paymentForm)
	return c, err
}

// recorded returns a payment that the clauses of a run share.
func recorded(ctx context.Context, t *paymenttest.Trial) (created, error) {
	return paymenttest.Share(t, "payment", func() (created, error) { return record(ctx, t, newPayment(t)) })
}

func probeCreated(ctx context.Context, t *paymenttest.Trial) error {
	made, err := record(ctx, t, newPayment(t))
	if err != nil {
		return err
	}
	stands, err := itemOf(ctx, t, path("payments", made.id()), "", paymentForm)
	if err != nil {
		return err
	}
	return wantSame(t, made.exchange.Place()+" $", made.shown, stands)
}

func probeEcho(ctx context.Context, t *paymenttest.Trial) error {
	fields := newPayment(t)
	fields["customerReference"], fields["paymentAmount"] = "contract 1/2", amountFor(t, "120.10")
	made, err := record(ctx, t, fields)
	if err != nil {
		return err
	}
	stands, err := itemOf(ctx, t, path("payments", made.id()), "", paymentForm)
	if err != nil {
		return err
	}
	day, _ := stands.on("paymentDate")
	for _, field := range []struct{ name, got, want string }{
		{"customerReference", stands.text("customerReference"), "contract 1/2"}, {"paymentAmount", stands.text("paymentAmount"), "120.10"},
		{"paymentMethod", stands.text("paymentMethod"), t.Object(ObjectMethod)}, {"paymentDate", dayOf(day), dayOf(t.Began())},
	} {
		if field.got != field.want {
			return t.Differs(t.Last().Place()+" $."+field.name, "%q, not %q", field.got, field.want)
		}
	}
	return nil
}

func probeCreateStatus(ctx context.Context, t *paymenttest.Trial) error {
	made, err := record(ctx, t, newPayment(t))
	if err == nil {
		t.Fact("createStatus", made.exchange.Status)
	}
	return err
}

func probeAmountsSent(ctx context.Context, t *paymenttest.Trial) error {
	var taken [2]bool
	for i, amount := range []any{json.Number("0.40"), "0.40"} {
		fields := newPayment(t)
		fields["paymentAmount"] = amount
		e, id, err := post(ctx, t, fields)
		if err != nil {
			return err
		}
		if err := t.WantStatus(e, http.StatusCreated, http.StatusOK, http.StatusBadRequest); err != nil {
			return err
		}
		if taken[i] = id != ""; !taken[i] {
			if err := wantRefused(t, e, http.StatusBadRequest); err != nil {
				return err
			}
		}
	}
	t.See("taken as number %t, as text %t", taken[0], taken[1])
	switch taken {
	case [2]bool{true, true}:
		t.Fact("amountsSent", AmountAny)
	case [2]bool{true, false}:
		t.Fact("amountsSent", AmountNumber)
	case [2]bool{false, true}:
		t.Fact("amountsSent", AmountString)
		t.Advise("set Config.AmountAsText: amounts are refused as numbers")
	default:
		return t.Differs(t.Last().Place(), "a payment is refused, whatever the form of its amount")
	}
	return nil
}

func probeRefund(ctx context.Context, t *paymenttest.Trial) error {
	fields := newPayment(t)
	fields["paymentAmount"] = amountFor(t, "-0.40")
	made, err := record(ctx, t, fields)
	if err == nil && made.text("paymentAmount") != "-0.40" {
		err = t.Differs(made.exchange.Place()+" $.paymentAmount", "not the negative amount that was sent")
	}
	return err
}

// tryRefused sends a creation that has to be refused.
func tryRefused(ctx context.Context, t *paymenttest.Trial, fields map[string]any, what string) error {
	e, id, err := post(ctx, t, fields)
	if err != nil {
		return err
	}
	if id != "" {
		return t.Differs(e.Place(), "%s is accepted with status %d", what, e.Status)
	}
	return wantRefused(t, e, http.StatusBadRequest)
}

// wantAmountForm finds out in which form amounts are accepted, so that a refusal
// is not one of the amount's form.
func wantAmountForm(ctx context.Context, t *paymenttest.Trial) error {
	if learnedOf(t).amounts {
		return nil
	}
	_, err := recorded(ctx, t)
	return err
}

func probeWithout(field string) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		if err := wantAmountForm(ctx, t); err != nil {
			return err
		}
		fields := newPayment(t)
		delete(fields, field)
		return tryRefused(ctx, t, fields, "a payment without "+field)
	}
}

func probeUnknownField(ctx context.Context, t *paymenttest.Trial) error {
	if err := wantAmountForm(ctx, t); err != nil {
		return err
	}
	fields := newPayment(t)
	fields["paymentReversedDate"] = dayOf(t.Began())
	return tryRefused(ctx, t, fields, "a payment with paymentReversedDate")
}

func probeAnyMethod(ctx context.Context, t *paymenttest.Trial) error {
	if err := wantAmountForm(ctx, t); err != nil {
		return err
	}
	fields := newPayment(t)
	fields["paymentMethod"] = "contract-no-such-method"
	e, id, err := post(ctx, t, fields)
	if err != nil {
		return err
	}
	if id == "" {
		err = wantRefused(t, e, http.StatusBadRequest)
	}
	if err == nil {
		t.Fact("anyMethod", id != "")
	}
	return err
}

func probeCustomerDefault(ctx context.Context, t *paymenttest.Trial) error {
	if err := wantAmountForm(ctx, t); err != nil {
		return err
	}
	fields := newPayment(t)
	fields["paymentMethod"] = "Customer Default"
	return tryRefused(ctx, t, fields, "the method Customer Default")
}

func probeNoCustomer(ctx context.Context, t *paymenttest.Trial) error {
	e, _, err := postTo(ctx, t, ask{path: "/payments"}, newPayment(t))
	if err != nil {
		return err
	}
	return wantRefused(t, e, http.StatusMethodNotAllowed, http.StatusNotFound)
}

func probeNobody(ctx context.Context, t *paymenttest.Trial) error {
	e, _, err := postTo(ctx, t, ask{path: path("customers", missingID, "payments")}, newPayment(t))
	if err != nil {
		return err
	}
	return wantRefused(t, e, http.StatusNotFound)
}

func probeReadOnly(ctx context.Context, t *paymenttest.Trial) error {
	e, id, err := postTo(ctx, t, ask{path: path("customers", t.Object(ObjectCustomer), "payments"), key: t.Object(ObjectReadOnlyKey)}, newPayment(t))
	if err != nil {
		return err
	}
	if id != "" {
		return t.Differs(e.Place(), "the read-only key writes, with status %d", e.Status)
	}
	return wantRefused(t, e, http.StatusForbidden)
}
