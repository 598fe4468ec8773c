package backendpay

import (
	"bytes"
	"encoding/json"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// record is one kind of object that the vendor shows: payments, parts, types,
// customers.
type record[T any] interface {
	*T
	// decode reads the next JSON object.
	decode(*jsontext.Decoder) error
	// head returns the places of the record's id and raw text.
	head() (id *string, raw *json.RawMessage)
}

// document is an answer that is one record or an array of them. It is decoded
// with wire.Unmarshal from data, whose parts become the records' raw texts.
type document struct{ data []byte }

func newDocument(data []byte) document {
	return document{bytes.TrimPrefix(data, []byte("\ufeff"))} // as wire.Unmarshal does
}

// item reads a document that is one record.
type item[T any, R record[T]] struct {
	document
	record T
}

func decodeItem[T any, R record[T]](data []byte) (T, error) {
	it := item[T, R]{document: newDocument(data)}
	if err := wire.Unmarshal(it.data, &it); err != nil {
		var none T
		return none, err
	}
	return it.record, nil
}

// decodeReply is decodeItem for transport.Call.
func decodeReply[T any, R record[T]](reply *transport.Reply) (T, error) {
	return decodeItem[T, R](reply.Body)
}

// UnmarshalJSONFrom reads one record.
func (it *item[T, R]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return readRecord(d, it.data, R(&it.record))
}

// page reads a document that is an array of records.
type page[T any, R record[T]] struct {
	document
	records []T
	check   func(id string) error // is called for each record; its error refuses the page
}

// UnmarshalJSONFrom appends the records of the array.
func (p *page[T, R]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	open, err := d.ReadToken()
	if err != nil {
		return err
	}
	if open.Kind() != '[' {
		return &wire.DecodeError{Path: "$", Reason: "is not an array"}
	}
	for d.PeekKind() != ']' {
		var none T
		p.records = append(p.records, none)
		into := R(&p.records[len(p.records)-1])
		before := d.InputOffset()
		if err := readRecord(d, p.data, into); err != nil {
			return err
		}
		id, _ := into.head()
		if err := p.check(*id); err != nil {
			return refuseRecord(d, start(p.data, before), err.Error(), err)
		}
	}
	_, err = d.ReadToken()
	return err
}

// readRecord reads one record, copies its text, and refuses one without an id.
func readRecord[T any, R record[T]](d *jsontext.Decoder, data []byte, into R) error {
	from := d.InputOffset()
	if err := into.decode(d); err != nil {
		return err
	}
	from = start(data, from)
	id, raw := into.head()
	if noID(*id) {
		return refuseRecord(d, from, "holds no id", nil)
	}
	*raw = bytes.Clone(data[from:d.InputOffset()])
	return nil
}

// start returns where the value after offset begins.
func start(data []byte, offset int64) int64 {
	for offset < int64(len(data)) && strings.IndexByte(" \t\r\n,", data[offset]) >= 0 {
		offset++
	}
	return offset
}

// refuseRecord returns an error about the record that d has just read.
func refuseRecord(d *jsontext.Decoder, from int64, reason string, cause error) error {
	return &jsonv2.SemanticError{
		ByteOffset: from, JSONPointer: d.StackPointer(),
		Err: &wire.DecodeError{Path: "$", Reason: reason, Err: cause},
	}
}

// noID reports whether an id is missing or a stand-in: 0, -1 or a GUID of zeros.
func noID(id string) bool { return strings.Trim(id, "0-") == "" || id == "-1" }

// The types of members. Null and "" mean "not set" for every type: the vendor
// does not say which of them it sends for what is absent, or neither.

// looseText is text on which neither money nor identity rests. What is neither
// text nor a number is not set; the raw text keeps it.
type looseText string

// UnmarshalJSONFrom reads any value.
func (t *looseText) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if k := d.PeekKind(); k != '"' && k != '0' {
		return d.SkipValue()
	}
	return (*wire.Text)(t).UnmarshalJSONFrom(d)
}

// looseWords is an array of names. A lone name is an array of one; elements that
// are neither text nor a number are left out.
type looseWords[S ~string] []S

// UnmarshalJSONFrom reads any value.
func (w *looseWords[S]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() != '[' {
		return w.add(d)
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != ']' {
		if err := w.add(d); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

func (w *looseWords[S]) add(d *jsontext.Decoder) error {
	var word looseText
	err := word.UnmarshalJSONFrom(d)
	if word != "" {
		*w = append(*w, S(word))
	}
	return err
}

// looseNumber is a number, or text that holds one. Anything else is not set.
type looseNumber string

// UnmarshalJSONFrom reads any value.
func (n *looseNumber) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var text looseText
	err := text.UnmarshalJSONFrom(d)
	if number, wrong := payment.ParseAmount(string(text)); wrong == nil {
		*n = looseNumber(number.String())
	}
	return err
}

// money is an exact decimal, as a number or as text: the vendor does not say
// which it sends.
type money struct{ payment.Amount }

// UnmarshalJSONFrom reads what payment.Amount reads, and empty text.
func (m *money) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	value, err := d.ReadValue()
	if err != nil || string(value) == `""` {
		return err
	}
	if kind := value.Kind(); kind != '0' && kind != '"' && kind != 'n' {
		return &wire.DecodeError{Path: "$", Reason: "is not a decimal number"}
	}
	return m.Amount.UnmarshalJSON(value)
}

// dateText is a calendar day. A date with a time is the day in the zone in which it
// is written; a zero date is not set.
type dateText struct {
	payment.Date
	hadTime bool
}

// UnmarshalJSONFrom reads a date, a date with a time after T or a blank, null,
// or empty text.
func (t *dateText) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	token, err := d.ReadToken()
	switch {
	case err != nil || token.Kind() == 'n':
		return err
	case token.Kind() != '"':
		return &wire.DecodeError{Path: "$", Reason: "is not a date"}
	}
	text := token.String()
	if text == "" || strings.HasPrefix(text, "0000-00-00") {
		return nil
	}
	at, _, err := wire.ParseTime(isoTime(text))
	t.Date, t.hadTime = payment.DateOf(at), len(text) > len("2006-01-02")
	return err
}

// isoTime writes a T where a time has a blank in front.
func isoTime(text string) string {
	if at := len("2006-01-02"); len(text) > at && text[at] == ' ' {
		return text[:at] + "T" + text[at+1:]
	}
	return text
}
