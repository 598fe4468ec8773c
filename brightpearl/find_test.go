package brightpearl_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Without an order the search would read the whole account; without a method
// it could find nothing.
func TestFindRefuses(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	for field, change := range map[string]func(*brightpearl.CustomerPayment){
		"CustomerPayment.TransactionRef":    func(p *brightpearl.CustomerPayment) { p.TransactionRef = "" },
		"CustomerPayment.PaymentMethodCode": func(p *brightpearl.CustomerPayment) { p.PaymentMethodCode = "" },
		"CustomerPayment.OrderID":           func(p *brightpearl.CustomerPayment) { p.OrderID = 0 },
	} {
		p := receipt(t)
		change(&p)
		_, err := client.FindCustomerPayment(t.Context(), p)
		var refused *payment.FieldError
		if !errors.As(err, &refused) || refused.Field != field {
			t.Errorf("%s: err %v", field, err)
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// Under a method that the account does not know, several payments can have one
// reference: the one that matches is found, wherever it stands.
func TestFindPrefersWhatMatches(t *testing.T) {
	t.Parallel()
	_, client := emulated(t, brightpearltest.WithFacts(brightpearltest.Facts{UncheckedUnknownMethods: true}))
	other := receipt(t)
	other.PaymentMethodCode, other.AmountPaid = "MISSPELT", amount(t, "1.00")
	p := other
	p.AmountPaid = amount(t, "2.00")
	for _, made := range []brightpearl.CustomerPayment{other, p} {
		if _, err := client.CreateCustomerPayment(t.Context(), made); err != nil {
			t.Fatal(err)
		}
	}
	found, err := client.FindCustomerPayment(t.Context(), p)
	if err != nil || !found.Matches(p) {
		t.Errorf("found %v, err %v", found.AmountPaid, err)
	}
	p.AmountPaid = amount(t, "3.00")
	found, err = client.FindCustomerPayment(t.Context(), p)
	if err != nil || found.Matches(p) || found.AmountPaid.String() != "1.00" {
		t.Errorf("found %v, err %v; want the first", found.AmountPaid, err)
	}
}

func TestFindOnAnotherOrder(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	fill(t, server, 3) // on order 7
	p := brightpearl.CustomerPayment{TransactionRef: "ref-2", PaymentMethodCode: "cash", OrderID: 8}
	found, err := client.FindCustomerPayment(t.Context(), p)
	if err != nil || found.OrderID != 7 || found.TransactionRef != "ref-2" {
		t.Errorf("found %+v, err %v", found, err)
	}
}

// A vendor that ignores the filter on references would show the whole account:
// no more than a page of it is read.
func TestFindReadsOnePageByReference(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, brightpearltest.WithFacts(brightpearltest.Facts{StringMatch: brightpearltest.MatchIgnored}))
	fill(t, server, 1001)
	p := brightpearl.CustomerPayment{TransactionRef: "ref-1000", PaymentMethodCode: "CASH", OrderID: 8}
	_, err := client.FindCustomerPayment(t.Context(), p)
	if n := server.Count(brightpearltest.OpCustomerPayments); !errors.Is(err, payment.ErrNotFound) || n != 2 {
		t.Errorf("%d requests, err %v; want one by order and one by reference", n, err)
	}
}

// Only empty results are "not found". A 404 is not, whoever gives it, and an
// answer without the column that is looked at is not either.
func TestFindTakesOnlyTheSearchsWord(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"gateway's 404": http.NotFound,
		"vendor's 404": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"errors":[{"code":"CMNC-404","message":"Cannot find the resource"}]}`))
		},
		"column": jsonBody(`{"response":{"results":[[1,2002]],"metaData":{"columns":[{"name":"paymentId"},{"name":"orderId"}]}}}`),
	} {
		_, err := answered(t, handler).FindCustomerPayment(t.Context(), receipt(t))
		if !errors.Is(err, payment.ErrProtocol) || errors.Is(err, payment.ErrNotFound) {
			t.Errorf("%s: err %v", name, err)
		}
	}
}

// The vendor's status for a taken reference is unknown: after any refusal that
// may mean it, one look tells.
func TestRecordLooksAfterARefusal(t *testing.T) {
	t.Parallel()
	for status, looks := range map[int]bool{400: true, 403: true, 404: true, 409: true, 422: true, 401: false, 429: false} {
		server, client := emulated(t)
		r := client.Recorder(brightpearl.RecorderOptions{})
		if _, err := r.Record(t.Context(), sale(t)); err != nil {
			t.Fatal(err)
		}
		server.Faults().Next(paymenttest.Answer(status, "application/json", `{"errors":[{"code":"X","message":"no"}]}`, false))
		receipt, err := r.Record(t.Context(), sale(t))
		if receipt.AlreadyRecorded != looks || (err == nil) != looks {
			t.Errorf("%d: receipt %v, err %v", status, receipt, err)
		}
	}
}
