package backendpay

import (
	"context"
	"errors"
	"net/http"

	"github.com/tenderkit/tenderkit/internal/check"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// patch is one PATCH of an object.
type patch[T any] struct {
	op, path, id string
	refused      error // what is wrong with the fields
	body         body
	reference    string
	private      []string
	record       *record[T]
	shown        func(*T) bool // whether an object shows all that was asked for
}

// send sends it once. If the answer is lost, the object is read back.
func (p patch[T]) send(ctx context.Context, c *Client) (*T, error) {
	if err := check.First(func() error { return c.form.checkID("id", p.id) }, func() error { return p.refused }); err != nil {
		return nil, c.http.Refuse(p.op, err)
	}
	changed, err := transport.Call(ctx, c.http, transport.Request{
		Op: p.op, Class: transport.Write, Method: http.MethodPatch,
		Path: c.form.item(p.path), IDs: []string{p.id}, Payload: p.body,
		Reference: p.reference, Target: p.id, Private: p.private,
	}, p.decode)
	if errors.Is(err, payment.ErrOutcomeUnknown) {
		now, readErr := getOne(ctx, c, p.op, p.path, p.id, p.record)
		if readErr == nil && p.record.id(now) == p.id && p.shown(now) {
			return now, nil
		}
	}
	return changed, err
}

func (p patch[T]) decode(reply *transport.Reply) (*T, error) {
	changed, err := p.record.decode(reply)
	if err == nil && p.record.id(changed) != p.id {
		return nil, &wire.DecodeError{Path: "$.id", Reason: "is not the id of what was to be changed"}
	}
	return changed, err
}

// deleteOne sends one DELETE once. If the answer is lost, the object is read
// back: one that is gone is taken as deleted.
func deleteOne[T any](ctx context.Context, c *Client, op, path, id string, rec *record[T]) error {
	if err := c.form.checkID("id", id); err != nil {
		return c.http.Refuse(op, err)
	}
	_, err := transport.Call(ctx, c.http, transport.Request{
		Op: op, Class: transport.Write, Method: http.MethodDelete, Path: c.form.item(path), IDs: []string{id}, Target: id,
	}, transport.Ignore)
	if errors.Is(err, payment.ErrOutcomeUnknown) {
		if _, readErr := getOne(ctx, c, op, path, id, rec); errors.Is(readErr, payment.ErrNotFound) {
			return nil
		}
	}
	return err
}
