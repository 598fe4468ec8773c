package brightpearl_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
)

// authorized records an AUTH of 50.00 on order 2002 under auth-1, and takes the
// parts of it.
func authorized(t *testing.T, client *brightpearl.Client, parts map[string]payment.Kind) {
	t.Helper()
	r := client.Recorder(brightpearl.RecorderOptions{})
	auth := part(t, payment.Authorization, "50.00")
	auth.Expires = auth.Date.AddDate(0, 0, 7)
	if _, err := record(t, r, auth); err != nil {
		t.Fatal(err)
	}
	for amount, kind := range parts {
		if _, err := record(t, r, part(t, kind, amount)); err != nil {
			t.Fatal(err)
		}
	}
}

func part(t *testing.T, kind payment.Kind, amount string) payment.Payment {
	t.Helper()
	p := sale(t)
	money, err := payment.ParseMoney(amount, "GBP")
	if err != nil {
		t.Fatal(err)
	}
	p.Reference, p.Kind, p.Amount, p.Link = string(kind)+" "+amount, kind, money, "auth-1"
	return p
}

func TestAuthorization(t *testing.T) {
	t.Parallel()
	for _, signed := range []bool{false, true} {
		server, client := emulated(t, brightpearltest.WithFacts(brightpearltest.Facts{SignedAmounts: signed}))
		if _, err := client.Authorization(t.Context(), 2002, "auth-1"); !errors.Is(err, payment.ErrNotFound) {
			t.Errorf("none: %v", err)
		}
		authorized(t, client, map[string]payment.Kind{"20.00": payment.Capture, "10.5": payment.Capture, "5.00": payment.Void})
		shown(t, server, func(p *brightpearltest.Payment) { p.TransactionCode, p.PaymentType = "auth-2", "CAPTURE" })
		a, err := client.Authorization(t.Context(), 2002, "auth-1")
		if err != nil || len(a.Payments) != 4 || a.CurrencyCode != "GBP" || a.Authorized.String() != "50.00" ||
			a.Captured.String() != "30.50" || a.Voided.String() != "5.00" || a.Open().String() != "14.50" || a.IsFullyCaptured() {
			t.Errorf("signed %t: %+v, open %v, err %v", signed, a, a.Open(), err)
		}
		if _, err := record(t, client.Recorder(brightpearl.RecorderOptions{}), part(t, payment.Capture, "19.50")); err != nil {
			t.Fatal(err)
		}
		if a, err = client.Authorization(t.Context(), 2002, "auth-1"); err != nil || !a.IsFullyCaptured() || a.Open().String() != "-5.00" {
			t.Errorf("signed %t: %+v, err %v", signed, a, err)
		}
	}
}

