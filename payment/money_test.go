package payment_test

import (
	"math"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/tenderkit/tenderkit/payment"
)

// money parses "10.40 GBP".
func money(t testing.TB, s string) payment.Money {
	t.Helper()
	number, code, _ := strings.Cut(s, " ")
	m, err := payment.ParseMoney(number, payment.Currency(code))
	if err != nil {
		t.Fatalf("ParseMoney(%q): %v", s, err)
	}
	return m
}

func TestParseMoney(t *testing.T) {
	t.Parallel()
	m, err := payment.ParseMoney("10.405", "GBP")
	if err != nil {
		t.Fatal(err)
	}
	if m.String() != "10.405 GBP" || m.Amount().String() != "10.405" || m.Currency() != "GBP" || !m.IsSet() {
		t.Errorf("reads as %v, not set %t", m, !m.IsSet())
	}
	for _, tt := range []struct{ amount, currency, field string }{
		{"", "GBP", "amount"}, {"1e3000", "GBP", "amount"}, {"10.40", "", "currency"},
		{"10.40", "gbpp", "currency"}, {"10.40", "HRK", "currency"},
	} {
		m, err := payment.ParseMoney(tt.amount, payment.Currency(tt.currency))
		wantField(t, err, tt.field, tt.amount)
		if m.IsSet() {
			t.Errorf("returns %v besides the error", m)
		}
	}
}

func TestNewMoneyRefusesAmountNotSet(t *testing.T) {
	t.Parallel()
	_, err := payment.NewMoney(payment.Amount{}, "GBP")
	wantField(t, err, "amount", "")
}

func TestMinorUnitsBothWays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		units    int64
		currency payment.Currency
		want     string
	}{
		{1040, "GBP", "10.40 GBP"}, {-5, "GBP", "-0.05 GBP"}, {0, "GBP", "0.00 GBP"},
		{1040, "JPY", "1040 JPY"}, {1040, "KWD", "1.040 KWD"}, {1040, "CLF", "0.1040 CLF"},
		{math.MaxInt64, "GBP", "92233720368547758.07 GBP"}, {math.MinInt64, "GBP", "-92233720368547758.08 GBP"},
	} {
		m, err := payment.FromMinorUnits(tt.units, tt.currency)
		if err != nil || m.String() != tt.want {
			t.Errorf("FromMinorUnits(%d, %s) = %v, %v", tt.units, tt.currency, m, err)
		}
		if units, err := m.MinorUnits(); err != nil || units != tt.units {
			t.Errorf("%v has %d minor units, %v", m, units, err)
		}
	}
	for _, currency := range []payment.Currency{"XAU", "QQQ", ""} {
		_, err := payment.FromMinorUnits(1, currency)
		wantField(t, err, "currency", "")
	}
}

func TestMinorUnitsOfOtherScales(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{
		"10 GBP": 1000, "10.4 GBP": 1040, "10.4000 GBP": 1040, "7.0 JPY": 7, "-1.5 KWD": -1500,
		"318.0 JPY": 318, "10.400 GBP": 1040, "10.40000000000000000000000 GBP": 1040,
	} {
		if units, err := money(t, in).MinorUnits(); err != nil || units != want {
			t.Errorf("%s has %d minor units, %v", in, units, err)
		}
	}
}

func TestMinorUnitsRefuses(t *testing.T) {
	t.Parallel()
	for in, field := range map[string]string{
		"10.405 GBP": "amount", "0.5 JPY": "amount", "0.001 GBP": "amount", "1 XAU": "currency",
		"92233720368547758.08 GBP": "amount", "-92233720368547758.09 GBP": "amount",
		"9223372036854775807 GBP": "amount", "99999999999999999999999999 JPY": "amount",
	} {
		units, err := money(t, in).MinorUnits()
		wantField(t, err, field, in)
		if units != 0 {
			t.Errorf("%s returns %d besides the error", in, units)
		}
	}
	_, err := payment.Money{}.MinorUnits()
	wantField(t, err, "amount", "")
}

