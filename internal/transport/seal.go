package transport

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
)

const (
	redacted   = "[redacted]"
	maxSecrets = 64 // secrets held at once; the oldest goes first
	minPrivate = 4  // shorter personal data would blank out half of every text
)

// Seal takes secrets out of what comes back from a vendor: some vendors echo
// the credential they refuse. It is safe for concurrent use.
type Seal struct{ held atomic.Pointer[sealed] }

// sealed is one state of a Seal; it never changes.
type sealed struct {
	secrets []string
	cleaner *strings.Replacer
}

// NewSeal holds the given secrets; empty ones are left out.
func NewSeal(secrets ...string) *Seal {
	s := &Seal{}
	s.held.Store(&sealed{cleaner: cleaner(nil)})
	for _, secret := range secrets {
		s.Add(secret)
	}
	return s
}

// Add holds one more secret, such as a refreshed token.
func (s *Seal) Add(secret string) {
	for {
		old := s.held.Load()
		if secret == "" || slices.Contains(old.secrets, secret) {
			return
		}
		secrets := append(slices.Clone(old.secrets), secret)
		secrets = secrets[max(0, len(secrets)-maxSecrets):]
		if s.held.CompareAndSwap(old, &sealed{secrets, cleaner(secrets)}) {
			return
		}
	}
}

// Clean gives b without the secrets, in every form they are written in.
func (s *Seal) Clean(b []byte) []byte { return []byte(s.Text(string(b))) }

// Text is Clean for text, which loses the given personal data as well.
func (s *Seal) Text(text string, private ...string) string {
	if text == "" {
		return ""
	}
	text = s.held.Load().cleaner.Replace(text)
	private = slices.DeleteFunc(slices.Clone(private), func(p string) bool { return len(p) < minPrivate })
	if len(private) == 0 {
		return text
	}
	return cleaner(private).Replace(text)
}

// cleaner replaces all forms of the words in one pass, the longest first.
func cleaner(words []string) *strings.Replacer {
	var all []string
	for _, w := range words {
		all = append(all, forms(w)...)
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	var pairs []string
	for _, form := range slices.Compact(all) {
		pairs = append(pairs, form, redacted)
	}
	return strings.NewReplacer(pairs...)
}

// forms are the ways in which a vendor may write a word back.
func forms(word string) []string {
	quoted, _ := json.Marshal(word) // a string always marshals
	inner := string(quoted[1 : len(quoted)-1])
	return []string{
		word,
		inner,
		url.QueryEscape(word),
		url.PathEscape(word),
		base64.StdEncoding.EncodeToString([]byte(word)),
		base64.URLEncoding.EncodeToString([]byte(word)),
		strings.ReplaceAll(inner, "/", `\/`),
		strings.ReplaceAll(inner, "=", `\u003d`),
		strings.NewReplacer("=", `\u003d`, "+", `\u002b`, "/", `\u002f`).Replace(inner),
		strings.NewReplacer("=", `\u003D`, "+", `\u002B`, "/", `\u002F`).Replace(inner),
	}
}
