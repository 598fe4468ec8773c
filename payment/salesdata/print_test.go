package salesdata_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// TestSensitiveFieldsAreNotPrinted looks for the two sensitive fields, and for
// unknown keys, in everything that prints a value.
func TestSensitiveFieldsAreNotPrinted(t *testing.T) {
	t.Parallel()
	const doc = `{"secret_key":"SENTINEL","payments":[{"net_amount":1,"par":"SENTINEL","x":"SENTINEL"},{"amount":1,"card_ident_string":"SENTINEL"},` +
		`{"amount":2,"par":"SENTINEL"}],"lines":[{"gross_amount":1,"x":"SENTINEL"}]}`
	o := only(t, doc)
	if o.Payments[0].PAR != "SENTINEL" || o.Payments[1].CardIdentString != "SENTINEL" {
		t.Fatal("the fields were not read")
	}
	values := []any{o, &o, o.Payments, o.Payments[0], &o.Payments[1], o.Lines, o.Extra, o.Payments[2].Extra[0], o.Faults, map[string]any{"o": o},
		struct{ P salesdata.Payment }{o.Payments[0]}}
	var out bytes.Buffer
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	for _, v := range append(values, []salesdata.Order{o}, []*salesdata.Order{&o}, [1]salesdata.Payment{o.Payments[1]}, map[string]salesdata.Line{"l": o.Lines[0]}) {
		text, err := json.Marshal(v)
		next, nextErr := jsonv2.Marshal(v)
		fmt.Fprintln(&out, string(text), err, string(next), nextErr)
		slog.New(slog.NewTextHandler(&out, nil)).Info("text", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "v", v)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("text", "order", o, "payment", o.Payments[0], "line", o.Lines[0], "extra", o.Extra)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "order", o, "payment", o.Payments[1], "line", o.Lines[0])
	if i := strings.Index(out.String(), "SENTINEL"); i >= 0 {
		t.Errorf("printed: %.200s", out.String()[max(0, i-100):])
	}
}

// A record is not stored without its fields by mistake.
func TestRecordsAreNotJSONByThemselves(t *testing.T) {
	t.Parallel()
	for _, v := range []any{salesdata.Order{}, salesdata.Payment{}, &salesdata.Line{}, []salesdata.Order{{}}} {
		text, err := json.Marshal(v)
		next, nextErr := jsonv2.Marshal(v)
		if err == nil || nextErr == nil {
			t.Errorf("%T: %s, %s", v, text, next)
		}
	}
}

func TestPrintTellsWhatHelps(t *testing.T) {
	t.Parallel()
	o := only(t, string(document(t, "payment_cash.json")))
	if got, want := fmt.Sprint(o.Payments[0]), "root payment d4e5f6a7-b8c9-0123-def0-234567890123, type 1, tender 500.00"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := fmt.Sprintf("%q", o), `"root order , type \"\", payments: 1, lines: 0, faults: 0"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
