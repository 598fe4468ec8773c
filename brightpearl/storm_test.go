package brightpearl_test

import (
	"flag"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

var storm = flag.Int("storm", 1000, "payments of the storm")

// Not parallel: a storm counts goroutines.
func TestStorm(t *testing.T) {
	paymenttest.Storm(t, harness(100*time.Millisecond), paymenttest.StormOptions{Payments: *storm})
}
