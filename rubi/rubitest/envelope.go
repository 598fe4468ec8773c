package rubitest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
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

func (s *Server) write(w http.ResponseWriter, a reply) {
	set := s.settings
	media := jsonType
	if set.plainText {
		media = textType
	}
	body := set.envelope(a)
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if set.httpStatuses {
		w.WriteHeader(a.code)
	}
	_, _ = w.Write(body)
}

// envelope wraps code and message.
func (set *settings) envelope(a reply) []byte {
	names := [2]string{"ResponseCode", "ResponseMessage"}
	code := strconv.Itoa(a.code)
	if set.oddEnvelope {
		names, code = [2]string{"responsecode", "RESPONSEMESSAGE"}, " "+code+" "
	}
	var out object
	if set.native() && !set.oddEnvelope {
		out.raw(names[0], []byte(code))
	} else {
		out.raw(names[0], encode(code))
	}
	out.raw(names[1], set.message(a))
	if set.answer == AnswerText {
		return quote(out.end())
	}
	return out.end()
}

// native reports whether numbers and lists stand as such and not as text.
func (set *settings) native() bool {
	switch set.answer {
	case AnswerText, AnswerObject, AnswerNested:
		return false
	}
	return true
}

// message gives the message as JSON.
func (set *settings) message(a reply) []byte {
	switch {
	case a.code != codeOK:
		return encode(a.text)
	case a.boolean != nil:
		return set.booleanMessage(*a.boolean)
	case len(a.records) == 0 && set.none == NoneText:
		return []byte(`""`)
	case len(a.records) == 0 && set.none == NoneNull:
		return []byte(`null`)
	}
	return set.recordsMessage(a)
}

func (set *settings) booleanMessage(b bool) []byte {
	value := strconv.FormatBool(b)
	switch {
	case set.boolean == BooleanWord && b:
		return []byte(`"True"`)
	case set.boolean == BooleanWord:
		return []byte(`"False"`)
	case set.boolean == BooleanNumber && b:
		value = "1"
	case set.boolean == BooleanNumber:
		value = "0"
	case set.boolean == BooleanList:
		value = "[" + value + "]"
	}
	if set.native() {
		return []byte(value)
	}
	return encode(value)
}

func (set *settings) recordsMessage(a reply) []byte {
	parts := make([][]byte, len(a.records))
	for i, r := range a.records {
		parts[i] = r.encode(set)
		if a.nested {
			parts[i] = list(parts[i])
		}
		if set.answer == AnswerTexts {
			parts[i] = quote(parts[i])
		}
	}
	switch {
	case set.answer == AnswerSingle && len(parts) == 1:
		return parts[0]
	case set.answer == AnswerSingleText && len(parts) == 1:
		return quote(parts[0])
	case set.answer == AnswerNested && !a.nested:
		return quote(list(list(parts...)))
	case set.native():
		return list(parts...)
	}
	return quote(list(parts...))
}

func list(parts ...[]byte) []byte {
	return append(append([]byte{'['}, bytes.Join(parts, []byte{','})...), ']')
}

// quote makes a JSON string of JSON text: one more layer.
func quote(data []byte) []byte { return encode(string(data)) }

// encode writes JSON without HTML escapes.
func encode(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) != nil {
		return []byte("null") // never: only texts and lists of texts are encoded
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte{'\n'})
}
