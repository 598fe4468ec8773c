package backendpay

import (
	"iter"
	"maps"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// Every parameter of the documentation, by its documented name and form, on
// both lists of payments.
func TestFilterParameters(t *testing.T) {
	t.Parallel()
	at := instant(t, "2024-11-25T09:30:00.999999999+01:00")
	const sent = "2024-11-25T08:30:00Z" // UTC, the fraction cut down
	for name, c := range map[string]struct {
		filter PaymentFilter
		want   url.Values
	}{
		"nothing":         {PaymentFilter{}, url.Values{}},
		"reversed":        {PaymentFilter{Reversed: true}, url.Values{"reversed": {"true"}}},
		"includeReversed": {PaymentFilter{IncludeReversed: true}, url.Values{"includeReversed": {"true"}}},
		"both flags":      {PaymentFilter{Reversed: true, IncludeReversed: true}, url.Values{"reversed": {"true"}, "includeReversed": {"true"}}},
		"reversed dates without a flag": {PaymentFilter{MinReversedDate: day(2024, 11, 5), MaxReversedDate: day(2024, 11, 6)},
			url.Values{"minReversedDate": {"2024-11-05"}, "maxReversedDate": {"2024-11-06"}}},
		"reversedSince without a flag": {PaymentFilter{ReversedSince: at}, url.Values{"reversedSince": {sent}}},
		"minDate":                      {PaymentFilter{MinDate: day(2024, 11, 5)}, url.Values{"minDate": {"2024-11-05"}}},
		"maxDate":                      {PaymentFilter{MaxDate: day(1, 1, 1)}, url.Values{"maxDate": {"0001-01-01"}}},
		"one day":                      {PaymentFilter{MinDate: day(2024, 2, 29), MaxDate: day(2024, 2, 29)}, url.Values{"minDate": {"2024-02-29"}, "maxDate": {"2024-02-29"}}},
		"minReversedDate":              {PaymentFilter{Reversed: true, MinReversedDate: day(2024, 11, 5)}, url.Values{"reversed": {"true"}, "minReversedDate": {"2024-11-05"}}},
		"maxReversedDate":              {PaymentFilter{Reversed: true, MaxReversedDate: day(2024, 11, 5)}, url.Values{"reversed": {"true"}, "maxReversedDate": {"2024-11-05"}}},
		"reversedSince":                {PaymentFilter{IncludeReversed: true, ReversedSince: at}, url.Values{"includeReversed": {"true"}, "reversedSince": {sent}}},
		"reinstatedSince":              {PaymentFilter{ReinstatedSince: at}, url.Values{"reinstatedSince": {sent}}},
		"collectedSince":               {PaymentFilter{CollectedSince: at}, url.Values{"collectedSince": {sent}}},
		"cancelledSince":               {PaymentFilter{CancelledSince: at}, url.Values{"cancelledSince": {sent}}},
		"createdSince":                 {PaymentFilter{CreatedSince: at}, url.Values{"createdSince": {sent}}},
		"updatedSince":                 {PaymentFilter{UpdatedSince: at}, url.Values{"updatedSince": {sent}}},
		"raw for reversal":             {PaymentFilter{Raw: url.Values{"minReversedDate": {"2024-11-05"}}}, url.Values{"minReversedDate": {"2024-11-05"}}},
		"raw bare flag":                {PaymentFilter{Raw: url.Values{"reversed": {""}}}, url.Values{"reversed": {""}}},
	} {
		client, mock := mocked(t)
		seen := answers(t, mock, `[]`, `[]`)
		for path, list := range map[string]iter.Seq2[Payment, error]{
			"payments/": client.Payments(t.Context(), c.filter), "customers/5/payments/": client.CustomerPayments(t.Context(), "5", c.filter),
		} {
			if _, err := collect(list); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			last := (*seen)[len(*seen)-1]
			checkExchange(t, last, http.MethodGet, path, paged(c.want), "")
		}
	}
}

// paged returns a query with what every first page asks for.
func paged(query url.Values) url.Values {
	query = maps.Clone(query)
	query.Set("idAfter", "0")
	query.Set("limit", "100")
	return query
}

func TestFilterRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		field  string
		filter PaymentFilter
	}{
		"max before min":                   {"MaxDate", PaymentFilter{MinDate: day(2024, 11, 26), MaxDate: day(2024, 11, 25)}},
		"max reversed before min":          {"MaxReversedDate", PaymentFilter{Reversed: true, MinReversedDate: day(2025, 1, 1), MaxReversedDate: day(2024, 12, 31)}},
		"a day that is none":               {"MinDate", PaymentFilter{MinDate: day(2023, 2, 29)}},
		"a month that is none":             {"MaxDate", PaymentFilter{MaxDate: day(2023, 13, 1)}},
		"year 10000 as day":                {"MaxDate", PaymentFilter{MaxDate: day(10000, 1, 1)}},
		"year 0 as day":                    {"MinDate", PaymentFilter{MinDate: payment.Date{Month: 1, Day: 1}}},
		"year 10000 as time":               {"UpdatedSince", PaymentFilter{UpdatedSince: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}},
		"year 0 as time":                   {"CreatedSince", PaymentFilter{CreatedSince: time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC)}},
		"year 10000 in UTC":                {"CollectedSince", PaymentFilter{CollectedSince: time.Date(9999, 12, 31, 23, 30, 0, 0, time.FixedZone("", -3600))}},
		"year 0 in UTC":                    {"CancelledSince", PaymentFilter{CancelledSince: time.Date(1, 1, 1, 0, 30, 0, 0, time.FixedZone("", 3600))}},
		"negative limit":                   {"Limit", PaymentFilter{Limit: -1}},
		"negative page size":               {"PageSize", PaymentFilter{PageSize: -1}},
		"negative offset":                  {"Offset", PaymentFilter{Offset: -1}},
		"negative idAfter":                 {"IDAfter", PaymentFilter{IDAfter: -1}},
		"offset with idAfter":              {"Offset", PaymentFilter{Offset: 1, IDAfter: 1}},
		"paging in raw":                    {"Raw", PaymentFilter{Raw: url.Values{"idAfter": {"5"}}}},
		"limit in raw":                     {"Raw", PaymentFilter{Raw: url.Values{"limit": {"0"}}}},
		"offset in raw":                    {"Raw", PaymentFilter{Raw: url.Values{"offset": {"5"}}}},
		"a parameter in raw and in fields": {"Raw", PaymentFilter{Reversed: true, Raw: url.Values{"reversed": {""}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := mocked(t)
			_, err := collect(client.Payments(t.Context(), c.filter))
			wantField(t, err, "PaymentFilter."+c.field)
			_, err = collect(client.CustomerPayments(t.Context(), "5", c.filter))
			wantField(t, err, "PaymentFilter."+c.field)
		})
	}
}

