package backendpay_test

import (
	"flag"
	"testing"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// storm is how many payments: go test ./backendpay -run TestStorm -storm=10000
var storm = flag.Int("storm", 1000, "payments of a storm")

// Not parallel: a storm counts goroutines.
func TestStorm(t *testing.T) {
	paymenttest.Storm(t, harness(), paymenttest.StormOptions{Payments: *storm})
}

// With a durable Store nothing is recorded twice, whatever is lost.
func TestStormWithAStore(t *testing.T) {
	paymenttest.Storm(t, harness(), paymenttest.StormOptions{Payments: *storm, Store: paymenttest.NewStore()})
}

// Four processes hand each payment over.
func TestStormOfProcesses(t *testing.T) {
	paymenttest.Storm(t, harness(), paymenttest.StormOptions{Payments: *storm, Processes: 4})
}
