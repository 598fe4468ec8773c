package backendpay

import (
	"context"
	"errors"
	"reflect"
	"strings"
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
			recorder := client.Recorder(c.options)
			p, err := recorder.Prepare(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			receipt, err := recorder.Record(t.Context(), p, payment.NewAttempt(nil, nil))
			if err != nil || (*seen)[0].body != c.want {
				t.Fatalf("sent\n%s\nwant\n%s\nerr %v", (*seen)[0].body, c.want, err)
			}
			if receipt.Vendor != "backendpay" || receipt.ID != "501" || receipt.Reference != p.Reference ||
				!receipt.Amount.Equal(p.Amount) || receipt.AlreadyRecorded || len(receipt.Differs) > 0 || string(receipt.Raw) != c.answer {
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
		"no customer":    {"Payment.Target", func(p *payment.Payment) { p.Target = "" }},
		"not UTF-8":      {"Payment.Method", func(p *payment.Payment) { p.Method = "\xff" }},
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
			_, err := recorder.Prepare(t.Context(), p)
			wantField(t, err, c.field)
			_, err = recorder.Record(t.Context(), p, payment.NewAttempt(nil, nil))
			wantField(t, err, c.field)
			_, err = recorder.Find(t.Context(), p, nil)
			wantField(t, err, c.field)
		})
	}
}

// Find returns everything under the reference, and what differs.
func TestRecorderFinds(t *testing.T) {
	t.Parallel()
	const ref = `"ourReference":"SDK-2024-000123"`
	type found struct{ id, differs string }
	for name, c := range map[string]struct {
		list string
		want []found
		errs []error
	}{
		"standing":        {`[{"id":"2",` + standing + `}]`, []found{{"2", ""}}, nil},
		"none":            {`[]`, nil, nil},
		"others":          {`[{"id":"2","ourReference":"SDK-2024-0001234","paymentAmount":1},{"id":"3"}]`, nil, nil},
		"two":             {`[{"id":"2",` + standing + `},{"id":"4",` + standing + `}]`, []found{{"2", ""}, {"4", ""}}, nil},
		"with the method": {`[{"id":"2",` + standing + `,"paymentMethod":"bank transfer"}]`, []found{{"2", ""}}, nil},
		"another method":  {`[{"id":"2",` + standing + `,"paymentMethod":"Cheque"}]`, []found{{"2", "Method"}}, nil},
		"another amount":  {`[{"id":"2",` + ref + `,"paymentDate":"2024-11-25","paymentAmount":7}]`, []found{{"2", "Amount"}}, nil},
		"the other way":   {`[{"id":"2",` + ref + `,"paymentDate":"2024-11-25","paymentAmount":"-120.50"}]`, []found{{"2", "Kind"}}, nil},
		"another date":    {`[{"id":"2",` + ref + `,"paymentDate":"2025-11-25","paymentAmount":120.5}]`, []found{{"2", "Date"}}, nil},
		"no amount":       {`[{"id":"2",` + ref + `,"paymentDate":"2024-11-25","paymentAmount":null}]`, []found{{"2", "Amount"}}, nil},
		"no date":         {`[{"id":"2",` + ref + `,"paymentAmount":120.5}]`, []found{{"2", "Date"}}, nil},
		"in floats":       {`[{"id":"2",` + ref + `,"paymentDate":"2024-11-25","paymentAmount":120.49999999999999}]`, []found{{"2", ""}}, nil},
		"in lower case":   {`[{"id":"3","ourReference":"sdk-2024-000123","paymentDate":"2024-11-25","paymentAmount":120.5}]`, []found{{"3", "Reference"}}, nil},

		"reversed":             {`[{"id":"2",` + reversed + `}]`, nil, []error{payment.ErrConflict, ErrReversed}},
		"reversed beside":      {`[{"id":"2",` + reversed + `},{"id":"4",` + standing + `}]`, []found{{"4", ""}}, nil},
		"perhaps another day":  {`[{"id":"2",` + ref + `,"paymentDate":"2024-11-24T23:00:00Z","paymentAmount":120.5}]`, nil, []error{payment.ErrProtocol, errAnyDay}},
		"an amount of no form": {`[{"id":"2",` + ref + `,"paymentAmount":"GBP 5"}]`, nil, []error{payment.ErrProtocol}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			answers(t, mock, c.list, `[]`)
			p := sale(t)
			receipts, err := client.Recorder(RecorderOptions{}).Find(t.Context(), p, nil)
			var got []found
			for _, r := range receipts {
				got = append(got, found{r.ID, strings.Join(r.Differs, " ")})
				if len(r.Differs) == 0 && !r.Amount.Equal(p.Amount) || r.Vendor != "backendpay" || len(r.Raw) == 0 {
					t.Errorf("receipt %+v", r)
				}
			}
			if !reflect.DeepEqual(got, c.want) || (err != nil) != (len(c.errs) > 0) || errors.Is(err, payment.ErrInvalid) || errors.Is(err, payment.ErrNotFound) {
				t.Errorf("found %v, error %v", got, err)
			}
			for _, want := range c.errs {
				if !errors.Is(err, want) {
					t.Errorf("error %v, want %v", err, want)
				}
			}
		})
	}
}

