package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// redactor replaces credentials, tokens and personal data in what is recorded.
// The same text has the same replacement each time, so that a replay makes the
// same requests.
type redactor struct {
	host, account string
	headers       []string
	personal      []string          // names of members and form fields, in small letters
	secrets       map[string]string // text -> replacement
}

// tokenNames are members whose values are credentials that the vendor hands out.
var tokenNames = []string{"access_token", "refresh_token", "id_token", "token", "api_key", "apikey", "client_secret", "secret", "password", "signature"}

// personalNames are members and form fields that hold personal data at any
// vendor.
var personalNames = []string{
	"firstname", "lastname", "surname", "forename", "fullname", "email", "emailaddress", "phone", "telephone", "mobile", "address", "address1", "address2",
	"address3", "postcode", "zip", "town", "birthdate", "dateofbirth", "customername", "journalref",
}

var emailAddress = regexp.MustCompile(`[A-Za-z0-9._%+-]+(?:@|%40)[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)

func newRedactor(v vendor, l label, target paymenttest.Target) *redactor {
	r := &redactor{account: target.Account, headers: v.headers, personal: slices.Clone(personalNames), secrets: map[string]string{}}
	if u, err := url.Parse(target.URL); err == nil {
		r.host = u.Host
	}
	for _, name := range v.personal {
		r.personal = append(r.personal, strings.ToLower(name))
	}
	for _, name := range v.secret {
		r.hide(l.Env[name], placeholder(name))
	}
	for name, value := range l.Objects {
		if isSecret(name) {
			r.hide(value, placeholder(name))
		}
	}
	return r
}

// hide adds a secret in all the forms that it takes in URLs, forms and JSON.
func (r *redactor) hide(secret, replacement string) {
	if secret == "" || secret == replacement {
		return
	}
	quoted, err := json.Marshal(secret)
	if err != nil {
		return
	}
	escaped := string(quoted[1 : len(quoted)-1])
	for _, form := range []struct{ secret, replacement string }{
		{secret, replacement},
		{url.QueryEscape(secret), url.QueryEscape(replacement)},
		{url.PathEscape(secret), url.PathEscape(replacement)},
		{escaped, replacement},
		{strings.ReplaceAll(escaped, "=", `\u003d`), replacement},
		{strings.ReplaceAll(escaped, "/", `\/`), replacement},
	} {
		if _, ok := r.secrets[form.secret]; !ok {
			r.secrets[form.secret] = form.replacement
		}
	}
}

// learn hides the tokens that an answer hands out.
func (r *redactor) learn(body string) {
	value, ok := parseJSON(body)
	if !ok {
		return
	}
	r.walk(value, func(name, text string) string {
		if slices.Contains(tokenNames, strings.ToLower(name)) && len(text) >= 8 {
			if _, known := r.secrets[text]; !known {
				r.hide(text, placeholder(fmt.Sprintf("%s %d", name, len(r.secrets))))
			}
		}
		return text
	})
}

// url returns the URL with the vendor's host and the account replaced, so that a
// recording of one emulator replays on another.
func (r *redactor) url(u *url.URL) string {
	shown := url.URL{Scheme: "https", Host: u.Host, Path: u.Path, RawQuery: u.RawQuery}
	if u.Host == r.host {
		shown.Host = "vendor.example"
	}
	segments := strings.Split(u.Path, "/")
	for i, s := range segments {
		if s == r.account {
			segments[i] = "account"
		}
	}
	shown.Path = strings.Join(segments, "/")
	shown.RawQuery = r.form(shown.RawQuery)
	return r.plain(shown.String())
}

// text redacts a body: JSON member by member, a form field by field, anything
// else as plain text.
func (r *redactor) text(body, contentType string) string {
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		return r.plain(r.form(body))
	}
	return r.plain(r.json(body))
}

// json redacts the members of a JSON document, also of one inside of a text. A
// document without anything to redact stays as it is.
func (r *redactor) json(body string) string {
	value, ok := parseJSON(body)
	if !ok {
		return body
	}
	changed := false
	value = r.walk(value, func(name, text string) string {
		redacted := r.member(name, text)
		changed = changed || redacted != text
		return redacted
	})
	if !changed {
		return body
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if enc.Encode(value) != nil {
		return ""
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// member redacts the text of one member.
func (r *redactor) member(name, text string) string {
	if text != "" && slices.Contains(r.personal, strings.ToLower(name)) {
		if strings.Contains(strings.ToLower(name), "email") {
			return "redacted@example.org"
		}
		return "redacted"
	}
	if inner := strings.TrimSpace(text); strings.HasPrefix(inner, "{") || strings.HasPrefix(inner, "[") || strings.HasPrefix(inner, `"`) {
		return r.json(text)
	}
	return r.plain(text)
}

// form redacts the fields of a form or a query, in their order.
func (r *redactor) form(body string) string {
	if body == "" {
		return body
	}
	fields := strings.Split(body, "&")
	for i, field := range fields {
		name, value, ok := strings.Cut(field, "=")
		key, err1 := url.QueryUnescape(name)
		text, err2 := url.QueryUnescape(value)
		if !ok || err1 != nil || err2 != nil {
			continue
		}
		if redacted := r.member(key, text); redacted != text {
			fields[i] = name + "=" + url.QueryEscape(redacted)
		}
	}
	return strings.Join(fields, "&")
}

// plain replaces known secrets, the longest first, and e-mail addresses.
func (r *redactor) plain(text string) string {
	known := make([]string, 0, len(r.secrets))
	for secret := range r.secrets {
		known = append(known, secret)
	}
	slices.SortFunc(known, func(a, b string) int { return len(b) - len(a) })
	for _, secret := range known {
		text = strings.ReplaceAll(text, secret, r.secrets[secret])
	}
	return emailAddress.ReplaceAllString(text, "redacted@example.org")
}

// walk calls change for every text of a document, with the name of the member
// that it stands in, and returns the document with what change returns.
func (r *redactor) walk(value any, change func(name, text string) string) any {
	return walkNamed("", value, change)
}

func walkNamed(name string, value any, change func(name, text string) string) any {
	switch v := value.(type) {
	case string:
		return change(name, v)
	case json.Number:
		if changed := change(name, v.String()); changed != v.String() {
			return changed
		}
	case map[string]any:
		for key, member := range v {
			v[key] = walkNamed(key, member, change)
		}
	case []any:
		for i, element := range v {
			v[i] = walkNamed(name, element, change)
		}
	}
	return value
}

func parseJSON(text string) (value any, ok bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil || d.More() {
		return nil, false
	}
	return value, true
}
