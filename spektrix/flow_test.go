package spektrix

import (
	"fmt"
	"testing"
)

func mustClaim(t *testing.T, fs *flows, id string) *flow {
	t.Helper()
	f, err := fs.claim(id)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestClaimIsExclusive(t *testing.T) {
	t.Parallel()
	fs := newFlows()
	f := mustClaim(t, fs, "1A")
	if _, err := fs.claim("1A"); err == nil {
		t.Error("a basket was claimed twice")
	}
	mustClaim(t, fs, "2A")
	fs.release(f)
	mustClaim(t, fs, "1A")
}

func TestReleaseForgetsWhereNothingHappened(t *testing.T) {
	t.Parallel()
	fs := newFlows()
	fs.release(mustClaim(t, fs, "1A"))
	if len(fs.byBasket) != 0 || len(fs.kept) != 0 {
		t.Errorf("%d flows, %d kept", len(fs.byBasket), len(fs.kept))
	}
	for range 2 {
		f := mustClaim(t, fs, "1A")
		f.confirmed = true
		fs.release(f)
	}
	if len(fs.byBasket) != 1 || len(fs.kept) != 1 {
		t.Errorf("%d flows, %d kept", len(fs.byBasket), len(fs.kept))
	}
}

// The memory is bounded, and what is in use is not forgotten.
func TestTheOldestIsForgotten(t *testing.T) {
	t.Parallel()
	fs := newFlows()
	keep := func(id string) {
		f := mustClaim(t, fs, id)
		f.confirmed = true
		fs.release(f)
	}
	keep("used")
	used := mustClaim(t, fs, "used")
	for i := range maxFlows + 10 {
		keep(fmt.Sprintf("%dA", i))
	}
	if _, err := fs.claim("used"); err == nil {
		t.Error("a basket in use was forgotten")
	}
	fs.release(used)
	if len(fs.kept) != maxFlows || len(fs.byBasket) != maxFlows {
		t.Errorf("%d kept, %d flows", len(fs.kept), len(fs.byBasket))
	}
	if f := mustClaim(t, fs, "used"); !f.confirmed {
		t.Error("a basket that was in use is not remembered")
	}
	if f := mustClaim(t, fs, "0A"); f.confirmed {
		t.Error("the oldest is still remembered")
	}
}
