package brightpearl_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
)

// fill stores n payments on order 7 and returns their ids.
func fill(t *testing.T, server *brightpearltest.Server, n int) []int64 {
	t.Helper()
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = server.AddPayment(brightpearltest.Payment{
			TransactionRef: fmt.Sprintf("ref-%d", i), PaymentMethodCode: "CASH", PaymentType: "RECEIPT", OrderID: 7,
			CurrencyISOCode: "GBP", AmountPaid: amount(t, "1.00"), AmountAuthorized: amount(t, "0.00"),
			PaymentDate: time.Date(2024, 12, 3, 18, 30, i%60, 0, time.UTC),
		})
	}
	return ids
}

func collect(ctx context.Context, c *brightpearl.Client, f brightpearl.CustomerPaymentFilter) (ids []int64, err error) {
	for p, err := range c.CustomerPayments(ctx, f) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, p.PaymentID)
	}
	return ids, nil
}

func TestSearchStreamsAllPages(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]brightpearltest.Option{nil, {brightpearltest.WithFacts(brightpearltest.Facts{WrongResultsAvailable: true})}, {brightpearltest.WithFacts(brightpearltest.Facts{TextIDs: true})}} {
		server, client := emulated(t, opts...)
		want := fill(t, server, 23)
		got, err := collect(t.Context(), client, brightpearl.CustomerPaymentFilter{OrderID: 7, Paging: brightpearl.Paging{PageSize: 5}})
		if err != nil || len(got) != len(want) || got[0] != want[0] || got[22] != want[22] {
			t.Errorf("got %d of %d, err %v", len(got), len(want), err)
		}
		if n := server.Count(brightpearltest.OpCustomerPayments); n != 5 {
			t.Errorf("%d requests, want 5", n)
		}
	}
}

func TestSearchLeftEarly(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	fill(t, server, 23)
	for range client.CustomerPayments(t.Context(), brightpearl.CustomerPaymentFilter{Paging: brightpearl.Paging{PageSize: 5}}) {
		break
	}
	if n := server.Count(brightpearltest.OpCustomerPayments); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

func TestSearchFilters(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	ids := fill(t, server, 10)
	at := time.Date(2024, 12, 3, 18, 30, 3, 0, time.UTC)
	for name, c := range map[string]struct {
		filter brightpearl.CustomerPaymentFilter
		want   int
	}{
		"all":           {brightpearl.CustomerPaymentFilter{}, 10},
		"one id":        {brightpearl.CustomerPaymentFilter{PaymentID: ids[4]}, 1},
		"range":         {brightpearl.CustomerPaymentFilter{PaymentIDs: brightpearl.IDSet{{From: ids[2], To: ids[5]}}}, 4},
		"set and range": {brightpearl.CustomerPaymentFilter{PaymentIDs: brightpearl.IDSet{{From: ids[0], To: ids[0]}, {From: ids[8], To: ids[9]}}}, 3},
		"reference":     {brightpearl.CustomerPaymentFilter{TransactionRef: "ref-3"}, 1},
		"method":        {brightpearl.CustomerPaymentFilter{PaymentMethodCode: "CASH", PaymentType: brightpearl.TypeReceipt}, 10},
		"other order":   {brightpearl.CustomerPaymentFilter{OrderID: 8}, 0},
		"from":          {brightpearl.CustomerPaymentFilter{PaymentDate: brightpearl.Period{From: at}}, 7},
		"to":            {brightpearl.CustomerPaymentFilter{PaymentDate: brightpearl.Period{To: at}}, 4},
		"from to":       {brightpearl.CustomerPaymentFilter{PaymentDate: brightpearl.Period{From: at, To: at}}, 1},
		"currency":      {brightpearl.CustomerPaymentFilter{CurrencyCode: "GBP", CurrencyID: 1}, 10},
		"amount":        {brightpearl.CustomerPaymentFilter{AmountPaid: amount(t, "1.00")}, 10},
		"some columns": {brightpearl.CustomerPaymentFilter{OrderID: 7,
			Paging: brightpearl.Paging{Columns: []string{"paymentId", "amountPaid"}, Sort: []string{"paymentId.DESC"}, FirstResult: 4}}, 7},
	} {
		got, err := collect(t.Context(), client, c.filter)
		if err != nil || len(got) != c.want {
			t.Errorf("%s: %d rows, err %v; want %d", name, len(got), err, c.want)
		}
	}
}

// A vendor that ignores a filter must not look like one that found something.
func TestSearchWithIgnoredFilter(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]brightpearltest.Option{
		"text": brightpearltest.WithFacts(brightpearltest.Facts{StringMatch: brightpearltest.MatchIgnored}), "ids": brightpearltest.WithFacts(brightpearltest.Facts{IgnoredIDRanges: true}),
	} {
		server, client := emulated(t, opt)
		ids := fill(t, server, 3)
		filter := brightpearl.CustomerPaymentFilter{TransactionRef: "ref-1"}
		if name == "ids" {
			filter = brightpearl.CustomerPaymentFilter{PaymentIDs: brightpearl.IDSet{{From: ids[1], To: ids[2]}}}
		}
		got, err := collect(t.Context(), client, filter)
		if !errors.Is(err, payment.ErrProtocol) || !strings.Contains(err.Error(), "filter not honoured") || len(got) != 0 {
			t.Errorf("%s: %d rows, err %v", name, len(got), err)
		}
		filter.TrustFilters = true
		if got, err = collect(t.Context(), client, filter); err != nil || len(got) != 3 {
			t.Errorf("%s trusted: %d rows, err %v", name, len(got), err)
		}
	}
}

