package spektrix_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// emulator starts an emulator with a client that does not repeat anything.
func emulator(t testing.TB, opts ...spektrixtest.Option) (*spektrix.Client, *spektrixtest.Server) {
	t.Helper()
	return emulatorFor(t, paymenttest.Pass(), opts...)
}

func withFacts(t testing.TB, f spektrixtest.Facts) (*spektrix.Client, *spektrixtest.Server) {
	t.Helper()
	return emulator(t, spektrixtest.WithFacts(f))
}

// emulatorFor returns the client a short time-out where the fault is a delay. The
// voucher's type takes a reference too.
func emulatorFor(t testing.TB, fault paymenttest.Fault, opts ...spektrixtest.Option) (*spektrix.Client, *spektrixtest.Server) {
	t.Helper()
	server := spektrixtest.New(opts...)
	t.Cleanup(server.Close)
	server.AddPaymentType(spektrixtest.PaymentType{ID: voucher, Name: "Sample Voucher", Attributes: []spektrixtest.AttributeDefinition{
		{Name: "Voucher code", Required: true}, {Name: "Issued by"}, {Name: "Reference"},
	}})
	patience := 30 * time.Second
	if fault == paymenttest.Delay(time.Minute) {
		patience = time.Second
	}
	return newClient(t, server.Config(), tenderkit.WithRetries(0), tenderkit.WithTimeout(patience)), server
}

// byReference is a recorder whose payments can be found again.
func byReference(client *spektrix.Client) *spektrix.Recorder {
	return client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos, ReferenceAttribute: "Reference"})
}

// brief is the patience for a vendor that is a few microseconds away.
var brief = payment.WithPatience(3, time.Millisecond)

// with makes the options of a program that has a Store.
func with(store payment.Store, opts ...payment.OnceOption) []payment.OnceOption {
	return append([]payment.OnceOption{brief, payment.WithStore(store), payment.WithFirstTry()}, opts...)
}

// Adults at the matinee: 18.50 each, and 1.50 of commission on the basket.
var (
	adult    = spektrix.NewTicket{Instance: spektrixtest.InstanceMatinee, Type: spektrixtest.TicketAdult, SeatingPlan: spektrixtest.PlanStalls}
	oneSeat  = []spektrix.NewTicket{adult}
	twoSeats = []spektrix.NewTicket{adult, adult}
)

// fill makes a basket of two tickets over 37.00, without commission.
func fill(t testing.TB, client *spektrix.Client) string {
	t.Helper()
	b, err := client.CreateBasket(t.Context(), spektrix.NewBasket{TicketDelivery: spektrix.TicketDelivery{Type: spektrix.CollectAtVenue}})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.AddTickets(t.Context(), b.ID, twoSeats...); err != nil {
		t.Fatal(err)
	}
	if _, err := client.WaiveTransactionCommission(t.Context(), b.ID); err != nil {
		t.Fatal(err)
	}
	return b.ID
}

// settled makes such a basket and pays it.
func settled(t testing.TB, client *spektrix.Client) (string, spektrix.Settlement) {
	t.Helper()
	id := fill(t, client)
	s, err := byReference(client).Settle(t.Context(), id, split(t), with(payment.NewMemoryStore())...)
	if err != nil {
		t.Fatal(err)
	}
	return id, s
}

// split is 37.00, part by card and part by voucher.
func split(t testing.TB) []payment.Payment {
	t.Helper()
	card, code := sale(t, "20.4"), sale(t, "16.60")
	card.Reference, card.Target, card.Attributes = "till-4/1001/card", "", []payment.Attribute{{Name: "Receipt Number", Value: "R-1001"}}
	code.Reference, code.Target, code.Attributes = "till-4/1001/voucher", "", []payment.Attribute{{Name: "Voucher code", Value: "V-7788"}}
	code.Method = voucher
	return []payment.Payment{card, code}
}

func sale(t testing.TB, sum string) payment.Payment {
	t.Helper()
	m, err := payment.ParseMoney(sum, "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return payment.Payment{Reference: "till-4/1001", Kind: payment.Sale, Amount: m, Date: vectorTime, Target: basketID}
}

func states(s spektrix.Settlement) []spektrix.PaymentState {
	var list []spektrix.PaymentState
	for _, p := range s.Payments {
		list = append(list, p.State)
	}
	return list
}

// ledger tells which types were posted to a basket, in order.
func ledger(server *spektrixtest.Server, basketID string) (types []string) {
	for _, p := range server.Payments(basketID) {
		types = append(types, p.TypeID)
	}
	return types
}

var bothTypes = []string{epos, voucher}

func faults() []paymenttest.Fault {
	return append(paymenttest.Faults(), spektrixtest.EdgeBlock(), spektrixtest.Forbidden())
}

// refuses reports an answer by which the caller knows that nothing happened.
func refuses(f paymenttest.Fault) bool {
	return slices.Contains([]paymenttest.Fault{
		paymenttest.TooManyRequests(""), paymenttest.TooManyRequests("1"), paymenttest.Throttle(),
		spektrixtest.EdgeBlock(), spektrixtest.Forbidden(),
	}, f)
}

// strikes makes the fault strike the nth request of an operation.
func strikes(server *spektrixtest.Server, op string, n int, f paymenttest.Fault) {
	queue := make([]paymenttest.Fault, n)
	queue[n-1] = f
	server.Faults().On(server.Is(op), queue...)
}

// strikesRead is strikes for the next GET, which net/http sends once more
// when a connection that was used before drops.
func strikesRead(server *spektrixtest.Server, op string, f paymenttest.Fault) {
	strikes(server, op, 1, f)
	if f == paymenttest.DropBefore() || f == paymenttest.DropAfter() {
		strikes(server, op, 1, f)
	}
}

func effect(f paymenttest.Fault) int {
	if f.Effect() {
		return 1
	}
	return 0
}
