package rubi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/tenderkit/tenderkit/internal/transport"
)

const formType = "application/x-www-form-urlencoded; charset=UTF-8"

// element is one parameter of a call. Rubi knows parameters by their place, so
// a blank one is sent too.
type element struct {
	field    string // Go name, for errors
	value    string
	max      int  // characters; 0 is no limit
	optional bool // may be blank
	personal bool // kept out of errors
}

// call is one call before the key is added. One that does not only read is a
// write, and never sent twice.
type call struct {
	op        string
	method    string // the vendor's name; op if empty
	reads     bool
	elements  []element
	reference string
	target    string
	private   string // kept out of errors, beside the personal elements
	refused   error  // what was found wrong while the elements were put together
}

// Call makes any other call of Rubi: POST api/{method} (inferred). It puts the
// API key behind the given elements, all of them texts in the order of the
// vendor's table, and gives the ResponseMessage with its layers of text taken
// off; a message that is no JSON is given as a JSON string.
//
// A list or object is written as JSON text into one element (documented). The
// method holds letters and digits only. Call takes every method for a write, so
// nothing is sent again: an error may match [payment.ErrOutcomeUnknown].
func (c *Client) Call(ctx context.Context, method string, elements ...string) (json.RawMessage, error) {
	return send(ctx, c, rawCall(method, elements), func(a answer) (json.RawMessage, error) { return a.message, nil })
}

func rawCall(method string, elements []string) call {
	k := call{op: "Call", method: method}
	if !isMethod(method) {
		k.refused = invalid("method", "is not letters and digits only")
	}
	for i, value := range elements {
		k.elements = append(k.elements, element{
			field: fmt.Sprintf("elements[%d]", i), value: value, optional: true, personal: true,
		})
	}
	return k
}

func isMethod(s string) bool {
	for i := range len(s) {
		letter, digit := s[i]|0x20, s[i]
		if (letter < 'a' || letter > 'z') && (digit < '0' || digit > '9') {
			return false
		}
	}
	return s != ""
}

// send makes the call and hands the message of a code 200 to decode.
func send[T any](ctx context.Context, c *Client, k call, decode func(answer) (T, error)) (T, error) {
	var none T
	req, err := c.request(k)
	if err != nil {
		return none, c.http.Refuse(k.op, err)
	}
	return transport.Call(ctx, c.http, req, func(r *transport.Reply) (T, error) {
		a, err := readAnswer(r.Body)
		if err == nil {
			err = a.refusal(req.Class)
		}
		if err != nil {
			return none, err
		}
		return decode(a)
	})
}

func (c *Client) request(k call) (transport.Request, error) {
	body, err := c.encode(k)
	r := transport.Request{
		Op: k.op, Class: transport.Write, Method: http.MethodPost, Path: k.method,
		Body: body, ContentType: formType, Reference: k.reference, Target: k.target,
	}
	if k.method == "" {
		r.Path = k.op
	}
	if k.reads {
		r.Class = transport.Read
	}
	r.Private = inLayers(k.private)
	for _, e := range k.elements {
		if e.personal {
			r.Private = append(r.Private, inLayers(e.value)...)
		}
	}
	return r, err
}

// encode writes the positional form: the JSON text of an array of texts whose
// last is the key, form-encoded under the empty name (the vendor's sample).
func (c *Client) encode(k call) ([]byte, error) {
	if k.refused != nil {
		return nil, k.refused
	}
	texts := make([]string, 0, len(k.elements)+1)
	for _, e := range k.elements {
		if err := e.check(); err != nil {
			return nil, err
		}
		if e.value == c.config.key() {
			return nil, invalid(e.field, "is the API key, which the client adds itself")
		}
		texts = append(texts, e.value)
	}
	texts = append(texts, c.config.key())
	return []byte("=" + url.QueryEscape(jsonText(texts))), nil
}
