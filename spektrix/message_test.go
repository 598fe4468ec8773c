package spektrix

import (
	"net/http"
	"testing"

	"github.com/tenderkit/tenderkit/internal/transport"
)

func TestReadMessage(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][2]string{
		`{"message":"validation failed"}`:                 {"", "validation failed"},
		`{"message":"Duplicate Entry","errorCode":"E17"}`: {"E17", "Duplicate Entry"},
		`{"Message":"x","ErrorCode":17}`:                  {"17", "x"},
		`{"message":"x","errorCode":"\"E\" \u0031"}`:      {`"E" 1`, "x"},
		`{"message":"x","errorCode":null}`:                {"", "x"},
		`"plain text"`:                                    {"", "plain text"},
		`{"message":7}`:                                   {},
		`[]`:                                              {},
		`null`:                                            {},
		`<html>`:                                          {},
		``:                                                {},
	} {
		code, message := readMessage([]byte(body))
		if code != want[0] || message != want[1] {
			t.Errorf("readMessage(%s) = %q, %q", body, code, message)
		}
	}
}

func FuzzReadMessage(f *testing.F) {
	f.Add([]byte(`{"message":"x","errorCode":1}`))
	f.Add([]byte(`"x"`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, message := readMessage(body); len(message) > 3*len(body) {
			t.Errorf("%d bytes out of %d", len(message), len(body))
		}
	})
}

func TestIsPage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		contentType, body string
		want              bool
	}{
		{"text/html; charset=UTF-8", "", true},
		{"TEXT/HTML", "blocked", true},
		{"TEXT/HTML", "{}", false}, // JSON is the vendor's word, whatever it is declared as
		{"", "  <!DOCTYPE html>", true},
		{"application/json", `{"message":"<b>"}`, false},
		{"", "", false},
	} {
		r := &transport.Reply{Header: http.Header{"Content-Type": {c.contentType}}, Body: []byte(c.body)}
		if isPage(r) != c.want {
			t.Errorf("isPage(%q, %q) = %v", c.contentType, c.body, !c.want)
		}
	}
}

// What is taken for an answer to a payment shows at least one, and amounts.
func FuzzReadAdded(f *testing.F) {
	f.Add([]byte(`{"name":"EPOS System","amount":10.0,"attributes":[{"name":"Payment ref","value":"ABC_123"}]}`))
	f.Add([]byte(`[{"amount":"1"},{"Amount":2,"attributes":null}]`))
	f.Add([]byte(" [ ] "))
	f.Fuzz(func(t *testing.T, body []byte) {
		shown, err := readAdded(&transport.Reply{Status: http.StatusOK, Body: body})
		if err != nil {
			return
		}
		for _, p := range shown {
			if !p.Amount.IsSet() {
				t.Errorf("%q is read without an amount", body)
			}
		}
		if len(shown) == 0 {
			t.Errorf("%q is read as no payment", body)
		}
	})
}
