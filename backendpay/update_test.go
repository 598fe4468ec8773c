package backendpay

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit/payment"
)

func TestUpdatePaymentBodies(t *testing.T) {
	t.Parallel()
	for want, u := range map[string]PaymentUpdate{
		`{"ourReference":"a"}`:                               {OurReference: Value("a")},
		`{"customerReference":"b"}`:                          {CustomerReference: Value("b")},
		`{"paymentDate":"2024-11-26"}`:                       {PaymentDate: Value(day(2024, 11, 26))},
		`{"paymentAmount":10.40}`:                            {PaymentAmount: Value(amount(t, "10.40"))},
		`{"paymentAmount":-10.40}`:                           {PaymentAmount: Value(amount(t, "-10.40")), Refund: true},
		`{"paymentMethod":"Cheque","invoiceID":"77"}`:        {InvoiceID: Value("77"), PaymentMethod: Value("Cheque")},
		`{"customerReference":"","invoiceID":null}`:          {CustomerReference: Value(""), InvoiceID: Null[string](), AllowClear: true},
		`{"paymentDate":null,"paymentAmount":null}`:          {PaymentDate: Null[payment.Date](), PaymentAmount: Null[payment.Amount](), AllowClear: true},
		`{"note":"x","paymentReversedDate":"2024-12-01"}`:    {Extra: map[string]json.RawMessage{"paymentReversedDate": []byte(`"2024-12-01"`), "note": []byte(`"x"`)}},
		`{"paymentAmount":1.005}`:                            {PaymentAmount: Value(amount(t, "1.005"))},
		`{"paymentAmount":1.00,"paymentMethod":"A & B <c>"}`: {PaymentAmount: Value(amount(t, "1.00")), Currency: "GBP", PaymentMethod: Value("A & B <c>")},
	} {
		client, mock := mocked(t)
		seen := answers(t, mock, `{"id":"501"}`)
		if _, err := client.UpdatePayment(t.Context(), "501", u); err != nil {
			t.Errorf("%s: %v", want, err)
			continue
		}
		if e := (*seen)[0]; e.method != http.MethodPatch || e.url != base+"payments/501" || e.body != want {
			t.Errorf("sent %s %s\n%s\nwant\n%s", e.method, e.url, e.body, want)
		}
	}
}

// An update is read from the form that is sent.
func TestUpdateFromJSON(t *testing.T) {
	t.Parallel()
	const text = `{"paymentDate":"2024-11-26","paymentAmount":10.40,"invoiceID":null}`
	var u PaymentUpdate
	if err := json.Unmarshal([]byte(text), &u); err != nil {
		t.Fatal(err)
	}
	again, err := u.Body()
	if err != nil || string(again) != text {
		t.Errorf("written as %s, err %v", again, err)
	}
	if !u.InvoiceID.IsNull() || !u.OurReference.IsZero() {
		t.Errorf("read as %+v", u)
	}
}

