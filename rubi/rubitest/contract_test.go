package rubitest

import (
	"bytes"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
)

func TestContractRoundTrip(t *testing.T) {
	t.Parallel()
	paymenttest.RoundTrip(t, paymenttest.RoundTripper{
		Clauses: Contract(), Facts: FactSheet(),
		Emulator: func(t *testing.T, facts any) paymenttest.Target { return sandbox(t, facts.(Facts)) },
	})
}

func sandbox(t *testing.T, facts Facts) paymenttest.Target {
	target, stop := Sandbox(facts)
	t.Cleanup(stop)
	return target
}

// layered stands between a run and an emulator: it notes the members of the
// records that are below layers of text, and changes one of them.
type layered struct {
	clause     string              // being tried
	seen       map[string][]string // clauses by "op member"
	blank      map[string]bool     // members that are blank in some record
	op, member string              // to change; "" changes none
	gone       bool                // leave the member out
}

func (l *layered) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	a, ok := readTold(paymenttest.Exchange{Body: body})
	if err != nil || !ok || !a.succeeded() {
		return resp, err
	}
	rows, _ := a.rows()
	op := path.Base(r.URL.Path)
	if len(rows) == 0 || slices.Contains([]string{"User", "CalendarDetail", "USERBASKET"}, op) {
		return resp, nil
	}
	changed := l.change(op, rows)
	if op == l.op && changed {
		message := emulator.Encode(string(emulator.Encode(rows)))
		body = emulator.Encode(string(object(member{"ResponseCode", quote("200")}, member{"ResponseMessage", message})))
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		resp.Header.Del("Content-Length")
	}
	return resp, nil
}

func (l *layered) change(op string, rows []shown) (changed bool) {
	for _, row := range rows {
		for name, value := range row {
			key := op + " " + name
			if l.op == "" && !slices.Contains(l.seen[key], l.clause) {
				l.seen[key] = append(l.seen[key], l.clause)
			}
			if l.op == "" && value == "" {
				l.blank[key] = true
			}
		}
		if _, there := row[l.member]; there && l.op == op {
			changed = true
			if row[l.member] = map[string]any{"a": 1}; l.gone {
				delete(row, l.member)
			}
		}
	}
	return changed
}

// Members below the layers of text are seen too: one that is missing, and one
// that is an object.
func TestContractSeesEveryMember(t *testing.T) {
	t.Parallel()
	all := &layered{seen: map[string][]string{}, blank: map[string]bool{}}
	target := sandbox(t, Facts{})
	target.Transport, target.Announce = all, func(c paymenttest.Clause) { all.clause = c.ID }
	if report := paymenttest.Check(t.Context(), target, Contract()); report.Err != nil || len(all.seen) < 60 {
		t.Fatal(report.Err, len(all.seen))
	}
	for key, ids := range all.seen {
		op, name, _ := strings.Cut(key, " ")
		if op == OpUserPayment || op == OpStripeResult { // these look at what another clause has asked for
			ids = append(ids, "card.record", "card.echo", "invoice.record", "stripe.result")
		}
		for _, gone := range []bool{false, true} {
			if gone && (all.blank[key] || slices.Contains([]string{"EmailBCC", "EmailAttachments", "KnownAs"}, name)) { // may be missing
				continue
			}
			t.Run(fmt.Sprint(key, " is gone: ", gone), func(t *testing.T) {
				t.Parallel()
				target := sandbox(t, Facts{})
				target.Transport = &layered{op: op, member: name, gone: gone}
				clauses := slices.DeleteFunc(Contract(), func(c paymenttest.Clause) bool { return !slices.Contains(ids, c.ID) })
				if report := paymenttest.Check(t.Context(), target, clauses); report.Err == nil && report.Count(paymenttest.Differs) == 0 {
					t.Errorf("no clause of %v differs: %s", ids, report.Summary())
				}
			})
		}
	}
}

func TestRawRequestsAreTheDocumentedOnes(t *testing.T) {
	t.Parallel()
	const uid, one, two = "11111111-2222-3333-4444-555555555555", "aaaaaaaa-0000-0000-0000-000000000001", "aaaaaaaa-0000-0000-0000-000000000002"
	card := []string{uid, typeCard, new(itemsForm).write(false, []string{one, two}), "1 High St", "", "", "Leeds", "West Yorkshire", "LS1 1AA", "United Kingdom", "jo@example.org", "", "+44", "07700900000"}
	for file, raw := range map[string]paymenttest.Raw{
		"user.request":              rawForm("User", sampleUserBody),
		"user_basket.request":       rawForm(OpUserBasket, sampleBasketBody),
		"user_payment_card.request": rawCall(OpUserPayment, card...),
		"stripe_result.request":     rawCall(OpStripeResult, "T-1001", stripeObject("pi_123", "succeeded", 2500)),
	} {
		want, err := os.ReadFile("../testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(raw.Body); got != strings.TrimSpace(string(want)) {
			t.Errorf("%s: %s", file, got)
		}
	}
	if raw := rawCall(OpUserBasket, uid, "Bookings"); string(raw.Body) != sampleBasketBody {
		t.Errorf("%s", raw.Body)
	}
}

