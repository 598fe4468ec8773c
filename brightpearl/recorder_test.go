package brightpearl_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func sale(t *testing.T) payment.Payment {
	t.Helper()
	money, err := payment.ParseMoney("318.00", "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return payment.Payment{
		Reference: "till-4711", Kind: payment.Sale, Amount: money, Date: time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
		Method: "SAGEPAY_UK", Target: "2002",
	}
}

func record(t *testing.T, r payment.Recorder, p payment.Payment) (payment.Receipt, error) {
	t.Helper()
	return r.Record(t.Context(), p, payment.NewAttempt(nil, nil))
}

func TestRecordAndFind(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	r := client.Recorder(brightpearl.RecorderOptions{})
	if found, err := r.Find(t.Context(), sale(t), nil); len(found) != 0 || err != nil {
		t.Fatalf("found %v, err %v", found, err)
	}
	first, err := record(t, r, sale(t))
	if err != nil || first.AlreadyRecorded {
		t.Fatalf("receipt %v, err %v", first, err)
	}
	found, err := r.Find(t.Context(), sale(t), nil)
	if err != nil || len(found) != 1 || found[0].ID != first.ID || found[0].Amount.String() != "318.00 GBP" || !found[0].AlreadyRecorded {
		t.Errorf("found %v, err %v", found, err)
	}
	if _, err := record(t, r, sale(t)); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("the vendor's refusal of a duplicate: err %v", err)
	}
	for range 2 {
		second, err := payment.Once(t.Context(), r, sale(t), payment.WithFirstTry())
		if err != nil || second.ID != first.ID || !second.AlreadyRecorded {
			t.Errorf("receipt %v, err %v", second, err)
		}
	}
	if n := len(server.Payments()); n != 1 {
		t.Errorf("%d payments", n)
	}
}

func TestRecordEveryKind(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, brightpearltest.WithFacts(brightpearltest.Facts{SignedAmounts: true}))
	r := client.Recorder(brightpearl.RecorderOptions{})
	kinds := map[payment.Kind]brightpearl.PaymentType{
		payment.Sale: brightpearl.TypeReceipt, payment.Refund: brightpearl.TypePayment, payment.Authorization: brightpearl.TypeAuth,
		payment.Capture: brightpearl.TypeCapture, payment.Void: brightpearl.TypeVoid,
	}
	for kind, want := range kinds {
		p := sale(t)
		p.Kind, p.Reference, p.Link = kind, string(kind), "auth-1"
		if kind == payment.Authorization {
			p.Expires = p.Date.AddDate(0, 0, 7)
		}
		if _, err := record(t, r, p); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if found, err := r.Find(t.Context(), p, nil); err != nil || len(found) != 1 || !found[0].Amount.Equal(p.Amount) || len(found[0].Differs) > 0 {
			t.Errorf("%s: found %v, err %v", kind, found, err)
		}
		all := server.Payments()
		if got := all[len(all)-1].PaymentType; got != string(want) {
			t.Errorf("%s became %s, want %s", kind, got, want)
		}
	}
}

func TestRecordConflicts(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	r := client.Recorder(brightpearl.RecorderOptions{})
	if _, err := record(t, r, sale(t)); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*payment.Payment){
		"Amount": func(p *payment.Payment) { p.Amount, _ = payment.ParseMoney("318.01", "GBP") },
		"Target": func(p *payment.Payment) { p.Target = "2003" },
		"Kind":   func(p *payment.Payment) { p.Kind = payment.Refund },
		"Method": func(p *payment.Payment) { p.Method = "SAGEPAY_US" },
		"Link":   func(p *payment.Payment) { p.Link = "another" },
		"Date":   func(p *payment.Payment) { p.Date = p.Date.AddDate(1, 0, 0) },
	} {
		p := sale(t)
		change(&p)
		_, err := payment.Once(t.Context(), r, p, payment.WithPatience(1, 1))
		var conflict *payment.ConflictError
		if !errors.As(err, &conflict) || !errors.Is(err, payment.ErrConflict) || len(conflict.Got) != 1 ||
			conflict.Got[0].Amount.String() != "318.00 GBP" || !slices.Equal(conflict.Fields, []string{field}) {
			t.Errorf("%s: err %v", field, err)
		}
	}
	if n := len(server.Payments()); n != 1 {
		t.Errorf("%d payments", n)
	}
}

