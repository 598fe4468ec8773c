package paymenttest

import (
	"slices"
	"sync"
)

// Traffic is an emulator's list of the requests that have reached it, whatever
// became of them. R is what the emulator keeps of one. The zero value is ready,
// and safe for concurrent use.
type Traffic[R any] struct {
	mu   sync.Mutex
	list []R
}

// Note adds a request.
func (t *Traffic[R]) Note(r R) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list = append(t.list, r)
}

// All lists the requests in order of arrival.
func (t *Traffic[R]) All() []R {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.list)
}

// Count tells how many of the requests match.
func (t *Traffic[R]) Count(match func(R) bool) (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range t.list {
		if match(r) {
			n++
		}
	}
	return n
}
