package brightpearltest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestParseInstant(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"2016-06-19T15:03:17+01:00", "2016-06-19T14:03:17Z"},
		{"2016-06-19T12:00:00", "2016-06-19T12:00:00Z"},
		{"2026-04-17T10:00:00.000-06:00", "2026-04-17T16:00:00Z"},
		{"2026-04-17T10:00:00.000Z", "2026-04-17T10:00:00Z"},
		{"2026-04-17T10:00:00.250+0000", "2026-04-17T10:00:00.25Z"},
		{"2026-04-17", "2026-04-17T00:00:00Z"},
	} {
		got, ok := parseInstant(c.text)
		if !ok || got.Format(time.RFC3339Nano) != c.want {
			t.Errorf("parseInstant(%q) = %v, %v", c.text, got, ok)
		}
	}
	for _, text := range []string{"", "2026-02-30", "10:00", "2026-04-17 10:00:00", "2026-04-17T10:00:00 06:00", "17/04/2026"} {
		if at, ok := parseInstant(text); ok {
			t.Errorf("parseInstant(%q) = %v", text, at)
		}
	}
}

func FuzzParseInstant(f *testing.F) {
	for _, seed := range []string{"2016-06-19T15:03:17+01:00", "2016-06-19", "2026-04-17T10:00:00.000+0000", "x", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := parseInstant(text)
		if !ok {
			return
		}
		again, ok := parseInstant(at.Format(time.RFC3339Nano))
		if !ok && at.Year() >= 0 && at.Year() <= 9999 || ok && !again.Equal(at) {
			t.Errorf("%q: %v is not read back", text, at)
		}
	})
}

// FuzzReadCustomerPayment shows that a body is refused or becomes a payment that
// keeps the rules.
func FuzzReadCustomerPayment(f *testing.F) {
	f.Add([]byte(`{"transactionRef":"REF0001","paymentMethodCode":"A","paymentType":"RECEIPT","orderId":2,"currencyIsoCode":"USD","amountPaid":1e2,"paymentDate":"2016-06-19"}`))
	f.Add([]byte(`{"paymentMethodCode":"A","paymentType":"AUTH","orderId":2,"currencyIsoCode":"USD","amountAuthorized":"1","authorizationExpiry":"2016-06-19","paymentDate":"2016-06-19"}`))
	f.Add([]byte(`{"orderId":null,"exchangeRate":1E-20}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		p, refused := readCustomerPayment(r)
		if refused != nil {
			if refused.status != 400 && refused.status != 500 {
				t.Errorf("status %d", refused.status)
			}
			return
		}
		p = settle(p, journalRefLimit)
		if p.OrderID <= 0 || p.AmountPaid.Sign() < 0 || p.AmountAuthorized.Sign() < 0 || !p.AmountPaid.IsSet() ||
			length(p.TransactionRef) > 64 || length(p.JournalRef) > journalRefLimit || p.ExchangeRate.Scale() > 6 {
			t.Errorf("%q gave %+v", body, p)
		}
	})
}
