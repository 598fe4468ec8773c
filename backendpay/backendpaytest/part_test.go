package backendpaytest

import (
	"testing"
	"time"
)

func TestParts(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now))
	add(t, s, 1)
	add(t, s, 2)
	s.AddInvoice("77")
	for i, to := range []struct{ payment, invoice, amount, id string }{
		{"501", "70", "4.5", "1"}, {"501", "71", "5.50", "2"}, {"502", "70", "1", "3"}, {"501", "70", "4", "1"},
	} {
		id, err := s.Allocate(to.payment, to.invoice, amount(t, to.amount))
		if err != nil || id != to.id {
			t.Errorf("allocation %d is %s: %v", i, id, err)
		}
		c.Add(time.Hour)
	}
	const one, two, three = `{"id":"1","paymentPartAmount":"4.00"}`, `{"id":"2","paymentPartAmount":"5.50"}`, `{"id":"3","paymentPartAmount":"1.00"}`
	for path, want := range map[string]string{
		"paymentParts/":                                                "[" + one + "," + two + "," + three + "]",
		"paymentParts/2":                                               two,
		"payments/501/paymentParts/":                                   "[" + one + "," + two + "]",
		"invoices/70/paymentParts/":                                    "[" + one + "," + three + "]",
		"invoices/77/paymentParts/":                                    "[]",
		"paymentParts/?idAfter=2":                                      "[" + three + "]",
		"paymentParts/?updatedSince=2024-11-25T11:30:00Z":              "[" + one + "]",
		"paymentParts/?createdSince=2024-11-25T10:30:00Z":              "[" + three + "]",
		"payments/501/paymentParts?idAfter=1":                          "[" + two + "]",
		"payments/502/paymentParts/?updatedSince=2025-01-01T00:00:00Z": "[]",
	} {
		get(t, s, path).want(t, 200, want)
	}
	must(t, s.Delete("501"))
	get(t, s, "invoices/70/paymentParts/").want(t, 200, "["+three+"]")
	if parts := s.Parts(); len(parts) != 1 || parts[0].PaymentID != "502" || parts[0].InvoiceID != "70" || parts[0].Amount.String() != "1" {
		t.Errorf("parts %+v", parts)
	}
	if _, err := s.Allocate("501", "70", amount(t, "1")); err != ErrNoRecord {
		t.Errorf("Allocate: %v", err)
	}
}

func TestListsWithoutDocumentedPaging(t *testing.T) {
	t.Parallel()
	s, everywhere := start(t), start(t, WithFacts(Facts{LimitEverywhere: true}))
	for _, path := range []string{"paymentParts/", "paymentTypes/"} {
		for _, query := range []string{"?limit=1", "?offset=1"} {
			get(t, s, path+query).refused(t, 400)
			if got := get(t, everywhere, path+query); got.status != 200 {
				t.Errorf("%s%s: answer %d", path, query, got.status)
			}
		}
		get(t, s, path+"?reversed").refused(t, 400)
	}
}
