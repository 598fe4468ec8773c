package outbox

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	maxBatch      = 256              // steps that share a commit
	maxStatements = 2                // of one process, at a time, in Postgres
	batchTimeout  = 30 * time.Second // of one commit
)

// step is one Claim or Save.
type step struct {
	key     payment.Key
	payload []byte         // of a claim
	saved   *payment.Entry // of a save
	lease   time.Duration

	entry payment.Entry // the answer, with err
	err   error
	done  chan struct{}
}

// queue gathers the steps that arrive while others are under way, and runs them
// together: with many callers, a commit is shared.
type queue struct {
	run  func(context.Context, []*step) // sets the answer of each
	most int                            // runs at a time

	mu      sync.Mutex
	waiting []*step
	running int
}

// do runs one step and returns when it is durable. A step whose context ends
// before that may still take effect.
func (q *queue) do(ctx context.Context, s *step) (payment.Entry, error) {
	if err := ctx.Err(); err != nil {
		return payment.Entry{}, err
	}
	s.done = make(chan struct{})
	q.add(s)
	select {
	case <-s.done:
		return s.entry, s.err
	case <-ctx.Done():
		return payment.Entry{}, ctx.Err()
	}
}

func (q *queue) add(s *step) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, s)
	if q.running < q.most {
		q.running++
		go q.drain()
	}
}

// drain runs what is waiting until nothing is.
func (q *queue) drain() {
	for steps := q.take(); steps != nil; steps = q.take() {
		ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
		q.run(ctx, steps)
		cancel()
		for _, s := range steps {
			close(s.done)
		}
	}
}

// take returns steps of distinct keys, in the order of their keys, so that two
// processes do not wait for each other. What is left waits for the next turn.
func (q *queue) take() (steps []*step) {
	q.mu.Lock()
	defer q.mu.Unlock()
	keys := make(map[payment.Key]bool, len(q.waiting))
	q.waiting = slices.DeleteFunc(q.waiting, func(s *step) bool {
		if len(steps) == maxBatch || keys[s.key] {
			return false
		}
		keys[s.key] = true
		steps = append(steps, s)
		return true
	})
	if steps == nil {
		q.running--
	}
	slices.SortFunc(steps, func(a, b *step) int { return compareKeys(a.key, b.key) })
	return steps
}

// fail gives all steps the same answer.
func fail(steps []*step, err error) {
	for _, s := range steps {
		s.entry, s.err = payment.Entry{}, err
	}
}

func compareKeys(a, b payment.Key) int {
	return cmp.Or(
		cmp.Compare(a.Account.Vendor, b.Account.Vendor), cmp.Compare(a.Account.Tenant, b.Account.Tenant),
		cmp.Compare(a.Account.Host, b.Account.Host), cmp.Compare(a.Op, b.Op), cmp.Compare(a.Reference, b.Reference),
	)
}
