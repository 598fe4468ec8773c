package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// redactor replaces credentials, tokens and personal data in what is recorded.
// The same text has the same replacement each time, so that a replay makes the
// same requests.
//
// What an answer shows under a name such as "email" or "surname" is personal,
// unless the run itself has sent it before: then it is a sample of a clause.
type redactor struct {
	host, account string
	headers       []string
	personal      []string          // names of members, in small letters
	secrets       map[string]string // text -> replacement, wherever it stands
	people        map[string]string // whole value -> replacement
	ours          map[string]bool   // values that the run has sent
}

// tokenNames are members whose values are credentials that the vendor hands out.
var tokenNames = []string{"access_token", "refresh_token", "id_token", "token", "api_key", "apikey", "client_secret", "secret", "password", "signature"}

// personalNames are members that hold personal data at any vendor.
var personalNames = []string{
	"firstname", "lastname", "surname", "forename", "fullname", "email", "emailaddress", "phone", "telephone", "mobile", "address", "address1", "address2",
	"address3", "postcode", "zip", "town", "birthdate", "dateofbirth", "customername",
}

var (
	emailAddress = regexp.MustCompile(`[A-Za-z0-9._%+-]+(?:@|%40)[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)
	dateBegins   = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}`)
)

func newRedactor(v vendor, l label, target paymenttest.Target) *redactor {
	r := &redactor{
		account: target.Account, headers: v.headers, personal: slices.Clone(personalNames),
		secrets: map[string]string{}, people: map[string]string{}, ours: map[string]bool{},
	}
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
		r.hide(value, l.object(name, value))
	}
	return r
}

// object returns a sandbox object as it is kept: a credential and an e-mail
// address are replaced.
func (l label) object(name, value string) string {
	switch {
	case isSecret(name):
		return placeholder(name)
	case isAddress(value):
		return "redacted@example.org"
	}
	return value
}

// isAddress reports whether a text is an e-mail address that may be somebody's.
func isAddress(text string) bool {
	_, domain, _ := strings.Cut(strings.Replace(text, "%40", "@", 1), "@")
	reserved := slices.ContainsFunc([]string{"example.org", "example.com", "example.net"}, func(d string) bool { return strings.HasSuffix(strings.ToLower(domain), d) })
	return !reserved && emailAddress.FindString(text) == text && text != ""
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
		{encode(secret), encode(replacement)},
		{url.QueryEscape(encode(secret)), url.QueryEscape(encode(replacement))},
	} {
		if _, ok := r.secrets[form.secret]; !ok {
			r.secrets[form.secret] = form.replacement
		}
	}
}

// encode returns a secret as a vendor may ask for it.
func encode(secret string) string { return base64.StdEncoding.EncodeToString([]byte(secret)) }

// url returns the URL with the vendor's host and the account replaced, so that a
// recording of one emulator replays on another.
func (r *redactor) url(u *url.URL) string {
	shown := url.URL{Scheme: "https", Host: u.Host, Path: u.Path, RawQuery: r.form(u.RawQuery, r.sent)}
	switch ip := net.ParseIP(u.Hostname()); {
	case u.Host == r.host:
		shown.Host = "vendor.example"
	case ip != nil && ip.IsLoopback():
		shown.Host = "emulator.example" // that a sandbox object names
	}
	segments := strings.Split(u.Path, "/")
	for i, s := range segments {
		if s == r.account {
			segments[i] = "account"
		}
	}
	shown.Path = strings.Join(segments, "/")
	return r.plain(shown.String())
}

// request redacts the body of a request. What it sends is the run's own, unless
// it is a credential or came from an answer.
func (r *redactor) request(body, contentType string) string {
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		return r.plain(r.form(body, r.sent))
	}
	return r.plain(r.json(body, r.sent))
}

// response redacts the body of an answer, JSON member by member, anything else
// as plain text. It learns the tokens and the people that the answer names.
func (r *redactor) response(body string) string { return r.plain(r.json(body, r.shown)) }

// sent redacts one value of a request.
func (r *redactor) sent(_, text string) string {
	if alias, ok := r.people[text]; ok {
		return alias
	}
	if decoded, err := base64.StdEncoding.DecodeString(text); err == nil && r.holdsSecret(string(decoded)) {
		return encode(r.plain(string(decoded)))
	}
	r.ours[text] = true
	for _, address := range emailAddress.FindAllString(text, -1) {
		r.ours[address] = true
	}
	return r.plain(text)
}

// shown redacts one value of an answer.
func (r *redactor) shown(name, text string) string {
	name = strings.ToLower(name)
	alias, known := r.people[text]
	switch {
	case known:
		return alias
	case text == "" || r.ours[text]:
	case slices.Contains(tokenNames, name) && len(text) >= 8:
		if _, known := r.secrets[text]; !known {
			alias = placeholder(fmt.Sprintf("%s %d", name, len(r.secrets)))
			r.hide(text, alias)
			r.people[alias] = alias
		}
	case slices.Contains(r.personal, name):
		return r.alias(text)
	}
	return r.plain(text)
}

// alias returns what stands for a personal value: a text of the same form.
func (r *redactor) alias(text string) string {
	if alias, ok := r.people[text]; ok {
		return alias
	}
	alias := fmt.Sprintf("redacted-%d", len(r.people))
	switch {
	case emailAddress.FindString(text) == text:
		alias = "redacted@example.org"
	case dateBegins.MatchString(text):
		alias = "1970-01-01" + text[len("1970-01-01"):]
	case strings.Trim(text, "+-() 0123456789") == "":
		alias = fmt.Sprintf("1%0*d", max(1, len(text)-1), len(r.people))
	}
	r.people[text], r.people[alias] = alias, alias
	if len(text) >= 4 {
		r.hide(text, alias)
	}
	return alias
}

func (r *redactor) holdsSecret(text string) bool {
	for secret := range r.secrets {
		if strings.Contains(text, secret) {
			return true
		}
	}
	return false
}

// plain replaces known secrets, the longest first, and e-mail addresses.
func (r *redactor) plain(text string) string {
	known := make([]string, 0, len(r.secrets))
	for secret := range r.secrets {
		if strings.Contains(text, secret) {
			known = append(known, secret)
		}
	}
	slices.SortFunc(known, func(a, b string) int { return len(b) - len(a) })
	for _, secret := range known {
		text = strings.ReplaceAll(text, secret, r.secrets[secret])
	}
	return emailAddress.ReplaceAllStringFunc(text, func(address string) string {
		if r.ours[address] || r.ours[strings.Replace(address, "%40", "@", 1)] || !isAddress(address) {
			return address
		}
		return "redacted@example.org"
	})
}
