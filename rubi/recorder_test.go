package rubi_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

func recorderOf(client *rubi.Client) payment.Recorder {
	return client.Recorder(rubi.RecorderOptions{Item: rubi.Bookings, Payment: payer()})
}

// sale is a payment of these items by that method.
func sale(t *testing.T, method, total string, guids ...string) payment.Payment {
	t.Helper()
	p := payment.Payment{
		Reference: "till-7-4711", Kind: payment.Sale, Amount: pounds(t, total), Date: time.Unix(1700000000, 0), Method: method, Target: uid,
	}
	for _, guid := range guids {
		p.Attributes = append(p.Attributes, payment.Attribute{Name: "ItemGUID", Value: guid})
	}
	if method == "CardPayment" {
		p.Attributes = append(p.Attributes, payment.Attribute{Name: "StripeID", Value: "pi_123"})
	}
	return p
}

// record makes one attempt without Once.
func record(t *testing.T, r payment.Recorder, p payment.Payment) (payment.Receipt, error) {
	t.Helper()
	p, err := r.Prepare(t.Context(), p)
	if err != nil {
		return payment.Receipt{}, err
	}
	return r.Record(t.Context(), p, payment.NewAttempt(nil, nil))
}

func TestRecordAndFind(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"Invoice", "CardPayment"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t)
			r := recorderOf(client)
			p, err := r.Prepare(t.Context(), sale(t, method, "25.00", fill(t, server, "25.00")...))
			if err != nil {
				t.Fatal(err)
			}
			a := payment.NewAttempt(nil, nil)
			if found, err := r.Find(t.Context(), p, a); err != nil || len(found) != 0 {
				t.Errorf("before: %v, %v", found, err)
			}
			receipt, err := r.Record(t.Context(), p, a)
			if err != nil || receipt.AlreadyRecorded || receipt.ID != "T-1001" || receipt.Vendor != "rubi" || !receipt.Amount.Equal(p.Amount) || len(receipt.Raw) < 10 {
				t.Errorf("receipt %v, %v", receipt, err)
			}
			found, err := r.Find(t.Context(), p, a)
			if err != nil || len(found) != 1 || !found[0].AlreadyRecorded || found[0].Reference != p.Reference || !found[0].Amount.Equal(p.Amount) {
				t.Errorf("after: %v, %v", found, err)
			}
			// Without the checkpoint nobody can tell who has paid.
			for range 2 {
				if _, err := recorderOf(client).Find(t.Context(), p, nil); !errors.Is(err, payment.ErrNoLookup) {
					t.Errorf("elsewhere: %v", err)
				}
			}
			if _, err := recorderOf(client).Record(t.Context(), p, payment.NewAttempt(nil, nil)); !errors.Is(err, payment.ErrNotFound) {
				t.Errorf("a second time: %v", err)
			}
			if len(server.Transactions()) != 1 {
				t.Errorf("ledger %v", server.Transactions())
			}
			once(t, server)
		})
	}
}

// Handed over again after a restart that has lost the Store, a payment whose
// items are gone is not "not recorded": nobody can tell.
func TestAfterARestart(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"Invoice", "CardPayment"} {
		server, client := emulated(t, rubitest.WithFacts(rubitest.Facts{PaidAgain: true, Repeat: rubitest.RepeatMail}))
		p := sale(t, method, "25.00", fill(t, server, "25.00")...)
		store := payment.NewMemoryStore()
		if _, err := payment.Once(t.Context(), recorderOf(client), p, first(store)...); err != nil {
			t.Fatal(err)
		}
		receipt, err := payment.Once(t.Context(), recorderOf(connect(t, server.Config())), p, again(store)...)
		if err != nil || !receipt.AlreadyRecorded || receipt.ID != "T-1001" {
			t.Errorf("with the Store: %v, %v", receipt, err)
		}
		_, err = payment.Once(t.Context(), recorderOf(client), p, again(payment.NewMemoryStore())...)
		if !errors.Is(err, payment.ErrNoLookup) || errors.Is(err, payment.ErrNotFound) {
			t.Errorf("without: %v", err)
		}
		if len(server.Transactions()) != 1 {
			t.Errorf("ledger %v", server.Transactions())
		}
		once(t, server)
	}
}

