//go:build unix

package rubi

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
)

// filled repeats text up to the size of an answer that is just read to its end.
func filled(text string, layers int) string {
	return strings.TrimSuffix(strings.Repeat(text, (3<<20)/(len(text)+layers*strings.Count(text, `"`))), ",")
}

// keys are that many members with names of their own.
func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"key%06d":"%s",`, i, strings.Repeat("x", 20))
	}
	return strings.TrimSuffix(b.String(), ",")
}

const goodItem = `{"ItemGUID":"` + itemA + `","Item":"Booking","ItemDetails":"Annual Dinner","ItemContact":"Jo Example","ItemValue":"10.00","ItemTax":"2.00",` +
	`"ItemTaxRate":"20.00","ItemTotal":"12.00","ItemSaving":"0.00","ItemPotentialSaving":"0.00","ItemRateType":"Standard","eid":"` + itemB + `"},`

// cost is what reading an answer in three ways takes: the fastest of some runs,
// or of the first that stay below enough.
func cost(t *testing.T, body string, runs int, enough time.Duration) (time.Duration, uint64) {
	t.Helper()
	client, err := New(Config{APIKey: testKey}, tenderkit.WithHTTPClient(&http.Client{Transport: canned{[]byte(body)}}))
	if err != nil {
		t.Fatal(err)
	}
	var fastest time.Duration
	var memory uint64
	for range runs {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := cpuTime(t)
		for range client.UserBasket(t.Context(), testUID, Bookings) {
		}
		_, _ = client.UserPaymentUnchecked(t.Context(), validPayment())
		_ = client.BookingUpdate(t.Context(), BookingUpdate{UID: testUID, BookingGUID: itemA, UpdateType: RemoveBooking})
		took := cpuTime(t) - start
		runtime.ReadMemStats(&after)
		if fastest == 0 || took < fastest {
			fastest, memory = took, after.TotalAlloc-before.TotalAlloc
		}
		if fastest <= enough {
			break
		}
	}
	return fastest, memory
}

// cpuTime is what the process has used so far.
func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// A hostile answer of 3 MiB, or of 80,000 members, costs at most three times what a good one costs.
// Not parallel: it measures.
func TestHostileAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("reads many megabytes")
	}
	took, memory := cost(t, message("["+filled(goodItem, 1)+"]"), 3, 0)
	t.Logf("good: %v, %d MB", took, memory>>20)
	for name, body := range map[string]string{
		"keys of a record":       message("[{" + keys(80_000) + "}]"),
		"keys of the envelope":   `{"ResponseCode":200,"ResponseMessage":[],` + keys(80_000) + "}",
		"empty records":          `{"ResponseCode":200,"ResponseMessage":[` + filled("{},", 0) + "]}",
		"empty records in text":  jsonText(message("[" + filled("{},", 0) + "]")),
		"small records":          message("[" + filled(`{"ItemGUID":"a"},`, 1) + "]"),
		"records as texts":       `{"ResponseCode":200,"ResponseMessage":[` + filled(jsonText(jsonText(jsonText(`{"ItemGUID":"a"}`)))+",", 0) + "]}",
		"texts":                  `{"ResponseCode":200,"ResponseMessage":[` + filled(`"\"a\"",`, 0) + "]}",
		"numbers":                `{"ResponseCode":200,"ResponseMessage":[` + filled("1,", 0) + "]}",
		"numbers in a list":      message(`[{"TransactionID":"T-1","EmailBCC":[` + filled("1,", 0) + "]}]"),
		"layers in a list":       message(`[{"TransactionID":"T-1","EmailBCC":[` + filled(nest("x", 2)+",", 3) + "]}]"),
		"a text of backslashes":  `{"ResponseCode":400,"ResponseMessage":"` + filled(`\\`, 0) + `"}`,
		"brackets":               message("[" + filled("[", 0)),
		"a code":                 `{"ResponseCode":` + filled("1", 0) + `,"ResponseMessage":[]}`,
		"a total":                message(`[{"ItemGUID":"a","ItemTotal":"` + filled("1", 0) + `"}]`),
		"a name in many cases":   message(`[{"` + strings.Repeat("ItemGUID", 1<<18) + `":1}]`),
		"an object for a number": message(`[{"ItemGUID":"a","ItemTotal":{` + keys(80_000) + "}}]"),
	} {
		t.Run(name, func(t *testing.T) {
			here, used := cost(t, body, 9, 5*took) // a busy machine may be slow at once
			t.Logf("%s: %v, %d MB", name, here, used>>20)
			if here > 5*took || used > 3*memory {
				t.Errorf("took %v and %d MB; a good answer %v and %d MB", here, used>>20, took, memory>>20)
			}
		})
	}
}
