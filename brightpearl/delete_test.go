package brightpearl_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func TestDeleteUnderEveryFault(t *testing.T) {
	t.Parallel()
	for _, fault := range paymenttest.Faults() {
		if isRefusal(fault) {
			continue
		}
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t)
			id, err := client.CreateCustomerPayment(t.Context(), receipt(t))
			if err != nil {
				t.Fatal(err)
			}
			server.Faults().Next(fault)
			err = client.DeleteCustomerPayment(t.Context(), id)
			if err != nil && !errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("err %v", err)
			}
			if deleted := server.Payments()[0].Deleted; deleted != fault.Effect() || err == nil && !deleted {
				t.Errorf("deleted %v, err %v", deleted, err)
			}
			if n := server.Count(brightpearltest.OpDeleteCustomerPayment); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

// An answer without the vendor's form is not a success, and a 404 that is not
// the vendor's says nothing about the payment.
func TestDeleteAnswers(t *testing.T) {
	t.Parallel()
	const elsewhere = `{"errors":[{"code":"CMNC-404","message":"Cannot find"}]}`
	for name, c := range map[string]struct {
		status     int
		kind, body string
		want       error
	}{
		"empty":          {200, "", "", nil},
		"object":         {200, "application/json;charset=UTF-8", "{}", nil},
		"no content":     {204, "", "", nil},
		"not declared":   {200, "text/plain", "{}", payment.ErrOutcomeUnknown},
		"html":           {200, "text/html", "<html>sign in</html>", payment.ErrOutcomeUnknown},
		"maintenance":    {200, "application/json", `{"message":"We are down for maintenance"}`, payment.ErrOutcomeUnknown},
		"envelope":       {200, "text/json", `{"response":{},"reference":{}}`, nil},
		"list":           {200, "application/json", "[]", payment.ErrOutcomeUnknown},
		"no errors":      {200, "application/json", `{"response":null,"errors":[]}`, nil},
		"text":           {200, "application/json", `{"response":"Service Unavailable"}`, payment.ErrOutcomeUnknown},
		"errors and all": {200, "application/json", `{"response":{},"errors":["no"]}`, payment.ErrOutcomeUnknown},
		"errors":         {200, "application/json", elsewhere, payment.ErrOutcomeUnknown},
		"vendor's 404":   {404, "application/json", elsewhere, payment.ErrNotFound},
		"gateway's 404":  {404, "text/html", "<html>no such page</html>", payment.ErrOutcomeUnknown},
		"404 in a proxy": {404, "application/json", `{"response":"no route"}`, payment.ErrProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := answered(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", c.kind)
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}).DeleteCustomerPayment(t.Context(), 1)
			if !errors.Is(err, c.want) || c.want != payment.ErrNotFound && errors.Is(err, payment.ErrNotFound) {
				t.Errorf("err %v, want %v", err, c.want)
			}
		})
	}
}
