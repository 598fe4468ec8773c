package paymenttest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// openTiny starts a vendor of this package's tests. A Target for a server of
// your own needs no more than this.
func openTiny(facts tinyFacts) (paymenttest.Target, func()) {
	v := &tinyVendor{facts: facts, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	server := httptest.NewServer(v)
	return paymenttest.Target{
		Vendor: "tiny", Account: "tiny-1", URL: server.URL, Facts: tinySheet, Seed: "example",
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
	}, server.Close
}

// A clause says something of a vendor, and its probe finds out whether it is
// true there. Here it is not, and the report says what to do about it.
func ExampleCheck() {
	target, stop := openTiny(tinyFacts{Created: 201})
	defer stop()
	target.Allow = paymenttest.AllowAll(target.Account) // of an emulator; a live account is only read by default
	clauses := []paymenttest.Clause{{
		ID: "create.status", Statement: "A payment is recorded with 200.", Evidence: paymenttest.Inferred,
		Needs: []paymenttest.Need{paymenttest.Write, paymenttest.Delete}, Requests: 2,
		Objects: []string{"order"}, Decides: []string{"created"}, Plan: "Records one payment and deletes it.",
		Probe: func(ctx context.Context, t *paymenttest.Trial) error {
			written := t.Writing("a payment for order %s", t.Object("order")) // before it is sent
			body := fmt.Sprintf(`{"ref":%q}`, t.Reference())
			e, err := t.Send(ctx, paymenttest.Raw{Method: http.MethodPost, Path: "/payments", Body: []byte(body)})
			if err != nil {
				return err
			}
			t.AtEnd(func(ctx context.Context) error {
				_, err := t.Send(ctx, paymenttest.Raw{Method: http.MethodDelete, Path: "/payments/1"})
				written.Undo()
				return err
			})
			if err := t.WantStatus(e, 200, 201, 202); err != nil {
				return err
			}
			t.Fact("created", e.Status)
			if e.Status != 200 {
				t.Advise("set Created to %d", e.Status)
			}
			return t.Want(e, e.Status, `{"id":"integer","ref":"string"}`)
		},
	}}
	report := paymenttest.Check(context.Background(), target, clauses)
	if report.Err != nil {
		log.Fatal(report.Err)
	}
	result, _ := report.Result("create.status")
	fmt.Println(result.Verdict, "seen:", result.Seen)
	fmt.Println(report.Advice(), "left behind:", len(report.Written))
	fmt.Println("differs:", report.Count(paymenttest.Differs), strings.HasPrefix(report.Summary(), "tiny tiny-1 at 127.0.0.1"))

	var table, page strings.Builder // for a terminal, and for the vendor
	if err := report.WriteTable(&table); err != nil {
		log.Fatal(err)
	}
	if err := report.WriteMarkdown(&page); err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.Contains(table.String(), "create.status"), strings.Contains(page.String(), "| created | 201 | create.status |"))
	// Output:
	// differs seen: created is 201
	// [set Created to 201 (create.status)] left behind: 0
	// differs: 1 true
	// true true
}

// What one run has found out is kept as JSON. It sets an emulator that behaves
// as that system does, and a later run is compared with it.
func ExampleFactSheet() {
	sheet := paymenttest.NewFactSheet(tinyFacts{}, // bool fields need no description
		paymenttest.Fact{Field: "Duplicate", Values: []paymenttest.Value{{Value: dupRefused, Word: "refused"}, {Value: dupStored, Word: "stored"}}},
		paymenttest.Fact{Field: "Created", Zero: 200, Values: []paymenttest.Value{{Value: 200}, {Value: 201}, {Value: 202}}},
	)
	fmt.Println(sheet.Names())

	target, stop := openTiny(tinyFacts{Created: 201, TextIDs: true})
	defer stop()
	text, err := json.Marshal(paymenttest.Check(context.Background(), target, tinyContract()).Findings())
	if err != nil {
		log.Fatal(err)
	}
	found, err := paymenttest.ReadFindings(text)
	if err != nil {
		log.Fatal(err)
	}
	var facts tinyFacts
	if err := sheet.Apply(found.Facts, &facts); err != nil {
		log.Fatal(err)
	}
	fmt.Println(facts.Created, facts.TextIDs)

	target, stop = openTiny(tinyFacts{Created: 202, TextIDs: true})
	defer stop()
	for _, drift := range paymenttest.Compare(found, paymenttest.Check(context.Background(), target, tinyContract()).Findings()) {
		fmt.Println(drift)
	}
	// Output:
	// [duplicate textIDs created lag dupIgnored]
	// 201 true
	// fact created: was 201, is 202
}

