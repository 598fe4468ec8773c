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
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
)

// Programs of 16 workers share the emulator's pool of 200 requests in each
// window of a second. "%used" is what they get of it, "throttled" how many 503
// they meet in five windows. The test of the same in minutes, with the latency
// of a real network, is TestPoolIsShared.
func BenchmarkPool(b *testing.B) {
	const windows, window = 5, time.Second
	for _, programs := range []int{1, 4} {
		b.Run(fmt.Sprintf("programs=%d", programs), func(b *testing.B) {
			var served, throttled atomic.Int64
			count := tenderkit.WithObserver(func(_ context.Context, e tenderkit.Exchange) {
				switch e.Status {
				case http.StatusOK:
					served.Add(1)
				case http.StatusServiceUnavailable:
					throttled.Add(1)
				}
			})
			for range b.N {
				server := brightpearltest.New(brightpearltest.WithThrottle(200, window))
				ctx, cancel := context.WithTimeout(b.Context(), windows*window-20*time.Millisecond)
				var workers sync.WaitGroup
				for range programs {
					client := connect(b, server.Config(), count)
					for range 16 {
						workers.Go(func() {
							for ctx.Err() == nil {
								_, _ = client.PaymentMethod(ctx, 1)
							}
						})
					}
				}
				workers.Wait()
				cancel()
				server.Close()
			}
			b.ReportMetric(float64(served.Load())/float64(b.N)/(windows*200)*100, "%used")
			b.ReportMetric(float64(throttled.Load())/float64(b.N), "throttled")
		})
	}
}
