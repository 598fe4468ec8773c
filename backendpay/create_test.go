package backendpay

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/shopspring/decimal"

	"github.com/tenderkit/tenderkit/payment"
)

func TestCreatePaymentBodies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config func(*Config)
		change func(*NewPayment)
		want   string
	}{
		"sample": {nil, func(*NewPayment) {}, sample(t, "payment_create_own.json")},
		"all fields": {nil, func(n *NewPayment) { n.CustomerReference, n.InvoiceID = "INV <C12345> & 123", "77" },
			`{"ourReference":"SDK-2024-000123","customerReference":"INV <C12345> & 123","paymentDate":"2024-11-25","paymentAmount":120.50,"paymentMethod":"Bank Transfer","invoiceID":"77"}`},
		"refund": {nil, func(n *NewPayment) { n.PaymentAmount, n.Refund = amount(t, "-0.10"), true },
			`{"ourReference":"SDK-2024-000123","paymentDate":"2024-11-25","paymentAmount":-0.10,"paymentMethod":"Bank Transfer"}`},
		"every digit": {nil, func(n *NewPayment) { n.PaymentAmount = amount(t, "90071992547409931234.050") },
			`{"ourReference":"SDK-2024-000123","paymentDate":"2024-11-25","paymentAmount":90071992547409931234.050,"paymentMethod":"Bank Transfer"}`},
		"amount as text": {func(c *Config) { c.AmountAsText = true }, func(*NewPayment) {},
			`{"ourReference":"SDK-2024-000123","paymentDate":"2024-11-25","paymentAmount":"120.50","paymentMethod":"Bank Transfer"}`},
		"no reference": {nil, func(n *NewPayment) { n.OurReference, n.AllowNoReference = "", true },
			`{"paymentDate":"2024-11-25","paymentAmount":120.50,"paymentMethod":"Bank Transfer"}`},
		"extra fields": {nil, func(n *NewPayment) {
			n.Extra = map[string]json.RawMessage{"status": []byte(`["Valid"]`), "bankAccountID": []byte(`"4"`)}
		}, `{"ourReference":"SDK-2024-000123","paymentDate":"2024-11-25","paymentAmount":120.50,"paymentMethod":"Bank Transfer","bankAccountID":"4","status":["Valid"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t, changes(c.config)...)
			seen := answers(t, mock, strings.Replace(c.want, "{", `{"id":"501",`, 1))
			n := transfer(t)
			c.change(&n)
			made, err := client.CreatePayment(t.Context(), "123", n)
			if err != nil || made.ID != "501" || made.CustomerID != "123" {
				t.Fatalf("made %+v, err %v", made, err)
			}
			if (*seen)[0].body != c.want {
				t.Errorf("sent\n%s\nwant\n%s", (*seen)[0].body, c.want)
			}
		})
	}
}

func TestCreatePaymentRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		field  string
		change func(*NewPayment)
	}{
		"no reference":               {"NewPayment.OurReference", func(n *NewPayment) { n.OurReference = "" }},
		"reference with blank":       {"NewPayment.OurReference", func(n *NewPayment) { n.OurReference = " a" }},
		"reference with end blank":   {"NewPayment.OurReference", func(n *NewPayment) { n.OurReference = "a\u00a0" }},
		"reference with line break":  {"NewPayment.OurReference", func(n *NewPayment) { n.OurReference = "a\nb" }},
		"reference with C1 control":  {"NewPayment.OurReference", func(n *NewPayment) { n.OurReference = "a\u0085b" }},
		"reference not UTF-8":        {"NewPayment.OurReference", func(n *NewPayment) { n.OurReference = "a\xffb" }},
		"no date":                    {"NewPayment.PaymentDate", func(n *NewPayment) { n.PaymentDate = payment.Date{} }},
		"a day that is none":         {"NewPayment.PaymentDate", func(n *NewPayment) { n.PaymentDate = day(2023, 2, 29) }},
		"year 10000":                 {"NewPayment.PaymentDate", func(n *NewPayment) { n.PaymentDate = day(10000, 1, 1) }},
		"no amount":                  {"NewPayment.PaymentAmount", func(n *NewPayment) { n.PaymentAmount = payment.Amount{} }},
		"amount of zero":             {"NewPayment.PaymentAmount", func(n *NewPayment) { n.PaymentAmount = amount(t, "0.00") }},
		"negative without refund":    {"NewPayment.PaymentAmount", func(n *NewPayment) { n.PaymentAmount = amount(t, "-1") }},
		"refund without sign":        {"NewPayment.PaymentAmount", func(n *NewPayment) { n.Refund = true }},
		"too many decimals":          {"NewPayment.PaymentAmount", func(n *NewPayment) { n.Currency, n.PaymentAmount = "GBP", amount(t, "1.005") }},
		"decimals where none are":    {"NewPayment.PaymentAmount", func(n *NewPayment) { n.Currency = "JPY" }},
		"unknown currency":           {"Currency", func(n *NewPayment) { n.Currency = "gbp" }},
		"no method":                  {"NewPayment.PaymentMethod", func(n *NewPayment) { n.PaymentMethod = "" }},
		"method not UTF-8":           {"NewPayment.PaymentMethod", func(n *NewPayment) { n.PaymentMethod = "\xff" }},
		"customer ref not UTF-8":     {"NewPayment.CustomerReference", func(n *NewPayment) { n.CustomerReference = "\xff" }},
		"invoice not UTF-8":          {"NewPayment.InvoiceID", func(n *NewPayment) { n.InvoiceID = "\xff" }},
		"extra without name":         {"NewPayment.Extra", func(n *NewPayment) { n.Extra = map[string]json.RawMessage{"": []byte(`1`)} }},
		"extra that is no JSON":      {"NewPayment.Extra", func(n *NewPayment) { n.Extra = map[string]json.RawMessage{"a": []byte(`{`)} }},
		"extra that is a field":      {"NewPayment.Extra", func(n *NewPayment) { n.Extra = map[string]json.RawMessage{"paymentAmount": []byte(`1`)} }},
		"extra with a missing value": {"NewPayment.Extra", func(n *NewPayment) { n.Extra = map[string]json.RawMessage{"a": nil} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := mocked(t)
			n := transfer(t)
			c.change(&n)
			made, err := client.CreatePayment(t.Context(), "123", n)
			if made.ID != "" {
				t.Error("returned a payment")
			}
			wantField(t, err, c.field)
		})
	}
}

// Not a number and infinity cannot be an Amount at all.
func TestNoAmountOfNaN(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"NaN", "Inf", "-Infinity", "1e400", "1E5", "+1", ".5", "5.", "1_000", "−5"} {
		if _, err := payment.ParseAmount(text); !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := payment.NewAmount(decimal.New(1, math.MaxInt32)); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("exponent overflow: %v", err)
	}
}

// A success that shows no record leaves the outcome unknown, with what is
// needed to find out.
func TestCreatePaymentUnreadable(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{``, `{}`, `[]`, `null`, `{"id":""}`, `{"id":0}`, `{"id":"0"}`, `{"id":"00000000-0000-0000-0000-000000000000"}`, `{"id":"0","paymentAmount":null,"errors":["Unknown payment method"]}`,
		`{"id":"5","errors":["Unknown payment method"]}`, `{"id":"5","error":{"code":1}}`, `{"id":"5","Errors":["Unknown payment method"]}`, `{"id":"5","ERROR":"no"}`,
		`{"id":" "}`, `{"id":" 0 "}`, `{"id":"null"}`, `{"id":"{00000000-0000-0000-0000-000000000000}"}`, `{"id":"5","id":"6"}`, `{"id":true}`, `[{"id":"5"}]`, `<html>`, `{"id":"5","paymentAmount":"x"}`} {
		client, mock := mocked(t)
		seen := answers(t, mock, answer)
		made, err := client.CreatePayment(t.Context(), "123", transfer(t))
		var told *payment.Error
		if made.ID != "" || !errors.Is(err, payment.ErrOutcomeUnknown) || !errors.As(err, &told) {
			t.Errorf("%q: %v, error %v", answer, made, err)
			continue
		}
		if told.Reference != "SDK-2024-000123" || told.Target != "123" || len(*seen) != 1 {
			t.Errorf("%q: %+v after %d requests", answer, told.Reference, len(*seen))
		}
	}
}

func TestCreateStatuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{
		200: nil, 201: nil, 202: nil,
		301: payment.ErrOutcomeUnknown, 307: payment.ErrOutcomeUnknown,
		400: payment.ErrInvalid, 401: payment.ErrUnauthorized, 403: payment.ErrForbidden, 404: payment.ErrNotFound,
		409: payment.ErrConflict, 422: payment.ErrInvalid, 429: payment.ErrRateLimited,
		500: payment.ErrOutcomeUnknown, 502: payment.ErrOutcomeUnknown, 503: payment.ErrOutcomeUnknown,
	} {
		client, mock := mocked(t)
		calls := 0
		mock.RegisterNoResponder(func(*http.Request) (*http.Response, error) {
			calls++
			body := `{"error":"told"}`
			if status < 300 {
				body = `{"id":"5","errors":null,"error":""}`
			}
			return httpmock.NewStringResponse(status, body), nil
		})
		_, err := client.CreatePayment(t.Context(), "123", transfer(t))
		if !errors.Is(err, want) || calls != 1 {
			t.Errorf("%d: error %v after %d requests, want %v", status, err, calls, want)
		}
		if status >= 400 && !strings.Contains(err.Error(), `message "told"`) {
			t.Errorf("%d: the vendor's text is not in %v", status, err)
		}
	}
}

// The answer of a create is compared with what was sent, as far as it shows it.
// What stands comes beside the conflict.
func TestCreateAnswerIsCompared(t *testing.T) {
	t.Parallel()
	const id = `{"id":"9"`
	for answer, want := range map[string]string{ // the field that the error names
		id + `}`: "",
		id + `,"ourReference":"SDK-2024-000123","paymentDate":"2024-11-25","paymentAmount":120.5,"paymentMethod":"bank transfer"}`: "",
		id + `,"paymentAmount":120.49999999999999}`:                                 "",
		id + `,"paymentAmount":null,"paymentDate":"0000-00-00","paymentMethod":""}`: "",
		id + `,"paymentDate":"2024-11-24T23:00:00Z"}`:                               "",
		id + `,"paymentDate":"2024-11-26T08:00:00+09:00"}`:                          "",
		id + `,"ourReference":"SDK-2024-00012"}`:                                    "ourReference",
		id + `,"ourReference":"sdk-2024-000123"}`:                                   "ourReference",
		id + `,"ourReference":"SDK-2024-000123 "}`:                                  "ourReference",
		id + `,"ourReference":null}`:                                                "ourReference",
		id + `,"ourReference":""}`:                                                  "ourReference",
		id + `,"paymentAmount":12.05}`:                                              "paymentAmount",
		id + `,"paymentAmount":"-120.50"}`:                                          "paymentAmount",
		id + `,"paymentAmount":0}`:                                                  "paymentAmount",
		id + `,"paymentAmount":120.51}`:                                             "paymentAmount",
		id + `,"paymentDate":"2024-11-26"}`:                                         "paymentDate",
		id + `,"paymentDate":"2025-11-25T00:00:00Z"}`:                               "paymentDate",
		id + `,"paymentDate":"2024-11-24 23:00:00"}`:                                "paymentDate",
		id + `,"paymentMethod":"Cheque"}`:                                           "paymentMethod",
		id + `,"ourReference":"SDK","paymentMethod":"Cheque"}`:                      "ourReference, paymentMethod",
	} {
		client, mock := mocked(t)
		answers(t, mock, answer)
		made, err := client.CreatePayment(t.Context(), "123", transfer(t))
		switch {
		case made.ID != "9" || made.CustomerID != "123":
			t.Errorf("%s: returned %v, error %v", answer, made, err)
		case want == "" && err != nil:
			t.Errorf("%s: error %v", answer, err)
		case want != "" && (!errors.Is(err, payment.ErrConflict) || errors.Is(err, payment.ErrOutcomeUnknown) || !strings.Contains(err.Error(), "another "+want+" than")):
			t.Errorf("%s: error %v", answer, err)
		}
	}
}

// A payment that is shown as reversed at once stands for nobody.
func TestCreateAnsweredByAReversal(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	const shown = `{"id":"9",` + reversed + `}`
	answers(t, mock, shown, shown)
	made, err := client.CreatePayment(t.Context(), "123", transfer(t))
	if made.ID != "9" || !errors.Is(err, ErrReversed) || !errors.Is(err, payment.ErrConflict) || errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("made %v, error %v", made, err)
	}
	_, err = payment.Once(t.Context(), client.Recorder(RecorderOptions{}), sale(t), payment.WithFirstTry())
	var conflict *payment.ConflictError
	if !errors.Is(err, ErrReversed) || !errors.As(err, &conflict) || conflict.Got[0].ID != "9" {
		t.Errorf("error %v", err)
	}
}

// An amount with more decimals than the currency has is compared at those.
func TestAmountsCompareAtTheCurrency(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		shown, sent string
		currency    payment.Currency
		same        bool
	}{
		{"120.1", "120.10", "GBP", true}, {"120.09999999999999", "120.10", "GBP", true}, {"120.104", "120.10", "GBP", true},
		{"120.11", "120.10", "GBP", false}, {"120.095", "120.10", "GBP", false}, {"120.105", "120.10", "GBP", false},
		{"120.09999999999999", "120.10", "", true}, {"120.10001", "120.10", "", false}, {"120.4", "120", "JPY", true},
		{"-120.10", "120.10", "GBP", false}, {"1.2345", "1.2346", "GBP", false}, {"120.10", "120.10", "XYZ", true},
	} {
		if got := sameAmount(amount(t, c.shown), amount(t, c.sent), c.currency); got != c.same {
			t.Errorf("%s shown for %s %s: same %v", c.shown, c.sent, c.currency, got)
		}
	}
	if sameAmount(payment.Amount{}, amount(t, "0"), "GBP") || !sameAmount(payment.Amount{}, payment.Amount{}, "") {
		t.Error("an amount that is not set is compared as 0")
	}
}

// The vendor's own choice of a method is not another method.
func TestCustomerDefaultMethod(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	answers(t, mock, `{"id":"9","paymentMethod":"Direct Debit"}`)
	n := transfer(t)
	n.PaymentMethod = "Customer Default"
	if _, err := client.CreatePayment(t.Context(), "123", n); err != nil {
		t.Error(err)
	}
}
