package transport

import (
	"context"
	"net/http"

	"github.com/tenderkit/tenderkit/payment"
)

// gate is the layer right before the connection. It stops a Write that its
// payment.Attempt does not allow any more, after all waits and all signing.
type gate struct{ next http.RoundTripper }

func (g gate) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if err := callOf(ctx).allowed(ctx, payment.MayWrite); err != nil {
		return nil, err
	}
	return g.next.RoundTrip(req)
}

// allowed asks whether a Write may go on: its payment.Attempt may not have
// begun, or may have lost its claim.
func (c *call) allowed(ctx context.Context, ask func(context.Context) error) error {
	if c.req.Class != Write {
		return nil
	}
	if err := ask(ctx); err != nil {
		return NotSent(payment.ErrUnavailable, err)
	}
	return nil
}
