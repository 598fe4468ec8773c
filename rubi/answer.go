package rubi

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

const (
	maxLayers = 3 // strings in strings that one value may be wrapped in
	success   = "200"

	longestBoolean = 64 // bytes of a message that may say yes or no
)

var (
	errEmpty     = errors.New("empty answer")
	errNoObject  = errors.New("the answer is not an object")
	errNoCode    = errors.New("the answer holds no ResponseCode")
	errNoMessage = errors.New("the answer holds no ResponseMessage")
	errNoBoolean = errors.New("ResponseMessage is not a Boolean")
)

// answer is the vendor's envelope. The documented sample parses the body, then
// ResponseCode, then ResponseMessage: each may be JSON inside text.
type answer struct {
	code    string
	message jsontext.Value // without its layers; a JSON string if that holds no JSON
}

// envelope is how an answer stands on the wire.
type envelope struct {
	ResponseCode    responseCode   `json:"ResponseCode,case:ignore"`
	ResponseMessage jsontext.Value `json:"ResponseMessage,case:ignore"`
}

// readAnswer opens the envelope, whatever its code says.
func readAnswer(body []byte) (answer, error) {
	if len(bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))) == 0 {
		return answer{}, errEmpty
	}
	var e envelope
	if err := e.open(body); err != nil {
		return answer{}, err
	}
	switch {
	case e.ResponseCode == "":
		return answer{}, errNoCode
	case e.ResponseMessage == nil && e.ResponseCode == success:
		return answer{}, errNoMessage
	case e.ResponseMessage == nil:
		return answer{string(e.ResponseCode), jsontext.Value("null")}, nil
	}
	message, err := unwrap(e.ResponseMessage)
	return answer{string(e.ResponseCode), message}, err
}

// open decodes the envelope. A body that is an object is read only once.
func (e *envelope) open(body jsontext.Value) error {
	if body.Kind() != jsontext.KindBeginObject {
		inner, err := unwrap(body)
		if err != nil {
			return err
		}
		body = inner
	}
	if body.Kind() != jsontext.KindBeginObject {
		return errNoObject
	}
	return wire.Unmarshal(body, e)
}

// unwrap takes off up to maxLayers layers of text. It stops at text that holds
// no JSON. Only data itself must be JSON.
func unwrap(data []byte) (jsontext.Value, error) {
	var value jsontext.Value
	if err := wire.Unmarshal(data, &value); err != nil {
		return nil, err
	}
	for range maxLayers {
		var inner jsontext.Value
		if value.Kind() != jsontext.KindString || wire.Unmarshal([]byte(textOf(value)), &inner) != nil {
			break
		}
		value = inner
	}
	return value, nil
}

// textOf returns what a JSON string says, a number as it is written, the word
// of a Boolean, and nothing for any other value.
func textOf(value jsontext.Value) string {
	switch value.Kind() {
	case jsontext.KindTrue, jsontext.KindFalse:
		return string(value)
	}
	text, _ := wire.TextOf(value)
	return string(text)
}

// responseCode is a whole number or text that holds one, without outer blanks
// and without a fraction of zeros.
type responseCode string

// UnmarshalJSONFrom reads the code.
func (c *responseCode) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	value, err := unwrap(raw)
	if err != nil {
		return err
	}
	code := strings.TrimSpace(textOf(value))
	if whole, fraction, found := strings.Cut(code, "."); found && fraction != "" && strings.Trim(fraction, "0") == "" {
		code = whole
	}
	if _, err := strconv.Atoi(code); err != nil || code[0] == '+' {
		return &wire.DecodeError{Path: "$", Reason: "is not a number"}
	}
	*c = responseCode(code)
	return nil
}

// raw returns the message as it is.
func (a answer) raw() (json.RawMessage, error) { return json.RawMessage(a.message), nil }

// text returns the message for people: text as it is, anything else as JSON.
func (a answer) text() string {
	switch a.message.Kind() {
	case jsontext.KindNull:
		return ""
	case jsontext.KindBeginObject, jsontext.KindBeginArray:
		compact := a.message.Clone()
		_ = compact.Compact() // it has been checked
		return string(compact)
	}
	return textOf(a.message)
}

// blank reports a message that is null or text without a character. Whether it
// means that there are no records is unknown: clause answer.none.
func (a answer) blank() bool {
	kind := a.message.Kind()
	return kind == jsontext.KindNull || kind == jsontext.KindString && blank(textOf(a.message))
}

// boolean reads a yes or no in any of the forms that the vendor's pages hint at.
func (a answer) boolean() (bool, error) {
	message := a.message
	var list []jsontext.Value
	if len(message) < longestBoolean && wire.Unmarshal(message, &list) == nil && len(list) == 1 {
		message, _ = unwrap(list[0])
	}
	switch strings.ToLower(strings.TrimSpace(textOf(message))) {
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

// checkText refuses text that cannot be sent.
func checkText(field, value string) error {
	switch {
	case !utf8.ValidString(value):
		return invalid(field, "is not valid UTF-8")
	case strings.ContainsRune(value, 0):
		return invalid(field, "holds a NUL character")
	}
	return nil
}

func invalid(field, reason string) error {
	return &payment.FieldError{Field: field, Reason: reason}
}

// blank reports white space only, which the vendor takes for empty (inferred: clause
// request.blank).
func blank(s string) bool { return strings.TrimSpace(s) == "" }

// jsonText writes v the way JavaScript does, without HTML escapes.
func jsonText[T any](v T) string {
	text, _ := wire.Marshal(v) // checked texts and lists of them always marshal
	return string(text)
}

// inLayers returns text as it stands in a request or an answer: escaped once
// for each layer of JSON text.
func inLayers(text string) []string {
	forms := []string{text}
	for range maxLayers {
		quoted := jsonText(strings.ToValidUTF8(text, "\ufffd"))
		if quoted = quoted[1 : len(quoted)-1]; quoted == text {
			break
		}
		text = quoted
		forms = append(forms, text)
	}
	return forms
}
