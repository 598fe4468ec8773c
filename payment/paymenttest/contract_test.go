package paymenttest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// The tiny vendor of this file: POST /payments records, GET /payments/{ref}
// shows, DELETE /payments/{id} deletes.

type tinyFacts struct {
	Duplicate  tinyDuplicate
	TextIDs    bool
	Created    int // 0 is 200
	Lag        time.Duration
	DupIgnored bool // hides Duplicate
}

type tinyDuplicate int

const (
	dupRefused tinyDuplicate = iota
	dupStored
	dupRepeated
)

type tinyVendor struct {
	facts tinyFacts

	mu       sync.Mutex
	now      time.Time
	payments []tinyPayment
	requests []string
	after    func() // called after each request
}

type tinyPayment struct {
	ID  any    `json:"id"`
	Ref string `json:"ref"`

	at time.Time
}

func (v *tinyVendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.requests = append(v.requests, r.Method+" "+r.URL.Path)
	if v.after != nil {
		defer v.after()
	}
	if r.Header.Get("Key") != "secret" {
		answer(w, http.StatusUnauthorized, map[string]string{"error": "key"})
		return
	}
	switch r.Method {
	case http.MethodPost:
		v.record(w, r)
	case http.MethodDelete:
		v.payments = nil
		answer(w, http.StatusOK, map[string]any{})
	default:
		found := []tinyPayment{}
		for _, p := range v.payments {
			if p.Ref == strings.TrimPrefix(r.URL.Path, "/payments/") && v.now.Sub(p.at) >= v.facts.Lag {
				found = append(found, p)
			}
		}
		answer(w, http.StatusOK, map[string]any{"payments": found})
	}
}

func (v *tinyVendor) record(w http.ResponseWriter, r *http.Request) {
	var p tinyPayment
	_ = json.NewDecoder(r.Body).Decode(&p)
	status := http.StatusOK
	if v.facts.Created != 0 {
		status = v.facts.Created
	}
	for _, old := range v.payments {
		switch {
		case old.Ref != p.Ref || v.facts.DupIgnored:
		case v.facts.Duplicate == dupRefused:
			answer(w, http.StatusConflict, map[string]string{"error": "taken"})
			return
		case v.facts.Duplicate == dupRepeated:
			answer(w, status, old)
			return
		}
	}
	p.ID, p.at = len(v.payments)+1, v.now
	if v.facts.TextIDs {
		p.ID = fmt.Sprint(p.ID)
	}
	v.payments = append(v.payments, p)
	answer(w, status, p)
}

var tinySheet = paymenttest.NewFactSheet(tinyFacts{},
	paymenttest.Fact{Field: "Duplicate", Values: []paymenttest.Value{{dupRefused, "refused"}, {dupStored, "stored"}, {dupRepeated, "repeated"}}},
	paymenttest.Fact{Field: "Created", Zero: 200, Values: []paymenttest.Value{{Value: 200}, {Value: 201}, {Value: 202}}},
	paymenttest.Fact{Field: "Lag", Values: []paymenttest.Value{{Value: time.Duration(0)}, {Value: 80 * time.Millisecond}, {Value: 3 * time.Second}}},
)

