package paymenttest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/tenderkit/tenderkit/payment"
)

// outcome is a verdict as an error.
type outcome struct {
	verdict Verdict
	place   string
	text    string
}

func (o *outcome) Error() string { return o.text }

// Differs returns the verdict for something else than expected, at a place such
// as [Exchange.Place] or the path of a member.
func (t *Trial) Differs(place, format string, args ...any) error {
	return &outcome{Differs, place, fmt.Sprintf(format, args...)}
}

// Inconclusive returns the verdict for a trial that showed nothing.
func (t *Trial) Inconclusive(format string, args ...any) error {
	return &outcome{Inconclusive, "", fmt.Sprintf(format, args...)}
}

// NotDecidable returns the verdict for what this system does not let be seen.
func (t *Trial) NotDecidable(format string, args ...any) error {
	return &outcome{NotDecidable, "", fmt.Sprintf(format, args...)}
}

// Want returns nil if the answer has the status and the form. The empty form
// takes every body.
func (t *Trial) Want(e Exchange, status int, form Form) error {
	if e.Status != status {
		return t.wrongStatus(e, fmt.Sprintf("status %d, not %d", e.Status, status))
	}
	for _, m := range form.Check(e.Body) {
		return t.Differs(e.Place()+" "+m.Path, "%s", m)
	}
	return nil
}

// WantStatus returns nil if the answer has one of the statuses.
func (t *Trial) WantStatus(e Exchange, statuses ...int) error {
	if slices.Contains(statuses, e.Status) {
		return nil
	}
	return t.wrongStatus(e, fmt.Sprintf("status %d, not one of %v", e.Status, statuses))
}

// wrongStatus judges a status that was not expected. Some say nothing about the
// statement.
func (t *Trial) wrongStatus(e Exchange, text string) error {
	switch e.Status {
	case 0:
		return t.Inconclusive("no answer to %s", e.Place())
	case http.StatusForbidden:
		return &outcome{Forbidden, e.Place(), text}
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return &outcome{Inconclusive, e.Place(), text}
	}
	return &outcome{Differs, e.Place(), text}
}

// judge turns the error of a probe into the result's verdict.
func (t *Trial) judge(err error) {
	r := &t.result
	r.Verdict = Holds
	var o *outcome
	var e *payment.Error
	switch {
	case errors.Is(err, errReadOnly) || errors.Is(err, errBudget):
		r.Verdict, r.Why = Inconclusive, err.Error()
	case errors.As(err, &o):
		r.Verdict, r.Place = o.verdict, o.place
		t.tell(o.text)
	case errors.As(err, &e):
		r.Verdict, r.Place = verdictOf(e), e.Vendor+" "+e.Op
		t.tell(err.Error())
	case err != nil:
		r.Verdict, r.Why = Inconclusive, err.Error()
	case len(r.odd) > 0:
		r.Verdict = Differs
	}
	t.redirects()
	if r.mistake != "" {
		r.Verdict, r.Why = Inconclusive, r.mistake
	}
	if r.Seen == "" && len(r.odd) > 0 {
		r.Seen = fmt.Sprint(r.odd[0])
	}
	if r.Expected == "" {
		r.Expected = t.clause.Statement
	}
}

// tell puts a text where it belongs.
func (t *Trial) tell(text string) {
	if t.result.Verdict == Differs {
		t.result.Seen = text
	} else {
		t.result.Why = text
	}
}

// redirects makes a redirect that nobody expected a difference.
func (t *Trial) redirects() {
	if t.moved {
		return
	}
	for _, e := range t.Exchanges() {
		if e.isRedirect() {
			t.result.Verdict, t.result.Place = Differs, e.Place()
			t.result.Seen = fmt.Sprintf("redirected with status %d", e.Status)
			return
		}
	}
}

// verdictOf judges the failure of a client's call.
func verdictOf(e *payment.Error) Verdict {
	switch {
	case errors.Is(e, payment.ErrForbidden):
		return Forbidden
	case errors.Is(e, payment.ErrRateLimited), errors.Is(e, payment.ErrUnauthorized),
		errors.Is(e, context.Canceled), errors.Is(e, context.DeadlineExceeded):
		return Inconclusive
	}
	switch e.Status {
	case 0, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return Inconclusive
	}
	return Differs
}
