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
	return start(t, append([]Option{WithAnswers(AnswerNative)}, opts...)...)
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

// form gives the body of a call whose list is this JSON.
func form(list string) string { return url.Values{"": {list}}.Encode() }

// call sends elements, with the sample key behind them.
func call(t testing.TB, s *Server, method string, elements ...string) answered {
	t.Helper()
	list := string(encode(append(slices.Clone(elements), SampleAPIKey)))
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

func TestVerbAndPath(t *testing.T) {
	t.Parallel()
	s := start(t)
	body := form(`["` + SampleUID + `","","` + SampleAPIKey + `"]`)
	for _, c := range []struct {
		verb, path string
		status     int
	}{
		{"POST", "/api/UserBasket", 200}, {"POST", "/API/userbasket", 200}, {"POST", "/api/USERBASKET", 200},
		{"GET", "/api/UserBasket", 405}, {"PUT", "/api/UserBasket", 405}, {"DELETE", "/api/userpayment", 405},
		{"POST", "/api/UserBaskets", 404}, {"POST", "/api/UserBasket/", 404}, {"POST", "/UserBasket", 404}, {"POST", "/api/", 404}, {"POST", "/", 404}, {"GET", "/api/Nothing", 404},
	} {
		if got := send(t, s, c.verb, c.path, formType, body); got.status != c.status {
			t.Errorf("%s %s: answer %d %s", c.verb, c.path, got.status, got.body)
		}
	}
	if s.Count(Unknown) != 6 || s.Count(UserBasket) != 5 || s.Submissions(UserBasket) != 3 {
		t.Errorf("%d unknown, %d baskets, %d answered", s.Count(Unknown), s.Count(UserBasket), s.Submissions(UserBasket))
	}
}

func TestRefusedForms(t *testing.T) {
	t.Parallel()
	s := start(t)
	list := `["` + SampleUID + `","","` + SampleAPIKey + `"]`
	escaped := url.QueryEscape(list)
	for _, c := range []struct{ name, contentType, body string }{
		{"no content type", "", form(list)},
		{"JSON type", "application/json", form(list)},
		{"text type", "text/plain", form(list)},
		{"empty", formType, ""},
		{"no equals sign", formType, escaped},
		{"a key", formType, "data=" + escaped},
		{"a second pair", formType, form(list) + "&a=b"},
		{"an empty key twice", formType, form(list) + "&" + form(list)},
		{"bad escape", formType, "=%zz"},
		{"no JSON", formType, form("uid")},
		{"cut JSON", formType, form(list[:len(list)-1])},
		{"two values", formType, form(list + list)},
		{"object", formType, form(`{"uid":"x"}`)},
		{"null", formType, form(`null`)},
		{"not UTF-8", formType, form(`["` + "\xff" + `","","` + SampleAPIKey + `"]`)},
		{"NUL", formType, form(`["a\u0000","","` + SampleAPIKey + `"]`)},
		{"number", formType, form(`[1,"","` + SampleAPIKey + `"]`)},
		{"null element", formType, form(`["` + SampleUID + `",null,"` + SampleAPIKey + `"]`)},
		{"array element", formType, form(`["` + SampleUID + `",[],"` + SampleAPIKey + `"]`)},
		{"too few", formType, form(`["` + SampleUID + `","` + SampleAPIKey + `"]`)},
		{"too many", formType, form(`["` + SampleUID + `","","","` + SampleAPIKey + `"]`)},
		{"without the key", formType, form(`["` + SampleUID + `",""]`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			send(t, s, "POST", "/api/UserBasket", c.contentType, c.body).refused(t, "400")
		})
	}
}

func TestKeyIsTheLastElement(t *testing.T) {
	t.Parallel()
	s, honest := start(t), start(t, WithHTTPStatuses())
	for _, list := range []string{
		`["` + SampleUID + `","","wrong"]`, `["` + SampleAPIKey + `","` + SampleUID + `",""]`, `["` + SampleUID + `","",""]`,
		`["` + SampleUID + `","","` + strings.ToUpper(SampleAPIKey) + `"]`,
	} {
		send(t, s, "POST", "/api/UserBasket", formType, form(list)).refused(t, "401")
		if got := send(t, honest, "POST", "/api/UserBasket", formType, form(list)); got.status != 401 {
			t.Errorf("answer %d", got.status)
		}
	}
	if c := s.Config(); c.BaseURL != s.URL || string(c.APIKey) != SampleAPIKey {
		t.Errorf("Config leads to %s", c.BaseURL)
	}
}

func TestHTTPStatuses(t *testing.T) {
	t.Parallel()
	s := start(t, WithHTTPStatuses())
	if got := send(t, s, "POST", "/api/UserBasket", formType, ""); got.status != 400 {
		t.Errorf("answer %d %s", got.status, got.body)
	}
	call(t, s, UserBasket, SampleUID, "").accepted(t)
}

func TestJSONBody(t *testing.T) {
	t.Parallel()
	s := plain(t, WithJSONBody())
	list := `["` + SampleUID + `","","` + SampleAPIKey + `"]`
	send(t, s, "POST", "/api/UserBasket", "application/json", string(encode(list))).accepted(t)
	send(t, s, "POST", "/api/UserBasket", formType, form(list)).accepted(t)
	send(t, s, "POST", "/api/UserBasket", "application/json", list).refused(t, "400")
	send(t, s, "POST", "/api/UserBasket", "application/json", `""`).refused(t, "400")
	send(t, plain(t), "POST", "/api/UserBasket", "application/json", string(encode(list))).refused(t, "400")
}

func TestRequestsTellsWhatArrived(t *testing.T) {
	t.Parallel()
	s := start(t)
	call(t, s, "userbasket", SampleUID, "Bookings")
	send(t, s, "POST", "/api/UserPayment", formType, "=x")
	got := s.Requests()
	if len(got) != 2 || got[0].Method != UserBasket || got[0].Path != "/api/userbasket" || got[0].Verb != "POST" || !slices.Equal(got[0].Elements, []string{SampleUID, "Bookings"}) {
		t.Errorf("Requests = %+v", got)
	}
	if got[1].Method != UserPayment || got[1].Elements != nil || s.Count(UserPayment) != 1 || s.Submissions(UserPayment) != 0 {
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
			list := string(encode(append(paymentOf(typeInvoice, guid), SampleAPIKey)))
			_, _ = try(t, s, "POST", "/api/UserPayment", formType, form(list)) // how a fault looks is paymenttest's to test
			want := 0
			if f.Effect() {
				want = 1
			}
			if n := len(s.Transactions()); n != want || len(s.Mails()) != want || s.Submissions(UserPayment) != want || s.Count(UserPayment) != 1 {
				t.Errorf("%d transactions, %d mails, %d requests; want %d", n, len(s.Mails()), s.Count(UserPayment), want)
			}
		})
	}
}

func TestRefusalFault(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Faults().Next(Refusal("503", `Say "please"`, false))
	call(t, s, UserBasket, SampleUID, "").want(t, 200, `{"ResponseCode":"503","ResponseMessage":"Say \"please\""}`)
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
