package paymenttest_test

import (
	"flag"
	"testing"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// storm is how many payments: go test ./payment/paymenttest -run TestStorm -storm=10000
var storm = flag.Int("storm", 1000, "payments of a storm")

// Not parallel: a storm counts goroutines.
func TestStorm(t *testing.T) {
	for name, r := range map[string]rules{
		"refuses duplicates": {refusesDuplicates: true}, "takes duplicates": {}, "no lookup": {noLookup: true},
	} {
		t.Run(name, func(t *testing.T) {
			paymenttest.Storm(t, r.harness(newOwn), paymenttest.StormOptions{Payments: *storm})
		})
		t.Run(name+", with a Store", func(t *testing.T) {
			paymenttest.Storm(t, r.harness(newOwn), paymenttest.StormOptions{Payments: *storm, Store: paymenttest.NewStore()})
		})
	}
}

func TestStormOfProcesses(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]rules{
		"refuses duplicates": {refusesDuplicates: true}, "takes duplicates": {}, "no lookup": {noLookup: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			paymenttest.Storm(t, r.harness(newOwn), paymenttest.StormOptions{Payments: *storm, Processes: 4})
		})
	}
}
