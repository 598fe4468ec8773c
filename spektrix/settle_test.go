package spektrix_test

import (
	"context"
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

func TestSettle(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	s, err := byReference(client).Settle(t.Context(), id, split(t), with(payment.NewMemoryStore())...)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Complete() || s.BasketID != id || s.Total.String() != "37.0" || !s.Paid.Equal(amount(t, "37")) || len(s.Stood) != 0 {
		t.Errorf("%v: total %v, paid %v", s, s.Total, s.Paid)
	}
	if p := s.Payments[0]; p.Payment.Target != id || p.Payment.Method != epos || !p.Receipt.Amount.Equal(p.Payment.Amount) || p.Receipt.AlreadyRecorded {
		t.Errorf("first %v, %v", p.Payment, p.Receipt)
	}
	posted := server.Payments(id)
	if !slices.Equal(ledger(server, id), bothTypes) || posted[0].Amount.String() != "20.40" || posted[1].Attributes[1].Value != "V-7788" {
		t.Errorf("ledger %v", posted)
	}
}

func TestSettleRefuses(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	full := func() string { return fill(t, client) }
	free := func() string { return server.AddBasket(spektrixtest.Basket{}) }
	one := func(typeID, sum string, attributes ...string) []payment.Payment {
		p := sale(t, sum)
		p.Target, p.Method = "", typeID
		for _, name := range attributes {
			p.Attributes = append(p.Attributes, payment.Attribute{Name: name, Value: "x"})
		}
		return []payment.Payment{p}
	}
	second := func(first, second payment.Payment, change func(*payment.Payment)) []payment.Payment {
		second.Reference = "till-4/1002"
		change(&second)
		return []payment.Payment{first, second}
	}
	blank := one(voucher, "37.00", "Voucher code")
	blank[0].Attributes[0].Value = ""
	for name, c := range map[string]struct {
		basket   func() string
		field    string
		payments []payment.Payment
	}{
		"an unknown type":             {full, "CustomPayment.PaymentTypeID", one("999A", "37.00")},
		"an inactive type":            {full, "CustomPayment.PaymentTypeID", one(spektrixtest.TypeClosedTill, "37.00")},
		"a refund type":               {full, "CustomPayment.PaymentTypeID", one(spektrixtest.TypeRefund, "37.00")},
		"the second type":             {full, "CustomPayment.PaymentTypeID", second(one(epos, "36.00")[0], one("999A", "1.00")[0], func(*payment.Payment) {})},
		"an undefined attribute":      {full, "CustomPayment.PaymentAttributes[1].Name", one(epos, "37.00", "Payment ref")},
		"an attribute in other case":  {full, "CustomPayment.PaymentAttributes[1].Name", one(epos, "37.00", "receipt number")},
		"a repeated attribute":        {full, "CustomPayment.PaymentAttributes[1].Name", one(epos, "37.00", "Reference")},
		"a missing attribute":         {full, "CustomPayment.PaymentAttributes", one(voucher, "37.00", "Issued by")},
		"a blank attribute":           {full, "CustomPayment.PaymentAttributes", blank},
		"a cent too little":           {full, "payments", one(epos, "36.99")},
		"a cent too much":             {full, "payments", one(epos, "37.01")},
		"the total with commission":   {full, "payments", one(epos, "38.50")},
		"no payment":                  {full, "payments", nil},
		"a payment of nothing to pay": {free, "payments", one(epos, "1.00")},
		"another basket":              {full, "payments[1].Target", second(one(epos, "36.00")[0], one(epos, "1.00")[0], func(p *payment.Payment) { p.Target = "1A" })},
		"one reference twice":         {full, "payments[1].Reference", second(one(epos, "36.00")[0], one(epos, "1.00")[0], func(p *payment.Payment) { p.Reference = "till-4/1001" })},
		"a void":                      {full, "Payment.Kind", second(one(epos, "36.00")[0], one(epos, "1.00")[0], func(p *payment.Payment) { p.Kind = payment.Void })},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id := c.basket()
			s, err := byReference(client).Settle(t.Context(), id, c.payments, with(payment.NewMemoryStore())...)
			wantField(t, err, c.field)
			if s.Complete() && len(s.Payments) > 0 || s.BasketID != id || len(server.Payments(id)) != 0 {
				t.Errorf("settlement %v", s)
			}
		})
	}
	t.Cleanup(func() {
		if n := server.Count(spektrixtest.OpAddCustomPayment); n != 0 {
			t.Errorf("%d payments were sent", n)
		}
	})
}

