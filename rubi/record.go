package rubi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// member is one name and value of an object. Both are parts of its text.
type member struct {
	name  []byte
	value wire.Token
}

// record is one object of an answer. Its readers note the first value that
// cannot be read; one that is absent or null reads as blank, because the vendor
// does not say which fields are always there.
type record struct {
	raw     json.RawMessage
	lexer   *wire.Lexer
	members []member
	parse   func(string) (payment.Amount, error)
	err     error
}

func readRecord(raw json.RawMessage) (record, error) {
	r := record{raw: raw, lexer: wire.NewLexer(raw, wire.MaxDepth), members: make([]member, 0, usualFields)}
	t, err := r.lexer.Next()
	if err == nil && t.Kind != wire.BeginObject {
		return record{}, errNoObject
	}
	for err == nil && t.Kind != wire.End {
		if t, err = r.lexer.Next(); err == nil && t.Kind == wire.Key {
			err = r.add(t)
		}
	}
	if err != nil {
		return record{}, undecodable(raw, err)
	}
	return r, nil
}

const usualFields = 24

// add reads the value behind a key.
func (r *record) add(key wire.Token) error {
	name := r.lexer.Bytes(key)
	for _, old := range r.members {
		if bytes.Equal(old.name, name) {
			return &wire.SyntaxError{Offset: int64(key.Start), Reason: "the same key twice in one object"}
		}
	}
	t, err := r.lexer.Next()
	if err == nil {
		t, err = r.lexer.Skip(t)
	}
	r.members = append(r.members, member{name: name, value: t})
	return err
}

// find gives the value of the first name that is there: exactly, or else in
// other letter case.
func (r *record) find(names ...string) (wire.Token, string, bool) {
	for _, name := range names {
		for _, m := range r.members {
			if string(m.name) == name {
				return m.value, name, true
			}
		}
	}
	for _, name := range names {
		for _, m := range r.members {
			if len(m.name) == len(name) && strings.EqualFold(string(m.name), name) {
				return m.value, name, true
			}
		}
	}
	return wire.Token{}, "", false
}

// content is a string without quotes and escapes, any other scalar as written,
// and nothing for null and for what is not there.
func (r *record) content(t wire.Token) string {
	switch t.Kind {
	case wire.String:
		return string(r.lexer.Bytes(t))
	case wire.Number, wire.Bool:
		return string(r.raw[t.Start:t.End])
	}
	return ""
}

// text reads text, or a number with the digits it has.
func (r *record) text(names ...string) string {
	t, name, _ := r.find(names...)
	if (t.Kind == wire.BeginObject || t.Kind == wire.BeginArray) && r.err == nil {
		r.err = &wire.DecodeError{Path: "$." + name, Offset: int64(t.Start), Reason: "is " + t.Kind.String() + ", not text"}
	}
	return r.content(t)
}

// amount reads an amount and gives its text as well. What is no amount for the
// parser is not set: the record is of use all the same.
func (r *record) amount(name string) (payment.Amount, string) {
	text := r.text(name)
	a, err := r.parse(text)
	if err != nil {
		return payment.Amount{}, text
	}
	return a, text
}

// list gives the JSON of a field that the vendor documents as an array, its
// layers of text taken off; nil for one that is absent, null or blank.
func (r *record) list(name string) json.RawMessage {
	t, _, ok := r.find(name)
	if !ok || t.Kind == wire.Null || t.Kind == wire.String && blank(r.content(t)) {
		return nil
	}
	value, _, err := unwrap(r.raw[t.Start:t.End])
	if err != nil {
		return nil // never: the record has been checked
	}
	return value
}

// decode reads every record of an answer with read. It gives nil for a blank
// message and an empty list for no records.
func decode[T any](c *Client, a answer, read func(*record) T) ([]T, error) {
	raws, err := a.records()
	if err != nil || raws == nil {
		return nil, err
	}
	list := make([]T, 0, len(raws))
	for i, raw := range raws {
		r, err := readRecord(raw)
		r.parse = c.config.parseAmount
		if err == nil {
			list = append(list, read(&r))
			err = r.err
		}
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i, err)
		}
	}
	return list, nil
}