func TestAuthorizationRefuses(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	for field, do := range map[string]func() error{
		"orderID":         func() error { _, err := client.Authorization(t.Context(), 0, "a"); return err },
		"transactionCode": func() error { _, err := client.Authorization(t.Context(), 1, ""); return err },
	} {
		var refused *payment.FieldError
		if err := do(); !errors.As(err, &refused) || refused.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if len(server.Requests()) != 0 {
		t.Error("something was sent")
	}
	for _, currency := range []string{"GBP", "USD"} {
		shown(t, server, func(p *brightpearltest.Payment) {
			p.TransactionCode, p.PaymentType, p.CurrencyISOCode = "mixed", "CAPTURE", currency
		})
	}
	if _, err := client.Authorization(t.Context(), 2002, "mixed"); !errors.Is(err, payment.ErrProtocol) {
		t.Errorf("two currencies: %v", err)
	}
}

// The view adds up AUTHs, CAPTUREs and VOIDs, and nothing else under the code.
func TestAuthorizationInOddRows(t *testing.T) {
	t.Parallel()
	type row struct{ kind, currency, amount string }
	for name, c := range map[string]struct {
		rows             []row
		open             string
		full, unreadable bool
	}{
		"none":                {rows: []row{{"AUTH", "GBP", "50.00"}}, open: "50.00"},
		"other scale":         {rows: []row{{"AUTH", "GBP", "50"}, {"CAPTURE", "GBP", "50.00"}}, open: "0.00", full: true},
		"floats":              {rows: []row{{"AUTH", "GBP", "50.00"}, {"CAPTURE", "GBP", "20.099999999999998"}, {"CAPTURE", "GBP", "29.9"}}, open: "0.00", full: true},
		"two AUTHs":           {rows: []row{{"AUTH", "GBP", "50.00"}, {"AUTH", "GBP", "10.00"}, {"CAPTURE", "GBP", "50.00"}}, open: "10.00"},
		"above":               {rows: []row{{"AUTH", "GBP", "50.00"}, {"CAPTURE", "GBP", "60.00"}}, open: "-10.00"},
		"undone":              {rows: []row{{"AUTH", "GBP", "50.00"}, {"CAPTURE", "GBP", "50.00"}, {"CAPTURE", "GBP", "-50.00"}}, open: "50.00"},
		"voided":              {rows: []row{{"AUTH", "GBP", "50.00"}, {"CAPTURE", "GBP", "30.00"}, {"VOID", "GBP", "20.00"}}, open: "0.00"},
		"voided with a sign":  {rows: []row{{"AUTH", "GBP", "50.00"}, {"VOID", "GBP", "-20.00"}}, open: "30.00"},
		"a receipt":           {rows: []row{{"RECEIPT", "GBP", "5.00"}, {"AUTH", "GBP", "50.00"}, {"CAPTURE", "GBP", "50.00"}}, open: "0.00", full: true},
		"a foreign receipt":   {rows: []row{{"RECEIPT", "USD", "5.00"}, {"AUTH", "GBP", "50.00"}, {"PAYMENT", "EUR", "1.00"}}, open: "50.00"},
		"an unknown type":     {rows: []row{{"AUTH", "GBP", "50.00"}, {"TRANSFER", "USD", "5.00"}}, open: "50.00"},
		"a foreign capture":   {rows: []row{{"AUTH", "GBP", "50.00"}, {"CAPTURE", "USD", "50.00"}}, unreadable: true},
		"an AUTH of 0":        {rows: []row{{"AUTH", "GBP", "0.00"}}, open: "0.00"},
		"a currency in yen":   {rows: []row{{"AUTH", "JPY", "318.00"}, {"CAPTURE", "JPY", "318.0"}}, open: "0.00", full: true},
		"an unknown currency": {rows: []row{{"AUTH", "QQQ", "1.001"}, {"CAPTURE", "QQQ", "1.001"}}, open: "0.000", full: true},
	} {
		server, client := emulated(t)
		for i, r := range c.rows {
			shown(t, server, func(p *brightpearltest.Payment) {
				p.TransactionRef, p.TransactionCode, p.PaymentType, p.CurrencyISOCode = fmt.Sprint(i), "a", r.kind, r.currency
				p.AmountPaid, p.AmountAuthorized = amount(t, r.amount), amount(t, r.amount)
			})
		}
		a, err := client.Authorization(t.Context(), 2002, "a")
		if c.unreadable {
			if !errors.Is(err, payment.ErrProtocol) || !strings.Contains(err.Error(), "currencies") {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || !a.Open().Equal(amount(t, c.open)) || a.IsFullyCaptured() != c.full {
			t.Errorf("%s: %v of %v captured, %v voided, %v open, err %v", name, a.Captured, a.Authorized, a.Voided, a.Open(), err)
		}
	}
	only := answered(t, jsonBody(oneRow(`[7,"r","a","CASH","AUTH",2002,1,"GBP",null,"0.00",null,"2024-12-03T18:30:00Z",null,null]`)))
	if _, err := only.Authorization(t.Context(), 2002, "a"); !errors.Is(err, payment.ErrProtocol) || strings.Contains(err.Error(), "currencies") {
		t.Errorf("an amount that is not set: %v", err)
	}
}

// A capture in another currency is not within what is open.
func TestCheckOpenInAnotherCurrency(t *testing.T) {
	t.Parallel()
	_, client := emulated(t)
	authorized(t, client, nil)
	p := part(t, payment.Capture, "10.00")
	p.Amount, _ = payment.ParseMoney("10.00", "USD")
	_, err := client.Recorder(brightpearl.RecorderOptions{CheckOpen: true}).Prepare(t.Context(), p)
	var refused *payment.FieldError
	if !errors.As(err, &refused) || refused.Field != "Payment.Amount" || !strings.Contains(refused.Reason, "currency") {
		t.Errorf("err %v", err)
	}
}

// A capture above what is open is refused, if that is asked for. The same
// capture handed over again is not above it, and one whose authorization does
// not show yet is let through.
func TestCheckOpen(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	authorized(t, client, map[string]payment.Kind{"20.00": payment.Capture})
	r := client.Recorder(brightpearl.RecorderOptions{CheckOpen: true})
	for amount, ok := range map[string]bool{"20.00": true, "30.00": true, "30.01": false} {
		_, err := r.Prepare(t.Context(), part(t, payment.Capture, amount))
		var refused *payment.FieldError
		if (err == nil) != ok || !ok && (!errors.As(err, &refused) || refused.Field != "Payment.Amount") {
			t.Errorf("capture of %s: %v", amount, err)
		}
	}
	if _, err := r.Prepare(t.Context(), part(t, payment.Void, "31.00")); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("void: %v", err)
	}
	late := part(t, payment.Capture, "99.00")
	late.Link = "auth-9"
	if _, err := r.Prepare(t.Context(), late); err != nil {
		t.Errorf("no authorization shows: %v", err)
	}
	if _, err := client.Recorder(brightpearl.RecorderOptions{}).Prepare(t.Context(), part(t, payment.Capture, "99.00")); err != nil {
		t.Errorf("not asked for: %v", err)
	}
	if n := len(server.Payments()); n != 2 {
		t.Errorf("%d payments", n)
	}
}
