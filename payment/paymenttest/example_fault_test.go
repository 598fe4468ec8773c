package paymenttest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// What the client sees of each fault, and whether the vendor has done what it
// was asked.
func ExampleFault() {
	var recorded atomic.Int64
	script := paymenttest.NewScript()
	vendor := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		recorded.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":100}`)
	})
	server := httptest.NewServer(script.Wrap(vendor, nil))
	client := &http.Client{Timeout: 10 * time.Second}
	see := func() string {
		resp, err := client.Post(server.URL, "application/json", nil)
		if err != nil {
			return "no answer"
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return "half an answer"
		}
		return fmt.Sprintf("%d, %d bytes", resp.StatusCode, len(body))
	}
	for _, fault := range []paymenttest.Fault{
		paymenttest.Pass(),
		paymenttest.DropBefore(),
		paymenttest.DropAfter(),
		paymenttest.ResetMidAnswer(),
		paymenttest.Delay(time.Millisecond),
		paymenttest.LateEffect(time.Millisecond),
		paymenttest.TruncatedJSON(),
		paymenttest.EmptyAnswer(),
		paymenttest.ServerErrorJSON(http.StatusInternalServerError, true),
		paymenttest.ServerErrorHTML(http.StatusBadGateway, false),
		paymenttest.TooManyRequests("1"),
		paymenttest.Throttle(),
		paymenttest.Answer(http.StatusConflict, "application/json", `{"error":"taken"}`, false),
	} {
		before := recorded.Load()
		script.Next(fault)
		seen := see()
		fmt.Printf("%s: %s, recorded: %t, %t\n", fault, seen, recorded.Load() > before, fault.Effect())
	}
	script.Next(paymenttest.HTMLAnswer(), paymenttest.Echo(http.StatusForbidden))
	see()
	see()
	fmt.Println("pending:", script.Pending())
	server.Close()
	// Output:
	// pass: 200, 10 bytes, recorded: true, true
	// drop before effect: no answer, recorded: false, false
	// drop after effect: no answer, recorded: true, true
	// reset mid answer: half an answer, recorded: true, true
	// delay 1ms: 200, 10 bytes, recorded: true, true
	// late effect 1ms: 200, 10 bytes, recorded: true, true
	// truncated json: 200, 5 bytes, recorded: true, true
	// empty answer: 200, 0 bytes, recorded: true, true
	// 500 json after effect: 500, 35 bytes, recorded: true, true
	// 502 html before effect: 502, 110 bytes, recorded: false, false
	// 429 json before effect, retry after 1: 429, 31 bytes, recorded: false, false
	// throttle: 429, 31 bytes, recorded: false, false
	// 409 json before effect: 409, 17 bytes, recorded: false, false
	// pending: 0
}

// A table test strikes each request of a flow with each fault.
func ExampleFaults() {
	lost := 0
	for _, fault := range paymenttest.Faults() {
		if fault.Effect() { // it took effect, whatever the client sees
			lost++
		}
	}
	fmt.Println(len(paymenttest.Faults()), "faults,", lost, "with an effect")
	// Output:
	// 14 faults, 8 with an effect
}

// A fifth of all requests is struck. The seed makes the sequence repeatable.
func ExampleScript_Random() {
	script := paymenttest.NewScript()
	server := httptest.NewServer(script.Wrap(http.NotFoundHandler(), nil))
	defer server.Close()
	ask := func() {
		if resp, err := http.Get(server.URL); err == nil {
			resp.Body.Close()
		}
	}
	script.On(func(r *http.Request) bool { return r.Method == http.MethodDelete }, paymenttest.DropAfter())
	script.Random(1, 0.2, paymenttest.TooManyRequests(""), paymenttest.ServerErrorHTML(502, false))
	for range 100 {
		ask()
	}
	struck := len(script.Struck())
	fmt.Println(script.Requests(), "requests, some struck:", struck > 0 && struck < 50)
	fmt.Println(script.Pending(), "fault has met no request") // nothing was deleted

	script.Clear()
	ask()
	fmt.Println("struck since:", len(script.Struck())-struck, "pending:", script.Pending())
	// Output:
	// 100 requests, some struck: true
	// 1 fault has met no request
	// struck since: 0 pending: 0
}

// An emulator makes the odd answers of its own vendor.
func ExampleAnswer() {
	blocked := paymenttest.Answer(http.StatusForbidden, "text/html", "<h1>Request blocked</h1>", false)
	w := httptest.NewRecorder()
	script := paymenttest.NewScript()
	script.Next(blocked)
	script.Wrap(http.NotFoundHandler(), nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	fmt.Println(w.Code, w.Body)
	// Output:
	// 403 <h1>Request blocked</h1>
}
