package brightpearl

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// A function of this file fails if and only if its name is not sent or read.

// whole is a payment with every field. The vendor would ignore two of them.
func whole(t *testing.T) CustomerPayment {
	p := receipt(t)
	p.TransactionCode, p.ExchangeRate, p.AmountAuthorized = "CODE0001", amount(t, "1.307"), amount(t, "1.00")
	p.AuthorizationExpiry, p.JournalID, p.JournalRef, p.AllowAdjusted = p.PaymentDate.AddDate(0, 0, 1), 77, "journal", true
	return p
}

func supplierOf(p CustomerPayment) SupplierPayment {
	return SupplierPayment{
		TransactionRef: p.TransactionRef, PaymentMethodCode: p.PaymentMethodCode, PaymentType: p.PaymentType, OrderID: p.OrderID,
		CurrencyISOCode: p.CurrencyISOCode, ExchangeRate: p.ExchangeRate, AmountPaid: p.AmountPaid, PaymentDate: p.PaymentDate,
		JournalID: p.JournalID, JournalRef: p.JournalRef, LocalTimes: p.LocalTimes,
	}
}

// sentValues are the members of whole as they are sent.
var sentValues = map[string]string{
	"transactionRef": `"REF0001"`, "transactionCode": `"CODE0001"`, "paymentMethodCode": `"ACME_PAY"`, "paymentType": `"` + string(TypeReceipt) + `"`,
	"orderId": `2002`, "currencyIsoCode": `"USD"`, "exchangeRate": `1.307`, "amountAuthorized": `1.00`, "amountPaid": `100.00`,
	"authorizationExpiry": `"2016-06-20T15:03:17+01:00"`, "paymentDate": `"2016-06-19T15:03:17+01:00"`, "journalId": `77`, "journalRef": `"journal"`,
}

func sentToCustomer(t *testing.T, name string) {
	body, err := whole(t).Body()
	isSent(t, body, err, name)
}

func sentToSupplier(t *testing.T, name string) {
	body, err := supplierOf(whole(t)).Body()
	isSent(t, body, err, name)
}

func isSent(t *testing.T, body []byte, err error, name string) {
	t.Helper()
	var sent map[string]json.RawMessage
	if err != nil || json.Unmarshal(body, &sent) != nil || string(sent[name]) != sentValues[name] {
		t.Errorf("sent %s, err %v", body, err)
	}
}

// Nothing else is sent, and nothing twice.
func TestUndocumentedFields(t *testing.T) {
	t.Parallel()
	customer, err1 := whole(t).Body()
	supplier, err2 := supplierOf(whole(t)).Body()
	for sent, want := range map[string]int{string(customer): 13, string(supplier): 10} {
		var got map[string]json.RawMessage
		if err := errors.Join(err1, err2, json.Unmarshal([]byte(sent), &got)); err != nil || len(got) != want || strings.Count(sent, `":`) != want {
			t.Errorf("sent %s, err %v", sent, err)
		}
		for name := range got {
			if sentValues[name] == "" {
				t.Errorf("undocumented: %s", name)
			}
		}
	}
	for _, name := range []string{"transactionCode", "amountAuthorized", "authorizationExpiry"} {
		if strings.Contains(string(supplier), name) {
			t.Errorf("a supplier payment has no %s", name)
		}
	}
}

func wordOf(word PaymentType) func(*testing.T, string) {
	return func(t *testing.T, name string) {
		if string(word) != name {
			t.Errorf("sent as %s", word)
		}
	}
}

// vendorSays returns a client of a vendor that answers everything with status and
// body, and the requests that come.
func vendorSays(t *testing.T, status int, body string) (*Client, *[]*http.Request) {
	t.Helper()
	client, mock := mocked(t, noRetries())
	requests := new([]*http.Request)
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		*requests = append(*requests, r)
		return jsonAnswer(status, body), nil
	})
	return client, requests
}

