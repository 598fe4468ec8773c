package brightpearltest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// An answer is lost after the payment was recorded. The program under test is
// a bare HTTP request here; the ledger tells what really happened.
func ExampleServer() {
	emulator := brightpearltest.New(brightpearltest.WithAccount("acme"), brightpearltest.WithStaffToken("acme_till", "c2FtcGxl"))
	defer emulator.Close()
	emulator.Faults().Next(paymenttest.DropAfter())

	body := `{"transactionRef":"T-1","paymentMethodCode":"SAGEPAY_UK","paymentType":"RECEIPT","orderId":2002,
		"currencyIsoCode":"GBP","amountPaid":10.40,"paymentDate":"2016-06-19"}`
	url := emulator.URL + "/public-api/acme/accounting-service/customer-payment"
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		fmt.Println(err)
		return
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("brightpearl-app-ref", "acme_till")
	req.Header.Set("brightpearl-staff-token", "c2FtcGxl")
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		resp.Body.Close()
	}

	fmt.Println("answered:", err == nil)
	for _, p := range emulator.Payments() {
		fmt.Println(p.ID, p.TransactionRef, p.AmountPaid, p.CurrencyISOCode, "journal", p.JournalID)
	}
	// Output:
	// answered: false
	// 100 T-1 10.40 GBP journal 1000
}

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// An emulator on a fixed address can be shared by several programs.
func ExampleListen() {
	emulator, err := brightpearltest.Listen("127.0.0.1:0", brightpearltest.WithAccount("acme")) // or a port of your choice
	if err != nil {
		log.Fatal(err)
	}
	defer emulator.Close()

	client := must(brightpearl.New(brightpearl.Config{ // of another program
		Account: "acme", BaseURL: emulator.URL, Auth: brightpearl.StaffToken(brightpearltest.SampleAppRef, brightpearltest.SampleStaffToken),
	}))
	fmt.Println(must(client.PaymentMethod(context.Background(), 1)))
	// Output: payment method 1 "Sage Pay UK" (SAGEPAY_UK)
}

// The account knows one more method and two orders; others are refused.
func ExampleServer_AddOrders() {
	emulator := brightpearltest.New(
		brightpearltest.WithCurrencies("EUR"),
		brightpearltest.WithFacts(brightpearltest.Facts{RefusesUnknownOrders: true}),
	)
	defer emulator.Close()
	emulator.AddOrders(2002, 2003)
	emulator.AddPaymentMethod(brightpearltest.PaymentMethod{
		Name: "Till", Code: "TILL", BankAccounts: []brightpearltest.BankAccount{{Currency: "EUR", NominalCode: "1200"}},
	})
	client := must(brightpearl.New(emulator.Config()))

	for _, order := range []int64{2002, 9999} {
		id, err := client.CreateCustomerPayment(context.Background(), brightpearl.CustomerPayment{
			TransactionRef: fmt.Sprint("till-", order), PaymentMethodCode: "TILL", PaymentType: brightpearl.TypeReceipt, OrderID: order,
			CurrencyISOCode: "EUR", AmountPaid: must(payment.ParseAmount("10.40")), PaymentDate: time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
		})
		fmt.Println(id, errors.Is(err, payment.ErrInvalid))
	}
	for _, r := range emulator.Requests() {
		fmt.Println(r.Op, r.Method)
	}
	fmt.Println(len(emulator.Payments()), "of", emulator.Count(brightpearltest.OpCreateCustomerPayment), "recorded")
	// Output:
	// 100 false
	// 0 true
	// CreateCustomerPayment POST
	// CreateCustomerPayment POST
	// 1 of 2 recorded
}

func ExampleServer_SupplierPayments() {
	emulator := brightpearltest.New()
	defer emulator.Close()
	client := must(brightpearl.New(emulator.Config()))
	must(client.CreateSupplierPayment(context.Background(), brightpearl.SupplierPayment{
		TransactionRef: "bacs-1", PaymentMethodCode: "BACS", PaymentType: brightpearl.TypePayment, OrderID: 1234,
		CurrencyISOCode: "GBP", AmountPaid: must(payment.ParseAmount("50.00")), PaymentDate: time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
	}))

	for _, p := range emulator.SupplierPayments() {
		fmt.Println(p.ID, p.TransactionRef, p.AmountPaid, emulator.DeleteSupplierPayment(p.ID))
	}
	// Output: 200 bacs-1 50.00 true
}

// The faults of this vendor: a token that has expired, and an outage after the
// payment was recorded.
// A list that moves while it is read: between two pages one payment is deleted
// and another comes to light.
func ExampleServer_BetweenPages() {
	emulator := brightpearltest.New()
	defer emulator.Close()
	client := must(brightpearl.New(emulator.Config()))
	late := emulator.AddPayment(brightpearltest.Payment{TransactionRef: "late", PaymentType: "RECEIPT", OrderID: 7, Hidden: true})
	first := emulator.AddPayment(brightpearltest.Payment{TransactionRef: "first", PaymentType: "RECEIPT", OrderID: 7})
	emulator.AddPayment(brightpearltest.Payment{TransactionRef: "second", PaymentType: "RECEIPT", OrderID: 7})
	emulator.AddPayment(brightpearltest.Payment{TransactionRef: "third", PaymentType: "RECEIPT", OrderID: 7})
	emulator.BetweenPages(func() {
		emulator.DeletePayment(first)
		emulator.ShowPayment(late)
	})

	filter := brightpearl.CustomerPaymentFilter{OrderID: 7, Paging: brightpearl.Paging{PageSize: 1}}
	for p, err := range client.CustomerPayments(context.Background(), filter) {
		fmt.Println(p.TransactionRef, err)
	}
	// Output:
	// first <nil>
	// second <nil>
	// third <nil>
}

