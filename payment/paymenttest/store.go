package paymenttest

import (
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// StoreHarness describes a [payment.Store] to [RunStore].
type StoreHarness struct {
	// Open opens the Store that is kept at a place. The place is an empty
	// directory at first; a Store that is kept elsewhere takes its path as a name.
	// Opening a place again, in this process or in another, shows the same
	// entries. A Store that is an io.Closer is closed. Required.
	Open func(place string) (payment.Store, error)
	// InMemory says that entries end with the Store that took them, so that no
	// entry is Certain and no other process sees it.
	InMemory bool
	// Restore changes the epoch of the Store at a place, as its restore command
	// or a failover does. Nil if that cannot be done in a test.
	Restore func(place string) error
}

// RunStore is the suite that every [payment.Store] must pass:
//
//   - a claim excludes every other until it is released or its lease ends, by
//     the Store's own clock;
//   - each Claim and Save changes the token, and a Save with an old one changes
//     nothing;
//   - what Save has returned from is durable: it survives a reopen and the death
//     of the process, and no process sees a part of it;
//   - no two keys share an entry, whatever their parts hold;
//   - after a change of the epoch no older entry and no new one is Certain.
//
// It holds them from 64 goroutines and four processes. Call it from a test
// function that does nothing else: the suite starts the test binary again with
// -test.run set to that test.
func RunStore(t *testing.T, h StoreHarness) {
	if h.Open == nil {
		t.Fatal("StoreHarness.Open is not set")
	}
	if isChild() {
		h.child(t)
		return
	}
	parts := map[string]func(*shop){
		"claim": (*shop).claims, "no payload": (*shop).noPayload, "lease": (*shop).leases, "save": (*shop).saves,
		"old token": (*shop).oldTokens, "keys": (*shop).keys, "bad input": (*shop).badInput, "ended context": (*shop).endedContext,
		"goroutines, one key": (*shop).oneKey, "goroutines, many keys": (*shop).manyKeys,
	}
	if !h.InMemory {
		parts["reopen"], parts["processes"], parts["killed"] = (*shop).reopened, (*shop).processes, (*shop).killed
	}
	if h.Restore != nil {
		parts["epoch"] = (*shop).epochs
	}
	name := t.Name()
	for part, test := range parts {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			s := &shop{T: t, h: h, place: t.TempDir(), test: name}
			s.Store = s.open()
			test(s)
		})
	}
}
