package backendpaytest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"slices"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// received is a payment of the sample customer, as a program would send it.
func received(reference, amount string) backendpay.NewPayment {
	return backendpay.NewPayment{
		OurReference: reference, PaymentDate: payment.Date{Year: 2024, Month: time.November, Day: 25},
		PaymentAmount: must(payment.ParseAmount(amount)), PaymentMethod: "Bank Transfer",
	}
}

// The answer to a payment is lost. The ledger tells what happened.
func ExampleNew() {
	emulator := backendpaytest.New()
	defer emulator.Close()
	client := must(backendpay.New(emulator.Config()))
	emulator.Faults().On(emulator.Is(backendpaytest.OpCreatePayment), paymenttest.DropAfter())

	_, err := client.CreatePayment(context.Background(), backendpaytest.SampleCustomer, received("till-1", "10.40"))
	fmt.Println("unknown:", errors.Is(err, payment.ErrOutcomeUnknown))
	for _, p := range emulator.Payments() {
		fmt.Println("recorded:", p.ID, p.OurReference, p.PaymentAmount)
	}
	fmt.Println(emulator.Creates(), "created,", emulator.Count(backendpaytest.OpCreatePayment), "request")
	for _, r := range emulator.Requests() {
		fmt.Println(r.Op, r.Method, r.Path)
	}
	// Output:
	// unknown: true
	// recorded: 501 till-1 10.40
	// 1 created, 1 request
	// CreatePayment POST /backend/api/v1/customers/123/payments/
}

// An emulator on a fixed address can be shared by several programs.
func ExampleListen() {
	emulator, err := backendpaytest.Listen("127.0.0.1:0", backendpaytest.WithAPIKey("shared-key")) // or a port of your choice
	if err != nil {
		log.Fatal(err)
	}
	defer emulator.Close()

	client := must(backendpay.New(backendpay.Config{APIKey: "shared-key", BaseURL: emulator.URL})) // of another program
	_, err = client.Payment(context.Background(), "501")
	fmt.Println(errors.Is(err, payment.ErrNotFound))
	// Output: true
}

