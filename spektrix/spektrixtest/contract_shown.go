package spektrixtest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"

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

func quote(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(data)
}
