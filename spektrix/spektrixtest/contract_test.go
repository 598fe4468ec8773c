package spektrixtest_test

import (
	"go/parser"
	"go/token"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

func TestContractRoundTrip(t *testing.T) {
	t.Parallel()
	paymenttest.RoundTrip(t, paymenttest.RoundTripper{
		Clauses: spektrixtest.Contract(), Facts: spektrixtest.FactSheet(),
		Emulator: func(t *testing.T, facts any) paymenttest.Target {
			target, stop := spektrixtest.Sandbox(facts.(spektrixtest.Facts))
			t.Cleanup(stop)
			return target
		},
		Tolerates: nobodyReads,
	})
}

// nobodyReads reports whether no client needs the member: the words of a
// refusal, for which the vendor documents no form, and the customer of an order
// without one.
func nobodyReads(m paymenttest.Mutation) bool {
	return m.Path == "$.message" && m.Status >= 400 ||
		m.Kind == paymenttest.MemberRetyped && (m.Path == "$.values[].customerId" || m.Path == "$.values[].customerFriendlyId")
}

// A run that nobody has allowed more only reads, and still finds what reading
// tells.
func TestContractReadsOnly(t *testing.T) {
	t.Parallel()
	s := spektrixtest.New(spektrixtest.WithFacts(spektrixtest.Facts{NoOrdersSync: true}))
	t.Cleanup(s.Close)
	target := s.Target()
	target.Pause = 0
	report := paymenttest.Check(t.Context(), target, spektrixtest.Contract())
	if report.Err != nil || len(report.Written) > 0 || report.Count(paymenttest.Holds) == 0 {
		t.Errorf("%v; written %v; %s", report.Err, report.Written, report.Summary())
	}
	if k := report.Facts["noOrdersSync"]; k.State != paymenttest.Seen || k.Value != true {
		t.Errorf("noOrdersSync is %s", k)
	}
	if k := report.Facts["paymentAnswer"]; k.State != paymenttest.NeverTried {
		t.Errorf("paymentAnswer is %s, want not tried", k)
	}
	for _, r := range s.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s was sent", r.Method, r.Path)
		}
	}
}

// What cannot be meant ends a run in clear words, before anything is written.
func TestContractRefusesToBegin(t *testing.T) {
	t.Parallel()
	object := func(name, value string) func(*paymenttest.Target) {
		return func(target *paymenttest.Target) { target.Objects[name] = value }
	}
	for want, change := range map[string]func(*paymenttest.Target){
		"no active custom payment type has the id":  object(spektrixtest.ObjectPaymentType, spektrixtest.TypeClosedTill),
		"the payment type defines no attribute":     object(spektrixtest.ObjectAttribute, "REFERENCE"),
		"there is no basket":                        object(spektrixtest.ObjectMembershipBasket, "1ABC"),
		"writing is allowed for the account":        func(target *paymenttest.Target) { target.Allow.Account = "another" },
		"the credentials are refused, nothing was ": wrongSecret,
	} {
		target, stop := spektrixtest.Sandbox(spektrixtest.Facts{})
		t.Cleanup(stop)
		change(&target)
		report := paymenttest.Check(t.Context(), target, spektrixtest.Contract())
		if report.Err == nil || !strings.Contains(report.Err.Error(), want) || len(report.Written) > 0 || len(report.Results) > 0 {
			t.Errorf("want %q, got %v; written %v", want, report.Err, report.Written)
		}
	}
}

func wrongSecret(target *paymenttest.Target) {
	other := spektrixtest.Target(spektrix.Config{
		ClientName: target.Account, Login: spektrixtest.SampleLogin, Secret: "d3Jvbmc=", Currency: "GBP", BaseURL: strings.TrimSuffix(target.URL, "/"+target.Account+"/api/v3"),
	})
	target.Connect = other.Connect
}

// Each fact has a clause that decides it, and a comment that names one.
func TestContractDecidesEveryFact(t *testing.T) {
	t.Parallel()
	var decided []string
	for _, c := range spektrixtest.Contract() {
		decided = append(decided, c.Decides...)
	}
	for _, name := range spektrixtest.FactSheet().Names() {
		if !slices.Contains(decided, name) {
			t.Errorf("no clause decides %s", name)
		}
	}
}

var (
	uncertain = regexp.MustCompile(`(?i)\b(unknown|inferred)\b`)
	clauseIDs = regexp.MustCompile(`\b[a-z]+\.[a-z]+(?:-[a-z]+)*\b`)
	citation  = regexp.MustCompile(`(?i)\bclauses? ([a-z]+\.[a-z-]+(?:(?: and|,) [a-z]+\.[a-z-]+)*)`)
)

// Each comment of the client that calls something inferred or unknown names a
// clause, and each clause that a comment names exists. So does each comment of
// a fact.
func TestCommentsNameClauses(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, c := range spektrixtest.Contract() {
		known[c.ID] = true
	}
	files, err := filepath.Glob("../*.go")
	if err != nil || len(files) < 10 {
		t.Fatal(len(files), err)
	}
	for _, name := range append(files, "facts.go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range file.Comments {
			text := strings.Join(strings.Fields(group.Text()), " ")
			cited := citation.FindAllStringSubmatch(text, -1)
			if uncertain.MatchString(text) && len(cited) == 0 && !strings.Contains(text, "a clause of") && name != "facts.go" {
				t.Errorf("%s: no clause is named: %s", set.Position(group.Pos()), text)
			}
			for _, c := range cited {
				for _, id := range clauseIDs.FindAllString(c[1], -1) {
					if !known[id] {
						t.Errorf("%s: there is no clause %s", set.Position(group.Pos()), id)
					}
				}
			}
		}
	}
}
