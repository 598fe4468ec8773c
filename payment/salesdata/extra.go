package salesdata

import (
	"fmt"
	"strconv"

	"github.com/tenderkit/tenderkit/internal/label"
)

// Extra holds the keys of a record that its shape does not document, in the
// order in which they are written back. It prints their number only: what they
// hold is unknown and may be personal.
type Extra []Member

// Member is one key with the JSON text of its value.
type Member struct{ Name, Raw string }

// Format prints the number of keys for every verb.
func (e Extra) Format(f fmt.State, verb rune) {
	label.Print(f, verb, strconv.Itoa(len(e))+" other keys")
}

// Format prints nothing of the value for any verb.
func (m Member) Format(f fmt.State, verb rune) { label.Print(f, verb, "[another key]") }

// Get gives the JSON text of a key.
func (e Extra) Get(name string) (raw string, ok bool) {
	for _, m := range e {
		if m.Name == name {
			return m.Raw, true
		}
	}
	return "", false
}
