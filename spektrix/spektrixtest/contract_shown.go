package spektrixtest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// The forms of answers.
const (
	errorForm    paymenttest.Form = `{"message":"string"}`
	paymentForm  paymenttest.Form = `{"name":"string","amount":"number","attributes":[{"name":"string","value":"string"}]}`
	paymentsForm paymenttest.Form = `[` + paymentForm + `]`
	ticketForm   paymenttest.Form = `{"id":"string","barcode":"string","delivered":"bool","discount":"number","price":"number","total":"number","planId":"string|null","planName":"string",` +
		`"seatName":"string","offer":"object|null","seat":"object|null","band":{"id":"string"},"event":{"id":"string"},"instance":{"id":"string"},"type":{"id":"string"}}`
	basketForm paymenttest.Form = `{"id":"string","customer":"object|null","total":"number","totalDiscount":"number","hash":"string","transactionCommission":{"amount":"number","waived":"bool"},` +
		`"tickets":[` + ticketForm + `],"donations":"array","giftVouchers":"array","membershipSubscriptions":"array","merchandiseItems":"array","charges":"array","customPayments?":"array"}`
	orderForm paymenttest.Form = `{"id?":"string","Id?":"string","friendlyId":"string","customer":"object|null","total":"number","firstTransactionDate":"string","lastTransactionDate":"string",` +
		`"tickets":[` + ticketForm + `],"deliveries":[{"type":"integer"}],"payments":[{"amount":"number","method":{"name":"string"},"attributes?":[{"name":"string","value":"string"}]}],` +
		`"refunds":"array","charges":[{"name":"string","amount":"number"}],"membershipSubscriptions":"array","giftVouchers":"array","donations":"array","merchandiseItems":"array","printAtHomeDocuments":"array"}`
)

// missingID has the form of an id that the vendor makes, and names nothing.
const missingID = "1AZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ"

// shownBasket is what the clauses read of a basket. Names are read in any case.
type shownBasket struct {
	ID                    string
	Hash                  string
	Total                 json.Number
	TransactionCommission struct {
		Amount json.Number
		Waived bool
	}
	Tickets        []struct{ Total json.Number }
	CustomPayments *[]map[string]json.RawMessage // nil: not shown
}

// shownPayment is a custom payment in an answer.
type shownPayment struct {
	Name       string
	Amount     json.Number
	Attributes *[]attributeJSON // nil: not shown
}

// value returns the value of the attribute, and whether it is shown.
func (p shownPayment) value(name string) (string, bool) {
	if p.Attributes != nil {
		for _, a := range *p.Attributes {
			if a.Name == name {
				return a.Value, true
			}
		}
	}
	return "", false
}

func (p shownPayment) is(amount string) bool { return sameNumber(p.Amount, amount) }

// decimal returns 0 for what is not a number.
func decimal(n json.Number) payment.Amount {
	a, err := payment.ParseAmount(string(n))
	if err != nil {
		return zero()
	}
	return a
}

func sameNumber(n json.Number, text string) bool {
	return n != "" && decimal(n).Cmp(decimal(json.Number(text))) == 0
}

// read decodes an answer.
func read[T any](t *paymenttest.Trial, e paymenttest.Exchange) (v T, err error) {
	if json.Unmarshal(e.Body, &v) != nil {
		return v, t.Differs(e.Place(), "the answer cannot be read")
	}
	return v, nil
}

// shownPayments reads an answer that is one payment or an array.
func shownPayments(t *paymenttest.Trial, e paymenttest.Exchange) (list []shownPayment, array bool, err error) {
	if bytes.HasPrefix(bytes.TrimSpace(e.Body), []byte("[")) {
		list, err = read[[]shownPayment](t, e)
		return list, true, err
	}
	p, err := read[shownPayment](t, e)
	return []shownPayment{p}, false, err
}

func basketPath(id string) string { return "/baskets/" + url.PathEscape(id) }

func postRaw(ctx context.Context, t *paymenttest.Trial, path, body string) (paymenttest.Exchange, error) {
	return sendRaw(ctx, t, http.MethodPost, path, body)
}

func sendRaw(ctx context.Context, t *paymenttest.Trial, method, path, body string) (paymenttest.Exchange, error) {
	return t.Send(ctx, paymenttest.Raw{Method: method, Path: path, Body: []byte(body)})
}

// wantDone returns nil for a success. The vendor documents no status of one.
func wantDone(t *paymenttest.Trial, e paymenttest.Exchange) error {
	return t.WantStatus(e, http.StatusOK, http.StatusCreated)
}

func done(e paymenttest.Exchange) bool { return e.Status >= 200 && e.Status < 300 }

// wantRefused returns nil for a refusal of what was sent. The vendor documents no
// status of one.
func wantRefused(t *paymenttest.Trial, e paymenttest.Exchange, what string) error {
	if done(e) {
		return t.Differs(e.Place(), "%s was accepted with status %d", what, e.Status)
	}
	return t.WantStatus(e, http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity)
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

func quote(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(data)
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
