package payment_test

import (
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// TestRoundModes is the table of java.math.RoundingMode for the same modes,
// moved by two decimals.
func TestRoundModes(t *testing.T) {
	t.Parallel()
	modes := []payment.RoundingMode{
		payment.Up, payment.Down, payment.Ceiling, payment.Floor, payment.HalfUp, payment.HalfDown, payment.HalfEven,
	}
	for _, tt := range []struct {
		in   string
		want [7]string
	}{
		{"0.055", [7]string{"0.06", "0.05", "0.06", "0.05", "0.06", "0.05", "0.06"}},
		{"0.025", [7]string{"0.03", "0.02", "0.03", "0.02", "0.03", "0.02", "0.02"}},
		{"0.016", [7]string{"0.02", "0.01", "0.02", "0.01", "0.02", "0.02", "0.02"}},
		{"0.011", [7]string{"0.02", "0.01", "0.02", "0.01", "0.01", "0.01", "0.01"}},
		{"0.010", [7]string{"0.01", "0.01", "0.01", "0.01", "0.01", "0.01", "0.01"}},
		{"-0.010", [7]string{"-0.01", "-0.01", "-0.01", "-0.01", "-0.01", "-0.01", "-0.01"}},
		{"-0.011", [7]string{"-0.02", "-0.01", "-0.01", "-0.02", "-0.01", "-0.01", "-0.01"}},
		{"-0.016", [7]string{"-0.02", "-0.01", "-0.01", "-0.02", "-0.02", "-0.02", "-0.02"}},
		{"-0.025", [7]string{"-0.03", "-0.02", "-0.02", "-0.03", "-0.03", "-0.02", "-0.02"}},
		{"-0.055", [7]string{"-0.06", "-0.05", "-0.05", "-0.06", "-0.06", "-0.05", "-0.06"}},
	} {
		for i, mode := range modes {
			if got := money(t, tt.in+" GBP").Round(mode).Amount().String(); got != tt.want[i] {
				t.Errorf("%s rounds to %s under mode %d, want %s", tt.in, got, mode, tt.want[i])
			}
		}
	}
}

func TestRoundScale(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"10 GBP":                       "10.00 GBP",
		"10.4 GBP":                     "10.40 GBP",
		"10.40 GBP":                    "10.40 GBP",
		"10.4000 GBP":                  "10.40 GBP",
		"-0.001 GBP":                   "0.00 GBP",
		"1.5 JPY":                      "2 JPY",
		"1.5 KWD":                      "1.500 KWD",
		"1.23 XAU":                     "1.23 XAU",
		"99999999999999999999.995 GBP": "100000000000000000000.00 GBP",
		"9223372036854775807 GBP":      "9223372036854775807.00 GBP",
		"0.00000000000000000000000000000000000001 GBP": "0.00 GBP",
		"-12345678901234567890.12500000000001 GBP":     "-12345678901234567890.13 GBP",
	} {
		if got := money(t, in).Round(payment.HalfEven).String(); got != want {
			t.Errorf("%s rounds to %s, want %s", in, got, want)
		}
	}
	if got := (payment.Money{}).Round(payment.Up); got.IsSet() {
		t.Errorf("money that is not set rounds to %v", got)
	}
}

func TestRoundUnknownMode(t *testing.T) {
	t.Parallel()
	for _, mode := range []payment.RoundingMode{-1, 99} {
		for in, want := range map[string]string{"0.025 GBP": "0.02 GBP", "0.035 GBP": "0.04 GBP"} {
			if got := money(t, in).Round(mode).String(); got != want {
				t.Errorf("mode %d rounds %s to %s, want %s", mode, in, got, want)
			}
		}
	}
}

func TestCashIncrement(t *testing.T) {
	t.Parallel()
	for code, want := range map[payment.Currency]string{
		"AUD": "0.05", "CAD": "0.05", "CHF": "0.05", "CZK": "1.00", "DKK": "0.50", "HUF": "5.00",
		"ILS": "0.10", "MYR": "0.05", "NOK": "1.00", "NZD": "0.10", "SEK": "1.00",
		"AFN": "1.00", "ALL": "1.00", "AMD": "1.00", "COP": "1.00", "CRC": "1.00", "GYD": "1.00", "IDR": "1.00", "IRR": "1.00",
		"KPW": "1.00", "LAK": "1.00", "LBP": "1.00", "MGA": "1.00", "MMK": "1.00", "MNT": "1.00", "MUR": "1.00", "PKR": "1.00",
		"RSD": "1.00", "SOS": "1.00", "SYP": "1.00", "TWD": "1.00", "TZS": "1.00", "UZS": "1.00", "YER": "1.00", "IQD": "1.000",
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
		{"10.50 TWD", payment.HalfUp, "11.00 TWD"}, // no decimals in cash
		{"1234.56 IDR", payment.HalfUp, "1235.00 IDR"},
		{"99.49 CRC", payment.HalfUp, "99.00 CRC"},
		{"0.50 COP", payment.HalfEven, "0.00 COP"},
		{"1.500 IQD", payment.HalfUp, "2.000 IQD"},
		{"9.981 GBP", payment.HalfUp, "9.98 GBP"}, // no step: the minor unit
		{"10.5 JPY", payment.HalfEven, "10 JPY"},
		{"1.23456 XAU", payment.HalfUp, "1.23456 XAU"}, // neither
		{"99999999999999999999.98 CHF", payment.HalfUp, "100000000000000000000.00 CHF"},
	} {
		if got := money(t, tt.in).RoundCash(tt.mode).String(); got != tt.want {
			t.Errorf("%s rounds to %s, want %s", tt.in, got, tt.want)
		}
	}
	if got := (payment.Money{}).RoundCash(payment.Up); got.IsSet() {
		t.Errorf("money that is not set rounds to %v", got)
	}
}
