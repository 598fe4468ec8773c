package wire

import (
	"bytes"
	"encoding/json"
	"testing"
)

func viaStandard(t *testing.T, v any) string {
	t.Helper()
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSpace(buf.Bytes()))
}

func TestAppendString(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":             `""`,
		"Table 5/1":    `"Table 5/1"`,
		"<b>&</b>":     `"<b>&</b>"`,
		"a\"b\\c":      `"a\"b\\c"`,
		"\n\t\r\b\f":   `"\n\t\r\b\f"`,
		"\x00\x1f\x7f": "\"\\u0000\\u001f\x7f\"",
		"Smørbrød 😀":   `"Smørbrød 😀"`,
		"a\xffb":       `"a\ufffdb"`,
		"\u2028":       `"\u2028"`,
	} {
		if got := string(AppendString(nil, in)); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func FuzzAppendString(f *testing.F) {
	f.Add("a\"\\\n\x01\u2028é😀\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := AppendString(nil, s)
		if want := viaStandard(t, s); string(got) != want {
			t.Fatalf("got %s, want %s", got, want)
		}
		var back string
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatal(err)
		}
		l := NewLexer(got, 1)
		tok, err := l.Next()
		if err != nil || string(l.Bytes(tok)) != back {
			t.Errorf("read back %q, %v; want %q", l.Bytes(tok), err, back)
		}
	})
}

func TestBytesUnescapes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`"\"\\\/\b\f\n\r\t"`, `"\u00e9\uD83D\uDE00x"`, `"plain"`, `"a\u0041"`} {
		l := NewLexer([]byte(text), 1)
		tok, err := l.Next()
		if err != nil {
			t.Fatal(err)
		}
		var want string
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		if got := string(l.Bytes(tok)); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestMarshal(t *testing.T) {
	t.Parallel()
	got, err := Marshal(map[string]string{"note": "<a> & b"})
	if err != nil || string(got) != `{"note":"<a> & b"}` {
		t.Errorf("got %s, %v", got, err)
	}
	if _, err := Marshal(make(chan int)); err == nil {
		t.Error("a channel was marshalled")
	}
}