// The installation shows numbers for ids, two records in one answer at most,
// and answers reads in the other form of path with a redirect.
func ExampleWithFacts() {
	now := time.Date(2024, 11, 25, 9, 0, 0, 0, time.UTC)
	emulator := backendpaytest.New(
		backendpaytest.WithFacts(backendpaytest.Facts{NumericIDs: true, MaxLimit: 2, Paths: backendpaytest.PathDocumented}),
		backendpaytest.WithClock(func() time.Time { return now }),
		backendpaytest.WithFirstPaymentID(99),
		backendpaytest.WithUnknownField("laterVersion", json.RawMessage(`true`)),
	)
	defer emulator.Close()
	client := must(backendpay.New(emulator.Config()))
	first := must(emulator.Seed(backendpaytest.SampleCustomer, 3, func(i int, p *backendpaytest.Payment) {
		p.OurReference, p.PaymentAmount = fmt.Sprintf("till-%d", i), must(payment.ParseAmount("1.00"))
		p.PaymentDate = payment.DateOf(now)
	}))

	fmt.Println("from", first)
	for p, err := range client.Payments(context.Background(), backendpay.PaymentFilter{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(p.ID, p.OurReference, string(p.Lookup("laterVersion")))
	}
	fmt.Println(emulator.Count(backendpaytest.OpPayments), "pages", emulator.Payments()[0].CreatedAt.Format(time.TimeOnly))
	// Output:
	// from 99
	// 99 till-0 true
	// 100 till-1 true
	// 101 till-2 true
	// 3 pages 09:00:00
}

// A redirect that leads to another host is not followed.
func ExampleWithRedirectBase() {
	emulator := backendpaytest.New(
		backendpaytest.WithFacts(backendpaytest.Facts{Paths: backendpaytest.PathNoSlash}),
		backendpaytest.WithRedirectBase("https://elsewhere.example"),
	)
	defer emulator.Close()
	client := must(backendpay.New(emulator.Config()))

	for _, err := range client.PaymentTypes(context.Background()) {
		fmt.Println("refused:", err != nil)
	}
	// Output: refused: true
}

// What happens in the vendor's user interface only are methods of the Server.
func ExampleServer_Reverse() {
	emulator := backendpaytest.New()
	defer emulator.Close()
	id := must(emulator.AddPayment(backendpaytest.Payment{
		CustomerID: backendpaytest.SampleCustomer, OurReference: "by hand",
		PaymentDate: payment.Date{Year: 2024, Month: time.November, Day: 25}, PaymentAmount: must(payment.ParseAmount("120.50")),
	}))
	show := func(what string, err error) {
		p := emulator.Payments()[0]
		fmt.Println(what, err, "reversed:", p.Reversed(), "collected:", !p.CollectedAt.IsZero(), "deleted:", p.Deleted())
	}

	show("collect", emulator.Collect(id))
	show("cancel", emulator.CancelCollection(id))
	show("reverse", emulator.Reverse(id, payment.Date{Year: 2024, Month: time.November, Day: 30}))
	show("reinstate", emulator.Reinstate(id))
	show("edit", emulator.Edit(id, func(p *backendpaytest.Payment) { p.PaymentMethod = "Cheque" }))
	show("delete", emulator.Delete(id))
	fmt.Println(emulator.Delete("999"))
	// Output:
	// collect <nil> reversed: false collected: true deleted: false
	// cancel <nil> reversed: false collected: false deleted: false
	// reverse <nil> reversed: true collected: false deleted: false
	// reinstate <nil> reversed: false collected: false deleted: false
	// edit <nil> reversed: false collected: false deleted: false
	// delete <nil> reversed: false collected: false deleted: true
	// backendpaytest: no record has this id
}

// A payment is allocated to invoices. An invoice without parts has to be named.
func ExampleServer_Allocate() {
	emulator := backendpaytest.New()
	defer emulator.Close()
	emulator.AddInvoice("80")
	id := must(emulator.AddPayment(backendpaytest.Payment{CustomerID: backendpaytest.SampleCustomer}))
	must(emulator.Allocate(id, "77", must(payment.ParseAmount("100.00"))))

	for _, part := range emulator.Parts() {
		fmt.Println("payment", part.PaymentID, "invoice", part.InvoiceID, part.Amount)
	}
	client := must(backendpay.New(emulator.Config()))
	for range client.InvoicePaymentParts(context.Background(), "80") {
		fmt.Println("never: nothing pays invoice 80")
	}
	// Output: payment 501 invoice 77 100.00
}

// A user sees one customer alone and may not write. A new key of that user
// replaces the old one.
func ExampleServer_AddUser() {
	emulator := backendpaytest.New()
	defer emulator.Close()
	other := emulator.AddCustomer(backendpaytest.Customer{AccountNumber: "C200"})
	first := emulator.AddUser(backendpaytest.User{Name: "auditor", Customers: []string{other}, ReadOnly: true})
	second := must(emulator.IssueKey("auditor"))

	for _, key := range []string{first, second} {
		config := emulator.Config()
		config.APIKey = tenderkit.Secret(key)
		client := must(backendpay.New(config))
		_, err := client.Customer(context.Background(), other)
		_, hidden := client.Customer(context.Background(), backendpaytest.SampleCustomer)
		fmt.Println(err == nil, errors.Is(err, payment.ErrUnauthorized), errors.Is(hidden, payment.ErrNotFound))
	}
	// Output:
	// false true false
	// true false true
}

func ExampleServer_AddPaymentType() {
	emulator := backendpaytest.New()
	defer emulator.Close()
	emulator.AddPaymentType(backendpaytest.PaymentType{Name: "Voucher", Availability: "Historic"})

	types := emulator.PaymentTypes()
	fmt.Println(len(types), types[len(types)-1].Name)
	// Output: 5 Voucher
}

// A contract run against any system gives a verdict for each clause and the
// facts that it saw. An emulator that is set to them behaves as that system.
func ExampleContract() {
	target, stop := backendpaytest.Sandbox(backendpaytest.Facts{NumericIDs: true})
	defer stop()
	clauses := slices.DeleteFunc(backendpaytest.Contract(), func(c paymenttest.Clause) bool { return c.ID != "payment.ids" })

	report := paymenttest.Check(context.Background(), target, clauses)
	result, _ := report.Result("payment.ids")
	fmt.Println(result.Clause.ID, result.Verdict)
	var seen backendpaytest.Facts
	if err := backendpaytest.FactSheet().Apply(report.Facts, &seen); err != nil {
		log.Fatal(err)
	}
	fmt.Println("numeric ids:", seen.NumericIDs)
	// Output:
	// payment.ids differs
	// numeric ids: true
}

// A real installation is read only, until more is allowed in its own name.
func ExampleTarget() {
	target := backendpaytest.Target(backendpay.Config{APIKey: "key", BaseURL: "https://billing.example.com"})
	fmt.Println(target.Vendor, target.Account, target.Allow.Write)
	target.Objects = map[string]string{backendpaytest.ObjectCustomer: "123", backendpaytest.ObjectMethod: "Cheque"}
	target.Allow.Account, target.Allow.Write = target.Account, true
	fmt.Println(len(target.Objects), "objects", target.Allow.Write)
	// Output:
	// backendpay billing.example.com false
	// 2 objects true
}
