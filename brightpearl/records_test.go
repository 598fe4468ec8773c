package brightpearl_test

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// sideOf returns what a side holds, one line a record, and the error that ended it.
func sideOf(side iter.Seq2[reconcile.Record, error]) (lines []string, err error) {
	for r, err := range side {
		if err != nil {
			return lines, err
		}
		lines = append(lines, fmt.Sprintf("%s %q %s %v %v %q %q %q; %s", r.ID, r.Reference, r.Kind, r.Amount, r.Date, r.Method, r.Target, r.Reverses, r.Source))
	}
	return lines, nil
}

// recordsOf answers one search and returns its records, and what was asked.
func recordsOf(t *testing.T, answer string, f brightpearl.CustomerPaymentFilter, zone *time.Location) (lines []string, query string, err error) {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		query = r.URL.RawQuery
		resp := httpmock.NewStringResponse(http.StatusOK, answer)
		resp.Header.Set("Content-Type", "application/json;charset=UTF-8")
		return resp, nil
	})
	client := connect(t, brightpearl.Config{Account: "acme", Datacenter: "euw1", Auth: brightpearl.StaffToken("acme_till", "staff-token")},
		tenderkit.WithHTTPClient(&http.Client{Transport: mock}))
	lines, err = sideOf(client.Records(t.Context(), f, zone))
	return lines, query, err
}

func TestRecordsOfRecordedAnswer(t *testing.T) {
	t.Parallel()
	answer, err := os.ReadFile("testdata/customer_search_recorded.json")
	if err != nil {
		t.Fatal(err)
	}
	day := payment.Date{Year: 2026, Month: 4, Day: 17}
	costaRica := time.FixedZone("CST", -6*60*60)
	lines, query, err := recordsOf(t, string(answer), brightpearl.CustomerPaymentFilter{PaymentDate: brightpearl.Days(day, day, costaRica)}, nil)
	want := []string{`935253 "RUBY-BP-RECEIPT-REF-0001" sale 100.00 CRC 2026-04-17 "PUNTOS" "1081505" ""; payment 935253, journal 3113824`}
	if err != nil || !slices.Equal(lines, want) {
		t.Errorf("%v, %v", lines, err)
	}
	const asked = "columns=paymentId%2CtransactionRef%2CpaymentMethodCode%2CpaymentType%2CorderId%2CcurrencyCode%2CamountAuthorized%2CamountPaid%2CpaymentDate%2CjournalId" +
		"&firstResult=1&pageSize=500&paymentDate=2026-04-17T00%3A00%3A00-06%3A00%2F2026-04-17T23%3A59%3A59-06%3A00"
	if query != asked {
		t.Errorf("asked %s", query)
	}
	lines, _, err = recordsOf(t, string(answer), brightpearl.CustomerPaymentFilter{OrderID: 1081505}, time.FixedZone("", 9*60*60))
	if err != nil || len(lines) != 1 || !strings.Contains(lines[0], " 2026-04-18 ") {
		t.Errorf("in another zone: %v, %v", lines, err)
	}
}

// A row that cannot be a payment ends the stream: it is never left out.
func TestRecordsRefuseRows(t *testing.T) {
	t.Parallel()
	const columns = `"metaData":{"morePagesAvailable":false,"columns":[{"name":"paymentId"},{"name":"transactionRef"},{"name":"paymentMethodCode"},{"name":"paymentType"},` +
		`{"name":"orderId"},{"name":"currencyCode"},{"name":"amountAuthorized"},{"name":"amountPaid"},{"name":"paymentDate"},{"name":"journalId"}]}`
	const good = `[1,"R1","CARD","PAYMENT",7,"GBP","0.00",-10.399999999999999,"2026-05-04T23:30:00Z",null]`
	for row, reason := range map[string]string{
		`[2,"R2","CARD","MOVE",7,"GBP","0.00","1.00","2026-05-04T12:00:00Z",null]`:   "payment 2: its type is not known",
		`[2,"R2","CARD","RECEIPT",7,"???","0.00","1.00","2026-05-04T12:00:00Z",1]`:   "payment 2: its amount is not set, or its currency is not known",
		`[2,"R2","CARD","RECEIPT",7,"GBP","0.00",null,"2026-05-04T12:00:00Z",1]`:     "payment 2: its amount is not set, or its currency is not known",
		`[2,"R2","CARD","RECEIPT",7,"GBP","0.00","1.00",null,1]`:                     "payment 2: its date is not set",
		`[2,"R2","CARD","RECEIPT",7,"GBP","0.00","1.00","2026-05-04T12:00:00Z","x"]`: "",
	} {
		lines, _, err := recordsOf(t, `{"response":{"results":[`+good+","+row+`],`+columns+`}}`, brightpearl.CustomerPaymentFilter{}, nil)
		if reason == "" { // the journal is not what a payment rests on
			if err != nil || len(lines) != 2 {
				t.Errorf("%s: %v, %v", row, lines, err)
			}
			continue
		}
		if !errors.Is(err, payment.ErrProtocol) || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v", row, err)
		}
		if want := `1 "R1" refund 10.40 GBP 2026-05-04 "CARD" "7" ""; payment 1, no journal`; len(lines) != 1 || lines[0] != want {
			t.Errorf("%v", lines)
		}
	}
}

