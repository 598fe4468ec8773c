package rubi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"

	"github.com/tenderkit/tenderkit/internal/check"
	"github.com/tenderkit/tenderkit/internal/transport"
)

const formType = "application/x-www-form-urlencoded; charset=UTF-8"

// element is one parameter of a call. Rubi knows parameters by their place, so
// a blank one is sent too.
type element struct {
	field    string // Go name, for errors
	value    string
	max      int    // UTF-16 units; 0 is no limit
	optional bool   // may be blank
	personal bool   // kept out of errors
	refused  string // why the value is none that the vendor takes
}

// call is one call before the key is added.
type call struct {
	op        string
	method    string          // the vendor's name; op if empty
	class     transport.Class // Write if zero: it is never sent twice
	elements  []element
	reference string
	target    string
	private   string // kept out of errors, beside the personal elements
	refused   error  // what was found wrong while the elements were put together

	confidential bool // no error keeps the answer
}

// Call makes any other call of Rubi: POST api/{method} (inferred: clauses request.post and
// request.unknown-method). It adds the
// API key behind the given elements, which are texts in the order of the
// vendor's table, and returns the ResponseMessage without its layers of text; a
// message that is not JSON is returned as a JSON string.
//
// A list or object is written as JSON text into one element (documented). The
// method holds letters and digits only. Call treats every method as a write, so
// nothing is sent again: an error may match [payment.ErrOutcomeUnknown]. For a
// method that changes nothing use [Client.Query].
func (c *Client) Call(ctx context.Context, method string, elements ...string) (json.RawMessage, error) {
	return send(ctx, c, rawCall("Call", method, elements), answer.raw)
}

// Query is [Client.Call] for a method that only reads. It is tried again after
// a network failure, and none of its errors matches [payment.ErrOutcomeUnknown].
func (c *Client) Query(ctx context.Context, method string, elements ...string) (json.RawMessage, error) {
	k := rawCall("Query", method, elements)
	k.class = transport.Read
	return send(ctx, c, k, answer.raw)
}

func rawCall(op, method string, elements []string) call {
	k := call{op: op, method: method}
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

// send makes the call and passes an answer with code 200 to decode.
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

// list makes the call when the sequence is ranged over. It decodes one record
// at a time, while the answer is being read.
func list[T any, P readable[T]](ctx context.Context, c *Client, k call) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		stopped := false
		_, err := send(ctx, c, k, func(a answer) (struct{}, error) {
			return struct{}{}, read[T, P](ctx, c.config.reading, a, func(record T) error {
				if stopped = !yield(record, nil); stopped {
					return errTooMany // unseen: nobody ranges any more
				}
				return nil
			})
		})
		if err != nil && !stopped {
			var none T
			yield(none, err)
		}
	}
}

// collect returns up to max records of the answer to a write. With more of them
// it is not the answer to this call.
func collect[T any, P readable[T]](ctx context.Context, c *Client, a answer, max int) ([]T, error) {
	var all []T
	err := read[T, P](ctx, c.config.reading, a, func(record T) error {
		if len(all) == max {
			return errTooMany
		}
		all = append(all, record)
		return nil
	})
	if errors.Is(err, ErrBlankAnswer) {
		err = nil
	}
	return all, err
}

var errTooMany = errors.New("ResponseMessage holds more records than can belong to this call")

func (c *Client) request(k call) (transport.Request, error) {
	body, err := c.encode(k)
	if err != nil {
		return transport.Request{}, err
	}
	r := transport.Request{
		Op: k.op, Class: k.class, Method: http.MethodPost, Path: k.method,
		Body: body, ContentType: formType, Reference: k.reference, Target: k.target, Confidential: k.confidential,
		Private: append(make([]string, 0, 1+len(k.elements)), k.private), Spellings: inLayers,
	}
	if r.Path == "" {
		r.Path = k.op
	}
	if r.Class == 0 {
		r.Class = transport.Write
	}
	for _, e := range k.elements {
		if e.personal {
			r.Private = append(r.Private, e.value)
		}
	}
	return r, nil
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

// check refuses what the vendor's tables forbid.
func (e element) check() error {
	if err := checkText(e.field, e.value); err != nil {
		return err
	}
	switch length := check.UTF16Len(e.value); {
	case !e.optional && blank(e.value):
		return invalid(e.field, "is blank")
	case e.max > 0 && length > e.max:
		return invalid(e.field, fmt.Sprintf("is %d characters long, limit %d", length, e.max))
	case e.refused != "":
		return invalid(e.field, e.refused)
	}
	return nil
}

// unless returns why a value is refused, or nothing if it is one of those that
// the vendor takes.
func unless(known bool, reason string) string {
	if known {
		return ""
	}
	return reason
}
