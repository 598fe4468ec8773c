package paymenttest

import (
	"context"
	"net/http"
	"strings"
)

// DocumentedExchange is an exchange that the vendor documents: a request, byte for
// byte but for the placeholders, and the form of its answer. Its clause can be
// tried against any server, also one that somebody has written as a stand-in for
// the vendor.
type DocumentedExchange struct {
	Method string
	Path   string // behind the Target's URL
	Body   string
	Header http.Header
	Status int
	Answer Form
	// Placeholders name what takes the place of a text of path and body: the
	// vendor's sample order, reference and so on. The value is the name of a
	// sandbox object, or "reference" for a new one.
	Placeholders map[string]string
	// Made, if set, is told of an answer without mismatch and what was noted as
	// written, nil if nothing was. It can have it undone by [Trial.AtEnd].
	Made func(t *Trial, e Exchange, w *Written)
}

// Probe sends the request and compares the answer.
func (d DocumentedExchange) Probe(ctx context.Context, t *Trial) error {
	raw := Raw{Method: d.Method, Header: d.Header, Path: d.fill(t, d.Path), Body: []byte(d.fill(t, d.Body))}
	req := Exchange{Method: d.Method, Path: d.Path}
	var note *Written
	if t.clause.writes() {
		note = t.Writing("%s with the documented body", req.Place())
	}
	e, err := t.Send(ctx, raw)
	if err != nil {
		return err
	}
	if note != nil && e.Status >= 400 && e.Status < 500 {
		note.Undo()
	}
	t.Expect("status %d and the documented form", d.Status)
	t.See("status %d", e.Status)
	err = t.Want(e, d.Status, d.Answer)
	if err == nil && d.Made != nil {
		d.Made(t, e, note)
	}
	return err
}

// fill puts sandbox objects and references in place of the vendor's samples.
func (d DocumentedExchange) fill(t *Trial, text string) string {
	for _, sample := range sortedKeys(d.Placeholders) {
		if !strings.Contains(text, sample) {
			continue
		}
		value := t.Object(d.Placeholders[sample])
		if d.Placeholders[sample] == "reference" {
			value = t.Reference()
		}
		text = strings.ReplaceAll(text, sample, value)
	}
	return text
}
