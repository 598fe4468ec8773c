package brightpearltest

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

func TestFilters(t *testing.T) {
	t.Parallel()
	s, _ := shelf(t)
	for _, c := range []struct {
		name, value string
		want        []any
	}{
		{"paymentId", "100,103-104", cells(100, 103, 104)},
		{"paymentId", "9", cells()},
		{"transactionRef", "A/1", cells(100)},
		{"transactionRef", "A/", cells()},
		{"transactionRef", "", cells()},
		{"transactionCode", "CODE0001", cells(100, 102, 103, 104)},
		{"paymentMethodCode", "SAGEPAY_UK", cells(100)},
		{"paymentMethodCode", "sagepay_uk", cells()},
		{"paymentType", "AUTH", cells(103)},
		{"orderId", "2", cells(101, 102)},
		{"orderId", "1.3", cells(100, 103)},
		{"currencyId", "1", cells(100)},
		{"currencyCode", "SEK", cells(104)},
		{"amountAuthorized", "7.00", cells(103)},
		{"amountPaid", "2.5", cells()},
		{"amountPaid", "2.50", cells(102)},
		{"expires", "2026-01-01/", cells(103)},
		{"paymentDate", "2026-01-02/2026-01-04T09:00:00Z", cells(101, 102, 103)},
		{"paymentDate", "2026-01-04T10:00:01+01:00/", cells(100)},
		{"paymentDate", "/2026-01-01T23:59:59.999", cells(104)},
		{"createdOn", "2026-04-17T17:33:08Z/2026-04-17T17:34:08Z", cells(101, 102)},
		{"journalId", "1000", cells(100)},
	} {
		if got := search(t, s, "customer-payment-search", c.name, c.value).first(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s=%s: %v, want %v", c.name, c.value, got, c.want)
		}
	}
	if got := search(t, s, "customer-payment-search", "orderId", "2", "paymentType", "PAYMENT").first(); !reflect.DeepEqual(got, cells(102)) {
		t.Errorf("two filters: %v", got)
	}
}

func TestUnparseableFilters(t *testing.T) {
	t.Parallel()
	s := start(t)
	get(t, s, "customer-payment-search?orderId=BAD+PARAM").
		want(t, 500, `{"errors":[{"code":"CMNC-018","message":"The filter orderId\u003dBAD PARAM cannot be parsed as: IDSET"}]}`)
	for _, query := range []string{
		"orderId=", "paymentId=5-", "journalId=-5", "currencyId=2-1",
		"paymentDate=", "paymentDate=/", "paymentDate=2026-01-01", "createdOn=2026-13-01/", "expires=/x",
		"paymentDate=2026-01-01T00:00:00+01:00/", // the plus sign was not encoded
	} {
		get(t, s, "customer-payment-search?"+query).wantCode(t, 500, "CMNC-018")
	}
}

func TestRefusedQueries(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, query := range []string{
		"exchangeRate=1", "OrderId=1", "orderId=1&orderId=2", "%zz",
		"firstResult=0", "firstResult=x", "pageSize=0", "pageSize=501", "pageSize=",
		"columns=", "columns=paymentId,", "columns=x", "columns=paymentId,journalRef",
		"sort=", "sort=paymentId", "sort=paymentId.UP", "sort=orderId.ASC", "sort=x.ASC", "sort=paymentId.ASC,",
	} {
		get(t, s, "customer-payment-search?"+query).wantCode(t, 400, "SIM-VAL")
	}
}

func TestSort(t *testing.T) {
	t.Parallel()
	s, _ := shelf(t)
	for _, c := range []struct {
		sort string
		want []any
	}{
		{"paymentId.DESC", cells(104, 103, 102, 101, 100)},
		{"paymentId|DESC", cells(104, 103, 102, 101, 100)},
		{"paymentDate.ASC", cells(104, 103, 102, 101, 100)},
		{"createdOn.DESC", cells(104, 103, 102, 101, 100)},
		{"journalId.ASC", cells(101, 102, 103, 104, 100)},
		{"journalId.DESC", cells(100, 101, 102, 103, 104)},
		{"journalId.ASC,paymentId.DESC", cells(104, 103, 102, 101, 100)},
	} {
		got := search(t, s, "customer-payment-search", "sort", c.sort)
		if !reflect.DeepEqual(got.first(), c.want) {
			t.Errorf("%s: %v, want %v", c.sort, got.first(), c.want)
		}
		if n := len(got.Response.MetaData.Sorting); n != strings.Count(c.sort, ",")+1 {
			t.Errorf("%s: %d sortings", c.sort, n)
		}
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	s, _ := shelf(t)
	got := search(t, s, "customer-payment-search", "columns", "currencyId,paymentId,transactionRef", "orderId", "2,4")
	want := [][]any{cells(3, 101, "A/2"), cells(3, 102, nil), cells(nil, 104, "B")}
	if !reflect.DeepEqual(got.Response.Results, want) {
		t.Errorf("rows %v, want %v", got.Response.Results, want)
	}
	if columns := got.Response.MetaData.Columns; len(columns) != 3 || columns[0].Name != "currencyId" {
		t.Errorf("columns %v", columns)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	s, _ := shelf(t)
	for _, c := range []struct {
		first, size string
		want        []any
		more        bool
		firstResult int
		lastResult  int
	}{
		{"1", "2", cells(100, 101), true, 1, 2},
		{"3", "2", cells(102, 103), true, 3, 4},
		{"5", "2", cells(104), false, 5, 5},
		{"6", "2", cells(), false, 0, 0},
		{"1", "5", cells(100, 101, 102, 103, 104), false, 1, 5},
		{"4", "500", cells(103, 104), false, 4, 5},
		{strconv.Itoa(math.MaxInt), "500", cells(), false, 0, 0},
	} {
		got := search(t, s, "customer-payment-search", "firstResult", c.first, "pageSize", c.size)
		meta := got.Response.MetaData
		if !reflect.DeepEqual(got.first(), c.want) || meta.MorePagesAvailable != c.more || meta.FirstResult != c.firstResult ||
			meta.LastResult != c.lastResult || meta.ResultsAvailable != 5 || meta.ResultsReturned != len(c.want) {
			t.Errorf("%s, %s: %v %+v", c.first, c.size, got.first(), meta)
		}
	}
}

func TestDefaultPage(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 501 {
		s.AddPayment(Payment{OrderID: 1})
	}
	meta := search(t, s, "customer-payment-search").Response.MetaData
	if meta.ResultsReturned != 500 || !meta.MorePagesAvailable || meta.ResultsAvailable != 501 {
		t.Errorf("meta %+v", meta)
	}
}

func TestStringMatches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		match StringMatch
		value string
		want  []any
	}{
		{MatchExact, "a/1", cells(103)},
		{MatchIgnoreCase, "a/1", cells(100, 103)},
		{MatchPrefix, "A/", cells(100, 101)},
		{MatchIgnored, "nothing", cells(100, 101, 102, 103, 104)},
	} {
		s, _ := shelf(t, WithFacts(Facts{StringMatch: c.match}))
		if got := search(t, s, "customer-payment-search", "transactionRef", c.value).first(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%d: %v, want %v", c.match, got, c.want)
		}
	}
}
