package paymenttest

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// Clause is one statement about a vendor, with what it takes to find out
// whether it is true. [Check] tries clauses against a [Target].
type Clause struct {
	ID        string   // never changes: "search.text-match"
	Statement string   // one sentence, true of an emulator without options
	Evidence  Evidence // where the statement is from
	Source    string   // the page, the traffic or the reasoning behind it

	Needs    []Need   // what the probe does beside reading; empty stands for Read
	Rights   string   // what the credentials must be allowed to do, in words
	Objects  []string // names of the sandbox objects that the probe uses: "order"
	Decides  []string // JSON names of the facts that the probe finds out
	Depends  []string // JSON names of the facts that can change the verdict without being found out here
	Requests int      // how many requests one trial costs at most
	Plan     string   // what the probe sends, shown before it does
	Option   string   // the client's option or the recorder's choice that the answer is for

	// Probe finds out. It returns nil if it saw what it expected, one of the errors
	// of [Trial.Differs], [Trial.Inconclusive] and [Trial.NotDecidable], or the
	// error of a client's call as it is.
	Probe func(ctx context.Context, t *Trial) error
}

// Evidence is where a statement about a vendor is from.
type Evidence string

// The kinds of evidence.
const (
	Documented Evidence = "documented" // the vendor says so
	Observed   Evidence = "observed"   // seen in real traffic or in a real client
	Inferred   Evidence = "inferred"   // reasoned
	Unknown    Evidence = "unknown"    // nobody has shown it; the statement is the default of this SDK
)

// Need is what a probe does to a system beside reading from it. All but Read
// have to be allowed by name, see [Allow].
type Need string

// The needs.
const (
	Read         Need = "read"
	Write        Need = "write"        // records something
	Delete       Need = "delete"       // deletes what it has recorded
	Irreversible Need = "irreversible" // records something that nobody can undo
	Notifies     Need = "notifies"     // sends mail or other messages to people
	BadLogin     Need = "bad login"    // sends wrong credentials, which may lock a user
	Exhausts     Need = "exhausts"     // uses up the account's requests, which holds up other programs
)

// Verdict is what a trial came to.
type Verdict string

// The verdicts.
const (
	Holds        Verdict = "holds"
	Differs      Verdict = "differs"       // seen twice
	Inconclusive Verdict = "inconclusive"  // no usable answer, or two trials disagree
	NotDecidable Verdict = "not decidable" // this system does not let it be seen, or another fact hides it
	Forbidden    Verdict = "forbidden"     // the rights of the credentials are too narrow
	NotTried     Verdict = "not tried"     // not allowed, no sandbox object, no budget
)

// Allow says what a run may do beside reading. A system that somebody works
// with should be read only.
type Allow struct {
	Write        bool
	Account      string // the account's name, typed out; Write needs it to be that of the Target
	Delete       bool
	Irreversible bool
	Notifies     bool
	BadLogin     bool
	Exhausts     bool
}

// AllowAll allows everything on the account with that name. It is meant for
// emulators.
func AllowAll(account string) Allow {
	return Allow{Write: true, Account: account, Delete: true, Irreversible: true, Notifies: true, BadLogin: true, Exhausts: true}
}

// has reports whether the need is allowed.
func (a Allow) has(n Need) bool {
	switch n {
	case Read:
		return true
	case Write:
		return a.Write
	case Delete:
		return a.Write && a.Delete
	case Irreversible:
		return a.Write && a.Irreversible
	case Notifies:
		return a.Notifies
	case BadLogin:
		return a.BadLogin
	case Exhausts:
		return a.Exhausts
	}
	return false
}

// Target is a system that clauses are tried against: a vendor's live account,
// an emulator, a recording, or a server of your own. The packages of the
// emulators return one for each vendor. Vendor, Account, URL and Connect are
// required.
type Target struct {
	Vendor  string
	Account string // the account's own name at the vendor
	URL     string // scheme and host, and the path that [Raw.Path] is relative to
	Facts   *FactSheet

	// Connect returns the vendor's own client. It must use the Connection's
	// HTTPClient, or its Options, for everything.
	Connect func(c Connection) (any, error)
	// Sign adds the credentials to a raw request. Nil adds none.
	Sign func(r *http.Request) error
	// Reads reports whether a request changes nothing. Nil stands for every GET
	// and HEAD, and nothing else.
	Reads func(r *http.Request) bool
	// Preflight, if set, runs before all clauses. It only reads. An error, such as
	// refused credentials or a sandbox object that does not exist, ends the run.
	Preflight func(ctx context.Context, t *Trial) error

	Objects  map[string]string // the sandbox objects, by name
	Allow    Allow
	Budget   int           // requests of the whole run at most; 0 stands for 1,000
	Pause    time.Duration // between two requests at least, to keep the vendor's limits
	Patience time.Duration // how long a probe waits for a record to show; 0 stands for 15 s

	Transport http.RoundTripper // sends the requests; nil is a transport of the run's own
	Seed      string            // part of every reference; "" is random
	// Now and Sleep replace the clock; a pair that advances together runs without
	// waiting. Nil is real time.
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error

	// Announce is told of each clause before its probe sends anything, and Done of
	// each result.
	Announce func(c Clause)
	Done     func(r Result)

	spy func(c Clause, e Exchange) // sees every exchange of a trial
}

// needs returns what the clause needs, at least Read.
func (c Clause) needs() []Need {
	if len(c.Needs) == 0 {
		return []Need{Read}
	}
	return c.Needs
}

// writes reports whether the probe may change something.
func (c Clause) writes() bool {
	return slices.ContainsFunc(c.Needs, func(n Need) bool { return n == Write || n == Delete || n == Irreversible })
}

// disturbs reports whether the probe is left to the end of a run, because it
// can get in the way of others.
func (c Clause) disturbs() bool {
	return slices.Contains(c.Needs, BadLogin) || slices.Contains(c.Needs, Exhausts)
}
