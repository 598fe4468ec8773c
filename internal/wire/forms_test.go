package wire

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// What every reader of JSON has to take.
var accepted = []string{
	`[]`, `{}`, `""`, `0`, `-0`, `true`, `false`, `null`, ` 1 `, "\t[\n1\r]", `[[]   ]`, `[""]`, `["a"]`, `[1]`, `[1 ]`, `[ 1]`, `[1,null,null,2]`,
	`[-0]`, `[-0.0]`, `[0e1]`, `[0e+1]`, `[0E-1]`, `[1E22]`, `[1e-2]`, `[123.456e78]`, `[-1]`, `[-123]`, `[1.0]`, `[100000000000000000000000000000]`, `[0.1]`, `[1e1]`,
	`["\"\\\/\b\f\n\r\t"]`, `["\u0041"]`, `["\u00e9"]`, `["\ud83d\ude00"]`, `["\uDBFF\uDFFF"]`, `["\u0000"]`, `["\u0022"]`, `["é"]`, `["€"]`, `["𝄞"]`, "[\"\u2028\"]", "[\"\u007f\"]", `["a/*b*/c"]`, `["\\a"]`, `["\\u0000"]`,
	`{"a":1}`, `{"a":{"b":{"c":[]}}}`, `{"":0}`, `{"a":[]}`, `{"foo\u0000bar":42}`, `{"x":[{"id":"a"}],"id":"b"}`, `{ "min": -1.0e+28, "max": 1.0e+28 }`, "{\n\"a\": \"b\"\n}", `{"title":"\u041f\u043e"}`,
	`{"a":{"x":1},"b":{"x":2}}`, `[{"a":1},{"a":2}]`, "\ufeff{}", `[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]`,
}

// What none may take.
var rejected = []string{
	``, ` `, `[`, `]`, `{`, `}`, `"`, `[1`, `[1,`, `[1,]`, `[,1]`, `[,]`, `[1,,2]`, `[1 2]`, `[1}`, `{1}`, `[x]`, `["x"`, `["x",`, `[1]]`, `[1]x`, `[] []`, `1 2`, `{}{}`, `{"a"}`, `{"a":}`, `{"a" 1}`, `{"a":1,}`, `{,"a":1}`,
	`{"a":1 "b":2}`, `{a:1}`, `{'a':1}`, `{1:1}`, `{null:1}`, `{"a":1,,"b":2}`, `{"a"::1}`, `{"a":1}}`, `{"a":1]`, `{"a","b"}`, `{"a":1}#`, `{"a":1}//`, `[1/**/]`, `/**/[]`,
	`+1`, `01`, `-01`, `-`, `-x`, `.5`, `5.`, `-.5`, `1.e1`, `1e`, `1e+`, `1e-`, `1ee1`, `1.2.3`, `0x1`, `1_000`, `1,000`, `NaN`, `nan`, `Infinity`, `-Infinity`, `inf`, `1a`, `--1`, `++1`, `1+1`, `１`, `0.1.2`, `2.e+3`, `-2.`,
	`tru`, `True`, `TRUE`, `nul`, `Null`, `fals`, `truee`, `nulll`, `undefined`, `'x'`, "`x`", `"a`, `"\x"`, `"\u"`, `"\u00"`, `"\u00g0"`, `"\U0041"`, `"\'"`, `"\0"`, `"\a"`, `"\`, `"\"`, "\"a\nb\"", "\"\t\"", "\"\x00\"", "\"\x1f\"", "\x00", "\u2060[]", "[\u00a01]", "[1]\u00a0",
	`{"a":1,"a":1}`, `{"a":1,"\u0061":2}`, `[{"x":{"b":{},"b":[]}}]`, `{"a":1,"b":2,"a":null}`, "\ufeff", "\ufeff\ufeff[]", `[`, `{"a":[}`, `[{"a":]}`, `*`, `<html>`, `%`, `[1,2`, `<`,
}

// These reach the reader as U+FFFD: a text that nobody needs costs no record.
var repaired = []string{
	"[\"\xff\"]", "[\"\xc3\"]", "[\"\xed\xa0\x80\"]", "[\"\xf4\x90\x80\x80\"]", "[\"\xc0\xaf\"]", `["\ud800"]`, `["\udc00"]`, `["\ud800\u0041"]`, `["\ud83d\ud83d"]`, `["\ud83dx"]`,
}

func TestForms(t *testing.T) {
	t.Parallel()
	for _, text := range accepted {
		var got any
		if err := Unmarshal([]byte(text), &got); err != nil {
			t.Errorf("%q is refused: %v", text, err)
		}
	}
	for _, text := range rejected {
		var got any
		var decode *DecodeError
		if err := Unmarshal([]byte(text), &got); !errors.As(err, &decode) {
			t.Errorf("%q is read as %v, %v", text, got, err)
		}
	}
	for _, text := range repaired {
		var got []string
		if err := Unmarshal([]byte(text), &got); err != nil || !strings.Contains(got[0], "\ufffd") {
			t.Errorf("%q is read as %q, %v", text, got, err)
		}
	}
}

// Every beginning of a document is refused as cut off, at its end.
func TestTruncations(t *testing.T) {
	t.Parallel()
	const text = `{"id":7,"paymentAmount":10.40,"name":"a\u00e9\n😀","inner":{"flags":[true,false],"any":null,"map":{"x":-1}},"note":"n"}`
	for n := range len(text) {
		var got found
		err := Unmarshal([]byte(text[:n]), &got)
		var decode *DecodeError
		if !errors.As(err, &decode) || decode.Offset > int64(n) {
			t.Errorf("%q: %v", text[:n], err)
		}
	}
	var got found
	if err := Unmarshal([]byte(text), &got); err != nil {
		t.Error(err)
	}
}

// FuzzForms compares with encoding/json, which is laxer in two points.
func FuzzForms(f *testing.F) {
	for _, list := range [][]string{accepted, rejected, repaired} {
		for _, text := range list {
			f.Add([]byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got any
		err := Unmarshal(data, &got)
		if mark := strings.HasPrefix(string(data), "\ufeff"); err == nil && !mark && !json.Valid(data) {
			t.Errorf("%q is read, and encoding/json refuses it", data)
		}
	})
}
