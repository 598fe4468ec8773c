package payment_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/tenderkit/tenderkit/payment"
)

// amount parses text that the test knows to be right.
func amount(t testing.TB, s string) payment.Amount {
	t.Helper()
	a, err := payment.ParseAmount(s)
	if err != nil {
		t.Fatalf("ParseAmount(%q): %v", s, err)
	}
	return a
}

// wantField checks that err is a FieldError for field, that it matches
// ErrInvalid, and that its text does not repeat what was refused.
func wantField(t *testing.T, err error, field, refused string) {
	t.Helper()
	var fault *payment.FieldError
	if !errors.As(err, &fault) || !errors.Is(err, payment.ErrInvalid) {
		t.Fatalf("error %v, want a FieldError that matches ErrInvalid", err)
	}
	if fault.Field != field {
		t.Errorf("field %q, want %q", fault.Field, field)
	}
	if len(refused) > 3 && strings.Contains(err.Error(), refused) {
		t.Errorf("error %q repeats the value", err)
	}
}

func TestParseAmountKeepsEveryDigit(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"0", "0.0", "0.00", "7", "-7", "10.40", "318.00", "100.0", "0.001", "-0.05", "1000000",
		"123456789012345678", "-1234567890123456.78", // 18 digits
		"1234567890123456789", "9223372036854775807", "-9223372036854775808", // 19 digits, int64
		"9223372036854775808", "-9223372036854775809", "92233720368547758.08", // just beyond
		"0.000000000000000000000000000000000001",
		strings.Repeat("9", 40), "-" + strings.Repeat("9", 39),
	} {
		a := amount(t, s)
		if a.String() != s || !a.IsSet() {
			t.Errorf("%q reads as %q, set %t", s, a, a.IsSet())
		}
		_, decimals, _ := strings.Cut(s, ".")
		if a.Scale() != len(decimals) {
			t.Errorf("%q has scale %d", s, a.Scale())
		}
	}
}

func TestParseAmountNegativeZero(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"-0":                          "0",
		"-0.0":                        "0.0",
		"-0.000000000000000000000000": "0.000000000000000000000000",
	} {
		if a := amount(t, in); a.String() != want || a.Sign() != 0 {
			t.Errorf("%q reads as %q, sign %d", in, a, a.Sign())
		}
	}
}

func TestParseAmountRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "-", ".", "-.", "+1", "--1", "1-", ".5", "-.5", "5.", "1..2", "1.2.3", "00", "00.5", "-01", "007.1",
		"1e3", "1E3", "1,000", "1,5", " 1", "1 ", "1\n", "1_000", "0x10", "NaN", "Infinity", "null",
		"−1", "１２", "١", "\x001", strings.Repeat("9", 41), "0." + strings.Repeat("0", 39),
		strings.Repeat("9", 1<<20), "00000000000000000000001",
	} {
		a, err := payment.ParseAmount(s)
		wantField(t, err, "amount", s)
		if a.IsSet() {
			t.Errorf("%.50q returns %v besides the error", s, a)
		}
	}
}

func TestNewAmount(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   decimal.Decimal
		want string
	}{
		{decimal.Decimal{}, "0"},
		{decimal.New(1040, -2), "10.40"},
		{decimal.New(1, 3), "1000"},
		{decimal.New(-1, 20), "-100000000000000000000"},
		{decimal.New(0, 5), "0"},
		{decimal.New(1, -60), "0." + strings.Repeat("0", 59) + "1"},
		{decimal.New(1, 59), "1" + strings.Repeat("0", 59)},
		{decimal.New(math.MinInt64, 0), "-9223372036854775808"},
	} {
		a, err := payment.NewAmount(tt.in)
		if err != nil || a.String() != tt.want {
			t.Errorf("NewAmount(%v) = %q, %v, want %q", tt.in, a, err, tt.want)
		}
	}
	for _, in := range []decimal.Decimal{
		decimal.New(1, 60), decimal.New(1, 61), decimal.New(1, -61), decimal.New(1, math.MaxInt32),
		decimal.New(1, math.MinInt32), decimal.RequireFromString(strings.Repeat("9", 61)),
	} {
		_, err := payment.NewAmount(in)
		wantField(t, err, "amount", "")
	}
}

func TestAmountDecimal(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"10.40", "-0.001", "12345678901234567890.12"} {
		if d := amount(t, s).Decimal(); !d.Equal(decimal.RequireFromString(s)) {
			t.Errorf("%s returns the decimal %v", s, d)
		}
	}
	if d := (payment.Amount{}).Decimal(); !d.IsZero() {
		t.Errorf("an amount that is not set returns %v", d)
	}
}

func TestAmountOrder(t *testing.T) {
	t.Parallel()
	ascending := []string{
		"-99999999999999999999", "-9223372036854775808", "-922337203685477580.8", "-10.41", "-10.4", "0",
		"0.0000000000000000000000001", "0.001", "10.4", "10.41",
		"922337203685477580.7", "922337203685477580.71", "9223372036854775807", "99999999999999999999",
	}
	for i, s := range ascending {
		for j, other := range ascending {
			a, b := amount(t, s), amount(t, other)
			want := 0
			if i != j {
				want = 1 - 2*boolInt(i < j)
			}
			if got := a.Cmp(b); got != want || a.Equal(b) != (want == 0) {
				t.Errorf("%s against %s: Cmp %d, Equal %t", s, other, got, a.Equal(b))
			}
		}
	}
	for _, s := range []string{"10.400", "10.400000000000000000", "10.4000000000000000000000000"} {
		if a, b := amount(t, "10.4"), amount(t, s); !a.Equal(b) || !b.Equal(a) {
			t.Errorf("%s and %s are not equal", a, b)
		}
	}
}

