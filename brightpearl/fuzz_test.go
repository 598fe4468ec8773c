package brightpearl

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

func okReply(body []byte) *transport.Reply {
	return &transport.Reply{Status: http.StatusOK, Header: jsonAnswer(http.StatusOK, "").Header, Body: body}
}

// FuzzSearchAnswer checks that a page of a search is read whole or refused:
// every row has its id, and pages advance.
func FuzzSearchAnswer(f *testing.F) {
	f.Add([]byte(sample(f, "customer_search_recorded.json")))
	f.Add([]byte(`{"response":{"results":[["7","1.00",null]],"metaData":{"morePagesAvailable":true,"lastResult":1,"columns":[{"name":"paymentId"},{"name":"amountPaid"},{"name":"createdOn"}]}}}`))
	f.Add([]byte(`{"response":{"results":[[1,-1e-20,"2026-04-17T10:00:00.1+0530"]],"metaData":{"columns":[{"name":"paymentId"},{"name":"amountPaid"},{"name":"createdOn"}]}}}`))
	f.Add([]byte(`{"response":{"results":[],"metaData":{"columns":[]}}}`))
	s := &searcher{columns: customerColumns(), paging: Paging{Columns: []string{"paymentId", "amountPaid", "createdOn"}}}
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := s.decode(okReply(body), 1)
		if err != nil {
			if p.payments != nil || p.next != 0 {
				t.Errorf("rows beside the error %v", err)
			}
			return
		}
		if p.next != 0 && p.next <= 1 {
			t.Errorf("next is %d after 1", p.next)
		}
		for _, found := range p.payments {
			if found.PaymentID <= 0 || len(found.Raw) == 0 {
				t.Errorf("a row without id: %+v", found)
			}
		}
	})
}

// FuzzAnswers checks the other answers: an id is positive, totals are whole,
// methods have their text, and a 404 without a code is not the vendor's.
func FuzzAnswers(f *testing.F) {
	for _, body := range []string{
		`{"response":100}`, `{"response":1e3}`, `{"response":null}`, `{"response":5,"errors":[]}`, `{}`, `[]`, ``,
		sample(f, "sale_payment_total_documented.json"), sample(f, "payment_methods_documented.json"), sample(f, "throttled_recorded.json"),
		`{"errors":[{"code":"CMNC-404","message":"x"},{}]}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r := okReply(body)
		id, err := openID(r)
		if (err == nil) != (id > 0) {
			t.Errorf("id %d, %v", id, err)
		}
		totals, err := open[[]totalBody](r)
		if err != nil {
			totals = nil // what stands beside an error is not handed out
		}
		for _, total := range totals {
			if total.OrderID <= 0 || !total.AmountPaid.IsSet() || !total.AmountAuthorized.IsSet() || !total.AmountCaptured.IsSet() {
				t.Errorf("half a total: %+v", total)
			}
		}
		methods, err := open[[]methodBody](r)
		for _, m := range methods {
			if err == nil && !json.Valid(m.Raw) {
				t.Errorf("a method without its text: %+v", m)
			}
		}
		if _, err := openNothing(r); err != nil && id > 0 {
			t.Errorf("an id, but no success: %v", err)
		}
		e := payment.Error{Status: http.StatusNotFound, Err: payment.ErrNotFound}
		readFault(r, &e)
		if (e.Err == payment.ErrNotFound) != (e.Code != "") {
			t.Errorf("code %q, %v", e.Code, e.Err)
		}
	})
}

// FuzzThrottleHeaders checks that no header makes a wait negative or longer
// than a window.
func FuzzThrottleHeaders(f *testing.F) {
	f.Add("197", "51219", "")
	f.Add("-1", "1e9", "120")
	f.Add("9223372036854775808", "9223372036854775807", "Sun, 06 Nov 1994 08:49:37 GMT")
	f.Fuzz(func(t *testing.T, left, period, after string) {
		h := http.Header{
			"Brightpearl-Requests-Remaining": {left}, "Brightpearl-Next-Throttle-Period": {period}, "Retry-After": {after},
		}
		if wait := throttleWait(h); wait <= 0 || wait > window+time.Second {
			t.Errorf("wait %v", wait)
		}
		p := newThrottle()
		p.learn(h, time.Now())
		if p.left < 0 || p.allowed(time.Now()) < 1 {
			t.Errorf("%d left, %d allowed", p.left, p.allowed(time.Now()))
		}
	})
}
