package brightpearltest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// serve hands a request to the service, without a socket.
func serve(t testing.TB, s *Server, method, path, body string) string {
	r := httptest.NewRequest(method, "/public-api/acme/accounting-service/"+path, strings.NewReader(body))
	r.Header = staffHeaders()
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.answer(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s %s: answer %d %s", method, path, w.Code, w.Body)
	}
	return w.Body.String()
}

// recordAndFind records payment i, finds it by order and by reference, and reads
// the totals of its order. Ten payments share an order.
func recordAndFind(t testing.TB, s *Server, i int) {
	const body = `{"transactionRef":"R%d","paymentMethodCode":"SAGEPAY_UK","paymentType":"RECEIPT","orderId":%d,"currencyIsoCode":"GBP","amountPaid":10.00,"paymentDate":"2026-06-19T12:00:00+00:00"}`
	order := i/10 + 1
	serve(t, s, http.MethodPost, "customer-payment", fmt.Sprintf(body, i, order))
	serve(t, s, http.MethodGet, fmt.Sprintf("customer-payment-search?orderId=%d", order), "")
	found := serve(t, s, http.MethodGet, fmt.Sprintf("customer-payment-search?transactionRef=R%d", i), "")
	if !strings.Contains(found, `"resultsAvailable":1,`) {
		t.Fatalf("payment %d: found %s", i, found)
	}
	serve(t, s, http.MethodGet, fmt.Sprintf("sale-payment-total/%d", order), "")
}

// TestCostPerPaymentIsConstant compares the time for each of 1,000 payments and
// of 10,000. It would be ten times as long if a search read the whole ledger.
func TestCostPerPaymentIsConstant(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	perPayment := func(n int) time.Duration {
		s := start(t)
		began := time.Now()
		for i := range n {
			recordAndFind(t, s, i)
		}
		return time.Since(began) / time.Duration(n)
	}
	few, many := perPayment(1_000), perPayment(10_000)
	t.Logf("%v for each of 1,000 payments, %v for each of 10,000", few, many)
	if many > 4*few {
		t.Errorf("%v for each of 1,000 payments, %v for each of 10,000", few, many)
	}
}

func BenchmarkRecordAndFind(b *testing.B) {
	s := New(WithAccount(SampleAccount))
	defer s.Close()
	for i := 0; b.Loop(); i++ {
		recordAndFind(b, s, i)
	}
}

func BenchmarkRecord(b *testing.B) {
	s := New(WithAccount(SampleAccount))
	defer s.Close()
	const body = `{"transactionRef":"R%d","paymentMethodCode":"SAGEPAY_UK","paymentType":"RECEIPT","orderId":%d,"currencyIsoCode":"GBP","amountPaid":10.00,"paymentDate":"2026-06-19T12:00:00+00:00"}`
	for i := 0; b.Loop(); i++ {
		serve(b, s, http.MethodPost, "customer-payment", fmt.Sprintf(body, i, i/10+1))
	}
}
