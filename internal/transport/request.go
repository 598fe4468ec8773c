package transport

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// Class decides what may be sent again and what an answer means. The zero value
// is not a class.
type Class int

// The three classes. A GET is a Read, and so is a POST that only reads.
const (
	// Read asks for something. A status 404 is payment.ErrNotFound.
	Read Class = iota + 1
	// Lookup is a Read that asks whether a write took effect. Caches are asked
	// not to answer it. Only the vendor's own word that there is no such payment
	// is payment.ErrNotFound: a successful answer without it, which decode tells,
	// or an answer that [Request.Absent] reports. Every other answer of status
	// 4xx proves nothing and is payment.ErrProtocol.
	Lookup
	// Write changes something.
	Write
)

// reads reports whether a request of this class changes nothing.
func (c Class) reads() bool { return c == Read || c == Lookup }

// Request is one call.
type Request struct {
	Op     string
	Class  Class
	Method string
	Path   string   // template without leading slash, such as "payments/{id}"
	IDs    []string // fill the braces of Path, in order
	Query  url.Values

	Payload     any    // written as JSON; one with a Validate method is checked first
	Body        []byte // in place of Payload
	ContentType string // of Body; "application/json" if empty

	// Absent reports whether an answer without success is the vendor's own word
	// that there is no such payment. Nil means that no such answer is. It is
	// asked for a Lookup only.
	Absent func(*Reply) bool

	// Confidential says that the answer itself is a secret, such as a new token.
	// No error keeps its body.
	Confidential bool

	Reference string   // for the error: the payment's own reference
	Target    string   // for the error: what the payment pays
	Private   []string // personal data sent, kept out of the error's text

	// Spellings returns how a text of Private stands in a request or an answer,
	// the text itself included. It is asked only if there is an error. Nil means
	// that a text stands as it is.
	Spellings func(text string) []string
}

// private returns what an error's text must not show.
func (r *Request) private() []string {
	if r.Spellings == nil {
		return r.Private
	}
	var list []string
	for _, text := range r.Private {
		list = append(list, r.Spellings(text)...)
	}
	return list
}

// validator is a payload that can check itself.
type validator interface{ Validate() error }

// encode returns the bytes to send.
func (r *Request) encode() ([]byte, error) {
	if r.Payload == nil {
		return r.Body, nil
	}
	if v, ok := r.Payload.(validator); ok {
		if err := v.Validate(); err != nil {
			return nil, err
		}
	}
	b, err := wire.Marshal(r.Payload)
	if err != nil {
		return nil, because(&payment.FieldError{Field: "Payload", Reason: "cannot be written as JSON"}, err)
	}
	return b, nil
}

// build returns the request that the retrier sends.
func (c *Client) build(call *call) (*retryablehttp.Request, error) {
	r := &call.req
	path, err := fillPath(r.Path, r.IDs)
	if err != nil {
		return nil, err
	}
	body, err := r.encode()
	if err != nil {
		return nil, err
	}
	call.body = body
	req := &retryablehttp.Request{Request: c.blank.WithContext(call)}
	req.Method, req.URL, req.Header = r.Method, c.url(path, r.Query), http.Header{}
	return req, r.setBody(req, body)
}

// request completes the request of one attempt. Its header is made here: one
// made by build would be copied by net/http, and again by who signs. What is in
// it already is a cookie of the caller's jar, or the place that a redirect came
// from.
func (c *Client) request(call *call, req *http.Request) *http.Request {
	added := req.Header
	req.Header = c.header(&call.req, call.body != nil && req.Body != nil)
	maps.Copy(req.Header, added)
	req.Host = cmp.Or(req.Host, req.URL.Host)
	return req
}

// setBody sets the body. A Write has one in any case, and no GetBody: without
// a body, or with GetBody, net/http sends a request a second time by itself: on
// HTTP/1 a GET whose connection broke, on HTTP/2 any request whose stream the
// server has reset with a protocol error. An empty body leaves the form of a
// GET or DELETE as it is.
func (r *Request) setBody(req *retryablehttp.Request, body []byte) error {
	if r.Class.reads() && body == nil {
		return nil
	}
	if body == nil {
		body = []byte{}
	}
	if err := req.SetBody(body); err != nil {
		return err
	}
	if !r.Class.reads() {
		req.GetBody = nil
	}
	return nil
}

// SentBody returns the bytes that an attempt sends, for the signature over them,
// or nil if it sends none. It is for the RoundTripper of [Config.Wrap], which must
// not change them.
func SentBody(req *http.Request) []byte { return callOf(req.Context()).body }

// Conceal adds secrets of one call, such as the signature of an attempt, to what
// its error must not show. It is for the RoundTripper of [Config.Wrap], with the
// context of its request.
func Conceal(ctx context.Context, secrets ...string) {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		c.secrets = append(c.secrets, secrets...)
	}
}

var noCache = []string{"no-cache"}

// header returns the headers of a request. Their values are shared: nobody may
// change one in place, and net/http does not.
func (c *Client) header(r *Request, hasBody bool) http.Header {
	h := http.Header{"User-Agent": c.agent, "Accept": c.json}
	if r.Class == Lookup {
		h["Cache-Control"], h["Pragma"] = noCache, noCache
	}
	switch {
	case hasBody && r.ContentType != "":
		h["Content-Type"] = []string{r.ContentType}
	case hasBody:
		h["Content-Type"] = c.json
	}
	return h
}
