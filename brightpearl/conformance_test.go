package brightpearl_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// noResource is what the gateway answers for a path that it does not know: no
// word on whether a payment is recorded.
var noResource = paymenttest.Answer(404, "application/json", `{"errors":[{"code":"CMNC-404","message":"No resource found"}]}`, false)

func TestConformance(t *testing.T) {
	t.Parallel()
	paymenttest.Run(t, harness(20*time.Millisecond))
}

// harness describes the emulator to the suite. Its throttle never runs out; a
// throttled answer costs the rest of a window.
func harness(window time.Duration) paymenttest.Harness {
	return paymenttest.Harness{
		Start: func(t *testing.T, c paymenttest.Conditions) paymenttest.Vendor {
			server := brightpearltest.New(brightpearltest.WithAccount(brightpearltest.SampleAccount), brightpearltest.WithThrottle(1e6, window), brightpearltest.WithFacts(brightpearltest.Facts{IndexLag: c.IndexLag}))
			t.Cleanup(server.Close)
			return paymenttest.Vendor{
				URL: server.URL, Script: server.Faults(),
				Ledger:  func() []paymenttest.Entry { return entries(t, server.Payments()) },
				Payment: func(k payment.Kind, n int) payment.Payment { return ofKind(t, k, n) },
			}
		},
		Connect: func(c paymenttest.Connection) (payment.Recorder, error) {
			client, err := brightpearl.New(brightpearl.Config{
				Account: brightpearltest.SampleAccount, BaseURL: c.URL,
				Auth: brightpearl.StaffToken(brightpearltest.SampleAppRef, brightpearltest.SampleStaffToken),
			}, c.Options...)
			if err != nil {
				return nil, err
			}
			return client.Recorder(brightpearl.RecorderOptions{PaymentMethodCode: "SAGEPAY_UK"}), nil
		},
		Kinds:             []payment.Kind{payment.Sale, payment.Refund, payment.Authorization, payment.Capture, payment.Void},
		RefusesDuplicates: true,
		Sealed:            sealed(),
		Faults:            []paymenttest.Fault{brightpearltest.ExpiredToken(), brightpearltest.Outage(false), brightpearltest.Outage(true), noResource},
	}
}

// ofKind returns the nth payment of a kind, on an order of its own.
func ofKind(t *testing.T, k payment.Kind, n int) payment.Payment {
	t.Helper()
	money, err := payment.FromMinorUnits(10_00+int64(n), "GBP")
	if err != nil {
		t.Fatal(err)
	}
	p := payment.Payment{
		Reference: fmt.Sprintf("till-%s-%d", k, n), Kind: k, Amount: money, Target: strconv.Itoa(2000 + n),
		Date: time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
	}
	if k != payment.Sale && k != payment.Refund {
		p.Link = fmt.Sprintf("auth-%d", n)
	}
	if k == payment.Authorization {
		p.Expires = p.Date.AddDate(0, 0, 7)
	}
	return p
}

// entries reads the emulator's ledger in the words of package payment.
func entries(t *testing.T, stored []brightpearltest.Payment) []paymenttest.Entry {
	t.Helper()
	kinds := map[string]payment.Kind{
		"RECEIPT": payment.Sale, "PAYMENT": payment.Refund, "AUTH": payment.Authorization, "CAPTURE": payment.Capture, "VOID": payment.Void,
	}
	var all []paymenttest.Entry
	for _, p := range stored {
		amount := p.AmountPaid
		if p.PaymentType == "AUTH" || p.PaymentType == "VOID" {
			amount = p.AmountAuthorized
		}
		money, err := payment.NewMoney(amount, payment.Currency(p.CurrencyISOCode))
		if err != nil {
			t.Error(err)
		}
		all = append(all, paymenttest.Entry{Reference: p.TransactionRef, Kind: kinds[p.PaymentType], Amount: money})
	}
	return all
}
