package spektrix_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

// saysNothing are successes by which no write can be known to have happened.
var saysNothing = []string{
	"null", `""`, "{}", "true", "17", "Service temporarily unavailable", `"Service temporarily unavailable"`, page,
	`{"message":"maintenance"}`, `{"Message":"maintenance"}`, `{"error":"no"}`, `{"errors":["no"]}`, `{"success":false}`,
	`["no"]`, "[null]", "[{}]", `[{"message":"no"}]`,
}

// faulty are members by which the vendor says that an answer is an error, whatever
// stands beside them. The others say nothing.
var (
	faulty = []string{
		`"message":"no"`, `"Message":"no"`, `"error":"no"`, `"Errors":["no"]`, `"errors":{"amount":"no"}`, `"ERROR":true`, `"errorCode":11`,
		`"errorMessage":"no"`, `"exceptionMessage":"no"`, `"modelState":{"a":["b"]}`, `"success":false`,
	}
	faultless = []string{
		`"message":null`, `"message":""`, `"error":false`, `"errors":[ ]`, `"errors":{ }`, `"errorCode":0`, `"errorCode":0.0`, `"success":true`, `"attribute_error":"no"`,
	}
)

// A success that shows no ticket is not one: the documented array is, in whatever
// form, and so is an object that shows tickets or an id.
func TestAnswersToAddTickets(t *testing.T) {
	t.Parallel()
	answers := map[string]bool{
		"": true, " \n": true, "[]": true, `[{"id":"1A"}]`: true, `[{"ID":7,"price":1.50},{"barcode":"2"}]`: true,
		`{"id":"20AEBCDF","tickets":[{"id":"1A"}]}`: true, `{"Tickets":[{"id":"1A"}]}`: true, `{"data":[{"id":"1A"}]}`: true, `{"id":"1A","price":1}`: true,
		"\ufeff" + `[{"id":"1A"}]`:       true,
		`{"id":"20AEBCDF","tickets":[]}`: false, `{"tickets":[{"error":"sold out"}]}`: false, `{"tickets":["sold out"]}`: false, `{"data":[]}`: false,
		`{"id":""}`: false, `{"id":"0"}`: false, `{"id":"00000000-0000-0000-0000-000000000000"}`: false, `[{"id":"1A"}`: false,
	}
	for _, body := range saysNothing {
		answers[body] = false
	}
	for _, member := range faulty {
		answers[`{"id":"1A",`+member+`}`], answers[`[{"id":"1A"},{"id":"2A",`+member+`}]`] = false, false
	}
	for _, member := range faultless {
		answers[`{"id":"1A",`+member+`}`], answers[`[{"id":"1A"},{"id":"2A",`+member+`}]`] = true, true
	}
	for body, success := range answers {
		client, m := newMock(t)
		m.json(http.MethodPost, "baskets/"+basketID+"/tickets", body)
		for name, err := range map[string]error{
			"typed": client.AddTickets(t.Context(), basketID, twoSeats...),
			"JSON":  client.AddTicketsJSON(t.Context(), basketID, []byte(`[{"seat":"a"}]`)),
		} {
			if success != (err == nil) || !success && !errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("%s %s: %v", name, body, err)
			}
		}
	}
}

// Nor is one that shows no basket, payment or order, or an error beside it.
func TestAnswersThatNameAnError(t *testing.T) {
	t.Parallel()
	const basket, paid = `"id":"20AEBCDF","total":29.5`, `"name":"EPOS System","amount":10.40,"attributes":[{"name":"Payment ref","value":"ABC_123"}]`
	for name, c := range map[string]struct {
		method, path string
		members      string
		list         bool // an array shows it too
		call         func(*spektrix.Client) error
	}{
		"CreateBasket": {http.MethodPost, "baskets", basket, false, func(c *spektrix.Client) error {
			_, err := c.CreateBasket(t.Context(), spektrix.NewBasket{})
			return err
		}},
		"WaiveTransactionCommission": {http.MethodPatch, "baskets/" + basketID, basket, false, func(c *spektrix.Client) error {
			_, err := c.WaiveTransactionCommission(t.Context(), basketID)
			return err
		}},
		"WaiveTransactionCommissionByPost": {http.MethodPost, "baskets/" + basketID, basket, false, func(c *spektrix.Client) error {
			_, err := c.WaiveTransactionCommissionByPost(t.Context(), basketID)
			return err
		}},
		"AddCustomPayment": {http.MethodPost, "baskets/" + basketID + "/custom-payments", paid, true, func(c *spektrix.Client) error {
			p := documented(t)
			p.SkipEchoCheck = true
			_, err := c.AddCustomPayment(t.Context(), basketID, p)
			return err
		}},
	} {
		answers := map[string]bool{"{" + c.members + "}": true, "[{" + c.members + "}]": c.list}
		for _, body := range saysNothing {
			answers[body] = false
		}
		for _, member := range faulty {
			answers["{"+c.members+","+member+"}"], answers["[{"+c.members+","+member+"}]"] = false, false
		}
		for _, member := range faultless {
			answers["{"+c.members+","+member+"}"], answers["[{"+c.members+","+member+"}]"] = true, c.list
		}
		for body, success := range answers {
			client, m := newMock(t)
			m.json(c.method, c.path, body)
			if err := c.call(client); success != (err == nil) || !success && !errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("%s %s: %v", name, body, err)
			}
		}
	}
}

