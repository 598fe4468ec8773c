package payment_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

func TestAmountJSON(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`10.40`: `10.40`, `318.00`: `318.00`, `100.0`: `100.0`, `0`: `0`, `-0.00`: `0.00`,
		`"10.40"`: `10.40`, `"-5"`: `-5`,
		`1.0E7`: `10000000`, `1e+2`: `100`, `"12.5e-1"`: `1.25`, `1E20`: `100000000000000000000`,
		`1e-20`: `0.00000000000000000001`, `0e5`: `0`,
		`12345678901234567890.12`: `12345678901234567890.12`,
		`null`:                    `null`,
	} {
		a := amount(t, "999")
		if err := json.Unmarshal([]byte(in), &a); err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if out, err := json.Marshal(a); err != nil || string(out) != want {
			t.Errorf("%s is written as %s, %v, want %s", in, out, err, want)
		}
	}
}

func TestAmountJSONRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		`""`, `" 1"`, `"+1"`, `"1,000"`, `"abcdef"`, `"null"`, `true`, `{}`, `[1]`, `"`, `"1e"`, `"e5"`, `"1e2e3"`,
		`1e21`, `1e-21`, `1e99999999999999999999`, `"\u0031"`, `"1e1_0"`,
		strings.Repeat("9", 41), strings.Repeat("9", 1<<20),
	} {
		a := amount(t, "999")
		err := a.UnmarshalJSON([]byte(in))
		wantField(t, err, "amount", strings.Trim(in, `"`))
		if a.IsSet() {
			t.Errorf("%.50s leaves %v behind", in, a)
		}
	}
}

func TestAmountJSONInStruct(t *testing.T) {
	t.Parallel()
	type line struct {
		Paid payment.Amount `json:"paid"`
		Tip  payment.Amount `json:"tip,omitzero"`
	}
	for _, tt := range []struct {
		in   line
		want string
	}{
		{line{}, `{"paid":null}`},
		{line{Paid: amount(t, "0.00"), Tip: amount(t, "0")}, `{"paid":0.00,"tip":0}`},
	} {
		if out, err := json.Marshal(tt.in); err != nil || string(out) != tt.want {
			t.Errorf("%s, %v, want %s", out, err, tt.want)
		}
	}
}

func TestAmountText(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "10.40", "-0.05", "12345678901234567890.12"} {
		a := amount(t, "999")
		if err := a.UnmarshalText([]byte(s)); err != nil {
			t.Errorf("%q: %v", s, err)
		}
		text, err := a.MarshalText()
		if err != nil || string(text) != s || a.IsSet() != (s != "") {
			t.Errorf("%q is written as %q, %v", s, text, err)
		}
		if appended, err := a.AppendText([]byte("x")); err != nil || string(appended) != "x"+s {
			t.Errorf("AppendText gives %q, %v", appended, err)
		}
	}
	a := amount(t, "999")
	wantField(t, a.UnmarshalText([]byte("1e3000")), "amount", "1e3000")
	if a.IsSet() {
		t.Error("a refused text leaves the old amount")
	}
}

func TestAmountFormat(t *testing.T) {
	t.Parallel()
	a := amount(t, "10.40")
	if got := fmt.Sprintf("%v %s", a, a); got != "10.40 10.40" {
		t.Errorf("prints as %q", got)
	}
}

func TestAmountSQL(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		src  any
		want any
	}{
		{nil, nil}, {"10.40", "10.40"}, {[]byte("-0.05"), "-0.05"}, {int64(7), "7"}, {"", nil},
		{"12345678901234567890.12", "12345678901234567890.12"},
	} {
		a := amount(t, "999")
		if err := a.Scan(tt.src); err != nil {
			t.Errorf("Scan(%v): %v", tt.src, err)
		}
		if got, err := a.Value(); err != nil || got != tt.want {
			t.Errorf("Scan(%v) is stored as %v, %v", tt.src, got, err)
		}
	}
	for _, src := range []any{10.4, true, "1e3", []byte("abc")} {
		a := amount(t, "999")
		wantField(t, a.Scan(src), "amount", "")
		if a.IsSet() {
			t.Errorf("Scan(%v) leaves %v behind", src, a)
		}
	}
}
