package transport

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// Class decides what may be sent again. The zero value is no class.
type Class int

// The two classes. A GET is a Read; so is a POST that only reads.
const (
	Read  Class = iota + 1
	Write       // everything that changes something
)

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

	Reference string   // for the error: the payment's own reference
	Target    string   // for the error: what the payment pays
	Private   []string // personal data sent, kept out of the error's text
}

// validator is a payload that knows its own bad input.
type validator interface{ Validate() error }

// encode gives the bytes to send.
func (r *Request) encode() ([]byte, error) {
	if r.Payload == nil {
		return r.Body, nil
	}
	if v, ok := r.Payload.(validator); ok {
		if err := v.Validate(); err != nil {
			return nil, err
		}
	}
	return wire.Marshal(r.Payload)
}

// build makes the request that the retrier sends. GetBody is taken from a
// Write: with it net/http itself would send the request a second time.
func (r *Request) build(call *call, base, userAgent string) (*retryablehttp.Request, error) {
	path, err := fillPath(r.Path, r.IDs)
	if err != nil {
		return nil, err
	}
	body, err := r.encode()
	if err != nil {
		return nil, err
	}
	target := base + path
	if len(r.Query) > 0 {
		target += "?" + r.Query.Encode()
	}
	req, err := retryablehttp.NewRequestWithContext(call, r.Method, target, rawBody(body))
	if err != nil {
		return nil, &payment.FieldError{Field: "URL", Reason: "cannot be built from the given values"}
	}
	if r.Class != Read {
		req.GetBody = nil
	}
	r.setHeader(req, body != nil, userAgent)
	return req, nil
}

func (r *Request) setHeader(req *retryablehttp.Request, hasBody bool, userAgent string) {
	req.Header["User-Agent"] = []string{userAgent}
	req.Header["Accept"] = []string{"application/json"}
	switch {
	case r.ContentType != "":
		req.Header["Content-Type"] = []string{r.ContentType}
	case hasBody:
		req.Header["Content-Type"] = []string{"application/json"}
	}
}

// rawBody keeps a missing body missing: a nil []byte in an interface is a body.
func rawBody(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}

// fillPath puts the ids into the braces of a template. This is the one place
// where path segments are escaped and bad ones refused.
func fillPath(template string, ids []string) (string, error) {
	if len(ids) == 0 {
		return template, nil
	}
	var b strings.Builder
	for _, id := range ids {
		before, rest, _ := strings.Cut(template, "{")
		name, after, _ := strings.Cut(rest, "}")
		if err := CheckSegment(name, id); err != nil {
			return "", err
		}
		b.WriteString(before)
		b.WriteString(EscapeSegment(id))
		template = after
	}
	return b.String() + template, nil
}

// CheckSegment refuses an id that cannot be one segment of a path.
func CheckSegment(field, id string) error {
	switch {
	case id == "":
		return &payment.FieldError{Field: field, Reason: "is empty"}
	case id == "." || id == "..":
		return &payment.FieldError{Field: field, Reason: "is a dot segment"}
	case !utf8.ValidString(id) || strings.ContainsFunc(id, notInSegment):
		return &payment.FieldError{Field: field, Reason: `holds white space, a control character or one of / \ ? # %`}
	}
	return nil
}

func notInSegment(r rune) bool {
	return r <= ' ' || r == 0x7f || strings.ContainsRune(`/\?#%`, r)
}

// EscapeSegment escapes one segment. The comma stays: id sets are written with
// it.
func EscapeSegment(id string) string {
	return strings.ReplaceAll(url.PathEscape(id), "%2C", ",")
}
