package main

import (
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/payment/reconcile"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// entry is what a test knows of a payment: enough to tell it from another one.
type entry struct {
	reference string
	kind      payment.Kind
	amount    string
}

// weather is an emulator in a storm.
type weather struct {
	script   *paymenttest.Script
	recorder payment.Recorder
	payment  func(n int) payment.Payment
	ledger   func() []entry // by the emulator's own books, not through its API
	records  func(context.Context) iter.Seq2[reconcile.Record, error]
	spoil    func() // what people do at the vendor: a payment goes, one comes, one is there twice
	fold     func(string) string
}

// After a storm, the findings are exactly the difference between the emulator's
// own ledger and the outbox, as a count of both tells it.
func TestStorm(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(*testing.T, ...tenderkit.Option) weather{
		"brightpearl": stormyBrightpearl, "backendpay": stormyBackendpay, "spektrix": stormySpektrix, "rubi": stormyRubi,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, tenderkit.WithTimeout(200*time.Millisecond), tenderkit.WithRetries(0), tenderkit.WithBackoff(0, 0))
			s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), outbox.AllowLoopback())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			w.rage(t, s)
			w.script.Clear()
			w.spoil()
			findings := w.compare(t, s)
			got, want := outcomes(findings), w.difference(t, s)
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			counts := map[reconcile.Verdict]int{}
			for _, f := range findings {
				counts[f.Verdict]++
			}
			if t.Logf("%v, after %d faults", counts, len(w.script.Struck())); counts[reconcile.Matched] == 0 || counts[reconcile.Missing] == 0 {
				t.Error("nothing happened")
			}
		})
	}
}

// rage records payments while faults strike every third exchange. Many of them
// are left in doubt, refused or recorded unseen.
func (w weather) rage(t *testing.T, s payment.Store) {
	t.Helper()
	faults := slices.DeleteFunc(paymenttest.Faults(), func(f paymenttest.Fault) bool {
		return strings.Contains(f.String(), "retry after") || strings.Contains(f.String(), "delay")
	})
	w.script.Random(13, 0.3, faults...)
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for n := worker; n < 160; n += 8 {
				_, _ = payment.Once(t.Context(), w.recorder, w.payment(n), payment.WithStore(s), payment.WithPatience(1, 0))
			}
		})
	}
	wg.Wait()
}

func (w weather) compare(t *testing.T, s *store.Store) (findings []reconcile.Finding) {
	t.Helper()
	for f, err := range reconcile.Compare(t.Context(), s.Outbox.Records(t.Context(), outbox.Filter{}, nil), w.records(t.Context()), reconcile.Rules{Fold: w.fold}) {
		if err != nil {
			t.Fatal(err)
		}
		findings = append(findings, f)
	}
	return findings
}

// outcomes writes each record of a finding with its verdict.
func outcomes(findings []reconcile.Finding) (list []string) {
	for _, f := range findings {
		for side, records := range [...][]reconcile.Record{f.Left, f.Right} {
			for _, r := range records {
				list = append(list, fmt.Sprintf("%s %d %v", f.Verdict, side, entry{r.Reference, r.Kind, r.Amount.Round(payment.HalfEven).String()}))
			}
		}
	}
	slices.Sort(list)
	return list
}

// difference counts what the outbox holds and what the ledger holds.
func (w weather) difference(t *testing.T, s *store.Store) (list []string) {
	t.Helper()
	books := [2]map[entry]int{{}, {}}
	for l, err := range s.Outbox.Entries(t.Context(), outbox.Filter{Op: "payment"}) {
		if err != nil {
			t.Fatal(err)
		}
		p, err := l.Payment()
		if err != nil {
			t.Fatal(err)
		}
		books[0][entry{p.Reference, p.Kind, p.Amount.Round(payment.HalfEven).String()}]++
	}
	for _, e := range w.ledger() {
		books[1][e]++
	}
	note := func(verdict reconcile.Verdict, side, n int, e entry) {
		for range n {
			list = append(list, fmt.Sprintf("%s %d %v", verdict, side, e))
		}
	}
	for side, alone := range [...]reconcile.Verdict{reconcile.Missing, reconcile.Extra} {
		for e, n := range books[side] {
			switch other := books[1-side][e]; {
			case other == 0: // the first stands for the payment
				note(alone, side, 1, e)
				note(reconcile.Duplicate, side, n-1, e)
			default:
				note(reconcile.Matched, side, 1, e)
				note(reconcile.Duplicate, side, n-1, e)
			}
		}
	}
	slices.Sort(list)
	return list
}

