package backendpaytest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// history is a list with one payment of each fate. Each step is an hour after
// the one before; the first payment is made at 08:30.
func history(t testing.TB, opts ...Option) *Server {
	c := newClock()
	s := start(t, append(opts, WithClock(c.Now))...)
	for on := 1; on <= 5; on++ { // 501 to 505, 08:30 to 12:30
		add(t, s, on)
		c.Add(time.Hour)
	}
	steps := []func() error{ // 13:30 to 18:30
		func() error { return s.Reverse("502", day(20)) },
		func() error { return s.Reverse("503", day(21)) },
		func() error { return s.Reinstate("503") },
		func() error { return s.Collect("504") },
		func() error { return s.CancelCollection("505") },
		func() error { return s.Edit("501", func(p *Payment) { p.OurReference = "edited" }) },
	}
	for _, step := range steps {
		must(t, step())
		c.Add(time.Hour)
	}
	return s
}

func TestFilters(t *testing.T) {
	t.Parallel()
	s := history(t)
	at := func(name, clock string) string { return name + "=2024-11-25T" + clock + ":00Z" }
	for _, c := range []struct{ query, ids string }{
		{"", "501 503 504 505"},
		{"reversed", "502"},
		{"reversed=true", "502"},
		{"reversed=false", "502"},
		{"includeReversed", "501 502 503 504 505"},
		{"includeReversed=true", "501 502 503 504 505"},
		{"includeReversed=false", "501 502 503 504 505"},
		{"minDate=2024-11-03", "503 504 505"},
		{"minDate=2024-11-06", ""},
		{"maxDate=2024-11-03", "501 503"},
		{"minDate=2024-11-04&maxDate=2024-11-04", "504"},
		{"minDate=2024-11-05&maxDate=2024-11-04", ""},
		{"includeReversed&minReversedDate=2024-11-20", "502"},
		{"includeReversed&minReversedDate=2024-11-21", ""},
		{"includeReversed&maxReversedDate=2024-11-20", "502"},
		{"includeReversed&maxReversedDate=2024-11-19", ""},
		{"minReversedDate=2024-11-20", ""},
		{"reversed&" + at("reversedSince", "13:30"), "502"},
		{"reversed&" + at("reversedSince", "13:31"), ""},
		{at("reversedSince", "00:00"), ""},
		{"includeReversed&" + at("reinstatedSince", "15:30"), "503"},
		{"includeReversed&" + at("reinstatedSince", "15:31"), ""},
		{at("collectedSince", "16:30"), "504"},
		{at("collectedSince", "16:31"), ""},
		{at("cancelledSince", "17:30"), "505"},
		{at("cancelledSince", "17:31"), ""},
		{at("createdSince", "11:30"), "504 505"},
		{at("createdSince", "12:31"), ""},
		{at("updatedSince", "12:30"), "501 505"},
		{at("updatedSince", "18:31"), ""},
		{"updatedSince=2024-11-25T18:30:00", "501"},
		{"updatedSince=2024-11-25T19:30:00%2B01:00", "501"},
		{"updatedSince=2024-11-25T19:30:01%2B01:00", ""},
		{"includeReversed&limit=2", "501 502"},
		{"includeReversed&limit=2&offset=1", "502 503"},
		{"offset=3", "505"},
		{"offset=4", ""},
		{"idAfter=0&limit=3", "501 503 504"},
		{"idAfter=501", "503 504 505"},
		{"idAfter=502&limit=1", "503"},
		{"idAfter=505", ""},
		{"idAfter=9223372036854775807", ""},
		{"idAfter=501&offset=1", "504 505"},
	} {
		for _, path := range []string{"payments/", "customers/123/payments/", "customers/123/payments"} {
			if got := get(t, s, path+"?"+c.query).ids(t); got != c.ids {
				t.Errorf("%s?%s: %q, want %q", path, c.query, got, c.ids)
			}
		}
	}
}

