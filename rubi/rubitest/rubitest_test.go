package rubitest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func start(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s := New(opts...)
	t.Cleanup(s.Close)
	return s
}

// plain starts an emulator whose answers are easiest to read.
func plain(t testing.TB, opts ...Option) *Server {
	t.Helper()
	native := func(s *settings) { s.facts.Answer = AnswerNative }
	return start(t, append(slices.Clone(opts), native)...)
}

// answered is what a client without any knowledge of the vendor sees.
type answered struct {
	status int
	header http.Header
	body   string
}

// send speaks plain HTTP.
func send(t testing.TB, s *Server, verb, path, contentType, body string) answered {
	t.Helper()
	got, err := try(t, s, verb, path, contentType, body)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func try(t testing.TB, s *Server, verb, path, contentType, body string) (answered, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), verb, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return answered{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return answered{status: resp.StatusCode, header: resp.Header, body: string(data)}, err
}

// form returns the body of a call whose list is this JSON.
func form(list string) string { return url.Values{"": {list}}.Encode() }

// call sends elements, with the sample key behind them.
func call(t testing.TB, s *Server, method string, elements ...string) answered {
	t.Helper()
	list := string(emulator.Encode(append(slices.Clone(elements), SampleAPIKey)))
	return send(t, s, "POST", "/api/"+method, formType+"; charset=UTF-8", form(list))
}

func (a answered) want(t testing.TB, status int, body string) {
	t.Helper()
	if a.status != status || a.body != body {
		t.Errorf("answer %d %s\nwant   %d %s", a.status, a.body, status, body)
	}
}

// envelope reads an answer of any form.
func (a answered) envelope(t testing.TB) (code, message string) {
	t.Helper()
	data := []byte(a.body)
	var inner string
	if json.Unmarshal(data, &inner) == nil {
		data = []byte(inner)
	}
	var e struct{ ResponseCode, ResponseMessage json.RawMessage }
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatalf("answer %d %s: %v", a.status, a.body, err)
	}
	if json.Unmarshal(e.ResponseMessage, &message) != nil {
		message = string(e.ResponseMessage)
	}
	return strings.Trim(string(e.ResponseCode), `" `), message
}

func (a answered) refused(t testing.TB, code string) {
	t.Helper()
	if got, message := a.envelope(t); got != code || message == "" || a.status != 200 {
		t.Errorf("answer %d %s, want code %s", a.status, a.body, code)
	}
}

func (a answered) accepted(t testing.TB) {
	t.Helper()
	if code, _ := a.envelope(t); code != "200" || a.status != 200 {
		t.Fatalf("answer %d %s", a.status, a.body)
	}
}

func sample(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}

func TestDocumentedRequest(t *testing.T) {
	t.Parallel()
	var given []string
	s := plain(t, WithAPIKey("KEY"), WithMethod("User", 4, func(elements []string) []map[string]string {
		given = elements
		return []map[string]string{{"uid": SampleUID, "CompanyName": "A & B"}}
	}))
	got := send(t, s, "POST", "/api/User", formType+"; charset=UTF-8", sample(t, "user_documented.txt"))
	got.want(t, 200, `{"ResponseCode":200,"ResponseMessage":[{"CompanyName":"A & B","uid":"`+SampleUID+`"}]}`)
	if want := []string{SampleUID, "UserCompany", `[{"uid":"` + SampleUID + `"}]`}; !slices.Equal(given, want) {
		t.Errorf("elements %q", given)
	}
}

func TestRequestsTellsWhatArrived(t *testing.T) {
	t.Parallel()
	s := start(t)
	call(t, s, "userbasket", SampleUID, "Bookings")
	send(t, s, "POST", "/api/UserPayment", formType, "=x")
	got := s.Requests()
	if len(got) != 2 || got[0].Op != OpUserBasket || got[0].Path != "/api/userbasket" || got[0].Method != "POST" || !slices.Equal(got[0].Elements, []string{SampleUID, "Bookings"}) {
		t.Errorf("Requests = %+v", got)
	}
	if got[1].Op != OpUserPayment || got[1].Elements != nil || s.Count(OpUserPayment) != 1 || s.Submissions(OpUserPayment) != 0 {
		t.Errorf("Requests = %+v", got)
	}
}

func TestFaultsAndTheLedger(t *testing.T) {
	t.Parallel()
	faults := append(paymenttest.Faults(), Refusal("500", "Out of order", false), Refusal("500", "Out of order", true))
	for _, f := range faults {
		if f == paymenttest.Delay(time.Minute) {
			continue // nothing but a minute's wait
		}
		t.Run(f.String(), func(t *testing.T) {
			t.Parallel()
			s := start(t)
			guid := s.AddItem(Item{Kind: KindBooking, UID: SampleUID, Value: amount("5.00")})
			s.Faults().Next(f)
			list := string(emulator.Encode(append(paymentOf(typeInvoice, guid), SampleAPIKey)))
			_, _ = try(t, s, "POST", "/api/UserPayment", formType, form(list)) // how a fault looks is paymenttest's to test
			want := 0
			if f.Effect() {
				want = 1
			}
			if n := len(s.Transactions()); n != want || len(s.Mails()) != want || s.Submissions(OpUserPayment) != want || s.Count(OpUserPayment) != 1 {
				t.Errorf("%d transactions, %d mails, %d requests; want %d", n, len(s.Mails()), s.Count(OpUserPayment), want)
			}
		})
	}
}

// A path is told from others in any case, and what is queued for one method
// waits for it.
func TestFaultsOfOneMethod(t *testing.T) {
	t.Parallel()
	s := plain(t)
	s.Faults().On(s.Is(OpUserPayment), Refusal("400", "no payment", false))
	s.Faults().On(s.Is(OpUnknown), Refusal("400", "nothing", false))
	call(t, s, OpUserBasket, SampleUID, "").accepted(t)
	for path, text := range map[string]string{"/API/userpayment": "no payment", "/api/UserPayments": "nothing"} {
		if got := send(t, s, "POST", path, formType, ""); !strings.Contains(got.body, text) {
			t.Errorf("%s: answer %d %s", path, got.status, got.body)
		}
	}
}

func TestRefusalFault(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Faults().Next(Refusal("503", `Say "please"`, false))
	call(t, s, OpUserBasket, SampleUID, "").want(t, 200, `{"ResponseCode":"503","ResponseMessage":"Say \"please\""}`)
}

func TestCloseKeepsTheLedger(t *testing.T) {
	t.Parallel()
	s := New()
	s.AddItem(Item{Kind: KindBooking, UID: SampleUID})
	s.Close()
	if n := len(s.Basket(strings.ToUpper(SampleUID))); n != 1 {
		t.Errorf("%d items", n)
	}
}
