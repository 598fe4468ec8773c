package brightpearl

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenderkit/tenderkit"
)

// account is the vendor's side of the pool: 200 requests in each minute,
// counted when a request arrives, whoever sends it. Its latency is that of a
// real network.
type account struct {
	mu                sync.Mutex
	opened            time.Time
	used              int
	served, throttled int
}

func (a *account) RoundTrip(req *http.Request) (*http.Response, error) {
	time.Sleep(latency())
	resp := a.answer()
	time.Sleep(latency())
	resp.Request = req
	return resp, req.Context().Err()
}

func latency() time.Duration { return 20*time.Millisecond + rand.N(150*time.Millisecond) }

func (a *account) answer() *http.Response {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	if a.opened.IsZero() || now.Sub(a.opened) >= window {
		a.opened, a.used = now, 0
	}
	resp := jsonAnswer(http.StatusOK, `{"response":[{"id":1,"code":"CASH"}]}`)
	if a.used >= 200 {
		a.throttled++
		resp = jsonAnswer(http.StatusServiceUnavailable, `{"response":"You have sent too many requests. Please wait before sending another request"}`)
	} else {
		a.used++
		a.served++
	}
	left := window - now.Sub(a.opened)
	resp.Header.Set("brightpearl-requests-remaining", strconv.Itoa(200-a.used))
	resp.Header.Set("brightpearl-next-throttle-period", strconv.FormatInt(left.Milliseconds(), 10))
	return resp
}

// Programs that share an account's pool do not know of each other. They use at
// least 95 % of it and never run into the throttle.
func TestPoolIsShared(t *testing.T) {
	t.Parallel()
	const windows = 10
	for _, programs := range []int{1, 2, 4} {
		for _, workers := range []int{1, 16, 64} {
			t.Run(fmt.Sprintf("%d programs of %d workers", programs, workers), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					vendor := &account{}
					ctx, cancel := context.WithTimeout(t.Context(), windows*window)
					defer cancel()
					for range programs {
						client := pooled(t, vendor)
						for range workers {
							go work(ctx, client)
						}
					}
					<-ctx.Done()
					synctest.Wait()
					rate := min(200, programs*workers*60_000/200) // 64 one-by-one callers cannot do more
					if want := windows * rate * 95 / 100; vendor.served < want || vendor.throttled > 0 {
						t.Errorf("served %d, want %d; throttled %d", vendor.served, want, vendor.throttled)
					}
				})
			})
		}
	}
}

func pooled(t *testing.T, vendor http.RoundTripper) *Client {
	client, err := New(Config{Account: "acme", Datacenter: "euw1", Auth: StaffToken("acme_till", "token")},
		tenderkit.WithHTTPClient(&http.Client{Transport: vendor}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// work reads until the context ends. What it comes to, the vendor counts.
func work(ctx context.Context, client *Client) {
	for ctx.Err() == nil {
		_, _ = client.PaymentMethod(ctx, 1)
	}
}
