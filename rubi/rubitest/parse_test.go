package rubitest

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit/internal/emulator"
)

func FuzzParseElements(f *testing.F) {
	for _, seed := range []string{"", "=", "=%5B%5D", form(`["a","b"]`), form(`["a",null]`), form(`[[]]`), "a=b", form(`["\ud800"]`)} {
		f.Add([]byte(seed))
	}
	set := &settings{}
	parse := func(body []byte) ([]string, *reply) {
		r := &http.Request{Header: http.Header{"Content-Type": {formType}}, Body: io.NopCloser(bytes.NewReader(body))}
		return set.parseElements(r)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		elements, refused := parse(body)
		if refused != nil {
			return
		}
		again, refused := parse([]byte(form(string(emulator.Encode(elements)))))
		if refused != nil || len(again) != len(elements) {
			t.Fatalf("%q is refused the second time: %v", elements, refused)
		}
		for i := range again {
			if again[i] != elements[i] || !utf8.ValidString(elements[i]) {
				t.Errorf("element %d of %q changes to %q", i, elements, again)
			}
		}
	})
}

func FuzzParseCharge(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"id":"a","status":"succeeded","amount":1}`, `{"id":null}`, `{"ID":"a","Status":"b","AMOUNT":01}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if c, ok := parseCharge(text); ok && (c.id == "" || c.status == "" || c.amount < 0) {
			t.Errorf("%q returned %+v", text, c)
		}
	})
}

func TestLengthCountsUTF16(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, "abc": 3, "é": 1, "😀": 2, "a😀b": 4} {
		if got := length(text); got != want {
			t.Errorf("length(%q) = %d, want %d", text, got, want)
		}
	}
}
