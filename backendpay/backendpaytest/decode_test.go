package backendpaytest

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// FuzzReadPayment shows that what the emulator accepts is JSON, and that it
// shows what it took.
func FuzzReadPayment(f *testing.F) {
	for _, seed := range []string{"", "{}", sample(f, "create_own.json"), `{"paymentDate":"2024-11-25","paymentAmount":"-1","paymentMethod":"Cheque","invoiceID":null}`} {
		f.Add([]byte(seed))
	}
	s := start(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest("POST", "/", bytes.NewReader(body))
		r.Header.Set("Content-Type", jsonType)
		var p Payment
		if s.readPayment(call{request: r}, &p) != nil {
			return
		}
		if !json.Valid(body) || p.PaymentDate.IsZero() || !p.PaymentAmount.IsSet() || !s.hasType(p.PaymentMethod) {
			t.Errorf("%q is accepted as %+v", body, p)
		}
		if shown := s.settings.appendPayment(nil, &p); !json.Valid(shown) {
			t.Errorf("%q is shown as %s", body, shown)
		}
	})
}

func FuzzParseInstant(f *testing.F) {
	for _, seed := range []string{"", "2024-11-25T08:30:00Z", "2024-11-25T08:30:00", "2024-11-25T08:30:00+01:00", "2024-11-25T08:30:00.1234Z", "2024-11-25T08:30:00,1234Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := parseInstant(text)
		if err == nil && (at.Nanosecond() != 0 || !strings.HasPrefix(text, at.Format(time.DateOnly+"T"))) {
			t.Errorf("%q is read as %v", text, at)
		}
	})
}
