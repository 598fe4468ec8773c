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
	"strings"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// ownRecorder is a Recorder made with net/http alone, as a user may write one.
type ownRecorder struct {
	rules
	paymenttest.Connection
}

func newOwn(c paymenttest.Connection, r rules) payment.Recorder { return &ownRecorder{r, c} }

// Account names the one account of this vendor.
func (r *ownRecorder) Account() payment.Account {
	return payment.Account{Vendor: "own", Tenant: "test", Host: strings.TrimPrefix(r.URL, "http://")}
}

// Prepare checks p. There are no defaults.
func (r *ownRecorder) Prepare(_ context.Context, p payment.Payment) (payment.Payment, error) {
	if err := p.Validate(); err != nil {
		return p, err
	}
	if p.Kind != payment.Sale && p.Kind != payment.Refund {
		return p, &payment.FieldError{Field: "Payment.Kind", Reason: "is not sale or refund"}
	}
	return p, nil
}

// Record posts a payment once.
func (r *ownRecorder) Record(ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	if err := r.check(ctx, p); err != nil {
		return payment.Receipt{}, err
	}
	body, err := json.Marshal(stored{Reference: p.Reference, Kind: p.Kind, Amount: p.Amount})
	if err != nil {
		return payment.Receipt{}, &payment.FieldError{Field: "Payment", Reason: "cannot be written"}
	}
	if err := a.Begin(ctx, nil); err != nil {
		return payment.Receipt{}, err
	}
	var made stored
	status, err := r.exchange(ctx, http.MethodPost, "/payments", body, &made)
	switch {
	case err == nil && status == http.StatusCreated:
		return receiptOf(p, made), nil
	case isDial(err):
		err = payment.ErrUnavailable
	case status == http.StatusTooManyRequests:
		err = payment.ErrRateLimited
	case status == http.StatusConflict:
		err = payment.ErrConflict
	case status/100 == 4:
		err = payment.ErrInvalid
	default:
		err = payment.ErrOutcomeUnknown
	}
	return payment.Receipt{}, failure("Record", p, status, err)
}

// Find lists what stands under the reference.
func (r *ownRecorder) Find(ctx context.Context, p payment.Payment, _ *payment.Attempt) ([]payment.Receipt, error) {
	if err := r.check(ctx, p); err != nil {
		return nil, err
	}
	if r.noLookup {
		return nil, failure("Find", p, 0, payment.ErrNoLookup)
	}
	var found []stored
	status, err := r.exchange(ctx, http.MethodGet, "/payments?reference="+url.QueryEscape(p.Reference), nil, &found)
	switch {
	case status == http.StatusNotFound: // this vendor never says so
		return nil, failure("Find", p, status, payment.ErrProtocol)
	case status != http.StatusOK:
		return nil, failure("Find", p, status, payment.ErrUnavailable)
	case err != nil || found == nil:
		return nil, failure("Find", p, status, payment.ErrProtocol)
	}
	var all []payment.Receipt
	for _, s := range found {
		all = append(all, receiptOf(p, s))
	}
	return all, nil
}

// RefusesDuplicates knows it of the vendor.
func (r *ownRecorder) RefusesDuplicates(context.Context, payment.Payment) (bool, error) {
	return r.refusesDuplicates, nil
}

func (r *ownRecorder) check(ctx context.Context, p payment.Payment) error {
	if ctx.Err() != nil {
		return &payment.FieldError{Field: "ctx", Reason: "has ended"}
	}
	_, err := r.Prepare(ctx, p)
	return err
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

// receiptOf says how a record differs from p.
func receiptOf(p payment.Payment, s stored) payment.Receipt {
	r := payment.Receipt{Vendor: "own", ID: strconv.Itoa(s.ID), Reference: s.Reference, Amount: s.Amount}
	if s.Kind != p.Kind {
		r.Differs = append(r.Differs, "Kind")
	}
	if !s.Amount.Equal(p.Amount) {
		r.Differs = append(r.Differs, "Amount")
	}
	return r
}

func failure(op string, p payment.Payment, status int, kind error) *payment.Error {
	return &payment.Error{Vendor: "own", Op: op, Reference: p.Reference, Status: status, Err: fmt.Errorf("%w", kind)}
}

func isDial(err error) bool {
	var e *net.OpError
	return errors.As(err, &e) && e.Op == "dial"
}
