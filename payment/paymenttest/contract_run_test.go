package paymenttest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// one returns a clause with a probe and the needs.
func one(probe func(context.Context, *paymenttest.Trial) error, needs ...paymenttest.Need) []paymenttest.Clause {
	return []paymenttest.Clause{{ID: "one", Statement: "It is so.", Needs: needs, Requests: 2, Probe: probe}}
}

func verdictOf(t *testing.T, target paymenttest.Target, clauses []paymenttest.Clause) paymenttest.Result {
	t.Helper()
	report := paymenttest.Check(t.Context(), target, clauses)
	if report.Err != nil {
		t.Fatal(report.Err)
	}
	return report.Results[0]
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	calls := 0
	for _, test := range []struct {
		name  string
		probe func(ctx context.Context, t *paymenttest.Trial) error
		want  paymenttest.Verdict
		text  string
	}{
		{"nothing odd", func(context.Context, *paymenttest.Trial) error { return nil }, paymenttest.Holds, ""},
		{"seen twice", func(_ context.Context, t *paymenttest.Trial) error { return t.Differs("GET /x", "other") }, paymenttest.Differs, "other"},
		{"seen once", func(_ context.Context, t *paymenttest.Trial) error {
			if calls++; calls == 1 {
				return t.Differs("GET /x", "other")
			}
			return nil
		}, paymenttest.Inconclusive, "two trials disagree"},
		{"panic", func(context.Context, *paymenttest.Trial) error { panic("boo") }, paymenttest.Inconclusive, "panicked: boo"},
		{"not visible", func(_ context.Context, t *paymenttest.Trial) error { return t.NotDecidable("hidden") }, paymenttest.NotDecidable, "hidden"},
		{"narrow rights", func(context.Context, *paymenttest.Trial) error {
			return &payment.Error{Status: 403, Err: payment.ErrForbidden}
		}, paymenttest.Forbidden, ""},
		{"throttled", func(context.Context, *paymenttest.Trial) error {
			return &payment.Error{Status: 429, Err: payment.ErrRateLimited}
		}, paymenttest.Inconclusive, ""},
		{"outage", func(context.Context, *paymenttest.Trial) error {
			return &payment.Error{Status: 503, Err: payment.ErrUnavailable}
		}, paymenttest.Inconclusive, ""},
		{"no answer", func(context.Context, *paymenttest.Trial) error { return &payment.Error{Err: payment.ErrUnavailable} }, paymenttest.Inconclusive, ""},
		{"other form", func(context.Context, *paymenttest.Trial) error {
			return &payment.Error{Vendor: "tiny", Op: "List", Status: 200, Err: fmt.Errorf("%w: $.payments: is missing", payment.ErrProtocol)}
		}, paymenttest.Differs, "$.payments"},
		{"refused", func(context.Context, *paymenttest.Trial) error {
			return &payment.Error{Vendor: "tiny", Op: "List", Status: 422, Err: payment.ErrInvalid}
		}, paymenttest.Differs, "invalid"},
		{"a slip of the probe", func(context.Context, *paymenttest.Trial) error {
			return &payment.FieldError{Field: "X", Reason: "is empty"}
		}, paymenttest.Inconclusive, "is empty"},
		{"a fact of nobody", func(_ context.Context, t *paymenttest.Trial) error { t.Fact("lag", time.Second); return nil }, paymenttest.Inconclusive, "does not say that it decides lag"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, target := startTiny(t, tinyFacts{})
			got := verdictOf(t, target, one(test.probe))
			if got.Verdict != test.want || !strings.Contains(got.Seen+got.Why, test.text) {
				t.Errorf("%s, seen %q, because %q; want %s", got.Verdict, got.Seen, got.Why, test.want)
			}
		})
	}
}

