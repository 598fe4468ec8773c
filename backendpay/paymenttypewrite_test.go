package backendpay

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

func TestPaymentTypeBodies(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]PaymentTypeFields{
		`{"paymentTypeName":"Cheque","paymentTypeDisplayName":"a","paymentTypeShortName":"b","paymentTypeDisplayClass":"c",` +
			`"paymentTypeDisplayPosition":0,"availability":"Headline","paymentTypeUseFor":["Payments"],` +
			`"paymentTypeUseForPaymentCardProviders":[],"paymentTypeCode":"d","displayOnInvoice":"Always"}`: {
			PaymentTypeName: Value("Cheque"), PaymentTypeDisplayName: Value("a"), PaymentTypeShortName: Value("b"), PaymentTypeDisplayClass: Value("c"),
			PaymentTypeDisplayPosition: Value(0), Availability: Value(Headline), PaymentTypeUseFor: Value([]string{"Payments"}),
			PaymentTypeUseForPaymentCardProviders: Value[[]string](nil), PaymentTypeCode: Value("d"), DisplayOnInvoice: Value("Always"),
		},
		`{"paymentTypeName":"R&D <x>","paymentTypeCode":"","displayOnInvoice":null}`: {
			PaymentTypeName: Value("R&D <x>"), PaymentTypeCode: Value(""), DisplayOnInvoice: Null[string](), AllowClear: true,
		},
		`{"paymentTypeName":"Cheque","paymentTypeTerms":30}`: {
			PaymentTypeName: Value("Cheque"), Extra: map[string]json.RawMessage{"paymentTypeTerms": []byte(`30`)},
		},
	} {
		client, mock := mocked(t)
		seen := answers(t, mock, `{"id":"9"}`, `{"id":"9"}`)
		if made, err := client.CreatePaymentType(t.Context(), f); err != nil || made.ID != "9" {
			t.Fatalf("%s: %v", want, err)
		}
		if _, err := client.UpdatePaymentType(t.Context(), "9", f); err != nil {
			t.Fatalf("%s: %v", want, err)
		}
		checkExchange(t, (*seen)[0], http.MethodPost, "paymentTypes/", nil, want)
		checkExchange(t, (*seen)[1], http.MethodPatch, "paymentTypes/9", nil, want)
	}
}

func TestPaymentTypeRefusals(t *testing.T) {
	t.Parallel()
	client, _ := mocked(t)
	const bad = "\xff"
	for field, f := range map[string]PaymentTypeFields{
		"":                                       {},
		".PaymentTypeName":                       {PaymentTypeName: Value(" a")},
		".PaymentTypeDisplayName":                {PaymentTypeDisplayName: Value(bad)},
		".PaymentTypeShortName":                  {PaymentTypeShortName: Value("")},
		".PaymentTypeDisplayClass":               {PaymentTypeDisplayClass: Value(bad)},
		".PaymentTypeDisplayPosition":            {PaymentTypeDisplayPosition: Null[int]()},
		".Availability":                          {Availability: Value(Availability(""))},
		".PaymentTypeUseFor":                     {PaymentTypeUseFor: Value([]string{"a", bad})},
		".PaymentTypeUseForPaymentCardProviders": {PaymentTypeUseForPaymentCardProviders: Null[[]string]()},
		".PaymentTypeCode":                       {PaymentTypeCode: Value(bad)},
		".DisplayOnInvoice":                      {DisplayOnInvoice: Null[string]()},
		".Extra":                                 {Extra: map[string]json.RawMessage{"displayOnInvoice": []byte(`1`)}},
	} {
		_, err := client.UpdatePaymentType(t.Context(), "3", f)
		wantField(t, err, "PaymentTypeFields"+field)
		_, err = client.CreatePaymentType(t.Context(), f)
		wantField(t, err, "PaymentTypeFields"+field)
	}
	_, err := client.CreatePaymentType(t.Context(), PaymentTypeFields{PaymentTypeCode: Value("x")})
	wantField(t, err, "PaymentTypeFields.PaymentTypeName")
	_, err = client.UpdatePaymentType(t.Context(), "x", PaymentTypeFields{PaymentTypeCode: Value("x")})
	wantField(t, err, "id")
	wantField(t, client.DeletePaymentType(t.Context(), ""), "id")
}

func TestPaymentTypeReadsBack(t *testing.T) {
	t.Parallel()
	f := PaymentTypeFields{
		PaymentTypeName: Value("Cheque"), PaymentTypeDisplayPosition: Value(4), Availability: Value(Historic),
		PaymentTypeUseFor: Value([]string{"a"}), PaymentTypeUseForPaymentCardProviders: Null[[]string](), PaymentTypeCode: Null[string](), AllowClear: true,
	}
	const shown = `{"id":"3","paymentTypeName":"Cheque","paymentTypeDisplayPosition":"4","availability":"Historic","paymentTypeUseFor":["a"]`
	for back, done := range map[string]bool{
		shown + `}`:                       true,
		shown + `,"paymentTypeCode":"x"}`: false,
		`{"id":"3"}`:                      false,
		`{"id":"4"` + shown[len(`{"id":"3"`):] + `}`: false,
	} {
		client, _ := scripted(t, answer(502, ""), answer(200, back))
		changed, err := client.UpdatePaymentType(t.Context(), "3", f)
		if done && (err != nil || changed.ID != "3") || !done && !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%s: %+v, error %v", back, changed, err)
		}
	}
	extra := f
	extra.Extra = map[string]json.RawMessage{"x": []byte(`1`)}
	lost, _ := scripted(t, answer(502, ""), answer(200, shown+`,"x":1}`))
	if _, err := lost.UpdatePaymentType(t.Context(), "3", extra); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("a field that cannot be compared: %v", err)
	}
	client, methods := scripted(t, answer(502, ""), answer(404, ""))
	if err := client.DeletePaymentType(t.Context(), "3"); err != nil || len(*methods) != 2 {
		t.Errorf("deleted: %v after %v", err, *methods)
	}
	client, methods = scripted(t, answer(502, ""))
	_, err := client.CreatePaymentType(t.Context(), f)
	var told *payment.Error
	if !errors.Is(err, payment.ErrOutcomeUnknown) || !errors.As(err, &told) || told.Reference != "Cheque" || len(*methods) != 1 {
		t.Errorf("created: %v after %v", err, *methods)
	}
}
