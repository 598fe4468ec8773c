package paymenttest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// rules are what vendors differ in.
type rules struct {
	refusesDuplicates bool
	noLookup          bool
}

// ownVendor is a vendor of this test's own: POST /payments records a payment,
// GET /payments?reference= lists those under a reference.
type ownVendor struct {
	rules
	lag    time.Duration
	script *paymenttest.Script

	mu     sync.Mutex
	ledger []stored
}

type stored struct {
	ID        int           `json:"id"`
	Reference string        `json:"reference"`
	Kind      payment.Kind  `json:"kind"`
	Amount    payment.Money `json:"amount"`

	at time.Time
}

func (v *ownVendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch r.Method {
	case http.MethodPost:
		v.record(w, r)
	case http.MethodGet:
		v.list(w, r.URL.Query().Get("reference"))
	}
}

func (v *ownVendor) record(w http.ResponseWriter, r *http.Request) {
	var p stored
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		answer(w, http.StatusUnprocessableEntity, "not a payment")
		return
	}
	for _, other := range v.ledger {
		if v.refusesDuplicates && other.Reference == p.Reference {
			answer(w, http.StatusConflict, "reference is taken")
			return
		}
	}
	p.ID, p.at = len(v.ledger)+1, time.Now()
	v.ledger = append(v.ledger, p)
	answer(w, http.StatusCreated, p)
}

func (v *ownVendor) list(w http.ResponseWriter, reference string) {
	found := []stored{}
	for _, p := range v.ledger {
		if p.Reference == reference && time.Since(p.at) >= v.lag {
			found = append(found, p)
		}
	}
	answer(w, http.StatusOK, found)
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// entries is the ledger as the suite reads it.
func (v *ownVendor) entries() []paymenttest.Entry {
	v.mu.Lock()
	defer v.mu.Unlock()
	var all []paymenttest.Entry
	for _, p := range v.ledger {
		all = append(all, paymenttest.Entry{Reference: p.Reference, Kind: p.Kind, Amount: p.Amount})
	}
	return all
}

// harness describes the vendor and the Recorder that connect gives.
func (r rules) harness(connect func(paymenttest.Connection, rules) payment.Recorder) paymenttest.Harness {
	return paymenttest.Harness{
		Start: r.start,
		Connect: func(c paymenttest.Connection) (payment.Recorder, error) {
			return connect(c, r), nil
		},
		Kinds:             []payment.Kind{payment.Sale, payment.Refund},
		RefusesDuplicates: r.refusesDuplicates,
		NoLookup:          r.noLookup,
	}
}

func (r rules) start(t *testing.T, c paymenttest.Conditions) paymenttest.Vendor {
	v := &ownVendor{rules: r, lag: c.IndexLag, script: paymenttest.NewScript()}
	server := httptest.NewServer(v.script.Wrap(v, nil))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return paymenttest.Vendor{
		URL: server.URL, Script: v.script, Ledger: v.entries,
		Payment: func(k payment.Kind, n int) payment.Payment { return aPayment(t, k, n) },
	}
}

func aPayment(t *testing.T, k payment.Kind, n int) payment.Payment {
	t.Helper()
	money, err := payment.FromMinorUnits(1000+int64(n), "GBP")
	if err != nil {
		t.Fatal(err)
	}
	reference := strings.Join([]string{"ref", string(k), time.Duration(n).String()}, "-")
	return payment.Payment{Reference: reference, Kind: k, Amount: money, Date: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)}
}
