package rubitest

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// told is an answer as the vendor wrote it, read by no client.
type told struct {
	exchange paymenttest.Exchange
	layered  bool      // the envelope is text
	names    [2]string // of code and message
	code     any       // as written: text or number
	message  any       // as written
}

// shown is one record, its numbers with the digits they have.
type shown = map[string]any

// readTold opens the envelope.
func readTold(e paymenttest.Exchange) (a told, ok bool) {
	a.exchange = e
	value, ok := parse(e.Body)
	_, a.layered = value.(string)
	envelope, _ := unlayer(value).(map[string]any)
	for name, member := range envelope {
		switch strings.ToLower(name) {
		case "responsecode":
			a.names[0], a.code = name, member
		case "responsemessage":
			a.names[1], a.message = name, member
		}
	}
	return a, ok && a.names[0] != "" && a.names[1] != "" && a.word() != ""
}

func parse(data []byte) (value any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if d.Decode(&value) != nil || d.More() {
		return nil, false
	}
	return value, true
}

// unlayer decodes text that holds JSON, up to three times.
func unlayer(value any) any {
	for range 3 {
		text, isText := value.(string)
		inner, ok := parse([]byte(text))
		if !isText || !ok {
			return value
		}
		value = inner
	}
	return value
}

// word returns the code without blanks around it, or "".
func (a told) word() string {
	switch code := a.code.(type) {
	case string:
		return strings.TrimSpace(code)
	case json.Number:
		return code.String()
	}
	return ""
}

func (a told) succeeded() bool { return a.word() == "200" }

func (a told) place(member string) string {
	if member == "" {
		return a.exchange.Place()
	}
	return a.exchange.Place() + " $.ResponseMessage." + member
}

// rows returns the records of the message in any form. ok is false if it holds
// anything else.
func (a told) rows() (rows []shown, ok bool) {
	value := unlayer(a.message)
	if text, isText := value.(string); value == nil || isText && strings.TrimSpace(text) == "" {
		return nil, true
	}
	return flatten(value, 3)
}

func flatten(value any, depth int) (rows []shown, ok bool) {
	switch value := unlayer(value).(type) {
	case map[string]any:
		return []shown{value}, true
	case []any:
		for _, element := range value {
			more, ok := flatten(element, depth-1)
			if !ok || depth == 0 {
				return nil, false
			}
			rows = append(rows, more...)
		}
		return rows, true
	}
	return nil, false
}

// textIn returns a member as text, and "" if it is blank in any form.
func textIn(row shown, name string) string {
	switch value := row[name].(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	}
	return ""
}

// sumIn returns an amount in any form that can be read.
func sumIn(row shown, name string) (payment.Amount, bool) {
	a, err := payment.ParseAmount(strings.ReplaceAll(textIn(row, name), ",", ""))
	return a, err == nil
}

// rowOf returns the record whose id is in that member, or nil.
func rowOf(rows []shown, member, id string) shown {
	for _, row := range rows {
		if id != "" && strings.EqualFold(textIn(row, member), id) {
			return row
		}
	}
	return nil
}
