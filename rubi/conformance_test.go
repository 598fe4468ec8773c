package rubi_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]paying{
		"card payment": {by: "CardPayment", named: true}, "invoice": {by: "Invoice", named: true}, "invoice of the basket": {by: "Invoice"},
	} {
		h := how.harness()
		if !how.named { // one sweep is enough
			h.Sealed, h.Faults = sealed(), append(h.Faults, echoes()...)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			paymenttest.Run(t, h)
		})
	}
}

// paying is one way to pay at Rubi.
type paying struct {
	by    string // the payment type; "" takes both in turn
	named bool   // the payment names its items
}

// harness describes the emulator to the suite. It takes everything twice and
// mails each time: what a recorder sends twice stands twice in the ledger.
func (how paying) harness() paymenttest.Harness {
	return paymenttest.Harness{
		Start: func(t *testing.T, _ paymenttest.Conditions) paymenttest.Vendor {
			server := rubitest.New(rubitest.WithFacts(rubitest.Facts{PaidAgain: true, Repeat: rubitest.RepeatMail}))
			t.Cleanup(server.Close)
			return paymenttest.Vendor{
				URL: server.URL, Script: server.Faults(),
				Ledger:  func() []paymenttest.Entry { return entries(t, server) },
				Payment: func(k payment.Kind, n int) payment.Payment { return how.payment(t, server, k, n) },
			}
		},
		Connect: func(c paymenttest.Connection) (payment.Recorder, error) {
			client, err := rubi.New(rubi.Config{APIKey: rubitest.SampleAPIKey, BaseURL: c.URL, Tenant: "conformance"}, c.Options...)
			if err != nil {
				return nil, err
			}
			return recorderOf(client), nil
		},
		Kinds:    []payment.Kind{payment.Sale},
		NoLookup: true,
		Reads:    func(_, path string) bool { return strings.EqualFold(path, "/api/"+rubitest.OpUserBasket) },
		Repeats: func(_, path string) bool {
			return how.by != "Invoice" && strings.EqualFold(path, "/api/"+rubitest.OpUserPayment)
		},
		Faults: []paymenttest.Fault{
			rubitest.Refusal("400", "no", false), rubitest.Refusal("500", "oops", true),
		},
	}
}

// payment fills the basket of a member who was not there before, and returns the
// payment for it. Whoever names the items leaves another one in the basket.
func (how paying) payment(t *testing.T, server *rubitest.Server, k payment.Kind, n int) payment.Payment {
	t.Helper()
	first, second := pence(t, 10_00), pence(t, int64(n))
	member := fmt.Sprintf("%d-member", n)
	server.AddContact(rubitest.Contact{UID: member, EmailAddress: member + "@example.org"})
	p := payment.Payment{
		Reference: referenceOf(member), Kind: k, Amount: pence(t, 10_00+int64(n)), Date: time.Unix(1700000000, 0), Method: how.by, Target: member,
	}
	if p.Method == "" {
		p.Method = []string{"Invoice", "CardPayment"}[n%2]
	}
	if p.Method == "CardPayment" {
		p.Attributes = []payment.Attribute{{Name: "StripeID", Value: "pi_" + member}}
	}
	for _, price := range []payment.Money{first, second} {
		guid := server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: member, Value: price.Amount()})
		if how.named {
			p.Attributes = append(p.Attributes, payment.Attribute{Name: "ItemGUID", Value: guid})
		}
	}
	if how.named {
		server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: member, Value: first.Amount()})
	}
	return p
}

// referenceOf is how a ledger without references tells payments apart.
func referenceOf(member string) string { return "till-" + member }

func pence(t *testing.T, n int64) payment.Money {
	t.Helper()
	m, err := payment.FromMinorUnits(n, "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// entries reads the emulator's ledger: one entry for each paid transaction, and
// one more for each mail beyond its first.
func entries(t *testing.T, server *rubitest.Server) []paymenttest.Entry {
	t.Helper()
	mails := map[string]int{}
	for _, mail := range server.Mails() {
		mails[mail.TransactionID]++
	}
	var all []paymenttest.Entry
	for _, made := range server.Transactions() {
		if !made.Paid {
			continue
		}
		money, err := payment.NewMoney(made.Total, "GBP")
		if err != nil {
			t.Error(err)
		}
		for range max(1, mails[made.ID]) {
			all = append(all, paymenttest.Entry{Reference: referenceOf(made.UID), Kind: payment.Sale, Amount: money})
		}
	}
	return all
}
