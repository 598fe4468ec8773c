package paymenttest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// form is one way in which a sentinel can be written.
type form struct {
	name string
	text []byte
}

// formsOf returns every way to write the sentinels: as they are, escaped for
// URLs and JSON, in base64 of any alignment, in hexadecimal and as numbers.
func formsOf(sentinels []string) []form {
	var all []form
	add := func(sentinel int, name, text string) {
		same := func(f form) bool { return string(f.text) == text }
		if len(text) >= minForm && !slices.ContainsFunc(all, same) {
			all = append(all, form{fmt.Sprintf("sentinel %d %s", sentinel, name), []byte(text)})
		}
	}
	for i, s := range sentinels {
		add(i, "as it is", s)
		add(i, "escaped for a query", url.QueryEscape(s))
		add(i, "escaped for a path", url.PathEscape(s))
		for name, text := range jsonForms(s) {
			add(i, name, text)
		}
		for shift := range 3 {
			add(i, "in base64", base64At(base64.RawStdEncoding, s, shift))
			add(i, "in base64 for URLs", base64At(base64.RawURLEncoding, s, shift))
		}
		add(i, "in hexadecimal", fmt.Sprintf("%x", s))
		add(i, "in numbers", strings.Trim(fmt.Sprint([]byte(s)), "[]"))
		add(i, "quoted", strings.Trim(fmt.Sprintf("%q", s), `"`))
	}
	return all
}

// minForm is the length below which a form says nothing.
const minForm = 8

// jsonForms returns s as several encoders write it.
func jsonForms(s string) map[string]string {
	inner := plainJSON(s)
	html, _ := json.Marshal(s)
	return map[string]string{
		"in JSON":                   inner,
		"in JSON safe for HTML":     strings.Trim(string(html), `"`),
		"in JSON of Java":           strings.NewReplacer("=", `\u003d`, "<", `\u003c`, ">", `\u003e`, "&", `\u0026`, "'", `\u0027`).Replace(inner),
		"in JSON of PHP":            strings.ReplaceAll(inner, "/", `\/`),
		"in JSON in JSON":           plainJSON(inner),
		"in JSON in a query":        url.QueryEscape(inner),
		"in JSON with upper digits": strings.ReplaceAll(inner, "=", `\u003D`),
	}
}

// plainJSON returns s as a JSON string without its quotes and HTML escapes.
func plainJSON(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(b.String()), `"`), `"`)
}

// base64At returns the part of the encoding that does not depend on the text
// around s, which begins shift bytes behind a multiple of three.
func base64At(enc *base64.Encoding, s string, shift int) string {
	text := enc.EncodeToString([]byte(strings.Repeat("\x00", shift) + s))
	whole := (shift + len(s)) / 3 * 4
	first := 0
	if shift > 0 {
		first = 4
	}
	if whole <= first {
		return ""
	}
	return text[first:whole]
}
