package spektrix_test

import (
	"net/http"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

func TestEchoDifferences(t *testing.T) {
	t.Parallel()
	for answer, what := range map[string]string{
		`{"name":"EPOS System","amount":10.40,"attributes":[{"name":"Reference","value":"A"},{"name":"x","value":"y"}]}`: "",
		`{"name":"EPOS System","amount":10.41,"attributes":[{"name":"Reference","value":"A"}]}`:                          "the amount differs",
		`{"name":"EPOS system","amount":10.40,"attributes":[{"name":"Reference","value":"A"}]}`:                          "the payment type differs",
		`{"name":"EPOS System","amount":10.40,"attributes":[{"name":"Reference","value":"B"}]}`:                          "an attribute differs (the one with index 0)",
		`{"name":"EPOS System","amount":10.40}`:                                                                          "an attribute differs (the one with index 0)",
	} {
		client, m := newMock(t)
		m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
		m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", answer)
		p := sale(t, "10.40")
		p.Attributes = []payment.Attribute{{Name: "Reference", Value: "A"}}
		receipt, err := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos}).Record(t.Context(), p, attempt())
		if (what == "") != (err == nil) || err != nil && !contains(err, what) || !receipt.Amount.IsSet() {
			t.Errorf("%s: %v, want %q", answer, err, what)
		}
	}
}
