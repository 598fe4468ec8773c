package brightpearl

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// refusedAs checks that err names the field, matches ErrInvalid, and shows
// nothing of the value.
func refusedAs(t *testing.T, err error, field string) {
	t.Helper()
	var f *payment.FieldError
	if !errors.As(err, &f) || f.Field != field || f.Reason == "" {
		t.Fatalf("err %v, want a FieldError for %s", err, field)
	}
	if !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("%v does not match ErrInvalid", err)
	}
	if !strings.HasPrefix(err.Error(), "brightpearl: ") {
		t.Errorf("%q does not begin with the package", err)
	}
}

func TestCustomerPaymentRefusals(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 65)
	for name, c := range map[string]struct {
		field  string
		change func(*CustomerPayment)
	}{
		"no reference":              {"CustomerPayment.TransactionRef", func(p *CustomerPayment) { p.TransactionRef = "" }},
		"long reference":            {"CustomerPayment.TransactionRef", func(p *CustomerPayment) { p.TransactionRef = long }},
		"reference of 33 pairs":     {"CustomerPayment.TransactionRef", func(p *CustomerPayment) { p.TransactionRef = strings.Repeat("😀", 33) }},
		"blank before reference":    {"CustomerPayment.TransactionRef", func(p *CustomerPayment) { p.TransactionRef = " REF" }},
		"blank after reference":     {"CustomerPayment.TransactionRef", func(p *CustomerPayment) { p.TransactionRef = "REF " }},
		"C1 control in reference":   {"CustomerPayment.TransactionRef", func(p *CustomerPayment) { p.TransactionRef = "R\u0085F" }},
		"control in reference":      {"CustomerPayment.TransactionRef", func(p *CustomerPayment) { p.TransactionRef = "R\x00F" }},
		"broken UTF-8":              {"CustomerPayment.TransactionRef", func(p *CustomerPayment) { p.TransactionRef = "R\xffF" }},
		"long code":                 {"CustomerPayment.TransactionCode", func(p *CustomerPayment) { p.TransactionCode = long }},
		"no method":                 {"CustomerPayment.PaymentMethodCode", func(p *CustomerPayment) { p.PaymentMethodCode = "" }},
		"long method":               {"CustomerPayment.PaymentMethodCode", func(p *CustomerPayment) { p.PaymentMethodCode = long[:37] }},
		"no type":                   {"CustomerPayment.PaymentType", func(p *CustomerPayment) { p.PaymentType = "" }},
		"type in lower case":        {"CustomerPayment.PaymentType", func(p *CustomerPayment) { p.PaymentType = "receipt" }},
		"no order":                  {"CustomerPayment.OrderID", func(p *CustomerPayment) { p.OrderID = 0 }},
		"negative order":            {"CustomerPayment.OrderID", func(p *CustomerPayment) { p.OrderID = -1 }},
		"negative journal":          {"CustomerPayment.JournalID", func(p *CustomerPayment) { p.JournalID = -1 }},
		"no currency":               {"CustomerPayment.CurrencyISOCode", func(p *CustomerPayment) { p.CurrencyISOCode = "" }},
		"currency in lower case":    {"CustomerPayment.CurrencyISOCode", func(p *CustomerPayment) { p.CurrencyISOCode = "gbp" }},
		"four letters":              {"CustomerPayment.CurrencyISOCode", func(p *CustomerPayment) { p.CurrencyISOCode = "GBPX" }},
		"no amount":                 {"CustomerPayment.AmountPaid", func(p *CustomerPayment) { p.AmountPaid = payment.Amount{} }},
		"zero amount":               {"CustomerPayment.AmountPaid", func(p *CustomerPayment) { p.AmountPaid = amount(t, "0.00") }},
		"negative amount":           {"CustomerPayment.AmountPaid", func(p *CustomerPayment) { p.AmountPaid = amount(t, "-1.00") }},
		"three decimals":            {"CustomerPayment.AmountPaid", func(p *CustomerPayment) { p.AmountPaid = amount(t, "1.001") }},
		"decimals in yen":           {"CustomerPayment.AmountPaid", func(p *CustomerPayment) { p.CurrencyISOCode, p.AmountPaid = "JPY", amount(t, "1.5") }},
		"authorized on a receipt":   {"CustomerPayment.AmountAuthorized", func(p *CustomerPayment) { p.AmountAuthorized = amount(t, "1.00") }},
		"expiry on a receipt":       {"CustomerPayment.AuthorizationExpiry", func(p *CustomerPayment) { p.AuthorizationExpiry = p.PaymentDate }},
		"zero rate":                 {"CustomerPayment.ExchangeRate", func(p *CustomerPayment) { p.ExchangeRate = amount(t, "0") }},
		"seven decimals in rate":    {"CustomerPayment.ExchangeRate", func(p *CustomerPayment) { p.ExchangeRate = amount(t, "1.0000001") }},
		"no date":                   {"CustomerPayment.PaymentDate", func(p *CustomerPayment) { p.PaymentDate = time.Time{} }},
		"year 10000":                {"CustomerPayment.PaymentDate", func(p *CustomerPayment) { p.PaymentDate = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }},
		"long journal reference":    {"CustomerPayment.JournalRef", func(p *CustomerPayment) { p.JournalRef = strings.Repeat("x", 256) }},
		"capture without code":      {"CustomerPayment.TransactionCode", func(p *CustomerPayment) { p.PaymentType = TypeCapture }},
		"capture with zero allowed": {"CustomerPayment.TransactionCode", func(p *CustomerPayment) { p.PaymentType, p.AllowZero = TypeCapture, true }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			p := receipt(t)
			c.change(&p)
			_, err := client.CreateCustomerPayment(ctx(t), p)
			refusedAs(t, err, c.field)
			if n := mock.GetTotalCallCount(); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

func TestAuthorizationRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		field  string
		change func(*CustomerPayment)
	}{
		"no amount":         {"CustomerPayment.AmountAuthorized", func(p *CustomerPayment) { p.AmountAuthorized = payment.Amount{} }},
		"zero":              {"CustomerPayment.AmountAuthorized", func(p *CustomerPayment) { p.AmountAuthorized = amount(t, "0") }},
		"paid on an AUTH":   {"CustomerPayment.AmountPaid", func(p *CustomerPayment) { p.AmountPaid = amount(t, "1") }},
		"no expiry":         {"CustomerPayment.AuthorizationExpiry", func(p *CustomerPayment) { p.AuthorizationExpiry = time.Time{} }},
		"expiry before":     {"CustomerPayment.AuthorizationExpiry", func(p *CustomerPayment) { p.AuthorizationExpiry = p.PaymentDate.Add(-time.Second) }},
		"expiry far away":   {"CustomerPayment.AuthorizationExpiry", func(p *CustomerPayment) { p.AuthorizationExpiry = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }},
		"VOID with expiry":  {"CustomerPayment.AuthorizationExpiry", func(p *CustomerPayment) { p.PaymentType = TypeVoid }},
		"VOID without code": {"CustomerPayment.TransactionCode", func(p *CustomerPayment) { p.PaymentType, p.TransactionCode = TypeVoid, "" }},
		"paid on a VOID": {"CustomerPayment.AmountPaid", func(p *CustomerPayment) {
			p.PaymentType, p.AmountPaid = TypeVoid, amount(t, "1")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			p := authorization(t)
			c.change(&p)
			_, err := client.CreateCustomerPayment(ctx(t), p)
			refusedAs(t, err, c.field)
			if n := mock.GetTotalCallCount(); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

func TestAllowances(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*CustomerPayment){
		"AllowNoRef":         func(p *CustomerPayment) { p.TransactionRef, p.AllowNoRef = "", true },
		"AllowZero":          func(p *CustomerPayment) { p.AmountPaid, p.AllowZero = amount(t, "0"), true },
		"AllowExtraDecimals": func(p *CustomerPayment) { p.AmountPaid, p.AllowExtraDecimals = amount(t, "1.005"), true },
		"trailing zeros":     func(p *CustomerPayment) { p.AmountPaid, p.ExchangeRate = amount(t, "10.400"), amount(t, "1.3000000") },
		"318.0 yen":          func(p *CustomerPayment) { p.CurrencyISOCode, p.AmountPaid = "JPY", amount(t, "318.0") },
		"AllowNoAmount":      func(p *CustomerPayment) { p.AmountPaid, p.AllowNoAmount = payment.Amount{}, true },
		"an AUTH of 0": func(p *CustomerPayment) {
			*p = authorization(t)
			p.AmountAuthorized, p.AllowZero = amount(t, "0"), true
		},
		"a VOID without amount": func(p *CustomerPayment) {
			*p = authorization(t)
			p.PaymentType, p.AmountAuthorized, p.AuthorizationExpiry, p.AllowNoAmount = TypeVoid, payment.Amount{}, time.Time{}, true
		},
		"a rate that is rounded":    func(p *CustomerPayment) { p.ExchangeRate, p.AllowAdjusted = amount(t, "1.0000001"), true },
		"a journalRef that is cut":  func(p *CustomerPayment) { p.JournalRef, p.AllowAdjusted = strings.Repeat("x", 300), true },
		"an amount that is ignored": func(p *CustomerPayment) { p.AmountAuthorized, p.AllowAdjusted = amount(t, "1"), true },
		"an expiry that is ignored": func(p *CustomerPayment) { p.AuthorizationExpiry, p.AllowAdjusted = p.PaymentDate, true },
		"an AUTH that has expired": func(p *CustomerPayment) {
			*p = authorization(t)
			p.AuthorizationExpiry, p.AllowAdjusted = p.PaymentDate.Add(-time.Hour), true
		},
		"AllowNoCode": func(p *CustomerPayment) { p.PaymentType, p.AllowNoCode = TypeCapture, true },
		"limits": func(p *CustomerPayment) {
			p.TransactionRef, p.JournalRef = strings.Repeat("é", 64), strings.Repeat("x", 255)
		},
		"a foreign currency": func(p *CustomerPayment) { p.CurrencyISOCode = "QQQ" },
		"six decimals":       func(p *CustomerPayment) { p.ExchangeRate = amount(t, "1.000001") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := receipt(t)
			change(&p)
			if err := p.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestSupplierPaymentRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		field  string
		change func(*SupplierPayment)
	}{
		"no reference":           {"SupplierPayment.TransactionRef", func(p *SupplierPayment) { p.TransactionRef = "" }},
		"long reference":         {"SupplierPayment.TransactionRef", func(p *SupplierPayment) { p.TransactionRef = strings.Repeat("x", 65) }},
		"no method":              {"SupplierPayment.PaymentMethodCode", func(p *SupplierPayment) { p.PaymentMethodCode = "" }},
		"long method":            {"SupplierPayment.PaymentMethodCode", func(p *SupplierPayment) { p.PaymentMethodCode = strings.Repeat("x", 37) }},
		"a type of customers":    {"SupplierPayment.PaymentType", func(p *SupplierPayment) { p.PaymentType = TypeAuth }},
		"no order":               {"SupplierPayment.OrderID", func(p *SupplierPayment) { p.OrderID = 0 }},
		"currency":               {"SupplierPayment.CurrencyISOCode", func(p *SupplierPayment) { p.CurrencyISOCode = "G1P" }},
		"rate":                   {"SupplierPayment.ExchangeRate", func(p *SupplierPayment) { p.ExchangeRate = amount(t, "-1") }},
		"no amount":              {"SupplierPayment.AmountPaid", func(p *SupplierPayment) { p.AmountPaid = payment.Amount{} }},
		"negative amount":        {"SupplierPayment.AmountPaid", func(p *SupplierPayment) { p.AmountPaid = amount(t, "-1") }},
		"no date":                {"SupplierPayment.PaymentDate", func(p *SupplierPayment) { p.PaymentDate = time.Time{} }},
		"long journal reference": {"SupplierPayment.JournalRef", func(p *SupplierPayment) { p.JournalRef = strings.Repeat("x", 65) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			p := SupplierPayment{
				TransactionRef: "REF", PaymentMethodCode: "BACS", PaymentType: TypePayment, OrderID: 1,
				CurrencyISOCode: "GBP", AmountPaid: amount(t, "1.00"), PaymentDate: instant(t, "2026-01-02T03:04:05Z"),
			}
			c.change(&p)
			_, err := client.CreateSupplierPayment(ctx(t), p)
			refusedAs(t, err, c.field)
			if n := mock.GetTotalCallCount(); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

func TestOtherRefusals(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	_, err := all(client.SalePaymentTotals(ctx(t)))
	refusedAs(t, err, "orderIDs")
	_, err = all(client.SalePaymentTotals(ctx(t), 1, 0))
	refusedAs(t, err, "orderIDs")
	refusedAs(t, client.DeleteCustomerPayment(ctx(t), 0), "id")
	_, err = client.PaymentMethod(ctx(t), math.MinInt64)
	refusedAs(t, err, "id")
	var none context.Context
	_, err = client.CreateCustomerPayment(none, receipt(t))
	refusedAs(t, err, "ctx")
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestSearchRefusals(t *testing.T) {
	t.Parallel()
	now := instant(t, "2026-01-02T03:04:05Z")
	for name, c := range map[string]struct {
		field  string
		filter CustomerPaymentFilter
	}{
		"unknown column":        {"Paging.Columns", CustomerPaymentFilter{Paging: Paging{Columns: []string{"exchangeRate"}}}},
		"unknown sort":          {"Paging.Sort", CustomerPaymentFilter{Paging: Paging{Sort: []string{"orderID.ASC"}}}},
		"sort not sortable":     {"Paging.Sort", CustomerPaymentFilter{Paging: Paging{Sort: []string{"orderId.ASC"}}}},
		"sort without side":     {"Paging.Sort", CustomerPaymentFilter{Paging: Paging{Sort: []string{"paymentId"}}}},
		"unknown filter":        {"Paging.Raw", CustomerPaymentFilter{Paging: Paging{Raw: map[string][]string{"x": {"1"}}}}},
		"empty filter":          {"Paging.Raw", CustomerPaymentFilter{Paging: Paging{Raw: map[string][]string{"orderId": {""}}}}},
		"first result":          {"Paging.FirstResult", CustomerPaymentFilter{Paging: Paging{FirstResult: -1}}},
		"page size":             {"Paging.PageSize", CustomerPaymentFilter{Paging: Paging{PageSize: 501}}},
		"negative page size":    {"Paging.PageSize", CustomerPaymentFilter{Paging: Paging{PageSize: -1}}},
		"reversed ids":          {"PaymentID", CustomerPaymentFilter{PaymentIDs: IDSet{{5, 4}}}},
		"open ids":              {"OrderID", CustomerPaymentFilter{OrderIDs: IDSet{{5, 0}}}},
		"negative id":           {"OrderID", CustomerPaymentFilter{OrderID: -1}},
		"empty set":             {"PaymentID", CustomerPaymentFilter{PaymentIDs: IDs()}},
		"id and empty set":      {"OrderID", CustomerPaymentFilter{OrderID: 1, OrderIDs: IDSet{}}},
		"id and ids":            {"JournalID", CustomerPaymentFilter{JournalID: 1, JournalIDs: IDs(2)}},
		"reversed period":       {"CreatedOn", CustomerPaymentFilter{CreatedOn: Period{now, now.Add(-1)}}},
		"period beyond 9999":    {"Expires", CustomerPaymentFilter{Expires: Period{From: now.AddDate(9000, 0, 0)}}},
		"period before year 1 ": {"PaymentDate", CustomerPaymentFilter{PaymentDate: Period{To: now.AddDate(-3000, 0, 0)}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			rows := 0
			for _, err := range client.CustomerPayments(ctx(t), c.filter) {
				refusedAs(t, err, c.field)
				rows++
			}
			if n := mock.GetTotalCallCount(); n != 0 || rows != 1 {
				t.Errorf("%d requests were sent, %d rows", n, rows)
			}
		})
	}
}

func TestSupplierSearchRefusesCustomerColumns(t *testing.T) {
	t.Parallel()
	client, _ := mocked(t)
	for _, err := range client.SupplierPayments(ctx(t), SupplierPaymentFilter{Paging: Paging{Columns: []string{"expires"}}}) {
		refusedAs(t, err, "Paging.Columns")
	}
}
