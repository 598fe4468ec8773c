package brightpearl_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
)

// Programs that share an account's pool do not know of each other. They must
// use it up nearly whole and never run into the throttle.
func TestPoolIsShared(t *testing.T) {
	t.Parallel()
	for _, programs := range []int{1, 4} {
		t.Run(fmt.Sprintf("%d programs", programs), func(t *testing.T) {
			t.Parallel()
			const windows, window = 3, time.Second
			server := brightpearltest.New(brightpearltest.WithThrottle(200, window))
			defer server.Close()
			ctx, cancel := context.WithTimeout(t.Context(), windows*window-50*time.Millisecond)
			defer cancel()
			var served, throttled atomic.Int64
			var wg sync.WaitGroup
			count := tenderkit.WithObserver(func(e tenderkit.Exchange) {
				switch e.Status {
				case http.StatusOK:
					served.Add(1)
				case http.StatusServiceUnavailable:
					throttled.Add(1)
				}
			})
			for range programs {
				client := connect(t, server.Config(), count)
				for range 16 {
					wg.Go(func() { work(ctx, client) })
				}
			}
			wg.Wait()
			t.Logf("served %d of %d, throttled %d", served.Load(), windows*200, throttled.Load())
			if served.Load() < windows*200*95/100 || throttled.Load() > 0 {
				t.Errorf("served %d of %d, throttled %d", served.Load(), windows*200, throttled.Load())
			}
		})
	}
}

// work reads until the context ends. What it comes to, the observer sees.
func work(ctx context.Context, client *brightpearl.Client) {
	for ctx.Err() == nil {
		_, _ = client.PaymentMethod(ctx, 1)
	}
}
