package brightpearl_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
)

func find(t *testing.T, client *brightpearl.Client, p payment.Payment) ([]payment.Receipt, error) {
	t.Helper()
	return client.Recorder(brightpearl.RecorderOptions{}).Find(t.Context(), p, nil)
}

// shown stores a payment that sale describes, but for one change, and returns
// its id.
func shown(t *testing.T, server *brightpearltest.Server, change func(*brightpearltest.Payment)) string {
	t.Helper()
	p := brightpearltest.Payment{
		TransactionRef: "till-4711", PaymentMethodCode: "SAGEPAY_UK", PaymentType: "RECEIPT", OrderID: 2002, CurrencyISOCode: "GBP",
		AmountPaid: amount(t, "318.00"), AmountAuthorized: amount(t, "0.00"), PaymentDate: time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
	}
	change(&p)
	return fmt.Sprint(server.AddPayment(p))
}

// What differs is found and named. Without that, the reference would pass for
// free, or the payment for another.
func TestFindNamesWhatDiffers(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	unsure := []string{"?"}
	for name, c := range map[string]struct {
		change func(*brightpearltest.Payment)
		want   []string
	}{
		"nothing":           {func(*brightpearltest.Payment) {}, nil},
		"method in case":    {func(p *brightpearltest.Payment) { p.PaymentMethodCode = "sagepay_uk" }, nil},
		"method":            {func(p *brightpearltest.Payment) { p.PaymentMethodCode = "CASH" }, []string{"Method"}},
		"order":             {func(p *brightpearltest.Payment) { p.OrderID = 8 }, []string{"Target"}},
		"type":              {func(p *brightpearltest.Payment) { p.PaymentType = "PAYMENT" }, []string{"Kind"}},
		"amount":            {func(p *brightpearltest.Payment) { p.AmountPaid = amount(t, "318.01") }, []string{"Amount"}},
		"amount of a float": {func(p *brightpearltest.Payment) { p.AmountPaid = amount(t, "317.99999999999997") }, nil},
		"currency":          {func(p *brightpearltest.Payment) { p.CurrencyISOCode = "USD" }, []string{"Amount"}},
		"withdrawn":         {func(p *brightpearltest.Payment) { p.CurrencyISOCode = "BGN" }, []string{"Amount"}},
		"lower case":        {func(p *brightpearltest.Payment) { p.CurrencyISOCode = "gbp" }, []string{"Amount"}},
		"code":              {func(p *brightpearltest.Payment) { p.TransactionCode = "auth-1" }, []string{"Link"}},
		"time of day":       {func(p *brightpearltest.Payment) { p.PaymentDate = p.PaymentDate.Add(5 * time.Hour) }, nil},
		"a year later":      {func(p *brightpearltest.Payment) { p.PaymentDate = p.PaymentDate.AddDate(1, 0, 0) }, []string{"Date"}},
		"the day before":    {func(p *brightpearltest.Payment) { p.PaymentDate = p.PaymentDate.Add(-day) }, unsure},
		"evening in UTC":    {func(p *brightpearltest.Payment) { p.PaymentDate = time.Date(2024, 12, 2, 23, 0, 0, 0, time.UTC) }, unsure},
		"two days later":    {func(p *brightpearltest.Payment) { p.PaymentDate = p.PaymentDate.Add(2 * day) }, []string{"Date"}},
		"undone":            {func(p *brightpearltest.Payment) { p.AmountPaid = amount(t, "-318.00") }, []string{"Amount"}},
		"amount elsewhere":  {func(p *brightpearltest.Payment) { p.AmountPaid, p.AmountAuthorized = p.AmountAuthorized, p.AmountPaid }, []string{"Amount"}},
		"another journal":   {func(p *brightpearltest.Payment) { p.JournalID, p.JournalRef = 99, "entered by hand" }, nil},
		"several":           {func(p *brightpearltest.Payment) { p.OrderID, p.PaymentMethodCode = 8, "CASH" }, []string{"Method", "Target"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t)
			id := shown(t, server, c.change)
			found, err := find(t, client, sale(t))
			if slices.Equal(c.want, unsure) {
				_, resumed := payment.Resume(t.Context(), client.Recorder(brightpearl.RecorderOptions{}), sale(t), payment.WithPatience(1, 1))
				if !errors.Is(err, payment.ErrProtocol) || !errors.Is(resumed, payment.ErrOutcomeUnknown) || errors.Is(resumed, payment.ErrConflict) || len(server.Payments()) != 1 {
					t.Errorf("found %v, err %v; resumed: %v", found, err, resumed)
				}
				return
			}
			if err != nil || len(found) != 1 || found[0].ID != id || !found[0].AlreadyRecorded || !slices.Equal(found[0].Differs, c.want) {
				t.Fatalf("found %v, err %v; want differences in %v", found, err, c.want)
			}
			if len(c.want) == 0 && !found[0].Amount.Equal(sale(t).Amount) {
				t.Errorf("amount %v", found[0].Amount)
			}
			_, err = payment.Resume(t.Context(), client.Recorder(brightpearl.RecorderOptions{}), sale(t), payment.WithPatience(1, 1))
			if conflict := errors.Is(err, payment.ErrConflict); conflict != (len(c.want) > 0) || errors.Is(err, payment.ErrInvalid) {
				t.Errorf("err %v", err)
			}
		})
	}
}