func TestSearchErrorEndsTheStream(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	fill(t, server, 10)
	server.Close()
	rows := 0
	for _, err := range client.CustomerPayments(t.Context(), brightpearl.CustomerPaymentFilter{}) {
		if !errors.Is(err, payment.ErrUnavailable) {
			t.Errorf("err %v", err)
		}
		rows++
	}
	if rows != 1 {
		t.Errorf("%d rows", rows)
	}
}

// searched returns the error of a search for three columns that gets this answer.
func searched(t *testing.T, answer string) ([]int64, error) {
	t.Helper()
	return collect(t.Context(), answered(t, jsonBody(answer)), brightpearl.CustomerPaymentFilter{
		Paging: brightpearl.Paging{Columns: []string{"paymentId", "amountPaid", "createdOn"}},
	})
}

func TestSearchAnswersThatAreRefused(t *testing.T) {
	t.Parallel()
	const columns = `"columns":[{"name":"paymentId"},{"name":"amountPaid"},{"name":"createdOn"}]`
	for name, c := range map[string]struct{ answer, place string }{
		"short row":     {`{"response":{"results":[[1,"1.00",null],[2,"1.00"]],"metaData":{` + columns + `}}}`, "results[1]"},
		"long row":      {`{"response":{"results":[[1,"1.00",null,4]],"metaData":{` + columns + `}}}`, "results[0]"},
		"row no list":   {`{"response":{"results":[{"paymentId":1}],"metaData":{` + columns + `}}}`, "results[0]"},
		"amount":        {`{"response":{"results":[[1,"1,00",null]],"metaData":{` + columns + `}}}`, "results[0]: amountPaid"},
		"id":            {`{"response":{"results":[["x","1.00",null]],"metaData":{` + columns + `}}}`, "results[0]: paymentId"},
		"id fraction":   {`{"response":{"results":[[1.5,"1.00",null]],"metaData":{` + columns + `}}}`, "results[0]: paymentId"},
		"no id":         {`{"response":{"results":[[null,"1.00",null]],"metaData":{` + columns + `}}}`, "results[0]: paymentId"},
		"column twice":  {`{"response":{"results":[[1,"1.00",null,"2.00"]],"metaData":{"columns":[{"name":"paymentId"},{"name":"amountPaid"},{"name":"createdOn"},{"name":"amountPaid"}]}}}`, "columns[3]"},
		"name twice":    {`{"response":{"results":[],"results":[[1,"1.00",null]],"metaData":{` + columns + `}}}`, "$.response.results"},
		"answer twice":  {`{"response":{"results":[],"metaData":{` + columns + `}},"response":{"results":[],"metaData":{` + columns + `}}}`, "$.response"},
		"no metaData":   {`{"response":{"results":[]}}`, "metaData"},
		"no results":    {`{"response":{"metaData":{` + columns + `}}}`, "results"},
		"far ahead":     {`{"response":{"results":[],"metaData":{"morePagesAvailable":true,"lastResult":9223372036854775807,` + columns + `}}}`, "lastResult"},
		"no advance":    {`{"response":{"results":[],"metaData":{"morePagesAvailable":true,"lastResult":0,` + columns + `}}}`, "lastResult"},
		"column gone":   {`{"response":{"results":[[1,"1.00"]],"metaData":{"columns":[{"name":"paymentId"},{"name":"amountPaid"}]}}}`, "columns: createdOn"},
		"no columns":    {`{"response":{"results":[[]],"metaData":{"columns":[]}}}`, "columns: paymentId"},
		"results is {}": {`{"response":{"results":{},"metaData":{` + columns + `}}}`, "$.response.results"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := searched(t, c.answer)
			if !errors.Is(err, payment.ErrProtocol) || !strings.Contains(err.Error(), c.place) {
				t.Errorf("err %v, want one at %s", err, c.place)
			}
		})
	}
}