func startTiny(t *testing.T, facts tinyFacts) (*tinyVendor, paymenttest.Target) {
	v := &tinyVendor{facts: facts, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	server := httptest.NewServer(v)
	t.Cleanup(server.Close)
	return v, paymenttest.Target{
		Vendor: "tiny", Account: "tiny-1", URL: server.URL, Facts: tinySheet,
		Connect: func(c paymenttest.Connection) (any, error) { return c.HTTPClient, nil },
		Sign:    func(r *http.Request) error { r.Header.Set("Key", "secret"); return nil },
		Objects: map[string]string{"order": "7"}, Allow: paymenttest.AllowAll("tiny-1"),
		Now: func() time.Time { v.mu.Lock(); defer v.mu.Unlock(); return v.now },
		Sleep: func(ctx context.Context, d time.Duration) error {
			v.mu.Lock()
			defer v.mu.Unlock()
			v.now = v.now.Add(d)
			return ctx.Err()
		},
	}
}

func tinyPost(ctx context.Context, t *paymenttest.Trial, ref string) (paymenttest.Exchange, error) {
	t.Writing("payment %s", ref)
	return t.Send(ctx, paymenttest.Raw{Method: "POST", Path: "/payments", Body: []byte(`{"ref":"` + ref + `"}`)})
}

const tinyForm = `{"id":"integer|string","ref":"string"}`

// tinyContract is the contract of the tiny vendor.
func tinyContract() []paymenttest.Clause {
	write := []paymenttest.Need{paymenttest.Write}
	return []paymenttest.Clause{
		{
			ID: "auth.refused", Statement: "A wrong key is refused with 401.", Needs: []paymenttest.Need{paymenttest.BadLogin}, Requests: 1,
			Probe: func(ctx context.Context, t *paymenttest.Trial) error {
				e, err := t.Send(ctx, paymenttest.Raw{Path: "/payments/x", Unsigned: true})
				if err != nil {
					return err
				}
				return t.Want(e, 401, `{"error":"string"}`)
			},
		},
		{
			ID: "create.status", Statement: "A payment is recorded with 200 and a numeric id.", Needs: write, Requests: 1,
			Decides: []string{"created", "textIDs"},
			Probe: func(ctx context.Context, t *paymenttest.Trial) error {
				e, err := tinyPost(ctx, t, t.Reference())
				if err != nil {
					return err
				}
				if err := t.WantStatus(e, 200, 201, 202); err != nil {
					return err
				}
				t.Fact("created", e.Status)
				if err := t.Want(e, e.Status, tinyForm); err != nil {
					return err
				}
				t.Fact("textIDs", len(paymenttest.Form(`{"id":"integer"}`).Check(e.Body)) > 0)
				return nil
			},
		},
		{
			ID: "create.duplicate", Statement: "A reference that is taken is refused with 409.", Needs: write, Requests: 2,
			Decides: []string{"duplicate", "dupIgnored"},
			Probe: func(ctx context.Context, t *paymenttest.Trial) error {
				ref := t.Reference()
				first, err := tinyPost(ctx, t, ref)
				if err != nil {
					return err
				}
				second, err := tinyPost(ctx, t, ref)
				if err != nil {
					return err
				}
				switch {
				case second.Status == 409:
					t.Fact("duplicate", dupRefused)
					t.Fact("dupIgnored", false)
					return t.Want(second, 409, `{"error":"string"}`)
				case bytes.Equal(first.Body, second.Body) && second.Status == first.Status:
					t.Fact("duplicate", dupRepeated)
					t.Fact("dupIgnored", false)
				case second.Status == first.Status:
					t.Mask("duplicate", "duplicates are ignored, or stored")
					t.Mask("dupIgnored", "duplicates are ignored, or stored")
					return t.Differs(second.Place(), "recorded a second time")
				default:
					return t.WantStatus(second, 409)
				}
				return nil
			},
		},
		{
			ID: "find.lag", Statement: "A payment shows at once.", Needs: write, Requests: 12, Decides: []string{"lag"},
			Probe: func(ctx context.Context, t *paymenttest.Trial) error {
				ref := t.Reference()
				before := t.Now()
				if _, err := tinyPost(ctx, t, ref); err != nil {
					return err
				}
				made, unseen := t.Now(), time.Duration(0)
				found, err := t.Await(ctx, func() (bool, error) {
					asked := t.Now()
					e, err := t.Get(ctx, "/payments/"+ref)
					if err != nil {
						return false, err
					}
					if err := t.Want(e, 200, `{"payments":[`+tinyForm+`]}`); err != nil {
						return false, err
					}
					if bytes.Contains(e.Body, []byte(ref)) {
						return true, nil
					}
					unseen = asked.Sub(made)
					return false, nil
				})
				if err != nil {
					return err
				}
				if !found {
					return t.NotDecidable("it did not show")
				}
				t.Between("lag", unseen, t.Now().Sub(before))
				return nil
			},
		},
	}
}

func TestContractFindsWhatIsSet(t *testing.T) {
	t.Parallel()
	sheet := paymenttest.NewFactSheet(tinyFacts{},
		paymenttest.Fact{Field: "Duplicate", Values: []paymenttest.Value{{dupRefused, "refused"}, {dupRepeated, "repeated"}}},
		paymenttest.Fact{Field: "Created", Zero: 200, Values: []paymenttest.Value{{Value: 200}, {Value: 201}, {Value: 202}}},
		paymenttest.Fact{Field: "Lag", Values: []paymenttest.Value{{Value: time.Duration(0)}, {Value: 80 * time.Millisecond}, {Value: 3 * time.Second}}},
		paymenttest.Fact{Field: "DupIgnored", Hidden: "looks like duplicates that are stored"},
	)
	paymenttest.RoundTrip(t, paymenttest.RoundTripper{
		Clauses: tinyContract(), Facts: sheet, Combinations: 60,
		Emulator: func(t *testing.T, facts any) paymenttest.Target {
			_, target := startTiny(t, facts.(tinyFacts))
			target.Facts = sheet
			return target
		},
		// The clauses that read ids take both forms.
		Tolerates: func(m paymenttest.Mutation) bool {
			return m.Path == "$.payments[].id" && m.Kind == paymenttest.MemberRetyped
		},
	})
}