func ExampleOutage() {
	emulator := brightpearltest.New()
	defer emulator.Close()
	client := must(brightpearl.New(emulator.Config()))
	p := brightpearl.CustomerPayment{
		TransactionRef: "till-1", PaymentMethodCode: "SAGEPAY_UK", PaymentType: brightpearl.TypeReceipt, OrderID: 2002,
		CurrencyISOCode: "GBP", AmountPaid: must(payment.ParseAmount("10.40")), PaymentDate: time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
	}

	for _, fault := range []paymenttest.Fault{brightpearltest.ExpiredToken(), brightpearltest.Outage(true)} {
		emulator.Faults().Next(fault)
		_, err := client.CreateCustomerPayment(context.Background(), p)
		fmt.Println(errors.Is(err, payment.ErrUnauthorized), errors.Is(err, payment.ErrOutcomeUnknown), len(emulator.Payments()))
	}
	// Output:
	// true false 0
	// false true 1
}

// Two requests in a window, and a clock of the test's own.
func ExampleWithThrottle() {
	now := time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC)
	emulator := brightpearltest.New(
		brightpearltest.WithAccount("acme"),
		brightpearltest.WithThrottle(2, time.Minute), brightpearltest.WithClock(func() time.Time { return now }),
	)
	defer emulator.Close()

	for range 3 {
		req := must(http.NewRequest(http.MethodGet, emulator.URL+"/public-api/acme/accounting-service/payment-method/1", nil))
		req.Header.Set("brightpearl-app-ref", brightpearltest.SampleAppRef)
		req.Header.Set("brightpearl-staff-token", brightpearltest.SampleStaffToken)
		resp := must(http.DefaultClient.Do(req))
		_ = resp.Body.Close()
		fmt.Println(resp.StatusCode)
	}
	// Output:
	// 200
	// 200
	// 503
}

// A token of OAuth names the host that serves the account.
func ExampleServer_IssueTokens() {
	app := brightpearltest.OAuthClient{DevRef: "maker", AppRef: "maker_app", RedirectURI: "https://app.example/back"}
	emulator := brightpearltest.New(brightpearltest.WithOAuthClient(app), brightpearltest.WithAPIDomain("ws-euw.brightpearl.com"))
	defer emulator.Close()

	access, refresh := emulator.IssueTokens(app.AppRef) // for OAuthConfig.Token
	fmt.Println(access != "", refresh != "")
	token, err := brightpearl.ExchangeCode(context.Background(), brightpearl.OAuthConfig{AppRef: app.AppRef, TokenURL: emulator.URL},
		emulator.Config().Account, emulator.IssueCode(app.AppRef), app.RedirectURI)
	fmt.Println(token.APIDomain, err)
	// Output:
	// true true
	// ws-euw.brightpearl.com <nil>
}

// A contract run against any system gives a verdict for each clause and the
// facts that it saw. An emulator that is set to them behaves as that system.
func ExampleContract() {
	target, stop := brightpearltest.Sandbox(brightpearltest.Facts{MethodsWithoutIDs: true})
	defer stop()
	clauses := slices.DeleteFunc(brightpearltest.Contract(), func(c paymenttest.Clause) bool {
		return !slices.Contains(c.Decides, "methodsWithoutIDs")
	})

	report := paymenttest.Check(context.Background(), target, clauses)
	for _, result := range report.Results {
		fmt.Println(result.Clause.ID, result.Verdict)
	}
	var seen brightpearltest.Facts
	if err := brightpearltest.FactSheet().Apply(report.Facts, &seen); err != nil {
		log.Fatal(err)
	}
	fmt.Println("methods without ids:", seen.MethodsWithoutIDs)
	// Output:
	// methods.list differs
	// methods without ids: true
}

// A real account is read only, until more is allowed in its own name.
func ExampleTarget() {
	target := brightpearltest.Target(brightpearl.Config{
		Account: "acme", Datacenter: "euw1", Auth: brightpearl.StaffToken("acme_till", "the-token"),
	})
	fmt.Println(target.Vendor, target.Account, target.Allow.Write)
	target.Objects = map[string]string{brightpearltest.ObjectOrder: "2002", brightpearltest.ObjectMethod: "SAGEPAY_UK"}
	target.Allow.Account, target.Allow.Write = target.Account, true
	fmt.Println(len(target.Objects), "objects", target.Allow.Write)
	// Output:
	// brightpearl acme false
	// 2 objects true
}
