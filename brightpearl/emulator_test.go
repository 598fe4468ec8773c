package brightpearl_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// emulated returns an emulator and a client of it that does not wait long.
func emulated(t *testing.T, opts ...brightpearltest.Option) (*brightpearltest.Server, *brightpearl.Client) {
	t.Helper()
	server := brightpearltest.New(opts...)
	t.Cleanup(server.Close)
	return server, connect(t, server.Config())
}

func connect(t testing.TB, config brightpearl.Config, opts ...tenderkit.Option) *brightpearl.Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	opts = append([]tenderkit.Option{
		tenderkit.WithHTTPClient(&http.Client{Transport: transport}),
		tenderkit.WithTimeout(500 * time.Millisecond),
		tenderkit.WithBackoff(time.Millisecond, 5*time.Millisecond),
	}, opts...)
	client, err := brightpearl.New(config, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// answered returns a client of a vendor that answers everything by handler.
func answered(t *testing.T, handler http.HandlerFunc) *brightpearl.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return connect(t, brightpearl.Config{Account: "acme", BaseURL: server.URL, Auth: brightpearl.StaffToken("acme_till", "staff-token")})
}

func jsonBody(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	}
}

func amount(t *testing.T, s string) payment.Amount {
	t.Helper()
	a, err := payment.ParseAmount(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func receipt(t *testing.T) brightpearl.CustomerPayment {
	return brightpearl.CustomerPayment{
		TransactionRef: "till-4711", PaymentMethodCode: "SAGEPAY_UK", PaymentType: brightpearl.TypeReceipt, OrderID: 2002,
		CurrencyISOCode: "GBP", AmountPaid: amount(t, "318.00"), PaymentDate: time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
	}
}

// isRefusal reports a fault by which the vendor says that nothing happened.
func isRefusal(f paymenttest.Fault) bool {
	return f == paymenttest.Throttle() || f == paymenttest.TooManyRequests("") || f == paymenttest.TooManyRequests("1")
}

// Whatever happens to the answer, the payment reaches the vendor once, and the
// error says that nobody can know.
func TestCreateUnderEveryFault(t *testing.T) {
	t.Parallel()
	for _, fault := range paymenttest.Faults() {
		if isRefusal(fault) {
			continue // see TestCreateWhenRefused
		}
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t)
			server.Faults().Next(fault)
			_, err := client.CreateCustomerPayment(t.Context(), receipt(t))
			var e *payment.Error
			if !errors.Is(err, payment.ErrOutcomeUnknown) || !errors.As(err, &e) {
				t.Fatalf("err %v, want the outcome to be unknown", err)
			}
			if e.Reference != "till-4711" || e.Target != "2002" || e.Attempts != 1 {
				t.Errorf("reference %q, target %q, attempts %d", e.Reference, e.Target, e.Attempts)
			}
			if n := server.Count(brightpearltest.OpCreateCustomerPayment); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
			want := 0
			if fault.Effect() {
				want = 1
			}
			if n := len(server.Payments()); n != want {
				t.Errorf("%d payments, want %d", n, want)
			}
		})
	}
}