func TestWhatIsNotAllowedIsNotTried(t *testing.T) {
	t.Parallel()
	for need, allow := range map[paymenttest.Need]paymenttest.Allow{
		paymenttest.Write:        {Delete: true, Irreversible: true, Notifies: true, BadLogin: true, Exhausts: true},
		paymenttest.Delete:       {Write: true, Account: "tiny-1"},
		paymenttest.Irreversible: {Irreversible: true},
		paymenttest.Notifies:     {Write: true, Account: "tiny-1"},
		paymenttest.BadLogin:     {Write: true, Account: "tiny-1"},
		paymenttest.Exhausts:     {Write: true, Account: "tiny-1"},
		"unheard of":             paymenttest.AllowAll("tiny-1"),
	} {
		v, target := startTiny(t, tinyFacts{})
		target.Allow = allow
		probe := func(ctx context.Context, t *paymenttest.Trial) error { _, err := tinyPost(ctx, t, "r"); return err }
		got := verdictOf(t, target, one(probe, paymenttest.Read, need))
		if got.Verdict != paymenttest.NotTried || !strings.Contains(got.Why, string(need)) || len(v.requests) > 0 {
			t.Errorf("%s: %s because %q after %d requests", need, got.Verdict, got.Why, len(v.requests))
		}
	}
}

// A clause that says it reads cannot write, whatever is allowed.
func TestReadingClauseCannotWrite(t *testing.T) {
	t.Parallel()
	v, target := startTiny(t, tinyFacts{})
	got := verdictOf(t, target, one(func(ctx context.Context, t *paymenttest.Trial) error { _, err := tinyPost(ctx, t, "r"); return err }))
	if got.Verdict != paymenttest.Inconclusive || !strings.Contains(got.Why, "may only read") || len(v.requests) > 0 {
		t.Errorf("%s because %q after %d requests", got.Verdict, got.Why, len(v.requests))
	}
}

func TestAnotherAccountIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	v, target := startTiny(t, tinyFacts{})
	target.Allow.Account = "tiny-2"
	report := paymenttest.Check(t.Context(), target, tinyContract())
	if report.Err == nil || !strings.Contains(report.Err.Error(), "nothing was sent") || len(v.requests) > 0 || len(report.Results) > 0 {
		t.Errorf("%v after %d requests", report.Err, len(v.requests))
	}
}

func TestPreflightEndsTheRun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want string
	}{
		{&payment.Error{Vendor: "tiny", Op: "List", Status: 401, Err: payment.ErrUnauthorized}, "the credentials are refused, nothing was written"},
		{fmt.Errorf("there is no order 7"), "nothing was written: there is no order 7"},
	} {
		v, target := startTiny(t, tinyFacts{})
		target.Preflight = func(context.Context, *paymenttest.Trial) error { return test.err }
		report := paymenttest.Check(t.Context(), target, tinyContract())
		if report.Err == nil || !strings.Contains(report.Err.Error(), test.want) || len(v.requests) > 0 {
			t.Errorf("%v after %d requests, want %s", report.Err, len(v.requests), test.want)
		}
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	v, target := startTiny(t, tinyFacts{})
	target.Budget = 3
	greedy := one(func(ctx context.Context, t *paymenttest.Trial) error {
		for {
			if _, err := t.Get(ctx, "/payments/x"); err != nil {
				return err
			}
		}
	})
	next := one(func(context.Context, *paymenttest.Trial) error { return nil })
	next[0].ID = "two"
	report := paymenttest.Check(t.Context(), target, append(greedy, next...))
	if got := report.Results[0]; got.Verdict != paymenttest.Inconclusive || !strings.Contains(got.Why, "budget") {
		t.Errorf("%s because %q", got.Verdict, got.Why)
	}
	if got := report.Results[1]; got.Verdict != paymenttest.NotTried || !strings.Contains(got.Why, "budget") {
		t.Errorf("%s because %q", got.Verdict, got.Why)
	}
	if len(v.requests) != 3 || report.Requests != 3 {
		t.Errorf("%d requests, %d counted, want 3", len(v.requests), report.Requests)
	}
}

