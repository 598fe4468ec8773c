package outbox_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
)

// An entry of a list prints as it does alone: without the payment.
func TestListedPrintsWithoutThePayment(t *testing.T) {
	t.Parallel()
	l := outbox.Listed{Entry: payment.Entry{Payload: []byte(`{"Target":"Jane"}`), Progress: payment.Progress{Status: payment.Open, Checkpoint: []byte("Jane")}}}
	for _, v := range []any{l, &l, []outbox.Listed{l}, []*outbox.Listed{&l}, struct{ L outbox.Listed }{l}, map[string]any{"l": &l}} {
		text, err := json.Marshal(v)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			text = fmt.Appendf(text, verb, v)
		}
		if err != nil || strings.Contains(string(text), "Jane") || strings.Contains(string(text), "SmFuZ") || !strings.Contains(string(text), "open") {
			t.Errorf("%T: %s, %v", v, text, err)
		}
	}
}