func TestMoneyHasExtraDecimals(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"10.40 GBP": false, "10.400 GBP": false, "10 GBP": false, "318.0 JPY": false, "318.000 JPY": false, "1.000 KWD": false,
		"10.405 GBP": true, "318.1 JPY": true, "-0.001 GBP": true, "1.0001 KWD": true, "99999999999999999999.001 GBP": true,
		"1.23456 XAU": false, "99999999999999999999.100 GBP": false,
	} {
		m := money(t, in)
		if got := m.HasExtraDecimals(); got != want {
			t.Errorf("%s has extra decimals: %t", in, got)
		}
		if !want && !m.Round(payment.Up).Equal(m) {
			t.Errorf("%s is rounded to %v", in, m.Round(payment.Up))
		}
	}
	if (payment.Money{}).HasExtraDecimals() {
		t.Error("money that is not set has extra decimals")
	}
}

// TestMoneyAddRefusesWhatCannotBeStored covers the sum that has a digit more
// than what is read back.
func TestMoneyAddRefusesWhatCannotBeStored(t *testing.T) {
	t.Parallel()
	long, err := payment.NewMoney(newAmount(t, decimal.New(9, 59)), "GBP")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := long.Add(long)
	wantField(t, err, "amount", "")
	if sum.IsSet() {
		t.Errorf("returns %v besides the error", sum)
	}
	for _, m := range []payment.Money{long, long.Neg(), long.Round(payment.Up), money(t, strings.Repeat("9", 40)+" GBP").Round(payment.Up)} {
		var back payment.Money
		if err := back.UnmarshalText([]byte(m.String())); err != nil || back.String() != m.String() {
			t.Errorf("%v comes back as %v, %v", m, back, err)
		}
	}
}

func TestMoneyArithmetic(t *testing.T) {
	t.Parallel()
	a, b := money(t, "10.40 GBP"), money(t, "0.605 GBP")
	if sum, err := a.Add(b); err != nil || sum.String() != "11.005 GBP" {
		t.Errorf("the sum is %v, %v", sum, err)
	}
	if difference, err := b.Sub(a); err != nil || difference.String() != "-9.795 GBP" {
		t.Errorf("the difference is %v, %v", difference, err)
	}
	if order, err := a.Cmp(b); err != nil || order != 1 {
		t.Errorf("Cmp returns %d, %v", order, err)
	}
	if a.Neg().String() != "-10.40 GBP" || a.Sign() != 1 || a.Neg().Sign() != -1 {
		t.Errorf("Neg returns %v", a.Neg())
	}
	if a.String() != "10.40 GBP" {
		t.Errorf("arithmetic changed its receiver to %v", a)
	}
}

func TestMoneyArithmeticRefuses(t *testing.T) {
	t.Parallel()
	pound, euro := money(t, "1 GBP"), money(t, "1 EUR")
	for _, tt := range []struct {
		a, b  payment.Money
		field string
	}{
		{pound, euro, "currency"}, {pound, payment.Money{}, "amount"}, {payment.Money{}, pound, "amount"},
		{payment.Money{}, payment.Money{}, "amount"},
	} {
		sum, err := tt.a.Add(tt.b)
		wantField(t, err, tt.field, "")
		difference, err := tt.a.Sub(tt.b)
		wantField(t, err, tt.field, "")
		order, err := tt.a.Cmp(tt.b)
		wantField(t, err, tt.field, "")
		if sum.IsSet() || difference.IsSet() || order != 0 {
			t.Errorf("%v and %v give %v, %v, %d besides the error", tt.a, tt.b, sum, difference, order)
		}
	}
}

func TestMoneyEqual(t *testing.T) {
	t.Parallel()
	var none payment.Money
	for _, tt := range []struct {
		a, b payment.Money
		want bool
	}{
		{money(t, "10.4 GBP"), money(t, "10.40 GBP"), true},
		{money(t, "10.4 GBP"), money(t, "10.41 GBP"), false},
		{money(t, "10.4 GBP"), money(t, "10.4 EUR"), false},
		{none, none, true},
		{none, money(t, "0 GBP"), false},
		{money(t, "0 GBP"), none, false},
	} {
		if got := tt.a.Equal(tt.b); got != tt.want {
			t.Errorf("%q equals %q: %t", tt.a, tt.b, got)
		}
	}
}

func TestMoneyNotSet(t *testing.T) {
	t.Parallel()
	var none payment.Money
	if none.IsSet() || none.Sign() != 0 || none.String() != "" || none.Currency() != "" || none.Amount().IsSet() {
		t.Errorf("the zero value is not money that is not set: %#v", none)
	}
	if none.Neg() != none {
		t.Error("Neg sets money that is not set")
	}
	if zero := money(t, "0 GBP"); !zero.IsSet() || zero.Sign() != 0 {
		t.Error("money of 0 counts as not set")
	}
}