func TestCreateWhenRefused(t *testing.T) {
	t.Parallel()
	t.Run("throttled", func(t *testing.T) {
		t.Parallel()
		server, client := emulated(t, brightpearltest.WithThrottle(200, 50*time.Millisecond))
		server.Faults().Next(paymenttest.Throttle(), paymenttest.Throttle())
		if _, err := client.CreateCustomerPayment(t.Context(), receipt(t)); err != nil {
			t.Fatal(err)
		}
		if n := server.Count(brightpearltest.OpCreateCustomerPayment); n != 3 || len(server.Payments()) != 1 {
			t.Errorf("%d requests, %d payments; want 3 and 1", n, len(server.Payments()))
		}
	})
	t.Run("throttled to the end", func(t *testing.T) {
		t.Parallel()
		server, client := emulated(t, brightpearltest.WithThrottle(200, 20*time.Millisecond))
		server.Faults().Next(slices.Repeat([]paymenttest.Fault{paymenttest.Throttle()}, 5)...)
		_, err := client.CreateCustomerPayment(t.Context(), receipt(t))
		if n := server.Count(brightpearltest.OpCreateCustomerPayment); !errors.Is(err, payment.ErrRateLimited) || n != 4 {
			t.Errorf("err %v after %d requests; want 4", err, n)
		}
	})
	t.Run("throttled without reference", func(t *testing.T) {
		t.Parallel()
		server, client := emulated(t, brightpearltest.WithThrottle(200, 50*time.Millisecond))
		server.Faults().Next(paymenttest.Throttle())
		p := receipt(t)
		p.TransactionRef, p.AllowNoRef = "", true
		_, err := client.CreateCustomerPayment(t.Context(), p)
		if !errors.Is(err, payment.ErrRateLimited) || server.Count(brightpearltest.OpCreateCustomerPayment) != 1 {
			t.Errorf("err %v after %d requests", err, server.Count(brightpearltest.OpCreateCustomerPayment))
		}
	})
	for _, after := range []string{"", "1"} {
		t.Run("429 "+after, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t)
			server.Faults().Next(paymenttest.TooManyRequests(after))
			_, err := client.CreateCustomerPayment(t.Context(), receipt(t))
			if !errors.Is(err, payment.ErrRateLimited) || len(server.Payments()) != 0 {
				t.Errorf("err %v, %d payments", err, len(server.Payments()))
			}
		})
	}
}

// What some server on the way says in a page or a sentence is no refusal of the
// vendor's: the payment may be recorded, and it is not sent again.
func TestAPageRefusesNothing(t *testing.T) {
	t.Parallel()
	const said = "You have sent too many requests. Please wait before sending another request"
	for name, c := range map[string]struct {
		status     int
		kind, body string
	}{
		"throttle page":     {503, "text/html", "<html><h1>" + said + "</h1></html>"},
		"throttle sentence": {503, "text/plain", said},
		"list":              {503, "application/json", `["` + said + `"]`},
		"cut":               {503, "application/json", `{"response":"` + said},
		"401 page":          {401, "text/html", "<html>Authorization token expired</html>"},
		"401 sentence":      {401, "text/plain", "Authorization token expired"},
	} {
		server, o := installed(t)
		server.Faults().On(server.Is(brightpearltest.OpCreateCustomerPayment), paymenttest.Answer(c.status, c.kind, c.body, true))
		_, err := connect(t, withOAuth(server, o)).CreateCustomerPayment(t.Context(), receipt(t))
		if n := server.Count(brightpearltest.OpCreateCustomerPayment); !errors.Is(err, payment.ErrOutcomeUnknown) || n != 1 || server.Count(brightpearltest.OpToken) != 0 {
			t.Errorf("%s: err %v after %d requests", name, err, n)
		}
	}
}

// A payment that never left is no unknown outcome.
func TestCreateWithoutVendor(t *testing.T) {
	t.Parallel()
	server := brightpearltest.New()
	config := server.Config()
	server.Close()
	_, err := connect(t, config).CreateCustomerPayment(t.Context(), receipt(t))
	if !errors.Is(err, payment.ErrUnavailable) || errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("err %v", err)
	}
}

func TestReadsAreRepeated(t *testing.T) {
	t.Parallel()
	for _, fault := range []paymenttest.Fault{
		paymenttest.DropBefore(), paymenttest.DropAfter(), paymenttest.ResetMidAnswer(),
		paymenttest.TooManyRequests(""), paymenttest.ServerErrorHTML(502, false), paymenttest.ServerErrorJSON(504, false),
	} {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t)
			server.Faults().Next(fault, fault)
			methods, err := all(client.PaymentMethods(t.Context()))
			if err != nil || len(methods) == 0 || server.Count(brightpearltest.OpPaymentMethods) != 3 {
				t.Errorf("%d methods, %d requests, err %v", len(methods), server.Count(brightpearltest.OpPaymentMethods), err)
			}
		})
	}
}

