package brightpearltest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

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