func TestPause(t *testing.T) {
	t.Parallel()
	_, target := startTiny(t, tinyFacts{})
	target.Pause = time.Second
	began := target.Now()
	verdictOf(t, target, one(func(ctx context.Context, t *paymenttest.Trial) error {
		for range 4 {
			if _, err := t.Get(ctx, "/payments/x"); err != nil {
				return err
			}
		}
		return nil
	}))
	if took := target.Now().Sub(began); took != 3*time.Second {
		t.Errorf("4 requests took %s, want 3s", took)
	}
}

// An interrupted run says what it has written so far, and undoes what it may.
func TestInterruptedRun(t *testing.T) {
	t.Parallel()
	for _, undoes := range []bool{false, true} {
		v, target := startTiny(t, tinyFacts{})
		target.Allow.Delete = undoes
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		clauses := one(func(ctx context.Context, t *paymenttest.Trial) error {
			w := t.Writing("payment %s", "r-1")
			_, err := t.Send(ctx, paymenttest.Raw{Method: "POST", Path: "/payments", Body: []byte(`{"ref":"r-1"}`)})
			t.AtEnd(func(ctx context.Context) error {
				_, err := t.Send(ctx, paymenttest.Raw{Method: "DELETE", Path: "/payments/1"})
				w.Undo()
				return err
			})
			cancel()
			return err
		}, paymenttest.Write)
		report := paymenttest.Check(ctx, target, append(clauses, tinyContract()...))
		if report.Err == nil {
			t.Error("the report does not say that the run was interrupted")
		}
		for _, result := range report.Results[1:] {
			if result.Verdict != paymenttest.NotTried {
				t.Errorf("%s: %s", result.Clause.ID, result.Verdict)
			}
		}
		if left := len(report.Written); undoes != (left == 0) || undoes != (len(v.payments) == 0) {
			t.Errorf("undoes %t: %d written and not undone, %d in the ledger", undoes, left, len(v.payments))
		}
	}
}

func TestRedirectDiffers(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.RedirectHandler("https://elsewhere.example/", http.StatusFound))
	t.Cleanup(server.Close)
	_, target := startTiny(t, tinyFacts{})
	target.URL = server.URL
	probe := func(ctx context.Context, t *paymenttest.Trial) error { _, err := t.Get(ctx, "/x"); return err }
	if got := verdictOf(t, target, one(probe)); got.Verdict != paymenttest.Differs || got.Place != "GET /x" {
		t.Errorf("%s at %s", got.Verdict, got.Place)
	}
	expecting := func(ctx context.Context, t *paymenttest.Trial) error { t.ExpectRedirect(); return probe(ctx, t) }
	if got := verdictOf(t, target, one(expecting)); got.Verdict != paymenttest.Holds {
		t.Errorf("%s, want it to hold", got.Verdict)
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	_, target := startTiny(t, tinyFacts{})
	var refs []string
	verdictOf(t, target, one(func(_ context.Context, t *paymenttest.Trial) error {
		refs = append(refs, t.Reference(), t.Reference())
		return nil
	}))
	if len(refs) != 2 || refs[0] == refs[1] || !strings.HasPrefix(refs[0], "contract-") || len(refs[0]) > 30 {
		t.Errorf("references %v", refs)
	}
	target.Seed = "s"
	verdictOf(t, target, one(func(_ context.Context, t *paymenttest.Trial) error { refs = append(refs, t.Reference()); return nil }))
	if refs[2] != "contract-s-1" {
		t.Errorf("reference %s with a seed", refs[2])
	}
}

// Clauses that get in the way of others come last, after the undoing.
func TestDisturbingClausesComeLast(t *testing.T) {
	t.Parallel()
	_, target := startTiny(t, tinyFacts{})
	clauses := tinyContract() // auth.refused, the first, needs a bad login
	var announced []string
	target.Announce = func(c paymenttest.Clause) { announced = append(announced, c.ID) }
	paymenttest.Check(t.Context(), target, clauses)
	if len(announced) != len(clauses) || announced[len(announced)-1] != "auth.refused" {
		t.Errorf("order %v", announced)
	}
}