func pence(n int) payment.Money {
	m, err := payment.FromMinorUnits(int64(n), "GBP")
	if err != nil {
		panic(err)
	}
	return m
}

// nth returns a payment, every fifth a refund if there are refunds.
func nth(n int, refunds bool) payment.Payment {
	p := payment.Payment{Reference: fmt.Sprint("till/", n), Kind: payment.Sale, Amount: pence(1000 + n), Date: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)}
	if refunds && n%5 == 0 {
		p.Kind = payment.Refund
	}
	return p
}

func stormyBrightpearl(t *testing.T, opts ...tenderkit.Option) weather {
	server := brightpearltest.New(brightpearltest.WithThrottle(1e6, time.Millisecond))
	t.Cleanup(server.Close)
	client, err := brightpearl.New(server.Config(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return weather{
		script: server.Faults(), recorder: client.Recorder(brightpearl.RecorderOptions{PaymentMethodCode: "SAGEPAY_UK"}),
		payment: func(n int) payment.Payment {
			p := nth(n, true)
			p.Target = strconv.Itoa(2000 + n)
			return p
		},
		ledger: func() (list []entry) {
			for _, p := range server.Payments() {
				if kind := map[string]payment.Kind{"RECEIPT": payment.Sale, "PAYMENT": payment.Refund}[p.PaymentType]; !p.Deleted {
					list = append(list, entry{p.TransactionRef, kind, p.AmountPaid.String() + " GBP"})
				}
			}
			return list
		},
		records: func(ctx context.Context) iter.Seq2[reconcile.Record, error] {
			return client.Records(ctx, brightpearl.CustomerPaymentFilter{Paging: brightpearl.Paging{PageSize: 50}}, nil)
		},
		spoil: func() {
			all := server.Payments()
			twice, other := all[3], all[4]
			other.TransactionRef = "by hand"
			server.AddPayment(twice)
			server.AddPayment(other)
			if err := client.DeleteCustomerPayment(context.WithoutCancel(t.Context()), all[5].ID); err != nil {
				t.Error(err)
			}
		},
	}
}

func stormyBackendpay(t *testing.T, opts ...tenderkit.Option) weather {
	server := backendpaytest.New()
	t.Cleanup(server.Close)
	customers := []string{backendpaytest.SampleCustomer, server.AddCustomer(backendpaytest.Customer{}), server.AddCustomer(backendpaytest.Customer{})}
	client, err := backendpay.New(server.Config(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	recorder := client.Recorder(backendpay.RecorderOptions{Currency: "GBP", Method: "Cheque"})
	add := func(p backendpaytest.Payment) {
		if _, err := server.AddPayment(p); err != nil {
			t.Error(err)
		}
	}
	return weather{
		script: server.Faults(), recorder: recorder, fold: foldOf(recorder),
		payment: func(n int) payment.Payment {
			p := nth(n, true)
			p.Target = customers[n%len(customers)]
			return p
		},
		ledger: func() (list []entry) {
			for _, p := range server.Payments() {
				e := entry{p.OurReference, payment.Sale, p.PaymentAmount.String() + " GBP"}
				if p.PaymentAmount.Sign() < 0 {
					e.kind, e.amount = payment.Refund, p.PaymentAmount.Neg().String()+" GBP"
				}
				if !p.Deleted() {
					list = append(list, e)
				}
				if p.Reversed() { // no refund has a reversal here
					list = append(list, entry{"", payment.Refund, e.amount})
				}
			}
			return list
		},
		records: func(ctx context.Context) iter.Seq2[reconcile.Record, error] {
			return client.Records(ctx, backendpay.PaymentFilter{PageSize: 20}, backendpay.RecordOptions{Currency: "GBP", Customers: customers})
		},
		spoil: func() {
			all := server.Payments()
			other := all[4]
			other.OurReference = "by hand"
			add(all[3])
			add(other)
			if err := server.Delete(all[5].ID); err != nil {
				t.Error(err)
			}
			for _, p := range all[6:] {
				if p.PaymentAmount.Sign() > 0 {
					if err := server.Reverse(p.ID, p.PaymentDate); err != nil {
						t.Error(err)
					}
					break
				}
			}
		},
	}
}

func stormySpektrix(t *testing.T, opts ...tenderkit.Option) weather {
	server := spektrixtest.New()
	t.Cleanup(server.Close)
	client, err := spektrix.New(server.Config(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	baskets := make([]string, 160)
	for n := range baskets {
		baskets[n] = server.AddBasket(spektrixtest.Basket{})
	}
	return weather{
		script:   server.Faults(),
		recorder: client.Recorder(spektrix.RecorderOptions{PaymentTypeID: spektrixtest.TypeEPOSSystem, ReferenceAttribute: "Reference", AllowRefund: true}),
		payment: func(n int) payment.Payment {
			p := nth(n, true)
			p.Target = baskets[n]
			if p.Kind == payment.Refund {
				p.Method = spektrixtest.TypeRefund
			}
			return p
		},
		ledger: func() (list []entry) {
			for _, b := range server.Baskets() {
				for _, p := range b.Payments {
					e := entry{"", payment.Sale, p.Amount.String() + " GBP"}
					if p.IsRefund {
						e.kind = payment.Refund
					}
					for _, a := range p.Attributes {
						e.reference = a.Value
					}
					list = append(list, e)
				}
			}
			return list
		},
		records: func(ctx context.Context) iter.Seq2[reconcile.Record, error] {
			return client.BasketRecords(ctx, spektrix.RecordOptions{ReferenceAttribute: "Reference"}, baskets...)
		},
		spoil: func() {
			for _, id := range baskets { // staff take the first payment out again
				if server.RemovePayment(id, 0) {
					break
				}
			}
			by := spektrix.NewCustomPayment{
				PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: pence(777).Amount(),
				PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Reference", Value: "by hand"}},
			}
			for range 2 {
				if _, err := client.AddCustomPayment(t.Context(), baskets[9], by); err != nil {
					t.Error(err)
				}
			}
		},
	}
}

// Rubi has no list of payments: only its own books can stand on the other side.
func stormyRubi(t *testing.T, opts ...tenderkit.Option) weather {
	server := rubitest.New()
	t.Cleanup(server.Close)
	client, err := rubi.New(server.Config(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	payer := rubi.UserPayment{
		Address1: "1 High St", Address4: "Leeds", County: "West Yorkshire", Postcode: "LS1 1AA", Country: "United Kingdom",
		EmailAddress: "jo@example.org", MobCountry: "+44", Mob: "07700900000", Reference: "order-7",
	}
	ledger := func() (list []entry) {
		for _, made := range server.Transactions() {
			if made.Paid {
				list = append(list, entry{"till/" + strings.TrimSuffix(made.UID, "-member"), payment.Sale, made.Total.String() + " GBP"})
			}
		}
		return list
	}
	return weather{
		script: server.Faults(), recorder: client.Recorder(rubi.RecorderOptions{Item: rubi.Bookings, Payment: payer}), ledger: ledger, spoil: func() {},
		payment: func(n int) payment.Payment {
			member := fmt.Sprintf("%d-member", n)
			server.AddContact(rubitest.Contact{UID: member, EmailAddress: member + "@example.org"})
			p := nth(n, false)
			p.Target, p.Method = member, "Invoice"
			server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: member, Value: p.Amount.Amount()})
			return p
		},
		records: func(context.Context) iter.Seq2[reconcile.Record, error] {
			return func(yield func(reconcile.Record, error) bool) {
				for _, e := range ledger() {
					text, currency, _ := strings.Cut(e.amount, " ")
					amount, err := payment.ParseMoney(text, payment.Currency(currency))
					if !yield(reconcile.Record{Reference: e.reference, Kind: e.kind, Amount: amount}, err) {
						return
					}
				}
			}
		},
	}
}
