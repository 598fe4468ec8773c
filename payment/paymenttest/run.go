package paymenttest

import "testing"

// Run is the conformance suite of a [payment.Recorder], for any vendor and any
// maker. It compares what Record, Find, [payment.Once] and [payment.Resume]
// return with the vendor's ledger:
//
//   - no error: exactly one entry has the reference, with kind and amount, and
//     AlreadyRecorded is true only if the payment was found and not written;
//   - ErrOutcomeUnknown: at most one entry, and the error carries the reference
//     and what was tried; Resume resolves it where the vendor can be asked;
//   - any other error: this call has recorded nothing, and Once can be called
//     again;
//   - a *FieldError, of Prepare, Record and Find alike, for what cannot be
//     recorded: nothing was sent;
//   - never two entries, unless several callers write at the same time at a
//     vendor that does not refuse duplicates.
//
// It does so for every kind, under every fault at every request, with the
// context ended at every request, from several goroutines and processes, with
// lookups that fail, show a payment late or answer 404, with late effects, and
// with an earlier payment under the same reference. It searches for secrets
// where the harness has any.
//
// Call it from a test function that does nothing else: the suite starts the
// test binary again with -test.run set to that test.
func Run(t *testing.T, h Harness) {
	if err := h.check(); err != nil {
		t.Fatal(err)
	}
	h.test = t.Name()
	if isChild() {
		h.child(t)
		return
	}
	for name, part := range map[string]func(*testing.T){
		"kinds":       h.kinds,
		"bad input":   h.badInput,
		"faults":      h.faultsAtEveryStep,
		"cancel":      h.cancelAtEveryStep,
		"duplicates":  h.duplicates,
		"slow index":  h.slowIndex,
		"late effect": h.lateEffects,
		"no word":     h.lookupsWithoutWord,
		"memory":      h.memory,
		"killed":      h.killed,
		"stopped":     h.stopped,
		"conflict":    h.conflicts,
		"sealed":      h.sealed,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			part(t)
		})
	}
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