func TestZonelessTimesAreNoted(t *testing.T) {
	t.Parallel()
	client := answered(t, jsonBody(`{"response":{"results":[[1,"2026-04-17T10:00:00","2026-04-17T10:00:00+0000"]],
		"metaData":{"columns":[{"name":"paymentId"},{"name":"createdOn"},{"name":"paymentDate"}]}}}`))
	filter := brightpearl.CustomerPaymentFilter{Paging: brightpearl.Paging{Columns: []string{"paymentId", "createdOn", "paymentDate"}}}
	for p, err := range client.CustomerPayments(t.Context(), filter) {
		if err != nil {
			t.Fatal(err)
		}
		if !p.CreatedOn.Equal(p.PaymentDate) || len(p.Zoneless) != 1 || p.Zoneless[0] != "createdOn" {
			t.Errorf("got %+v", p)
		}
	}
}

// No payment rests on these columns: another form of them does not cost the
// row. It does when the search filters on them.
func TestUnreadCells(t *testing.T) {
	t.Parallel()
	client := answered(t, jsonBody(`{"response":{"results":[[1,"1.00","yesterday","0000-00-00",{},[4]],["2",2.00,7,null,"2","3"]],
		"metaData":{"columns":[{"name":"paymentId"},{"name":"amountPaid"},{"name":"createdOn"},{"name":"paymentDate"},{"name":"currencyId"},{"name":"journalId"}]}}}`))
	filter := brightpearl.CustomerPaymentFilter{Paging: brightpearl.Paging{
		Columns: []string{"paymentId", "amountPaid", "createdOn", "paymentDate", "currencyId", "journalId"}}}
	got, err := all(client.CustomerPayments(t.Context(), filter))
	if err != nil || len(got) != 2 {
		t.Fatalf("%d rows, err %v", len(got), err)
	}
	for i, unread := range [][]string{{"currencyId", "paymentDate", "createdOn", "journalId"}, {"createdOn"}} {
		if p := got[i]; p.PaymentID != int64(i+1) || !p.AmountPaid.IsSet() || !p.CreatedOn.IsZero() || !slices.Equal(p.Unread, unread) {
			t.Errorf("row %d: %+v", i, p)
		}
	}
	if raw := string(got[0].Raw); raw != `[1,"1.00","yesterday","0000-00-00",{},[4]]` {
		t.Errorf("raw %s", raw)
	}
	if got[1].CurrencyID != 2 || got[1].JournalID != 3 {
		t.Errorf("ids as text: %+v", got[1])
	}
	filter.CreatedOn = brightpearl.Period{From: time.Unix(1, 0)}
	if _, err := all(client.CustomerPayments(t.Context(), filter)); !errors.Is(err, payment.ErrProtocol) || !strings.Contains(err.Error(), "results[0]: createdOn") {
		t.Errorf("err %v", err)
	}
}

// The vendor was seen to refuse ids that do not ascend.
func TestIDSetIsSentAscending(t *testing.T) {
	t.Parallel()
	set := brightpearl.IDSet{{From: 9, To: 9}, {From: 4, To: 6}, {From: 1, To: 1}}
	if got := set.String(); got != "1,4-6,9" || set[0].From != 9 {
		t.Errorf("sent %s of %v", got, []brightpearl.IDRange(set))
	}
	for want, set := range map[string]brightpearl.IDSet{
		"4,9":     brightpearl.IDs(9, 4, 4, 9),
		"1,2,3":   brightpearl.IDs(3, 1, 2), // ranges were seen to be ignored: none is made of single ids
		"1-9":     {{From: 5, To: 9}, {From: 1, To: 7}},
		"1-7,8-9": {{From: 8, To: 9}, {From: 1, To: 7}, {From: 5, To: 5}, {From: 7, To: 7}},
		"1-12,14": {{From: 14, To: 14}, {From: 1, To: 12}, {From: 3, To: 4}, {From: 2, To: 10}},
	} {
		if got := set.String(); got != want {
			t.Errorf("sent %s, want %s", got, want)
		}
	}
}
