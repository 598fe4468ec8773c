package backendpay

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

var errKey = errors.New("key rejected, perhaps replaced by a newer one of the same user")

// readFault takes code and text from an error body. The vendor documents no
// form for it (clause errors.body), so the usual names are tried and anything else is left to
// payment.Error's Body.
func readFault(r *transport.Reply, e *payment.Error) {
	if r.Status == http.StatusUnauthorized {
		e.Err = fmt.Errorf("%w: %w", payment.ErrUnauthorized, errKey)
	}
	var body struct {
		Code    wire.Lenient[wire.Text]   `json:"code"`
		Message wire.Lenient[wire.Text]   `json:"message"`
		Error   wire.Lenient[wire.Text]   `json:"error"`
		Errors  wire.Lenient[[]wire.Text] `json:"errors"`
	}
	if wire.Unmarshal(r.Body, &body) != nil {
		return
	}
	var all []string
	for _, text := range body.Errors.Value {
		all = append(all, string(text))
	}
	e.Code = string(body.Code.Value)
	e.Message = cmp.Or(string(body.Message.Value), string(body.Error.Value), strings.Join(all, "; "))
}
