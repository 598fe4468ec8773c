package payment_test

import (
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

func TestCurrencyMinorUnits(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]int{
		"GBP": 2, "EUR": 2, "USD": 2, "JPY": 0, "KRW": 0, "ISK": 0, "KWD": 3, "BHD": 3, "CLF": 4, "UYW": 4,
		"XCG": 2, "ZWG": 2, "SLE": 2, "XAU": -1, "XXX": -1, "XTS": -1,
	} {
		c, err := payment.ParseCurrency(code)
		if err != nil || c != payment.Currency(code) || !c.Known() {
			t.Errorf("ParseCurrency(%q) = %q, %v", code, c, err)
		}
		if got := c.MinorUnits(); got != want {
			t.Errorf("%s has %d minor units, want %d", code, got, want)
		}
	}
}

func TestParseCurrencyRefuses(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"", "gbp", "Gbp", " GBP", "GBP ", "GB", "GBPX", "826", "QQQ", "£", "ＧＢＰ",
		"HRK", "BGN", "ANG", "ZWL", "SLL", "CUC", // withdrawn
		"CNH", // never a code of the list
	} {
		c, err := payment.ParseCurrency(code)
		wantField(t, err, "currency", code)
		if c != "" {
			t.Errorf("ParseCurrency(%q) returns %q besides the error", code, c)
		}
		if c := payment.Currency(code); c.Known() || c.MinorUnits() != -1 {
			t.Errorf("%q is known, with %d minor units", code, c.MinorUnits())
		}
	}
}
