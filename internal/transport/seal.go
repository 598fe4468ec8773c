package transport

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"sync"
)

const (
	redacted   = "[redacted]"
	maxAdded   = 64 // secrets added later that are held at once; the oldest goes first
	minPrivate = 4  // shorter personal data would blank out half of every text
)

// Seal takes secrets out of what comes back from a vendor: some vendors echo
// the credential they refuse. It is safe for concurrent use.
type Seal struct {
	mu      sync.RWMutex
	secrets []string
	fixed   int      // secrets that stay, the first ones
	forms   []string // of all secrets
}

// NewSeal holds the given secrets for good; empty ones are left out.
func NewSeal(secrets ...string) *Seal {
	s := &Seal{}
	for _, secret := range secrets {
		s.Add(secret)
		s.fixed = len(s.secrets)
	}
	return s
}

// Add holds one more secret, such as a refreshed token.
func (s *Seal) Add(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if secret == "" || slices.Contains(s.secrets, secret) {
		return
	}
	s.secrets = append(s.secrets, secret)
	if len(s.secrets) > s.fixed+maxAdded {
		s.secrets = slices.Delete(s.secrets, s.fixed, s.fixed+1)
	}
	s.forms = forms(s.secrets)
}

// Format prints nothing of what is held.
func (s *Seal) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// Clean gives b without the secrets, however they are escaped. What holds none
// is given back as it is.
func (s *Seal) Clean(b []byte) []byte { return redact(b, s.all(), false) }

// Text is Clean for text, which loses the given personal data as well.
func (s *Seal) Text(text string, private ...string) string {
	if text == "" {
		return ""
	}
	private = slices.DeleteFunc(slices.Clone(private), func(p string) bool { return len(p) < minPrivate })
	b := s.Clean([]byte(text))
	return string(redact(b, forms(private), false))
}

// head gives a clean copy of at most n bytes of b. If something is missing at
// the end, so is the part of a secret that the cut would have left there.
func (s *Seal) head(b []byte, n int, cut bool) []byte {
	if len(b) > n {
		b, cut = b[:n], true
	}
	b = redact(b, s.all(), cut)
	return bytes.Clone(b[:min(len(b), n)])
}

// all gives the forms, which are never changed once they are made.
func (s *Seal) all() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.forms
}

// forms are the secrets and their base64, the longest first: a secret may be
// the beginning of another one.
func forms(secrets []string) []string {
	var list []string
	for _, secret := range secrets {
		b := []byte(secret)
		list = append(list, secret, base64.RawStdEncoding.EncodeToString(b), base64.RawURLEncoding.EncodeToString(b))
	}
	slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
	return list
}
