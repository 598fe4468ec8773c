package spektrix

import (
	"sync"

	"github.com/tenderkit/tenderkit/internal/transport"
)

// maxFlows is how many baskets a client remembers.
const maxFlows = 10_000

// flows is what a client remembers of the baskets it has written to. Spektrix
// shows no payments of a basket, so nothing else keeps a program from paying
// one twice.
type flows struct {
	mu       sync.Mutex
	byBasket map[string]*flow
	kept     []string // ids, oldest first
}

// flow is one basket. Between claim and release it belongs to the caller.
type flow struct {
	basketID   string
	settlement *Settlement // nil unless Settle has sent something
	confirmed  bool        // a confirmation was sent and not refused

	busy, kept bool // under the lock of flows
}

func newFlows() *flows { return &flows{byBasket: make(map[string]*flow)} }

// claim returns the flow of a basket to one caller at a time.
func (fs *flows) claim(basketID string) (*flow, error) {
	if err := transport.CheckSegment("id", basketID); err != nil {
		return nil, err
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f := fs.byBasket[basketID]
	if f == nil {
		f = &flow{basketID: basketID}
		fs.byBasket[basketID] = f
	}
	if f.busy {
		return nil, invalid("id", "names a basket that another call is settling or confirming")
	}
	f.busy = true
	return f, nil
}

// release returns the flow back, and forgets it if nothing happened.
func (fs *flows) release(f *flow) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f.busy = false
	switch {
	case f.settlement == nil && !f.confirmed:
		delete(fs.byBasket, f.basketID)
	case !f.kept:
		f.kept = true
		fs.kept = append(fs.kept, f.basketID)
		fs.forgetOldest()
	}
}

func (fs *flows) forgetOldest() {
	if len(fs.kept) <= maxFlows {
		return
	}
	oldest := fs.byBasket[fs.kept[0]]
	fs.kept = fs.kept[1:]
	oldest.kept = false // in use, it is kept anew when it is released
	if !oldest.busy {
		delete(fs.byBasket, oldest.basketID)
	}
}
