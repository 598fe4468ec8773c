package backendpay_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Answers of this vendor alone. Its own words for them are unknown.
var (
	// noKey refuses the key.
	noKey = paymenttest.Answer(401, "application/json", `{"error":"The API key is missing or wrong"}`, false)
	// nothingHere is a 404 on any path: no word on whether a payment is recorded.
	nothingHere = paymenttest.Answer(404, "application/json", `{"error":"Not found"}`, false)
	// badAmount is a success that cannot be read, and repeats the key.
	badAmount = paymenttest.Answer(201, "application/json", `{"id":"5","paymentAmount":`+quoted("for "+secretKey)+`}`, true)
)

// customers share the payments, so that a lookup meets others of the same kind,
// date and amount.
const customers = 50

func TestConformance(t *testing.T) {
	t.Parallel()
	paymenttest.Run(t, harness())
}

// harness describes the emulator to the suite.
func harness() paymenttest.Harness {
	return paymenttest.Harness{
		Start: func(t *testing.T, c paymenttest.Conditions) paymenttest.Vendor {
			server := backendpaytest.New(backendpaytest.WithFacts(backendpaytest.Facts{IndexLag: c.IndexLag}))
			t.Cleanup(server.Close)
			for i := range customers {
				server.AddCustomer(backendpaytest.Customer{AccountNumber: fmt.Sprint("C", i)})
			}
			return paymenttest.Vendor{
				URL: server.URL, Script: server.Faults(),
				Ledger:  func() []paymenttest.Entry { return entries(t, server.Payments()) },
				Payment: func(k payment.Kind, n int) payment.Payment { return ofKind(t, k, n) },
			}
		},
		Connect: func(c paymenttest.Connection) (payment.Recorder, error) {
			client, err := backendpay.New(backendpay.Config{APIKey: backendpaytest.SampleAPIKey, BaseURL: c.URL}, c.Options...)
			if err != nil {
				return nil, err
			}
			return client.Recorder(backendpay.RecorderOptions{Currency: "GBP"}), nil
		},
		Kinds:  []payment.Kind{payment.Sale, payment.Refund},
		Sealed: sealed(),
		Faults: []paymenttest.Fault{noKey, nothingHere, badAmount},
	}
}

// ofKind returns the nth payment of a kind.
func ofKind(t *testing.T, k payment.Kind, n int) payment.Payment {
	t.Helper()
	p := common(t, fmt.Sprintf("till-%s-%d", k, n), k)
	money, err := payment.FromMinorUnits(10_00+int64(n%3), "GBP")
	if err != nil {
		t.Fatal(err)
	}
	p.Amount, p.Target = money, strconv.Itoa(124+n/2%customers)
	return p
}

// entries reads the emulator's ledger in the words of package payment: a
// refund has a negative amount.
func entries(t *testing.T, stored []backendpaytest.Payment) []paymenttest.Entry {
	t.Helper()
	var all []paymenttest.Entry
	for _, p := range stored {
		kind := payment.Sale
		if p.PaymentAmount.Sign() < 0 {
			kind, p.PaymentAmount = payment.Refund, p.PaymentAmount.Neg()
		}
		money, err := payment.NewMoney(p.PaymentAmount, "GBP")
		if err != nil {
			t.Error(err)
		}
		all = append(all, paymenttest.Entry{Reference: p.OurReference, Kind: kind, Amount: money})
	}
	return all
}
