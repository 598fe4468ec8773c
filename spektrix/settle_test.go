package spektrix_test

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

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
	one := func(typeID, sum string, attributes ...string) []spektrix.NewCustomPayment {
		p := spektrix.NewCustomPayment{PaymentTypeID: typeID, Amount: amount(t, sum)}
		for _, name := range attributes {
			p.PaymentAttributes = append(p.PaymentAttributes, spektrix.PaymentAttribute{Name: name, Value: "x"})
		}
		return []spektrix.NewCustomPayment{p}
	}
	blank := one(spektrixtest.TypeVoucher, "37.00", "Voucher code")
	blank[0].PaymentAttributes[0].Value = " \t"
	blank[0].AllowOuterBlanks = true
	for name, c := range map[string]struct {
		basket   func() string
		field    string
		payments []spektrix.NewCustomPayment
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
		_, err := client.Settle(t.Context(), basketID, spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "10.40")})
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
	if _, err := client.Settle(t.Context(), basketID, spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "10.4")}); err != nil {
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
	client, server := emulator(t, spektrixtest.WithFacts(spektrixtest.Facts{UndefinedAttributes: spektrixtest.StoreUndefined}))
	id := fill(t, client)
	payments := []spektrix.NewCustomPayment{
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
