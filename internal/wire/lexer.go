package wire

import "fmt"

// MaxDepth is the deepest nesting that a [Lexer] can be told to accept.
const MaxDepth = 64

// Kind says what a token is.
type Kind uint8

// The kinds of token. Commas and colons are checked and passed over.
const (
	End Kind = iota // the document is complete
	Null
	Bool
	Number
	String
	Key // a string that names a member; its colon is passed over
	BeginObject
	EndObject
	BeginArray
	EndArray
)

// String names the kind the way an error should: "a number".
func (k Kind) String() string {
	names := [...]string{"the end", "null", "a boolean", "a number", "text", "a key", "an object", "the end of an object", "an array", "the end of an array"}
	if int(k) < len(names) {
		return names[k]
	}
	return "nothing"
}

// Token is one piece of a document: data[Start:End], quotes included.
type Token struct {
	Kind       Kind
	Escaped    bool // a String or Key that holds a backslash
	Start, End int
}

// SyntaxError says where text stops being JSON.
type SyntaxError struct {
	Offset int64  // byte offset in the text that was read
	Reason string // never the text itself
	Err    error  // io.ErrUnexpectedEOF if the text is cut off; else nil
}

// Error tells offset and reason.
func (e *SyntaxError) Error() string { return fmt.Sprintf("at byte %d: %s", e.Offset, e.Reason) }

// Unwrap gives io.ErrUnexpectedEOF for text that is cut off.
func (e *SyntaxError) Unwrap() error { return e.Err }

// Lexer reads one JSON document token by token and checks all of it: grammar,
// numbers, escapes, UTF-8 and the depth of nesting.
//
// It is stricter than encoding/json in three things: broken UTF-8, an escaped
// half of a surrogate pair, and nesting beyond its limit are errors. It keeps
// no state but its place, allocates nothing, and never copies data.
type Lexer struct {
	data    []byte
	pos     int
	depth   int
	max     int
	objects uint64 // bit d is set while the container at depth d is an object
	state   state
}

// state is what the grammar allows next.
type state uint8

const (
	wantValue state = iota
	wantElement
	wantFirstElement // or the end of the array
	wantKey
	wantFirstKey // or the end of the object
	wantMore     // a comma or the end of the container
)

// NewLexer reads data, which must not change meanwhile. It accepts containers
// in containers up to maxDepth, at most [MaxDepth].
func NewLexer(data []byte, maxDepth int) *Lexer {
	return &Lexer{data: data, max: min(maxDepth, MaxDepth)}
}

// Reset makes l read another document with the limit it has.
func (l *Lexer) Reset(data []byte) { *l = Lexer{data: data, max: l.max} }

// Next gives the next token. At the end of a complete document it gives [End],
// again and again. Its errors are all *[SyntaxError].
func (l *Lexer) Next() (Token, error) {
	c := l.peek()
	if l.state == wantMore {
		if l.depth == 0 {
			return l.end()
		}
		if c != ',' {
			return l.close(c)
		}
		l.pos++
		l.state = wantElement
		if l.inObject() {
			l.state = wantKey
		}
		c = l.peek()
	}
	switch l.state {
	case wantFirstElement, wantFirstKey:
		if c == ']' || c == '}' {
			return l.close(c)
		}
	}
	if l.state == wantKey || l.state == wantFirstKey {
		return l.key(c)
	}
	return l.value(c)
}

// peek passes over white space and gives the next byte, or 0 at the end.
func (l *Lexer) peek() byte {
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		if c > ' ' || !isSpace(c) {
			return c
		}
		l.pos++
	}
	return 0
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

func (l *Lexer) inObject() bool { return l.objects&(1<<(l.depth-1)) != 0 }

func (l *Lexer) end() (Token, error) {
	if l.pos < len(l.data) {
		return Token{}, l.fail("text after the document")
	}
	return Token{Kind: End, Start: l.pos, End: l.pos}, nil
}

func (l *Lexer) key(c byte) (Token, error) {
	if c != '"' {
		return Token{}, l.fail("a key is due")
	}
	t, err := l.text(Key)
	if err != nil {
		return t, err
	}
	if l.peek() != ':' {
		return t, l.fail("a colon is due")
	}
	l.pos++
	l.state = wantValue
	return t, nil
}

func (l *Lexer) value(c byte) (t Token, err error) {
	switch c {
	case '"':
		t, err = l.text(String)
	case '{':
		return l.open(BeginObject)
	case '[':
		return l.open(BeginArray)
	case 'n':
		t, err = l.word("null", Null)
	case 't':
		t, err = l.word("true", Bool)
	case 'f':
		t, err = l.word("false", Bool)
	default:
		t, err = l.number(c)
	}
	if err == nil {
		l.state = wantMore
	}
	return t, err
}

func (l *Lexer) open(kind Kind) (Token, error) {
	if l.depth >= l.max {
		return Token{}, l.fail("nesting is too deep")
	}
	bit := uint64(1) << l.depth
	l.depth++
	if kind == BeginObject {
		l.objects |= bit
		l.state = wantFirstKey
	} else {
		l.objects &^= bit
		l.state = wantFirstElement
	}
	l.pos++
	return Token{Kind: kind, Start: l.pos - 1, End: l.pos}, nil
}

func (l *Lexer) close(c byte) (Token, error) {
	kind, closing := EndArray, byte(']')
	if l.inObject() {
		kind, closing = EndObject, '}'
	}
	if c != closing {
		return Token{}, l.fail("a comma or the end of " + (kind - 1).String() + " is due")
	}
	l.pos++
	l.depth--
	l.state = wantMore
	return Token{Kind: kind, Start: l.pos - 1, End: l.pos}, nil
}

// Skip passes over the container that t began and gives its whole extent; any
// other token it gives back. An object that has a key twice is an error.
func (l *Lexer) Skip(t Token) (Token, error) {
	if t.Kind != BeginObject && t.Kind != BeginArray {
		return t, nil
	}
	var keys KeySet
	for {
		inner, err := l.Next()
		if err == nil && inner.Kind == Key && !keys.Add(l.Bytes(inner)) {
			err = &SyntaxError{Offset: int64(inner.Start), Reason: "the same key twice in one object"}
		}
		if err == nil && (inner.Kind == EndObject || inner.Kind == EndArray) {
			t.End = inner.End
			return t, nil
		}
		if err == nil {
			_, err = l.Skip(inner)
		}
		if err != nil {
			return Token{}, err
		}
	}
}