// pathOf returns the last segment of the one path that was asked for.
func pathOf(t *testing.T, requests []*http.Request) string {
	t.Helper()
	if len(requests) != 1 {
		t.Fatalf("%d requests", len(requests))
	}
	segments := strings.Split(requests[0].URL.Path, "/")
	return segments[len(segments)-1]
}

// query returns the parameters of the first request.
func query(requests *[]*http.Request) url.Values {
	if len(*requests) == 0 {
		return nil
	}
	return (*requests)[0].URL.Query()
}

func postedTo(t *testing.T, name string) {
	client, requests := vendorSays(t, http.StatusOK, `{"response":1}`)
	var err error
	if name == "customer-payment" {
		_, err = client.CreateCustomerPayment(ctx(t), receipt(t))
	} else {
		_, err = client.CreateSupplierPayment(ctx(t), supplierOf(receipt(t)))
	}
	if got := pathOf(t, *requests); err != nil || got != name {
		t.Errorf("posted to %s, err %v", got, err)
	}
}

const noRows = `{"response":{"results":[],"metaData":{"columns":[]}}}`

func searchedAt(t *testing.T, name string) {
	client, requests := vendorSays(t, http.StatusOK, noRows)
	if name == "customer-payment-search" {
		_, _ = all(client.CustomerPayments(ctx(t), CustomerPaymentFilter{}))
	} else {
		_, _ = all(client.SupplierPayments(ctx(t), SupplierPaymentFilter{}))
	}
	if got := pathOf(t, *requests); got != name {
		t.Errorf("asked %s", got)
	}
}

// isColumn asks for a column, and sorts by it if the document allows that. What is
// not a column is refused.
func isColumn(supplier bool) func(*testing.T, string) {
	return func(t *testing.T, name string) {
		client, _ := vendorSays(t, http.StatusOK, noRows)
		refused := func(p Paging) bool {
			_, err := all(client.CustomerPayments(ctx(t), CustomerPaymentFilter{Paging: p}))
			if supplier {
				_, err = all(client.SupplierPayments(ctx(t), SupplierPaymentFilter{Paging: p}))
			}
			return errors.Is(err, payment.ErrInvalid)
		}
		sortable := slices.Contains([]string{"paymentId", "paymentDate", "createdOn", "journalId"}, name)
		if refused(Paging{Columns: []string{name}}) || refused(Paging{Sort: []string{name + ".ASC"}}) == sortable {
			t.Error("no column, or sortable against the document")
		}
	}
}

func isFilter(t *testing.T, name string) {
	from := instant(t, "2026-01-02T03:04:05Z")
	period := Period{From: from}
	filter, ok := map[string]CustomerPaymentFilter{
		"paymentId": {PaymentID: 7}, "transactionRef": {TransactionRef: "a"}, "transactionCode": {TransactionCode: "a"},
		"paymentMethodCode": {PaymentMethodCode: "a"}, "paymentType": {PaymentType: TypeVoid}, "orderId": {OrderID: 7},
		"currencyId": {CurrencyID: 7}, "currencyCode": {CurrencyCode: "GBP"}, "amountAuthorized": {AmountAuthorized: amount(t, "1.50")},
		"amountPaid": {AmountPaid: amount(t, "1.50")}, "expires": {Expires: period}, "paymentDate": {PaymentDate: period},
		"createdOn": {CreatedOn: period}, "journalId": {JournalID: 7},
	}[name]
	if !ok {
		t.Fatal("the table has no such filter")
	}
	want := map[bool]string{true: "7", false: map[string]string{
		"paymentType": string(TypeVoid), "currencyCode": "GBP", "amountAuthorized": "1.50", "amountPaid": "1.50",
		"expires": period.String(), "paymentDate": period.String(), "createdOn": period.String(),
		"transactionRef": "a", "transactionCode": "a", "paymentMethodCode": "a",
	}[name]}[strings.HasSuffix(name, "Id")]
	client, requests := vendorSays(t, http.StatusOK, noRows)
	_, _ = all(client.CustomerPayments(ctx(t), filter))
	if query(requests).Get(name) != want {
		t.Errorf("asked %v", query(requests))
	}
}