// The total of the answer itself can be wrong.
func TestSettleRefusesABadTotal(t *testing.T) {
	t.Parallel()
	for body, field := range map[string]string{
		`{"id":"20AEBCDF"}`:                      "Basket.Total",
		`{"id":"20AEBCDF","total":null}`:         "Basket.Total",
		`{"id":"20AEBCDF","total":-10.40}`:       "Basket.Total",
		`{"id":"20AEBCDF","total":10.405}`:       "Basket.Total",
		`{"id":"20AEBCDF","total":"ten"}`:        "",
		`{"id":"20AEBCDF","total":1,"total":10}`: "",
	} {
		client, m := newMock(t)
		m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
		m.json(http.MethodGet, "baskets/"+basketID, body)
		m.json(http.MethodGet, "baskets/"+basketID+"/custom-payments", "[]")
		_, err := byReference(client).Settle(t.Context(), basketID, []payment.Payment{sale(t, "10.40")})
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
	m.json(http.MethodGet, "baskets/"+basketID+"/custom-payments", "[]")
	m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", `{"name":"EPOS System","amount":10.4}`)
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos})
	if _, err := recorder.Settle(t.Context(), basketID, []payment.Payment{sale(t, "10.4")}, brief); err != nil {
		t.Error(err)
	}
}

// A nil option is refused before anything is read.
func TestSettleRefusesANilOption(t *testing.T) {
	t.Parallel()
	client, _ := newMock(t)
	_, err := byReference(client).Settle(t.Context(), basketID, split(t), payment.WithFirstTry(), nil)
	wantField(t, err, "OnceOption")
}

func TestSettleOfNothing(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	s, err := byReference(client).Settle(t.Context(), server.AddBasket(spektrixtest.Basket{}), nil)
	if err != nil || !s.Complete() {
		t.Errorf("%v, %v", s, err)
	}
	if server.Count(spektrixtest.OpCustomPaymentTypes) != 0 {
		t.Error("the types were read for nothing")
	}
}

func TestSettleWithARefund(t *testing.T) {
	t.Parallel()
	client, server := withFacts(t, spektrixtest.Facts{UndefinedAttributes: spektrixtest.StoreUndefined})
	id := fill(t, client)
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos, ReferenceAttribute: "Reference", AllowRefund: true, SkipAttributeCheck: true})
	charge, back := sale(t, "40"), sale(t, "3")
	charge.Target, charge.Attributes = "", []payment.Attribute{{Name: "Till", Value: "4"}}
	back.Target, back.Kind, back.Method, back.Reference = "", payment.Refund, spektrixtest.TypeRefund, "till-4/1002"
	s, err := recorder.Settle(t.Context(), id, []payment.Payment{charge, back}, with(payment.NewMemoryStore())...)
	if err != nil || !s.Complete() || !s.Paid.Equal(amount(t, "37")) {
		t.Fatalf("%v, %v", s, err)
	}
	if got := server.Payments(id); got[0].Attributes[1].Name != "Till" || got[1].Amount.String() != "3.00" {
		t.Errorf("ledger %v", got)
	}
	if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, brief, payment.WithFirstTry()); err != nil {
		t.Error(err)
	}
}