// What says which payment it is: another item, charge, amount or contact under
// the same reference is a conflict, and the order of the items is not.
func TestAnotherPaymentUnderTheSameReference(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	server.AddContact(rubitest.Contact{UID: "other"})
	guids := fill(t, server, "20.00", "5.00", "25.00")
	p := sale(t, "CardPayment", "25.00", guids[:2]...)
	store := payment.NewMemoryStore()
	if _, err := payment.Once(t.Context(), recorderOf(client), p, first(store)...); err != nil {
		t.Fatal(err)
	}
	for field, other := range map[string]payment.Payment{
		"Attributes[ItemGUID]": sale(t, "CardPayment", "25.00", guids[2]),
		"Attributes[StripeID]": replaced(p, "StripeID", "pi_456"),
		"Attributes[Item]":     replaced(p, "Item", "Subscriptions"),
		"Amount":               func() payment.Payment { q := p; q.Amount = pounds(t, "26.00"); return q }(),
		"Target":               func() payment.Payment { q := p; q.Target = "other"; return q }(),
		"Method":               sale(t, "Invoice", "25.00", guids[:2]...),
	} {
		_, err := payment.Once(t.Context(), recorderOf(client), other, first(store)...)
		var conflict *payment.ConflictError
		if !errors.As(err, &conflict) || !slices.Contains(conflict.Fields, field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	same := sale(t, "CardPayment", "25.00", strings.ToUpper(guids[1]), guids[0])
	same.Attributes = append(same.Attributes, payment.Attribute{Name: "Mob", Value: "1"})
	if receipt, err := payment.Once(t.Context(), recorderOf(client), same, first(store)...); err != nil || !receipt.AlreadyRecorded {
		t.Errorf("the same: %v, %v", receipt, err)
	}
	if len(server.Transactions()) != 1 {
		t.Errorf("ledger %v", server.Transactions())
	}
}

// replaced sets an attribute.
func replaced(p payment.Payment, name, value string) payment.Payment {
	p.Attributes = slices.DeleteFunc(slices.Clone(p.Attributes), func(a payment.Attribute) bool { return a.Name == name })
	p.Attributes = append(p.Attributes, payment.Attribute{Name: name, Value: value})
	return p
}

// The attendees of the event prove more than the basket, where they can be read.
func TestAttendeesProveABooking(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts   rubitest.Facts
		method  string
		lost    string
		removed bool
		found   bool
	}{
		"booked":           {rubitest.Facts{}, "Invoice", rubitest.OpUserPayment, false, true},
		"booked, and kept": {rubitest.Facts{ItemsStay: true, Attendees: rubitest.AttendeesBooked}, "Invoice", rubitest.OpUserPayment, false, false},
		"blank basket":     {rubitest.Facts{None: rubitest.NoneNull}, "Invoice", rubitest.OpUserPayment, false, true},
		"removed by hand":  {rubitest.Facts{}, "Invoice", rubitest.OpUserPayment, true, false},
		"card, left early": {rubitest.Facts{CardItemsLeave: true}, "CardPayment", rubitest.OpStripeResult, false, true},
		"not to be asked":  {rubitest.Facts{Attendees: rubitest.AttendeesAbsent}, "Invoice", rubitest.OpUserPayment, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t, rubitest.WithFacts(c.facts))
			booked, err := client.Booking(t.Context(), rubi.Booking{UID: uid, EID: rubitest.SampleEID, BookingPlaces: 1})
			if err != nil {
				t.Fatal(err)
			}
			lost := paymenttest.DropAfter()
			if c.removed {
				lost = paymenttest.DropBefore()
			}
			on(server, c.lost, lost)
			r := client.Recorder(rubi.RecorderOptions{Item: rubi.Bookings, Payment: payer(), AskAttendees: true})
			p := sale(t, c.method, "12.00", booked.Places[0].BookingGUID)
			store := payment.NewMemoryStore()
			if c.removed {
				on(server, rubitest.OpUserBasket, paymenttest.Pass(), paymenttest.ServerErrorHTML(500, false), paymenttest.ServerErrorHTML(500, false),
					paymenttest.ServerErrorHTML(500, false), paymenttest.ServerErrorHTML(500, false), paymenttest.ServerErrorHTML(500, false), paymenttest.ServerErrorHTML(500, false))
			}
			receipt, err := payment.Once(t.Context(), r, p, first(store)...)
			if c.removed {
				server.Faults().Clear()
				if err := client.BookingUpdate(t.Context(), rubi.BookingUpdate{UID: uid, BookingGUID: booked.Places[0].BookingGUID, UpdateType: rubi.RemoveBooking}); err != nil {
					t.Fatal(err)
				}
				receipt, err = payment.Once(t.Context(), r, p, first(store)...)
			}
			if c.found != (err == nil) || c.found && !receipt.AlreadyRecorded || !c.found && !errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("%v, %v", receipt, err)
			}
			once(t, server)
		})
	}
}

