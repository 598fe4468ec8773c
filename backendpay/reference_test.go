package backendpay

import (
	"testing"
)

// How a vendor may change a reference that it keeps.
func TestCompareReferences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		shown, sent string
		want        likeness
	}{
		{"SDK-1", "SDK-1", isSame}, {"", "", isSame}, {"", "SDK-1", isOther}, {"SDK-12", "SDK-1", isOther}, {"SDK-1", "SDK-2", isOther},
		{"sdk-1", "SDK-1", isFolded}, {"SDK-É", "sdk-é", isFolded}, {"a  b", "a b", isFolded}, {"a\tb", "a b", isFolded}, {"a\u00a0b", "a b", isFolded},
		{" a b ", "a b", isFolded}, {"ab", "a b", isFolded}, {"a b", "ab", isFolded},
		{"caf\u00e9 1", "cafe\u0301 1", isFolded}, {"cafe\u0301 1", "caf\u00e9 1", isFolded}, {"CAFE\u0301", "caf\u00e9", isFolded},
		{"cafe 1", "caf\u00e9 1", isOther}, {"caf\u00e8 1", "caf\u00e9 1", isOther}, {"cafe\u0301 2", "caf\u00e9 1", isOther}, {"e\u0301", "", isOther},
		{"支付一", "支付二", isOther},

		{"order-2024-11-25-till", "order-2024-11-25-till-17", isCut}, {"order-2024-11-25", "order-2024-11-25-till-17", isCut},
		{"order-2024-11-2", "order-2024-11-25-till-17", isOther}, {"order-2024-11-26", "order-2024-11-25-till-17", isOther},
		{"order-2024-11-25-till-17", "order-2024-11-25-till", isOther},
		{"ORDER-2024-11-25-TILL", "order-2024-11-25-till-17", isCut}, {"order 2024  11 25", "order 2024 11 25 17", isCut},
		{"order-2024-11-25\ufffd", "order-2024-11-25é-17", isCut},
	} {
		if got := compareReferences(c.shown, c.sent); got != c.want {
			t.Errorf("%q shown for %q: %d, want %d", c.shown, c.sent, got, c.want)
		}
	}
}