// Eight goroutines settle one basket with one Store: it is paid once.
func TestSettleFromManyGoroutines(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id, store := fill(t, client), payment.NewMemoryStore()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s, err := byReference(client).Settle(t.Context(), id, split(t), with(store)...)
			if err != nil && !errors.Is(err, payment.ErrOutcomeUnknown) || (err == nil) != s.Complete() {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s, err := byReference(client).Settle(t.Context(), id, split(t), with(store)...)
	if err != nil || !s.Complete() || !slices.Equal(ledger(server, id), bothTypes) {
		t.Errorf("%v, ledger %v", err, ledger(server, id))
	}
}

// What stands counts: the rest is posted, by a program with a Store or without
// one, in this run or another, whether the total falls or not.
func TestSettleGoesOn(t *testing.T) {
	t.Parallel()
	for _, facts := range []spektrixtest.Facts{{}, {FallingTotal: true}, {PaymentAnswer: spektrixtest.AnswersArrayNewestLast}} {
		for name, options := range map[string]func() []payment.OnceOption{
			"no store": func() []payment.OnceOption { return []payment.OnceOption{brief} },
			"a store":  func() []payment.OnceOption { return with(payment.NewMemoryStore()) },
		} {
			client, server := withFacts(t, facts)
			id := fill(t, client)
			server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.Pass(), spektrixtest.Forbidden())
			opts := options()
			s, err := byReference(client).Settle(t.Context(), id, split(t), opts...)
			var stopped *spektrix.SettleError
			if !errors.As(err, &stopped) || !errors.Is(err, payment.ErrForbidden) || stopped.Stopped != 1 || !slices.Equal(states(s), []spektrix.PaymentState{spektrix.StatePosted, spektrix.StateOpen}) {
				t.Fatalf("%s: %v, %v", name, s, err)
			}
			_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, brief)
			wantField(t, err, "Confirmation.Settlement")
			other := newClient(t, server.Config())
			for range 2 {
				if s, err = byReference(other).Settle(t.Context(), id, split(t), opts...); err != nil || !s.Complete() || !s.Paid.Equal(amount(t, "37")) {
					t.Fatalf("%s: %v, %v", name, s, err)
				}
			}
			if !s.Payments[0].Receipt.AlreadyRecorded || !slices.Equal(ledger(server, id), bothTypes) {
				t.Errorf("%s: ledger %v", name, ledger(server, id))
			}
			if _, err := other.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, brief); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if s, err = byReference(other).Settle(t.Context(), id, split(t), opts...); name == "a store" && (err != nil || !s.Complete() || s.Total.IsSet()) {
				t.Errorf("after the confirm: %v, %v", s, err) // the store knows
			} else if name != "a store" && !errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("after the confirm, without a store: %v", err)
			}
			if !slices.Equal(ledger(server, id), bothTypes) || len(server.Orders()) != 1 {
				t.Errorf("%s: ledger %v", name, ledger(server, id))
			}
		}
	}
}

// A payment that stands is not posted again, though the Store is sure that
// nobody handed it over.
func TestSettleOfAPaymentThatStands(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	card := split(t)[0]
	if _, err := client.AddCustomPayment(t.Context(), id, spektrix.NewCustomPayment{
		PaymentTypeID: epos, Amount: card.Amount.Amount(), PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Reference", Value: card.Reference}},
	}); err != nil {
		t.Fatal(err)
	}
	s, err := byReference(client).Settle(t.Context(), id, split(t), with(payment.NewMemoryStore())...)
	if err != nil || !s.Payments[0].Receipt.AlreadyRecorded || len(s.Stood) != 0 || !slices.Equal(ledger(server, id), bothTypes) {
		t.Errorf("%v, %v, ledger %v", s, err, ledger(server, id))
	}
}

// Payments of others count to the sum.
func TestSettleTheRest(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	if _, err := client.AddCustomPayment(t.Context(), id, spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "20.40")}); err != nil {
		t.Fatal(err)
	}
	_, err := byReference(client).Settle(t.Context(), id, split(t), with(payment.NewMemoryStore())...)
	wantField(t, err, "payments")
	s, err := byReference(client).Settle(t.Context(), id, split(t)[1:], with(payment.NewMemoryStore())...)
	if err != nil || len(s.Stood) != 1 || !s.Paid.Equal(amount(t, "37")) || !slices.Equal(ledger(server, id), bothTypes) {
		t.Errorf("%v, %v, ledger %v", s, err, ledger(server, id))
	}
	if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, brief); err != nil {
		t.Error(err)
	}
}

// A basket that others have paid takes no more.
func TestSettleOfAPaidBasket(t *testing.T) {
	t.Parallel()
	for _, facts := range []spektrixtest.Facts{{}, {FallingTotal: true}} {
		client, server := withFacts(t, facts)
		id := fill(t, client)
		if _, err := client.AddCustomPayment(t.Context(), id, spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "37")}); err != nil {
			t.Fatal(err)
		}
		s, err := byReference(client).Settle(t.Context(), id, split(t), with(payment.NewMemoryStore())...)
		wantField(t, err, "payments")
		if s.Complete() || len(server.Payments(id)) != 1 {
			t.Errorf("%v, ledger %v", s, ledger(server, id))
		}
	}
}