func TestAmountDecimals(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"0": 0, "0.00": 0, "318.0": 0, "10.40": 1, "10.400": 1, "-10.405": 3, "100": 0, "0.001": 3,
		"99999999999999999999": 0, "100000000000000000000.0": 0, "-99999999999999999999.120": 2,
		"0.00000000000000000000": 0, "0.00000000000000000010": 19,
	} {
		if got := amount(t, s).Decimals(); got != want {
			t.Errorf("%s has %d decimals, want %d", s, got, want)
		}
	}
	if got := (payment.Amount{}).Decimals(); got != 0 {
		t.Errorf("an amount that is not set has %d decimals", got)
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestAmountSign(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"0": 0, "0.00": 0, "0.01": 1, "-3": -1, "99999999999999999999": 1, "-99999999999999999999": -1,
	} {
		a := amount(t, s)
		if a.Sign() != want || a.Neg().Sign() != -want {
			t.Errorf("%s has sign %d, its opposite %d", s, a.Sign(), a.Neg().Sign())
		}
	}
}

func TestAmountArithmetic(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ a, b, sum, difference string }{
		{"10.40", "0.60", "11.00", "9.80"},
		{"10.4", "0.05", "10.45", "10.35"},
		{"0", "0", "0", "0"},
		{"5", "-5", "0", "10"},
		{"9223372036854775807", "1", "9223372036854775808", "9223372036854775806"},
		{"-9223372036854775808", "1", "-9223372036854775807", "-9223372036854775809"},
		{"0", "-9223372036854775808", "-9223372036854775808", "9223372036854775808"},
		{"-9223372036854775808", "-9223372036854775808", "-18446744073709551616", "0"},
		{"99999999999999999999.99", "0.01", "100000000000000000000.00", "99999999999999999999.98"},
		{"9223372036854775808", "1", "9223372036854775809", "9223372036854775807"},
		{"922337203685477580.7", "0.01", "922337203685477580.71", "922337203685477580.69"}, // does not fit when aligned
		{"-92233720368547758.08", "0.5", "-92233720368547757.58", "-92233720368547758.58"},
		{"-922337203685477580.8", "9223372036854775807", "8301034833169298226.2", "-10145709240540253387.8"},
		{"0", "0.000000000000000000000000000001", "0.000000000000000000000000000001", "-0.000000000000000000000000000001"},
		{"1", "0.0000000000000000001", "1.0000000000000000001", "0.9999999999999999999"},
	} {
		a, b := amount(t, tt.a), amount(t, tt.b)
		if got := a.Add(b).String(); got != tt.sum {
			t.Errorf("%s + %s = %s, want %s", a, b, got, tt.sum)
		}
		if got := a.Sub(b).String(); got != tt.difference {
			t.Errorf("%s - %s = %s, want %s", a, b, got, tt.difference)
		}
		if a.String() != tt.a || b.String() != tt.b {
			t.Errorf("arithmetic changed its operands to %s and %s", a, b)
		}
	}
}

// TestAmountNeg covers the one int64 whose opposite is not an int64.
func TestAmountNeg(t *testing.T) {
	t.Parallel()
	a := amount(t, "-9223372036854775808")
	if got := a.Neg().String(); got != "9223372036854775808" {
		t.Errorf("Neg returns %s", got)
	}
	if back := a.Neg().Neg(); !back.Equal(a) {
		t.Errorf("Neg twice returns %s", back)
	}
}

func TestAmountNotSet(t *testing.T) {
	t.Parallel()
	var none payment.Amount
	one, zero := amount(t, "1"), amount(t, "0")
	if none.IsSet() || none.Sign() != 0 || none.Scale() != 0 || none.String() != "" {
		t.Errorf("the zero value is not an amount that is not set: %#v", none)
	}
	if none.Equal(zero) || zero.Equal(none) || !none.Equal(payment.Amount{}) {
		t.Error("an amount that is not set equals 0, or not itself")
	}
	for _, sum := range []payment.Amount{none.Add(one), one.Add(none), one.Sub(none), none.Sub(one), none.Neg()} {
		if sum.IsSet() {
			t.Errorf("a missing amount counted as 0 and gave %v", sum)
		}
	}
}

// TestAmountArithmeticAllocatesNothing is not parallel: AllocsPerRun counts what
// the whole process allocates.
func TestAmountArithmeticAllocatesNothing(t *testing.T) {
	for _, s := range []string{"0.5", "10.40", "-10.405", "7", "0.000001"} {
		a, b := amount(t, "1234567.89"), amount(t, s)
		allocs := testing.AllocsPerRun(100, func() {
			if !a.Add(b).Sub(b).Equal(a) || a.Cmp(b) != 1 || b.Decimals() > 6 {
				t.Error("wrong")
			}
		})
		if allocs != 0 {
			t.Errorf("arithmetic with %s allocates %v times", s, allocs)
		}
	}
}

// TestParseAmountAllocatesNothing is not parallel: AllocsPerRun counts what
// the whole process allocates.
func TestParseAmountAllocatesNothing(t *testing.T) {
	for _, s := range []string{"10.40", "123456789012345678", "-1234567890123456.78"} {
		allocs := testing.AllocsPerRun(100, func() {
			if _, err := payment.ParseAmount(s); err != nil {
				t.Error(err)
			}
		})
		if allocs != 0 {
			t.Errorf("ParseAmount(%q) allocates %v times", s, allocs)
		}
	}
}
