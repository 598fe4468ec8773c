package brightpearltest

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func (a answered) wantQuota(t *testing.T, remaining, left string) {
	t.Helper()
	if r, l := a.header.Get(headerRemaining), a.header.Get(headerNextPeriod); r != remaining || l != left {
		t.Errorf("remaining %q, next period %q; want %q, %q", r, l, remaining, left)
	}
}

// TestObservedQuota repeats four observed answers of one window.
func TestObservedQuota(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now))
	get(t, s, "payment-method").wantQuota(t, "199", "60000")
	get(t, s, "payment-method").wantQuota(t, "198", "60000")
	at := 60000
	for i, left := range []int{51219, 50844, 50343, 49968} {
		c.Add(time.Duration(at-left) * time.Millisecond)
		at = left
		get(t, s, "payment-method").wantQuota(t, strconv.Itoa(197-i), strconv.Itoa(left))
	}
}

func TestThrottled(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now), WithThrottle(3, time.Second))
	create(t, s)
	send(t, s, http.MethodGet, "nowhere", "", staffHeaders()).wantQuota(t, "1", "1000")
	send(t, s, http.MethodGet, "payment-method", "", headers()).wantQuota(t, "0", "1000")
	c.Add(999*time.Millisecond + 900*time.Microsecond)
	got := post(t, s, "customer-payment", receipt(t, "transactionRef", ``))
	got.want(t, 503, sample(t, "throttled_recorded.json"))
	got.wantQuota(t, "0", "0")
	c.Add(100 * time.Microsecond)
	get(t, s, "payment-method").wantQuota(t, "2", "1000")
	c.Add(2500 * time.Millisecond)
	get(t, s, "payment-method").wantQuota(t, "2", "500")
	if n := len(s.Payments()); n != 1 {
		t.Errorf("%d payments: a throttled request was executed", n)
	}
	if n := s.Count(OpCreateCustomerPayment); n != 2 {
		t.Errorf("%d requests: a throttled request arrives too", n)
	}
}

func TestPools(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now), WithAccountToken("acme_books", "YQ=="),
		WithSignedToken("dev1", "acme_one", "one", "x"), WithOAuthClient(OAuthClient{DevRef: "dev2", AppRef: "acme_two"}))
	ask := func(h http.Header) answered { return send(t, s, http.MethodGet, "payment-method", "", h) }
	ask(staffHeaders()).wantQuota(t, "199", "60000")
	ask(headers(headerAppRef, "acme_books", headerAccount, "YQ==")).wantQuota(t, "198", "60000")
	ask(headers(headerAppRef, "acme_one", headerDevRef, "dev1", headerAccount, sign("one", "x"))).wantQuota(t, "199", "60000")
	ask(headers(headerDevRef, "dev2")).wantQuota(t, "199", "60000")
	ask(headers(headerDevRef, "dev3")).wantQuota(t, "197", "60000")
}

func TestBareThrottleAnswer(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now), WithThrottle(1, time.Minute), WithFacts(Facts{BareThrottle: true}))
	get(t, s, "payment-method").wantQuota(t, "0", "60000")
	got := get(t, s, "payment-method")
	got.want(t, 503, sample(t, "throttled_recorded.json"))
	if len(got.header.Values(headerRemaining))+len(got.header.Values(headerNextPeriod)) != 0 {
		t.Errorf("headers %v", got.header)
	}
}

func TestThrottleFault(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now))
	s.Faults().Next(paymenttest.Throttle())
	got := post(t, s, "customer-payment", receipt(t))
	got.want(t, 503, sample(t, "throttled_recorded.json"))
	got.wantQuota(t, "0", "60000")
	post(t, s, "customer-payment", receipt(t)).wantQuota(t, "198", "60000")
}

// TestCapUnderLoad shows that exactly the cap gets through in one window.
func TestCapUnderLoad(t *testing.T) {
	t.Parallel()
	s := start(t, WithClock(newClock().Now), WithThrottle(20, time.Second))
	body := receipt(t, "transactionRef", ``)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 4 {
				post(t, s, "customer-payment", body)
			}
		})
	}
	wg.Wait()
	if n := len(s.Payments()); n != 20 {
		t.Errorf("%d payments, want 20", n)
	}
}
