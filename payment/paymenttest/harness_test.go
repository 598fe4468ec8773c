package paymenttest

import (
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// A harness that lacks something says what, field by field.
func TestWhatIsMissing(t *testing.T) {
	t.Parallel()
	start := func(*testing.T, Conditions) Vendor { return Vendor{} }
	connect := func(Connection) (payment.Recorder, error) { return nil, nil }
	for name, tt := range map[string]struct {
		check func() error
		want  string
	}{
		"harness": {Harness{}.check, "Harness.Start is not set\nHarness.Connect is not set\nHarness.Kinds is empty"},
		"kind":    {Harness{Start: start, Connect: connect, Kinds: []payment.Kind{"sale", "gift"}}.check, "Harness.Kinds[1] is not a kind of payment"},
		"sealed": {Harness{Start: start, Connect: connect, Kinds: []payment.Kind{"sale"}, Sealed: []Sealed{{}}}.check,
			"Harness.Sealed[0].Open is not set"},
		"vendor":   {Vendor{}.check, "Vendor.URL is empty\nVendor.Script is not set\nVendor.Ledger is not set\nVendor.Payment is not set"},
		"client":   {Exposed{}.check, "Exposed.Script is not set\nExposed.Sentinels is empty\nExposed.Calls is empty"},
		"emulator": {RoundTripper{}.check, "RoundTripper.Clauses is empty\nRoundTripper.Facts is not set\nRoundTripper.Emulator is not set"},
		"recorder": {func() error { _, err := Harness{Connect: connect}.connect(Connection{}); return err }, "Harness.Connect returned no Recorder and no error"},
		"good":     {Harness{Start: start, Connect: connect, Kinds: []payment.Kind{"sale"}}.check, ""},
	} {
		got := ""
		if err := tt.check(); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
