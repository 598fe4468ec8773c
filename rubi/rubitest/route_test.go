package rubitest

import (
	"net/url"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/internal/emulator"
)

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
	if s.Count(OpUnknown) != 6 || s.Count(OpUserBasket) != 5 || s.Submissions(OpUserBasket) != 3 {
		t.Errorf("%d unknown, %d baskets, %d answered", s.Count(OpUnknown), s.Count(OpUserBasket), s.Submissions(OpUserBasket))
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
	s, honest := start(t), start(t, WithFacts(Facts{HTTPStatuses: true}))
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
	s := start(t, WithFacts(Facts{HTTPStatuses: true}))
	if got := send(t, s, "POST", "/api/UserBasket", formType, ""); got.status != 400 {
		t.Errorf("answer %d %s", got.status, got.body)
	}
	call(t, s, OpUserBasket, SampleUID, "").accepted(t)
}

func TestJSONBody(t *testing.T) {
	t.Parallel()
	s := plain(t, WithFacts(Facts{JSONBody: true}))
	list := `["` + SampleUID + `","","` + SampleAPIKey + `"]`
	send(t, s, "POST", "/api/UserBasket", "application/json", string(emulator.Encode(list))).accepted(t)
	send(t, s, "POST", "/api/UserBasket", formType, form(list)).accepted(t)
	send(t, s, "POST", "/api/UserBasket", "application/json", list).refused(t, "400")
	send(t, s, "POST", "/api/UserBasket", "application/json", `""`).refused(t, "400")
	send(t, plain(t), "POST", "/api/UserBasket", "application/json", string(emulator.Encode(list))).refused(t, "400")
}
