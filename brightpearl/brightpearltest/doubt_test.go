package brightpearltest_test

import (
	"testing"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Whatever the client calls inferred or unknown names the clause that settles
// it.
func TestEveryDoubtHasItsClause(t *testing.T) {
	t.Parallel()
	places, err := paymenttest.Doubts("..", brightpearltest.Contract())
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range places {
		t.Errorf("%s: inferred or unknown, but no clause", place)
	}
}
