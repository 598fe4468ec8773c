package salesdata

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
)

// form is how a field stood in the document it came from.
type form uint8

const (
	formNew     form = iota // the record was made by a program
	formMissing             // the key was not there
	formNull
	formEmpty // ""
	formText
	formNumber
	formUnread // the field could not hold it; see oddText
)

// given reports whether the document held a value other than null and "".
func (f form) given() bool { return f >= formText }

// slot is a field of a record, seen by the decoder and the encoder. Each sort
// of field is a type, whose pointer is a slot.
type slot interface {
	// read takes a value other than null and "".
	read(v value) outcome
	// isSet reports whether the field holds a value.
	isSet(was form) bool
	// unfit returns why the value cannot be written.
	unfit(shape Shape) (reason string)
	// write appends the value in the form it was read in. New values take the
	// form of the vendor's examples.
	write(b []byte, was form, shape Shape) []byte
}

// appendValue appends the value of a field in the one form that equal values have.
func appendValue(b []byte, s slot) []byte {
	if m, ok := s.(*moneySlot); ok {
		return appendNumber(b, m.amount())
	}
	return s.write(b, formNew, Root)
}

// outcome is what became of a value that was read.
type outcome struct {
	reason  string // what is odd about it
	taken   bool   // the field holds it
	respelt bool   // it is taken, but would be written in another way
}

var taken = outcome{taken: true}

// odd is taken all the same. The reason may be empty.
func odd(reason string) outcome { return outcome{reason: reason, taken: true} }

func refused(reason string) outcome { return outcome{reason: reason} }

type (
	textSlot  string         // text of any content
	codeSlot  string         // an id that is text; a number is taken too
	lineSlot  string         // an id that is text in the root shape, a whole number in MDS
	guidSlot  string         // 8-4-4-4-12 hexadecimal digits
	idSlot    int64          // a whole number: a JSON number, or text that holds one
	moneySlot payment.Amount // a JSON number, exact
	timeSlot  Time           // ISO 8601
	daySlot   payment.Date   // 2006-01-02
)

// readText takes a text, and a number as the text of its digits. The reason
// says what is odd.
func readText(v value, wanted string) (text string, o outcome) {
	switch v.kind() {
	case jsontext.KindNumber:
		text, _ = v.text()
		return text, odd(v.isNot(wanted))
	case jsontext.KindString:
		text, whole := v.text()
		if !whole {
			return text, odd(notUTF8)
		}
		return text, taken
	}
	return "", refused(v.isNot(wanted))
}

func (s *textSlot) read(v value) outcome {
	text, o := readText(v, "text")
	*s = textSlot(text)
	return o
}

func (s *textSlot) isSet(form) bool                        { return *s != "" }
func (s *textSlot) unfit(Shape) string                     { return unfitText(string(*s)) }
func (s *textSlot) write(b []byte, _ form, _ Shape) []byte { return appendText(b, string(*s)) }

func (s *codeSlot) read(v value) outcome {
	text, o := readText(v, "an id")
	*s = codeSlot(text)
	switch {
	case v.kind() == jsontext.KindNumber:
		n, reason := parseWhole(v.raw)
		if reason != "" {
			return odd(reason)
		}
		*s = codeSlot(strconv.FormatInt(n, 10))
		return outcome{taken: true, respelt: len(*s) != len(v.raw)}
	case o.reason == "":
		return odd(unfitCode(text))
	}
	return o
}

func unfitCode(text string) (reason string) {
	if strings.TrimSpace(text) == "" {
		return "is blank"
	}
	return unfitText(text)
}

func (s *codeSlot) isSet(form) bool    { return *s != "" }
func (s *codeSlot) unfit(Shape) string { return unfitCode(string(*s)) }

func (s *codeSlot) write(b []byte, was form, _ Shape) []byte {
	if _, reason := parseWhole([]byte(*s)); was == formNumber && reason == "" {
		return append(b, *s...)
	}
	return appendText(b, string(*s))
}

func (s *lineSlot) read(v value) outcome {
	o := (*codeSlot)(s).read(v)
	if v.shape != MDS || v.kind() != jsontext.KindString || o.reason != "" {
		return o
	}
	n, reason := parseWhole([]byte(*s))
	if reason != "" {
		return odd(reason)
	}
	text := strconv.FormatInt(n, 10)
	o.respelt = len(text) != len(*s)
	*s = lineSlot(text)
	return o
}

func (s *lineSlot) unfit(shape Shape) (reason string) {
	if shape == MDS {
		_, reason = parseWhole([]byte(*s))
		return reason
	}
	return unfitCode(string(*s))
}

