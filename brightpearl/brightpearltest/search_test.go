package brightpearltest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

// recordedAccount is the emulator in the state of the recorded traffic.
func recordedAccount(t *testing.T) *Server {
	t.Helper()
	s := start(t, WithClock(newClock().Now), WithFacts(Facts{DisplayOffset: -6 * time.Hour}),
		func(s *settings) { s.firstPaymentID, s.firstJournalID = 935253, 3113824 })
	s.AddPaymentMethod(PaymentMethod{Name: "Puntos", Code: "PUNTOS", BankAccounts: []BankAccount{{"CRC", "1200"}}})
	return s
}

func TestRecordedExchange(t *testing.T) {
	t.Parallel()
	s := recordedAccount(t)
	post(t, s, "customer-payment", sample(t, "customer_receipt_recorded.json")).want(t, 200, `{"response":935253}`)
	recorded := sample(t, "customer_search_recorded.json")
	get(t, s, "customer-payment-search?orderId=1081505").want(t, 200, recorded)

	send(t, s, http.MethodDelete, "customer-payment/935253", "", staffHeaders()).want(t, 200, `{}`)
	row := recorded[strings.Index(recorded, `[[`)+1 : strings.Index(recorded, `]]`)+1]
	empty := strings.NewReplacer(row, "", `"resultsAvailable":1`, `"resultsAvailable":0`,
		`"resultsReturned":1`, `"resultsReturned":0`, `"firstResult":1,"lastResult":1,`, "").Replace(recorded)
	get(t, s, "customer-payment-search?orderId=1081505").want(t, 200, empty)
}

// found is a search answer read loosely.
type found struct {
	Response struct {
		Results  [][]any
		MetaData struct {
			MorePagesAvailable                                         bool
			ResultsAvailable, ResultsReturned, FirstResult, LastResult int
			Columns                                                    []struct{ Name string }
			Sorting                                                    []struct{ Direction string }
		}
	}
}

func search(t *testing.T, s *Server, path string, params ...string) (answer found) {
	t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(params); i += 2 {
		values.Set(params[i], params[i+1])
	}
	got := get(t, s, path+"?"+values.Encode())
	if got.status != http.StatusOK {
		t.Fatalf("%s %v: answer %d %s", path, params, got.status, got.body)
	}
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// first lists the first cell of each row.
func (f found) first() []any {
	cells := make([]any, 0, len(f.Response.Results))
	for _, row := range f.Response.Results {
		cells = append(cells, row[0])
	}
	return cells
}

func cells(values ...any) []any {
	all := make([]any, 0, len(values))
	for _, v := range values {
		if n, ok := v.(int); ok {
			v = float64(n)
		}
		all = append(all, v)
	}
	return all
}

// shelf records five payments, 100 to 104, a minute apart.
func shelf(t *testing.T, opts ...Option) (*Server, *clock) {
	t.Helper()
	c := newClock()
	s := start(t, append([]Option{WithClock(c.Now)}, opts...)...)
	for _, replace := range [][]string{
		{"transactionRef", `"A/1"`, "orderId", `1`, "paymentDate", `"2026-01-05"`, "paymentMethodCode", `"sagepay_uk"`, "currencyIsoCode", `"GBP"`},
		{"transactionRef", `"A/2"`, "orderId", `2`, "paymentDate", `"2026-01-04T10:00:00+01:00"`, "transactionCode", ``},
		{"transactionRef", ``, "orderId", `2`, "paymentDate", `"2026-01-03"`, "paymentType", `"PAYMENT"`, "amountPaid", `2.5`},
		{"transactionRef", `"a/1"`, "orderId", `3`, "paymentDate", `"2026-01-02"`, "paymentType", `"AUTH"`, "amountAuthorized", `7`, "authorizationExpiry", `"2026-02-01"`},
		{"transactionRef", `"B"`, "orderId", `4`, "paymentDate", `"2026-01-01"`, "paymentType", `"VOID"`, "amountAuthorized", `7.125`, "currencyIsoCode", `"SEK"`},
	} {
		create(t, s, replace...)
		c.Add(time.Minute)
	}
	return s, c
}

func TestIndexLag(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now), WithFacts(Facts{IndexLag: time.Second}))
	ids := func() []any { return search(t, s, "customer-payment-search").first() }
	create(t, s, "orderId", `9`)
	if got := ids(); len(got) != 0 {
		t.Errorf("at once: %v", got)
	}
	if got := get(t, s, "sale-payment-total/9"); !strings.Contains(got.body, `"amountPaid":100.00`) {
		t.Errorf("totals lag: %s", got.body)
	}
	c.Add(time.Second)
	if got := ids(); len(got) != 1 {
		t.Errorf("after a second: %v", got)
	}
	send(t, s, http.MethodDelete, "customer-payment/100", "", staffHeaders())
	if got := ids(); len(got) != 1 {
		t.Errorf("just deleted: %v", got)
	}
	c.Add(time.Second)
	if got := ids(); len(got) != 0 {
		t.Errorf("a second after the deletion: %v", got)
	}
}

