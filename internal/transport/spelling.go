package transport

import (
	"bytes"
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
)

const maxEscape = 12 // bytes of the longest escape, a surrogate pair in JSON

// redact takes the secrets out of b. With cut, b is the beginning of something
// longer, and what may be the beginning of a secret at its end goes too.
func redact(b []byte, secrets []string, cut bool) []byte {
	var out []byte
	done := 0
	for i := 0; i < len(b); i++ {
		n, whole := find(b[i:], secrets)
		switch {
		case whole:
			out = append(append(out, b[done:i]...), redacted...)
			done = i + n
			i = done - 1
		case cut && n > 0:
			return append(out, b[done:i]...)
		}
	}
	if done == 0 {
		return b
	}
	return append(out, b[done:]...)
}

// find looks for a secret, or the beginning of one, at the beginning of b.
func find(b []byte, secrets []string) (n int, whole bool) {
	escaped := mayEscape(b[0])
	for _, secret := range secrets {
		if b[0] != secret[0] && !escaped {
			continue
		}
		m, whole := match(b, secret)
		if whole {
			return m, true
		}
		n = max(n, m)
	}
	return n, false
}

// match tells how many bytes at the beginning of b spell the secret, plain or
// escaped for JSON, a URL or HTML. Escapes mix freely, because every
// serialiser escapes another set of characters. If b ends before the secret
// does, whole is false and n is all of b; otherwise it is 0.
func match(b []byte, secret string) (n int, whole bool) {
	part := 0
	for ; secret != ""; secret = secret[1:] {
		if n == len(b) {
			return n, false
		}
		text, width := unescape(b[n:])
		switch {
		case width == 0 && mayEscape(b[n]) && len(b)-n < maxEscape:
			part = len(b) // it may be an escape that is cut off
		case width > 0 && strings.HasPrefix(secret, text):
			m, whole := match(b[n+width:], secret[len(text):])
			if whole {
				return n + width + m, true
			}
			if n+width+m == len(b) {
				part = len(b)
			}
		}
		if b[n] != secret[0] {
			return part, false
		}
		n++
	}
	return n, true
}

func mayEscape(c byte) bool { return c == '\\' || c == '%' || c == '&' || c == '+' }

// unescape reads the escape at the beginning of b, if there is one.
func unescape(b []byte) (text string, width int) {
	switch {
	case b[0] == '+':
		return " ", 1
	case b[0] == '%' && len(b) >= 3:
		c, err := strconv.ParseUint(string(b[1:3]), 16, 8)
		if err == nil {
			return string([]byte{byte(c)}), 3
		}
	case b[0] == '\\' && len(b) >= 2 && strings.IndexByte(`/"'\`, b[1]) >= 0:
		return string(b[1:2]), 2
	case b[0] == '\\':
		return unescapeJSON(b)
	case b[0] == '&':
		return unescapeHTML(b)
	}
	return "", 0
}

func unescapeJSON(b []byte) (text string, width int) {
	high, ok := codeUnit(b)
	if !ok {
		return "", 0
	}
	if !utf16.IsSurrogate(high) {
		return string(high), 6
	}
	if low, ok := codeUnit(b[6:]); ok {
		return string(utf16.DecodeRune(high, low)), 12
	}
	return "", 0
}

func codeUnit(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	return rune(unit), err == nil
}

func unescapeHTML(b []byte) (text string, width int) {
	end := bytes.IndexByte(b[:min(len(b), maxEscape)], ';')
	if end < 0 {
		return "", 0
	}
	entity := string(b[:end+1])
	if text = html.UnescapeString(entity); text == entity {
		return "", 0
	}
	return text, end + 1
}
