package transport

import (
	"context"
	"errors"
	"math"
	"net/http"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// ending says how an attempt ended.
type ending int

const (
	succeeded   ending = iota
	withheld           // a limiter, a signer or another layer of ours stopped it before anything was sent
	unprocessed        // no connection was had, or the server said that it did not process the request
	repeated           // the transport sent a Write more than once
	silent             // no answer came, and the vendor may have the request
	torn               // the answer broke off
	unusable           // a success that is too large, has no content or cannot be decoded
	unexecuted         // the vendor says that it did not execute the call: see [Refusal]
	absent             // the vendor says that there is no such payment: see [Request.Absent]
	barred             // 401, 403
	walled             // the same as a web page or a text, which a server on the way may have sent
	throttled          // 429
	crowded            // the same as a web page or a text
	said               // any other 4xx in a form that can be the vendor's own
	foreign            // the same as a web page
	overloaded         // 502, 503, 504
	broken             // any other 5xx, and any 4xx by which a gateway says that it gave up
	odd                // what is left: 1xx, 3xx
)

const (
	never     = 0
	maxUnsent = 2             // how often a Write that was not processed is sent again
	always    = math.MaxInt32 // as often as WithRetries allows
)

// rule says how often a call may be sent again after an ending, and what its
// error means if it is not. A nil error means what the answer itself says.
type rule struct {
	reads, writes       int
	read, lookup, write error
}

var (
	unavailable = payment.ErrUnavailable
	protocol    = payment.ErrProtocol
	notFound    = payment.ErrNotFound
	unknown     = payment.ErrOutcomeUnknown
)

// rules is the table of what may be sent again and what an answer means.
var rules = [...]rule{
	// sent again: reads, writes; means: for a Read, a Lookup, a Write
	succeeded:   {never, never, nil, nil, nil},
	withheld:    {never, never, nil, nil, nil},
	unprocessed: {always, maxUnsent, unavailable, unavailable, unavailable},
	repeated:    {never, never, unavailable, unavailable, unknown},
	silent:      {always, never, unavailable, unavailable, unknown},
	torn:        {always, never, protocol, protocol, unknown},
	unusable:    {never, never, protocol, protocol, unknown},
	unexecuted:  {always, always, nil, nil, nil}, // at most Refusal.Tries times
	absent:      {never, never, nil, notFound, nil},
	barred:      {never, never, nil, nil, nil},
	walled:      {never, never, nil, nil, unknown},
	throttled:   {always, never, nil, nil, nil},
	crowded:     {always, never, nil, nil, unknown},
	said:        {never, never, nil, protocol, nil},
	foreign:     {never, never, protocol, protocol, unknown},
	overloaded:  {always, never, nil, nil, unknown},
	broken:      {never, never, nil, nil, unknown},
	odd:         {never, never, protocol, protocol, unknown},
}

// again returns how often a call of this class may be sent again.
func (r rule) again(c Class) int {
	if c.reads() {
		return r.reads
	}
	return r.writes
}

// verdict returns what the ending means for a call of this class, where the
// answer itself says said.
func (r rule) verdict(c Class, said error) error {
	meaning := r.write
	switch c {
	case Read:
		meaning = r.read
	case Lookup:
		meaning = r.lookup
	}
	if meaning == nil {
		return said
	}
	return meaning
}

// ending classifies the last attempt of a call.
func (c *Client) ending(call *call) ending {
	r := call.reply
	switch {
	case isUnsent(call.err):
		return withheld
	case r == nil && !call.sent:
		return unprocessed
	case call.req.Class == Write && errors.Is(call.err, errRepeated):
		return repeated
	case r == nil:
		return silent
	case r.OK() && errors.Is(call.err, errTooLarge):
		return unusable
	case r.OK() && call.err != nil:
		return torn
	case r.OK():
		return succeeded
	case c.refused(call) != nil:
		return unexecuted
	case call.req.Class == Lookup && call.req.Absent != nil && call.req.Absent(r):
		return absent
	}
	return r.ending()
}

// ending classifies an answer without success.
func (r *Reply) ending() ending {
	switch s := r.Status; {
	case s == http.StatusUnauthorized, s == http.StatusForbidden:
		return r.unless(r.isPage() || r.isText(), barred, walled)
	case s == http.StatusTooManyRequests:
		return r.unless(r.isPage() || r.isText(), throttled, crowded)
	case s == http.StatusBadGateway, s == http.StatusServiceUnavailable, s == http.StatusGatewayTimeout:
		return overloaded
	case s/100 == 5, gaveUp(s):
		return broken
	case s/100 == 4:
		return r.unless(r.isPage(), said, foreign)
	}
	return odd
}

func (r *Reply) unless(foreign bool, word, other ending) ending {
	if foreign {
		return other
	}
	return word
}

// gaveUp reports whether a server on the way may say by a status 4xx that it
// did not wait for the answer: 408, and all that HTTP does not define, such as
// 499 of nginx and 460 of a load balancer.
func gaveUp(status int) bool {
	return status/100 == 4 && (status == http.StatusRequestTimeout || http.StatusText(status) == "")
}

// refused asks the vendor's package whether an answer means "not executed".
func (c *Client) refused(call *call) *Refusal {
	if c.cfg.Refused == nil || call.reply == nil || call.reply.OK() {
		return nil
	}
	return c.cfg.Refused(&call.req, call.reply)
}

// checkRetry is the retrier's question after each attempt. It answers from the
// call, which knows the class; the arguments do not.
func (c *Client) checkRetry(ctx context.Context, _ *http.Response, err error) (bool, error) {
	call := callOf(ctx)
	if err != nil {
		call.endedBy(err)
	}
	if ctx.Err() != nil || !c.mayRepeat(call) {
		return false, nil
	}
	if call.pause = c.askedWait(call); call.pause > 0 {
		return fits(ctx, call.pause), nil
	}
	call.pause = jitter(c.set.BackoffMin, c.set.BackoffMax, call.attempts-1)
	return true, nil
}

// mayRepeat applies the table to the last attempt.
func (c *Client) mayRepeat(call *call) bool {
	how := c.ending(call)
	if r := call.reply; r != nil && call.err != nil && how > unusable {
		how = torn // the status tells what the answer means, not what its rest would have said
	}
	limit := rules[how].again(call.req.Class)
	switch {
	case limit == never:
		return false
	case call.reply != nil && retryAfter(call.reply.Header, c.set.Clock()) > maxRetryAfter:
		return false
	case how == unexecuted:
		return call.reply.Seen <= c.refused(call).Tries
	}
	return call.attempts <= limit
}

// askedWait returns how long the last answer asks to wait, 0 if it does not.
func (c *Client) askedWait(call *call) time.Duration {
	if call.reply == nil {
		return 0
	}
	wait := retryAfter(call.reply.Header, c.set.Clock())
	if refusal := c.refused(call); refusal != nil {
		wait = max(wait, refusal.Wait)
	}
	return wait
}
