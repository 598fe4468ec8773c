package reconcile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// A Target can be a customer: nothing that prints shows it.
func TestPrint(t *testing.T) {
	t.Parallel()
	left := Record{Reference: "R1", Kind: payment.Sale, Amount: money(t, "10.40 GBP"), Target: "S3NTINEL"}
	right := left
	right.Target, right.Amount = "S3NTINEL too", money(t, "10.41 GBP")
	f := (&comparison{rules: Rules{Compare: []Field{Target}}}).pair(left, right)
	want := `differs "R1": left sale of 10.40 GBP, right sale of 10.41 GBP; Amount "10.40 GBP", "10.41 GBP"; Target`
	if f.String() != want {
		t.Errorf("%v", f)
	}
	if one := (Finding{Verdict: Missing, Left: []Record{{Kind: payment.Sale, Amount: left.Amount}}}).String(); one != `missing "": left sale of 10.40 GBP, right none` {
		t.Error(one)
	}
	values := []any{left, &left, f, &f, f.Differences, []Finding{f}, map[string]Record{"x": left}}
	for _, v := range values {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		text, err := json.Marshal(v)
		if err != nil {
			t.Error(err)
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&log, verb, v)
		}
		if all := log.String() + string(text); strings.Contains(all, "S3NTINEL") {
			t.Errorf("shown by %T: %s", v, all)
		}
	}
}

func TestTotalsArePrinted(t *testing.T) {
	t.Parallel()
	var totals Totals
	day := payment.DateOf(time.Date(2024, time.December, 3, 0, 0, 0, 0, time.UTC))
	totals.Add(Finding{Verdict: Missing, Left: []Record{{Reference: "r", Kind: payment.Sale, Amount: money(t, "318.00 NOK"), Date: day, Method: "CARD"}}})
	for total := range totals.All() {
		if got, want := fmt.Sprint(total), "2024-12-03 CARD NOK: left 318.00 in 1, right 0 in 0, difference -318.00"; got != want {
			t.Errorf("printed as %s, want %s", got, want)
		}
	}
}
