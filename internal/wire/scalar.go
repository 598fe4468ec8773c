package wire

import (
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// plain marks the bytes that stand for themselves inside a string.
var plain = func() (table [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		table[c] = c != '"' && c != '\\'
	}
	return table
}()

// text reads the string that begins at the lexer's place.
func (l *Lexer) text(kind Kind) (Token, error) {
	t := Token{Kind: kind, Start: l.pos}
	data := l.data
	for i := l.pos + 1; i < len(data); {
		c := data[i]
		if plain[c] {
			i++
			continue
		}
		if c == '"' {
			l.pos, t.End = i+1, i+1
			return t, nil
		}
		l.pos = i
		n, err := l.special(c)
		if err != nil {
			return t, err
		}
		t.Escaped = t.Escaped || c == '\\'
		i += n
	}
	l.pos = len(data)
	return t, l.fail("text has no end")
}

// special measures what is not plain: an escape or a rune beyond ASCII.
func (l *Lexer) special(c byte) (int, error) {
	switch {
	case c == '\\':
		return l.escape(l.data[l.pos:])
	case c < ' ':
		return 0, l.fail("a control character inside text")
	}
	rest := l.data[l.pos:]
	if !utf8.FullRune(rest) {
		l.pos = len(l.data)
		return 0, l.fail("text has no end")
	}
	r, n := utf8.DecodeRune(rest)
	if r == utf8.RuneError && n == 1 {
		return 0, l.fail("text is not UTF-8")
	}
	return n, nil
}

// escape measures the escape at the start of s.
func (l *Lexer) escape(s []byte) (int, error) {
	if len(s) < 2 || cutEscape(s) {
		l.pos = len(l.data)
		return 0, l.fail("text has no end")
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, nil
	case 'u':
		r, n := unescapeRune(s)
		if n == 0 {
			return 0, l.fail("an escape that is not \\u and four hexadecimal digits")
		}
		if utf16.IsSurrogate(r) {
			return 0, l.fail("half of a surrogate pair")
		}
		return n, nil
	}
	return 0, l.fail("an escape that JSON does not know")
}

// cutEscape reports that s is the beginning of \uXXXX and nothing more.
func cutEscape(s []byte) bool {
	if len(s) >= 6 {
		return false
	}
	var whole [6]byte
	n := copy(whole[:], s)
	copy(whole[n:], `\u0000`[n:])
	_, ok := hex4(whole[:])
	return ok
}

// unescapeRune reads \uXXXX, or two of them that form a pair. The length is 0
// if s does not begin with one.
func unescapeRune(s []byte) (rune, int) {
	r, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(r) {
		low, ok := hex4(s[6:])
		if pair := utf16.DecodeRune(r, low); ok && pair != utf8.RuneError {
			return pair, 12
		}
	}
	return r, 6
}

func hex4(s []byte) (r rune, ok bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	for _, c := range s[2:6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = (c | 0x20) - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// number reads -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?.
func (l *Lexer) number(c byte) (Token, error) {
	t := Token{Kind: Number, Start: l.pos}
	if c != '-' && !isDigit(c) {
		return t, l.fail("a value is due")
	}
	if c == '-' {
		l.pos++
	}
	if l.at('0') {
		l.pos++
	} else if !l.digits() {
		return t, l.fail("a digit is due")
	}
	if l.at('.') {
		l.pos++
		if !l.digits() {
			return t, l.fail("a digit is due after the point")
		}
	}
	if !l.exponent() {
		return t, l.fail("a digit is due in the exponent")
	}
	t.End = l.pos
	return t, nil
}

func (l *Lexer) exponent() bool {
	if !l.at('e') && !l.at('E') {
		return true
	}
	l.pos++
	if l.at('+') || l.at('-') {
		l.pos++
	}
	return l.digits()
}

func (l *Lexer) at(c byte) bool { return l.pos < len(l.data) && l.data[l.pos] == c }

func (l *Lexer) digits() bool {
	start := l.pos
	for l.pos < len(l.data) && isDigit(l.data[l.pos]) {
		l.pos++
	}
	return l.pos > start
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (l *Lexer) word(word string, kind Kind) (Token, error) {
	start := l.pos
	for i := range len(word) {
		if !l.at(word[i]) {
			return Token{}, l.fail("a word that is not true, false or null")
		}
		l.pos++
	}
	return Token{Kind: kind, Start: start, End: l.pos}, nil
}

func (l *Lexer) fail(reason string) error {
	e := &SyntaxError{Offset: int64(l.pos), Reason: reason}
	if l.pos >= len(l.data) {
		e.Reason, e.Err = "the text is cut off", io.ErrUnexpectedEOF
	}
	return e
}