// Everything under the reference is found, on any order and under any method.
func TestFindShowsAll(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	want := []string{
		shown(t, server, func(*brightpearltest.Payment) {}),
		shown(t, server, func(p *brightpearltest.Payment) { p.PaymentMethodCode = "CASH" }),
		shown(t, server, func(p *brightpearltest.Payment) { p.OrderID = 8 }),
	}
	shown(t, server, func(p *brightpearltest.Payment) { p.TransactionRef = "till-4712" })
	found, err := find(t, client, sale(t))
	var ids []string
	for _, r := range found {
		ids = append(ids, r.ID)
	}
	if err != nil || !slices.Equal(ids, want) {
		t.Errorf("found %v, err %v; want %v", ids, err, want)
	}
	_, err = payment.Resume(t.Context(), client.Recorder(brightpearl.RecorderOptions{}), sale(t), payment.WithPatience(1, 1))
	if !errors.Is(err, payment.ErrRecordedTwice) {
		t.Errorf("err %v", err)
	}
}

// A row with our reference that lacks currency, amount or date is a conflict or
// this payment, never bad input and never "none".
func TestFindOfHalfARow(t *testing.T) {
	t.Parallel()
	const columns = `"metaData":{"columns":[{"name":"paymentId"},{"name":"transactionRef"},{"name":"transactionCode"},{"name":"paymentMethodCode"},
		{"name":"paymentType"},{"name":"orderId"},{"name":"currencyId"},{"name":"currencyCode"},{"name":"amountAuthorized"},{"name":"amountPaid"},
		{"name":"expires"},{"name":"paymentDate"},{"name":"createdOn"},{"name":"journalId"}]}`
	for row, want := range map[string][]string{
		`[7,"till-4711",null,"SAGEPAY_UK","RECEIPT",2002,1,null,"0.00","318.00",null,"2024-12-03T18:30:00Z",null,null]`:       {"Amount"},
		`[7,"till-4711",null,"SAGEPAY_UK","RECEIPT",2002,1,"GBP",null,null,null,"2024-12-03T18:30:00Z",null,null]`:            {"Amount"},
		`[7,"till-4711",null,null,null,null,1,"GBP",null,"318.00",null,"2024-12-03T18:30:00Z",null,null]`:                     {"Kind", "Method", "Target"},
		`[7,"till-4711",null,"SAGEPAY_UK","RECEIPT",2002,1,"GBP","0.00","318.00",null,null,null,null]`:                        nil,
		`[7,"till-4711",null,"SAGEPAY_UK","RECEIPT",2002,{},"GBP","0.00","318.00",{},"0000-00-00","?",true]`:                  nil,
		`[7,"till-4711","","SAGEPAY_UK","RECEIPT","2002",1,"GBP","0.00",318,null,"2024-12-03T10:30:00",null,null]`:            nil,
		`[7,"till-4711",null,"SAGEPAY_UK","RECEIPT",2002,1,"GBP","0.00","318.00",null,"2024-12-01T10:30:00",null,null]`:       {"Date"},
		`[7,"till-4711",null,"SAGEPAY_UK","RECEIPT",2002,1,"GBP","0.00","318.00",null,"2024-12-04T07:30:00+13:00",null,null]`: nil,
		`[7,"till-4711",12,"SAGEPAY_UK","RECEIPT",2002,1,"GBP","0.00","318.00",null,"2024-12-03T18:30:00Z",null,null]`:        {"Link"},
		`[7,"till-4711",null,34,"RECEIPT",2002,1,"GBP","0.00","318.00",null,"2024-12-03T18:30:00Z",null,null]`:                {"Method"},
		`[7,"till-4711",null,"SAGEPAY_UK",5,2002,1,7,"0.00","318.00",null,"2024-12-03T18:30:00Z",null,null]`:                  {"Kind", "Amount"},
	} {
		client := answered(t, jsonBody(`{"response":{"results":[`+row+`],`+columns+`}}`))
		found, err := find(t, client, sale(t))
		if err != nil || len(found) != 1 || !slices.Equal(found[0].Differs, want) {
			t.Errorf("%s: found %v, err %v; want differences in %v", row, found, err, want)
		}
	}
}