// Without an attribute for the reference, a settlement knows what stood before
// its first payment. Alone in the basket it knows what a lost answer means.
func TestSettleWithoutReferences(t *testing.T) {
	t.Parallel()
	for _, fault := range []paymenttest.Fault{paymenttest.Pass(), paymenttest.DropAfter(), paymenttest.DropBefore()} {
		for _, alone := range []bool{false, true} {
			client, server := emulatorFor(t, fault)
			id, store := fill(t, client), payment.NewMemoryStore()
			strikes(server, spektrixtest.OpAddCustomPayment, 2, fault)
			recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos, AloneInBasket: alone})
			three := []payment.Payment{sale(t, "10"), sale(t, "10"), sale(t, "17")}
			for i := range three {
				three[i].Reference, three[i].Target = fmt.Sprint("till-4/", i), ""
			}
			s, err := recorder.Settle(t.Context(), id, three, brief, payment.WithStore(store))
			if done := fault == paymenttest.Pass() || alone && fault.Effect(); done != (err == nil) || done != s.Complete() || err != nil && !errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("%v, alone %v: %v, %v", fault, alone, s, err)
			}
			s, err = recorder.Settle(t.Context(), id, three, brief, payment.WithStore(store), payment.WithSettle(time.Millisecond))
			if done := fault == paymenttest.Pass() || alone; done != (err == nil) {
				t.Errorf("%v, alone %v, again: %v, %v", fault, alone, s, err)
			} else if n := len(server.Payments(id)); done && n != 3 || n > 3 {
				t.Errorf("%v, alone %v: %d payments", fault, alone, n)
			}
		}
	}
}

// A venue that shows no payments at all takes a word that there were none.
func TestSettleOfAFreshBasket(t *testing.T) {
	t.Parallel()
	client, server := withFacts(t, spektrixtest.Facts{PaymentList: spektrixtest.ListNotAllowed, BasketPayments: spektrixtest.BasketShowsNone})
	id := fill(t, client)
	if _, err := byReference(client).Settle(t.Context(), id, split(t), with(payment.NewMemoryStore())...); !errors.Is(err, payment.ErrProtocol) {
		t.Errorf("err = %v", err)
	}
	options := reference
	options.FreshBaskets = true
	s, err := client.Recorder(options).Settle(t.Context(), id, split(t), with(payment.NewMemoryStore())...)
	if err != nil || !s.Complete() || !slices.Equal(ledger(server, id), bothTypes) {
		t.Errorf("%v, %v", s, err)
	}
}

// Tickets that came after the payments are paid by one more.
func TestSettleOfABasketThatGrew(t *testing.T) {
	t.Parallel()
	for _, facts := range []spektrixtest.Facts{{}, {FallingTotal: true}} {
		client, server := withFacts(t, facts)
		id, s := settled(t, client)
		if err := client.AddTickets(t.Context(), id, oneSeat...); err != nil {
			t.Fatal(err)
		}
		_, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, brief, payment.WithFirstTry())
		wantField(t, err, "Confirmation.Settlement")
		more := sale(t, "18.50")
		more.Reference, more.Target = "till-4/1002", ""
		s, err = byReference(client).Settle(t.Context(), id, append(split(t), more), brief)
		if err != nil || !s.Complete() {
			t.Fatalf("%v, %v", s, err)
		}
		if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, brief, payment.WithFirstTry()); err != nil || len(server.Payments(id)) != 3 {
			t.Errorf("%v, ledger %v", err, ledger(server, id))
		}
	}
}

// An answer that differs stops the flow, even though the payment stands.
func TestSettleStopsAtADifferentEcho(t *testing.T) {
	t.Parallel()
	client, server := withFacts(t, spektrixtest.Facts{TruncatedEcho: true})
	id, store := fill(t, client), payment.NewMemoryStore()
	s, err := byReference(client).Settle(t.Context(), id, split(t), with(store)...)
	if !errors.Is(err, spektrix.ErrEchoDiffers) || !errors.Is(err, payment.ErrConflict) || errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatalf("err = %v", err)
	}
	if !slices.Equal(states(s), []spektrix.PaymentState{spektrix.StateConflict, spektrix.StateOpen}) || !strings.Contains(err.Error(), "the amount differs") {
		t.Errorf("settlement %v, %v", s, err)
	}
	if !slices.Equal(ledger(server, id), bothTypes[:1]) {
		t.Errorf("ledger %v", ledger(server, id))
	}
	_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, brief)
	wantField(t, err, "Confirmation.Settlement")
	if _, err = byReference(client).Settle(t.Context(), id, split(t), with(store)...); !errors.Is(err, payment.ErrConflict) {
		t.Errorf("err = %v", err)
	}
	// A person has looked, and the venue's answers are known for what they are.
	key := payment.Key{Account: byReference(client).Account(), Op: "payment", Reference: split(t)[0].Reference}
	seen, err := payment.Inspect(t.Context(), store, key)
	if err == nil {
		_, err = payment.Decide(t.Context(), store, seen, payment.Decision{Recorded: true, By: "Ada", At: vectorTime})
	}
	if err != nil {
		t.Fatal(err)
	}
	options := reference
	options.SkipEchoCheck = true
	if s, err = client.Recorder(options).Settle(t.Context(), id, split(t), with(store)...); err != nil || !s.Complete() || !slices.Equal(ledger(server, id), bothTypes) {
		t.Errorf("%v, %v", s, err)
	}
}

