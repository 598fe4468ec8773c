package backendpay_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Once over the recorder ends every fault in a payment that stands once, or in
// an error that is true.
func TestOnceUnderFaults(t *testing.T) {
	t.Parallel()
	for _, fault := range paymenttest.Faults() {
		for _, kind := range []payment.Kind{payment.Sale, payment.Refund} {
			t.Run(fmt.Sprint(kind, " ", fault), func(t *testing.T) {
				t.Parallel()
				server, client := emulated(t)
				server.Faults().Next(fault)
				p := common(t, "once-1", kind)
				receipt, err := payment.Once(t.Context(), client.Recorder(backendpay.RecorderOptions{}), p, payment.WithFirstTry(), payment.WithPatience(2, time.Millisecond))
				if fault.Effect() != (err == nil) || fault.Effect() != (server.Creates() == 1) {
					t.Fatalf("receipt %v, error %v, %d payments", receipt, err, server.Creates())
				}
				if err == nil && (!receipt.AlreadyRecorded || !receipt.Amount.Equal(p.Amount) || receipt.ID != server.Payments()[0].ID) {
					t.Errorf("receipt %v", receipt)
				}
				if err != nil && !isRefusal(fault) && !errors.Is(err, payment.ErrOutcomeUnknown) {
					t.Errorf("error %v", err)
				}
			})
		}
	}
}

func common(t testing.TB, reference string, kind payment.Kind) payment.Payment {
	t.Helper()
	money, err := payment.ParseMoney("120.50", "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return payment.Payment{
		Reference: reference, Kind: kind, Amount: money, Target: customer, Method: "Bank Transfer",
		Date: time.Date(2024, 11, 25, 18, 30, 0, 0, time.UTC),
	}
}

// A payment that was reversed meanwhile is neither recorded nor missing.
func TestOnceMeetsAReversal(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	recorder := client.Recorder(backendpay.RecorderOptions{})
	p := common(t, "reversed-1", payment.Sale)
	made, err := recorder.Record(t.Context(), p, payment.NewAttempt(nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Reverse(made.ID, payment.Date{Year: 2024, Month: 12, Day: 1}); err != nil {
		t.Fatal(err)
	}
	_, err = payment.Resume(t.Context(), recorder, p, payment.WithPatience(1, time.Millisecond))
	if !errors.Is(err, payment.ErrConflict) || !errors.Is(err, backendpay.ErrReversed) || server.Creates() != 1 {
		t.Errorf("error %v, %d payments", err, server.Creates())
	}
}

// The change feed against an emulator whose clock is not the client's.
func TestChangesOnSockets(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]backendpaytest.Option{
		"actions apart from updates": nil,
		"actions are updates":        {backendpaytest.WithFacts(backendpaytest.Facts{ActionsUpdate: true})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newClock(time.Date(2024, 11, 25, 8, 30, 0, 0, time.UTC))
			server := backendpaytest.New(append(opts, backendpaytest.WithClock(clock.Now))...)
			t.Cleanup(server.Close)
			client := connect(t, server.Config(), tenderkit.WithClock(func() time.Time { return time.Unix(0, 0) }))
			seed(t, server, 300)
			cursor := clock.Add(time.Hour)
			actOnAll(t, server)
			clock.Add(time.Minute)
			list, err := follow(t.Context(), client, &cursor)
			if err != nil || len(list) != 6 || !cursor.Equal(clock.Now()) {
				t.Errorf("%d changes, err %v, cursor %v", len(list), err, cursor)
			}
			for i, want := range []int{6, 0} { // the overlap shows them once more
				clock.Add(time.Hour)
				if list, err := follow(t.Context(), client, &cursor); err != nil || len(list) != want {
					t.Errorf("pass %d: %d changes, err %v; want %d", i+2, len(list), err, want)
				}
			}
		})
	}
}

