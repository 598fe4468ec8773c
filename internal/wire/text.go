package wire

import (
	"bytes"
	"unicode/utf8"
)

// Bytes gives what a String or Key token says, without quotes and escapes. The
// result is part of the document unless the token is escaped.
func (l *Lexer) Bytes(t Token) []byte {
	inner := l.data[t.Start+1 : t.End-1]
	if !t.Escaped {
		return inner
	}
	return appendUnescaped(make([]byte, 0, len(inner)), inner)
}

// appendUnescaped takes text that the lexer has checked.
func appendUnescaped(dst, s []byte) []byte {
	for len(s) > 0 {
		i := bytes.IndexByte(s, '\\')
		if i < 0 || i+1 == len(s) {
			return append(dst, s...)
		}
		dst = append(dst, s[:i]...)
		s = s[i:]
		if r, n := unescapeRune(s); n > 0 {
			dst = utf8.AppendRune(dst, r)
			s = s[n:]
			continue
		}
		dst = append(dst, unescapeByte(s[1]))
		s = s[2:]
	}
	return dst
}

func unescapeByte(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

const hexDigits = "0123456789abcdef"

// AppendString appends s as a JSON string. It escapes what encoding/json
// escapes with HTML escaping off; bytes that are not UTF-8 become U+FFFD.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		if plain[s[i]] {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r >= utf8.RuneSelf && n > 1 && r != '\u2028' && r != '\u2029' {
			i += n
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, r)
		i += n
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

func appendEscape(dst []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(dst, '\\', byte(r))
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return append(dst, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// KeySet finds keys that an object has twice. The zero value is ready.
type KeySet struct {
	few  [][]byte // compared one by one while there are few
	many map[string]struct{}
}

const fewKeys = 16

// Add keeps key and reports whether it is new. The key must not change as long
// as the set is in use.
func (k *KeySet) Add(key []byte) bool {
	if k.many != nil {
		return k.addMany(key)
	}
	for _, old := range k.few {
		if bytes.Equal(old, key) {
			return false
		}
	}
	k.few = append(k.few, key)
	if len(k.few) > fewKeys {
		k.many = make(map[string]struct{}, 2*fewKeys)
		for _, old := range k.few {
			k.many[string(old)] = struct{}{}
		}
	}
	return true
}

func (k *KeySet) addMany(key []byte) bool {
	_, old := k.many[string(key)]
	k.many[string(key)] = struct{}{}
	return !old
}
