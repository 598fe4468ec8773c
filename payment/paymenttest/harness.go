package paymenttest

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
)

// Harness is what [Run] and [Storm] have to know of a vendor and its
// [payment.Recorder]. Start and Connect are called from many goroutines.
type Harness struct {
	// Start starts a vendor with an empty ledger. It ends with the test.
	Start func(t *testing.T, c Conditions) Vendor
	// Connect gives a Recorder for a vendor that Start started, in this process
	// or in another.
	Connect func(c Connection) (payment.Recorder, error)

	// Kinds are those that the Recorder can express. It has to refuse all others.
	Kinds []payment.Kind
	// RefusesDuplicates says that the vendor refuses a reference that is taken.
	// The Recorder has to say the same, see [payment.Deduplicator].
	RefusesDuplicates bool
	// NoLookup says that the vendor cannot be asked, or not by every Recorder:
	// Find may give ErrNoLookup, and an unknown outcome may stay one.
	NoLookup bool
	// Reads reports a request that changes nothing, so that it may be made again
	// after its answer was lost. Nil takes every GET for one, and nothing else.
	Reads func(method, path string) bool
	// Faults are answers of this vendor alone, beside [Faults].
	Faults []Fault
	// Sealed is searched for what must not show.
	Sealed []Sealed
}

// Conditions are what a test asks of a vendor.
type Conditions struct {
	// IndexLag is how much later a lookup shows a new payment. It is asked for
	// only if the vendor can be looked up.
	IndexLag time.Duration
}

// Vendor is a vendor that runs.
type Vendor struct {
	URL    string
	Script *Script // in front of the vendor
	// Ledger lists every payment that ever took effect, repeated ones repeated.
	// A vendor that keeps no references has to find them out by what it keeps.
	Ledger func() []Entry
	// Payment gives a payment that the vendor takes. Its Reference differs for
	// each kind and n; the same kind and n may be asked for once only.
	Payment func(kind payment.Kind, n int) payment.Payment
}

// Entry is one payment in a vendor's ledger.
type Entry struct {
	Reference string
	Kind      payment.Kind
	Amount    payment.Money // positive, as in a Payment
}

// Connection says how a Recorder has to talk. A client of this module takes
// URL and Options; a Recorder of another make takes URL, HTTPClient, Timeout.
type Connection struct {
	URL        string
	HTTPClient *http.Client       // to be used for everything
	Timeout    time.Duration      // of one exchange
	Options    []tenderkit.Option // the same, and retries that do not wait
}

// Sealed is one way to use a vendor's client with sentinels, unmistakable
// texts, in place of all that has to stay secret.
type Sealed struct {
	Name string
	// Open starts a vendor and makes a client with the options. What it gives
	// lives as long as the test.
	Open func(t *testing.T, opts ...tenderkit.Option) Exposed
}

// Exposed is what a program could show of a client.
type Exposed struct {
	Script *Script
	// Sentinels are what must not show: credentials, keys, tokens and what is
	// made from them, personal data. The longer, the better.
	Sentinels []string
	// Calls are all operations, with sentinels wherever a secret can stand. Each
	// gives its error.
	Calls []func(ctx context.Context) error
	// Values are what a program may print: Config, Client, payments and so on.
	Values []any
}