// A stand-in for an id is none.
func TestIDsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, id := range []string{`null`, `""`, `" "`, `"0"`, `0`, `-1`, `"null"`, `"00000000-0000-0000-0000-000000000000"`, `"{00000000-0000-0000-0000-000000000000}"`, `{}`, `[]`} {
		client, m := newMock(t)
		till(m)
		m.json(http.MethodPost, "baskets", `{"id":`+id+`,"total":0}`)
		if b, err := client.CreateBasket(t.Context(), spektrix.NewBasket{}); !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%s: %v, %v", id, b, err)
		}
		m.json(http.MethodGet, "orders/1A", `{"id":`+id+`,"total":0}`)
		if o, err := client.Order(t.Context(), "1A"); !errors.Is(err, payment.ErrProtocol) {
			t.Errorf("%s: %v, %v", id, o, err)
		}
		m.json(http.MethodPost, "baskets/"+basketID+"/confirm", `{"id":`+id+`}`)
		if o, err := client.Confirm(t.Context(), basketID, spektrix.Confirmation{}, brief, payment.WithFirstTry()); err != nil || o.ID != "" {
			t.Errorf("%s: %v, %v", id, o, err)
		}
	}
}

// The form of a confirm's answer is open, so one without an id is a success. One
// that names an error is not, nor is a sentence, which is how the vendor has
// been seen to refuse.
func TestConfirmAnsweredByAnError(t *testing.T) {
	t.Parallel()
	answers := map[string]bool{`{"total":1}`: true, `"Service temporarily unavailable"`: false, `"done"`: false, `[{"message":"no"}]`: false}
	for _, member := range faulty {
		answers["{"+member+"}"], answers[`{"id":"1A",`+member+"}"] = false, false
	}
	for _, member := range faultless {
		answers["{"+member+"}"], answers[`{"id":"1A",`+member+"}"] = true, true
	}
	for body, success := range answers {
		client, m := newMock(t)
		till(m)
		m.json(http.MethodPost, "baskets/"+basketID+"/confirm", body)
		m.answer(http.MethodGet, "orders/"+basketID, http.StatusNotFound, "application/json", "{}")
		_, err := client.Confirm(t.Context(), basketID, spektrix.Confirmation{}, brief, payment.WithFirstTry())
		if success != (err == nil) || !success && !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// What names an error is no list, so nothing can be concluded from what it lacks.
func TestListsThatNameAnError(t *testing.T) {
	t.Parallel()
	for i, member := range append(faulty, faultless...) {
		client, m := newMock(t)
		m.json(http.MethodGet, "baskets/"+basketID+"/custom-payments", `[{"name":"a","amount":1},{"name":"a","amount":1,`+member+`}]`)
		m.RegisterRegexpResponder(http.MethodGet, ordersSync, m.responder(http.StatusOK, "application/json", `{"values":[],`+member+`}`))
		m.json(http.MethodGet, "baskets/"+basketID, `{"id":"20AEBCDF","total":1,`+member+`}`)
		m.json(http.MethodGet, "orders/1A", `{"id":"1A",`+member+`}`)
		_, paymentsErr := collect(client.CustomPayments(t.Context(), basketID))
		_, ordersErr := collect(client.OrdersSince(t.Context(), vectorTime))
		_, basketErr := client.Basket(t.Context(), basketID)
		_, orderErr := client.Order(t.Context(), "1A")
		for _, err := range []error{paymentsErr, ordersErr, basketErr, orderErr} {
			if want := i < len(faulty); want != errors.Is(err, payment.ErrProtocol) || !want && err != nil {
				t.Errorf("%s: %v", member, err)
			}
		}
	}
}

// An entry that names no order is not passed over: it may be the one.
func TestChangedOrdersWithoutAnID(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{`{}`, `null`, `{"orderId":""}`, `{"orderId":null}`, `{"orderId":"0"}`, `{"orderId":"a/b"}`, `{"orderId":{}}`} {
		client, m := newMock(t)
		m.RegisterRegexpResponder(http.MethodGet, ordersSync, m.responder(http.StatusOK, "application/json", `{"values":[`+entry+`]}`))
		if _, err := collect(client.OrdersSince(t.Context(), vectorTime)); !errors.Is(err, payment.ErrProtocol) || errors.Is(err, payment.ErrInvalid) {
			t.Errorf("%s: %v", entry, err)
		}
	}
}
