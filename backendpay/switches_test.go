package backendpay_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
)

// Whatever a server makes of the paging parameters, a list is complete or ends
// in an error.
func TestPagingSwitches(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		opts     []backendpaytest.Option
		paging   backendpay.Paging
		complete bool
	}{
		"documented":                {nil, backendpay.ByID, true},
		"server cap":                {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{MaxLimit: 7})}, backendpay.ByID, true},
		"limit ignored":             {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{LimitIgnored: true})}, backendpay.ByID, true},
		"ids of growing length":     {[]backendpaytest.Option{backendpaytest.WithFirstPaymentID(95)}, backendpay.ByID, true},
		"descending":                {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{Descending: true})}, backendpay.ByID, false},
		"idAfter ignored":           {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{IDAfterIgnored: true})}, backendpay.ByID, false},
		"ids with a prefix":         {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{IDPrefix: "PAY-"})}, backendpay.ByID, false},
		"descending, by offset":     {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{Descending: true})}, backendpay.ByOffset, true},
		"prefix, by offset":         {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{IDPrefix: "PAY-"})}, backendpay.ByOffset, true},
		"cap, by offset":            {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{MaxLimit: 7})}, backendpay.ByOffset, true},
		"idAfter ignored, one page": {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{IDAfterIgnored: true})}, backendpay.OnePage, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := backendpaytest.New(c.opts...)
			t.Cleanup(server.Close)
			seed(t, server, 250)
			config := server.Config()
			config.Paging = c.paging
			list, err := collect(connect(t, config).Payments(t.Context(), backendpay.PaymentFilter{}))
			if c.complete && (err != nil || len(list) != 250) {
				t.Errorf("%d payments, err %v", len(list), err)
			}
			if !c.complete && (!errors.Is(err, payment.ErrProtocol) || len(list) > 100) {
				t.Errorf("%d payments, err %v", len(list), err)
			}
		})
	}
}

// Every form of answer that the documentation leaves open reads the same.
func TestAnswerSwitches(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		opts   []backendpaytest.Option
		change func(*backendpay.Config)
	}{
		"numbers":             {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{Amounts: backendpaytest.AmountNumber})}, nil},
		"empty for absent":    {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{Absent: backendpaytest.AbsentEmpty})}, nil},
		"missing for absent":  {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{Absent: backendpaytest.AbsentMissing})}, nil},
		"zoned dates":         {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{Dates: backendpaytest.DateZoned})}, nil},
		"local dates":         {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{Dates: backendpaytest.DateLocal})}, nil},
		"ids as numbers":      {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{NumericIDs: true})}, nil},
		"dates with a blank":  {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{Dates: backendpaytest.DateBlank, Absent: backendpaytest.AbsentZero})}, nil},
		"lone status":         {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{LoneStatus: true})}, nil},
		"200 for a create":    {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{CreateStatus: http.StatusOK})}, nil},
		"object for a delete": {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{DeletedObject: true})}, nil},
		"unknown field":       {[]backendpaytest.Option{backendpaytest.WithUnknownField("new", []byte(`{"id":[1]}`))}, nil},
		"amounts as text": {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{AmountsSent: backendpaytest.AmountString})},
			func(c *backendpay.Config) { c.AmountAsText = true }},
		"no slashes": {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{Paths: backendpaytest.PathNoSlash, RedirectStatus: http.StatusMovedPermanently})},
			func(c *backendpay.Config) { c.TrailingSlash = backendpay.SlashNowhere }},
		"slashes everywhere": {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{Paths: backendpaytest.PathSlash, RedirectStatus: http.StatusPermanentRedirect})},
			func(c *backendpay.Config) { c.TrailingSlash = backendpay.SlashEverywhere }},
		"documented slashes": {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{Paths: backendpaytest.PathDocumented, RedirectStatus: http.StatusFound})}, nil},
		"ids with a prefix": {[]backendpaytest.Option{backendpaytest.WithFacts(backendpaytest.Facts{IDPrefix: "PAY-"})},
			func(c *backendpay.Config) { c.TextIDs, c.Paging = true, backendpay.ByOffset }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := backendpaytest.New(c.opts...)
			t.Cleanup(server.Close)
			config := server.Config()
			if c.change != nil {
				c.change(&config)
			}
			writeAndRead(t, connect(t, config))
		})
	}
}

func writeAndRead(t *testing.T, client *backendpay.Client) {
	t.Helper()
	n := transfer(t, "switch-1")
	made, err := client.CreatePayment(t.Context(), customer, n)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.UpdatePayment(t.Context(), made.ID, backendpay.PaymentUpdate{PaymentMethod: backendpay.Value("Cheque")}); err != nil {
		t.Error(err)
	}
	found, err := client.FindPayment(t.Context(), customer, n)
	if err != nil || found.ID != made.ID || found.PaymentMethod != "Cheque" || found.PaymentDate != n.PaymentDate ||
		!found.PaymentAmount.Equal(n.PaymentAmount) || found.InvoiceID != "" || found.Reversed() || len(found.Status) != 1 {
		t.Errorf("found %+v, err %v", found, err)
	}
	if err := client.DeletePayment(t.Context(), made.ID); err != nil {
		t.Error(err)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, backendpaytest.WithFacts(backendpaytest.Facts{Paths: backendpaytest.PathNoSlash, RedirectStatus: http.StatusTemporaryRedirect}))
	seed(t, server, 3)
	if list, err := collect(client.Payments(t.Context(), backendpay.PaymentFilter{})); err != nil || len(list) != 3 {
		t.Errorf("a list was not followed: %d payments, err %v", len(list), err)
	}
	if _, err := client.CreatePayment(t.Context(), customer, transfer(t, "r")); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("a write was followed: %v", err)
	}
	if server.Creates() != 0 {
		t.Error("a payment was made")
	}
}

