package rubi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

const (
	maxLayers = 3 // strings in strings that one value may be wrapped in
	success   = "200"
)

var (
	errEmpty     = errors.New("empty answer")
	errNoObject  = errors.New("the answer is not an object")
	errNoCode    = errors.New("the answer holds no ResponseCode")
	errNoMessage = errors.New("the answer holds no ResponseMessage")
	errNoBoolean = errors.New("ResponseMessage is not a Boolean")
	errNoRecord  = errors.New("ResponseMessage holds something that is not a record")
)

// answer is the vendor's envelope. The documented sample parses the body, then
// ResponseCode, then ResponseMessage: each may be JSON inside text.
type answer struct {
	code    string
	message json.RawMessage // its layers taken off; a string if that holds no JSON
}

// readAnswer opens the envelope, whatever its code says.
func readAnswer(body []byte) (answer, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	if len(body) == 0 {
		return answer{}, errEmpty
	}
	inner, kind, err := unwrap(body)
	if err != nil {
		return answer{}, err
	}
	if kind != wire.BeginObject {
		return answer{}, errNoObject
	}
	r, err := readRecord(inner)
	if err != nil {
		return answer{}, err
	}
	code, err := readCode(r)
	if err != nil {
		return answer{}, err
	}
	return readMessage(r, code)
}

// readCode gives a number, or text that holds one, without outer blanks.
func readCode(r record) (string, error) {
	t, name, ok := r.find("ResponseCode")
	if !ok {
		return "", errNoCode
	}
	code := strings.TrimSpace(r.content(t))
	if _, err := payment.ParseAmount(code); err != nil || t.Kind == wire.Bool {
		return "", &wire.DecodeError{Path: "$." + name, Offset: int64(t.Start), Reason: "is not a number"}
	}
	return code, nil
}

func readMessage(r record, code string) (answer, error) {
	t, _, ok := r.find("ResponseMessage")
	switch {
	case !ok && code == success:
		return answer{}, errNoMessage
	case !ok:
		return answer{code: code, message: json.RawMessage("null")}, nil
	}
	message, _, err := unwrap(r.raw[t.Start:t.End])
	return answer{code: code, message: message}, err
}

// unwrap takes off up to maxLayers layers of text. It stops at text that holds
// no JSON and gives the JSON string then. Only data itself must be JSON.
func unwrap(data []byte) (json.RawMessage, wire.Kind, error) {
	value, kind, inner, err := scan(data)
	if err != nil {
		return nil, kind, err
	}
	for range maxLayers {
		if kind != wire.String {
			break
		}
		next, nextKind, nextInner, err := scan(inner)
		if err != nil {
			break
		}
		value, kind, inner = next, nextKind, nextInner
	}
	return value, kind, nil
}

// scan checks one whole document and tells what it is, and what it says if it
// is text.
func scan(data []byte) (value json.RawMessage, kind wire.Kind, inner []byte, err error) {
	l := wire.NewLexer(data, wire.MaxDepth)
	t, err := l.Next()
	if err == nil && t.Kind == wire.String {
		inner = l.Bytes(t)
	}
	if err == nil {
		t, err = l.Skip(t)
	}
	if err == nil {
		_, err = l.Next() // nothing may follow
	}
	if err != nil {
		return nil, 0, nil, undecodable(data, err)
	}
	return data[t.Start:t.End], t.Kind, inner, nil
}

// undecodable names the place, and never the text, of what is no JSON.
func undecodable(data []byte, err error) error {
	var syntax *wire.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	return &wire.DecodeError{Path: wire.PathAt(data, syntax.Offset), Offset: syntax.Offset, Reason: syntax.Reason, Err: syntax.Err}
}

// text gives the message for people: text as it is, anything else as JSON.
func (a answer) text() string {
	var s string
	switch {
	case string(a.message) == "null":
		return ""
	case json.Unmarshal(a.message, &s) == nil:
		return s
	}
	var compact bytes.Buffer
	if json.Compact(&compact, a.message) != nil {
		return ""
	}
	return compact.String()
}

// blank reports a message that is null or text without a character: no record,
// but no clear word about it either.
func (a answer) blank() bool {
	return (a.message[0] == '"' || a.message[0] == 'n') && blank(a.text())
}

// boolean reads a yes or no in any of the forms that the vendor's pages hint at.
func (a answer) boolean() (bool, error) {
	message := a.message
	var list []json.RawMessage
	if json.Unmarshal(message, &list) == nil && len(list) == 1 {
		message, _, _ = unwrap(list[0])
	}
	switch strings.ToLower(strings.TrimSpace(answer{message: message}.text())) {
	case "true", "1":
		return true, nil
	case "false", "0":
		return false, nil
	}
	return false, errNoBoolean
}

// confirmed turns a no into an error: the vendor has refused.
func confirmed(a answer) (struct{}, error) {
	yes, err := a.boolean()
	if err == nil && !yes {
		err = &payment.Error{Code: a.code, Message: "False", Err: payment.ErrInvalid}
	}
	return struct{}{}, err
}

// records takes the records out of a message: one object, or a list whose
// elements are objects, texts of them, or lists of them. Nil is a blank
// message, which says nothing; no records are an empty list.
func (a answer) records() ([]json.RawMessage, error) {
	if a.blank() {
		return nil, nil
	}
	if c := a.message[0]; c != '{' && c != '[' { // its layers are off
		return nil, errNoRecord
	}
	return appendRecords([]json.RawMessage{}, a.message, 2)
}

// appendRecords flattens up to depth lists. What is not text has been checked.
func appendRecords(list []json.RawMessage, value json.RawMessage, depth int) ([]json.RawMessage, error) {
	if value[0] == '"' {
		inner, _, err := unwrap(value)
		if err != nil {
			return nil, err
		}
		value = inner
	}
	if value[0] == '{' {
		return append(list, value), nil
	}
	if value[0] != '[' || depth == 0 {
		return nil, fmt.Errorf("record %d: %w", len(list), errNoRecord)
	}
	return appendElements(list, value, depth)
}

func appendElements(list []json.RawMessage, array json.RawMessage, depth int) ([]json.RawMessage, error) {
	l := wire.NewLexer(array, wire.MaxDepth)
	t, err := l.Next() // the bracket
	for err == nil {
		if t, err = l.Next(); err != nil || t.Kind == wire.EndArray {
			break
		}
		if t, err = l.Skip(t); err == nil {
			list, err = appendRecords(list, array[t.Start:t.End], depth-1)
		}
	}
	return list, err
}