// A probe returns nil for what it expected, or says what it saw.
func ExampleTrial() {
	target, stop := openTiny(tinyFacts{})
	defer stop()
	report := paymenttest.Check(context.Background(), target, []paymenttest.Clause{
		{ID: "list.form", Statement: "A list has the member payments.", Requests: 1,
			Probe: func(ctx context.Context, t *paymenttest.Trial) error {
				t.Expect("the member payments")
				e, err := t.Get(ctx, "/payments/none")
				if err != nil {
					return err
				}
				t.See("%d bytes", len(e.Body))
				return t.Want(e, 200, `{"payments":"array"}`)
			}},
		{ID: "list.client", Statement: "The client asks once, and no more.", Requests: 1,
			Probe: func(ctx context.Context, t *paymenttest.Trial) error {
				client := t.Client().(*http.Client) // what Target.Connect returned
				req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.URL+"/payments/none", nil)
				if err != nil {
					return err
				}
				resp, err := client.Do(req)
				if err != nil {
					return err
				}
				defer resp.Body.Close()
				if n := len(t.Exchanges()); n != 1 {
					return t.Differs(t.Last().Place(), "%d requests", n)
				}
				t.See("one request")
				return t.WantStatus(t.Last(), http.StatusUnauthorized) // the client has no key
			}},
		{ID: "list.moved", Statement: "A redirect is not a difference here.",
			Probe: func(_ context.Context, t *paymenttest.Trial) error {
				t.ExpectRedirect()
				return t.NotDecidable("there is nothing that moves")
			}},
		{ID: "list.order", Statement: "The newest payment comes first.", Decides: []string{"lag"},
			Probe: func(_ context.Context, t *paymenttest.Trial) error {
				t.Mask("lag", "there is only one payment")
				return t.Inconclusive("there is only one payment")
			}},
	})
	for _, result := range report.Results {
		fmt.Println(result.Clause.ID, result.Verdict, result.Seen+result.Why)
	}
	fmt.Println(report.Facts["lag"])
	// Output:
	// list.form holds 16 bytes
	// list.client holds one request
	// list.moved not decidable there is nothing that moves
	// list.order inconclusive there is only one payment
	// not decidable: there is only one payment
}

// How much later does a lookup show a payment? The probe waits on the run's
// clock, which costs nothing if it is the emulator's.
func ExampleTrial_Await() {
	target, stop := openTiny(tinyFacts{Lag: 80 * time.Millisecond})
	defer stop()
	report := paymenttest.Check(context.Background(), target, []paymenttest.Clause{{
		ID: "find.lag", Statement: "A payment shows at once.", Needs: []paymenttest.Need{paymenttest.Write}, Requests: 10, Decides: []string{"lag"},
		Probe: func(ctx context.Context, t *paymenttest.Trial) error {
			ref := t.Reference()
			if _, err := tinyPost(ctx, t, ref); err != nil {
				return err
			}
			made, unseen := t.Now(), time.Duration(0)
			found, err := t.Await(ctx, func() (bool, error) {
				asked := t.Now()
				e, err := t.Get(ctx, "/payments/"+ref)
				if err != nil || bytes.Contains(e.Body, []byte(ref)) {
					return err == nil, err
				}
				unseen = asked.Sub(made)
				return false, nil
			})
			if err != nil || !found {
				return err
			}
			t.Between("lag", unseen, t.Now().Sub(made))
			return nil
		},
	}})
	fmt.Println(report.Facts["lag"], report.Err)
	// Output:
	// 50ms to 150ms <nil>
}

