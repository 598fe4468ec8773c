package backendpay

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// decodeReply decodes an answer that is one record.
func decodeReply[T any, R record[T]](reply *transport.Reply) (T, error) {
	return decodeItem[T, R](reply.Body)
}

// get reads one object by its id.
func get[T any, R record[T]](ctx context.Context, c *Client, op, path, id string) (T, error) {
	if err := c.form.checkID("id", id); err != nil {
		var none T
		return none, c.http.Refuse(op, err)
	}
	return transport.Call(ctx, c.http, transport.Request{
		Op: op, Class: transport.Read, Method: http.MethodGet, Path: c.form.item(path), IDs: []string{id},
	}, decodeReply[T, R])
}

// readBack reads an object after a write of it whose answer was lost.
func readBack[T any, R record[T]](ctx context.Context, c *Client, op, path, id string) (T, error) {
	return transport.Call(ctx, c.http, transport.Request{
		Op: op, Class: transport.Lookup, Method: http.MethodGet, Path: c.form.item(path), IDs: []string{id}, Absent: isAbsent,
	}, decodeReply[T, R])
}

// isAbsent reports whether the API says that it has no such object: a 404
// (documented) without a body or with JSON. A page is not the API's.
func isAbsent(r *transport.Reply) bool {
	var said jsontext.Value
	return r.Status == http.StatusNotFound && (len(r.Body) == 0 || wire.Unmarshal(r.Body, &said) == nil)
}

// patch is one PATCH of an object.
type patch[T any, R record[T]] struct {
	op, path, id string
	refused      error // what is wrong with the fields
	body         any
	reference    string
	private      []string
	shown        func(T) bool  // whether an object shows all that was asked for
	check        func(T) error // compares the answer with what was asked for, may be nil
}

// send sends it once. If the answer is lost, the object is read back.
func (p patch[T, R]) send(ctx context.Context, c *Client) (T, error) {
	if err := cmp.Or(c.form.checkID("id", p.id), p.refused); err != nil {
		var none T
		return none, c.http.Refuse(p.op, err)
	}
	changed, err := transport.Call(ctx, c.http, transport.Request{
		Op: p.op, Class: transport.Write, Method: http.MethodPatch,
		Path: c.form.item(p.path), IDs: []string{p.id}, Payload: p.body,
		Reference: p.reference, Target: p.id, Private: p.private,
	}, p.decode)
	if errors.Is(err, payment.ErrOutcomeUnknown) {
		now, readErr := readBack[T, R](ctx, c, p.op, p.path, p.id)
		if id, _ := R(&now).head(); readErr == nil && *id == p.id && p.shown(now) {
			return now, nil
		}
	}
	return changed, err
}

func (p patch[T, R]) decode(reply *transport.Reply) (T, error) {
	var none T
	changed, err := decodeWritten[T, R](reply)
	if err != nil {
		return none, err
	}
	if id, _ := R(&changed).head(); *id != p.id {
		return none, &wire.DecodeError{Path: "$.id", Reason: "is not the id of what was to be changed"}
	}
	if p.check != nil {
		err = p.check(changed)
	}
	return changed, err
}

// remove sends one DELETE once. If the answer is lost, or is not what the vendor
// would say of a deletion, the object is read back: one that is gone is taken
// as deleted.
func remove[T any, R record[T]](ctx context.Context, c *Client, op, path, id string) error {
	if err := c.form.checkID("id", id); err != nil {
		return c.http.Refuse(op, err)
	}
	_, err := transport.Call(ctx, c.http, transport.Request{
		Op: op, Class: transport.Write, Method: http.MethodDelete, Path: c.form.item(path), IDs: []string{id}, Target: id,
	}, decodeRemoved)
	if errors.Is(err, payment.ErrOutcomeUnknown) {
		if _, readErr := readBack[T, R](ctx, c, op, path, id); errors.Is(readErr, payment.ErrNotFound) {
			return nil
		}
	}
	return err
}

// decodeRemoved takes an answer that says nothing against a deletion. What the
// vendor answers is unknown (clause delete.answer), so the object is read back
// after anything else: a page, a text, an error, a message.
func decodeRemoved(reply *transport.Reply) (none struct{}, err error) {
	if len(reply.Body) == 0 {
		return none, nil
	}
	var said jsontext.Value
	if err := wire.Unmarshal(reply.Body, &said); err != nil {
		return none, err
	}
	switch string(said) {
	case "null", "true", `""`, "[]":
		return none, nil
	}
	var object struct {
		Message wire.Lenient[wire.Text] `json:"message,case:ignore"`
	}
	if wire.Unmarshal(said, &object) != nil || object.Message.Value != "" {
		return none, &wire.DecodeError{Path: "$", Reason: "may not say that it is deleted"}
	}
	return none, checkWritten(json.RawMessage(said))
}

// decodeWritten decodes the record in the answer of a write.
func decodeWritten[T any, R record[T]](reply *transport.Reply) (T, error) {
	var none T
	written, err := decodeReply[T, R](reply)
	if err != nil {
		return none, err
	}
	_, raw := R(&written).head()
	if err := checkWritten(*raw); err != nil {
		return none, err
	}
	return written, nil
}

// checkWritten refuses a success that names errors: nobody knows what it means.
func checkWritten(raw json.RawMessage) error {
	if !bytes.Contains(raw, []byte(`rror`)) && !bytes.Contains(raw, []byte(`RROR`)) && bytes.IndexByte(raw, '\\') < 0 {
		return nil // no member can have one of the names: the usual case
	}
	var said struct {
		Error  jsontext.Value `json:"error,case:ignore"`
		Errors jsontext.Value `json:"errors,case:ignore"`
	}
	_ = wire.Unmarshal(raw, &said) // what is no object names none
	switch {
	case isSet(said.Error):
		return &wire.DecodeError{Path: "$.error", Reason: "is set in the answer of a success"}
	case isSet(said.Errors):
		return &wire.DecodeError{Path: "$.errors", Reason: "is set in the answer of a success"}
	}
	return nil
}

func isSet(value jsontext.Value) bool {
	switch string(value) {
	case "", "null", `""`, "[]", "{}", "false", "0":
		return false
	}
	return true
}

// lookup returns a member of an object that was read before, or nil.
func lookup(raw json.RawMessage, name string) json.RawMessage {
	var members map[string]json.RawMessage
	if wire.Unmarshal(raw, &members) != nil {
		return nil
	}
	return members[name]
}
