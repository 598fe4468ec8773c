package payment_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/shopspring/decimal"
	"github.com/tenderkit/tenderkit/payment"
)

// The package itself does not import database/sql, which takes half a second to
// compile.
var (
	_ sql.Scanner = (*payment.Amount)(nil)
	_ sql.Scanner = (*payment.Date)(nil)
	_ sql.Scanner = (*payment.Money)(nil)
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
		if err := jsonv2.Unmarshal([]byte(in), &a); err != nil {
			t.Errorf("%s by v2: %v", in, err)
		}
		if out, err := jsonv2.Marshal(a); err != nil || string(out) != want {
			t.Errorf("%s is written by v2 as %s, %v, want %s", in, out, err, want)
		}
	}
}

func TestAmountJSONRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		`""`, `" 1"`, `"+1"`, `"1,000"`, `"abcdef"`, `"null"`, `true`, `{}`, `[1]`, `"`, `"1e"`, `"e5"`, `"1e2e3"`,
		`1e21`, `1e-21`, `1e99999999999999999999`, `"\u0031"`, `"1e1_0"`,
		strings.Repeat("9", 62), "0." + strings.Repeat("0", 60) + "1", strings.Repeat("9", 1<<20),
	} {
		a := amount(t, "999")
		err := a.UnmarshalJSON([]byte(in))
		wantField(t, err, "amount", strings.Trim(in, `"`))
		if a.IsSet() {
			t.Errorf("%.50s leaves %v behind", in, a)
		}
	}
}

// The reason says what is wrong with the text as a whole. A text with an e in
// it is not a number with a bad exponent.
func TestAmountJSONReason(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`"secret"`:                 "amount: is not plain decimal text such as 10.40",
		`true`:                     "amount: is not plain decimal text such as 10.40",
		`"1e"`:                     "amount: is not plain decimal text such as 10.40",
		`"1e2e3"`:                  "amount: is not plain decimal text such as 10.40",
		`"1ex"`:                    "amount: is not plain decimal text such as 10.40",
		`1e21`:                     "amount: has an exponent that is not within -20 to 20",
		`1e-999999999999999999999`: "amount: has an exponent that is not within -20 to 20",
	} {
		var a payment.Amount
		if err := a.UnmarshalJSON([]byte(in)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
	}
}

// TestAmountIsReadBack stores what NewAmount accepts and what sums of it come to.
func TestAmountIsReadBack(t *testing.T) {
	t.Parallel()
	long, tiny := newAmount(t, decimal.RequireFromString(strings.Repeat("9", 60))), newAmount(t, decimal.New(-1, -60))
	for _, a := range []payment.Amount{
		amount(t, strings.Repeat("9", 40)).Add(amount(t, "1")), // 41 bytes
		amount(t, "-"+strings.Repeat("9", 39)).Sub(amount(t, strings.Repeat("9", 40))),
		amount(t, strings.Repeat("9", 40)).Add(amount(t, "0."+strings.Repeat("0", 37)+"1")),
		long, tiny, long.Neg(), long.Add(tiny), long.Neg().Add(tiny), amount(t, strings.Repeat("9", 40)).Neg(),
	} {
		wantReadBack(t, a)
	}
	for _, sum := range []payment.Amount{long.Add(amount(t, "1")), long.Add(long), long.Neg().Sub(long)} {
		if sum.IsSet() {
			t.Errorf("a sum that cannot be stored is %v", sum)
		}
	}
}

func newAmount(t testing.TB, d decimal.Decimal) payment.Amount {
	t.Helper()
	a, err := payment.NewAmount(d)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// wantReadBack checks every form in which an amount can be stored.
func wantReadBack(t *testing.T, a payment.Amount) {
	t.Helper()
	same := func(form string, back *payment.Amount, err error) {
		t.Helper()
		if err != nil || !a.IsSet() || back.String() != a.String() || !back.Equal(a) {
			t.Errorf("%v comes back from %s as %v, %v", a, form, back, err)
		}
	}
	var text, v1, v2, sql payment.Amount
	same("text", &text, text.UnmarshalText([]byte(a.String())))
	out, err := json.Marshal(a)
	same("JSON", &v1, errors.Join(err, json.Unmarshal(out, &v1)))
	out, err = jsonv2.Marshal(a)
	same("JSON by v2", &v2, errors.Join(err, jsonv2.Unmarshal(out, &v2)))
	value, err := a.Value()
	same("a database", &sql, errors.Join(err, sql.Scan(value)))
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
		if out, err := jsonv2.Marshal(tt.in); err != nil || string(out) != tt.want {
			t.Errorf("by v2 %s, %v, want %s", out, err, tt.want)
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
			t.Errorf("AppendText returns %q, %v", appended, err)
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
