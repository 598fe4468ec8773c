package backendpay_test

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// sideOf returns what a side holds, one line a record, and the error that ended it.
func sideOf(side iter.Seq2[reconcile.Record, error]) (lines []string, err error) {
	for r, err := range side {
		if err != nil {
			return lines, err
		}
		lines = append(lines, fmt.Sprintf("%s %q %s %v %v %q %q %q; %s", r.ID, r.Reference, r.Kind, r.Amount, r.Date, r.Method, r.Target, r.Reverses, r.Source))
	}
	return lines, nil
}

func TestRecordsOfAnswer(t *testing.T) {
	t.Parallel()
	const sale = `{"id":"501","ourReference":"R1","paymentDate":"2024-11-25","paymentReversedDate":"2024-11-28","paymentAmount":"120.50","paymentMethod":"Direct Debit"}`
	const refund = `{"id":502,"ourReference":null,"paymentDate":"2024-11-26","paymentAmount":-20.25,"paymentMethod":"Cheque"}`
	const bare = `{"id":503,"ourReference":"R3","paymentDate":null}`
	for name, c := range map[string]struct {
		answer string
		want   []string
		err    string
	}{
		"reversed and refund": {"[" + sale + "," + refund + "]", []string{
			`501 "R1" sale 120.50 GBP 2024-11-25 "Direct Debit" "" ""; payment 501, reversed`,
			`501 "" refund 120.50 GBP 2024-11-28 "Direct Debit" "" "R1"; reversal of payment 501`,
			`502 "" refund 20.25 GBP 2024-11-26 "Cheque" "" ""; payment 502`,
		}, ""},
		"no amount": {"[" + refund + "," + bare + "]", []string{`502 "" refund 20.25 GBP 2024-11-26 "Cheque" "" ""; payment 502`}, "payment 503: its amount is not set"},
		"no list":   {`{"error":"x"}`, nil, "unexpected answer"},
	} {
		mock := httpmock.NewMockTransport()
		var asked []string
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			asked = append(asked, r.URL.RawQuery)
			resp := httpmock.NewStringResponse(http.StatusOK, "[]")
			if len(asked) == 1 {
				resp = httpmock.NewStringResponse(http.StatusOK, c.answer)
			}
			resp.Header.Set("Content-Type", "application/json")
			return resp, nil
		})
		client := connect(t, backendpay.Config{APIKey: "key", BaseURL: "https://billing.example.com"}, tenderkit.WithHTTPClient(&http.Client{Transport: mock}))
		day := payment.Date{Year: 2024, Month: 11, Day: 25}
		lines, err := sideOf(client.Records(t.Context(), backendpay.PaymentFilter{MinDate: day}, backendpay.RecordOptions{Currency: "GBP"}))
		if !slices.Equal(lines, c.want) || (err == nil) != (c.err == "") || err != nil && !(errors.Is(err, payment.ErrProtocol) && strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: %v\n%s", name, err, strings.Join(lines, "\n"))
		}
		if asked[0] != "idAfter=0&includeReversed=true&limit=100&minDate=2024-11-25" {
			t.Errorf("asked %s", asked[0])
		}
	}
}

// Each filter reaches the vendor; reversed payments come without being asked for.
func TestRecordsOfEmulator(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	other := server.AddCustomer(backendpaytest.Customer{})
	var ids []string
	for i, of := range []string{customer, other, customer} {
		id, err := server.AddPayment(backendpaytest.Payment{
			CustomerID: of, OurReference: fmt.Sprint("R", i), PaymentAmount: amount(t, "5.00"), PaymentMethod: "Cheque",
			PaymentDate: payment.Date{Year: 2026, Month: 5, Day: 4 + i},
		})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := server.Reverse(ids[0], payment.Date{Year: 2026, Month: 5, Day: 9}); err != nil {
		t.Fatal(err)
	}
	one := backendpay.RecordOptions{Currency: "GBP", Customers: []string{customer}}
	for name, c := range map[string]struct {
		filter  backendpay.PaymentFilter
		options backendpay.RecordOptions
		want    string
	}{
		"all":            {backendpay.PaymentFilter{}, backendpay.RecordOptions{Currency: "GBP"}, "501 sale , 501 refund , 502 sale , 503 sale "},
		"a day":          {backendpay.PaymentFilter{MinDate: payment.Date{Year: 2026, Month: 5, Day: 5}, MaxDate: payment.Date{Year: 2026, Month: 5, Day: 5}}, one, ""},
		"reversed":       {backendpay.PaymentFilter{Reversed: true}, backendpay.RecordOptions{Currency: "GBP"}, "501 sale , 501 refund "},
		"a customer":     {backendpay.PaymentFilter{}, one, "501 sale 123, 501 refund 123, 503 sale 123"},
		"customers":      {backendpay.PaymentFilter{IDAfter: 501}, backendpay.RecordOptions{Currency: "GBP", Customers: []string{other, customer}}, "502 sale 124, 503 sale 123"},
		"at most one":    {backendpay.PaymentFilter{Limit: 1}, backendpay.RecordOptions{Currency: "GBP"}, "501 sale , 501 refund "},
		"below a number": {backendpay.PaymentFilter{MinReversedDate: payment.Date{Year: 2026, Month: 5, Day: 10}}, backendpay.RecordOptions{Currency: "GBP"}, ""},
	} {
		var got []string
		for r, err := range client.Records(t.Context(), c.filter, c.options) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(r.ID, " ", r.Kind, " ", r.Target))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
	for name, o := range map[string]backendpay.RecordOptions{
		"RecordOptions.Currency":  {},
		"RecordOptions.Customers": {Currency: "GBP", Customers: []string{}},
	} {
		if _, err := sideOf(client.Records(t.Context(), backendpay.PaymentFilter{}, o)); !errors.Is(err, payment.ErrInvalid) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	twice := backendpay.RecordOptions{Currency: "GBP", Customers: []string{customer, customer}}
	if _, err := sideOf(client.Records(t.Context(), backendpay.PaymentFilter{}, twice)); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("a customer twice: %v", err)
	}
	gone := backendpay.RecordOptions{Currency: "GBP", Customers: []string{customer, "999"}}
	if lines, err := sideOf(client.Records(t.Context(), backendpay.PaymentFilter{}, gone)); !errors.Is(err, payment.ErrNotFound) || len(lines) != 3 {
		t.Errorf("a customer that is not there: %v, %v", lines, err)
	}
}
