package rubi

import (
	"fmt"
	"testing"
)

// A reference in use is never forgotten: whoever comes next has to wait for it.
func TestMemoryKeepsWhatIsInUse(t *testing.T) {
	t.Parallel()
	var m memory
	use := func(reference string) *remembered {
		t.Helper()
		e, err := m.take(t.Context(), reference)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	held := use("held")
	for i := range 2 * maxRemembered {
		m.release(use(fmt.Sprint(i)))
	}
	if m.entries["held"] != held || len(m.entries) != maxRemembered || len(m.order) != maxRemembered {
		t.Errorf("%d entries, %d in order", len(m.entries), len(m.order))
	}
	m.release(held)
	for i := range maxRemembered {
		m.release(use(fmt.Sprint("later ", i)))
	}
	if m.entries["held"] != nil || len(m.entries) != maxRemembered {
		t.Errorf("%d entries, the oldest %v", len(m.entries), m.entries["held"])
	}
}

func TestMemoryLetsGoOfWaiters(t *testing.T) {
	t.Parallel()
	var m memory
	held, err := m.take(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.take(ended(t), "a"); err == nil {
		t.Error("took a turn that is taken")
	}
	m.release(held)
	if held.users != 0 {
		t.Errorf("%d users are left", held.users)
	}
}
