package rubi_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

func TestReadsAreRepeated(t *testing.T) {
	t.Parallel()
	for _, fault := range []paymenttest.Fault{
		paymenttest.DropBefore(), paymenttest.DropAfter(), paymenttest.ResetMidAnswer(),
		paymenttest.TooManyRequests(""), paymenttest.ServerErrorHTML(502, false), paymenttest.ServerErrorJSON(504, false),
	} {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t)
			fill(t, server, "1.00")
			server.Faults().Next(fault, fault)
			items, err := all(client.UserBasket(t.Context(), uid, rubi.Bookings))
			if err != nil || len(items) != 1 || server.Count(rubitest.OpUserBasket) != 3 {
				t.Errorf("%v in %d requests, %v", items, server.Count(rubitest.OpUserBasket), err)
			}
		})
	}
}

// A payment that never left is no unknown outcome.
func TestWithoutVendor(t *testing.T) {
	t.Parallel()
	server := rubitest.New()
	config := server.Config()
	server.Close()
	p := payer()
	p.PaymentType, p.PaymentItems = rubi.Invoice, []string{"a"}
	_, err := connect(t, config).UserPaymentUnchecked(t.Context(), p)
	if !errors.Is(err, payment.ErrUnavailable) || errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("error is %v", err)
	}
}

// refuses lists the faults by which the vendor says that it did nothing.
func refuses(f paymenttest.Fault) bool {
	return slices.Contains([]paymenttest.Fault{paymenttest.TooManyRequests(""), paymenttest.TooManyRequests("1"), paymenttest.Throttle()}, f)
}

// Every write under every fault: sent once, and the error tells whether it may
// have happened.
func TestWritesUnderEveryFault(t *testing.T) {
	t.Parallel()
	for _, fault := range append(paymenttest.Faults(), rubitest.Refusal("500", "oops", false), rubitest.Refusal("500", "oops", true)) {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			for method, write := range writes() {
				server, _ := emulated(t)
				client := connect(t, server.Config(), tenderkit.WithTimeout(200*time.Millisecond))
				guids := fill(t, server, "0.00", "12.00")
				transaction := open(t, client, guids[1])
				before := server.Submissions(method)
				on(server, method, fault)
				err := write(t, client, guids[0], transaction)
				want := payment.ErrOutcomeUnknown
				if refuses(fault) {
					want = payment.ErrRateLimited
				}
				var e *payment.Error
				if !errors.Is(err, want) || !errors.As(err, &e) || e.Attempts != 1 || e.Target == "" {
					t.Errorf("%s: error is %v, want %v", method, err, want)
				}
				effect := server.Submissions(method) - before
				if (effect == 1) != fault.Effect() || effect > 1 || server.Faults().Pending() != 0 {
					t.Errorf("%s: %d effects", method, effect)
				}
				once(t, server)
			}
		})
	}
}

type write func(t *testing.T, c *rubi.Client, free, transaction string) error

func writes() map[string]write {
	return map[string]write{
		rubitest.OpUserPayment: func(t *testing.T, c *rubi.Client, free, _ string) error {
			p := payer()
			p.PaymentType, p.PaymentItems = rubi.Confirm, []string{free}
			_, err := c.UserPaymentUnchecked(t.Context(), p)
			return err
		},
		rubitest.OpStripeResult: func(t *testing.T, c *rubi.Client, _, transaction string) error {
			_, err := c.StripeResult(t.Context(), transaction, succeeded(1200))
			return err
		},
		rubitest.OpBooking: func(t *testing.T, c *rubi.Client, _, _ string) error {
			_, err := c.Booking(t.Context(), rubi.Booking{UID: uid, EID: rubitest.SampleEID, BookingPlaces: 1})
			return err
		},
		rubitest.OpSubscription: func(t *testing.T, c *rubi.Client, _, _ string) error {
			return c.Subscription(t.Context(), rubi.Subscription{UID: uid, SSID: rubitest.SampleSSID, Action: rubi.Add})
		},
		rubitest.OpBookingUpdate: func(t *testing.T, c *rubi.Client, free, _ string) error {
			return c.BookingUpdate(t.Context(), rubi.BookingUpdate{UID: uid, BookingGUID: free, UpdateType: rubi.RemoveBooking})
		},
	}
}

// open returns the transaction of a card payment.
func open(t *testing.T, c *rubi.Client, guid string) string {
	t.Helper()
	p := payer()
	p.PaymentType, p.PaymentItems = rubi.CardPayment, []string{guid}
	submission, err := c.UserPaymentUnchecked(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return submission.TransactionID()
}
