package backendpay

import (
	"errors"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// sale is a common payment that breaks no rule.
func sale(t *testing.T) payment.Payment {
	t.Helper()
	money, err := payment.ParseMoney("120.50", "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return payment.Payment{
		Reference: "SDK-2024-000123", Kind: payment.Sale, Amount: money, Target: "123", Method: "Bank Transfer",
		Date: time.Date(2024, 11, 25, 23, 30, 0, 0, time.FixedZone("", -5*3600)),
	}
}

func TestRecord(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change       func(*payment.Payment)
		options      RecorderOptions
		answer, want string
	}{
		"sale": {func(*payment.Payment) {}, RecorderOptions{}, sample(t, "payment_own.json"), sample(t, "payment_create_own.json")},
		"refund": {func(p *payment.Payment) { p.Kind = payment.Refund }, RecorderOptions{Currency: "GBP"},
			`{"id":"501","ourReference":"SDK-2024-000123","paymentAmount":-120.50}`,
			`{"ourReference":"SDK-2024-000123","paymentDate":"2024-11-25","paymentAmount":-120.50,"paymentMethod":"Bank Transfer"}`},
		"default method": {func(p *payment.Payment) { p.Method = "" }, RecorderOptions{Method: "Cheque"}, `{"id":"501","ourReference":"SDK-2024-000123","paymentAmount":"120.50","paymentMethod":"Cheque"}`,
			`{"ourReference":"SDK-2024-000123","paymentDate":"2024-11-25","paymentAmount":120.50,"paymentMethod":"Cheque"}`},
		"attributes": {func(p *payment.Payment) {
			p.Attributes = []payment.Attribute{{Name: "invoiceID", Value: "77"}, {Name: "PSP", Value: "not sent"}, {Name: "customerReference", Value: "INV 1"}}
		}, RecorderOptions{}, sample(t, "payment_own.json"),
			`{"ourReference":"SDK-2024-000123","customerReference":"INV 1","paymentDate":"2024-11-25","paymentAmount":120.50,"paymentMethod":"Bank Transfer","invoiceID":"77"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			seen := answers(t, mock, c.answer)
			p := sale(t)
			c.change(&p)
			receipt, err := client.Recorder(c.options).Record(t.Context(), p)
			if err != nil || (*seen)[0].body != c.want {
				t.Fatalf("sent\n%s\nwant\n%s\nerr %v", (*seen)[0].body, c.want, err)
			}
			if receipt.Vendor != "backendpay" || receipt.ID != "501" || receipt.Reference != p.Reference ||
				!receipt.Amount.Equal(p.Amount) || receipt.AlreadyRecorded || string(receipt.Raw) != c.answer {
				t.Errorf("receipt %+v", receipt)
			}
		})
	}
}

func TestRecorderRefuses(t *testing.T) {
	t.Parallel()
	tooFine, err := payment.ParseMoney("1.005", "GBP")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		field  string
		change func(*payment.Payment)
	}{
		"authorization":  {"Payment.Kind", func(p *payment.Payment) { p.Kind = payment.Authorization }},
		"capture":        {"Payment.Kind", func(p *payment.Payment) { p.Kind = payment.Capture }},
		"void":           {"Payment.Kind", func(p *payment.Payment) { p.Kind = payment.Void }},
		"no kind":        {"Payment.Kind", func(p *payment.Payment) { p.Kind = "" }},
		"no reference":   {"Payment.Reference", func(p *payment.Payment) { p.Reference = "" }},
		"bad reference":  {"NewPayment.OurReference", func(p *payment.Payment) { p.Reference = "a\tb" }},
		"other currency": {"Payment.Amount", func(p *payment.Payment) { p.Amount, _ = payment.ParseMoney("1.00", "EUR") }},
		"too fine":       {"NewPayment.PaymentAmount", func(p *payment.Payment) { p.Amount = tooFine }},
		"no date":        {"Payment.Date", func(p *payment.Payment) { p.Date = time.Time{} }},
		"no method":      {"NewPayment.PaymentMethod", func(p *payment.Payment) { p.Method = "" }},
		"no customer":    {"customerID", func(p *payment.Payment) { p.Target = "" }},
		"a link":         {"Payment.Link", func(p *payment.Payment) { p.Link = "x" }},
		"an expiry":      {"Payment.Expires", func(p *payment.Payment) { p.Expires = p.Date }},
		"a reversal":     {"Payment.Reverses", func(p *payment.Payment) { p.Reverses = "x" }},
		"attribute twice": {"Payment.Attributes", func(p *payment.Payment) {
			p.Attributes = []payment.Attribute{{Name: "invoiceID", Value: "1"}, {Name: "invoiceID", Value: "2"}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := mocked(t)
			recorder := client.Recorder(RecorderOptions{Currency: "GBP"})
			p := sale(t)
			c.change(&p)
			_, err := recorder.Record(t.Context(), p)
			wantField(t, err, c.field)
			_, err = recorder.Find(t.Context(), p)
			wantField(t, err, c.field)
		})
	}
}

func TestRecorderFinds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		list string
		id   string
		errs []error
	}{
		"standing": {`[{"id":"2",` + standing + `}]`, "2", nil},
		"none":     {`[]`, "", []error{payment.ErrNotFound}},
		"reversed": {`[{"id":"2",` + reversed + `}]`, "2", []error{payment.ErrConflict, ErrReversed}},
		"differs":  {`[{"id":"2","ourReference":"SDK-2024-000123","paymentAmount":7}]`, "2", []error{payment.ErrConflict}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			answers(t, mock, c.list, `[]`)
			p := sale(t)
			receipt, err := client.Recorder(RecorderOptions{}).Find(t.Context(), p)
			if receipt.ID != c.id || receipt.AlreadyRecorded != (c.id != "") {
				t.Errorf("receipt %+v", receipt)
			}
			if len(c.errs) == 0 && (err != nil || !receipt.Amount.Equal(p.Amount)) {
				t.Errorf("receipt %+v, error %v", receipt, err)
			}
			for _, want := range c.errs {
				if !errors.Is(err, want) {
					t.Errorf("error %v, want %v", err, want)
				}
			}
			var conflict *payment.ConflictError
			if c.id != "" && len(c.errs) > 0 && (!errors.As(err, &conflict) || conflict.Got.ID != "2") {
				t.Errorf("%v is no ConflictError of both sides", err)
			}
		})
	}
}

// With CheckReference a payment is made only if the list shows none.
func TestRecorderLooksFirst(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		list  string
		id    string
		found bool
		err   error
	}{
		"none":     {`[]`, "501", false, nil},
		"standing": {`[{"id":"2",` + standing + `}]`, "2", true, nil},
		"reversed": {`[{"id":"2",` + reversed + `}]`, "2", true, ErrReversed},
		"differs":  {`[{"id":"2","ourReference":"SDK-2024-000123","paymentAmount":7}]`, "2", true, errDiffers},
		"unread":   {`<html>`, "", false, payment.ErrProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			script := []string{c.list}
			if c.list == `[]` {
				script = append(script, sample(t, "payment_own.json"))
			} else if c.id != "" {
				script = append(script, `[]`)
			}
			seen := answers(t, mock, script...)
			receipt, err := client.Recorder(RecorderOptions{CheckReference: true}).Record(t.Context(), sale(t))
			if !errors.Is(err, c.err) || receipt.ID != c.id || receipt.AlreadyRecorded != c.found || len(*seen) != len(script) {
				t.Errorf("receipt %v, error %v after %v", receipt, err, urls(*seen))
			}
			var conflict *payment.ConflictError
			if c.found && errors.As(err, &conflict) != (err != nil) {
				t.Errorf("%v is no ConflictError", err)
			}
		})
	}
}