func isCell(t *testing.T, name string) {
	cell, show := `"2026-01-02T03:04:05Z"`, map[string]func(FoundPayment) any{
		"expires":     func(f FoundPayment) any { return f.Expires.Format(time.RFC3339) },
		"paymentDate": func(f FoundPayment) any { return f.PaymentDate.Format(time.RFC3339) },
		"createdOn":   func(f FoundPayment) any { return f.CreatedOn.Format(time.RFC3339) },
	}[name]
	if show == nil {
		cell, show = `"7"`, map[string]func(FoundPayment) any{
			"paymentId":         func(f FoundPayment) any { return f.PaymentID },
			"transactionRef":    func(f FoundPayment) any { return f.TransactionRef },
			"transactionCode":   func(f FoundPayment) any { return f.TransactionCode },
			"paymentMethodCode": func(f FoundPayment) any { return f.PaymentMethodCode },
			"paymentType":       func(f FoundPayment) any { return f.PaymentType },
			"orderId":           func(f FoundPayment) any { return f.OrderID },
			"currencyId":        func(f FoundPayment) any { return f.CurrencyID },
			"currencyCode":      func(f FoundPayment) any { return f.CurrencyCode },
			"amountAuthorized":  func(f FoundPayment) any { return f.AmountAuthorized },
			"amountPaid":        func(f FoundPayment) any { return f.AmountPaid },
			"journalId":         func(f FoundPayment) any { return f.JournalID },
		}[name]
	}
	r := reader{cells: row{jsontext.Value("9"), jsontext.Value(cell)}, positions: map[string]int{"paymentId": 0}, filtered: func(string) bool { return false }}
	r.positions[name] = 1
	if found := r.payment(); fmt.Sprint(show(found)) != strings.Trim(cell, `"`) {
		t.Errorf("read %v", found)
	}
}

func isParameter(t *testing.T, name string) {
	client, requests := vendorSays(t, http.StatusOK, noRows)
	s := &searcher{op: "op", path: "path", columns: []column{{"a", true}}, paging: Paging{PageSize: 3, Columns: []string{"a"}, Sort: []string{"a.ASC"}, FirstResult: 4}}
	_, _ = all(s.payments(ctx(t), client))
	got := query(requests)
	want := map[string]bool{
		"pageSize": got.Get("pageSize") == "3", "sort": got.Get("sort") == "a.ASC", "firstResult": got.Get("firstResult") == "4",
		"columns": strings.HasPrefix(got.Get("columns"), "a"), "paymentId": slices.Contains(s.wanted(), "paymentId"),
	}
	if !want[name] {
		t.Errorf("asked %v", got)
	}
}

func isMember(t *testing.T, name string) {
	var got searchAnswer
	err := wire.Unmarshal([]byte(`{"results":[[9]],"metaData":{}}`), &got)
	if err != nil || name == "results" && len(got.Results) != 1 || name == "metaData" && got.MetaData == nil {
		t.Errorf("read %+v, err %v", got, err)
	}
}

func isOfMeta(t *testing.T, name string) {
	var got searchMeta
	var column searchColumn
	err := errors.Join(
		wire.Unmarshal([]byte(`{"morePagesAvailable":true,"lastResult":5,"columns":[{}]}`), &got),
		wire.Unmarshal([]byte(`{"name":"paymentId"}`), &column),
	)
	if want := map[string]bool{
		"morePagesAvailable": got.MorePagesAvailable, "lastResult": got.LastResult == 5, "columns": len(got.Columns) == 1, "name": column.Name == "paymentId",
	}; err != nil || !want[name] {
		t.Errorf("read %+v, %+v, err %v", got, column, err)
	}
}

