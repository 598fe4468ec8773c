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
	if got := (payment.Money{}).Round(payment.Up); !got.IsZero() {
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
