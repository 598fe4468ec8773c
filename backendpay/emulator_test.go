package backendpay_test

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

const customer = backendpaytest.SampleCustomer

// emulated returns an emulator and a client of it that does not wait long.
func emulated(t testing.TB, opts ...backendpaytest.Option) (*backendpaytest.Server, *backendpay.Client) {
	t.Helper()
	server := backendpaytest.New(opts...)
	t.Cleanup(server.Close)
	return server, connect(t, server.Config())
}

func connect(t testing.TB, config backendpay.Config, opts ...tenderkit.Option) *backendpay.Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	opts = append([]tenderkit.Option{
		tenderkit.WithHTTPClient(&http.Client{Transport: transport}),
		tenderkit.WithTimeout(500 * time.Millisecond),
		tenderkit.WithBackoff(time.Millisecond, 5*time.Millisecond),
	}, opts...)
	client, err := backendpay.New(config, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func amount(t testing.TB, s string) payment.Amount {
	t.Helper()
	a, err := payment.ParseAmount(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func transfer(t testing.TB, reference string) backendpay.NewPayment {
	t.Helper()
	return backendpay.NewPayment{
		OurReference: reference, PaymentDate: payment.Date{Year: 2024, Month: 11, Day: 25},
		PaymentAmount: amount(t, "120.50"), PaymentMethod: "Bank Transfer",
	}
}

// seed stores n payments, one a day from 2024-01-01.
func seed(t testing.TB, server *backendpaytest.Server, n int) {
	t.Helper()
	first := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	value := amount(t, "1.50")
	if _, err := server.Seed(customer, n, func(i int, p *backendpaytest.Payment) {
		p.OurReference, p.PaymentMethod, p.PaymentAmount = fmt.Sprint("seed-", i), "Cheque", value
		p.PaymentDate = payment.DateOf(first.AddDate(0, 0, i))
	}); err != nil {
		t.Fatal(err)
	}
}

func collect[T any](seq iter.Seq2[T, error]) (list []T, err error) {
	for v, err := range seq {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

// isRefusal reports a fault by which the vendor says that nothing happened.
func isRefusal(f paymenttest.Fault) bool {
	return f == paymenttest.Throttle() || f == paymenttest.TooManyRequests("") || f == paymenttest.TooManyRequests("1")
}

func TestLifeOfAPayment(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	made, err := client.CreatePayment(t.Context(), customer, transfer(t, "life-1"))
	if err != nil || made.CustomerID != customer || made.PaymentAmount.String() != "120.50" || len(made.Status) != 1 {
		t.Fatalf("made %+v, err %v", made, err)
	}
	read, err := client.Payment(t.Context(), made.ID)
	if err != nil || read.OurReference != "life-1" || !read.PaymentAmount.Equal(made.PaymentAmount) {
		t.Errorf("read %+v, err %v", read, err)
	}
	changed, err := client.UpdatePayment(t.Context(), made.ID, backendpay.PaymentUpdate{
		PaymentAmount: backendpay.Value(amount(t, "99.95")), CustomerReference: backendpay.Value("INV C12345/1"),
	})
	if err != nil || changed.PaymentAmount.String() != "99.95" || changed.CustomerReference != "INV C12345/1" || changed.PaymentMethod != "Bank Transfer" {
		t.Errorf("changed %+v, err %v", changed, err)
	}
	cleared, err := client.UpdatePayment(t.Context(), made.ID, backendpay.PaymentUpdate{
		CustomerReference: backendpay.Null[string](), AllowClear: true,
	})
	if err != nil || cleared.CustomerReference != "" {
		t.Errorf("cleared %+v, err %v", cleared, err)
	}
	if err := client.DeletePayment(t.Context(), made.ID); err != nil {
		t.Error(err)
	}
	if _, err := client.Payment(t.Context(), made.ID); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("read after deletion: %v", err)
	}
	if err := client.DeletePayment(t.Context(), made.ID); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("second deletion: %v", err)
	}
	if list := server.Payments(); len(list) != 1 || !list[0].Deleted() {
		t.Errorf("ledger %+v", list)
	}
}

// The lists of the documentation against the emulator's own filters.
func TestFiltersOnSockets(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	seed(t, server, 10) // 501 to 510, 2024-01-01 to 2024-01-10
	for id, on := range map[string]int{"503": 20, "504": 25} {
		if err := server.Reverse(id, payment.Date{Year: 2024, Month: 1, Day: on}); err != nil {
			t.Fatal(err)
		}
	}
	january := func(d int) payment.Date { return payment.Date{Year: 2024, Month: 1, Day: d} }
	for name, c := range map[string]struct {
		filter backendpay.PaymentFilter
		want   int
	}{
		"valid":              {backendpay.PaymentFilter{}, 8},
		"reversed":           {backendpay.PaymentFilter{Reversed: true}, 2},
		"all":                {backendpay.PaymentFilter{IncludeReversed: true, PageSize: 3}, 10},
		"a day":              {backendpay.PaymentFilter{MinDate: january(5), MaxDate: january(5)}, 1},
		"from a day":         {backendpay.PaymentFilter{IncludeReversed: true, MinDate: january(3)}, 8},
		"reversed until":     {backendpay.PaymentFilter{Reversed: true, MaxReversedDate: january(20)}, 1},
		"reversed from":      {backendpay.PaymentFilter{Reversed: true, MinReversedDate: january(21)}, 1},
		"reversed since":     {backendpay.PaymentFilter{Reversed: true, ReversedSince: time.Now().Add(-time.Hour)}, 2},
		"created since":      {backendpay.PaymentFilter{CreatedSince: time.Now().Add(time.Hour)}, 0},
		"collected since":    {backendpay.PaymentFilter{CollectedSince: time.Now().Add(-time.Hour)}, 0},
		"limited":            {backendpay.PaymentFilter{Limit: 5, PageSize: 2}, 5},
		"after an id":        {backendpay.PaymentFilter{IDAfter: 508}, 2},
		"behind an offset":   {backendpay.PaymentFilter{Offset: 6}, 2},
		"limit after offset": {backendpay.PaymentFilter{Offset: 2, Limit: 3, PageSize: 2}, 3},
	} {
		for from, list := range map[string]iter.Seq2[backendpay.Payment, error]{
			"all":      client.Payments(t.Context(), c.filter),
			"customer": client.CustomerPayments(t.Context(), customer, c.filter),
		} {
			if got, err := collect(list); err != nil || len(got) != c.want {
				t.Errorf("%s of %s: %d payments, err %v; want %d", name, from, len(got), err, c.want)
			}
		}
	}
}

func TestPartsAndTypesOnSockets(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	seed(t, server, 1)
	if _, err := server.Allocate("501", "77", amount(t, "1.00")); err != nil {
		t.Fatal(err)
	}
	for name, seq := range map[string]iter.Seq2[backendpay.PaymentPart, error]{
		"payment": client.PaymentParts(t.Context(), "501"),
		"invoice": client.InvoicePaymentParts(t.Context(), "77"),
		"all":     client.AllPaymentParts(t.Context(), backendpay.PaymentPartFilter{UpdatedSince: time.Now().Add(-time.Hour)}),
	} {
		list, err := collect(seq)
		if err != nil || len(list) != 1 || list[0].PaymentPartAmount.String() != "1.00" {
			t.Errorf("%s: %+v, err %v", name, list, err)
			continue
		}
		if one, err := client.PaymentPart(t.Context(), list[0].ID); err != nil || one.ID != list[0].ID {
			t.Errorf("%s: %+v, err %v", name, one, err)
		}
	}
	types, err := collect(client.PaymentTypes(t.Context()))
	if err != nil || len(types) != 4 || types[2].PaymentTypeName != "Bank Transfer" {
		t.Fatalf("types %+v, err %v", types, err)
	}
	if one, err := client.PaymentType(t.Context(), types[0].ID); err != nil || one.PaymentTypeDisplayPosition != "1" {
		t.Errorf("type %+v, err %v", one, err)
	}
	customers, err := collect(client.Customers(t.Context(), backendpay.CustomerFilter{AccountNumber: "C12345"}))
	if err != nil || len(customers) != 1 || customers[0].ID != customer {
		t.Errorf("customers %+v, err %v", customers, err)
	}
}