func TestOtherFiltersRefuse(t *testing.T) {
	t.Parallel()
	client, _ := mocked(t)
	late := time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err := collect(client.AllPaymentParts(t.Context(), PaymentPartFilter{IDAfter: -1}))
	wantField(t, err, "PaymentPartFilter.IDAfter")
	_, err = collect(client.AllPaymentParts(t.Context(), PaymentPartFilter{UpdatedSince: late}))
	wantField(t, err, "PaymentPartFilter.UpdatedSince")
	_, err = collect(client.Customers(t.Context(), CustomerFilter{Limit: -1}))
	wantField(t, err, "CustomerFilter.Limit")
	_, err = collect(client.Customers(t.Context(), CustomerFilter{DroppedSince: late}))
	wantField(t, err, "CustomerFilter.DroppedSince")
}

func TestOtherFilters(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, 11, 25, 8, 30, 0, 0, time.UTC)
	client, mock := mocked(t)
	seen := answers(t, mock, `[]`, `[]`)
	_, err := collect(client.Customers(t.Context(), CustomerFilter{
		AccountNumber: "C12345", CRMReference: "CRM-12345", Active: true, Dropped: true, FinalBill: true, ExcludeFinalBill: true,
		CreatedSince: at, UpdatedSince: at, DroppedSince: at, ReinstatedSince: at,
	}))
	if err != nil {
		t.Fatal(err)
	}
	const since = "2024-11-25T08:30:00Z"
	checkExchange(t, (*seen)[0], http.MethodGet, "customers/", paged(url.Values{
		"accountNumber": {"C12345"}, "CRMReference": {"CRM-12345"}, "active": {"true"},
		"dropped": {"true"}, "finalBill": {"true"}, "excludeFinalBill": {"true"},
		"createdSince": {since}, "updatedSince": {since}, "droppedSince": {since}, "reinstatedSince": {since},
	}), "")
	_, err = collect(client.AllPaymentParts(t.Context(), PaymentPartFilter{IDAfter: 9, CreatedSince: at, UpdatedSince: at, Raw: url.Values{"x": {"1"}}}))
	if want := "paymentParts/?createdSince=2024-11-25T08%3A30%3A00Z&idAfter=9&updatedSince=2024-11-25T08%3A30%3A00Z&x=1"; err != nil || urls(*seen)[1] != want {
		t.Errorf("parts: %v, err %v", urls(*seen), err)
	}
}
