package backendpay

import (
	"errors"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	standing = `"ourReference":"SDK-2024-000123","paymentDate":"2024-11-25","paymentAmount":"120.5"`
	reversed = standing + `,"paymentReversedDate":"2024-12-01"`
)

func TestFindPayment(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		list string
		id   string
		errs []error
	}{
		"standing":                  {`[{"id":"1"},{"id":"2",` + standing + `}]`, "2", nil},
		"none":                      {`[{"id":"1"}]`, "", []error{payment.ErrNotFound}},
		"another case of letters":   {`[{"id":"1","ourReference":"sdk-2024-000123","paymentDate":"2024-11-25","paymentAmount":"120.5"}]`, "1", []error{payment.ErrConflict, errFolded}},
		"id and reference a number": {`[{"id":1,"ourReference":5}]`, "", []error{payment.ErrNotFound}},
		"amount in floats":          {`[{"id":"2","ourReference":"SDK-2024-000123","paymentDate":"2024-11-25","paymentAmount":120.49999999999999}]`, "2", nil},
		"an instant that may be it": {`[{"id":"2","ourReference":"SDK-2024-000123","paymentDate":"2024-11-24T23:00:00Z","paymentAmount":120.50}]`, "", []error{payment.ErrProtocol, errAnyDay}},
		"an instant that is not it": {`[{"id":"2","ourReference":"SDK-2024-000123","paymentDate":"2024-11-23T23:00:00Z","paymentAmount":120.50}]`, "2", []error{payment.ErrConflict, errDiffers}},
		"a time without a zone":     {`[{"id":"2","ourReference":"SDK-2024-000123","paymentDate":"2024-11-25 00:00:00","paymentAmount":120.50}]`, "2", nil},
		"never reversed":            {`[{"id":"2",` + standing + `,"paymentReversedDate":"0000-00-00 00:00:00"}]`, "2", nil},
		"two":                       {`[{"id":"1",` + standing + `},{"id":"2",` + standing + `}]`, "2", []error{payment.ErrConflict, errAmbiguous}},
		"only reversed":             {`[{"id":"1",` + reversed + `}]`, "1", []error{payment.ErrConflict, ErrReversed}},
		"standing beside reversed":  {`[{"id":"1",` + reversed + `},{"id":"2",` + standing + `}]`, "2", nil},
		"reversed after standing":   {`[{"id":"1",` + standing + `},{"id":"2",` + reversed + `}]`, "1", nil},
		"another amount":            {`[{"id":"1","ourReference":"SDK-2024-000123","paymentDate":"2024-11-25","paymentAmount":"120.51"}]`, "1", []error{payment.ErrConflict, errDiffers}},
		"another date":              {`[{"id":"1","ourReference":"SDK-2024-000123","paymentDate":"2024-11-26","paymentAmount":"120.50"}]`, "1", []error{payment.ErrConflict, errDiffers}},
		"no amount shown":           {`[{"id":"1","ourReference":"SDK-2024-000123","paymentDate":"2024-11-25"}]`, "1", []error{payment.ErrConflict, errDiffers}},
		"standing beside different": {`[{"id":"1","ourReference":"SDK-2024-000123"},{"id":"2",` + standing + `}]`, "2", nil},
		"list that breaks off":      {`[{"id":"2",` + standing + `},{"id":"1"}]`, "", []error{payment.ErrProtocol, errNotByID}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			seen := answers(t, mock, c.list, `[]`)
			found, err := client.FindPayment(t.Context(), "123", transfer(t))
			if found.ID != c.id {
				t.Errorf("found %+v, want id %q", found, c.id)
			}
			if len(c.errs) == 0 && err != nil {
				t.Errorf("error %v", err)
			}
			for _, want := range c.errs {
				if !errors.Is(err, want) {
					t.Errorf("error %v, want %v", err, want)
				}
			}
			checkLookup(t, err, *seen)
		})
	}
}

// A 404 is no list: Resume must not take it for a payment that is not there.
func TestFindPaymentWithoutAList(t *testing.T) {
	t.Parallel()
	client, _ := scripted(t, answer(404, `{"error":"no such customer"}`))
	found, err := client.FindPayment(t.Context(), "123", transfer(t))
	var told *payment.Error
	if found.ID != "" || errors.Is(err, payment.ErrNotFound) || !errors.Is(err, payment.ErrProtocol) {
		t.Errorf("found %v, error %v", found, err)
	}
	if !errors.As(err, &told) || told.Status != 404 || told.Message != "no such customer" || told.Op != "FindPayment" {
		t.Errorf("error %v", err)
	}
}