func TestRecordRefusals(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	r := client.Recorder(brightpearl.RecorderOptions{})
	for name, c := range map[string]struct {
		field  string
		change func(*payment.Payment)
	}{
		"target":      {"Payment.Target", func(p *payment.Payment) { p.Target = "order 5" }},
		"no order":    {"CustomerPayment.OrderID", func(p *payment.Payment) { p.Target = "0" }},
		"reference":   {"Payment.Reference", func(p *payment.Payment) { p.Reference = "" }},
		"long":        {"CustomerPayment.TransactionRef", func(p *payment.Payment) { p.Reference = strings.Repeat("x", 65) }},
		"method":      {"CustomerPayment.PaymentMethodCode", func(p *payment.Payment) { p.Method = "" }},
		"reverses":    {"Payment.Reverses", func(p *payment.Payment) { p.Kind, p.Reverses = payment.Refund, "other" }},
		"expires":     {"Payment.Expires", func(p *payment.Payment) { p.Expires = p.Date }},
		"no decimals": {"CustomerPayment.AmountPaid", func(p *payment.Payment) { p.Amount, _ = payment.ParseMoney("318.001", "GBP") }},
	} {
		p := sale(t)
		c.change(&p)
		for _, do := range []func() error{
			func() error { _, err := r.Prepare(t.Context(), p); return err },
			func() error { _, err := record(t, r, p); return err },
			func() error { _, err := r.Find(t.Context(), p, nil); return err },
		} {
			var f *payment.FieldError
			if err := do(); !errors.As(err, &f) || f.Field != c.field {
				t.Errorf("%s: err %v", name, err)
			}
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// Without Begin nothing is sent.
func TestRecordBegins(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	r := client.Recorder(brightpearl.RecorderOptions{})
	disk := errors.New("disk full")
	_, err := r.Record(t.Context(), sale(t), payment.NewAttempt(nil, func(context.Context, []byte) error { return disk }))
	if !errors.Is(err, disk) || len(server.Requests()) != 0 {
		t.Errorf("err %v, %d requests", err, len(server.Requests()))
	}
	if _, err := r.Record(t.Context(), sale(t), nil); err == nil || len(server.Requests()) != 0 {
		t.Errorf("err %v, %d requests", err, len(server.Requests()))
	}
}

func TestPrepare(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	r := client.Recorder(brightpearl.RecorderOptions{PaymentMethodCode: "sagepay_us"})
	p := sale(t)
	p.Method, p.Target = "", "02002"
	got, err := r.Prepare(t.Context(), p)
	if err != nil || got.Method != "SAGEPAY_US" || got.Target != "2002" || got.Reference != p.Reference || !got.Amount.Equal(p.Amount) {
		t.Errorf("prepared %v %q %q, err %v", got, got.Method, got.Target, err)
	}
	if n := server.Count(brightpearltest.OpPaymentMethods); n != 1 || len(server.Payments()) != 0 {
		t.Errorf("%d reads of the methods, %d payments", n, len(server.Payments()))
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, brightpearltest.WithAccount("shop"))
	want := payment.Account{Vendor: "brightpearl", Tenant: "shop", Host: strings.TrimPrefix(server.URL, "http://")}
	if got := client.Recorder(brightpearl.RecorderOptions{}).Account(); got != want || got.Validate() != nil {
		t.Errorf("account %v, want %v", got, want)
	}
	live, err := brightpearl.New(brightpearl.Config{Account: "shop", Datacenter: "euw1", Auth: brightpearl.StaffToken("shop_till", "t")})
	if err != nil {
		t.Fatal(err)
	}
	if got := live.Recorder(brightpearl.RecorderOptions{}).Account().Host; got != "euw1.brightpearlconnect.com" {
		t.Errorf("host %q", got)
	}
}

// A method that the account does not know would be stored without journal and
// without the check of uniqueness.
func TestUnknownMethod(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	p := sale(t)
	p.Method = "CARD"
	r := client.Recorder(brightpearl.RecorderOptions{})
	_, err := payment.Once(t.Context(), r, p)
	var refused *payment.FieldError
	if !errors.As(err, &refused) || refused.Field != "Payment.Method" || len(server.Payments()) != 0 {
		t.Errorf("err %v, %d payments", err, len(server.Payments()))
	}
	server.AddPaymentMethod(brightpearltest.PaymentMethod{Code: "card"})
	for i := range 3 {
		p.Reference = fmt.Sprint("till-", i)
		if _, err := payment.Once(t.Context(), r, p, payment.WithFirstTry()); err != nil {
			t.Errorf("a method of just now: %v", err)
		}
	}
	if n := server.Count(brightpearltest.OpPaymentMethods); n != 2 {
		t.Errorf("%d reads of the methods, want 2: a known one is remembered", n)
	}
	allowed := client.Recorder(brightpearl.RecorderOptions{AllowUnknownMethod: true})
	p.Method, p.Reference = "NEW", "till-new"
	if _, err := payment.Once(t.Context(), allowed, p, payment.WithFirstTry()); err != nil || server.Count(brightpearltest.OpPaymentMethods) != 2 {
		t.Errorf("err %v, %d reads of the methods", err, server.Count(brightpearltest.OpPaymentMethods))
	}
}

// Callers that wait for the list of methods share one reading, and heed their
// own context.
func TestMethodsAreReadOnce(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	server.Faults().Next(paymenttest.Delay(100 * time.Millisecond))
	r := client.Recorder(brightpearl.RecorderOptions{})
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := r.Prepare(t.Context(), sale(t)); err != nil {
				t.Error(err)
			}
		})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := r.Prepare(ctx, sale(t)); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, payment.ErrUnavailable) {
		t.Errorf("err %v", err)
	}
	wg.Wait()
	if n := server.Count(brightpearltest.OpPaymentMethods); n > 2 {
		t.Errorf("%d reads of the methods", n)
	}
}

