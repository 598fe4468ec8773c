package backendpaytest

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

func create(t testing.TB, s *Server, body string) answered {
	t.Helper()
	return request(t, s, "POST", "customers/123/payments/", body)
}

func TestCreate(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now))
	create(t, s, sample(t, "create_own.json")).want(t, 201, sample(t, "payment_own.json"))
	get(t, s, "payments/501").want(t, 200, sample(t, "payment_own.json"))
	want := Payment{ID: "501", CustomerID: "123", OurReference: "SDK-2024-000123", CustomerReference: "INV C12345/123",
		PaymentDate: day(25), PaymentAmount: amount(t, "120.50"), PaymentMethod: "Bank Transfer", CreatedAt: c.Now(), UpdatedAt: c.Now()}
	if got := s.Payments(); len(got) != 1 || got[0] != want {
		t.Errorf("ledger %+v", got)
	}
}

func TestCreateTwiceIsTwoPayments(t *testing.T) {
	t.Parallel()
	s := start(t)
	create(t, s, sample(t, "create_own.json"))
	create(t, s, sample(t, "create_own.json"))
	if got := get(t, s, "customers/123/payments/").ids(t); got != "501 502" || s.Creates() != 2 {
		t.Errorf("payments %s, %d creates", got, s.Creates())
	}
}

func TestRefusesDuplicates(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{RefusesDuplicates: true, FoldsReference: true}))
	lower := changed(t, `"SDK-2024-000123"`, `"sdk-2024-000123"`)
	if got := create(t, s, lower); got.status != 201 || !strings.Contains(got.body, `"SDK-2024-000123"`) {
		t.Errorf("answer %d %s", got.status, got.body)
	}
	create(t, s, lower).refused(t, 409)
	other := s.AddCustomer(Customer{})
	if got := request(t, s, "POST", "customers/"+other+"/payments/", lower); got.status != 201 {
		t.Errorf("answer %d %s", got.status, got.body)
	}
}

// changed returns the sample with one field replaced by JSON text, or without
// the field for an empty text.
func changed(t testing.TB, old, replacement string) string {
	t.Helper()
	body := sample(t, "create_own.json")
	if !strings.Contains(body, old) {
		t.Fatalf("%s is not in the sample", old)
	}
	return strings.Replace(body, old, replacement, 1)
}

func TestRefusedCreates(t *testing.T) {
	t.Parallel()
	s := start(t)
	const date, money, method = `"2024-11-25"`, `120.50`, `"Bank Transfer"`
	bodies := []string{"", " ", "null", "[]", "{}", `"text"`, `{"ourReference":`, sample(t, "create_own.json") + "{}", "{\"ourReference\":\"\xff\"}",
		changed(t, `{`, `{"ourReference":"a",`), changed(t, `{`, `{"unknown":1,`), changed(t, `{`, `{"id":"7",`), changed(t, `{`, `{"status":["Valid"],`),
		changed(t, `{`, `{"paymentReversedDate":"2024-11-26",`), changed(t, `{`, `{"invoiceIDReversed":"1",`), changed(t, `"ourReference"`, `"OurReference"`),
		changed(t, `"SDK-2024-000123"`, `1`), changed(t, `"SDK-2024-000123"`, `["a"]`), changed(t, `{`, `{"invoiceID":7,`)}
	for _, value := range []string{`""`, `null`, `20241125`, `"2024-11"`, `"2024-1-5"`, `"25/11/2024"`, `"2024-02-30"`, `"2024-11-25T00:00:00Z"`, `"2024-11-25 "`} {
		bodies = append(bodies, changed(t, date, value))
	}
	for _, value := range []string{`""`, `null`, `true`, `{}`, `"ten"`, `"1,000.00"`, `"£5"`, `" 5"`, `1e2`, `"1e2"`} {
		bodies = append(bodies, changed(t, money, value))
	}
	for _, value := range []string{`""`, `null`, `3`, `["Cheque"]`, `"cheque"`, `"Customer Default"`} {
		bodies = append(bodies, changed(t, method, value))
	}
	bodies = append(bodies, changed(t, `"paymentDate":`+date+`,`, ``), changed(t, `"paymentAmount":`+money+`,`, ``), changed(t, `,"paymentMethod":`+method, ``))
	for _, body := range bodies {
		if got := create(t, s, body); got.status != 400 || strings.Contains(got.body, "120.50") {
			t.Errorf("%s: answer %d %s", body, got.status, got.body)
		}
	}
	request(t, s, "POST", "customers/123/payments/", sample(t, "create_own.json"), "Content-Type", "text/plain").refused(t, 400)
	request(t, s, "POST", "customers/9/payments/", sample(t, "create_own.json")).refused(t, 404)
	if len(s.Payments()) != 0 || s.Creates() != 0 {
		t.Errorf("%d payments", len(s.Payments()))
	}
}