// A list is answered with status 200 (documented): another success with nothing
// in it, as a queue or a gateway gives, is not "none".
func TestFindUnderAnotherSuccess(t *testing.T) {
	t.Parallel()
	for _, status := range []int{201, 202, 203, 204, 205, 206, 207, 226} {
		client, _ := scripted(t, answer(status, `[]`), answer(status, `[]`))
		if found, err := client.FindPayment(t.Context(), "123", transfer(t)); !errors.Is(err, payment.ErrProtocol) || errors.Is(err, payment.ErrNotFound) {
			t.Errorf("%d: found %v, error %v", status, found, err)
		}
		if found, err := client.Recorder(RecorderOptions{}).Find(t.Context(), sale(t), nil); !errors.Is(err, payment.ErrProtocol) {
			t.Errorf("%d: found %v, error %v", status, found, err)
		}
	}
}

func checkLookup(t *testing.T, err error, seen []exchange) {
	t.Helper()
	if got := urls(seen)[0]; got != "customers/123/payments/?idAfter=0&includeReversed=true&limit=100" {
		t.Errorf("asked %s", got)
	}
	var told *payment.Error
	if errors.As(err, &told) && (told.Op != "FindPayment" || told.Vendor != "backendpay") {
		t.Errorf("error of %s %s", told.Vendor, told.Op)
	}
	if err != nil && strings.Contains(err.Error(), "120.5") {
		t.Errorf("%v shows an amount", err)
	}
}

func TestFindPaymentRefuses(t *testing.T) {
	t.Parallel()
	client, _ := mocked(t)
	for field, change := range map[string]func(*NewPayment){
		"NewPayment.OurReference":  func(n *NewPayment) { n.OurReference, n.AllowNoReference = "", true },
		"NewPayment.PaymentDate":   func(n *NewPayment) { n.PaymentDate = payment.Date{} },
		"NewPayment.PaymentAmount": func(n *NewPayment) { n.PaymentAmount = payment.Amount{} },
	} {
		n := transfer(t)
		change(&n)
		_, err := client.FindPayment(t.Context(), "123", n)
		wantField(t, err, field)
	}
}

func TestCheckReference(t *testing.T) {
	t.Parallel()
	n := transfer(t)
	n.CheckReference = true
	t.Run("unused", func(t *testing.T) {
		t.Parallel()
		client, mock := mocked(t)
		seen := answers(t, mock, `[{"id":"1","ourReference":"SDK-2024-00012"}]`, `[]`, sample(t, "payment_own.json"))
		if _, err := client.CreatePayment(t.Context(), "123", n); err != nil {
			t.Error(err)
		}
		if got := urls(*seen); got[0] != "customers/123/payments/?idAfter=0&includeReversed=true&limit=100" || len(got) != 3 {
			t.Errorf("asked %v", got)
		}
	})
	for name, list := range map[string]string{
		"used by this":       `[` + sample(t, "payment_own.json") + `]`,
		"used in lower case": `[{"id":"1","ourReference":"sdk-2024-000123"}]`,
		"used by another":    `[{"id":"1","ourReference":"SDK-2024-000123","paymentAmount":1}]`,
		"used by a reverse":  `[{"id":"1","ourReference":"SDK-2024-000123","paymentReversedDate":"2024-12-01"}]`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			answers(t, mock, list, `[]`)
			_, err := client.CreatePayment(t.Context(), "123", n)
			if !errors.Is(err, payment.ErrConflict) || errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("error %v", err)
			}
		})
	}
	t.Run("perhaps cut", func(t *testing.T) {
		t.Parallel()
		client, mock := mocked(t)
		answers(t, mock, `[{"id":"1","ourReference":"SDK-2024-000123-till","paymentAmount":120.5}]`, `[]`)
		n := n
		n.OurReference = "SDK-2024-000123-till-17"
		if _, err := client.CreatePayment(t.Context(), "123", n); !errors.Is(err, errCut) || errors.Is(err, payment.ErrInvalid) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("look fails", func(t *testing.T) {
		t.Parallel()
		client, mock := mocked(t)
		answers(t, mock, `<html>`)
		if _, err := client.CreatePayment(t.Context(), "123", n); !errors.Is(err, payment.ErrProtocol) {
			t.Errorf("error %v", err)
		}
	})
}
