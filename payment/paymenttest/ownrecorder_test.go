package paymenttest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// ownRecorder is a Recorder made with net/http alone, as a user may write one.
type ownRecorder struct {
	rules
	paymenttest.Connection
}

func newOwn(c paymenttest.Connection, r rules) payment.Recorder { return &ownRecorder{r, c} }

// Record posts a payment once.
func (r *ownRecorder) Record(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	if err := r.check(ctx, p); err != nil {
		return payment.Receipt{}, err
	}
	body, err := json.Marshal(stored{Reference: p.Reference, Kind: p.Kind, Amount: p.Amount})
	if err != nil {
		return payment.Receipt{}, &payment.FieldError{Field: "Payment", Reason: "cannot be written"}
	}
	var made stored
	status, err := r.exchange(ctx, http.MethodPost, "/payments", body, &made)
	switch {
	case err == nil && status == http.StatusCreated:
		return receiptOf(made), nil
	case isDial(err):
		err = payment.ErrUnavailable
	case status == http.StatusTooManyRequests:
		err = payment.ErrRateLimited
	case status/100 == 4:
		return r.refused(ctx, p, status)
	default:
		err = payment.ErrOutcomeUnknown
	}
	return payment.Receipt{}, failure("Record", p, status, err)
}

// refused looks whether a refusal means that the payment stands.
func (r *ownRecorder) refused(ctx context.Context, p payment.Payment, status int) (payment.Receipt, error) {
	kind := payment.ErrInvalid
	if status == http.StatusConflict {
		kind = payment.ErrConflict
	}
	refusal := failure("Record", p, status, kind)
	if status != http.StatusConflict {
		return payment.Receipt{}, refusal
	}
	found, err := r.Find(ctx, p)
	if err == nil || isConflict(err) {
		return found, err
	}
	refusal.Err = payment.ErrInvalid
	return payment.Receipt{}, refusal
}

// Find lists what stands under the reference.
func (r *ownRecorder) Find(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	if err := r.check(ctx, p); err != nil {
		return payment.Receipt{}, err
	}
	if r.noLookup {
		return payment.Receipt{}, failure("Find", p, 0, payment.ErrNoLookup)
	}
	var found []stored
	status, err := r.exchange(ctx, http.MethodGet, "/payments?reference="+url.QueryEscape(p.Reference), nil, &found)
	switch {
	case status == http.StatusNotFound: // this vendor never says so
		return payment.Receipt{}, failure("Find", p, status, payment.ErrProtocol)
	case status != http.StatusOK:
		return payment.Receipt{}, failure("Find", p, status, payment.ErrUnavailable)
	case err != nil || found == nil:
		return payment.Receipt{}, failure("Find", p, status, payment.ErrProtocol)
	case len(found) == 0:
		return payment.Receipt{}, failure("Find", p, status, payment.ErrNotFound)
	}
	receipt := receiptOf(found[0])
	receipt.AlreadyRecorded = true
	if len(found) > 1 || found[0].Kind != p.Kind || !found[0].Amount.Equal(p.Amount) {
		return receipt, &payment.ConflictError{Want: p, Got: receipt}
	}
	return receipt, nil
}

// RefusesDuplicates knows it of the vendor.
func (r *ownRecorder) RefusesDuplicates(context.Context, payment.Payment) (bool, error) {
	return r.refusesDuplicates, nil
}

func (r *ownRecorder) check(ctx context.Context, p payment.Payment) error {
	if ctx.Err() != nil {
		return &payment.FieldError{Field: "ctx", Reason: "has ended"}
	}
	if err := p.Validate(); err != nil {
		return err
	}
	if p.Kind != payment.Sale && p.Kind != payment.Refund {
		return &payment.FieldError{Field: "Payment.Kind", Reason: "is not sale or refund"}
	}
	return nil
}

// exchange decodes a success into v. status is 0 if no answer came.
func (r *ownRecorder) exchange(ctx context.Context, method, path string, body []byte, v any) (status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, r.URL+path, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.GetBody = nil // nothing below may send it a second time
	resp, err := r.HTTPClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return resp.StatusCode, errors.New(resp.Status)
	}
	return resp.StatusCode, json.NewDecoder(resp.Body).Decode(v)
}

func receiptOf(s stored) payment.Receipt {
	return payment.Receipt{Vendor: "own", ID: strconv.Itoa(s.ID), Reference: s.Reference, Amount: s.Amount}
}

func failure(op string, p payment.Payment, status int, kind error) *payment.Error {
	return &payment.Error{Vendor: "own", Op: op, Reference: p.Reference, Status: status, Err: fmt.Errorf("%w", kind)}
}

func isDial(err error) bool {
	var e *net.OpError
	return errors.As(err, &e) && e.Op == "dial"
}

func isConflict(err error) bool {
	var c *payment.ConflictError
	return errors.As(err, &c)
}
