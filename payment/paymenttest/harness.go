package paymenttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
)

// Harness describes a vendor and its [payment.Recorder] to [Run] and [Storm].
// Start and Connect are called from many goroutines. Start, Connect and Kinds
// are required.
type Harness struct {
	// Start starts a vendor with an empty ledger. It ends with the test.
	Start func(t *testing.T, c Conditions) Vendor
	// Connect returns a Recorder for a vendor that Start started, in this process
	// or in another.
	Connect func(c Connection) (payment.Recorder, error)

	// Kinds are those that the Recorder can express. It must refuse all others.
	Kinds []payment.Kind
	// RefusesDuplicates says that the vendor refuses a reference that is taken.
	// The Recorder must say the same, see [payment.Deduplicator].
	RefusesDuplicates bool
	// NoLookup says that the vendor cannot be asked, or not by every Recorder:
	// Find may return ErrNoLookup, and an unknown outcome may stay one.
	NoLookup bool
	// Reads reports whether a request changes nothing, so that it may be made
	// again after its answer was lost. Nil stands for every GET and nothing else.
	Reads func(method, path string) bool
	// Repeats reports whether a write records nothing by itself, so that Once may
	// make it again, see [payment.Repeater]. Nil stands for none.
	Repeats func(method, path string) bool
	// Faults are answers of this vendor alone. They are added to [Faults].
	Faults []Fault
	// Sealed are the clients whose output is searched for secrets.
	Sealed []Sealed

	test string // the name of the test that runs the suite
}

// Conditions are what a test asks of a vendor.
type Conditions struct {
	// IndexLag is how much later a lookup shows a new payment. It is asked for
	// only if the vendor can be looked up.
	IndexLag time.Duration
}

// Vendor is a vendor that runs. All fields are required.
type Vendor struct {
	URL    string
	Script *Script // in front of the vendor
	// Ledger lists every payment that ever took effect, a repeated one repeatedly.
	// A vendor that keeps no references derives them from what it keeps.
	Ledger func() []Entry
	// Payment returns a payment that the vendor takes. Its Reference differs for
	// each kind and n. The suite asks for each kind and n once.
	Payment func(kind payment.Kind, n int) payment.Payment
}

// Entry is one payment in a vendor's ledger.
type Entry struct {
	Reference string
	Kind      payment.Kind
	Amount    payment.Money // positive, as in a Payment
}

// Connection says how a Recorder must talk to a vendor. A client of this module
// takes URL and Options. Any other Recorder takes URL, HTTPClient and Timeout.
type Connection struct {
	URL        string
	HTTPClient *http.Client       // to be used for everything
	Timeout    time.Duration      // of one exchange
	Options    []tenderkit.Option // the same, and retries that do not wait
}

// Sealed is one way to use a vendor's client with sentinels, which are
// unmistakable texts, in place of everything that must stay secret.
type Sealed struct {
	Name string
	// Open starts a vendor and makes a client with the options. Both live as long
	// as the test.
	Open func(t *testing.T, opts ...tenderkit.Option) Exposed
}

// Exposed is what a program could show of a client.
type Exposed struct {
	Script *Script
	// Sentinels are the texts that must not show: credentials, keys, tokens and
	// what is made from them, personal data. The longer, the better.
	Sentinels []string
	// Calls are all operations, with sentinels wherever a secret can stand. Each
	// returns its error.
	Calls []func(ctx context.Context) error
	// Values are the values that a program may print: Config, Client, payments and so on.
	Values []any
}

// Detail returns all fields of p as JSON, for the message of a test that fails: a
// Payment itself prints neither Method nor Target, nor its attributes.
func Detail(p payment.Payment) string {
	text, err := json.Marshal(payment.Stored(p))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// check names every field that is missing.
func (h Harness) check() error {
	missing := []error{
		unless(h.Start != nil, "Harness.Start is not set"),
		unless(h.Connect != nil, "Harness.Connect is not set"),
		unless(len(h.Kinds) > 0, "Harness.Kinds is empty"),
	}
	for i, k := range h.Kinds {
		missing = append(missing, unless(k.Known(), fmt.Sprintf("Harness.Kinds[%d] is not a kind of payment", i)))
	}
	for i, s := range h.Sealed {
		missing = append(missing, unless(s.Open != nil, fmt.Sprintf("Harness.Sealed[%d].Open is not set", i)))
	}
	return errors.Join(missing...)
}

// connect returns a Recorder, or says that there is none.
func (h Harness) connect(c Connection) (payment.Recorder, error) {
	r, err := h.Connect(c)
	if err == nil && r == nil {
		err = errors.New("Harness.Connect returned no Recorder and no error")
	}
	return r, err
}

func (v Vendor) check() error {
	return errors.Join(
		unless(v.URL != "", "Vendor.URL is empty"),
		unless(v.Script != nil, "Vendor.Script is not set"),
		unless(v.Ledger != nil, "Vendor.Ledger is not set"),
		unless(v.Payment != nil, "Vendor.Payment is not set"))
}

func (e Exposed) check() error {
	return errors.Join(
		unless(e.Script != nil, "Exposed.Script is not set"),
		unless(len(e.Sentinels) > 0, "Exposed.Sentinels is empty"),
		unless(len(e.Calls) > 0, "Exposed.Calls is empty"))
}

func unless(ok bool, text string) error {
	if ok {
		return nil
	}
	return errors.New(text)
}

const (
	unhurried = 30 * time.Second       // the time-out of tests that do not need one
	hurried   = 100 * time.Millisecond // and of those that do
)

// brief is the patience for a vendor that is a few microseconds away.
var brief = payment.WithPatience(2, time.Millisecond)

const (
	shortLag = 40 * time.Millisecond // of an index
	endless  = time.Hour
	held     = 400 * time.Millisecond // how long a late request is on its way
)

var (
	// patient outlasts shortLag many times: 1.27 seconds.
	patient = payment.WithPatience(8, 10*time.Millisecond)
	// hasty looks once.
	hasty = payment.WithPatience(1, 1)
	// vouched is a settle time that is longer than held.
	vouched = payment.WithSettle(3 * held)
)

var allKinds = []payment.Kind{payment.Sale, payment.Refund, payment.Authorization, payment.Capture, payment.Void}
