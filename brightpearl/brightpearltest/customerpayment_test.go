package brightpearltest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestDocumentedPosts(t *testing.T) {
	t.Parallel()
	s := start(t)
	post(t, s, "customer-payment", sample(t, "customer_receipt_documented.json")).want(t, 200, `{"response":100}`)
	post(t, s, "customer-payment", sample(t, "customer_auth_documented.json")).want(t, 200, `{"response":101}`)
	all := s.Payments()
	if len(all) != 2 {
		t.Fatalf("%d payments", len(all))
	}
	receipt, auth := all[0], all[1]
	if receipt.AmountPaid.String() != "100.00" || receipt.ExchangeRate.String() != "1.307" || receipt.JournalID != 0 ||
		!receipt.PaymentDate.Equal(time.Date(2016, 6, 19, 14, 3, 17, 0, time.UTC)) || receipt.JournalRef != "Online order 2002 prepaid" {
		t.Errorf("receipt %+v", receipt)
	}
	if auth.AmountAuthorized.String() != "50.00" || auth.AmountPaid.String() != "0.00" || auth.TransactionCode != "CODE0002" ||
		!auth.AuthorizationExpiry.Equal(time.Date(2016, 6, 19, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("auth %+v", auth)
	}
}

func TestRefusedPosts(t *testing.T) {
	t.Parallel()
	s := start(t)
	long := func(n int) string { return `"` + strings.Repeat("x", n) + `"` }
	astral := func(n int) string { return `"` + strings.Repeat("😀", n) + `"` } // two UTF-16 units each
	for _, c := range []struct {
		name, field, value string
		status             int
		code               string
	}{
		{"ref as number", "transactionRef", `1`, 500, "CMNU-003"},
		{"order as string", "orderId", `"2002"`, 500, "CMNU-003"},
		{"order with fraction", "orderId", `2002.0`, 500, "CMNU-003"},
		{"order with exponent", "orderId", `2e3`, 500, "CMNU-003"},
		{"amount as bool", "amountPaid", `true`, 500, "CMNU-003"},
		{"amount as word", "amountPaid", `"ten"`, 500, "CMNU-003"},
		{"amount as object", "amountPaid", `{}`, 500, "CMNU-003"},
		{"ignored amount as bool", "amountAuthorized", `true`, 500, "CMNU-003"},
		{"date as number", "paymentDate", `20160619`, 500, "CMNU-003"},
		{"date as prose", "paymentDate", `"yesterday"`, 500, "CMNU-003"},
		{"journal as string", "journalId", `"1"`, 500, "CMNU-003"},
		{"unknown field", "amount", `1`, 400, "SIM-VAL"},
		{"field in another case", "AmountPaid", `1`, 400, "SIM-VAL"},
		{"long ref", "transactionRef", long(65), 400, "SIM-VAL"},
		{"long ref in UTF-16", "transactionRef", astral(33), 400, "SIM-VAL"},
		{"long code", "transactionCode", long(65), 400, "SIM-VAL"},
		{"no method", "paymentMethodCode", ``, 400, "SIM-VAL"},
		{"null method", "paymentMethodCode", `null`, 400, "SIM-VAL"},
		{"long method", "paymentMethodCode", long(37), 400, "SIM-VAL"},
		{"no type", "paymentType", ``, 400, "SIM-VAL"},
		{"type in lower case", "paymentType", `"receipt"`, 400, "SIM-VAL"},
		{"no order", "orderId", ``, 400, "SIM-VAL"},
		{"order 0", "orderId", `0`, 400, "SIM-VAL"},
		{"no currency", "currencyIsoCode", ``, 400, "SIM-VAL"},
		{"short currency", "currencyIsoCode", `"US"`, 400, "SIM-VAL"},
		{"currency with digit", "currencyIsoCode", `"US1"`, 400, "SIM-VAL"},
		{"rate 0", "exchangeRate", `0`, 400, "SIM-VAL"},
		{"negative amount", "amountPaid", `-1`, 400, "SIM-VAL"},
		{"negative journal", "journalId", `-1`, 400, "SIM-VAL"},
		{"no date", "paymentDate", ``, 400, "SIM-VAL"},
		{"AUTH without amount", "paymentType", `"AUTH"`, 400, "SIM-VAL"},
		{"VOID without amount", "paymentType", `"VOID"`, 400, "SIM-VAL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			post(t, s, "customer-payment", receipt(t, c.field, c.value)).wantCode(t, c.status, c.code)
		})
	}
	t.Cleanup(func() {
		if n := len(s.Payments()); n != 0 {
			t.Errorf("%d payments were recorded", n)
		}
	})
}

func TestRefusedBodies(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, path := range []string{"customer-payment", "supplier-payment"} {
		post(t, s, path, "").wantCode(t, 400, "CMNC-010")
		post(t, s, path, "  ").wantCode(t, 400, "CMNC-010")
		post(t, s, path, "null").wantCode(t, 400, "CMNC-010")
		post(t, s, path, "[]").wantCode(t, 500, "CMNU-003")
		post(t, s, path, `{"orderId":`).wantCode(t, 500, "CMNU-003")
		post(t, s, path, `{"orderId":1,"orderId":1}`).wantCode(t, 500, "CMNU-003")
		post(t, s, path, `{} {}`).wantCode(t, 500, "CMNU-003")
		form := staffHeaders()
		form.Set("Content-Type", "text/plain")
		send(t, s, http.MethodPost, path, receipt(t), form).wantCode(t, 400, "SIM-VAL")
	}
	auth := receipt(t, "paymentType", `"AUTH"`, "amountAuthorized", `1`)
	post(t, s, "customer-payment", auth).wantCode(t, 400, "SIM-VAL") // no authorizationExpiry
	auth = receipt(t, "paymentType", `"AUTH"`, "amountAuthorized", `-1`, "authorizationExpiry", `"2016-06-20"`)
	post(t, s, "customer-payment", auth).wantCode(t, 400, "SIM-VAL")
}

