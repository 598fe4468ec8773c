package payment_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// full is an Error with every field set. Its body and target must never print.
func full() *payment.Error {
	return &payment.Error{
		Vendor: "brightpearl", Op: "CreateCustomerPayment", Method: "POST", Path: "/accounting-service/customer-payment",
		Reference: "till-7", Target: "private-target", Status: 503, Code: "CMNC-503", Message: "Too \"busy\"\nnow",
		RequestID: "req-1", Attempts: 2, Body: []byte("private-body"),
		Err: fmt.Errorf("%w: connection reset", payment.ErrOutcomeUnknown),
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  *payment.Error
		want string
	}{
		{
			full(),
			`brightpearl: CreateCustomerPayment: outcome unknown: connection reset (status 503, code CMNC-503, ` +
				`message "Too \"busy\"\nnow", reference "till-7", request id req-1, attempts 2)`,
		},
		{&payment.Error{Vendor: "rubi", Op: "Call", Err: payment.ErrNotFound}, "rubi: Call: not found"},
		{&payment.Error{Vendor: "rubi", Op: "Call"}, "rubi: Call: failed"},
		{
			&payment.Error{Vendor: "rubi", Op: "Call", Code: "0", RequestID: "a\nforged line"},
			`rubi: Call: failed (code 0, request id "a\nforged line")`,
		},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("reads\n%s, want\n%s", got, tt.want)
		}
	}
}

func TestErrorTextIsBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 5000)
	err := &payment.Error{Vendor: "rubi", Op: "Call", Code: long, Message: long, Reference: long, RequestID: long}
	text := err.Error()
	if len(text) > 2000 || !strings.Contains(text, "…") {
		t.Errorf("%d bytes: %.100s", len(text), text)
	}
	if strings.Contains(text, `\x`) {
		t.Errorf("the text is cut inside a character: %s", text)
	}
}

func TestErrorUnwraps(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("recording: %w", full())
	if !errors.Is(err, payment.ErrOutcomeUnknown) || errors.Is(err, payment.ErrUnavailable) {
		t.Error("the sentinel is not the one in the chain")
	}
	var fault *payment.Error
	if !errors.As(err, &fault) || fault.Reference != "till-7" {
		t.Errorf("errors.As gives %v", fault)
	}
}

// TestErrorNeverPrintsBody prints the pointer and a copy under every verb and
// as JSON.
func TestErrorNeverPrintsBody(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{full(), *full(), struct{ E any }{*full()}} {
			text := fmt.Sprintf(verb, value)
			if strings.Contains(text, "private") || strings.Contains(text, fmt.Sprintf("%x", "private")) {
				t.Errorf("%s of %T prints %s", verb, value, text)
			}
			if !strings.Contains(text, "outcome unknown") {
				t.Errorf("%s of %T does not print the text: %s", verb, value, text)
			}
		}
	}
	out, err := json.Marshal(full())
	if err != nil || strings.Contains(string(out), "private") || strings.Contains(string(out), "cHJpdmF0ZS1ib2R5") {
		t.Errorf("JSON holds the body or the target: %s, %v", out, err)
	}
}

func TestFieldError(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("recording: %w", &payment.FieldError{Field: "CustomerPayment.OrderID", Reason: "is not positive"})
	if got := err.Error(); got != "recording: CustomerPayment.OrderID: is not positive" {
		t.Errorf("reads %q", got)
	}
	if !errors.Is(err, payment.ErrInvalid) || errors.Is(err, payment.ErrConflict) {
		t.Error("a FieldError matches exactly ErrInvalid")
	}
}

func TestSentinelsAreDistinct(t *testing.T) {
	t.Parallel()
	sentinels := []error{
		payment.ErrInvalid, payment.ErrUnauthorized, payment.ErrForbidden, payment.ErrNotFound, payment.ErrConflict,
		payment.ErrRateLimited, payment.ErrUnavailable, payment.ErrProtocol, payment.ErrOutcomeUnknown, payment.ErrNoLookup,
	}
	for i, a := range sentinels {
		for j, b := range sentinels {
			if errors.Is(a, b) != (i == j) {
				t.Errorf("%v matches %v: %t", a, b, errors.Is(a, b))
			}
		}
	}
}
