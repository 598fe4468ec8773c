package rubitest

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/tenderkit/tenderkit/internal/emulator"
)

const (
	jsonType = "application/json; charset=utf-8"
	textType = "text/plain; charset=utf-8"
)

// The codes that this emulator uses. Only 200 is documented.
const (
	codeOK           = 200
	codeBadRequest   = 400
	codeUnauthorized = 401
)

// reply is an answer before it is wrapped. A success has records or a Boolean,
// anything else a text.
type reply struct {
	code    int
	text    string
	boolean *bool
	records []record
	nested  bool // each record in a list of its own, as Booking answers
}

func ok(records ...record) reply { return reply{code: codeOK, records: records} }

func boolean(b bool) reply { return reply{code: codeOK, boolean: &b} }

func badRequest(text string) *reply { return &reply{code: codeBadRequest, text: text} }

func (f Facts) write(w http.ResponseWriter, a reply) {
	status, media := http.StatusOK, jsonType
	if f.HTTPStatuses {
		status = a.code
	}
	if f.PlainText {
		media = textType
	}
	emulator.Write(w, status, media, f.envelope(a))
}

// envelope wraps code and message.
func (f Facts) envelope(a reply) []byte {
	names, code := [2]string{"ResponseCode", "ResponseMessage"}, quote(strconv.Itoa(a.code))
	switch {
	case f.OddEnvelope:
		names, code = [2]string{"responsecode", "RESPONSEMESSAGE"}, quote(" "+strconv.Itoa(a.code)+" ")
	case f.native():
		code = []byte(strconv.Itoa(a.code))
	}
	out := object(member{names[0], code}, member{names[1], f.message(a)})
	if f.Answer == AnswerText {
		return quote(string(out))
	}
	return out
}

// native reports whether numbers and lists stand as such and not as text.
func (f Facts) native() bool {
	return f.Answer != AnswerText && f.Answer != AnswerObject && f.Answer != AnswerNested
}

// message returns the message as JSON.
func (f Facts) message(a reply) []byte {
	switch {
	case a.code != codeOK:
		return quote(a.text)
	case a.boolean != nil:
		return f.booleanMessage(*a.boolean)
	case len(a.records) == 0 && f.None == NoneText:
		return []byte(`""`)
	case len(a.records) == 0 && f.None == NoneNull:
		return []byte(`null`)
	}
	return f.recordsMessage(a)
}

func (f Facts) booleanMessage(b bool) []byte {
	value := strconv.FormatBool(b)
	switch {
	case f.Booleans == BooleanWord && b:
		return []byte(`"True"`)
	case f.Booleans == BooleanWord:
		return []byte(`"False"`)
	case f.Booleans == BooleanNumber && b:
		value = "1"
	case f.Booleans == BooleanNumber:
		value = "0"
	case f.Booleans == BooleanList:
		value = "[" + value + "]"
	}
	if f.native() {
		return []byte(value)
	}
	return quote(value)
}

func (f Facts) recordsMessage(a reply) []byte {
	parts := make([][]byte, len(a.records))
	for i, r := range a.records {
		parts[i] = f.object(r)
		if a.nested {
			parts[i] = list(parts[i])
		}
		if f.Answer == AnswerTexts {
			parts[i] = quote(string(parts[i]))
		}
	}
	switch {
	case f.Answer == AnswerSingle && len(parts) == 1:
		return parts[0]
	case f.Answer == AnswerSingleText && len(parts) == 1:
		return quote(string(parts[0]))
	case f.Answer == AnswerNested && !a.nested:
		return quote(string(list(list(parts...))))
	case f.native():
		return list(parts...)
	}
	return quote(string(list(parts...)))
}

func list(parts ...[]byte) []byte {
	return append(append([]byte{'['}, bytes.Join(parts, []byte{','})...), ']')
}

// quote writes text as a JSON string. JSON text gets one more layer.
func quote(text string) []byte { return emulator.Encode(text) }

// member is one member of an object, its value in JSON.
type member struct {
	name  string
	value []byte
}

func object(members ...member) []byte {
	parts := make([][]byte, len(members))
	for i, m := range members {
		parts[i] = append(append(quote(m.name), ':'), m.value...)
	}
	return append(append([]byte{'{'}, bytes.Join(parts, []byte{','})...), '}')
}
