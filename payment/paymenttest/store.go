package paymenttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

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

// shop is a Store under test.
type shop struct {
	*testing.T
	payment.Store
	h     StoreHarness
	place string
	test  string
}

func (s *shop) open() payment.Store {
	s.Helper()
	store, err := s.h.Open(s.place)
	if err != nil || store == nil {
		s.Fatalf("Open: %v, %v", store, err)
	}
	if c, ok := store.(io.Closer); ok {
		s.Cleanup(func() { _ = c.Close() })
	}
	return store
}

// keyOf returns the key of a reference at an account of the test.
func keyOf(reference string) payment.Key {
	return payment.Key{Account: payment.Account{Vendor: "v", Tenant: "t", Host: "h:443"}, Op: "payment", Reference: reference}
}

const long = time.Hour // a lease that outlasts the test

// claim takes a claim that nobody else holds.
func (s *shop) claim(k payment.Key, payload string, lease time.Duration) payment.Entry {
	s.Helper()
	e, err := s.Claim(s.Context(), k, []byte(payload), lease)
	if err != nil {
		s.Fatalf("Claim of %v: %v", k, err)
	}
	if e.Key != k || e.Token == "" || e.Until.IsZero() {
		s.Errorf("Claim of %v returned key %v, token %q, until %v", k, e.Key, e.Token, e.Until)
	}
	return e
}

func (s *shop) save(e payment.Entry, lease time.Duration) payment.Entry {
	s.Helper()
	saved, err := s.Save(s.Context(), e, lease)
	if err != nil {
		s.Fatalf("Save of %v: %v", e.Key, err)
	}
	if saved.Token == e.Token || saved.Token == "" || saved.Revision != e.Revision+1 || saved.Key != e.Key {
		s.Errorf("Save of %v at revision %d, token %q returned %v, %d, %q", e.Key, e.Revision, e.Token, saved.Key, saved.Revision, saved.Token)
	}
	return saved
}

// held checks that err is a HeldError for k.
func (s *shop) held(err error, k payment.Key) *payment.HeldError {
	s.Helper()
	var held *payment.HeldError
	if !errors.As(err, &held) || !errors.Is(err, payment.ErrOutcomeUnknown) || held.Key != k {
		s.Fatalf("error %v, want a HeldError for %v", err, k)
	}
	return held
}

// full is an entry with all that Once writes.
func (s *shop) full(e payment.Entry) payment.Entry {
	s.Helper()
	amount, err := payment.ParseMoney("10.400", "GBP")
	if err != nil {
		s.Fatal(err)
	}
	stored, err := json.Marshal(payment.Stored{Reference: "r", Kind: payment.Sale, Amount: amount, Date: time.Unix(1, 5).UTC(), Target: "ü\u2028<&>"})
	if err != nil {
		s.Fatal(err)
	}
	e.Payload = stored
	e.Progress = payment.Progress{
		Status: payment.Recorded, Writes: 2, Checkpoint: []byte("\x00\xff\n'\"\\"),
		Receipts: []payment.Receipt{
			{Vendor: "v", ID: "1", Reference: "r", Amount: amount, AlreadyRecorded: true},
			{Vendor: "v", ID: "'; --", Amount: amount, Differs: []string{"Date", "Amount"}},
		},
		Fields: []string{"Amount", "Attributes[item]"}, Reason: strings.Repeat("ü", 249) + "…",
		Decision: &payment.Decision{Recorded: true, ID: "7", By: "Zoë", At: time.Unix(1700000000, 0).UTC(), Note: "seen\n"},
	}
	return e
}

// same compares what a Store has to keep.
func (s *shop) same(got, want payment.Entry) {
	s.Helper()
	g, errG := json.Marshal(got.Progress)
	w, errW := json.Marshal(want.Progress)
	if errG != nil || errW != nil || !bytes.Equal(g, w) {
		s.Errorf("kept %s, want %s (%v, %v)", g, w, errG, errW)
	}
	if !bytes.Equal(got.Payload, want.Payload) || !bytes.Equal(got.Checkpoint, want.Checkpoint) {
		s.Errorf("kept payload %q and checkpoint %q, want %q and %q", got.Payload, got.Checkpoint, want.Payload, want.Checkpoint)
	}
}

// wait claims a key as soon as its lease has ended.
func (s *shop) wait(k payment.Key) payment.Entry {
	s.Helper()
	for end := time.Now().Add(unhurried); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		e, err := s.Claim(s.Context(), k, nil, long)
		if err == nil {
			return e
		}
		s.held(err, k)
	}
	s.Fatalf("the claim of %v does not end with its lease", k)
	return payment.Entry{}
}
