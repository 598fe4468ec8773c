package payment_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// vendor starts an emulator and returns it with a Recorder for it. A program
// of your own makes its client with brightpearl.New and the account's Config.
func vendor() (*brightpearltest.Server, payment.Recorder) {
	emulator := brightpearltest.New()
	emulator.AddPaymentMethod(brightpearltest.PaymentMethod{Name: "Card", Code: "CARD"})
	client, err := brightpearl.New(emulator.Config(), tenderkit.WithBackoff(0, time.Millisecond))
	if err != nil {
		log.Fatal(err)
	}
	return emulator, client.Recorder(brightpearl.RecorderOptions{PaymentMethodCode: "CARD"})
}

// taken is a payment that the till has taken.
func taken() payment.Payment {
	return payment.Payment{
		Reference: payment.NewReference("till-4", "1001"), // the same on every try
		Kind:      payment.Sale,
		Amount:    payment.MustParseMoney("10.40", "GBP"),
		Date:      time.Date(2026, 5, 4, 18, 30, 0, 0, time.UTC),
		Target:    "2002", // the vendor's order
	}
}

func ExampleOnce() {
	emulator, recorder := vendor()
	defer emulator.Close()
	store := payment.NewMemoryStore() // a program of your own keeps an outbox.Store

	for range 3 { // three deliveries of one queue message
		receipt, err := payment.Once(context.Background(), recorder, taken(), payment.WithStore(store), payment.WithFirstTry())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(receipt.Amount, receipt.AlreadyRecorded)
	}
	fmt.Println(len(emulator.Payments()), "in the ledger")
	// Output:
	// 10.40 GBP false
	// 10.40 GBP true
	// 10.40 GBP true
	// 1 in the ledger
}

// The answer of the write is lost after the vendor has worked on it. Once asks
// what happened instead of writing again.
func ExampleOnce_lostAnswer() {
	emulator, recorder := vendor()
	defer emulator.Close()
	emulator.Faults().On(emulator.Is(brightpearltest.OpCreateCustomerPayment), paymenttest.DropAfter())

	receipt, err := payment.Once(context.Background(), recorder, taken(), payment.WithFirstTry())
	fmt.Println(receipt.AlreadyRecorded, err, len(emulator.Payments()))
	// Output: true <nil> 1
}

// What to do with each kind of error.
func ExampleOnce_errors() {
	emulator, recorder := vendor()
	defer emulator.Close()
	p := taken()
	p.Target = "no number"

	_, err := payment.Once(context.Background(), recorder, p)
	var field *payment.FieldError
	var conflict *payment.ConflictError
	var unresolved *payment.UnresolvedError
	switch {
	case err == nil:
		fmt.Println("recorded")
	case errors.As(err, &field):
		fmt.Println("mend", field.Field)
	case errors.As(err, &conflict):
		fmt.Println("a person decides:", conflict.Fields)
	case errors.As(err, &unresolved), errors.Is(err, payment.ErrOutcomeUnknown):
		fmt.Println("hand the same payment over again later")
	default:
		fmt.Println("this call has recorded nothing:", err)
	}
	// Output: mend Payment.Target
}

// A payment that may have been handed over before without a trace, such as from
// a log of an older program.
func ExampleResume() {
	emulator, recorder := vendor()
	defer emulator.Close()
	if _, err := recorder.Record(context.Background(), taken(), payment.NewAttempt(nil, nil)); err != nil {
		log.Fatal(err)
	}
	receipt, err := payment.Resume(context.Background(), recorder, taken())
	fmt.Println(receipt.AlreadyRecorded, err)
	// Output: true <nil>
}

func ExampleWithPatience() {
	emulator, recorder := vendor()
	defer emulator.Close()
	// Three looks, 100 and 200 milliseconds apart: this vendor shows a new payment at once.
	_, err := payment.Once(context.Background(), recorder, taken(), payment.WithPatience(3, 100*time.Millisecond))
	fmt.Println(err, len(emulator.Payments()))
	// Output: <nil> 1
}

// The vendor never sees the request. Brightpearl refuses a reference that is
// taken, so Once would write again by itself; elsewhere it needs WithSettle.
func ExampleWithSettle() {
	emulator, recorder := vendor()
	defer emulator.Close()
	emulator.Faults().On(emulator.Is(brightpearltest.OpCreateCustomerPayment), paymenttest.DropBefore())
	_, err := payment.Once(context.Background(), recorder, taken(), payment.WithFirstTry(),
		payment.WithPatience(1, 0), payment.WithSettle(50*time.Millisecond), payment.WithLease(time.Minute))
	fmt.Println(err, len(emulator.Payments()))
	// Output: <nil> 1
}

func ExampleWithObserver() {
	emulator, recorder := vendor()
	defer emulator.Close()
	_, err := payment.Once(context.Background(), recorder, taken(), payment.WithFirstTry(), payment.WithObserver(func(_ context.Context, e payment.Event) {
		fmt.Println(e.Step, e.Status)
	}))
	fmt.Println(err)
	// Output:
	// write open
	// end recorded
	// <nil>
}

// shop records payments in a list: the smallest Recorder. Package paymenttest
// holds the suite that a real one has to pass.
type shop struct{ list []payment.Payment }