func TestIgnoredFieldsAndDefaults(t *testing.T) {
	t.Parallel()
	s := start(t)
	ref := func(n int) string { return fmt.Sprintf(`"R%d"`, n) }
	create(t, s, "transactionRef", ref(0), "amountAuthorized", `-7`, "authorizationExpiry", `"2016-06-20"`)
	create(t, s, "transactionRef", ref(1), "paymentType", `"VOID"`, "amountAuthorized", `5`, "amountPaid", `-9`)
	create(t, s, "transactionRef", ref(2), "amountPaid", ``)
	create(t, s, "transactionRef", ref(3), "amountPaid", `"12.340"`)
	for i, want := range []struct{ paid, authorized string }{{"100.00", "0.00"}, {"0.00", "5"}, {"0.00", "0.00"}, {"12.340", "0.00"}} {
		p := s.Payments()[i]
		if p.AmountPaid.String() != want.paid || p.AmountAuthorized.String() != want.authorized || !p.AuthorizationExpiry.IsZero() {
			t.Errorf("payment %d: paid %s, authorized %s, expires %v", i, p.AmountPaid, p.AmountAuthorized, p.AuthorizationExpiry)
		}
	}
}

func TestWhatIsCutAndRounded(t *testing.T) {
	t.Parallel()
	s := start(t)
	create(t, s, "journalRef", `"`+strings.Repeat("é", 300)+`"`, "exchangeRate", `1.30700049`)
	create(t, s, "transactionRef", ``, "journalRef", `"`+strings.Repeat("a", 254)+`😀"`, "exchangeRate", ``)
	first, second := s.Payments()[0], s.Payments()[1]
	if first.JournalRef != strings.Repeat("é", 255) || second.JournalRef != strings.Repeat("a", 254) {
		t.Errorf("journalRefs %q and %q", first.JournalRef, second.JournalRef)
	}
	if first.ExchangeRate.String() != "1.307000" || second.ExchangeRate.IsSet() {
		t.Errorf("rates %v and %v", first.ExchangeRate, second.ExchangeRate)
	}
}

func TestJournals(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.AddPaymentMethod(PaymentMethod{Name: "Points", Code: "Puntos", BankAccounts: []BankAccount{{"CRC", "1210"}, {"USD", "1211"}}})
	auth := []string{"amountAuthorized", `1`, "authorizationExpiry", `"2016-06-20"`}
	for i, c := range []struct {
		kind, method, currency, journal string
		want                            int64
	}{
		{"RECEIPT", "PUNTOS", "CRC", "", 1000},
		{"PAYMENT", "puntos", "USD", "", 1001},
		{"CAPTURE", "Puntos", "CRC", "", 1002},
		{"AUTH", "PUNTOS", "CRC", "", 0},
		{"VOID", "PUNTOS", "CRC", "", 0},
		{"RECEIPT", "PUNTOS", "EUR", "", 0},
		{"RECEIPT", "PUNTO", "CRC", "", 0},
		{"RECEIPT", "PUNTOS", "CRC", "77", 77},
		{"RECEIPT", "SAGEPAY_UK", "GBP", "", 1003},
	} {
		replace := append([]string{
			"transactionRef", fmt.Sprintf(`"R%d"`, i), "paymentType", `"` + c.kind + `"`, "journalId", c.journal,
			"paymentMethodCode", `"` + c.method + `"`, "currencyIsoCode", `"` + c.currency + `"`,
		}, auth...)
		create(t, s, replace...)
		p := s.Payments()[i]
		if p.JournalID != c.want || p.PaymentMethodCode != strings.ToUpper(c.method) {
			t.Errorf("%+v: journal %d, method %s", c, p.JournalID, p.PaymentMethodCode)
		}
	}
}

func TestKnownOrders(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{RefusesUnknownOrders: true}))
	s.AddOrders(2002)
	create(t, s)
	post(t, s, "customer-payment", receipt(t, "orderId", `2003`, "transactionRef", ``)).wantCode(t, 400, "SIM-ORDER")
}

func TestDelete(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now))
	create(t, s)
	remove := func(id string) answered {
		return send(t, s, http.MethodDelete, "customer-payment/"+id, "", staffHeaders())
	}
	c.Add(time.Minute)
	remove("100").want(t, 200, `{}`)
	for _, id := range []string{"100", "101", "0", "-1", "x", "100,101"} {
		remove(id).wantCode(t, 404, "CMNC-404")
	}
	p := s.Payments()[0]
	if !p.Deleted || !p.DeletedOn.Equal(c.Now()) || p.CreatedOn.Equal(p.DeletedOn) {
		t.Errorf("payment %+v", p)
	}
	create(t, s, "transactionRef", `"NEW"`)
	if id := s.Payments()[1].ID; id != 101 {
		t.Errorf("id %d, want 101: ids are never reused", id)
	}
}
