package wire

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// Walker passes over the values of a JSON text that has been checked as a whole,
// as the value has that [jsontext.Decoder.ReadValue] returns. It checks nothing
// itself, and costs a fraction of a decoder.
type Walker struct {
	text []byte
	at   int // where the next value, key or bracket begins
}

// Walk returns a walker that stands before the value in text.
func Walk(text jsontext.Value) Walker { return Walker{text, passed(text, 0)} }

// passed returns the first place from text[i] on that is not between values.
func passed(text []byte, i int) int {
	for ; i < len(text); i++ {
		if c := text[i]; c > ',' && c != ':' || c == '"' {
			break
		}
	}
	return i
}

// Offset returns where the next value, key or bracket begins.
func (w *Walker) Offset() int { return w.at }

// Kind returns the kind of the value or key that comes next, '}' or ']' at the
// end of an object or array, and 0 at the end of the text.
func (w *Walker) Kind() jsontext.Kind {
	if w.at == len(w.text) {
		return jsontext.KindInvalid
	}
	return KindOf(w.text[w.at])
}

// KindOf returns the kind of the value that begins with a byte.
func KindOf(first byte) jsontext.Kind {
	if first == '-' || isDigit(first) {
		return jsontext.KindNumber
	}
	return jsontext.Kind(first)
}

// Step passes over the bracket that comes next: into an object or array, or out
// of it.
func (w *Walker) Step() { w.at = passed(w.text, w.at+1) }

// Value passes over the next value or key, and returns it as it is written.
func (w *Walker) Value() jsontext.Value {
	from, end := w.at, w.at
	switch w.text[from] {
	case '"':
		end = endOfText(w.text, from)
	case '{', '[':
		end = endOfContainer(w.text, from)
	case 'n', 't':
		end += len("null")
	case 'f':
		end += len("false")
	default:
		end = endOfNumber(w.text, from)
	}
	w.at = passed(w.text, end)
	return w.text[from:end:end]
}

func endOfNumber(text []byte, i int) int {
	for i < len(text) && text[i] > ' ' && text[i] != ',' && text[i] != '}' && text[i] != ']' {
		i++
	}
	return i
}

// endOfText finds the quote that ends the text at text[start].
func endOfText(text []byte, start int) int {
	for i := start + 1; ; i++ {
		i += bytes.IndexByte(text[i:], '"')
		if text[i-1] != '\\' || !isEscaped(text[start:i]) {
			return i + 1
		}
	}
}

// isEscaped reports whether an odd number of backslashes ends a text.
func isEscaped(text []byte) bool {
	return (len(text)-len(bytes.TrimRight(text, "\\")))%2 == 1
}

func endOfContainer(text []byte, i int) int {
	for depth := 0; ; i++ {
		switch text[i] {
		case '"':
			i = endOfText(text, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
}
