package emulator

import (
	"slices"
	"sync"
)

// log is a list of requests and their number by operation. The zero value is
// ready for use.
type log[R any] struct {
	mu   sync.Mutex
	list []R
	ops  map[string]int
}

func (l *log[R]) add(op string, r R) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ops == nil {
		l.ops = map[string]int{}
	}
	l.list = append(l.list, r)
	l.ops[op]++
}

func (l *log[R]) all() []R {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list)
}

func (l *log[R]) count(op string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ops[op]
}
