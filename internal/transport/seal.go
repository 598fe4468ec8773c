package transport

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	redacted   = "[redacted]"
	maxAdded   = 4096 // secrets added later that are held; the one not seen for longest goes first
	minPrivate = 4    // shorter personal data is not looked for: it would blank out half of every text
)

// CheckSecret returns an error of the field if value cannot be a credential: it
// is empty, or it is the text that a credential prints as.
func CheckSecret(field, value string) error {
	switch value {
	case "":
		return &payment.FieldError{Field: field, Reason: "is empty"}
	case redacted:
		return &payment.FieldError{Field: field, Reason: "is the text that a credential prints as"}
	}
	return nil
}

// Seal removes secrets from what comes back from a vendor: some vendors echo
// the credential they refuse. It is safe for concurrent use.
type Seal struct {
	mu      sync.Mutex
	fixed   []string // held for good
	added   []string // the latest last
	needles *needles // of all secrets; nil until somebody asks
}

// NewSeal returns a Seal that holds the given secrets for good. Empty ones are
// left out.
func NewSeal(secrets ...string) *Seal {
	return &Seal{fixed: slices.DeleteFunc(slices.Clone(secrets), func(s string) bool { return s == "" })}
}

// Add holds one more secret, such as a refreshed token. Of more than 4096 the
// one that was added, or added again, longest ago is forgotten.
func (s *Seal) Add(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if secret == "" || slices.Contains(s.fixed, secret) {
		return
	}
	if i := slices.Index(s.added, secret); i >= 0 {
		s.added = append(slices.Delete(s.added, i, i+1), secret)
		return
	}
	s.added = append(s.added, secret)
	if len(s.added) > maxAdded {
		s.added = slices.Delete(s.added, 0, 1)
	}
	s.needles = nil
}

// Format prints nothing of what is held.
func (s *Seal) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// Clean returns b without the secrets, however they are escaped, in any letter
// case: a vendor that reads a key as a GUID may write it in another one. What holds
// none is returned as it is.
func (s *Seal) Clean(b []byte) []byte { return redact(b, s.all(), false) }

// Text is Clean for text. Personal data is removed as well.
func (s *Seal) Text(text string, private ...string) string {
	return string(redact([]byte(text), append(s.all(), personal(private)), false))
}

// all returns what to look for, which is never changed once it is made.
func (s *Seal) all() []search {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.needles == nil {
		s.needles = foldedNeedles(append(slices.Clone(s.fixed), s.added...))
	}
	return []search{{s.needles}}
}

// foldedNeedles returns what to look for in texts that are folded.
func foldedNeedles(secrets []string) *needles {
	list := forms(secrets)
	for i, form := range list {
		list[i] = verbatim(form).folded().text
	}
	return newNeedles(list)
}

// forms returns secrets and their base64, with a plus sign for every blank: in a
// URL they are the same.
func forms(secrets []string) [][]byte {
	var list [][]byte
	for _, secret := range secrets {
		b := []byte(secret)
		list = append(list, unplus(b))
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			list = append(list, unplus([]byte(e.EncodeToString(b))))
		}
	}
	return list
}

func unplus(b []byte) []byte { return bytes.ReplaceAll(b, []byte("+"), []byte(" ")) }

// search looks for needles in any letter case.
type search struct{ needles *needles }

// personal returns a search for personal data.
func personal(private []string) search {
	long := slices.DeleteFunc(slices.Clone(private), func(p string) bool { return len(p) < minPrivate })
	return search{foldedNeedles(long)}
}

// span is a part of a text.
type span struct{ start, end int }

// redact returns b without anything that is searched for. With cut, b is the
// beginning of something longer, and what may be the beginning of a secret at
// its end goes too.
func redact(b []byte, searches []search, cut bool) []byte {
	if !slices.ContainsFunc(searches, func(s search) bool { return len(s.needles.all) > 0 }) {
		return b
	}
	end := len(b)
	var hits []span
	for _, s := range spellings(b) {
		for _, q := range searches {
			hits = append(hits, q.hits(s)...)
			if cut {
				end = min(end, q.openEnd(s, end))
			}
		}
	}
	return replace(b[:end], merge(hits, b), end)
}

func (q search) hits(s spelling) (hits []span) {
	s = q.prepare(s)
	q.needles.find(unplus(s.text), func(start, end int) {
		hits = append(hits, span{int(s.from[start]), int(s.to[end-1])})
	})
	return hits
}

// prepare returns the form of s that is searched.
func (q search) prepare(s spelling) spelling {
	if len(q.needles.all) > 0 {
		return s.folded()
	}
	return s
}

// openEnd returns where in the original a secret may begin that is cut off.
func (q search) openEnd(s spelling, end int) int {
	s = q.prepare(s)
	open := s.openEnd()
	start := min(open, q.needles.beginning(unplus(s.text[:open])))
	if start == len(s.text) {
		return end
	}
	return int(s.from[start])
}

// merge joins spans that overlap, and leaves out those inside a place that is
// redacted already.
func merge(hits []span, b []byte) (merged []span) {
	slices.SortFunc(hits, func(a, b span) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	for _, h := range hits {
		switch last := len(merged) - 1; {
		case isRedacted(b, h):
		case last >= 0 && h.start < merged[last].end:
			merged[last].end = max(merged[last].end, h.end)
		default:
			merged = append(merged, h)
		}
	}
	return merged
}

// isRedacted reports whether a span lies inside "[redacted]".
func isRedacted(b []byte, h span) bool {
	from, to := max(0, h.end-len(redacted)), min(len(b), h.start+len(redacted))
	return h.end-h.start <= len(redacted) && to-from >= len(redacted) && bytes.Contains(b[from:to], []byte(redacted))
}

// replace writes "[redacted]" over the spans of b that begin before end.
func replace(b []byte, spans []span, end int) []byte {
	if len(spans) == 0 {
		return b
	}
	var out []byte
	done := 0
	for _, s := range spans {
		if s.start >= end {
			break
		}
		out = append(append(out, b[done:s.start]...), redacted...)
		done = min(s.end, end)
	}
	return append(out, b[done:]...)
}

// head returns a clean copy of at most n bytes of b. If something is missing at
// the end, so is the part of a secret that the cut would have left there.
func head(b []byte, searches []search, n int, cut bool) []byte {
	if len(b) > n {
		b, cut = b[:n], true
	}
	b = redact(b, searches, cut)
	return bytes.Clone(b[:min(len(b), n)])
}
