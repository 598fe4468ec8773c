package brightpearl_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
)

func TestTotalsOfManyOrders(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	ids := make([]int64, 450)
	for i := range ids {
		ids[i] = int64(2*i + 1) // no two are neighbours
	}
	totals, err := all(client.SalePaymentTotals(t.Context(), ids...))
	if err != nil || len(totals) != 450 || server.Count(brightpearltest.OpSalePaymentTotals) != 3 {
		t.Errorf("%d totals in %d requests, err %v", len(totals), server.Count(brightpearltest.OpSalePaymentTotals), err)
	}
}

// Orders that an answer leaves out are named, beside the totals that came.
func TestMissingTotals(t *testing.T) {
	t.Parallel()
	client := answered(t, jsonBody(`{"response":[{"orderId":2,"amountPaid":0,"amountAuthorized":0,"amountCaptured":0}]}`))
	totals, err := all(client.SalePaymentTotals(t.Context(), 3, 2, 1))
	var missing *brightpearl.MissingTotalsError
	if !errors.As(err, &missing) || !errors.Is(err, payment.ErrNotFound) || len(totals) != 1 {
		t.Fatalf("%d totals, err %v", len(totals), err)
	}
	if len(missing.OrderIDs) != 2 || missing.OrderIDs[0] != 1 || missing.OrderIDs[1] != 3 {
		t.Errorf("missing %v", missing.OrderIDs)
	}
}

// A missing total is not zero, and what is wrong in an answer does not look
// like bad input.
func TestTotalsThatAreRefused(t *testing.T) {
	t.Parallel()
	for body, place := range map[string]string{
		`{"amountPaid":0,"amountAuthorized":0,"amountCaptured":0}`:                            "$.response[0].orderId",
		`{"orderId":1,"amountAuthorized":0,"amountCaptured":0}`:                               "$.response[0].amountPaid",
		`{"orderId":1,"amountPaid":0,"amountAuthorized":null,"amountCaptured":0}`:             "$.response[0].amountAuthorized",
		`{"orderId":1,"amountPaid":0,"amountAuthorized":0}`:                                   "$.response[0].amountCaptured",
		`{"orderId":1,"amountPaid":"1,5"}`:                                                    "$.response[0].amountPaid",
		`{"orderId":"one"}`:                                                                   "$.response[0].orderId",
		`{"orderId":1,"amountPaid":0,"amountPaid":1,"amountAuthorized":0,"amountCaptured":0}`: "$.response[0].amountPaid",
		`null`: "$.response[0]",
	} {
		_, err := all(answered(t, jsonBody(`{"response":[`+body+`]}`)).SalePaymentTotals(t.Context(), 1))
		var field *payment.FieldError
		if !errors.Is(err, payment.ErrProtocol) || errors.As(err, &field) || !strings.Contains(err.Error(), place) {
			t.Errorf("%s: err %v, want one at %s", body, err, place)
		}
	}
}

// No payment rests on the list of methods: an odd one does not spoil it.
func TestOddPaymentMethods(t *testing.T) {
	t.Parallel()
	const odd = `{"id":"x","name":7,"code":8,"isActive":"yes","bankAccounts":[{"paymentMethodId":"1","currencyIsoCode":"GBP"},{"paymentMethodId":[]}]}`
	list, err := all(answered(t, jsonBody(`{"response":[{"id":1,"name":"Cash"},`+odd+`,{"id":3,"code":"CARD","isActive":true}]}`)).PaymentMethods(t.Context()))
	if err != nil || len(list) != 3 {
		t.Fatalf("%d methods, err %v", len(list), err)
	}
	if m := list[0]; m.ID != 1 || m.Name != "Cash" || m.Code != "" {
		t.Errorf("without a code: %+v", m)
	}
	if m := list[1]; m.ID != 0 || m.Name != "7" || m.Code != "8" || m.IsActive || len(m.BankAccounts) != 2 ||
		m.BankAccounts[0].PaymentMethodID != 1 || m.BankAccounts[0].CurrencyISOCode != "GBP" || string(m.Raw) != odd {
		t.Errorf("odd: %+v", m)
	}
	if m := list[2]; m.ID != 3 || m.Code != "CARD" || !m.IsActive {
		t.Errorf("plain: %+v", m)
	}
}

func TestStreamsEndEarly(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	for range client.PaymentMethods(t.Context()) {
		break
	}
	ids := make([]int64, 500)
	for i := range ids {
		ids[i] = int64(2*i + 1)
	}
	for range client.SalePaymentTotals(t.Context(), ids...) {
		break
	}
	if n := len(server.Requests()); n != 2 {
		t.Errorf("%d requests, want one for each stream", n)
	}
}

// A read follows inside its own host; nothing else does.
func TestRedirects(t *testing.T) {
	t.Parallel()
	client := answered(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/moved") {
			jsonBody(`{"response":[{"id":1,"code":"CASH"}]}`)(w, r)
			return
		}
		http.Redirect(w, r, r.URL.Path+"/moved", http.StatusTemporaryRedirect)
	})
	if methods, err := all(client.PaymentMethods(t.Context())); err != nil || len(methods) != 1 {
		t.Errorf("%d methods, err %v", len(methods), err)
	}
	if _, err := client.CreateCustomerPayment(t.Context(), receipt(t)); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("a write: %v", err)
	}
}