// A total without one of its members is refused; what was read of it shows here.
func isTotal(t *testing.T, name string) {
	var got totalBody
	err := wire.Unmarshal([]byte(`{"orderId":7,"paymentCurrency":"GBP","amountPaid":1.10,"amountAuthorized":2.20,"amountCaptured":3.30}`), &got)
	if want := map[string]bool{
		"orderId": got.OrderID == 7, "paymentCurrency": got.PaymentCurrency == "GBP", "amountPaid": got.AmountPaid.Equal(amount(t, "1.10")),
		"amountAuthorized": got.AmountAuthorized.Equal(amount(t, "2.20")), "amountCaptured": got.AmountCaptured.Equal(amount(t, "3.30")),
	}; !want[name] {
		t.Errorf("read %+v, err %v", got, err)
	}
}

func isOfMethod(t *testing.T, name string) {
	var got methodBody
	err := wire.Unmarshal([]byte(`{"id":7,"name":"Cash","code":"CASH","isActive":true,"installedIntegrationId":"8","bankAccounts":[{}]}`), &got)
	if want := map[string]bool{
		"id": got.ID == 7, "name": got.Name == "Cash", "code": got.Code == "CASH", "isActive": got.IsActive, "installedIntegrationId": got.InstalledIntegrationID == "8",
		"bankAccounts": len(got.BankAccounts) == 1,
	}; err != nil || !want[name] {
		t.Errorf("read %+v, err %v", got, err)
	}
}

func isOfBankAccount(t *testing.T, name string) {
	var got bankAccountBody
	err := wire.Unmarshal([]byte(`{"paymentMethodId":9,"currencyIsoCode":"GBP","bankAccountNominalCode":"1200"}`), &got)
	if want := map[string]bool{
		"paymentMethodId": got.PaymentMethodID.Value == 9, "currencyIsoCode": got.CurrencyISOCode.Value == "GBP", "bankAccountNominalCode": got.BankAccountNominalCode.Value == "1200",
	}; err != nil || !want[name] {
		t.Errorf("read %+v, err %v", got, err)
	}
}

func isAuthorizing(t *testing.T, name string) {
	u, err := url.Parse(AuthorizeURL("acme", "app", "https://app.example/back", "s"))
	want := map[string]string{"response_type": "code", "client_id": "app", "redirect_uri": "https://app.example/back", "state": "s"}
	if err != nil || u.Query().Get(name) != want[name] {
		t.Errorf("url %v", u)
	}
}

// asked returns the form that a token was asked with, and what came of it.
func asked(t *testing.T, refresh bool, status int, answer string) (form url.Values, token Token, err error) {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		err = r.ParseForm()
		form = r.PostForm
		return jsonAnswer(status, answer), err
	})
	config := OAuthConfig{DevRef: "dev", AppRef: "app", ClientSecret: "client-secret"}
	opts := []tenderkit.Option{withTransport(mock)}
	if !refresh {
		token, err = ExchangeCode(ctx(t), config, "acme", "the-code", "https://app.example/back", opts...)
		return form, token, err
	}
	endpoint, err := newTokenEndpoint(config, "acme", nil, opts)
	if err != nil {
		t.Fatal(err)
	}
	token, err = endpoint.refresh(ctx(t), Token{RefreshToken: "r1"})
	return form, token, err
}

func isExchanged(t *testing.T, name string) {
	form, _, _ := asked(t, false, http.StatusOK, `{}`)
	want := map[string]string{
		"grant_type": grantCode, "code": "the-code", "redirect_uri": "https://app.example/back", "client_id": "app", "client_secret": "client-secret",
	}
	if got := form.Get(name); got != want[name] {
		t.Errorf("sent %v", form)
	}
}

func isRefreshed(t *testing.T, name string) {
	form, _, _ := asked(t, true, http.StatusOK, `{}`)
	if want := map[string]string{"grant_type": grantRefresh, "refresh_token": "r1"}; form.Get(name) != want[name] {
		t.Errorf("sent %v", form)
	}
}

func isGrant(t *testing.T, name string) {
	form, _, _ := asked(t, name == "refresh_token", http.StatusOK, `{}`)
	for _, values := range form {
		if slices.Contains(values, name) {
			return
		}
	}
	t.Errorf("sent %v", form)
}