// actOnAll does each thing that a feed has to tell, to payments 501 to 505 and
// a new one.
func actOnAll(t *testing.T, server *backendpaytest.Server) {
	t.Helper()
	_, err := server.AddPayment(backendpaytest.Payment{
		CustomerID: customer, PaymentMethod: "Cheque", PaymentAmount: amount(t, "1"), PaymentDate: payment.Date{Year: 2024, Month: 11, Day: 25},
	})
	for _, err := range []error{
		err,
		server.Edit("501", func(p *backendpaytest.Payment) { p.PaymentMethod = "Cheque" }),
		server.Reverse("502", payment.Date{Year: 2024, Month: 11, Day: 20}),
		server.Reverse("503", payment.Date{Year: 2024, Month: 11, Day: 20}),
		server.Reinstate("503"),
		server.Collect("504"),
		server.Collect("505"),
		server.CancelCollection("505"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// follow makes one pass and moves the cursor, as a program would.
func follow(ctx context.Context, c *backendpay.Client, cursor *time.Time) (list []backendpay.Payment, err error) {
	for change, err := range c.Changes(ctx, *cursor) {
		if err != nil {
			return list, err
		}
		list = append(list, change.Payment)
		if !change.Cursor.IsZero() {
			*cursor = change.Cursor
		}
	}
	return list, nil
}

// A vendor that stores another reference than was sent ends in an error that says
// what is known, and never in a second payment: also where the answer was lost
// and the caller has promised a settle time.
func TestOnceMeetsStoredReferences(t *testing.T) {
	t.Parallel()
	reference := payment.NewReference("till 7", "order 4711")
	for name, c := range map[string]struct {
		facts backendpaytest.Facts
		lost  bool
		want  error
	}{
		"cut":               {backendpaytest.Facts{ReferenceLength: 20}, false, payment.ErrConflict},
		"cut, lost":         {backendpaytest.Facts{ReferenceLength: 20}, true, payment.ErrOutcomeUnknown},
		"in capitals":       {backendpaytest.Facts{FoldsReference: true}, false, payment.ErrConflict},
		"in capitals, lost": {backendpaytest.Facts{FoldsReference: true}, true, payment.ErrConflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t, backendpaytest.WithFacts(c.facts))
			if c.lost {
				server.Faults().On(server.Is(backendpaytest.OpCreatePayment), paymenttest.DropAfter())
			}
			recorder, store := client.Recorder(backendpay.RecorderOptions{}), payment.NewMemoryStore()
			for range 3 {
				_, err := payment.Once(t.Context(), recorder, common(t, reference, payment.Sale),
					payment.WithStore(store), payment.WithPatience(1, 0), payment.WithSettle(time.Millisecond))
				if !errors.Is(err, c.want) || server.Creates() != 1 {
					t.Errorf("error %v, %d payments", err, server.Creates())
				}
			}
		})
	}
}

// Another method or date under the same reference is a conflict that names it, also
// without a Store.
func TestOnceNamesWhatDiffers(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*payment.Payment){
		"Method": func(p *payment.Payment) { p.Method = "Cheque" },
		"Date":   func(p *payment.Payment) { p.Date = p.Date.AddDate(1, 0, 0) },
		"Kind":   func(p *payment.Payment) { p.Kind = payment.Refund },
		"Amount": func(p *payment.Payment) { p.Amount, _ = payment.ParseMoney("120.05", "GBP") },
	} {
		server, client := emulated(t)
		recorder := client.Recorder(backendpay.RecorderOptions{})
		p := common(t, "differs-1", payment.Sale)
		if _, err := payment.Once(t.Context(), recorder, p, payment.WithFirstTry()); err != nil {
			t.Fatal(err)
		}
		change(&p)
		_, err := payment.Once(t.Context(), recorder, p, payment.WithPatience(1, 0))
		var conflict *payment.ConflictError
		if !errors.As(err, &conflict) || len(conflict.Fields) != 1 || conflict.Fields[0] != field || server.Creates() != 1 {
			t.Errorf("%s: error %v, %d payments", field, err, server.Creates())
		}
	}
}
