package spektrix_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
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

// emulatorFor gives the client a short time-out where the fault is a delay.
func emulatorFor(t testing.TB, fault paymenttest.Fault, opts ...spektrixtest.Option) (*spektrix.Client, *spektrixtest.Server) {
	t.Helper()
	server := spektrixtest.New(opts...)
	t.Cleanup(server.Close)
	patience := 30 * time.Second
	if fault == paymenttest.Delay(time.Minute) {
		patience = time.Second
	}
	return newClient(t, server.Config(), tenderkit.WithRetries(0), tenderkit.WithTimeout(patience)), server
}

// twoSeats are two adults at the matinee: 37.00, and 1.50 of commission.
var twoSeats = json.RawMessage(fmt.Sprintf(`[%[1]s,%[1]s]`,
	fmt.Sprintf(`{"instance":%q,"type":%q,"seatingPlan":%q}`, spektrixtest.InstanceMatinee, spektrixtest.TicketAdult, spektrixtest.PlanStalls)))

// fill makes a basket of two tickets over 37.00, without commission.
func fill(t testing.TB, client *spektrix.Client) string {
	t.Helper()
	b, err := client.CreateBasket(t.Context(), spektrix.NewBasket{TicketDelivery: spektrix.TicketDelivery{Type: spektrix.CollectAtVenue}})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.AddTickets(t.Context(), b.ID, twoSeats); err != nil {
		t.Fatal(err)
	}
	if _, err := client.WaiveTransactionCommission(t.Context(), b.ID); err != nil {
		t.Fatal(err)
	}
	return b.ID
}