func TestRedirectToAnotherHost(t *testing.T) {
	t.Parallel()
	other := backendpaytest.New()
	t.Cleanup(other.Close)
	_, client := emulated(t,
		backendpaytest.WithFacts(backendpaytest.Facts{Paths: backendpaytest.PathNoSlash, RedirectStatus: http.StatusFound}), backendpaytest.WithRedirectBase(other.URL))
	_, err := collect(client.Payments(t.Context(), backendpay.PaymentFilter{}))
	if !errors.Is(err, payment.ErrProtocol) {
		t.Errorf("error %v", err)
	}
	if got := other.Requests(); len(got) != 0 {
		t.Errorf("another host was asked: %v", got)
	}
}

func TestErrorBodySwitches(t *testing.T) {
	t.Parallel()
	for body, want := range map[backendpaytest.ErrorBody][2]error{
		backendpaytest.ErrorJSON:  {payment.ErrNotFound, payment.ErrNotFound},
		backendpaytest.ErrorEmpty: {payment.ErrNotFound, payment.ErrNotFound},
		backendpaytest.ErrorText:  {payment.ErrNotFound, payment.ErrNotFound},
		backendpaytest.ErrorHTML:  {payment.ErrProtocol, payment.ErrOutcomeUnknown}, // a page is not the API's word
	} {
		server, client := emulated(t, backendpaytest.WithFacts(backendpaytest.Facts{ErrorBody: body}))
		if _, err := client.Payment(t.Context(), "9"); !errors.Is(err, want[0]) {
			t.Errorf("body %d: %v", body, err)
		}
		if _, err := client.CreatePayment(t.Context(), "9", transfer(t, "x")); !errors.Is(err, want[1]) {
			t.Errorf("body %d: %v", body, err)
		}
		config := server.Config()
		config.APIKey = "wrong"
		if _, err := connect(t, config).Payment(t.Context(), "9"); !errors.Is(err, payment.ErrUnauthorized) {
			t.Errorf("body %d: %v", body, err)
		}
	}
}

// A vendor that stores another reference than was sent gets no second payment
// for it, and the error says what stands.
func TestReferencesStoredDifferently(t *testing.T) {
	t.Parallel()
	for name, facts := range map[string]backendpaytest.Facts{
		"cut": {ReferenceLength: 20}, "folded": {FoldsReference: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t, backendpaytest.WithFacts(facts))
			n := transfer(t, "order-2024-11-25-till-17")
			made, err := client.CreatePayment(t.Context(), customer, n)
			if !errors.Is(err, payment.ErrConflict) || made.ID != "501" {
				t.Errorf("made %+v, err %v", made, err)
			}
			n.CheckReference = true
			if facts.FoldsReference {
				if _, err := client.CreatePayment(t.Context(), customer, n); !errors.Is(err, payment.ErrConflict) || server.Creates() != 1 {
					t.Errorf("%d payments, err %v", server.Creates(), err)
				}
			}
		})
	}
}

// A key that is replaced in the middle of a list ends it, and so it ends a pass.
func TestKeyReplacedInTheMiddle(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	seed(t, server, 10)
	n := 0
	for _, err := range client.Payments(t.Context(), backendpay.PaymentFilter{PageSize: 4}) {
		if n++; n == 4 {
			if _, err := server.IssueKey(backendpaytest.SampleUser); err != nil {
				t.Fatal(err)
			}
		}
		if err != nil && (n != 5 || !errors.Is(err, payment.ErrUnauthorized)) {
			t.Errorf("item %d: %v", n, err)
		}
	}
	if n != 5 {
		t.Errorf("%d items", n)
	}
	if list, err := collect(client.Changes(t.Context(), time.Now())); len(list) != 0 || !errors.Is(err, payment.ErrUnauthorized) {
		t.Errorf("changes %v, err %v", list, err)
	}
}

// Payments of a customer that the key may not see are missing like deleted ones.
func TestMissingOnSockets(t *testing.T) {
	t.Parallel()
	server, _ := emulated(t)
	seed(t, server, 3)
	other := server.AddCustomer(backendpaytest.Customer{AccountNumber: "C2"})
	hidden, err := server.AddPayment(backendpaytest.Payment{CustomerID: other, PaymentMethod: "Cheque", PaymentAmount: amount(t, "1"), PaymentDate: payment.Date{Year: 2024, Month: 1, Day: 1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{server.Delete("502"), server.Reverse("503", payment.Date{Year: 2024, Month: 2, Day: 1})} {
		if err != nil {
			t.Fatal(err)
		}
	}
	config := server.Config()
	config.APIKey = tenderkit.Secret(server.AddUser(backendpaytest.User{Name: "clerk", Customers: []string{customer}}))
	list, err := collect(connect(t, config).Missing(t.Context(), []string{"501", "502", "503", hidden}))
	if err != nil || len(list) != 2 || list[0] != "502" || list[1] != hidden {
		t.Errorf("missing %v, err %v", list, err)
	}
}