func TestUpdatePaymentRefuses(t *testing.T) {
	t.Parallel()
	extra := func(name, value string) map[string]json.RawMessage {
		return map[string]json.RawMessage{name: []byte(value)}
	}
	for name, c := range map[string]struct {
		field  string
		update PaymentUpdate
	}{
		"nothing":               {"PaymentUpdate", PaymentUpdate{}},
		"nothing but a switch":  {"PaymentUpdate", PaymentUpdate{AllowClear: true, Refund: true}},
		"reference cleared":     {"PaymentUpdate.OurReference", PaymentUpdate{OurReference: Null[string]()}},
		"reference emptied":     {"PaymentUpdate.OurReference", PaymentUpdate{OurReference: Value("")}},
		"reference with blank":  {"PaymentUpdate.OurReference", PaymentUpdate{OurReference: Value(" a")}},
		"customer ref cleared":  {"PaymentUpdate.CustomerReference", PaymentUpdate{CustomerReference: Null[string]()}},
		"customer ref no UTF-8": {"PaymentUpdate.CustomerReference", PaymentUpdate{CustomerReference: Value("\xff")}},
		"date cleared":          {"PaymentUpdate.PaymentDate", PaymentUpdate{PaymentDate: Null[payment.Date]()}},
		"date not set":          {"PaymentUpdate.PaymentDate", PaymentUpdate{PaymentDate: Value(payment.Date{})}},
		"a day that is none":    {"PaymentUpdate.PaymentDate", PaymentUpdate{PaymentDate: Value(day(2024, 4, 31))}},
		"amount cleared":        {"PaymentUpdate.PaymentAmount", PaymentUpdate{PaymentAmount: Null[payment.Amount]()}},
		"amount not set":        {"PaymentUpdate.PaymentAmount", PaymentUpdate{PaymentAmount: Value(payment.Amount{})}},
		"amount of zero":        {"PaymentUpdate.PaymentAmount", PaymentUpdate{PaymentAmount: Value(amount(t, "0"))}},
		"negative amount":       {"PaymentUpdate.PaymentAmount", PaymentUpdate{PaymentAmount: Value(amount(t, "-1"))}},
		"refund without sign":   {"PaymentUpdate.PaymentAmount", PaymentUpdate{PaymentAmount: Value(amount(t, "1")), Refund: true}},
		"too many decimals":     {"PaymentUpdate.PaymentAmount", PaymentUpdate{PaymentAmount: Value(amount(t, "1.005")), Currency: "GBP"}},
		"method emptied":        {"PaymentUpdate.PaymentMethod", PaymentUpdate{PaymentMethod: Value("")}},
		"invoice cleared":       {"PaymentUpdate.InvoiceID", PaymentUpdate{InvoiceID: Null[string]()}},
		"extra is a field":      {"PaymentUpdate.Extra", PaymentUpdate{Extra: extra("paymentDate", `"2024-11-25"`)}},
		"extra is no JSON":      {"PaymentUpdate.Extra", PaymentUpdate{Extra: extra("a", `x`)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := mocked(t)
			_, err := client.UpdatePayment(t.Context(), "501", c.update)
			wantField(t, err, c.field)
		})
	}
}

// scripted answers a write with its first answer and the read back with its
// second.
func scripted(t *testing.T, list ...*http.Response) (*Client, *[]string) {
	t.Helper()
	client, mock := mocked(t)
	var methods []string
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		methods = append(methods, r.Method)
		if len(methods) > len(list) {
			t.Errorf("one request too many: %s %s", r.Method, r.URL)
			return httpmock.NewStringResponse(http.StatusTeapot, ""), nil
		}
		return list[len(methods)-1], nil
	})
	return client, &methods
}

func answer(status int, body string) *http.Response { return httpmock.NewStringResponse(status, body) }

func TestUpdatePaymentReadsBack(t *testing.T) {
	t.Parallel()
	full := PaymentUpdate{
		OurReference: Value("a"), CustomerReference: Value("b"), PaymentDate: Value(day(2024, 11, 26)),
		PaymentAmount: Value(amount(t, "10.4")), PaymentMethod: Value("Cheque"), InvoiceID: Null[string](), AllowClear: true,
	}
	const shown = `{"id":"501","ourReference":"a","customerReference":"b","paymentDate":"2024-11-26","paymentAmount":"10.40","paymentMethod":"Cheque"`
	withExtra := full
	withExtra.Extra = map[string]json.RawMessage{"x": []byte(`1`)}
	for name, c := range map[string]struct {
		update PaymentUpdate
		lost   *http.Response
		back   *http.Response
		done   bool
	}{
		"shown":                {full, answer(502, "<html>"), answer(200, shown+`}`), true},
		"shown, empty answer":  {full, answer(200, ""), answer(200, shown+`,"invoiceID":""}`), true},
		"shown, another id":    {full, answer(200, `{"id":"502"}`), answer(200, shown+`}`), true},
		"another is shown":     {full, answer(502, ""), answer(200, `{"id":"502"`+shown[len(`{"id":"501"`):]+`}`), false},
		"a field is old":       {full, answer(502, ""), answer(200, shown+`,"invoiceID":"7"}`), false},
		"the amount is old":    {full, answer(502, ""), answer(200, `{"id":"501","ourReference":"a","paymentAmount":1}`), false},
		"extra cannot be told": {withExtra, answer(502, ""), answer(200, shown+`,"x":1}`), false},
		"gone":                 {full, answer(502, ""), answer(404, ""), false},
		"cannot be read":       {full, answer(502, ""), answer(500, ""), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, methods := scripted(t, c.lost, c.back)
			p, err := client.UpdatePayment(t.Context(), "501", c.update)
			if c.done && (err != nil || p.ID != "501") {
				t.Errorf("%+v, error %v", p, err)
			}
			if !c.done && !errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("%+v, error %v", p, err)
			}
			if len(*methods) != 2 || (*methods)[0] != http.MethodPatch || (*methods)[1] != http.MethodGet {
				t.Errorf("sent %v", *methods)
			}
		})
	}
}