func TestFindWithoutItemsCannotTell(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	fill(t, server, "25.00")
	_, err := recorderOf(client).Find(t.Context(), sale(t, "Invoice", "25.00"), nil)
	var e *payment.Error
	if !errors.Is(err, payment.ErrNoLookup) || !errors.As(err, &e) || e.Vendor != "rubi" || e.Op != "Find" || e.Reference != "till-7-4711" {
		t.Errorf("error is %v", err)
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestRecorderAttributes(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	server.AddItem(rubitest.Item{Kind: rubitest.KindSubscription, UID: uid, Value: amount(t, "85.00")})
	p := sale(t, "", "85.00")
	p.Attributes = []payment.Attribute{
		{Name: "Item", Value: "Subscriptions"}, {Name: "PONumber", Value: "PO-1"}, {Name: "EmailAddress", Value: "al@example.org"}, {Name: "till", Value: "7"},
	}
	options := rubi.RecorderOptions{Item: rubi.Bookings, Payment: payer()}
	options.Payment.PaymentType = rubi.Invoice
	if _, err := record(t, client.Recorder(options), p); err != nil {
		t.Fatal(err)
	}
	if made := server.Transactions()[0]; made.PONumber != "PO-1" || made.EmailAddress != "al@example.org" || made.Type != "Invoice" {
		t.Errorf("ledger %+v", made)
	}
}

func TestRecorderRefusals(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	guids := fill(t, server, "25.00")
	for field, change := range map[string]func(*payment.Payment){
		"Payment.Kind":             func(p *payment.Payment) { p.Kind = payment.Refund },
		"Payment.Reverses":         func(p *payment.Payment) { p.Reverses = "x" },
		"Payment.Link":             func(p *payment.Payment) { p.Link = "x" },
		"Payment.Target":           func(p *payment.Payment) { p.Target = " " },
		"Payment.Method":           func(p *payment.Payment) { p.Method = "Confirm" },
		"Payment.Attributes":       func(p *payment.Payment) { p.Method = "CardPayment" },
		"Payment.Reference":        func(p *payment.Payment) { p.Reference = "" },
		"Payment.Attributes[Item]": func(p *payment.Payment) { p.Attributes = []payment.Attribute{{Name: "Item", Value: "Cake"}} },
		"Payment.Amount":           func(p *payment.Payment) { p.Amount = mustMoney(t, "25.00", "EUR") },
		"Payment.Attributes[ItemGUID][1]": func(p *payment.Payment) {
			p.Attributes = append(p.Attributes, payment.Attribute{Name: "ItemGUID", Value: guids[0]})
		},
		"UserPayment.Mob":        func(p *payment.Payment) { p.Attributes = []payment.Attribute{{Name: "Mob", Value: " "}} },
		"UserPayment.MobCountry": func(p *payment.Payment) { p.Attributes = []payment.Attribute{{Name: "MobCountry", Value: "+44 (0)"}} },
		"amount": func(p *payment.Payment) {
			*p = sale(t, "CardPayment", "25.00", guids...)
			p.Amount = pounds(t, "25.001")
		},
	} {
		p := sale(t, "Invoice", "25.00", guids...)
		change(&p)
		_, prepared := recorderOf(client).Prepare(t.Context(), p)
		_, recorded := record(t, recorderOf(client), p)
		_, handed := payment.Once(t.Context(), recorderOf(client), p, fresh()...)
		var f *payment.FieldError
		for _, err := range []error{prepared, recorded, handed} {
			if !errors.As(err, &f) || f.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	}
	both := sale(t, "CardPayment", "25.00", guids...)
	both.Method = "Invoice"
	if _, err := record(t, recorderOf(client), both); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("an invoice with a charge: %v", err)
	}
	if _, err := recorderOf(client).Record(t.Context(), both, payment.NewAttempt(nil, nil)); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("unprepared: %v", err)
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	prepared, err := recorderOf(client).Prepare(t.Context(), sale(t, "Invoice", "25.00", guids...))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := recorderOf(client).Record(ended, prepared, payment.NewAttempt(nil, nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
	if _, err := record(t, recorderOf(client), sale(t, "Invoice", "24.00", guids...)); !errors.Is(err, payment.ErrInvalid) || len(server.Transactions()) != 0 {
		t.Errorf("another sum: %v", err)
	}
}

// Prepare says what will be sent, and changes nothing the second time.
func TestPrepare(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	options := rubi.RecorderOptions{Item: rubi.Bookings, Payment: payer()}
	options.Payment.PaymentType = rubi.Invoice
	p := sale(t, "", "25.00", "B", "a")
	p.Attributes = append(p.Attributes, payment.Attribute{Name: "Mob", Value: "1"}, payment.Attribute{Name: "till", Value: "7"})
	r := client.Recorder(options)
	once, err := r.Prepare(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := r.Prepare(t.Context(), once)
	if err != nil || !slices.Equal(once.Attributes, twice.Attributes) || once.Method != "Invoice" {
		t.Errorf("%v\nthen %v, %v", once.Attributes, twice.Attributes, err)
	}
	var got []string
	for _, a := range once.Attributes {
		got = append(got, a.Name+"="+a.Value)
	}
	const want = "Mob=1,till=7,Item=Bookings,Address1=1 High St,Address4=Leeds,County=West Yorkshire,Postcode=LS1 1AA,Country=United Kingdom,EmailAddress=jo@example.org,MobCountry=+44,ItemGUID=a,ItemGUID=b"
	if strings.Join(got, ",") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, ","), want)
	}
	account := payment.Account{Vendor: "rubi", Tenant: server.Config().Tenant, Host: strings.TrimPrefix(server.URL, "http://")}
	if other, _ := emulated(t); r.Account() != account || other.Config().Tenant == account.Tenant {
		t.Errorf("account %v", r.Account())
	}
}

func mustMoney(t *testing.T, s string, c payment.Currency) payment.Money {
	t.Helper()
	m, err := payment.ParseMoney(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestManyRecordTheSame(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, rubitest.WithFacts(rubitest.Facts{PaidAgain: true}))
	p := sale(t, "Invoice", "25.00", fill(t, server, "25.00")...)
	store := payment.NewMemoryStore()
	var fresh, held int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			receipt, err := payment.Once(t.Context(), recorderOf(client), p, first(store)...)
			var busy *payment.HeldError
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.As(err, &busy):
				held++
			case err != nil:
				t.Error(err)
			case !receipt.AlreadyRecorded:
				fresh++
			}
		})
	}
	wg.Wait()
	if fresh != 1 || len(server.Transactions()) != 1 {
		t.Errorf("%d fresh, %d held, ledger %v", fresh, held, server.Transactions())
	}
	once(t, server)
}

// A reference that is under way for one contact is not one for another.
func TestRecordForAnotherContact(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	server.AddContact(rubitest.Contact{UID: "other", EmailAddress: "al@example.org"})
	theirs := server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: "other", Value: amount(t, "25.00")})
	p := sale(t, "Invoice", "25.00", fill(t, server, "25.00")...)
	on(server, rubitest.OpUserPayment, paymenttest.DropBefore())
	store := payment.NewMemoryStore()
	if _, err := payment.Once(t.Context(), recorderOf(client), p, first(store)...); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatalf("error is %v", err)
	}
	other := sale(t, "Invoice", "25.00", theirs)
	other.Target = "other"
	var conflict *payment.ConflictError
	if _, err := payment.Once(t.Context(), recorderOf(client), other, first(store)...); !errors.As(err, &conflict) {
		t.Errorf("recorded: %v", err)
	}
	if _, err := payment.Once(t.Context(), recorderOf(client), p, append(first(store), payment.WithSettle(time.Millisecond))...); err != nil || len(server.Transactions()) != 1 {
		t.Errorf("ledger %v, %v", server.Transactions(), err)
	}
}