func TestSettleErrorTellsTheState(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.Pass(), paymenttest.DropBefore())
	_, err := byReference(client).Settle(t.Context(), id, split(t), with(payment.NewMemoryStore())...)
	const want = `stopped at payment 2 of 2 (1 posted, 1 unknown): payment "till-4/1001/voucher": spektrix: AddCustomPayment: outcome unknown`
	if !contains(err, want) {
		t.Errorf("err = %v", err)
	}
	asJSON, jsonErr := json.Marshal(err)
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %q %s %d", err, err, err, err, err, err), string(asJSON)} {
		if strings.Contains(text, "R-1001") || strings.Contains(text, "V-7788") || strings.Contains(text, id) {
			t.Errorf("the error shows details: %s", text)
		}
	}
}

func TestPaymentStateIsClosed(t *testing.T) {
	t.Parallel()
	for _, state := range []spektrix.PaymentState{spektrix.StateOpen, spektrix.StatePosted, spektrix.StateConflict, spektrix.StateUnknown} {
		if !state.Known() {
			t.Errorf("%q is not known", state)
		}
	}
	if spektrix.PaymentState("").Known() {
		t.Error("the empty state is known")
	}
}

// A context that ends between two payments leaves the second one open, one that
// ends within a payment leaves it unknown.
func TestAContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	server := spektrixtest.New()
	t.Cleanup(server.Close)
	two := split(t)
	two[1].Method, two[1].Attributes = "", nil
	client := newClient(t, server.Config(), tenderkit.WithObserver(func(_ context.Context, e tenderkit.Exchange) {
		if e.Op == spektrixtest.OpAddCustomPayment {
			cancel()
		}
	}))
	id, store := fill(t, client), payment.NewMemoryStore()
	s, err := byReference(client).Settle(ctx, id, two, with(store)...)
	if !errors.Is(err, context.Canceled) || !slices.Equal(states(s), []spektrix.PaymentState{spektrix.StatePosted, spektrix.StateOpen}) {
		t.Errorf("%v, %v", s, err)
	}
	if s, err = byReference(client).Settle(t.Context(), id, two, with(store)...); err != nil || !s.Complete() || len(server.Payments(id)) != 2 {
		t.Errorf("%v, %v", s, err)
	}
	id, store = fill(t, client), payment.NewMemoryStore()
	s, err = byReference(client).Settle(cancelsAt(t, server, spektrixtest.OpAddCustomPayment), id, two, with(store)...)
	if !errors.Is(err, payment.ErrOutcomeUnknown) || s.Payments[0].State != spektrix.StateUnknown {
		t.Fatalf("%v, %v", s, err)
	}
	if s, err = byReference(client).Settle(t.Context(), id, two, with(store)...); err != nil || !s.Complete() || len(server.Payments(id)) != 2 {
		t.Errorf("%v, %v", s, err)
	}
}

// An observer that panics changes nothing: neither what is sent, nor what is
// known of it.
func TestAPanickingObserver(t *testing.T) {
	t.Parallel()
	_, server := emulator(t)
	client := newClient(t, server.Config(), tenderkit.WithRetries(0), tenderkit.WithObserver(func(context.Context, tenderkit.Exchange) { panic("observer") }))
	id, store := fill(t, client), payment.NewMemoryStore()
	for range 2 {
		s, err := byReference(client).Settle(t.Context(), id, split(t), with(store)...)
		if err == nil {
			_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, with(store)...)
		}
		if err != nil || !slices.Equal(ledger(server, id), bothTypes) || len(server.Orders()) != 1 {
			t.Errorf("%v, ledger %v, %d orders", err, ledger(server, id), len(server.Orders()))
		}
	}
}

// cancelsAt ends a context when a request for op has reached the emulator,
// which takes its effect.
func cancelsAt(t *testing.T, server *spektrixtest.Server, op string) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	server.Faults().On(func(r *http.Request) bool {
		hit := server.Is(op)(r)
		if hit {
			cancel()
		}
		return hit
	}, paymenttest.Delay(time.Minute))
	return ctx
}
