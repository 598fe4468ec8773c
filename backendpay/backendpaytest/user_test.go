package backendpaytest

import (
	"net/http"
	"strings"
	"testing"
)

func as(t *testing.T, s *Server, key, method, path, body string) answered {
	t.Helper()
	return request(t, s, method, path, body, "Authorization", "Bearer "+key)
}

// A user's key shows and changes what the user may see and change.
func TestUsers(t *testing.T) {
	t.Parallel()
	s := start(t)
	other := s.AddCustomer(Customer{AccountNumber: "C2"})
	add(t, s, 1) // 501, of the sample customer
	id, err := s.AddPayment(Payment{CustomerID: other, PaymentDate: day(2), PaymentAmount: amount(t, "5"), PaymentMethod: "Cheque"})
	must(t, err)
	for _, p := range []string{"501", id} {
		_, err := s.Allocate(p, "70", amount(t, "1"))
		must(t, err)
	}
	key := s.AddUser(User{Name: "clerk", Customers: []string{other}, ReadOnly: true})
	for path, want := range map[string]string{
		"payments/": id, "customers/": other, "customers/124/payments/": id, "paymentParts/": "2", "invoices/70/paymentParts/": "2",
		"payments/502/paymentParts/": "2", "paymentTypes/": "1 2 3 4",
	} {
		if got := as(t, s, key, "GET", path, "").ids(t); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	for _, path := range []string{"payments/501", "customers/123", "customers/123/payments/", "paymentParts/1", "payments/501/paymentParts/"} {
		as(t, s, key, "GET", path, "").refused(t, http.StatusNotFound)
	}
	body := sample(t, "create_own.json")
	as(t, s, key, "POST", "customers/124/payments/", body).refused(t, http.StatusForbidden)
	as(t, s, key, "DELETE", "payments/502", "").refused(t, http.StatusForbidden)
	if again := s.AddUser(User{Name: "clerk", Customers: []string{other}}); again != key {
		t.Errorf("the key is %s now", again)
	}
	if got := as(t, s, key, "POST", "customers/124/payments/", body); got.status != http.StatusCreated {
		t.Errorf("answer %d %s", got.status, got.body)
	}
	as(t, s, key, "POST", "customers/123/payments/", body).refused(t, http.StatusNotFound)
	as(t, s, key, "PATCH", "payments/501", `{"paymentMethod":"Cheque"}`).refused(t, http.StatusNotFound)
	as(t, s, key, "DELETE", "payments/501", "").refused(t, http.StatusNotFound)
	if s.Creates() != 1 || s.Payments()[0].Deleted() {
		t.Errorf("ledger %+v", s.Payments())
	}
}

func TestInvisibleStatus(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{InvisibleStatus: http.StatusForbidden}))
	add(t, s, 1)
	key := s.AddUser(User{Name: "clerk", Customers: []string{}})
	for path, want := range map[string]int{"payments/501": 403, "customers/123": 403, "payments/502": 404, "customers/9/payments/": 404} {
		as(t, s, key, "GET", path, "").refused(t, want)
	}
}

// A new key of a user makes the old one answer 401 at once.
func TestIssueKey(t *testing.T) {
	t.Parallel()
	s := start(t)
	old := string(s.Config().APIKey)
	key, err := s.IssueKey(SampleUser)
	must(t, err)
	as(t, s, old, "GET", "payments/", "").refused(t, http.StatusUnauthorized)
	if got := as(t, s, key, "GET", "payments/", ""); got.status != http.StatusOK {
		t.Errorf("answer %d", got.status)
	}
	if string(s.Config().APIKey) != key || key == old || strings.Contains(key, " ") {
		t.Errorf("the key is %s", key)
	}
	if _, err := s.IssueKey("nobody"); err != ErrNoRecord {
		t.Errorf("IssueKey: %v", err)
	}
}

func TestListenOnAnAddress(t *testing.T) {
	t.Parallel()
	first := start(t)
	if second, err := Listen(strings.TrimPrefix(first.URL, "http://")); err == nil {
		second.Close()
		t.Error("two emulators on one address")
	}
	third, err := Listen("127.0.0.1:0")
	must(t, err)
	third.Close()
}