// The vendor's user interface undoes a payment with a negative one.
func TestRecordsOfUndonePayments(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]payment.Kind{"RECEIPT": payment.Refund, "CAPTURE": payment.Refund, "AUTH": payment.Void, "PAYMENT": payment.Refund, "VOID": payment.Void} {
		server, client := emulated(t)
		minus := amount(t, "-10.40")
		server.AddPayment(brightpearltest.Payment{
			TransactionRef: "R", PaymentMethodCode: "CASH", PaymentType: kind, OrderID: 7, CurrencyISOCode: "GBP", AmountPaid: minus, AmountAuthorized: minus,
			PaymentDate: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC),
		})
		records, err := all(client.Records(t.Context(), brightpearl.CustomerPaymentFilter{}, nil))
		if err != nil || len(records) != 1 || records[0].Kind != want || records[0].Amount.String() != "10.40 GBP" {
			t.Errorf("%s: %v, err %v", kind, records, err)
		}
	}
}

// All kinds, over two pages and in both signs; deleted payments are gone.
func TestRecordsOfEmulator(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, brightpearltest.WithFacts(brightpearltest.Facts{SignedAmounts: true}))
	day := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for i, kind := range []string{"RECEIPT", "PAYMENT", "AUTH", "CAPTURE", "VOID", "RECEIPT"} {
		p := brightpearltest.Payment{
			TransactionRef: fmt.Sprint("R", i), PaymentMethodCode: "SAGEPAY_UK", PaymentType: kind, OrderID: 7, CurrencyISOCode: "GBP",
			AmountPaid: amount(t, "10.40"), AmountAuthorized: amount(t, "0"), PaymentDate: day.AddDate(0, 0, i/5),
		}
		if kind == "AUTH" || kind == "VOID" {
			p.AmountPaid, p.AmountAuthorized = p.AmountAuthorized, p.AmountPaid
		}
		server.AddPayment(p)
	}
	today := payment.DateOf(day)
	f := brightpearl.CustomerPaymentFilter{PaymentDate: brightpearl.Days(today, today, nil), Paging: brightpearl.Paging{PageSize: 2}}
	var kinds []payment.Kind
	for r, err := range client.Records(t.Context(), f, nil) {
		if err != nil {
			t.Fatal(err)
		}
		if kinds = append(kinds, r.Kind); r.Amount.String() != "10.40 GBP" || r.Account.Tenant == "" || strings.Contains(r.Source, "journal") == (r.Kind == payment.Authorization || r.Kind == payment.Void) {
			t.Errorf("%v: %s", r, r.Source)
		}
	}
	if !slices.Equal(kinds, []payment.Kind{payment.Sale, payment.Refund, payment.Authorization, payment.Capture, payment.Void}) {
		t.Errorf("%v", kinds)
	}
	server.Close()
	if lines, err := sideOf(client.Records(t.Context(), f, nil)); err == nil || len(lines) > 0 {
		t.Errorf("no vendor: %v, %v", lines, err)
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Skip(err)
	}
	spring, last := payment.Date{Year: 2026, Month: 3, Day: 29}, payment.Date{Year: 2026, Month: 12, Day: 31}
	for want, p := range map[string]brightpearl.Period{
		"2026-03-29T00:00:00+01:00/2026-03-29T23:59:59+02:00": brightpearl.Days(spring, spring, oslo),
		"2026-03-29T00:00:00+00:00/2026-12-31T23:59:59+00:00": brightpearl.Days(spring, last, nil),
		"/2026-12-31T23:59:59+00:00":                          brightpearl.Days(payment.Date{}, last, nil),
		"2026-03-29T00:00:00+00:00/":                          brightpearl.Days(spring, payment.Date{}, nil),
	} {
		if p.String() != want {
			t.Errorf("%v, want %s", p, want)
		}
	}
}