func TestRoundTripOfEveryType(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	date := time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC)
	auth := brightpearl.CustomerPayment{
		TransactionRef: "1.AUTH", TransactionCode: "1", PaymentMethodCode: "SAGEPAY_UK", PaymentType: brightpearl.TypeAuth,
		OrderID: 9, CurrencyISOCode: "GBP", AmountAuthorized: amount(t, "50.00"), AuthorizationExpiry: date.AddDate(0, 0, 7), PaymentDate: date,
	}
	capture := brightpearl.CustomerPayment{
		TransactionRef: "1.CAPTURE", TransactionCode: "1", PaymentMethodCode: "SAGEPAY_UK", PaymentType: brightpearl.TypeCapture,
		OrderID: 9, CurrencyISOCode: "GBP", AmountPaid: amount(t, "30.00"), PaymentDate: date,
	}
	void := auth
	void.TransactionRef, void.PaymentType, void.AuthorizationExpiry, void.AmountAuthorized = "1.VOID", brightpearl.TypeVoid, time.Time{}, amount(t, "20.00")
	refund := capture
	refund.TransactionRef, refund.TransactionCode, refund.PaymentType, refund.AmountPaid = "1.PAYMENT", "", brightpearl.TypePayment, amount(t, "5.00")
	for _, p := range []brightpearl.CustomerPayment{auth, capture, void, refund} {
		if _, err := client.CreateCustomerPayment(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		found, err := all(client.CustomerPayments(t.Context(), brightpearl.CustomerPaymentFilter{TransactionRef: p.TransactionRef}))
		if err != nil || len(found) != 1 || !found[0].Matches(p) {
			t.Errorf("%s: found %+v, err %v", p.PaymentType, found, err)
		}
	}
	totals, err := all(client.SalePaymentTotals(t.Context(), 9))
	if err != nil || len(totals) != 1 {
		t.Fatalf("totals %v, err %v", totals, err)
	}
	got := totals[0]
	if !got.AmountPaid.Equal(amount(t, "25")) || !got.AmountAuthorized.Equal(amount(t, "30")) || !got.AmountCaptured.Equal(amount(t, "30")) {
		t.Errorf("totals %+v", got)
	}
	if n := len(server.Payments()); n != 4 {
		t.Errorf("%d payments", n)
	}
}

func TestSupplierPayments(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	p := brightpearl.SupplierPayment{
		TransactionRef: "bacs-1", PaymentMethodCode: "SAGEPAY_UK", PaymentType: brightpearl.TypePayment, OrderID: 1234,
		CurrencyISOCode: "GBP", AmountPaid: amount(t, "50.00"), PaymentDate: time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
	}
	id, err := client.CreateSupplierPayment(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	filter := brightpearl.SupplierPaymentFilter{OrderID: 1234, PaymentType: brightpearl.TypePayment, CurrencyCode: "GBP"}
	for found, err := range client.SupplierPayments(t.Context(), filter) {
		if err != nil || found.PaymentID != id || found.TransactionRef != "bacs-1" {
			t.Errorf("found %+v, err %v", found, err)
		}
		n++
	}
	if n != 1 || len(server.SupplierPayments()) != 1 {
		t.Errorf("found %d of %d", n, len(server.SupplierPayments()))
	}
}

// all returns the elements of a stream and the error that ended it.
func all[T any](stream iter.Seq2[T, error]) (list []T, err error) {
	for v, err := range stream {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

// A call that waits for the account's next window says so while it waits.
func TestWaitForTheWindowIsTold(t *testing.T) {
	t.Parallel()
	server := brightpearltest.New(brightpearltest.WithThrottle(5, 200*time.Millisecond))
	t.Cleanup(server.Close)
	var told []tenderkit.Exchange
	client := connect(t, server.Config(), tenderkit.WithObserver(func(_ context.Context, e tenderkit.Exchange) {
		if e.Waiting != "" {
			told = append(told, e)
		}
	}))
	for range 2 {
		if _, err := client.PaymentMethod(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
	if len(told) == 0 || told[0].Waiting != "the account's next window" || told[0].Wait <= 0 || told[0].Wait > 200*time.Millisecond {
		t.Errorf("told %+v", told)
	}
}
