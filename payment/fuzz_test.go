package payment_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/tenderkit/tenderkit/payment"
)

// FuzzParseAmount checks what was read against shopspring/decimal, and that
// text and JSON give it back digit for digit.
func FuzzParseAmount(f *testing.F) {
	for _, s := range []string{"0", "-0", "10.40", "-0.001", "9223372036854775808", "1e3", "+1", ".5", "5.", "−1", "007"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := payment.ParseAmount(s)
		if err != nil {
			wantField(t, err, "amount", "")
			return
		}
		if d, err := decimal.NewFromString(s); err != nil || !d.Equal(a.Decimal()) {
			t.Errorf("%q is %v, shopspring reads %v, %v", s, a.Decimal(), d, err)
		}
		if text := a.String(); text != s && !(a.Sign() == 0 && "-"+text == s) {
			t.Errorf("%q prints as %q", s, text)
		}
		out, err := json.Marshal(a)
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		var back payment.Amount
		if err := json.Unmarshal(out, &back); err != nil || back.String() != a.String() {
			t.Errorf("%q comes back from JSON as %v, %v", s, back, err)
		}
		if !a.Sub(a).Add(a).Equal(a) || a.Neg().Neg().String() != a.String() {
			t.Errorf("%q does not calculate", s)
		}
	})
}

// FuzzAmountUnmarshalJSON checks that what is read is written and read again
// as the same number.
func FuzzAmountUnmarshalJSON(f *testing.F) {
	for _, s := range []string{`10.40`, `"10.40"`, `1.0E7`, `1e-20`, `null`, `""`, `"`, `1e99`, `-0.0`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var a payment.Amount
		if err := a.UnmarshalJSON(data); err != nil {
			wantField(t, err, "amount", "")
			return
		}
		out, err := a.MarshalJSON()
		if err != nil || !json.Valid(out) {
			t.Fatalf("%q is written as %q, %v", data, out, err)
		}
		var back payment.Amount
		if err := back.UnmarshalJSON(out); err != nil || !back.Equal(a) || back.Scale() != a.Scale() {
			t.Errorf("%q comes back as %v, %v", data, back, err)
		}
		if a.IsSet() {
			wantReadBack(t, a)
		}
	})
}

// FuzzParseMoney checks text, JSON, rounding and the count of minor units.
func FuzzParseMoney(f *testing.F) {
	f.Add("10.40", "GBP", 0)
	f.Add("-0.005", "CHF", 1)
	f.Add("92233720368547758.08", "KWD", 3)
	f.Add("1", "XAU", 99)
	f.Fuzz(func(t *testing.T, number, code string, mode int) {
		m, err := payment.ParseMoney(number, payment.Currency(code))
		if err != nil {
			return
		}
		var text, object payment.Money
		if err := text.UnmarshalText([]byte(m.String())); err != nil || !text.Equal(m) {
			t.Errorf("%v comes back from text as %v, %v", m, text, err)
		}
		out, err := json.Marshal(m)
		if err != nil || json.Unmarshal(out, &object) != nil || object.String() != m.String() {
			t.Errorf("%v comes back from %s as %v", m, out, object)
		}
		rounded := m.Round(payment.RoundingMode(mode))
		if units := m.Currency().MinorUnits(); units >= 0 && rounded.Amount().Scale() != units {
			t.Errorf("%v rounds to %v", m, rounded)
		}
		checkNear(t, m, rounded)
		checkModes(t, m)
		if units, err := m.MinorUnits(); err == nil {
			back, err := payment.FromMinorUnits(units, m.Currency())
			if err != nil || !back.Equal(m) {
				t.Errorf("%v comes back from %d minor units as %v, %v", m, units, back, err)
			}
		}
	})
}

// checkNear fails if rounding moved m by a minor unit or more.
func checkNear(t *testing.T, m, rounded payment.Money) {
	t.Helper()
	unit, err := payment.FromMinorUnits(1, m.Currency())
	if err != nil {
		return
	}
	moved := m.Amount().Sub(rounded.Amount())
	if moved.Sign() < 0 {
		moved = moved.Neg()
	}
	if moved.Cmp(unit.Amount()) >= 0 {
		t.Errorf("%v rounds to %v", m, rounded)
	}
}

// checkModes compares the modes that shopspring/decimal has too.
func checkModes(t *testing.T, m payment.Money) {
	t.Helper()
	places := int32(m.Currency().MinorUnits())
	if places < 0 {
		return
	}
	d := m.Amount().Decimal()
	for mode, want := range map[payment.RoundingMode]decimal.Decimal{
		payment.HalfEven: d.RoundBank(places),
		payment.HalfUp:   d.Round(places),
		payment.Up:       d.RoundUp(places),
		payment.Down:     d.RoundDown(places),
		payment.Ceiling:  d.RoundCeil(places),
		payment.Floor:    d.RoundFloor(places),
	} {
		if got := m.Round(mode).Amount().Decimal(); !got.Equal(want) {
			t.Errorf("%v rounds to %v under mode %d, shopspring returns %v", m, got, mode, want)
		}
	}
}

// FuzzParseDate checks that a day that is read is one and prints as it was.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2006-01-02", "2023-02-29", "0000-01-01", "2006-1-2", ""} {
		f.Add(s)
	}
	f.Add("0001-01-01")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := payment.ParseDate(s)
		if err != nil {
			wantField(t, err, "date", "")
			return
		}
		if d.String() != s || !d.Valid() {
			t.Errorf("%q is %#v", s, d)
		}
		if start := d.In(nil); !start.IsZero() && payment.DateOf(start) != d {
			t.Errorf("%q starts on %v", s, payment.DateOf(start))
		}
	})
}

// FuzzAllocate checks that the shares add up, stay within one minor unit of
// what is due, and never change sign.
func FuzzAllocate(f *testing.F) {
	f.Add(int64(1000), 1, 1, 1)
	f.Add(int64(-5), 0, 7, 3)
	f.Add(int64(math.MinInt64), 1, math.MaxInt/2, 0)
	f.Add(int64(math.MaxInt64), math.MaxInt, 1, 0)
	f.Fuzz(func(t *testing.T, units int64, a, b, c int) {
		m, err := payment.FromMinorUnits(units, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		shares, err := m.Allocate(a, b, c)
		if err != nil {
			wantField(t, err, "weights", "")
			return
		}
		total := m.Neg()
		weights := decimal.Sum(decimal.New(int64(a), 0), decimal.New(int64(b), 0), decimal.New(int64(c), 0))
		for i, weight := range []int{a, b, c} {
			if total, err = total.Add(shares[i]); err != nil {
				t.Fatal(err)
			}
			if shares[i].Sign()*m.Sign() < 0 || weight == 0 && shares[i].Sign() != 0 {
				t.Errorf("%v by %d, %d, %d is %v", m, a, b, c, shares)
			}
			// |share*weights - m*weight| < one minor unit * weights, without division
			due := shares[i].Amount().Decimal().Mul(weights).Sub(m.Amount().Decimal().Mul(decimal.New(int64(weight), 0)))
			if due.Abs().Cmp(weights.Shift(-2)) >= 0 {
				t.Errorf("share %d of %v by %d, %d, %d is %v", i, m, a, b, c, shares[i])
			}
		}
		if total.Sign() != 0 {
			t.Errorf("%v by %d, %d, %d is %v: off by %v", m, a, b, c, shares, total)
		}
	})
}