// oneRow is the answer of a search that finds one row of all columns.
func oneRow(row string) string {
	return `{"response":{"results":[` + row + `],"metaData":{"columns":[{"name":"paymentId"},{"name":"transactionRef"},{"name":"transactionCode"},
		{"name":"paymentMethodCode"},{"name":"paymentType"},{"name":"orderId"},{"name":"currencyId"},{"name":"currencyCode"},{"name":"amountAuthorized"},
		{"name":"amountPaid"},{"name":"expires"},{"name":"paymentDate"},{"name":"createdOn"},{"name":"journalId"}]}}}`
}

// What stands in the rows of other payments costs no lookup, as long as their
// references can be read. A list has no such excuse.
func TestFindAmongOddRows(t *testing.T) {
	t.Parallel()
	for row, ok := range map[string]bool{
		`[7,"other",null,"CASH","RECEIPT",2002,1,"GBP","0.00","1,234.50",null,"2024-12-03T18:30:00Z",null,null]`: true,
		`[7,"other",null,"CASH","RECEIPT",2002,1,"GBP","0.00",{},null,"2024-12-03T18:30:00Z",null,null]`:         true,
		`[7,"other",{},[],true,{},{},7,[],[],[],[],[],[]]`:                                                       true,
		`[7,4712,null,"CASH","RECEIPT",2002,1,"GBP","0.00","1.00",null,"2024-12-03T18:30:00Z",null,null]`:        true,
		`[7,null,null,"CASH","RECEIPT",2002,1,"GBP","0.00",{},null,"2024-12-03T18:30:00Z",null,null]`:            true,
		`[7,{},null,"CASH","RECEIPT",2002,1,"GBP","0.00","1.00",null,"2024-12-03T18:30:00Z",null,null]`:          false,
		`[{},"other",null,"CASH","RECEIPT",2002,1,"GBP","0.00","1.00",null,"2024-12-03T18:30:00Z",null,null]`:    false,
		`[7,"till-4711",null,"CASH","RECEIPT",2002,1,"GBP","0.00",{},null,"2024-12-03T18:30:00Z",null,null]`:     false,
		`[7,"till-4711",null,"CASH","RECEIPT",2002,1,"GBP","0.00","1,0",null,"2024-12-03T18:30:00Z",null,null]`:  false,
		`[7,"till-4711",null,"CASH","RECEIPT",true,1,"GBP","0.00","1.00",null,"2024-12-03T18:30:00Z",null,null]`: false,
	} {
		found, err := find(t, answered(t, jsonBody(oneRow(row))), sale(t))
		if (err == nil) != ok || len(found) != 0 || !ok && !errors.Is(err, payment.ErrProtocol) {
			t.Errorf("%s: found %v, err %v", row, found, err)
		}
	}
	listed := answered(t, jsonBody(oneRow(`[7,"other",null,"CASH","RECEIPT",2002,1,"GBP","0.00","1,234.50",null,null,null,null]`)))
	if _, err := collect(t.Context(), listed, brightpearl.CustomerPaymentFilter{}); !errors.Is(err, payment.ErrProtocol) {
		t.Errorf("listed: %v", err)
	}
	number := sale(t)
	number.Reference = "4711"
	found, err := find(t, answered(t, jsonBody(oneRow(`[7,4711,null,"SAGEPAY_UK","RECEIPT",2002,1,"GBP","0.00",318,null,"2024-12-03T18:30:00Z",null,null]`))), number)
	if err != nil || len(found) != 1 || len(found[0].Differs) > 0 {
		t.Errorf("a reference as a number: found %v, err %v", found, err)
	}
}