func TestSearchSwitches(t *testing.T) {
	t.Parallel()
	s, _ := shelf(t, WithFacts(Facts{SignedAmounts: true, WrongResultsAvailable: true, IgnoredIDRanges: true, TextIDs: true}))
	got := search(t, s, "customer-payment-search", "columns", "paymentId,amountPaid,amountAuthorized,currencyId", "paymentId", "102-103")
	want := [][]any{
		cells("100", "100.00", "0.00", "1"), cells("101", "100.00", "0.00", "3"), cells("102", "-2.50", "0.00", "3"),
		cells("103", "0.00", "7.00", "3"), cells("104", "0.00", "-7.125", nil),
	}
	if !reflect.DeepEqual(got.Response.Results, want) {
		t.Errorf("rows %v, want %v", got.Response.Results, want)
	}
	if n := got.Response.MetaData.ResultsAvailable; n != 500 {
		t.Errorf("resultsAvailable %d", n)
	}
	if one := search(t, s, "customer-payment-search", "paymentId", "102").first(); len(one) != 1 {
		t.Errorf("a single id is honoured: %v", one)
	}
}

func TestUnsignedAmounts(t *testing.T) {
	t.Parallel()
	s, _ := shelf(t)
	got := search(t, s, "customer-payment-search", "columns", "amountPaid,amountAuthorized", "paymentId", "102,104")
	if want := [][]any{cells("2.50", "0.00"), cells("0.00", "7.125")}; !reflect.DeepEqual(got.Response.Results, want) {
		t.Errorf("rows %v, want %v", got.Response.Results, want)
	}
}

func TestCreatedOnHasWholeSeconds(t *testing.T) {
	t.Parallel()
	c := newClock()
	c.Add(999 * time.Millisecond)
	s := start(t, WithClock(c.Now))
	create(t, s, "paymentDate", `"2016-06-19T12:00:00.25Z"`)
	got := search(t, s, "customer-payment-search", "columns", "createdOn,paymentDate").Response.Results[0]
	if want := cells("2026-04-17T17:32:08.000Z", "2016-06-19T12:00:00.250Z"); !reflect.DeepEqual(got, want) {
		t.Errorf("row %v, want %v", got, want)
	}
}

func TestSupplierSearch(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now), WithFacts(Facts{SignedAmounts: true}))
	post(t, s, "supplier-payment", sample(t, "supplier_payment_documented.json"))
	post(t, s, "supplier-payment", sample(t, "supplier_receipt_documented.json"))
	got := search(t, s, "supplier-payment-search")
	names := make([]string, 0, 11)
	for _, column := range got.Response.MetaData.Columns {
		names = append(names, column.Name)
	}
	if want := "paymentId transactionRef paymentMethodCode paymentType orderId currencyId currencyCode amountPaid paymentDate createdOn journalId"; strings.Join(names, " ") != want {
		t.Errorf("columns %v", names)
	}
	created := "2026-04-17T17:32:08.000Z"
	want := [][]any{
		cells(200, "REF0001", "ACME_PAY", "PAYMENT", 1234, 3, "USD", "50.00", "2016-06-19T12:00:00.000Z", created, nil),
		cells(201, "REF0002", "ACME_PAY", "RECEIPT", 5000, 1, "GBP", "-25.00", "2016-06-19T12:00:00.000Z", created, nil),
	}
	if !reflect.DeepEqual(got.Response.Results, want) {
		t.Errorf("rows %v, want %v", got.Response.Results, want)
	}
	get(t, s, "supplier-payment-search?transactionCode=x").wantCode(t, 400, "SIM-VAL")
}
