package paymenttest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Any handler can be put behind a script. Here the second request takes effect
// and loses its answer.
func ExampleScript() {
	var recorded atomic.Int64
	vendor := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { recorded.Add(1) })
	script := paymenttest.NewScript()
	server := httptest.NewServer(script.Wrap(vendor, nil))
	defer server.Close()

	script.Next(paymenttest.Pass(), paymenttest.DropAfter())
	for range 2 {
		resp, err := http.Post(server.URL, "application/json", nil)
		if err == nil {
			resp.Body.Close()
		}
		fmt.Println("answered:", err == nil)
	}
	fmt.Println("recorded:", recorded.Load())
	for _, s := range script.Struck() {
		fmt.Println("struck:", s.Fault)
	}
	// Output:
	// answered: true
	// answered: false
	// recorded: 2
	// struck: drop after effect
}

// A Payment prints as a label. What a test got wrong may stand in the rest.
func ExampleDetail() {
	p := payment.Payment{
		Reference: "receipt 4711", Kind: payment.Sale, Amount: payment.MustParseMoney("10.40", "GBP"),
		Date: time.Date(2026, time.May, 4, 12, 0, 0, 0, time.UTC), Method: "CARD", Target: "2002",
	}
	fmt.Printf("%+v\n", p)
	fmt.Println(paymenttest.Detail(p))
	// Output:
	// payment "receipt 4711": sale of 10.40 GBP
	// {"Reference":"receipt 4711","Kind":"sale","Amount":{"amount":"10.40","currency":"GBP"},"Date":"2026-05-04T12:00:00Z","Method":"CARD","Target":"2002","Link":"","Reverses":"","Attributes":null}
}
