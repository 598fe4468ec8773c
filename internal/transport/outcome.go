package transport

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

var errRedirect = errors.New("redirect not followed")

// failure gives the error of a call that came to no success.
func (c *Client) failure(call *call) error {
	e, refusal := c.newError(call), c.refused(call)
	if r := call.reply; r != nil && !r.OK() {
		r.Body = c.cfg.Seal.head(r.Body, maxErrorBody, r.cut) // before anybody quotes from it
		e.RetryAfter = retryAfter(r.Header, c.set.clock())
		if e.Err = statusError(r.Status); !r.isWord() {
			e.Err = payment.ErrProtocol
		}
		if c.cfg.Fault != nil {
			c.cfg.Fault(r, e)
		}
	}
	if refusal != nil {
		e.Err, e.RetryAfter = refusal.Err, max(e.RetryAfter, refusal.Wait)
	} else {
		e.Err = verdict(call, e.Err)
	}
	return c.seal(e, call, cause(call))
}

// verdict turns what the status says into what the class allows to say.
func verdict(call *call, byStatus error) error {
	read := call.req.Class.reads()
	var unsent *unsent
	switch {
	case errors.As(call.err, &unsent):
		return unsent.kind
	case call.req.Class == Lookup && call.reply != nil && !call.reply.OK():
		return lookedUp(call, byStatus)
	case call.reply == nil && (read || !call.sent):
		return payment.ErrUnavailable
	case call.reply != nil && call.reply.OK() && read:
		return payment.ErrProtocol
	case call.reply != nil && (read || call.reply.isRefusal()):
		return byStatus
	}
	return payment.ErrOutcomeUnknown
}

// lookedUp is what an answer without success proves of the payment that a Lookup
// asks for: nothing, unless the vendor says that there is none.
func lookedUp(call *call, byStatus error) error {
	if absent := call.req.Absent; absent != nil && absent(call.reply) {
		return payment.ErrNotFound
	}
	for _, barred := range [...]error{payment.ErrUnauthorized, payment.ErrForbidden, payment.ErrRateLimited, payment.ErrUnavailable} {
		if errors.Is(byStatus, barred) {
			return byStatus
		}
	}
	return payment.ErrProtocol
}

// isRefusal reports an answer that says the call was not executed. A 408 is
// none: gateways give it when the server behind them is too slow.
func (r *Reply) isRefusal() bool {
	return r.Status/100 == 4 && r.Status != http.StatusRequestTimeout && r.isWord()
}

// isWord reports an answer that can be the vendor's own. A 4xx in HTML is some
// server's on the way: its 404 does not say that a payment is not there. Only
// what bars the way, whoever says it, stands.
func (r *Reply) isWord() bool {
	switch r.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		return true
	}
	page := strings.Contains(strings.ToLower(r.Header.Get("Content-Type")), "html") ||
		bytes.HasPrefix(bytes.TrimSpace(r.Body), []byte("<"))
	return r.Status/100 != 4 || !page
}

func cause(call *call) error {
	if call.reply != nil && call.reply.Status/100 == 3 {
		return redirect(call.reply)
	}
	return call.err
}

// unreadable gives the error of a success that could not be decoded. An error
// that the vendor wrote into a success is taken as it is.
func (c *Client) unreadable(call *call, err error) error {
	e := c.newError(call)
	var told *payment.Error
	if errors.As(err, &told) {
		e.Code, e.Message, e.Err = told.Code, told.Message, told.Err
		return c.seal(e, call, nil)
	}
	e.Err = payment.ErrProtocol
	switch {
	case call.req.Class == Lookup && errors.Is(err, payment.ErrNotFound):
		e.Err = payment.ErrNotFound
	case !call.req.Class.reads():
		e.Err = payment.ErrOutcomeUnknown
	}
	return c.seal(e, call, err)
}

func (c *Client) newError(call *call) *payment.Error {
	r := call.req
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

// seal takes credentials out of everything that came from outside.
func (c *Client) seal(e *payment.Error, call *call, cause error) error {
	secrets, private := c.cfg.Seal, call.req.Private
	if call.reply != nil {
		e.Body = secrets.head(call.reply.Body, maxErrorBody, call.reply.cut)
	}
	e.Message = secrets.Text(e.Message, private...)
	e.Code = secrets.Text(e.Code, private...)
	e.RequestID = secrets.Text(e.RequestID, private...)
	if cause != nil {
		cause = plainCause(cause)
		e.Err = &fault{kind: e.Err, cause: cause, text: secrets.Text(cause.Error(), private...)}
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
	case status >= 500, status == http.StatusRequestTimeout:
		return payment.ErrUnavailable
	case status >= 400:
		return payment.ErrInvalid
	}
	return payment.ErrProtocol
}

// redirect names the place that an answer points to, without query and user.
func redirect(r *Reply) error {
	u, err := url.Parse(r.Header.Get("Location"))
	if err != nil || *u == (url.URL{}) {
		return errRedirect
	}
	return fmt.Errorf("%w to %s", errRedirect, &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path})
}

// plainCause drops every *url.Error around a cause: its text holds the whole URL.
func plainCause(err error) error {
	for {
		var u *url.Error
		if !errors.As(err, &u) || u.Err == nil {
			return err
		}
		err = u.Err
	}
}
