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
