package spektrix_test

import (
	"fmt"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// noBasket is a 404 in the form of the vendor's refusals.
var noBasket = paymenttest.Answer(404, "application/json", `"No basket"`, false)

func TestConformance(t *testing.T) {
	t.Parallel()
	paymenttest.Run(t, harness())
}

// harness describes the emulator to the suite. The Reference travels in an
// attribute, which no call reads back.
func harness() paymenttest.Harness {
	return paymenttest.Harness{
		Start: func(t *testing.T, _ paymenttest.Conditions) paymenttest.Vendor {
			server := spektrixtest.New()
			t.Cleanup(server.Close)
			return paymenttest.Vendor{
				URL: server.URL, Script: server.Faults(),
				Ledger:  func() []paymenttest.Entry { return entries(t, server.Baskets()) },
				Payment: func(k payment.Kind, n int) payment.Payment { return ofKind(t, server, k, n) },
			}
		},
		Connect: func(c paymenttest.Connection) (payment.Recorder, error) {
			config := sampleConfig
			config.BaseURL = c.URL
			client, err := spektrix.New(config, c.Options...)
			if err != nil {
				return nil, err
			}
			return client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos, ReferenceAttribute: "Reference", AllowRefund: true}), nil
		},
		Kinds:    []payment.Kind{payment.Sale, payment.Refund},
		NoLookup: true,
		Sealed:   sealed(),
		Faults:   []paymenttest.Fault{spektrixtest.EdgeBlock(), spektrixtest.Forbidden(), noBasket},
	}
}

// ofKind gives the nth payment of a kind, and the basket that it is for.
func ofKind(t *testing.T, server *spektrixtest.Server, k payment.Kind, n int) payment.Payment {
	t.Helper()
	money, err := payment.FromMinorUnits(10_00+int64(n), "GBP")
	if err != nil {
		t.Fatal(err)
	}
	p := payment.Payment{
		Reference: fmt.Sprintf("till-%s-%d", k, n), Kind: k, Amount: money, Date: vectorTime, Target: server.AddBasket(spektrixtest.Basket{}),
	}
	if k == payment.Refund {
		p.Method = spektrixtest.TypeRefund
	}
	return p
}

// entries reads the ledgers of all baskets in the words of package payment.
func entries(t *testing.T, baskets []spektrixtest.Basket) []paymenttest.Entry {
	t.Helper()
	var all []paymenttest.Entry
	for _, b := range baskets {
		for _, p := range b.Payments {
			money, err := payment.NewMoney(p.Amount, "GBP")
			if err != nil {
				t.Error(err)
			}
			e := paymenttest.Entry{Reference: reference(p), Kind: payment.Sale, Amount: money}
			if p.IsRefund {
				e.Kind = payment.Refund
			}
			all = append(all, e)
		}
	}
	return all
}

func reference(p spektrixtest.Payment) string {
	for _, a := range p.Attributes {
		if a.Name == "Reference" {
			return a.Value
		}
	}
	return ""
}