// A reference that may have been cut is not "none", unless the list shows that
// this vendor keeps longer ones.
func TestRecorderMeetsACutReference(t *testing.T) {
	t.Parallel()
	const cut = `{"id":"2","ourReference":"order-2024-11-25-till","paymentDate":"2024-11-25","paymentAmount":120.5}`
	for list, unsure := range map[string]bool{
		`[` + cut + `]`: true,
		`[{"id":"1","ourReference":"short"},` + cut + `]`:                               true,
		`[` + cut + `,{"id":"3","ourReference":"order-2024-11-25-till-1"}]`:             false,
		`[{"id":"1","ourReference":"order-2024-11-25-till-1"},` + cut + `]`:             false,
		`[` + strings.Replace(cut, "120.5", "7", 1) + `]`:                               false,
		`[` + strings.Replace(cut, `"2024-11-25"`, `"2024-11-27"`, 1) + `]`:             false,
		`[` + strings.Replace(cut, "order-2024-11-25-till", "order-2024-11-2", 1) + `]`: false,
	} {
		client, mock := mocked(t)
		answers(t, mock, list, `[]`, list, `[]`)
		p := sale(t)
		p.Reference = "order-2024-11-25-till-17"
		found, err := client.Recorder(RecorderOptions{}).Find(t.Context(), p, nil)
		if len(found) > 0 || unsure != errors.Is(err, errCut) || !unsure && err != nil {
			t.Errorf("%s: found %v, error %v", list, found, err)
		}
		n := transfer(t)
		n.OurReference = p.Reference
		if _, err := client.FindPayment(t.Context(), "123", n); unsure != errors.Is(err, errCut) || unsure == errors.Is(err, payment.ErrNotFound) {
			t.Errorf("%s: error %v", list, err)
		}
	}
}

// What the vendor answers to a create is compared, and comes as a receipt that
// says what differs.
func TestRecorderCompares(t *testing.T) {
	t.Parallel()
	for answer, differs := range map[string]string{
		`{"id":"9"}`: "",
		`{"id":"9","ourReference":"SDK-2024-000123","paymentDate":"2024-11-25","paymentAmount":"120.5","paymentMethod":"Bank Transfer"}`: "",
		`{"id":"9","ourReference":"SDK-2024-0001"}`:                                    "Reference",
		`{"id":"9","ourReference":null}`:                                               "Reference",
		`{"id":"9","paymentAmount":1.20,"paymentMethod":"Cheque"}`:                     "Amount Method",
		`{"id":"9","paymentAmount":-120.50,"paymentDate":"2024-01-01"}`:                "Kind Date",
		`{"id":"9","paymentAmount":120.50000000000001,"paymentDate":"0000-00-00"}`:     "",
		`{"id":"9","paymentAmount":null,"paymentDate":null,"paymentMethod":[{"a":1}]}`: "",
	} {
		client, mock := mocked(t)
		answers(t, mock, answer)
		r, err := client.Recorder(RecorderOptions{}).Record(t.Context(), sale(t), payment.NewAttempt(nil, nil))
		if err != nil || r.ID != "9" || strings.Join(r.Differs, " ") != differs || r.Reference == "" {
			t.Errorf("%s: receipt %+v, error %v", answer, r, err)
		}
	}
}

// Nothing is sent before Begin, and nothing if it fails.
func TestRecorderBegins(t *testing.T) {
	t.Parallel()
	client, _ := mocked(t)
	failed := errors.New("cannot be saved")
	a := payment.NewAttempt(nil, func(context.Context, []byte) error { return failed })
	if _, err := client.Recorder(RecorderOptions{}).Record(t.Context(), sale(t), a); !errors.Is(err, failed) {
		t.Errorf("error %v", err)
	}
}

