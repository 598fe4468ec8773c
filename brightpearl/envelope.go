package brightpearl

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"mime"
	"strings"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// envelope is the one form of every answer (documented): response or errors,
// never both.
type envelope[T any] struct {
	Response *T              `json:"response"`
	Errors   json.RawMessage `json:"errors"`
}

var (
	errNotJSON    = errors.New("the answer's content type is not JSON")
	errBothKeys   = errors.New("the answer holds both response and errors")
	errNoResponse = errors.New("the answer holds no response")
)

// open takes the response out of a successful answer.
func open[T any](r *transport.Reply) (T, error) {
	var none T
	if !isJSON(r) {
		return none, errNotJSON
	}
	e, err := transport.JSON[envelope[T]](r)
	switch {
	case err != nil:
		return none, err
	case e.Response != nil && e.Errors != nil:
		return none, errBothKeys
	case e.Response == nil:
		return none, errNoResponse
	}
	return *e.Response, nil
}

// openID takes the id of a new record out of a successful answer.
func openID(r *transport.Reply) (int64, error) {
	id, err := open[int64](r)
	if err == nil && id <= 0 {
		err = errors.New("$.response: is not a positive id")
	}
	return id, err
}

// openOne takes the first of a list that should hold one record.
func openOne[T any](r *transport.Reply) (T, error) {
	list, err := open[[]T](r)
	if err != nil || len(list) == 0 {
		var none T
		return none, cmp.Or(err, error(&payment.Error{Err: payment.ErrNotFound}))
	}
	return list[0], nil
}

// openNothing takes the answer of a call that gives nothing back: an empty body
// (documented) or an object without errors ({} was observed).
func openNothing(r *transport.Reply) (nothing struct{}, err error) {
	switch {
	case len(bytes.TrimSpace(r.Body)) == 0:
		return nothing, nil
	case !isJSON(r):
		return nothing, errNotJSON
	}
	e, err := transport.JSON[envelope[json.RawMessage]](r)
	if err == nil && e.Errors != nil {
		err = errors.New("$.errors: stands in an answer of success")
	}
	return nothing, err
}

// isJSON reports an answer that does not call itself something else. One
// without a content type is judged by its text.
func isJSON(r *transport.Reply) bool {
	header := r.Header.Get("Content-Type")
	if header == "" {
		return true
	}
	kind, _, err := mime.ParseMediaType(header)
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}

// looseText is text that the vendor also sends as a number.
type looseText string

func (t *looseText) UnmarshalJSON(data []byte) error {
	var n json.Number
	if len(data) > 0 && data[0] != '"' && string(data) != "null" {
		err := json.Unmarshal(data, &n)
		*t = looseText(n)
		return err
	}
	return json.Unmarshal(data, (*string)(t))
}
