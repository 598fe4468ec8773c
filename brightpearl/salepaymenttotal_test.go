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
	totals, err := client.SalePaymentTotals(t.Context(), ids...)
	if err != nil || len(totals) != 450 || server.Count(brightpearltest.OpSalePaymentTotals) != 3 {
		t.Errorf("%d totals in %d requests, err %v", len(totals), server.Count(brightpearltest.OpSalePaymentTotals), err)
	}
}

// Orders that an answer leaves out are named, beside the totals that came.
func TestMissingTotals(t *testing.T) {
	t.Parallel()
	client := answered(t, jsonBody(`{"response":[{"orderId":2,"amountPaid":0,"amountAuthorized":0,"amountCaptured":0}]}`))
	totals, err := client.SalePaymentTotals(t.Context(), 3, 2, 1)
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
		`{"amountPaid":0,"amountAuthorized":0,"amountCaptured":0}`:                "$.response[0].orderId",
		`{"orderId":1,"amountAuthorized":0,"amountCaptured":0}`:                   "$.response[0].amountPaid",
		`{"orderId":1,"amountPaid":0,"amountAuthorized":null,"amountCaptured":0}`: "$.response[0].amountAuthorized",
		`{"orderId":1,"amountPaid":0,"amountAuthorized":0}`:                       "$.response[0].amountCaptured",
		`{"orderId":1,"amountPaid":"1,5"}`:                                        "$.response[0].amountPaid",
		`{"orderId":"one"}`:                                                       "$.response[0].orderId",
		`null`:                                                                    "$.response[0]",
	} {
		_, err := answered(t, jsonBody(`{"response":[`+body+`]}`)).SalePaymentTotals(t.Context(), 1)
		var field *payment.FieldError
		if !errors.Is(err, payment.ErrProtocol) || errors.As(err, &field) || !strings.Contains(err.Error(), place) {
			t.Errorf("%s: err %v, want one at %s", body, err, place)
		}
	}
}

func TestPaymentMethodWithoutCode(t *testing.T) {
	t.Parallel()
	_, err := answered(t, jsonBody(`{"response":[{"id":1,"name":"Cash"}]}`)).PaymentMethods(t.Context())
	if !errors.Is(err, payment.ErrProtocol) || !strings.Contains(err.Error(), "$.response[0].code") {
		t.Errorf("err %v", err)
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
	if methods, err := client.PaymentMethods(t.Context()); err != nil || len(methods) != 1 {
		t.Errorf("%d methods, err %v", len(methods), err)
	}
	if _, err := client.CreateCustomerPayment(t.Context(), receipt(t)); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("a write: %v", err)
	}
}
