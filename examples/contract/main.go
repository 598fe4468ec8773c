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
	"encoding/json"
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

// list shows what each clause would send.
func list(w io.Writer, clauses []paymenttest.Clause) error {
	for _, c := range clauses {
		needs := "read"
		if len(c.Needs) > 0 {
			needs = strings.Trim(strings.Join(strings.Fields(fmt.Sprint(c.Needs)), ", "), "[]")
		}
		fmt.Fprintf(w, "%s (%s, %s): %s\n    %s; %d requests at most", c.ID, c.Evidence, c.Source, c.Statement, c.Plan, c.Requests)
		fmt.Fprintf(w, "; needs: %s", needs)
		if len(c.Objects) > 0 {
			fmt.Fprintf(w, "; objects: %s", strings.Join(c.Objects, ", "))
		}
		if _, err := fmt.Fprintln(w); err != nil {
			return err
		}
	}
	return nil
}

// show prints the table, and what was left out for want of -write.
func show(w io.Writer, report paymenttest.Report, allow paymenttest.Allow) error {
	if report.Err != nil && len(report.Results) == 0 {
		return nil
	}
	if err := report.WriteTable(w); err != nil {
		return err
	}
	if n := report.Count(paymenttest.NotTried); n > 0 && !allow.Write {
		_, err := fmt.Fprintf(w, "\nThis run only read. %d clauses were not tried: they need -write with -account and -objects, or flags of their own.\n", n)
		return err
	}
	return nil
}

// save writes the files that were asked for.
func save(set settings, report paymenttest.Report) error {
	var errs []error
	if set.facts != "" {
		text, err := json.MarshalIndent(report.Findings(), "", "  ")
		if err == nil {
			err = os.WriteFile(set.facts, append(text, '\n'), 0o600)
		}
		errs = append(errs, err)
	}
	if set.report != "" {
		var page strings.Builder
		err := report.WriteMarkdown(&page)
		if err == nil {
			err = os.WriteFile(set.report, []byte(page.String()), 0o600)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// compare reports whether something has drifted since an earlier run.
func compare(w io.Writer, path string, report paymenttest.Report) (drifted bool, err error) {
	if path == "" {
		return false, nil
	}
	before, err := readFindings(path, report.Vendor)
	if err != nil {
		return false, err
	}
	drift := paymenttest.Compare(before, report.Findings())
	if len(drift) == 0 {
		_, err = fmt.Fprintf(w, "\nNothing has drifted since %s.\n", before.At.Format("2006-01-02 15:04"))
		return false, err
	}
	fmt.Fprintf(w, "\nSince %s:\n", before.At.Format("2006-01-02 15:04"))
	for _, d := range drift {
		fmt.Fprintln(w, " ", d)
	}
	return true, nil
}

func readFindings(path, vendor string) (paymenttest.Findings, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return paymenttest.Findings{}, err
	}
	found, err := paymenttest.ReadFindings(data)
	if err == nil && found.Vendor != vendor {
		err = fmt.Errorf("it is about %s, not %s", found.Vendor, vendor)
	}
	if err != nil {
		return found, fmt.Errorf("%s: %w", path, err)
	}
	return found, nil
}
