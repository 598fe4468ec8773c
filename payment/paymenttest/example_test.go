package paymenttest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"

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