func TestAmountsKeepTheirDigits(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, c := range []struct{ sent, kept, shown string }{
		{`120.50`, "120.50", "120.50"}, {`"120.5"`, "120.5", "120.50"}, {`7`, "7", "7.00"}, {`-3.125`, "-3.125", "-3.125"},
		{`0`, "0", "0.00"}, {`99999999999999999999.99`, "99999999999999999999.99", "99999999999999999999.99"},
	} {
		got := create(t, s, changed(t, `120.50`, c.sent))
		if got.status != 201 || !strings.Contains(got.body, `"paymentAmount":"`+c.shown+`"`) {
			t.Errorf("%s: answer %d %s", c.sent, got.status, got.body)
		}
		all := s.Payments()
		if last := all[len(all)-1]; last.PaymentAmount.String() != c.kept {
			t.Errorf("%s is kept as %s", c.sent, last.PaymentAmount)
		}
	}
}

func TestAmountsSent(t *testing.T) {
	t.Parallel()
	number, text := start(t, WithFacts(Facts{AmountsSent: AmountNumber})), start(t, WithFacts(Facts{AmountsSent: AmountString}))
	for _, c := range []struct {
		server *Server
		amount string
		status int
	}{{number, `1.5`, 201}, {number, `"1.5"`, 400}, {text, `1.5`, 400}, {text, `"1.5"`, 201}} {
		if got := create(t, c.server, changed(t, `120.50`, c.amount)); got.status != c.status {
			t.Errorf("%s: answer %d %s", c.amount, got.status, got.body)
		}
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now))
	create(t, s, sample(t, "create_own.json"))
	before := s.Payments()[0]
	c.Add(time.Hour)
	for _, step := range []struct {
		body string
		edit []string // pairs of old and new
	}{
		{`{"customerReference":null}`, []string{`"INV C12345/123"`, `null`}},
		{`{"ourReference":""}`, []string{`"SDK-2024-000123"`, `null`}},
		{`{"paymentAmount":121,"invoiceID":"9"}`, []string{`"120.50"`, `"121.00"`, `"invoiceID":null`, `"invoiceID":"9"`}},
		{`{"paymentDate":"2024-12-01","paymentMethod":"Cheque"}`, []string{`2024-11-25`, `2024-12-01`, `Bank Transfer`, `Cheque`}},
	} {
		want := strings.NewReplacer(step.edit...).Replace(get(t, s, "payments/501").body)
		request(t, s, "PATCH", "payments/501", step.body).want(t, 200, want)
		get(t, s, "payments/501").want(t, 200, want)
	}
	after := s.Payments()[0]
	if !after.UpdatedAt.Equal(c.Now()) || !after.CreatedAt.Equal(before.CreatedAt) || after.CustomerID != "123" || s.Creates() != 1 {
		t.Errorf("ledger %+v", after)
	}
}

func TestRefusedUpdatesChangeNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	create(t, s, sample(t, "create_own.json"))
	before := s.Payments()[0]
	for _, body := range []string{``, `{}`, `[]`, `{"id":"502"}`, `{"status":["Reversed"]}`, `{"paymentReversedDate":null}`, `{"paymentAmount":null}`,
		`{"paymentDate":null}`, `{"paymentDate":""}`, `{"paymentMethod":""}`, `{"paymentMethod":"Barter"}`, `{"ourReference":"new","paymentAmount":"x"}`} {
		request(t, s, "PATCH", "payments/501", body).refused(t, 400)
	}
	if after := s.Payments()[0]; after != before {
		t.Errorf("ledger %+v", after)
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now))
	create(t, s, sample(t, "create_own.json"))
	got := request(t, s, "DELETE", "payments/501", "")
	got.want(t, 204, "")
	if _, ok := got.header["Content-Type"]; ok {
		t.Error("a body is announced")
	}
	request(t, s, "DELETE", "payments/501", "").refused(t, 404)
	get(t, s, "payments/501").refused(t, 404)
	get(t, s, "customers/123/payments/?includeReversed").want(t, 200, `[]`)
	if all := s.Payments(); len(all) != 1 || !all[0].Deleted() || !all[0].DeletedAt.Equal(c.Now()) || s.Creates() != 1 {
		t.Errorf("ledger %+v", all)
	}
	create(t, s, sample(t, "create_own.json"))
	if id := s.Payments()[1].ID; id != "502" {
		t.Errorf("the id %s is used again", id)
	}
}

func TestStatusSwitches(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{CreateStatus: http.StatusOK, DeletedObject: true}))
	create(t, s, sample(t, "create_own.json")).want(t, 200, sample(t, "payment_own.json"))
	request(t, s, "DELETE", "payments/501", "").want(t, 200, `{}`)
}

func TestActionsOfAUser(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := add(t, s, 1)
	must(t, s.Edit(id, func(p *Payment) { p.InvoiceID, p.ID, p.CustomerID = "9", "1", "1" }))
	has := func(parts ...string) {
		t.Helper()
		for _, part := range parts {
			if got := get(t, s, "payments/"+id).body; !strings.Contains(got, part) {
				t.Errorf("%s is not in %s", part, got)
			}
		}
	}
	must(t, s.Reverse(id, day(3)))
	has(`"status":["Reversed"]`, `"paymentReversedDate":"2024-11-03"`, `"invoiceIDReversed":"9"`)
	must(t, s.Reinstate(id))
	has(`"status":["Valid"]`, `"paymentReversedDate":null`, `"invoiceIDReversed":null`)
	must(t, s.Collect(id))
	has(`"status":["Valid","Collected"]`)
	must(t, s.CancelCollection(id))
	has(`"status":["Valid","Collection Cancelled"]`)
	must(t, s.Delete(id))
	for name, err := range map[string]error{"Reverse": s.Reverse(id, day(1)), "Reinstate": s.Reinstate("x"), "Collect": s.Collect(""),
		"CancelCollection": s.CancelCollection("9"), "Edit": s.Edit("9", func(*Payment) {}), "Delete": s.Delete(id)} {
		if err != ErrNoRecord {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.AddPayment(Payment{CustomerID: "9"}); err != ErrNoRecord {
		t.Errorf("AddPayment: %v", err)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	s := start(t)
	body := sample(t, "create_own.json")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				created := create(t, s, body)
				id := strings.Split(created.body, `"`)[3]
				if s.Reverse(id, day(2)) != nil || s.Edit(id, func(p *Payment) { p.OurReference = id }) != nil {
					t.Errorf("%s is gone", id)
				}
				get(t, s, "payments/?includeReversed=true&limit=3").ids(t)
				request(t, s, "DELETE", "payments/"+id, "").want(t, 204, "")
			}
		})
	}
	all.Wait()
	if n := len(s.Payments()); n != 40 || s.Creates() != 40 || s.Count(OpDeletePayment) != 40 {
		t.Errorf("%d payments, %d creates", n, s.Creates())
	}
	for i, p := range s.Payments() {
		if p.OurReference != p.ID || !p.Deleted() || p.PaymentReversedDate != (payment.Date{Year: 2024, Month: 11, Day: 2}) {
			t.Errorf("payment %d is %+v", i, p)
		}
	}
}