func TestMistakenClauses(t *testing.T) {
	t.Parallel()
	_, target := startTiny(t, tinyFacts{})
	good := one(func(context.Context, *paymenttest.Trial) error { return nil })
	for want, clauses := range map[string][]paymenttest.Clause{
		"is empty or taken":     slices.Concat(good, good),
		"has no probe":          one(nil),
		"unknown fact nonsense": {{ID: "x", Probe: good[0].Probe, Decides: []string{"nonsense"}}},
	} {
		if err := paymenttest.Check(t.Context(), target, clauses).Err; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if err := paymenttest.Check(t.Context(), paymenttest.Target{}, good).Err; err == nil || !strings.Contains(err.Error(), "Target.Connect is not set") {
		t.Errorf("%v", err)
	}
}

func TestUntriedFactIsNotTheDefault(t *testing.T) {
	t.Parallel()
	_, target := startTiny(t, tinyFacts{Created: 202, Lag: time.Hour})
	target.Allow = paymenttest.Allow{}
	for name, k := range paymenttest.Check(t.Context(), target, tinyContract()).Facts {
		if k.State != paymenttest.NeverTried || k.Value != nil {
			t.Errorf("%s: %+v", name, k)
		}
	}
	target.Allow = paymenttest.AllowAll("tiny-1")
	facts := paymenttest.Check(t.Context(), target, tinyContract()).Facts
	if k := facts["lag"]; k.State != paymenttest.Undecided {
		t.Errorf("a lag beyond the patience: %+v", k)
	}
	if k := facts["created"]; k.State != paymenttest.Seen || k.Value != int64(202) {
		t.Errorf("created: %+v", k)
	}
}

// The findings of one run, kept as JSON, set an emulator that behaves alike.
func TestFindingsSetAnEmulator(t *testing.T) {
	t.Parallel()
	was := tinyFacts{Duplicate: dupRepeated, TextIDs: true, Created: 201, Lag: 80 * time.Millisecond}
	_, target := startTiny(t, was)
	first := paymenttest.Check(t.Context(), target, tinyContract())
	text, err := json.Marshal(first.Findings())
	if err != nil {
		t.Fatal(err)
	}
	found, err := paymenttest.ReadFindings(text)
	if err != nil {
		t.Fatal(err)
	}
	var is tinyFacts
	if err := tinySheet.Apply(found.Facts, &is); err != nil {
		t.Fatal(err)
	}
	if is.Lag < was.Lag {
		t.Errorf("lag %s, want at least %s", is.Lag, was.Lag)
	}
	if is.Lag = was.Lag; is != was {
		t.Errorf("%+v, want %+v", is, was)
	}
	_, target = startTiny(t, is)
	again := paymenttest.Check(t.Context(), target, tinyContract())
	if drift := paymenttest.Compare(found, again.Findings()); len(drift) > 0 {
		t.Errorf("drift %v", drift)
	}
	_, target = startTiny(t, tinyFacts{})
	drift := fmt.Sprint(paymenttest.Compare(found, paymenttest.Check(t.Context(), target, tinyContract()).Findings()))
	for _, want := range []string{"fact duplicate: was repeated, is refused", "fact created: was 201, is 200", "fact lag: was", "clause find.lag: was differs, is holds"} {
		if !strings.Contains(drift, want) {
			t.Errorf("drift %s, want %s", drift, want)
		}
	}
	if err := tinySheet.Apply(map[string]paymenttest.Known{"duplicate": {State: paymenttest.Seen, Value: "sometimes"}}, &is); err == nil {
		t.Error("a word that is no value was taken")
	}
	if _, err := paymenttest.ReadFindings([]byte(`{"vendor":"tiny"}`)); err == nil {
		t.Error("findings without facts were taken")
	}
}

func TestReportForPeople(t *testing.T) {
	t.Parallel()
	_, target := startTiny(t, tinyFacts{Created: 201})
	report := paymenttest.Check(t.Context(), target, tinyContract())
	var table, page strings.Builder
	if err := report.WriteTable(&table); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteMarkdown(&page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"create.status", "created is 201", "Written and not undone", "contract-", "3 holds, 1 differs"} {
		if !strings.Contains(table.String(), want) || !strings.Contains(page.String(), want) {
			t.Errorf("%q is missing:\n%s\n%s", want, table.String(), page.String())
		}
	}
	if !strings.Contains(page.String(), "| created | 201 | create.status |") {
		t.Errorf("no fact in the page:\n%s", page.String())
	}
}

func TestContractAsSubtests(t *testing.T) {
	t.Parallel()
	_, target := startTiny(t, tinyFacts{})
	if report := paymenttest.Contract(t, target, tinyContract()); report.Count(paymenttest.Holds) != 4 {
		t.Errorf("%s", report.Summary())
	}
}

func TestForm(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		form     paymenttest.Form
		document string
		want     string // the first mismatch
	}{
		{"", "not JSON", ""},
		{`{"a":"integer"}`, `{"a":1,"b":2}`, ""},
		{`{"a":"integer"}`, `{"a":1.5}`, "$.a is number, not integer"},
		{`{"a":"number"}`, `{"a":"1"}`, "$.a is string, not number"},
		{`{"a":"string|null"}`, `{"a":null}`, ""},
		{`{"a":"string"}`, `{}`, "$.a is missing, not a member"},
		{`{"a?":"string"}`, `{}`, ""},
		{`{"a?":"string"}`, `{"a":null}`, ""},
		{`{"a?":"string"}`, `{"a":1}`, "$.a is number, not string"},
		{`[{"a":"bool"}]`, `[]`, ""},
		{`[{"a":"bool"}]`, `[{"a":true},{"a":0}]`, "$[1].a is number, not bool"},
		{`["integer","string"]`, `[1,"x"]`, ""},
		{`["integer","string"]`, `[1]`, "$ is 1 elements, not 2 elements"},
		{`{"a":"array"}`, `{"a":{}}`, "$.a is object, not array"},
		{`{"a":{"b":"any"}}`, `{"a":"secret"}`, "$.a is string, not object"},
		{`"object"`, `{}`, ""},
		{`"object"`, ``, "$ is not JSON, not JSON"},
		{`"object"`, `{} {}`, "$ is not JSON, not JSON"},
		{`{broken`, `{}`, "$ is no such form, not a form that can be read"},
	} {
		got := ""
		if all := test.form.Check([]byte(test.document)); len(all) > 0 {
			got = all[0].String()
		}
		if got != test.want {
			t.Errorf("%s of %s: %q, want %q", test.form, test.document, got, test.want)
		}
	}
}

func TestDocumentedExchange(t *testing.T) {
	t.Parallel()
	v, target := startTiny(t, tinyFacts{})
	made := false
	example := paymenttest.DocumentedExchange{
		Method: "POST", Path: "/payments", Body: `{"ref":"REF0001","order":2002}`, Status: 200, Answer: tinyForm,
		Placeholders: map[string]string{"REF0001": "reference", "2002": "order"},
		Made:         func(_ *paymenttest.Trial, _ paymenttest.Exchange, w *paymenttest.Written) { made = w != nil },
	}
	if got := verdictOf(t, target, one(example.Probe, paymenttest.Write)); got.Verdict != paymenttest.Holds || !made {
		t.Errorf("%s: %s", got.Verdict, got.Seen)
	}
	if len(v.payments) != 1 || !strings.HasPrefix(v.payments[0].Ref, "contract-") {
		t.Errorf("ledger %v", v.payments)
	}
	example.Status = 201
	if got := verdictOf(t, target, one(example.Probe, paymenttest.Write)); got.Verdict != paymenttest.Differs || got.Seen != "status 200, not 201" {
		t.Errorf("%s: %s", got.Verdict, got.Seen)
	}
}
