package wire

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// check reads all of data and gives the first error.
func check(data []byte) error {
	l := NewLexer(data, MaxDepth)
	for {
		t, err := l.Next()
		if err != nil || t.Kind == End {
			return err
		}
	}
}

func TestLexerTokens(t *testing.T) {
	t.Parallel()
	const text = ` {"a" : [1, -2.50e+1, "x\n", true], "\u0062":{}, "c":[ ],"d":null} `
	var got []string
	l := NewLexer([]byte(text), MaxDepth)
	for {
		tok, err := l.Next()
		if err != nil {
			t.Fatal(err)
		}
		if tok.Kind == End {
			break
		}
		word := text[tok.Start:tok.End]
		if tok.Kind == Key || tok.Kind == String {
			word = string(l.Bytes(tok))
		}
		got = append(got, word)
	}
	want := []string{"{", "a", "[", "1", "-2.50e+1", "x\n", "true", "]", "b", "{", "}", "c", "[", "]", "d", "null", "}"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestLexerErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text   string
		offset int64
		reason string
	}{
		{``, 0, "the text is cut off"},
		{`{`, 1, "the text is cut off"},
		{`{"a`, 3, "the text is cut off"},
		{`{"a":`, 5, "the text is cut off"},
		{`{"a":1`, 6, "the text is cut off"},
		{`"\u00`, 5, "the text is cut off"},
		{`"\u00"`, 1, "an escape that is not \\u and four hexadecimal digits"},
		{"\"\xe2\x82", 3, "the text is cut off"},
		{`"\`, 2, "the text is cut off"},
		{`tru`, 3, "the text is cut off"},
		{`1 2`, 2, "text after the document"},
		{`{"a":1}}`, 7, "text after the document"},
		{`[1,]`, 3, "a value is due"},
		{`[1 2]`, 3, "a comma or the end of an array is due"},
		{`[1}`, 2, "a comma or the end of an array is due"},
		{`[}`, 1, "a comma or the end of an array is due"},
		{`{"a":1]`, 6, "a comma or the end of an object is due"},
		{`{"a":1,}`, 7, "a key is due"},
		{`{1:1}`, 1, "a key is due"},
		{`{"a" 1}`, 5, "a colon is due"},
		{`01`, 1, "text after the document"},
		{`-a`, 1, "a digit is due"},
		{`1.x`, 2, "a digit is due after the point"},
		{`1e+x`, 3, "a digit is due in the exponent"},
		{`+1`, 0, "a value is due"},
		{`nul!`, 3, "a word that is not true, false or null"},
		{"\"a\x00\"", 2, "a control character inside text"},
		{"\"a\xff\"", 2, "text is not UTF-8"},
		{`"\x"`, 1, "an escape that JSON does not know"},
		{`"\ud800"`, 1, "half of a surrogate pair"},
		{strings.Repeat("[", 65), 64, "nesting is too deep"},
	} {
		err := check([]byte(tt.text))
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || syntax.Offset != tt.offset || syntax.Reason != tt.reason {
			t.Errorf("%q: %v, want at byte %d: %s", tt.text, err, tt.offset, tt.reason)
		}
		if cut := tt.reason == "the text is cut off"; cut != errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: io.ErrUnexpectedEOF is %v", tt.text, !cut)
		}
	}
}

func TestSkip(t *testing.T) {
	t.Parallel()
	const text = `{"a":{"b":[1,{"c":2}]},"d":3}`
	l := NewLexer([]byte(text), MaxDepth)
	for range 2 {
		_, _ = l.Next()
	}
	open, _ := l.Next()
	whole, err := l.Skip(open)
	if err != nil || text[whole.Start:whole.End] != `{"b":[1,{"c":2}]}` {
		t.Fatalf("skipped %q, %v", text[whole.Start:whole.End], err)
	}
	if next, err := l.Next(); err != nil || string(l.Bytes(next)) != "d" {
		t.Errorf("after the skip: %v, %v", next, err)
	}
}

func TestSkipFindsRepeatedKeys(t *testing.T) {
	t.Parallel()
	many := strings.Builder{}
	for i := range 40 {
		many.WriteString(`"k` + strings.Repeat("x", i) + `":0,`)
	}
	for _, text := range []string{
		`{"a":1,"a":2}`, `[{"a":1,"\u0061":2}]`, `{"x":{"b":{},"b":[]}}`, `{` + many.String() + `"k":1}`,
	} {
		l := NewLexer([]byte(text), MaxDepth)
		open, _ := l.Next()
		var syntax *SyntaxError
		if _, err := l.Skip(open); !errors.As(err, &syntax) || syntax.Reason != "the same key twice in one object" {
			t.Errorf("%.40s: %v", text, err)
		}
	}
}

func FuzzLexer(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e3,"x\u00e9",null,true]}`, `[1,]`, `"\ud83d\ude00"`, `-0.0`, "\"\xff\"", `{}{}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := check(data)
		var syntax *SyntaxError
		switch {
		case err == nil && !json.Valid(data):
			t.Error("accepted what encoding/json refuses")
		case err == nil && !utf8.Valid(data):
			t.Error("accepted broken UTF-8")
		case err != nil && !errors.As(err, &syntax):
			t.Errorf("error of another type: %T", err)
		case err != nil && json.Valid(data) && !stricter(syntax.Reason):
			t.Errorf("refused what encoding/json accepts: %v", err)
		}
	})
}

// stricter lists the three things that encoding/json lets pass.
func stricter(reason string) bool {
	return reason == "nesting is too deep" || reason == "text is not UTF-8" || reason == "half of a surrogate pair"
}
