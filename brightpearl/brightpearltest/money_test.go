package brightpearltest

import (
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

func TestTwoDecimals(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"100": "100.00", "100.0": "100.00", "0": "0.00", "-2.5": "-2.50", "1.230000": "1.23", "1.1250": "1.125",
		"123456789012345678901234567890.1": "123456789012345678901234567890.10",
	} {
		a, err := payment.ParseAmount(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := twoDecimals(a); got != want {
			t.Errorf("twoDecimals(%s) = %s, want %s", in, got, want)
		}
	}
	if got := plus(zero(), payment.Amount{}).String(); got != "0.00" {
		t.Errorf("a sum with nothing = %q", got)
	}
}
