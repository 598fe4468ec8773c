package transport

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/tenderkit/tenderkit/payment"
)

// failure gives the error of a call that came to no success.
func (c *Client) failure(call *call) error {
	e := c.newError(call.req, call.reply)
	e.Attempts = call.attempts
	cause := call.err
	if r := call.reply; r != nil && !r.OK() {
		e.RetryAfter = retryAfter(r.Header, c.set.clock())
		e.Err = statusError(r.Status)
		if c.cfg.Fault != nil {
			c.cfg.Fault(r, e)
		}
		cause = errors.Join(redirect(r), cause)
	}
	if refusal := c.refused(call); refusal != nil {
		e.Err, e.RetryAfter = refusal.Err, max(e.RetryAfter, refusal.Wait)
	} else {
		e.Err = verdict(call, e.Err)
	}
	return c.seal(e, call.req, cause)
}

// verdict turns what the status says into what the class allows to say.
func verdict(call *call, byStatus error) error {
	read := call.req.Class == Read
	var unsent *unsent
	switch {
	case errors.As(call.err, &unsent):
		return unsent.kind
	case call.reply == nil && (read || !call.mayHaveBeenSent()):
		return payment.ErrUnavailable
	case call.reply != nil && call.reply.OK() && read:
		return payment.ErrProtocol
	case call.reply != nil && (read || call.reply.Status/100 == 4):
		return byStatus
	}
	return payment.ErrOutcomeUnknown
}

// unreadable gives the error of a success that could not be decoded. An error
// that the vendor wrote into a success is taken as it is.
func (c *Client) unreadable(r *Request, reply *Reply, err error) error {
	e := c.newError(r, reply)
	e.Attempts = 1
	var told *payment.Error
	if errors.As(err, &told) {
		e.Code, e.Message, e.Err = told.Code, told.Message, told.Err
		return c.seal(e, r, nil)
	}
	e.Err = payment.ErrProtocol
	if r.Class != Read {
		e.Err = payment.ErrOutcomeUnknown
	}
	return c.seal(e, r, err)
}

func (c *Client) newError(r *Request, reply *Reply) *payment.Error {
	e := &payment.Error{
		Vendor: c.cfg.Vendor, Op: r.Op, Method: r.Method, Path: r.Path,
		Reference: r.Reference, Target: r.Target,
	}
	if reply != nil {
		e.Status = reply.Status
		e.Body = reply.Body[:min(len(reply.Body), maxErrorBody)]
		e.RequestID = reply.Header.Get(c.cfg.RequestID)
	}
	return e
}

// seal takes credentials out of everything that came from outside.
func (c *Client) seal(e *payment.Error, r *Request, cause error) error {
	secrets := c.cfg.Seal
	e.Body = secrets.Clean(e.Body)
	e.Message = secrets.Text(e.Message, r.Private...)
	e.Code = secrets.Text(e.Code, r.Private...)
	e.RequestID = secrets.Text(e.RequestID, r.Private...)
	if cause != nil {
		cause = plainCause(cause)
		e.Err = &fault{kind: e.Err, cause: cause, text: secrets.Text(cause.Error(), r.Private...)}
	}
	return e
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
	case status >= 500:
		return payment.ErrUnavailable
	case status >= 400:
		return payment.ErrInvalid
	}
	return payment.ErrProtocol
}

// redirect names the place that an answer points to, without query and user.
func redirect(r *Reply) error {
	if r.Status/100 != 3 {
		return nil
	}
	u, err := url.Parse(r.Header.Get("Location"))
	if err != nil {
		return errRedirects
	}
	return fmt.Errorf("%w to %s", errRedirects, (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String())
}

// plainCause drops the *url.Error around a cause: its text holds the whole URL.
func plainCause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
