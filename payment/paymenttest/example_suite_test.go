package paymenttest_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// A Recorder of your own has to pass the suite. The harness says how to start a
// vendor, an emulator of yours behind a Script, and how to connect to it.
func ExampleHarness() {
	harness := paymenttest.Harness{
		Start: func(t *testing.T, c paymenttest.Conditions) paymenttest.Vendor {
			script := paymenttest.NewScript()
			vendor := &ownVendor{lag: c.IndexLag, script: script} // an http.Handler with a ledger
			server := httptest.NewServer(script.Wrap(http.Handler(vendor), nil))
			t.Cleanup(server.Close)
			return paymenttest.Vendor{
				URL: server.URL, Script: script, Ledger: vendor.entries,
				Payment: func(k payment.Kind, n int) payment.Payment {
					amount, err := payment.ParseMoney("10.40", "GBP")
					if err != nil {
						t.Fatal(err)
					}
					return payment.Payment{
						Reference: payment.NewReference(string(k), fmt.Sprint(n)), Kind: k, Amount: amount,
						Date: time.Date(2026, time.November, 28, 18, 30, 0, 0, time.UTC),
					}
				},
			}
		},
		Connect: func(c paymenttest.Connection) (payment.Recorder, error) {
			return newOwn(c, rules{}), nil // sends everything with c.HTTPClient to c.URL
		},
		Kinds: []payment.Kind{payment.Sale, payment.Refund}, // all others have to be refused
	}
	_ = []func(t *testing.T){
		func(t *testing.T) { paymenttest.Run(t, harness) },                               // TestConformance
		func(t *testing.T) { paymenttest.Storm(t, harness, paymenttest.StormOptions{}) }, // TestStorm
	}
}

// A Store of your own has its suite too.
func ExampleStoreHarness() {
	_ = func(t *testing.T) { // TestStore
		paymenttest.RunStore(t, paymenttest.StoreHarness{
			Open:     func(string) (payment.Store, error) { return payment.NewMemoryStore(), nil }, // a durable one takes the directory
			InMemory: true,
		})
	}
}

// With a Store that counts as durable, Once writes without looking first.
func ExampleNewStore() {
	ctx, key := context.Background(), payment.Key{Account: payment.Account{Vendor: "shop", Tenant: "acme", Host: "shop.example"}, Op: "payment", Reference: "till-7-receipt-4711"}
	for _, store := range []payment.Store{paymenttest.NewStore(), payment.NewMemoryStore()} {
		entry, err := store.Claim(ctx, key, []byte("{}"), time.Minute)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(entry.Status, "certain:", entry.Certain)
	}
	// Output:
	// open certain: true
	// open certain: false
}
