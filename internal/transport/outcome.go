package transport

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
)

var errRedirect = errors.New("redirect not followed")

// failure returns the error of a call that had no success.
func (c *Client) failure(call *call) error {
	e, how := c.newError(call), c.ending(call)
	said := c.whatIsSaid(call, e)
	e.Err = rules[how].verdict(call.req.Class, said)
	return c.seal(e, call, cause(call))
}

// whatIsSaid returns what the last attempt itself says, whatever may be
// concluded from it, and fills in the fields of e that tell of it.
func (c *Client) whatIsSaid(call *call, e *payment.Error) error {
	said, refusal := error(payment.ErrProtocol), c.refused(call)
	if r := call.reply; r != nil && !r.OK() {
		r.Body = head(r.Body, call.veil().secret(), maxErrorBody, r.cut) // before anybody quotes from it
		e.RetryAfter = c.askedWait(call)
		e.Err = statusError(r.Status)
		if c.cfg.Fault != nil {
			c.cfg.Fault(r, e)
		}
		said = e.Err
	}
	var withheld *unsent
	switch {
	case errors.As(call.err, &withheld):
		return withheld.sentinel
	case refusal != nil:
		return refusal.Err
	}
	return said
}

// unreadable returns the error of a success that could not be decoded. An error
// that the vendor wrote into a success is taken as it is.
func (c *Client) unreadable(call *call, err error) error {
	e := c.newError(call)
	var told *payment.Error
	switch {
	case errors.As(err, &told):
		e.Code, e.Message, e.Err = told.Code, told.Message, told.Err
		return c.seal(e, call, nil)
	case call.req.Class == Lookup && errors.Is(err, payment.ErrNotFound):
		e.Err = payment.ErrNotFound
	default:
		e.Err = rules[unusable].verdict(call.req.Class, nil)
	}
	return c.seal(e, call, err)
}

// newError returns an error that tells of the call and its last answer.
func (c *Client) newError(call *call) *payment.Error {
	r := &call.req
	e := &payment.Error{
		Vendor: c.cfg.Vendor, Op: r.Op, Method: r.Method, Path: r.Path,
		Reference: r.Reference, Target: r.Target, Attempts: call.attempts,
	}
	if call.reply != nil {
		e.Status = call.reply.Status
		e.RequestID = call.reply.Header.Get(c.cfg.RequestID)
	}
	return e
}

// seal removes credentials from everything that came from outside, and personal
// data from what is printed.
func (c *Client) seal(e *payment.Error, call *call, cause error) error {
	v := call.veil()
	if call.reply != nil && !call.req.Confidential {
		e.Body = head(call.reply.Body, v.secret(), maxErrorBody, call.reply.cut)
	}
	e.Message, e.Code, e.RequestID = v.text(e.Message), v.text(e.Code), v.text(e.RequestID)
	e.Err = v.seal(e.Err)
	if cause != nil {
		e.Err = because(e.Err, v.seal(withoutURL(cause)))
	}
	return e
}

// cause returns why the last attempt had no answer, or where its redirect leads.
func cause(call *call) error {
	if call.reply != nil && call.reply.Status/100 == 3 {
		return redirect(call.reply)
	}
	return call.err
}

// redirect names the place that an answer points to, without query and user.
func redirect(r *Reply) error {
	u, err := url.Parse(r.Header.Get("Location"))
	if err != nil || *u == (url.URL{}) {
		return errRedirect
	}
	return fmt.Errorf("%w to %s", errRedirect, &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path})
}

// isPage reports whether the body is a web page, which is the word of some
// server on the way: its 404 does not say that a payment is not there. The body
// itself counts for more than the type that it is declared as.
func (r *Reply) isPage() bool {
	switch body := r.trimmed(); {
	case bytes.HasPrefix(body, []byte("<")):
		return true
	case isJSON(body):
		return false
	}
	return strings.Contains(strings.ToLower(r.Header.Get("Content-Type")), "html")
}

// isText reports whether the body is neither empty nor JSON. Walls and limiters
// on the way write such sentences under 401, 403 and 429.
func (r *Reply) isText() bool {
	body := r.trimmed()
	return len(body) > 0 && !isJSON(body)
}

func (r *Reply) trimmed() []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(r.Body, []byte("\ufeff")))
}

// isJSON reports whether body is an object, an array or a text of JSON.
func isJSON(body []byte) bool {
	return len(body) > 0 && strings.IndexByte(`{["`, body[0]) >= 0 && jsontext.Value(body).IsValid()
}

func statusError(status int) error {
	switch {
	case status == http.StatusUnauthorized:
		return payment.ErrUnauthorized
	case status == http.StatusForbidden:
		return payment.ErrForbidden
	case status == http.StatusNotFound:
		return payment.ErrNotFound
	case status == http.StatusConflict:
		return payment.ErrConflict
	case status == http.StatusTooManyRequests:
		return payment.ErrRateLimited
	case status >= 500, gaveUp(status):
		return payment.ErrUnavailable
	case status >= 400:
		return payment.ErrInvalid
	}
	return payment.ErrProtocol
}
