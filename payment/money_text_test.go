package payment_test

import (
	"encoding/json"
	"errors"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/tenderkit/tenderkit/payment"
)

func TestMoneyText(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "10.40 GBP", "-0.001 GBP", "1040 JPY", "12345678901234567890.12 XAU"} {
		m := money(t, "999 EUR")
		if err := m.UnmarshalText([]byte(s)); err != nil {
			t.Errorf("%q: %v", s, err)
		}
		text, err := m.MarshalText()
		if err != nil || string(text) != s || m.IsSet() != (s != "") {
			t.Errorf("%q is written as %q, %v", s, text, err)
		}
		if appended, err := m.AppendText([]byte("x")); err != nil || string(appended) != "x"+s {
			t.Errorf("AppendText returns %q, %v", appended, err)
		}
	}
}

func TestMoneyTextRefuses(t *testing.T) {
	t.Parallel()
	for s, field := range map[string]string{
		"10.60": "money", "GBP": "money", "10.40GBP": "money", "10.40\u00a0GBP": "money", "10.40\tGBP": "money",
		"GBP 10.40": "amount", " GBP": "amount", "1e2 GBP": "amount", " 10.40 GBP": "amount",
		"10.40 ": "currency", "10.40  GBP": "currency", "10.40 GBP ": "currency", "10.40 gbp": "currency",
	} {
		m := money(t, "999 EUR")
		wantField(t, m.UnmarshalText([]byte(s)), field, s)
		if m.IsSet() {
			t.Errorf("%q leaves %v behind", s, m)
		}
	}
}