func TestFilterSwitches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		option     Option
		query, ids string
	}{
		{"false clears reversed", WithFacts(Facts{FalseFlags: true}), "reversed=false", "501 503 504 505"},
		{"false clears includeReversed", WithFacts(Facts{FalseFlags: true}), "includeReversed=false", "501 503 504 505"},
		{"bare flag with false clearing", WithFacts(Facts{FalseFlags: true}), "reversed", "502"},
		{"actions update", WithFacts(Facts{ActionsUpdate: true}), "includeReversed&updatedSince=2024-11-25T13:30:00Z", "501 502 503 504 505"},
		{"reversedSince shows", WithFacts(Facts{ReversedFiltersShow: true}), "reversedSince=2024-11-25T13:30:00Z", "502"},
		{"minReversedDate shows", WithFacts(Facts{ReversedFiltersShow: true}), "minReversedDate=2024-11-20", "502"},
		{"maxReversedDate shows", WithFacts(Facts{ReversedFiltersShow: true}), "maxReversedDate=2024-11-20", "502"},
		{"showing leaves the default", WithFacts(Facts{ReversedFiltersShow: true}), "", "501 503 504 505"},
		{"descending", WithFacts(Facts{Descending: true}), "limit=2", "505 504"},
		{"descending behind an id", WithFacts(Facts{Descending: true}), "idAfter=503", "505 504"},
		{"cap", WithFacts(Facts{MaxLimit: 2}), "limit=3", "501 503"},
		{"cap without a limit", WithFacts(Facts{MaxLimit: 2}), "idAfter=501", "503 504"},
		{"cap above the limit", WithFacts(Facts{MaxLimit: 2}), "limit=1", "501"},
		{"idAfter ignored", WithFacts(Facts{IDAfterIgnored: true}), "idAfter=503&limit=2", "501 503"},
		{"limit ignored", WithFacts(Facts{LimitIgnored: true}), "limit=1", "501 503 504 505"},
		{"both flags", WithFacts(Facts{}), "reversed&includeReversed", "501 502 503 504 505"},
		{"both flags, only reversed", WithFacts(Facts{BothFlags: BothShowReversed}), "reversed&includeReversed", "502"},
		{"lag", WithFacts(Facts{IndexLag: 9 * time.Hour}), "", "501 503"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := get(t, history(t, c.option), "payments/?"+c.query).ids(t); got != c.ids {
				t.Errorf("%q, want %q", got, c.ids)
			}
		})
	}
}

func TestRefusedParameters(t *testing.T) {
	t.Parallel()
	s := history(t)
	queries := []string{"unknown=1", "Limit=1", "limit=1&limit=1", "minDate=2024-11-01&minDate=2024-11-02", "a=%zz",
		"reversed=1", "reversed=yes", "reversed=TRUE", "includeReversed=no", "accountNumber=C1"}
	for _, value := range []string{"", "0", "-1", "x", "1.0", "%2B1x", "9223372036854775808"} {
		queries = append(queries, "limit="+value)
	}
	for _, value := range []string{"", "-1", "x"} {
		queries = append(queries, "offset="+value, "idAfter="+value)
	}
	for _, name := range []string{"minDate", "maxDate", "minReversedDate", "maxReversedDate"} {
		for _, value := range []string{"", "2024", "2024-11", "2024-11-1", "2024-11-31", "25-11-2024", "2024-11-25T00:00:00Z", "20241125"} {
			queries = append(queries, name+"="+value)
		}
	}
	for _, name := range []string{"reversedSince", "reinstatedSince", "collectedSince", "cancelledSince", "createdSince", "updatedSince"} {
		for _, value := range []string{"", "2024-11-25", "2024-11-25T08:30Z", "2024-11-25+08:30:00Z", "2024-11-25T08:30:00+01:00", "2024-11-25t08:30:00z",
			"2024-11-25T08:30:00.5Z", "2024-11-25T08:30:00,1234Z", "2024-11-25T08:30:00.123Z", "2024-11-25T25:00:00Z", "2024-11-25T08:30:00%2B0100", "1732523400"} {
			queries = append(queries, name+"="+value)
		}
	}
	for _, query := range queries {
		for _, path := range []string{"payments/", "customers/123/payments/"} {
			if got := get(t, s, path+"?"+query); got.status != 400 {
				t.Errorf("%s?%s: answer %d %s", path, query, got.status, got.body)
			}
		}
	}
}

func TestBothFlagsRefused(t *testing.T) {
	t.Parallel()
	get(t, start(t, WithFacts(Facts{BothFlags: BothRefused})), "payments/?reversed&includeReversed").refused(t, 400)
}

