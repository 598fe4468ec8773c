package wire_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
)

// walked are JSON texts whose ends are easy to miss.
var walked = []string{
	`null`, `true`, ` false `, `0`, `-12.50e+3`, `""`, `"\\"`, `"\""`, `"a\\\"b\\"`, `"}],:"`, `{}`, `[]`, ` [ ] `,
	`{"a":1}`, `{"a" : null , "b":"x:y,z"}`, `[1,-2.5,"3",true,false,null,{},[]]`,
	`{"a":{"b":[{"c":"]}"},{"d\"":[]}]},"e":[[[]]]}`, "[\n1 ,\t2\r\n]", `{"":{"":""}}`, `[{"x":1},{"x":2}]`,
	`{"a\\":"\\\\","b\\\"":[1]}`, `[` + strings.Repeat(`"\\\"",`, 100) + `0]`,
}

// TestWalker: it comes to the same values as a decoder, each whole and in parts.
func TestWalker(t *testing.T) {
	t.Parallel()
	for _, text := range walked {
		checkWalk(t, text)
	}
}

func checkWalk(t *testing.T, text string) {
	t.Helper()
	dec := jsontext.NewDecoder(strings.NewReader(text), jsontext.AllowDuplicateNames(true))
	w := wire.Walk(jsontext.Value(text))
	for {
		kind := dec.PeekKind()
		if w.Kind() != kind {
			t.Fatalf("%s: at %d is %v, a decoder says %v", text, w.Offset(), w.Kind(), kind)
		}
		if kind == jsontext.KindInvalid {
			return
		}
		if whole := w; kind == jsontext.KindBeginObject || kind == jsontext.KindBeginArray {
			checkWhole(t, text, whole, dec)
			w.Step()
			continue
		}
		if kind == jsontext.KindEndObject || kind == jsontext.KindEndArray {
			_, _ = dec.ReadToken()
			w.Step()
			continue
		}
		checkWhole(t, text, w, nil)
		want, err := dec.ReadValue()
		if got := w.Value(); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%s: got %s, a decoder %s, %v", text, got, want, err)
		}
	}
}

// checkWhole compares the value that comes next, and goes into the container.
func checkWhole(t *testing.T, text string, w wire.Walker, dec *jsontext.Decoder) {
	t.Helper()
	from := w.Offset()
	value := w.Value()
	if !value.IsValid(jsontext.AllowDuplicateNames(true)) || text[from:from+len(value)] != string(value) {
		t.Fatalf("%s: %s at %d", text, value, from)
	}
	if dec != nil {
		_, _ = dec.ReadToken()
	}
}

// FuzzWalker walks over whatever a decoder finds valid.
func FuzzWalker(f *testing.F) {
	for _, text := range walked {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if jsontext.Value(text).IsValid(jsontext.AllowDuplicateNames(true)) {
			checkWalk(t, text)
		}
	})
}
