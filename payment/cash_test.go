package payment_test

import (
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

func TestCashIncrement(t *testing.T) {
	t.Parallel()
	for code, want := range map[payment.Currency]string{
		"AUD": "0.05", "CAD": "0.05", "CHF": "0.05", "CZK": "1.00", "DKK": "0.50", "HUF": "5.00",
		"ILS": "0.10", "MYR": "0.05", "NOK": "1.00", "NZD": "0.10", "SEK": "1.00",
	} {
		if step, ok := code.CashIncrement(); !ok || step.String() != want {
			t.Errorf("%s is paid in steps of %s, %t, want %s", code, step, ok, want)
		}
	}
	for _, code := range []payment.Currency{"GBP", "EUR", "USD", "JPY", "XAU", "QQQ", ""} {
		if step, ok := code.CashIncrement(); ok || step.IsSet() {
			t.Errorf("%q is paid in steps of %s", code, step)
		}
	}
}

func TestRoundCash(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		mode payment.RoundingMode
		want string
	}{
		{"9.98 CHF", payment.HalfUp, "10.00 CHF"},
		{"9.97 CHF", payment.HalfUp, "9.95 CHF"},
		{"9.975 CHF", payment.HalfUp, "10.00 CHF"},
		{"9.975 CHF", payment.HalfDown, "9.95 CHF"},
		{"-9.98 CHF", payment.HalfUp, "-10.00 CHF"},
		{"0.02 CHF", payment.HalfUp, "0.00 CHF"},
		{"10 CHF", payment.HalfUp, "10.00 CHF"},
		{"10.50 SEK", payment.HalfUp, "11.00 SEK"},
		{"10.50 SEK", payment.HalfEven, "10.00 SEK"},
		{"11.49 NOK", payment.HalfUp, "11.00 NOK"},
		{"0.24 DKK", payment.HalfUp, "0.00 DKK"},
		{"0.25 DKK", payment.HalfUp, "0.50 DKK"},
		{"0.74 DKK", payment.HalfUp, "0.50 DKK"},
		{"0.75 DKK", payment.HalfUp, "1.00 DKK"},
		{"82.02 MYR", payment.HalfUp, "82.00 MYR"},
		{"82.03 MYR", payment.HalfUp, "82.05 MYR"},
		{"17.05 ILS", payment.HalfUp, "17.10 ILS"},
		{"4.45 NZD", payment.HalfDown, "4.40 NZD"},
		{"1002 HUF", payment.HalfUp, "1000.00 HUF"},
		{"1003 HUF", payment.HalfUp, "1005.00 HUF"},
		{"9.981 GBP", payment.HalfUp, "9.98 GBP"}, // no step: the minor unit
		{"10.5 JPY", payment.HalfEven, "10 JPY"},
		{"1.23456 XAU", payment.HalfUp, "1.23456 XAU"}, // neither
		{"99999999999999999999.98 CHF", payment.HalfUp, "100000000000000000000.00 CHF"},
	} {
		if got := money(t, tt.in).RoundCash(tt.mode).String(); got != tt.want {
			t.Errorf("%s rounds to %s, want %s", tt.in, got, tt.want)
		}
	}
	if got := (payment.Money{}).RoundCash(payment.Up); !got.IsZero() {
		t.Errorf("money that is not set rounds to %v", got)
	}
}