func TestRecorderPrepares(t *testing.T) {
	t.Parallel()
	client, _ := mocked(t)
	recorder := client.Recorder(RecorderOptions{Method: "Cheque"})
	p := sale(t)
	p.Method = ""
	for text, want := range map[string]string{"10.400": "10.40", "10": "10.00", "10.4": "10.40", "10.40": "10.40"} {
		p.Amount, _ = payment.ParseMoney(text, "GBP")
		got, err := recorder.Prepare(t.Context(), p)
		if err != nil || got.Amount.Amount().String() != want || got.Method != "Cheque" {
			t.Errorf("%s: prepared %s by %q, error %v", text, got.Amount, got.Method, err)
		}
	}
	if folder, ok := recorder.(payment.ReferenceFolder); !ok || folder.FoldReference(" SDK  1 ") != folder.FoldReference("sdk 1") || folder.FoldReference("a-1") == folder.FoldReference("a-2") {
		t.Error("references are folded wrongly")
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	for config, want := range map[[2]string]payment.Account{
		{"https://Billing.example.com", ""}:       {Vendor: "backendpay", Tenant: "billing.example.com", Host: "billing.example.com"},
		{"https://billing.example.com:443/", ""}:  {Vendor: "backendpay", Tenant: "billing.example.com", Host: "billing.example.com"},
		{"https://billing.example.com:8443", "x"}: {Vendor: "backendpay", Tenant: "x", Host: "billing.example.com:8443"},
	} {
		client, err := New(Config{APIKey: "k", BaseURL: config[0], Tenant: config[1]})
		if err != nil || client.Recorder(RecorderOptions{}).Account() != want {
			t.Errorf("%s: %v, error %v", config[0], client, err)
		}
	}
}

// Once over the recorder makes a payment only if the list shows none.
func TestOnceLooksFirst(t *testing.T) {
	t.Parallel()
	const ref = `"ourReference":"SDK-2024-000123"`
	for name, c := range map[string]struct {
		list string
		id   string
		err  error
	}{
		"none":     {`[]`, "501", nil},
		"standing": {`[{"id":"2",` + standing + `}]`, "2", nil},
		"reversed": {`[{"id":"2",` + reversed + `}]`, "", ErrReversed},
		"differs":  {`[{"id":"2",` + ref + `,"paymentAmount":7}]`, "", payment.ErrConflict},
		"two":      {`[{"id":"2",` + standing + `},{"id":"3",` + standing + `}]`, "", payment.ErrRecordedTwice},
		"unread":   {`<html>`, "", payment.ErrOutcomeUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			script := []string{c.list}
			if c.list == `[]` {
				script = append(script, sample(t, "payment_own.json"))
			} else if c.list[0] == '[' {
				script = append(script, `[]`)
			}
			seen := answers(t, mock, script...)
			receipt, err := payment.Once(t.Context(), client.Recorder(RecorderOptions{}), sale(t), payment.WithPatience(1, 0))
			if !errors.Is(err, c.err) || receipt.ID != c.id || receipt.AlreadyRecorded != (c.id == "2") || len(*seen) != len(script) {
				t.Errorf("receipt %v, error %v after %v", receipt, err, urls(*seen))
			}
		})
	}
}

// A queue that keeps instants in UTC hands over the same payment.
func TestRecorderMeetsTheInstantInUTC(t *testing.T) {
	t.Parallel()
	const list = `[{"id":"2",` + standing + `}]`
	recorded := sale(t).Date // 23:30 of the day before in UTC-5
	for at, same := range map[time.Time]bool{
		recorded: true, recorded.UTC(): true, recorded.Add(24 * time.Hour): false, recorded.UTC().AddDate(1, 0, 0): false,
		time.Date(2024, 11, 26, 0, 0, 0, 0, time.UTC): false, // a day without a time
		time.Date(2024, 11, 25, 0, 0, 0, 0, time.UTC): true,
		recorded.In(time.FixedZone("", 3600)):         false, // a zone that somebody has chosen
	} {
		client, mock := mocked(t)
		answers(t, mock, list, `[]`)
		p := sale(t)
		p.Date = at
		found, err := client.Recorder(RecorderOptions{}).Find(t.Context(), p, nil)
		if err != nil || len(found) != 1 || (len(found[0].Differs) == 0) != same {
			t.Errorf("%v: found %v, differs %v, error %v", at, found, found[0].Differs, err)
		}
	}
}