// Several clauses look at one payment, so that a run records no more than it has
// to.
func ExampleShare() {
	target, stop := openTiny(tinyFacts{})
	defer stop()
	shared := func(ctx context.Context, t *paymenttest.Trial) (paymenttest.Exchange, error) {
		return paymenttest.Share(t, "payment", func() (paymenttest.Exchange, error) { return tinyPost(ctx, t, t.Reference()) })
	}
	write := []paymenttest.Need{paymenttest.Write}
	report := paymenttest.Check(context.Background(), target, []paymenttest.Clause{
		{ID: "payment.form", Statement: "A payment has a number.", Needs: write, Requests: 1,
			Probe: func(ctx context.Context, t *paymenttest.Trial) error {
				e, err := shared(ctx, t)
				if err != nil {
					return err
				}
				return t.Want(e, 200, `{"id":"integer"}`)
			}},
		{ID: "payment.prompt", Statement: "A payment is answered within 10 s.", Needs: write, Requests: 1,
			Probe: func(ctx context.Context, t *paymenttest.Trial) error {
				e, err := shared(ctx, t)
				if err != nil {
					return err
				}
				if err := t.Sleep(ctx, time.Hour); err != nil {
					return err
				}
				fmt.Println(t.Now().Sub(t.Began()) >= time.Hour, e.Place())
				if e.Got.Sub(e.Sent) > 10*time.Second {
					return t.Differs(e.Place(), "took longer")
				}
				return nil
			}},
	})
	fmt.Println(report.Count(paymenttest.Holds), "hold,", report.Requests, "request")
	// Output:
	// true POST /payments
	// 2 hold, 1 request
}

// An example of the vendor's documentation is sent as it is printed there, with
// an order of the sandbox and a reference of the run's own.
func ExampleDocumentedExchange() {
	target, stop := openTiny(tinyFacts{})
	defer stop()
	example := paymenttest.DocumentedExchange{
		Method: http.MethodPost, Path: "/payments", Body: `{"ref":"REF0001","order":2002}`,
		Status: 200, Answer: `{"id":"integer","ref":"string"}`,
		Placeholders: map[string]string{"REF0001": "reference", "2002": "order"},
	}
	report := paymenttest.Check(context.Background(), target, []paymenttest.Clause{{
		ID: "documented.create", Statement: "The documented request gets the documented answer.", Evidence: paymenttest.Documented,
		Needs: []paymenttest.Need{paymenttest.Write}, Objects: []string{"order"}, Requests: 1, Probe: example.Probe,
	}})
	fmt.Println(report.Results[0].Verdict, report.Written)
	for _, mismatch := range example.Answer.Check([]byte(`{"id":"1"}`)) {
		fmt.Println(mismatch)
	}
	// Output:
	// holds [POST /payments with the documented body (documented.create)]
	// $.id is string, not integer
	// $.ref is missing, not a member
}

// Answers that are changed on their way show whether a contract would notice.
func ExampleMutate() {
	target, stop := openTiny(tinyFacts{})
	defer stop()
	target = paymenttest.Mutate(target, paymenttest.Mutation{Op: "POST /payments", Status: 200, Kind: paymenttest.OtherStatus})
	report := paymenttest.Check(context.Background(), target, tinyContract()[1:2])
	fmt.Println(report.Results[0].Verdict, report.Results[0].Seen)
	// Output:
	// differs status 418, not one of [200 201 202]
}

// The same clauses as tests: of a server that stands for the vendor, and of an
// emulator in every setting.
func ExampleContract() {
	_ = []func(t *testing.T){
		func(t *testing.T) { // TestStandIn
			target, stop := openTiny(tinyFacts{})
			defer stop()
			report := paymenttest.Contract(t, target, tinyContract())
			t.Log(report.Summary())
		},
		func(t *testing.T) { // TestContractFindsOut
			paymenttest.RoundTrip(t, paymenttest.RoundTripper{
				Clauses: tinyContract(), Facts: tinySheet,
				Emulator: func(t *testing.T, facts any) paymenttest.Target {
					target, stop := openTiny(facts.(tinyFacts))
					t.Cleanup(stop)
					return target
				},
			})
		},
	}
}

// A comment that calls something unknown has to name the clause that settles it.
func ExampleDoubts() {
	dir, err := os.MkdirTemp("", "doubts")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	source := "package shop\n\n// Lag is how late a payment shows. Unknown (clause find.lag).\nvar Lag int\n\n// Limit is the most in one answer. Unknown.\nvar Limit int\n"
	if err := os.WriteFile(filepath.Join(dir, "shop.go"), []byte(source), 0o600); err != nil {
		log.Fatal(err)
	}
	places, err := paymenttest.Doubts(dir, tinyContract())
	for _, place := range places {
		fmt.Println(strings.TrimPrefix(place, dir+string(filepath.Separator)), err)
	}
	// Output:
	// shop.go:6:1 <nil>
}