// split is 37.00, part by card and part by voucher.
func split(t testing.TB) []spektrix.CustomPayment {
	t.Helper()
	return []spektrix.CustomPayment{
		{PaymentTypeID: epos, Amount: amount(t, "20.4"), PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Receipt Number", Value: "R-1001"}}},
		{PaymentTypeID: spektrixtest.TypeVoucher, Amount: amount(t, "16.60"), PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Voucher code", Value: "V-7788"}}},
	}
}

func states(s *spektrix.Settlement) []spektrix.PaymentState {
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

var bothTypes = []string{epos, spektrixtest.TypeVoucher}

func TestSettle(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	s, err := client.Settle(t.Context(), id, split(t)...)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Complete() || s.BasketID != id || s.Total.String() != "37.0" || s.Posted().String() != "37.00" {
		t.Errorf("%v: total %v, posted %v", s, s.Total, s.Posted())
	}
	if s.Payments[0].Echo.Name != "EPOS System" || !s.Payments[1].Echo.Amount.Equal(amount(t, "16.6")) {
		t.Errorf("echoes %v, %v", s.Payments[0].Echo, s.Payments[1].Echo)
	}
	posted := server.Payments(id)
	if !slices.Equal(ledger(server, id), bothTypes) || posted[0].Amount.String() != "20.40" || posted[1].Attributes[0].Value != "V-7788" {
		t.Errorf("ledger %v", posted)
	}
}

func TestSettleRefuses(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	full := func() string { return fill(t, client) }
	free := func() string { return server.AddBasket(spektrixtest.Basket{}) }
	one := func(typeID, sum string, attributes ...string) []spektrix.CustomPayment {
		p := spektrix.CustomPayment{PaymentTypeID: typeID, Amount: amount(t, sum)}
		for _, name := range attributes {
			p.PaymentAttributes = append(p.PaymentAttributes, spektrix.PaymentAttribute{Name: name, Value: "x"})
		}
		return []spektrix.CustomPayment{p}
	}
	blank := one(spektrixtest.TypeVoucher, "37.00", "Voucher code")
	blank[0].PaymentAttributes[0].Value = " \t"
	for name, c := range map[string]struct {
		basket   func() string
		field    string
		payments []spektrix.CustomPayment
	}{
		"an unknown type":             {full, "CustomPayment[0].PaymentTypeID", one("999A", "37.00")},
		"an inactive type":            {full, "CustomPayment[0].PaymentTypeID", one(spektrixtest.TypeClosedTill, "37.00")},
		"a refund type":               {full, "CustomPayment[0].PaymentTypeID", one(spektrixtest.TypeRefund, "37.00")},
		"the second type":             {full, "CustomPayment[1].PaymentTypeID", append(one(epos, "36.00"), one("999A", "1.00")...)},
		"an undefined attribute":      {full, "CustomPayment[0].PaymentAttributes[0].Name", one(epos, "37.00", "Payment ref")},
		"an attribute in other case":  {full, "CustomPayment[0].PaymentAttributes[1].Name", one(epos, "37.00", "Reference", "receipt number")},
		"a repeated attribute":        {full, "CustomPayment[0].PaymentAttributes[1].Name", one(epos, "37.00", "Reference", "Reference")},
		"a missing attribute":         {full, "CustomPayment[0].PaymentAttributes", one(spektrixtest.TypeVoucher, "37.00", "Issued by")},
		"a blank attribute":           {full, "CustomPayment[0].PaymentAttributes", blank},
		"a cent too little":           {full, "CustomPayment", one(epos, "36.99")},
		"a cent too much":             {full, "CustomPayment", one(epos, "37.01")},
		"the total with commission":   {full, "CustomPayment", one(epos, "38.50")},
		"no payment":                  {full, "CustomPayment", nil},
		"a payment of nothing to pay": {free, "CustomPayment", one(epos, "1.00")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id := c.basket()
			s, err := client.Settle(t.Context(), id, c.payments...)
			wantField(t, err, c.field)
			if s == nil || s.Complete() || s.BasketID != id || s.Posted().Sign() != 0 {
				t.Errorf("settlement %v", s)
			}
			if n := server.Count(spektrixtest.OpAddCustomPayment); n != 0 {
				t.Errorf("%d payments were sent", n)
			}
		})
	}
}

// The total of the answer itself can be wrong.
func TestSettleRefusesABadTotal(t *testing.T) {
	t.Parallel()
	for body, field := range map[string]string{
		`{"id":"20AEBCDF"}`:                "Basket.Total",
		`{"id":"20AEBCDF","total":null}`:   "Basket.Total",
		`{"id":"20AEBCDF","total":-10.40}`: "Basket.Total",
		`{"id":"20AEBCDF","total":10.405}`: "Basket.Total",
		`{"id":"20AEBCDF","total":"ten"}`:  "",
	} {
		client, m := newMock(t)
		m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
		m.json(http.MethodGet, "baskets/"+basketID, body)
		_, err := client.Settle(t.Context(), basketID, spektrix.CustomPayment{PaymentTypeID: epos, Amount: amount(t, "10.40")})
		if field == "" {
			if !errors.Is(err, payment.ErrProtocol) || !contains(err, "$.total") {
				t.Errorf("%s: %v", body, err)
			}
			continue
		}
		wantField(t, err, field)
	}
}

// Zeros beyond the currency's decimals are no difference.
func TestSettleTakesATotalWithZeros(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
	m.json(http.MethodGet, "baskets/"+basketID, `{"id":"20AEBCDF","total":10.4000}`)
	m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", `{"name":"EPOS System","amount":10.4}`)
	if _, err := client.Settle(t.Context(), basketID, spektrix.CustomPayment{PaymentTypeID: epos, Amount: amount(t, "10.4")}); err != nil {
		t.Error(err)
	}
}

func TestSettleOfNothing(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	s, err := client.Settle(t.Context(), server.AddBasket(spektrixtest.Basket{}))
	if err != nil || !s.Complete() {
		t.Errorf("%v, %v", s, err)
	}
	if server.Count(spektrixtest.OpCustomPaymentTypes) != 0 {
		t.Error("the types were read for nothing")
	}
}

func TestSettleWithPermissions(t *testing.T) {
	t.Parallel()
	client, server := emulator(t, spektrixtest.WithUndefinedAttributes(spektrixtest.StoreUndefined))
	id := fill(t, client)
	payments := []spektrix.CustomPayment{
		{PaymentTypeID: epos, Amount: amount(t, "40"), SkipAttributeCheck: true, PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Till", Value: "4"}}},
		{PaymentTypeID: spektrixtest.TypeRefund, Amount: amount(t, "-3"), AllowRefund: true},
	}
	if s, err := client.Settle(t.Context(), id, payments...); err != nil || !s.Complete() {
		t.Fatalf("%v, %v", s, err)
	}
	if got := server.Payments(id); got[0].Attributes[0].Name != "Till" || got[1].Amount.String() != "-3.00" {
		t.Errorf("ledger %v", got)
	}
}

// An answer that differs stops the flow, even though the payment stands.
func TestSettleStopsAtADifferentEcho(t *testing.T) {
	t.Parallel()
	client, server := emulator(t, spektrixtest.WithTruncatedEcho())
	id := fill(t, client)
	s, err := client.Settle(t.Context(), id, split(t)...)
	var stopped *spektrix.SettleError
	if !errors.As(err, &stopped) || !errors.Is(err, spektrix.ErrEchoDiffers) || !errors.Is(err, payment.ErrConflict) || errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatalf("err = %v", err)
	}
	if stopped.Settlement != s || stopped.Stopped != 0 || !slices.Equal(states(s), []spektrix.PaymentState{spektrix.StateEchoDiffers, spektrix.StateOpen}) {
		t.Errorf("settlement %v", s)
	}
	if s.Payments[0].Echo.Amount.String() != "20.0" || !strings.Contains(err.Error(), "the amount differs") {
		t.Errorf("echo %v, err %v", s.Payments[0].Echo, err)
	}
	if !slices.Equal(ledger(server, id), bothTypes[:1]) {
		t.Errorf("ledger %v", ledger(server, id))
	}
	_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{})
	wantField(t, err, "Confirmation.Settlement")
	s.Payments[0].State = spektrix.StatePosted // somebody has looked
	s.Payments[1].Payment.SkipEchoCheck = true
	if s, err = client.ResumeSettle(t.Context(), s); err != nil || !s.Complete() {
		t.Errorf("resumed: %v, %v", s, err)
	}
}

func TestEchoDifferences(t *testing.T) {
	t.Parallel()
	for answer, what := range map[string]string{
		`{"name":"EPOS System","amount":10.40,"attributes":[{"name":"Reference","value":"A"},{"name":"x","value":"y"}]}`: "",
		`{"name":"EPOS System","amount":10.41,"attributes":[{"name":"Reference","value":"A"}]}`:                          "the amount differs",
		`{"name":"EPOS system","amount":10.40,"attributes":[{"name":"Reference","value":"A"}]}`:                          "the payment type differs",
		`{"name":"EPOS System","amount":10.40,"attributes":[{"name":"Reference","value":"B"}]}`:                          "attribute 0 differs",
		`{"name":"EPOS System","amount":10.40}`:                                                                          "attribute 0 differs",
	} {
		client, m := newMock(t)
		m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
		till(m)
		m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", answer)
		_, err := client.Settle(t.Context(), basketID, spektrix.CustomPayment{
			PaymentTypeID: epos, Amount: amount(t, "10.40"), PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Reference", Value: "A"}},
		})
		if (what == "") != (err == nil) || err != nil && !contains(err, what) {
			t.Errorf("%s: %v, want %q", answer, err, what)
		}
	}
}

// Eight goroutines settle one basket: one of them does.
func TestSettleFromManyGoroutines(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	var wg sync.WaitGroup
	var mu sync.Mutex
	settled := 0
	for range 8 {
		wg.Go(func() {
			_, err := client.Settle(t.Context(), id, split(t)...)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				settled++
			case !errors.Is(err, payment.ErrInvalid):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if settled != 1 || !slices.Equal(ledger(server, id), bothTypes) {
		t.Errorf("%d settled, ledger %v", settled, ledger(server, id))
	}
}