func isOfToken(t *testing.T, name string) {
	_, got, err := asked(t, false, http.StatusOK,
		`{"access_token":"a","refresh_token":"r","installation_instance_id":"13","api_domain":"ws-use.brightpearl.com","token_type":"Bearer","expires_in":604800}`)
	if want := map[string]bool{
		"access_token": got.AccessToken == "a" && err == nil, "refresh_token": got.RefreshToken == "r", "installation_instance_id": got.InstallationInstanceID == "13",
		"api_domain": got.APIDomain == "ws-use.brightpearl.com", "expires_in": !got.Expiry.IsZero(),
	}; !want[name] {
		t.Errorf("read %+v, err %v", got, err)
	}
}

func isOfTokenError(t *testing.T, name string) {
	_, _, err := asked(t, false, http.StatusBadRequest, `{"error_description":"Redirect uri does not match","error":"invalid_grant"}`)
	var e *payment.Error
	if !errors.As(err, &e) || name == "error" && e.Code != "invalid_grant" || name != "error" && e.Code != "" && e.Message != "Redirect uri does not match" {
		t.Errorf("err %v", err)
	}
}

func isOfEnvelope(t *testing.T, name string) {
	answer := map[string]string{"response": `{"response":5}`, "errors": `{"response":5,"errors":[{"code":"X"}]}`}[name]
	client, _ := vendorSays(t, http.StatusOK, answer)
	if id, err := client.CreateCustomerPayment(ctx(t), receipt(t)); (err == nil) != (name == "response") {
		t.Errorf("id %d, err %v", id, err)
	}
}

func isOfNothing(t *testing.T, name string) {
	client, _ := vendorSays(t, http.StatusOK, `{"`+name+`":[]}`)
	if err := client.DeleteCustomerPayment(ctx(t), 1); err != nil {
		t.Error(err)
	}
}

func isOfError(t *testing.T, name string) {
	read := func(answer string) (e payment.Error) {
		readErrors(&transport.Reply{Status: http.StatusBadRequest, Body: []byte(answer)}, &e)
		return e
	}
	var one vendorError
	err := wire.Unmarshal([]byte(`{"code":"CMNC-404","message":"Cannot find"}`), &one)
	listed, said := read(`{"errors":[{"code":"CMNC-404","message":"Cannot find"}]}`), read(`{"response":"Authorization token expired"}`)
	if want := map[string]bool{
		"code": one.Code == "CMNC-404", "message": one.Message == "Cannot find", "errors": listed.Code+listed.Message != "", "response": said.Message == "Authorization token expired",
	}; err != nil || !want[name] {
		t.Errorf("read %+v, %+v, %+v, err %v", one, listed, said, err)
	}
}

func signs(auth Auth) func(*testing.T, string) {
	return func(t *testing.T, name string) {
		_, mock := mocked(t)
		var sent http.Header
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			sent = r.Header
			return jsonAnswer(http.StatusOK, `{"response":[]}`), nil
		})
		client, err := New(Config{Account: "acme", Datacenter: "euw1", Auth: auth}, withTransport(mock))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = all(client.PaymentMethods(ctx(t)))
		if sent.Get(name) == "" {
			t.Errorf("sent %v", sent)
		}
	}
}

func isThrottle(t *testing.T, name string) {
	h := http.Header{"Brightpearl-Requests-Remaining": {"7"}, "Brightpearl-Next-Throttle-Period": {"5000"}}
	left, period, ok := readThrottle(h)
	if want := map[string]bool{"Brightpearl-Requests-Remaining": left == 7, "Brightpearl-Next-Throttle-Period": period == 5*time.Second}; !ok || !want[name] {
		t.Errorf("%d left, for %v, %t", left, period, ok)
	}
}

func isRequestID(t *testing.T, _ string) {
	client, _ := vendorSays(t, http.StatusBadRequest, `{}`)
	_, err := client.PaymentMethod(ctx(t), 1)
	var e *payment.Error
	if !errors.As(err, &e) || e.RequestID != "ruid-1" {
		t.Errorf("err %v", err)
	}
}