func TestKeyIsPutWhereTheSamplesHaveIt(t *testing.T) {
	t.Parallel()
	const key = `a"b\c&d é`
	for _, raw := range []paymenttest.Raw{
		rawCall(OpUserBasket, "KEY", ""), {Method: http.MethodPost, Body: emulator.Encode(string(emulator.Encode([]string{"", keyPlace})))},
	} {
		r, err := http.NewRequest(http.MethodPost, "http://localhost/", bytes.NewReader(raw.Body))
		if err != nil {
			t.Fatal(err)
		}
		if err := putKey(key)(r); err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(r.Body)
		text := string(body)
		if form, err := url.ParseQuery(text); err == nil && strings.HasPrefix(text, "=") {
			text = form.Get("")
		}
		list, _ := unlayer(text).([]any)
		if len(list) == 0 || list[len(list)-1] != key {
			t.Errorf("%s", text)
		}
	}
}

// Without more than the configuration a run only reads.
func TestContractOnlyReadsByDefault(t *testing.T) {
	t.Parallel()
	s := start(t)
	target := Target(s.Config())
	target.Pause = 0
	report := paymenttest.Check(t.Context(), target, Contract())
	if report.Err != nil || report.Count(paymenttest.Holds) < 10 || report.Count(paymenttest.Differs) > 0 || len(report.Written) > 0 {
		t.Errorf("%v, %s", report.Err, report.Summary())
	}
	for _, r := range s.Requests() {
		if !slices.Contains([]string{OpUserBasket, OpPortalList, OpEmailCheck, OpPluginEventAttendees, OpUnknown}, r.Op) {
			t.Errorf("%s was sent", r.Op)
		}
	}
}

func TestContractRefusesWhatCannotBeMeant(t *testing.T) {
	t.Parallel()
	for want, edit := range map[string]func(*paymenttest.Target, rubi.Config){
		"credentials are refused": func(target *paymenttest.Target, c rubi.Config) {
			c.APIKey = "wrong"
			*target = Target(c)
		},
		`"reader" is not as it has to be`:      func(target *paymenttest.Target, _ rubi.Config) { target.Objects[ObjectReader] = SampleUID },
		`"event" does not exist`:               func(target *paymenttest.Target, _ rubi.Config) { target.Objects[ObjectEvent] = "none" },
		`"free event" does not exist`:          func(target *paymenttest.Target, _ rubi.Config) { target.Objects[ObjectFreeEvent] = "none" },
		`"county" does not exist`:              func(target *paymenttest.Target, _ rubi.Config) { target.Objects[ObjectCounty] = "Nowhereshire" },
		`"service" does not exist`:             func(target *paymenttest.Target, _ rubi.Config) { target.Objects[ObjectService] = "none" },
		`allowed for the account "production"`: func(target *paymenttest.Target, _ rubi.Config) { target.Allow.Account = "production" },
	} {
		target := sandbox(t, Facts{})
		edit(&target, rubi.Config{APIKey: SampleAPIKey, BaseURL: target.URL, Tenant: "sandbox"})
		if report := paymenttest.Check(t.Context(), target, Contract()); report.Err == nil || !strings.Contains(report.Err.Error(), want) || len(report.Written) > 0 {
			t.Errorf("%s: %v", want, report.Err)
		}
	}
}

// What a doc comment of the client or a fact calls inferred or unknown names a
// clause, and every clause that is named exists.
func TestDocCommentsNameTheirClauses(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, c := range Contract() {
		ids[c.ID] = true
	}
	open, named := regexp.MustCompile(`\b(inferred|unknown)\b`), regexp.MustCompile(`[Cc]lauses? ([a-z-]+\.[a-z-]+)(?:,? and ([a-z-]+\.[a-z-]+))?`)
	files, _ := filepath.Glob("../*.go")
	for _, name := range append(files, "facts.go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range file.Comments {
			text := strings.Join(strings.Fields(group.Text()), " ")
			found := named.FindAllStringSubmatch(text, -1)
			if open.MatchString(text) && len(found) == 0 && !strings.HasPrefix(text, "Package ") && name != "facts.go" {
				t.Errorf("%s names no clause: %s", name, text)
			}
			for _, match := range found {
				for _, id := range match[1:] {
					if id = strings.TrimSuffix(id, "."); id != "" && !ids[id] {
						t.Errorf("%s: there is no clause %s", name, id)
					}
				}
			}
		}
	}
}

// Every fact has a clause that decides it and a comment that names one.
func TestFactsAreDecided(t *testing.T) {
	t.Parallel()
	decided := map[string]bool{}
	for _, c := range Contract() {
		for _, fact := range c.Decides {
			decided[fact] = true
		}
	}
	for _, fact := range FactSheet().Names() {
		if !decided[fact] {
			t.Errorf("no clause decides %s", fact)
		}
	}
}