func (s *lineSlot) write(b []byte, was form, shape Shape) []byte {
	if was == formNew && shape == MDS {
		was = formNumber
	}
	return (*codeSlot)(s).write(b, was, shape)
}

func (s *lineSlot) isSet(form) bool { return *s != "" }

func (s *guidSlot) read(v value) outcome {
	text, o := readText(v, "a GUID")
	*s = guidSlot(text)
	if !isGUID(text) && o.reason == "" {
		return odd(notGUID)
	}
	return o
}

const notGUID = "is not a GUID of the form 8-4-4-4-12"

func (s *guidSlot) unfit(Shape) (reason string) {
	if !isGUID(string(*s)) {
		return notGUID
	}
	return ""
}

func (s *guidSlot) write(b []byte, was form, _ Shape) []byte {
	if was == formNew {
		return appendText(b, strings.ToLower(string(*s)))
	}
	return appendText(b, string(*s))
}

func (s *guidSlot) isSet(form) bool { return *s != "" }

func (s *idSlot) read(v value) outcome {
	if k := v.kind(); k != jsontext.KindString && k != jsontext.KindNumber {
		return refused(v.isNot("an id"))
	}
	content, _ := v.content()
	n, reason := parseWhole(content)
	if reason != "" {
		return refused(reason)
	}
	*s = idSlot(n)
	return outcome{taken: true, respelt: bytes.IndexByte(content, '.') >= 0}
}

// isSet reports an id of 0 only if it was read.
func (s *idSlot) isSet(was form) bool { return *s != 0 || was.given() }

func (s *idSlot) unfit(Shape) (reason string) {
	if *s < 0 {
		return "is negative"
	}
	return ""
}

func (s *idSlot) write(b []byte, was form, _ Shape) []byte {
	if was == formText {
		return append(strconv.AppendInt(append(b, '"'), int64(*s), 10), '"')
	}
	return strconv.AppendInt(b, int64(*s), 10)
}

func (s *moneySlot) amount() payment.Amount { return payment.Amount(*s) }

func (s *moneySlot) read(v value) outcome {
	content := v.raw
	switch k := v.kind(); {
	case k == jsontext.KindNumber:
	case k == jsontext.KindString && v.in.moneyText:
		content, _ = v.content()
	default:
		return refused(v.isNot("a number"))
	}
	a, reason := parseMoney(content)
	*s = moneySlot(a)
	return outcome{reason: reason, taken: reason == ""}
}

func (s *moneySlot) isSet(form) bool { return s.amount().IsSet() }

func (s *moneySlot) unfit(Shape) (reason string) {
	if digits(s.amount()) > maxMoneyDigits {
		return "has more than 34 digits"
	}
	return ""
}

func (s *moneySlot) write(b []byte, was form, shape Shape) []byte {
	switch {
	case was == formText:
		b, _ = s.amount().AppendText(append(b, '"'))
		return append(b, '"')
	case was != formNew || s.amount().Sign() != 0:
		b, _ = s.amount().AppendText(b)
		return b
	case shape == MDS:
		return append(b, '0')
	}
	return append(b, "0.0"...)
}

// read keeps the text of a time that it cannot read.
func (s *timeSlot) read(v value) outcome {
	if v.kind() != jsontext.KindString {
		return refused(v.isNot("a time"))
	}
	text, whole := v.text()
	t, err := parseTime(text, v.in.location)
	*s = timeSlot(t)
	s.text = text
	switch {
	case !whole:
		return odd(notUTF8)
	case Time(*s).isNone():
		return odd("is a date of zeros")
	case err != nil:
		return odd(notTime)
	}
	return taken
}

const notTime = "is not a date or time of the documented form"

func (s *timeSlot) isSet(form) bool                        { return s.text != "" }
func (s *timeSlot) write(b []byte, _ form, _ Shape) []byte { return appendText(b, s.text) }

func (s *timeSlot) unfit(Shape) (reason string) {
	if _, err := ParseTime(s.text); err != nil {
		return notTime
	}
	return ""
}

func (s *daySlot) day() payment.Date { return payment.Date(*s) }

func (s *daySlot) read(v value) outcome {
	if v.kind() != jsontext.KindString {
		return refused(v.isNot("a date"))
	}
	text, _ := v.text()
	d, err := payment.ParseDate(text)
	if err != nil {
		return refused(notTime)
	}
	*s = daySlot(d)
	return taken
}

func (s *daySlot) isSet(form) bool                        { return !s.day().IsZero() }
func (s *daySlot) write(b []byte, _ form, _ Shape) []byte { return appendText(b, s.day().String()) }

func (s *daySlot) unfit(Shape) (reason string) {
	if !s.day().Valid() {
		return "is not a day of the calendar"
	}
	return ""
}