func TestCustomersHaveTheirOwnPayments(t *testing.T) {
	t.Parallel()
	s := start(t)
	other := s.AddCustomer(Customer{AccountNumber: "C2"})
	add(t, s, 1)
	id, err := s.AddPayment(Payment{CustomerID: other, PaymentDate: day(1), PaymentAmount: amount(t, "1"), PaymentMethod: "Cheque"})
	must(t, err)
	if got := get(t, s, "customers/"+other+"/payments/").ids(t); got != id {
		t.Errorf("payments %s", got)
	}
	if got := get(t, s, "customers/123/payments/").ids(t); got != "501" {
		t.Errorf("payments %s", got)
	}
	unknown := start(t, WithFacts(Facts{UnknownCustomerEmpty: true}))
	get(t, unknown, "customers/9/payments/").want(t, 200, `[]`)
	get(t, unknown, "customers/9/payments/?limit=x").refused(t, 400)
}

// pages reads a list as a client does and returns all ids.
func pages(t testing.TB, s *Server, limit int) []string {
	t.Helper()
	var ids []string
	for cursor := "0"; ; {
		got := get(t, s, fmt.Sprintf("payments/?idAfter=%s&limit=%d", cursor, limit)).ids(t)
		if got == "" {
			return ids
		}
		ids = append(ids, strings.Fields(got)...)
		cursor = ids[len(ids)-1]
	}
}

func TestKeysetPagingSurvivesChanges(t *testing.T) {
	t.Parallel()
	s := start(t, WithFirstPaymentID(98))
	for range 5 {
		add(t, s, 1)
	}
	must(t, s.Delete("100"))
	if got := strings.Join(pages(t, s, 2), " "); got != "98 99 101 102" {
		t.Errorf("ids %s", got)
	}
}

func TestSeed(t *testing.T) {
	t.Parallel()
	s := start(t)
	const n = 3000
	ten := amount(t, "10.00")
	first, err := s.Seed(SampleCustomer, n, func(i int, p *Payment) {
		p.OurReference, p.PaymentDate, p.PaymentAmount, p.PaymentMethod = fmt.Sprint("R-", i), day(1+i%30), ten, "Cheque"
		if i%10 == 0 {
			p.ReversedAt = time.Now()
		}
	})
	if err != nil || first != "501" || len(s.Payments()) != n || s.Creates() != 0 {
		t.Fatalf("first %s, %d payments: %v", first, len(s.Payments()), err)
	}
	if got := len(pages(t, s, 700)); got != n-n/10 {
		t.Errorf("%d payments listed", got)
	}
	last := s.Payments()[n-1]
	if last.ID != "3500" || last.OurReference != "R-2999" || last.CustomerID != "123" || last.CreatedAt.IsZero() {
		t.Errorf("last %+v", last)
	}
	add(t, s, 1)
	request(t, s, "PATCH", "payments/502", `{"ourReference":"new"}`)
	if got := get(t, s, "payments/502").body; !strings.HasPrefix(got, `{"id":"502","ourReference":"new",`) {
		t.Errorf("payment %s", got)
	}
	if got := get(t, s, "customers/123/payments/?offset=2699&limit=5").ids(t); got != "3500 3501" {
		t.Errorf("the end is %s", got)
	}
	if _, err := s.Seed("9", 1, nil); err != ErrNoRecord {
		t.Errorf("Seed: %v", err)
	}
}

// BenchmarkListing shows what the emulator itself costs: 100,000 payments in
// pages of 1000, read and thrown away.
func BenchmarkListing(b *testing.B) {
	s := start(b)
	ten := amount(b, "10.00")
	_, err := s.Seed(SampleCustomer, 100_000, func(i int, p *Payment) {
		p.OurReference, p.PaymentDate, p.PaymentAmount, p.PaymentMethod = fmt.Sprint("R-", i), day(1+i%30), ten, "Cheque"
	})
	must(b, err)
	b.ReportAllocs()
	for b.Loop() {
		for after := 500; after < 100_500; after += 1000 {
			got := get(b, s, fmt.Sprintf("payments/?idAfter=%d&limit=1000", after))
			b.SetBytes(int64(len(got.body)) * 100)
		}
	}
}
