package spektrix_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// noBasket is a 404 in the form of the vendor's refusals.
var noBasket = paymenttest.Answer(404, "application/json", `"No basket"`, false)

func TestConformance(t *testing.T) {
	t.Parallel()
	h := harness(spektrixtest.Facts{}, reference)
	h.Sealed = sealed()
	paymenttest.Run(t, h)
}

// Without an attribute for the reference, nothing can be looked up once a basket
// has a payment.
func TestConformanceWithoutReference(t *testing.T) {
	t.Parallel()
	h := harness(spektrixtest.Facts{}, spektrix.RecorderOptions{PaymentTypeID: epos, AllowRefund: true})
	h.NoLookup = true
	paymenttest.Run(t, h)
}

// A venue that answers with all payments, and whose baskets show them in place
// of a list.
func TestConformanceWithoutAList(t *testing.T) {
	t.Parallel()
	facts := spektrixtest.Facts{PaymentAnswer: spektrixtest.AnswersArrayNewestFirst, PaymentList: spektrixtest.ListNotAllowed}
	h := harness(facts, reference)
	h.NoLookup = true // an empty basket does not tell whether it shows payments
	paymenttest.Run(t, h)
}

var reference = spektrix.RecorderOptions{PaymentTypeID: epos, ReferenceAttribute: "Reference", AllowRefund: true}

// harness describes the emulator to the suite.
func harness(facts spektrixtest.Facts, options spektrix.RecorderOptions) paymenttest.Harness {
	return paymenttest.Harness{
		Start: func(t *testing.T, c paymenttest.Conditions) paymenttest.Vendor {
			facts := facts
			switch {
			case c.IndexLag > time.Minute:
				facts.PaymentListLag = 1 << 30
			case c.IndexLag > 0:
				facts.PaymentListLag = 3
			}
			server := spektrixtest.New(spektrixtest.WithFacts(facts), spektrixtest.WithClientName(sampleConfig.ClientName))
			t.Cleanup(server.Close)
			book := &ledgerOf{keys: map[string]string{}}
			return paymenttest.Vendor{
				URL: server.URL, Script: server.Faults(),
				Ledger:  func() []paymenttest.Entry { return book.entries(t, server.Baskets()) },
				Payment: func(k payment.Kind, n int) payment.Payment { return book.payment(t, server, k, n) },
			}
		},
		Connect: func(c paymenttest.Connection) (payment.Recorder, error) {
			config := sampleConfig
			config.BaseURL = c.URL
			client, err := spektrix.New(config, c.Options...)
			if err != nil {
				return nil, err
			}
			return client.Recorder(options), nil
		},
		Kinds:  []payment.Kind{payment.Sale, payment.Refund},
		Faults: []paymenttest.Fault{spektrixtest.EdgeBlock(), spektrixtest.Forbidden(), noBasket},
	}
}

// ledgerOf reads the ledgers of all baskets in the words of package payment.
// Each payment has a basket of its own, which tells its reference.
type ledgerOf struct {
	mu   sync.Mutex
	keys map[string]string // references by basket
}

// payment returns the nth payment of a kind, and the basket that it is for.
func (l *ledgerOf) payment(t *testing.T, server *spektrixtest.Server, k payment.Kind, n int) payment.Payment {
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
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keys[p.Target] = p.Reference
	return p
}

func (l *ledgerOf) entries(t *testing.T, baskets []spektrixtest.Basket) []paymenttest.Entry {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []paymenttest.Entry
	for _, b := range baskets {
		for _, p := range b.Payments {
			money, err := payment.NewMoney(p.Amount, "GBP")
			if err != nil {
				t.Error(err)
			}
			e := paymenttest.Entry{Reference: l.keys[b.ID], Kind: payment.Sale, Amount: money}
			if p.IsRefund {
				e.Kind = payment.Refund
			}
			all = append(all, e)
		}
	}
	return all
}