func TestMoneyJSON(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"amount":"10.40","currency":"GBP"}`:       `{"amount":"10.40","currency":"GBP"}`,
		`{"amount":10.40,"currency":"GBP"}`:         `{"amount":"10.40","currency":"GBP"}`,
		` { "currency" : "JPY", "amount" : 1E3 } `:  `{"amount":"1000","currency":"JPY"}`,
		`{"amount":"-0.001","currency":"\u0047BP"}`: `{"amount":"-0.001","currency":"GBP"}`,
		`null`: `null`,
	} {
		m := money(t, "999 EUR")
		if err := json.Unmarshal([]byte(in), &m); err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if out, err := json.Marshal(m); err != nil || string(out) != want {
			t.Errorf("%s is written as %s, %v", in, out, err)
		}
		if err := jsonv2.Unmarshal([]byte(in), &m); err != nil {
			t.Errorf("%s by v2: %v", in, err)
		}
		if out, err := jsonv2.Marshal(m); err != nil || string(out) != want {
			t.Errorf("%s is written by v2 as %s, %v", in, out, err)
		}
	}
}

func TestMoneyJSONRefuses(t *testing.T) {
	t.Parallel()
	for in, field := range map[string]string{
		`"10.40 GBP"`: "money", `10.40`: "money", `[]`: "money", `{}`: "money", `{`: "money", ``: "money",
		`{"amount":"10.40"}`:                                        "money",
		`{"currency":"GBP"}`:                                        "money",
		`{"amount":"10.40","currency":"GBP","x":1}`:                 "money",
		`{"amount":"10.40","currency":"GBP"} {}`:                    "money",
		`{"value":"10.40","currency":"GBP"}`:                        "amount",
		`{"Amount":"10.40","currency":"GBP"}`:                       "amount",
		`{"amount":null,"currency":"GBP"}`:                          "amount",
		`{"amount":"","currency":"GBP"}`:                            "amount",
		`{"amount":"10,40","currency":"GBP"}`:                       "amount",
		`{"amount":{},"currency":"GBP"}`:                            "amount",
		`{"amount":"10.40","code":"GBP"}`:                           "currency",
		`{"amount":"10.40","currency":826}`:                         "currency",
		`{"amount":"10.40","currency":null}`:                        "currency",
		`{"amount":"10.40","currency":"gbp"}`:                       "currency",
		`{"amount":"10.40","currency":"GBP","currency":"QQQ"}`:      "currency",
		`{"amount":"10.40","amount":"10.41e99","currency":"GBP"}`:   "amount",
		`{"amount":"10.40","currency":"GBP","amount":"notanumber"}`: "amount",
	} {
		m := money(t, "999 EUR")
		wantField(t, m.UnmarshalJSON([]byte(in)), field, in)
		if m.IsSet() {
			t.Errorf("%s leaves %v behind", in, m)
		}
		if err := jsonv2.Unmarshal([]byte(in), &m); err == nil {
			t.Errorf("%s is read by v2 as %v", in, m)
		}
	}
}

func TestMoneyJSONInStruct(t *testing.T) {
	t.Parallel()
	type line struct {
		Paid payment.Money `json:"paid"`
		Tip  payment.Money `json:"tip,omitzero"`
	}
	out, err := json.Marshal(line{Paid: money(t, "0 GBP")})
	if want := `{"paid":{"amount":"0","currency":"GBP"}}`; err != nil || string(out) != want {
		t.Errorf("%s, %v, want %s", out, err, want)
	}
}

// TestMoneyInWithdrawnCurrency reads what was stored while the code was active.
func TestMoneyInWithdrawnCurrency(t *testing.T) {
	t.Parallel()
	for _, code := range []payment.Currency{"HRK", "BGN", "ANG", "ZWL", "SLL", "CUC", "DEM", "MRO", "VEF"} {
		text := "10.40 " + string(code)
		var a, b, c, d payment.Money
		err := errors.Join(a.UnmarshalText([]byte(text)), b.Scan(text),
			json.Unmarshal([]byte(`{"amount":"10.40","currency":"`+string(code)+`"}`), &c))
		if out, err1 := json.Marshal(c); err != nil || err1 != nil || jsonv2.Unmarshal(out, &d) != nil {
			t.Fatal(err, err1)
		}
		for _, m := range []payment.Money{a, b, c, d} {
			if m.String() != text || !m.Equal(a) || m.HasExtraDecimals() || m.Round(payment.Up) != m {
				t.Errorf("%s is read as %v", text, m)
			}
		}
		if code.Known() || !code.Withdrawn() {
			t.Errorf("%s: known %t, withdrawn %t", code, code.Known(), code.Withdrawn())
		}
		_, err = payment.NewMoney(a.Amount(), code)
		wantField(t, err, "currency", "")
	}
	var m payment.Money
	wantField(t, m.UnmarshalText([]byte("10.40 QQQ")), "currency", "")
	wantField(t, m.UnmarshalJSON([]byte(`{"amount":"10.40","currency":"QQQ"}`)), "currency", "")
}

// TestMoneyJSONAllocates holds the reader of json/v2 to one allocation beside
// those that it makes for any value: the code.
func TestMoneyJSONAllocates(t *testing.T) {
	if underRace {
		t.Skip("the race detector makes pools forget: allocations say nothing")
	}
	type plain struct {
		Amount   string `json:"amount"`
		Currency string `json:"currency"`
	}
	var p plain
	var m payment.Money
	data := []byte(`{"amount":"10.40","currency":"GBP"}`)
	floor := testing.AllocsPerRun(100, func() { _ = jsonv2.Unmarshal(data, &p) })
	got := testing.AllocsPerRun(100, func() { _ = jsonv2.Unmarshal(data, &m) })
	if got > floor+1 {
		t.Errorf("%v allocations, %v for two strings", got, floor)
	}
}

func TestMoneySQL(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ src, want any }{
		{nil, nil}, {"", nil}, {"10.40 GBP", "10.40 GBP"}, {[]byte("-1 JPY"), "-1 JPY"},
	} {
		m := money(t, "999 EUR")
		if err := m.Scan(tt.src); err != nil {
			t.Errorf("Scan(%v): %v", tt.src, err)
		}
		if got, err := m.Value(); err != nil || got != tt.want {
			t.Errorf("Scan(%v) is stored as %v, %v", tt.src, got, err)
		}
	}
	for _, src := range []any{10.4, int64(10), true, "10.40", []byte("GBP")} {
		m := money(t, "999 EUR")
		wantField(t, m.Scan(src), "money", "")
		if m.IsSet() {
			t.Errorf("Scan(%v) leaves %v behind", src, m)
		}
	}
}
