package paymenttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	goroutines = 64
	shortLease = 300 * time.Millisecond // of a process that is killed
)

// count claims k, counts a write, and saves. The checkpoint repeats the count:
// a part of a save would show.
func count(ctx context.Context, store payment.Store, k payment.Key, lease time.Duration) (writes int, err error) {
	ctx, cancel := context.WithTimeout(ctx, 4*unhurried)
	defer cancel()
	for wait := time.Millisecond; ; wait = min(2*wait, 100*time.Millisecond) {
		e, err := store.Claim(ctx, k, []byte(`{}`), lease)
		if err == nil {
			return bump(ctx, store, e)
		}
		var held *payment.HeldError
		if !errors.As(err, &held) {
			return 0, err
		}
		time.Sleep(rand.N(wait)) // many wait for one
	}
}

func bump(ctx context.Context, store payment.Store, e payment.Entry) (int, error) {
	if err := whole(e); err != nil {
		return 0, err
	}
	e.Writes++
	e.Status, e.Checkpoint, e.Reason = payment.Begun, fmt.Append(nil, e.Writes), fmt.Sprint(e.Writes)
	_, err := store.Save(ctx, e, 0)
	return e.Writes, err
}

// whole checks that an entry is what one Save has left.
func whole(e payment.Entry) error {
	n := fmt.Sprint(e.Writes)
	if e.Writes > 0 && (string(e.Checkpoint) != n || e.Reason != n || e.Status != payment.Begun) || e.Revision != int64(e.Writes) {
		return fmt.Errorf("%d writes, checkpoint %q, reason %q, status %q, revision %d: parts of several saves",
			e.Writes, e.Checkpoint, e.Reason, e.Status, e.Revision)
	}
	return nil
}

// oneKey claims one key from many goroutines, of which one may have it, and then
// counts on it: no count may be lost.
func (s *shop) oneKey() {
	const each = 3
	if n := s.winners(keyOf("raced")); n != 1 {
		s.Fatalf("%d claims of one key at the same time", n)
	}
	var done atomic.Int64
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for range each {
				if _, err := count(s.Context(), s.Store, keyOf("r"), long); err != nil {
					s.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	s.counted("r", int(done.Load()), 0)
}

// winners returns how many of many goroutines get a claim at the same time.
func (s *shop) winners(k payment.Key) int {
	var won atomic.Int64
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range goroutines {
		wg.Go(func() {
			<-start
			if _, err := s.Claim(s.Context(), k, []byte(`{}`), long); err == nil {
				won.Add(1)
			}
		})
	}
	close(start)
	wg.Wait()
	return int(won.Load())
}

// manyKeys holds a claim in each of many goroutines at the same time.
func (s *shop) manyKeys() {
	var wg sync.WaitGroup
	for i := range goroutines {
		wg.Go(func() {
			for range 3 {
				if _, err := count(s.Context(), s.Store, keyOf(fmt.Sprint(i)), long); err != nil {
					s.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for i := range goroutines {
		s.counted(fmt.Sprint(i), 3, 0)
	}
}

// counted checks what a key counts to, in a Store that is opened anew: at least
// what was reported, and at most as many more as processes were killed.
func (s *shop) counted(reference string, reported, killed int) {
	s.Helper()
	store := s.Store
	if !s.h.InMemory {
		store = s.open()
	}
	reopened := &shop{T: s.T, Store: store, h: s.h, place: s.place}
	e := reopened.wait(keyOf(reference))
	if err := whole(e); err != nil || e.Writes < reported || e.Writes > reported+killed {
		s.Errorf("%d saves were reported and %d processes killed, the store counts %d, %v", reported, killed, e.Writes, err)
	}
}

// reopened checks that entries survive a reopen with everything in them.
func (s *shop) reopened() {
	want := s.full(s.claim(keyOf("r"), `{}`, long))
	s.save(want, 0)
	claimed := s.claim(keyOf("held"), `{}`, long)
	second := &shop{T: s.T, Store: s.open(), h: s.h, place: s.place}
	got := second.claim(keyOf("r"), `{}`, long)
	second.same(got, want)
	if !got.Certain {
		s.Error("an entry is not certain after a reopen")
	}
	_, err := second.Claim(s.Context(), keyOf("held"), nil, long)
	second.held(err, keyOf("held"))
	s.save(claimed, 0) // the first one still works
	second.claim(keyOf("held"), `{}`, long)
}

// epochs checks that nothing counts as certain after the Store has lost data.
func (s *shop) epochs() {
	s.save(s.claim(keyOf("old"), `{}`, long), 0)
	if err := s.h.Restore(s.place); err != nil {
		s.Fatalf("Restore: %v", err)
	}
	second := &shop{T: s.T, Store: s.open(), h: s.h, place: s.place}
	old, created := second.claim(keyOf("old"), `{}`, long), second.claim(keyOf("new"), `{}`, long)
	if old.Certain || created.Certain {
		s.Errorf("after a change of the epoch, an old entry is certain: %t, a new one: %t", old.Certain, created.Certain)
	}
	second.save(old, 0)
	created.Certain = true
	second.save(created, 0)
	old, created = second.claim(keyOf("old"), `{}`, long), second.claim(keyOf("new"), `{}`, long)
	if old.Certain || !created.Certain {
		s.Errorf("saved in this epoch as uncertain and certain, the entries are certain: %t, %t", old.Certain, created.Certain)
	}
}

// storeTask is the work of a second process: to count.
type storeTask struct {
	Place string
	Lease time.Duration
	Times int
}

// child counts on one key and reports each save that has returned.
func (h StoreHarness) child(t *testing.T) {
	conn, err := net.Dial("tcp", os.Getenv(childEnv))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in, out := json.NewDecoder(conn), json.NewEncoder(conn)
	var do storeTask
	if err := in.Decode(&do); err != nil {
		t.Fatal(err)
	}
	store, err := h.Open(do.Place)
	if err != nil {
		t.Fatal(err)
	}
	for range do.Times {
		n, err := count(t.Context(), store, keyOf("r"), do.Lease)
		if err != nil {
			t.Fatal(err)
		}
		if err := out.Encode(n); err != nil {
			t.Fatal(err)
		}
	}
}

// processes counts on one key from several processes.
func (s *shop) processes() {
	const each = 20
	var second []*other
	for range others {
		o := startOther(s.T, s.test)
		o.send(storeTask{Place: s.place, Lease: long, Times: each})
		second = append(second, o)
	}
	for _, o := range second {
		for range each {
			o.expect("a count", new(int))
		}
	}
	s.counted("r", others*each, 0)
}

// killed kills processes at random while they count: what they have reported
// is there, and nothing is there in part.
func (s *shop) killed() {
	const rounds = 8
	reported := 0
	for range rounds {
		o := startOther(s.T, s.test)
		o.send(storeTask{Place: s.place, Lease: shortLease, Times: 1 << 20})
		o.expect("a count", new(int))
		reported++
		stop := time.AfterFunc(time.Duration(rand.IntN(20_000))*time.Microsecond, o.kill)
		for {
			if o.in.Decode(new(int)) != nil {
				break
			}
			reported++
		}
		stop.Stop()
		<-o.ended
	}
	s.counted("r", reported, rounds)
}
