// Command contract asks a vendor's system which of this SDK's statements about
// it are true.
//
//	go run ./examples/contract -vendor brightpearl
//
// Without credentials it asks an emulator. With the vendor's environment
// variables it asks the live system, and only reads:
//
//	BRIGHTPEARL_ACCOUNT=acme BRIGHTPEARL_DATACENTER=euw1 \
//	BRIGHTPEARL_APP_REF=acme_till BRIGHTPEARL_STAFF_TOKEN=… \
//	go run ./examples/contract -vendor brightpearl -facts facts.json -report report.md
//
// What else a run may do has to be said: -write with the account's name typed out
// in -account and the sandbox objects in -objects ("order=2002,method=CARD"), and
// for each kind of harm a flag of its own. Each clause says what it will send
// before it does. -list shows all clauses without sending anything.
//
// -record keeps every exchange in a directory, without credentials and personal
// data, and -replay makes the same run from there, offline. -against compares with
// the -facts of an earlier run. -as sets the emulator to such a file.
//
// The exit code is 0 if everything that was decided holds and nothing has
// drifted, 2 if not, and 1 if the run could not be made.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// settings are the values of the command line.
type settings struct {
	vendor          string
	allow           paymenttest.Allow
	objects         map[string]string
	budget          int
	pause           time.Duration
	list            bool
	facts, report   string
	record, replay  string
	against, likeIn string
}

var errDiffers = errors.New("something differs")

// run is the whole program. It returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	set, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		err = contract(ctx, set, getenv, stdout)
	}
	switch {
	case errors.Is(err, errDiffers):
		return 2
	case err != nil:
		fmt.Fprintln(stderr, "contract:", err)
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var set settings
	var objects string
	flags := flag.NewFlagSet("contract", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&set.vendor, "vendor", "", "vendor: "+strings.Join(vendorNames(), ", "))
	flags.BoolVar(&set.allow.Write, "write", false, "record payments on the sandbox objects; needs -account")
	flags.StringVar(&set.allow.Account, "account", "", "the `name` of the account that may be written to, typed out")
	flags.StringVar(&objects, "objects", "", "sandbox objects that may be used, such as `order=2002,method=CARD`; -list names them")
	flags.BoolVar(&set.allow.Delete, "delete", false, "delete what was recorded")
	flags.BoolVar(&set.allow.Irreversible, "irreversible", false, "record what nobody can undo")
	flags.BoolVar(&set.allow.Notifies, "notify", false, "let the vendor send mail and other messages to people")
	flags.BoolVar(&set.allow.BadLogin, "bad-login", false, "try wrong credentials, which may lock a user")
	flags.BoolVar(&set.allow.Exhausts, "exhaust", false, "use up the account's requests, which holds up other programs")
	flags.IntVar(&set.budget, "budget", 0, "requests at most; 0 is the vendor's default")
	flags.DurationVar(&set.pause, "pause", 0, "time between two requests at least; 0 keeps to the vendor's limit")
	flags.BoolVar(&set.list, "list", false, "show the clauses and what they send, and send nothing")
	flags.StringVar(&set.facts, "facts", "", "write what was found out to this `file`, as JSON")
	flags.StringVar(&set.report, "report", "", "write a page for people to this `file`, as Markdown")
	flags.StringVar(&set.record, "record", "", "keep every exchange in this `directory`")
	flags.StringVar(&set.replay, "replay", "", "make the run that this `directory` holds, offline")
	flags.StringVar(&set.against, "against", "", "compare with this `file`, which -facts has written")
	flags.StringVar(&set.likeIn, "as", "", "set the emulator to this `file`, which -facts has written")
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	var err error
	set.objects, err = parseObjects(objects)
	return set, errors.Join(err, set.check(flags.Args()))
}

func (s settings) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case s.allow.Write && s.allow.Account == "":
		return errors.New("-write needs -account: type the name of the account that may be written to")
	case s.record != "" && s.replay != "":
		return errors.New("-record and -replay exclude each other")
	}
	return nil
}

// parseObjects reads "order=2002,method=CARD".
func parseObjects(text string) (map[string]string, error) {
	objects := map[string]string{}
	for part := range strings.SplitSeq(text, ",") {
		if part == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		if !ok || name == "" || value == "" {
			return nil, fmt.Errorf("-objects: %q is not name=value", part)
		}
		objects[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return objects, nil
}

// contract is the main job.
func contract(ctx context.Context, set settings, getenv func(string) string, stdout io.Writer) error {
	v, err := findVendor(set.vendor)
	if err != nil {
		return err
	}
	clauses := v.clauses()
	if set.list {
		return list(stdout, clauses)
	}
	s, err := open(v, set, getenv)
	if err != nil {
		return err
	}
	defer s.close()
	if err := checkObjects(clauses, s.target.Objects); err != nil {
		return err
	}
	fmt.Fprintln(stdout, s.note)
	s.target.Announce = func(c paymenttest.Clause) {
		if s.live && len(c.Needs) > 0 {
			fmt.Fprintf(stdout, "  %s: %s\n", c.ID, c.Plan)
		}
	}
	report := paymenttest.Check(ctx, s.target, clauses)
	if err := s.close(); err != nil {
		return err
	}
	if err := errors.Join(show(stdout, report, s.target.Allow), save(set, report)); err != nil {
		return err
	}
	drifted, err := compare(stdout, set.against, report)
	switch missing := s.missing(); {
	case err != nil:
		return err
	case len(missing) > 0:
		return errors.New(strings.Join(missing, "\n"))
	case report.Err != nil:
		return report.Err
	case drifted || report.Count(paymenttest.Differs) > 0:
		return errDiffers
	}
	return nil
}

// checkObjects refuses a sandbox object that no clause knows.
func checkObjects(clauses []paymenttest.Clause, objects map[string]string) error {
	known := map[string]bool{}
	for _, c := range clauses {
		for _, name := range c.Objects {
			known[name] = true
		}
	}
	for name := range objects {
		if !known[name] && !isSecret(name) {
			return fmt.Errorf("no clause uses a sandbox object %q; -list names them", name)
		}
	}
	return nil
}