// Whether the vendor keeps letter case and blanks of a reference is unknown: one
// that differs in nothing else is no "none", and not this payment either.
func TestFindOfAChangedReference(t *testing.T) {
	t.Parallel()
	for _, changed := range []string{"TILL-4711", "Till-4711", " till-4711", "till-4711 ", "till-4711\t"} {
		server, client := emulated(t)
		shown(t, server, func(p *brightpearltest.Payment) { p.TransactionRef = changed })
		found, err := find(t, client, sale(t))
		if err != nil || len(found) != 1 || found[0].Reference != changed {
			t.Errorf("%q: found %v, err %v", changed, found, err)
		}
		_, err = payment.Once(t.Context(), client.Recorder(brightpearl.RecorderOptions{}), sale(t), payment.WithPatience(1, 1))
		var conflict *payment.ConflictError
		if !errors.As(err, &conflict) || !slices.Contains(conflict.Fields, "Reference") || len(server.Payments()) != 1 {
			t.Errorf("%q: %v, %d payments", changed, err, len(server.Payments()))
		}
	}
	server, client := emulated(t)
	shown(t, server, func(p *brightpearltest.Payment) { p.TransactionRef = "TILL-4711" })
	id := shown(t, server, func(*brightpearltest.Payment) {})
	if found, err := find(t, client, sale(t)); err != nil || len(found) != 1 || found[0].ID != id {
		t.Errorf("beside the reference itself: found %v, err %v", found, err)
	}
	server, client = emulated(t)
	shown(t, server, func(p *brightpearltest.Payment) { p.TransactionRef = "till-4711-2" })
	if found, err := find(t, client, sale(t)); err != nil || len(found) != 0 {
		t.Errorf("a longer reference: found %v, err %v", found, err)
	}
}

func TestFindOnAnotherOrder(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	fill(t, server, 3) // on order 7
	p := sale(t)
	p.Reference, p.Target = "ref-2", "8"
	found, err := find(t, client, p)
	if err != nil || len(found) != 1 || found[0].Reference != "ref-2" || !slices.Contains(found[0].Differs, "Target") {
		t.Errorf("found %+v, err %v", found, err)
	}
}

// A vendor that ignores the filter on references would show the whole account:
// no more than a page of it is read.
func TestFindReadsOnePageByReference(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, brightpearltest.WithFacts(brightpearltest.Facts{StringMatch: brightpearltest.MatchIgnored}))
	fill(t, server, 1001)
	p := sale(t)
	p.Reference, p.Target = "ref-1000", "8"
	found, err := find(t, client, p)
	if n := server.Count(brightpearltest.OpCustomerPayments); err != nil || len(found) != 0 || n != 2 {
		t.Errorf("%d requests, found %v, err %v; want one by order and one by reference", n, found, err)
	}
}

// All payments of the order are read, once each.
func TestFindReadsAWholeOrder(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	fill(t, server, 1501) // on order 7
	p := sale(t)
	p.Reference, p.Target = "ref-1500", "7"
	found, err := find(t, client, p)
	if n := server.Count(brightpearltest.OpCustomerPayments); err != nil || len(found) != 1 || n != 4+1 {
		t.Errorf("%d requests, found %v, err %v", n, found, err)
	}
}

// Only empty results are "none". A 404 is not, whoever answers it, and an
// answer without a column is not either.
func TestFindTakesOnlyTheSearchsWord(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"gateway's 404": http.NotFound,
		"vendor's 404": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"errors":[{"code":"CMNC-404","message":"Cannot find the resource"}]}`))
		},
		"column":     jsonBody(`{"response":{"results":[[1,2002]],"metaData":{"columns":[{"name":"paymentId"},{"name":"orderId"}]}}}`),
		"no content": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
	} {
		found, err := find(t, answered(t, handler), sale(t))
		if !errors.Is(err, payment.ErrProtocol) || errors.Is(err, payment.ErrNotFound) || found != nil {
			t.Errorf("%s: found %v, err %v", name, found, err)
		}
	}
}
