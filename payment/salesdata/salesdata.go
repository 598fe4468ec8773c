// Package salesdata reads and writes the sales documents of a till by Munu:
// orders with their payments and lines, as the vendor delivers them in files.
//
//	for order, err := range salesdata.Decode(file) {
//		if err != nil {
//			log.Print(err) // says which order, which field, which byte
//			continue
//		}
//		for _, p := range order.Payments {
//			record, err := p.In("NOK", closed) // a payment.Payment
//			...
//		}
//	}
//
// The vendor documents the same records twice, and a file does not say which
// form it has: [Root], with every field optional, and [MDS]. Each record keeps
// the [Shape] it came from. A root net_amount and an MDS amount are never mixed
// up: the tip is outside the one and inside the other. Only [Payment.Convert]
// turns one into the other.
//
// Amounts are exact and keep their digits. What is decoded and encoded again is
// an equal document. A member on which neither money nor identity rests never
// costs an order, and one bad order never costs the others. [Balance] compares
// what the payments pay for lines with the revenue of the lines, and says what
// the comparison rests on.
//
// The vendor documents neither the currency nor the zone of times in these
// files, nor the signs of refunds: the caller supplies the first two, and no
// amount changes its sign with the type of its order.
package salesdata

import (
	"fmt"
	"strconv"

	"github.com/tenderkit/tenderkit/internal/label"
)

// Shape is one of the two forms in which the vendor documents the same
// records. Nothing inside a file names its shape. The keys show it.
type Shape uint8

// The two shapes.
const (
	Root Shape = 1 << iota // /salesdata/: amounts in net_amount, names of versions 1.0 to 1.2
	MDS                    // /mds/salesdata/, "Munu Data Store": amounts in amount, most fields required
)

const both = Root | MDS

// String returns "root", "mds" or "unknown".
func (s Shape) String() string {
	switch s {
	case Root:
		return "root"
	case MDS:
		return "mds"
	}
	return "unknown"
}

func (s Shape) known() bool { return s == Root || s == MDS }

// Version is a version of the root shape. The MDS shape has none.
type Version uint8

// The documented versions, oldest first. The zero value stands for the newest.
const (
	Version10  Version = iota + 1 // 1.0
	Version11                     // 1.1: psp_ref, par, order_type_id, order_channel
	Version111                    // 1.1.1: external_benefit_system_ident
	Version12                     // 1.2: pms_ref
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

// Get returns the JSON text of a key.
func (e Extra) Get(name string) (raw string, ok bool) {
	for _, m := range e {
		if m.Name == name {
			return m.Raw, true
		}
	}
	return "", false
}