func TestDefaultMethod(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	p := sale(t)
	p.Method = ""
	r := client.Recorder(brightpearl.RecorderOptions{PaymentMethodCode: "SAGEPAY_UK", JournalRef: "till 7", ExchangeRate: amount(t, "1.5")})
	if _, err := record(t, r, p); err != nil {
		t.Fatal(err)
	}
	got := server.Payments()[0]
	if got.PaymentMethodCode != "SAGEPAY_UK" || got.JournalRef != "till 7" || got.ExchangeRate.String() != "1.5" {
		t.Errorf("stored %+v", got)
	}
	// The default was changed meanwhile: the reference is taken under another method.
	changed := client.Recorder(brightpearl.RecorderOptions{PaymentMethodCode: "SAGEPAY_US"})
	if _, err := payment.Resume(t.Context(), changed, p, payment.WithPatience(1, 1)); !errors.Is(err, payment.ErrConflict) {
		t.Errorf("err %v", err)
	}
	if n := len(server.Payments()); n != 1 {
		t.Errorf("%d payments", n)
	}
}

func TestOnceFindsALostAnswer(t *testing.T) {
	t.Parallel()
	for _, fault := range paymenttest.Faults() {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t, brightpearltest.WithThrottle(200, 50*time.Millisecond))
			server.Faults().On(server.Is(brightpearltest.OpCreateCustomerPayment), fault)
			r := client.Recorder(brightpearl.RecorderOptions{})
			receipt, err := payment.Once(t.Context(), r, sale(t), payment.WithPatience(2, time.Millisecond), payment.WithFirstTry())
			if isRefusal(fault) && errors.Is(err, payment.ErrRateLimited) && len(server.Payments()) == 0 {
				return
			}
			if err != nil || receipt.ID == "" || receipt.AlreadyRecorded != fault.Effect() && !isRefusal(fault) {
				t.Errorf("receipt %v, err %v", receipt, err)
			}
			if n := len(server.Payments()); n != 1 {
				t.Errorf("%d payments", n)
			}
		})
	}
}

// Under a method that the account does not know, the vendor does not check the
// reference: a second write could double the payment.
func TestOnceDoesNotRepeatUnderAnUnknownMethod(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, brightpearltest.WithFacts(brightpearltest.Facts{UncheckedUnknownMethods: true}))
	server.Faults().On(server.Is(brightpearltest.OpCreateCustomerPayment), paymenttest.DropBefore())
	p := sale(t)
	p.Method = "MISSPELT"
	r := client.Recorder(brightpearl.RecorderOptions{AllowUnknownMethod: true})
	_, err := payment.Once(t.Context(), r, p, payment.WithPatience(2, time.Millisecond), payment.WithFirstTry())
	var unresolved *payment.UnresolvedError
	if !errors.Is(err, payment.ErrOutcomeUnknown) || !errors.As(err, &unresolved) || unresolved.Seen != nil {
		t.Fatalf("err %v", err)
	}
	if n := server.Count(brightpearltest.OpCreateCustomerPayment); n != 1 || unresolved.Looks != 2 || unresolved.Writes != 1 {
		t.Errorf("%d writes, evidence %+v", n, unresolved)
	}
}

// The vendor's status for a taken reference is unknown: after any refusal that
// may mean it, a look tells.
func TestOnceLooksAfterARefusal(t *testing.T) {
	t.Parallel()
	for status, looks := range map[int]bool{400: true, 403: true, 404: true, 409: true, 422: true, 401: false, 429: false} {
		server, client := emulated(t)
		r := client.Recorder(brightpearl.RecorderOptions{})
		if _, err := record(t, r, sale(t)); err != nil {
			t.Fatal(err)
		}
		server.Faults().On(server.Is(brightpearltest.OpCreateCustomerPayment),
			paymenttest.Answer(status, "application/json", `{"errors":[{"code":"X","message":"no"}]}`, false))
		receipt, err := payment.Once(t.Context(), r, sale(t), payment.WithFirstTry(), payment.WithPatience(1, 1))
		if receipt.AlreadyRecorded != looks || (err == nil) != looks {
			t.Errorf("%d: receipt %v, err %v", status, receipt, err)
		}
	}
}