func (*shop) Account() payment.Account {
	return payment.Account{Vendor: "shop", Tenant: "acme", Host: "shop.example"}
}

func (*shop) Prepare(_ context.Context, p payment.Payment) (payment.Payment, error) {
	if err := p.Validate(); err != nil {
		return p, err
	}
	if p.Kind != payment.Sale {
		return p, &payment.FieldError{Field: "Payment.Kind", Reason: "cannot be recorded by this shop"}
	}
	return p, nil
}

func (s *shop) Record(ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	if err := a.Begin(ctx, nil); err != nil { // right before the write
		return payment.Receipt{}, err
	}
	s.list = append(s.list, p)
	return s.receipt(len(s.list) - 1), nil
}

func (s *shop) Find(_ context.Context, p payment.Payment, _ *payment.Attempt) (found []payment.Receipt, err error) {
	for i, stored := range s.list {
		if stored.Reference == p.Reference {
			r := s.receipt(i)
			r.Differs = stored.Differences(p)
			found = append(found, r)
		}
	}
	return found, nil
}

func (s *shop) receipt(i int) payment.Receipt {
	return payment.Receipt{Vendor: "shop", ID: fmt.Sprint(i + 1), Reference: s.list[i].Reference, Amount: s.list[i].Amount}
}

func ExampleRecorder() {
	receipt, err := payment.Once(context.Background(), &shop{}, taken(), payment.WithFirstTry())
	fmt.Println(receipt.ID, receipt.Amount, err)
	// Output: 1 10.40 GBP <nil>
}

// A person has found out what became of a payment that no call can resolve.
func ExampleDecide() {
	ctx, store, s := context.Background(), payment.NewMemoryStore(), &shop{}
	if _, err := payment.Once(ctx, lost{s}, taken(), payment.WithStore(store), payment.WithFirstTry(), payment.WithPatience(1, 0)); err != nil {
		fmt.Println("unknown:", errors.Is(err, payment.ErrOutcomeUnknown))
	}
	seen, err := payment.Inspect(ctx, store, payment.KeyOf(s, taken()))
	if err != nil {
		log.Fatal(err)
	}
	p, err := seen.Payment()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Amount, seen.Status, seen.Writes)

	closed, err := payment.Decide(ctx, store, seen, payment.Decision{Recorded: false, By: "jo", At: time.Now(), Note: "not on the statement"})
	if err != nil {
		log.Fatal(err)
	}
	open, err := payment.Reopen(ctx, store, closed, "jo") // and now it may be tried again
	fmt.Println(open.Status, err)
	// Output:
	// unknown: true
	// 10.40 GBP begun 1
	// open <nil>
}

// lost loses each request on its way.
type lost struct{ *shop }

func (l lost) Record(ctx context.Context, _ payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	if err := a.Begin(ctx, nil); err != nil {
		return payment.Receipt{}, err
	}
	return payment.Receipt{}, payment.ErrOutcomeUnknown
}

// What a Recorder saves before a write comes back to it on the next try.
func ExampleAttempt_Begin() {
	saved := []byte(nil)
	a := payment.NewAttempt(nil, func(_ context.Context, checkpoint []byte) error {
		saved = checkpoint
		return nil
	})
	err := a.Begin(context.Background(), []byte(`{"transaction":"T-1"}`))
	fmt.Printf("%s %s %v %v\n", saved, a.Checkpoint(), a.InDoubt(), err)
	// Output: {"transaction":"T-1"} {"transaction":"T-1"} true <nil>
}

// A transport of your own asks before it sends a write, so that a Recorder that
// forgot to call Begin sends nothing.
func ExampleStartWrite() {
	send := func(ctx context.Context) error {
		if err := payment.StartWrite(ctx); err != nil { // at the start of the call
			return err
		}
		return payment.MayWrite(ctx) // after all waits, before each attempt
	}
	fmt.Println(send(context.Background())) // not within Once
	// Output: <nil>
}

func ExampleNewReference() {
	fmt.Println(payment.NewReference("till-4", "1001"))
	fmt.Println(payment.NewReference("till-4", "1001") == payment.NewReference("till-41", "001"))
	// Output:
	// 341fc255-3c4a-5f91-b75f-138773ae9b2c
	// false
}

// Two payments under one reference, as Once compares them.
func ExamplePayment_Differences() {
	p, q := taken(), taken()
	q.Amount = payment.MustParseMoney("10.4", "GBP") // the same number
	fmt.Println(p.Differences(q))
	q.Target, q.Date = "2003", q.Date.AddDate(0, 0, 1)
	fmt.Println(p.Differences(q))
	// Output:
	// []
	// [Date Target]
}

// An archived entry holds digests in place of the payment.
func ExampleEntry_Archived() {
	ctx, store := context.Background(), payment.NewMemoryStore()
	s := &shop{}
	if _, err := payment.Once(ctx, s, taken(), payment.WithStore(store), payment.WithFirstTry()); err != nil {
		log.Fatal(err)
	}
	entry, err := payment.Inspect(ctx, store, payment.KeyOf(s, taken()))
	if err != nil {
		log.Fatal(err)
	}
	slim, changed, err := entry.Archived()
	_, gone := slim.Payment()
	fmt.Println(changed, err, gone != nil)
	// Output: true <nil> false
}