func TestDeletePayment(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answers []*http.Response
		want    error
	}{
		"204":                     {[]*http.Response{answer(204, "")}, nil},
		"200 with an object":      {[]*http.Response{answer(200, "{}")}, nil},
		"200 with a page, gone":   {[]*http.Response{answer(200, "<html>"), answer(404, "")}, nil},
		"200 with a page, there":  {[]*http.Response{answer(200, "<html>"), answer(200, `{"id":501}`)}, payment.ErrOutcomeUnknown},
		"200 with pages":          {[]*http.Response{answer(200, "<html>"), answer(200, "<html>")}, payment.ErrOutcomeUnknown},
		"200, gone behind a page": {[]*http.Response{answer(200, "<html>"), answer(404, "<html>")}, payment.ErrOutcomeUnknown},
		"200 with an error":       {[]*http.Response{answer(200, `{"error":"locked"}`), answer(200, `{"id":501}`)}, payment.ErrOutcomeUnknown},
		"200 with text":           {[]*http.Response{answer(200, "deleted"), answer(404, "")}, nil},
		"200 with JSON":           {[]*http.Response{answer(200, `{"error":null,"deleted":true}`)}, nil},
		"200 with true":           {[]*http.Response{answer(200, `true`)}, nil},
		"200 with its record":     {[]*http.Response{answer(200, `{"id":"501","paymentAmount":"1"}`)}, nil},
		"200 with false":          {[]*http.Response{answer(200, `false`), answer(200, `{"id":501}`)}, payment.ErrOutcomeUnknown},
		"200 with JSON text":      {[]*http.Response{answer(200, `"maintenance"`), answer(200, `{"id":501}`)}, payment.ErrOutcomeUnknown},
		"200 with a list":         {[]*http.Response{answer(200, `[{"id":"501"}]`), answer(404, "")}, nil},
		"200 with a message":      {[]*http.Response{answer(200, `{"message":"maintenance"}`), answer(200, `{"id":501}`)}, payment.ErrOutcomeUnknown},
		"200 with a success":      {[]*http.Response{answer(200, `{"Message":"deleted"}`), answer(404, "")}, nil},
		"unknown id":              {[]*http.Response{answer(404, "")}, payment.ErrNotFound},
		"refused":                 {[]*http.Response{answer(403, "")}, payment.ErrForbidden},
		"lost, gone":              {[]*http.Response{answer(502, ""), answer(404, "")}, nil},
		"lost, still there":       {[]*http.Response{answer(502, ""), answer(200, `{"id":"501"}`)}, payment.ErrOutcomeUnknown},
		"lost, cannot be told":    {[]*http.Response{answer(502, ""), answer(500, "")}, payment.ErrOutcomeUnknown},
		"lost, not to be trusted": {[]*http.Response{answer(502, ""), answer(401, "")}, payment.ErrOutcomeUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, methods := scripted(t, c.answers...)
			if err := client.DeletePayment(t.Context(), "501"); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if len(*methods) != len(c.answers) || (*methods)[0] != http.MethodDelete {
				t.Errorf("sent %v", *methods)
			}
		})
	}
}

// What an update shows is compared with what it asked for.
func TestUpdateAnswerIsCompared(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	answers(t, mock, `{"id":"501","ourReference":"SDK-2024"}`)
	p, err := client.UpdatePayment(t.Context(), "501", PaymentUpdate{OurReference: Value("SDK-2024-1"), PaymentMethod: Value("Cheque")})
	if p.ID != "501" || !errors.Is(err, payment.ErrConflict) || errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("%+v, error %v", p, err)
	}
}
