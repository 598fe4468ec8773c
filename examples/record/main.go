// Command record takes a till's sales document and records its payments with a
// vendor, once each.
//
//	go run ./examples/record
//
// Without configuration it records the sample document beside it in an
// emulator that it starts itself. With a document and an account it records
// for real:
//
//	BRIGHTPEARL_ACCOUNT=acme BRIGHTPEARL_DATACENTER=euw1 \
//	BRIGHTPEARL_APP_REF=acme_till BRIGHTPEARL_STAFF_TOKEN=… \
//	go run ./examples/record -file sales.json -currency NOK
//
// -to selects another vendor. The file that is named after a vendor lists its
// environment variables.
//
// For each order it shows the balance, records every payment, reads it back, and
// prints what the vendor has. The amount of a payment is what it contributes to
// the order: the tender less the change, rounded. Its reference is its
// payment_guid, so a second run records nothing twice. With -journal, a run that
// was killed can be run again and continues where it was.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// settings are the values of the command line.
type settings struct {
	to       string
	file     string
	types    string
	orders   string
	journal  string
	looks    int
	settle   time.Duration
	currency payment.Currency
}

// run is the whole program. It returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	set, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		err = record(ctx, set, getenv, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintln(stderr, "record:", err)
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var set settings
	var currency string
	flags := flag.NewFlagSet("record", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&set.to, "to", "brightpearl", "vendor: brightpearl, spektrix, rubi or backendpay")
	flags.StringVar(&set.file, "file", "", "sales document, a `file`; the sample beside this program if empty")
	flags.StringVar(&currency, "currency", "", "ISO 4217 code of the document's amounts, which the document itself does not name")
	flags.StringVar(&set.types, "types", "", "`file` with the till's payment types; the documented sample if empty")
	flags.StringVar(&set.orders, "orders", "", "`file` with lines of two words, an export_ref and the vendor's order; without it the order is the export_ref itself")
	flags.StringVar(&set.journal, "journal", "", "`file` that remembers each step, so that a run that was killed can be run again")
	flags.IntVar(&set.looks, "looks", 5, "how often to look for a payment whose outcome is unknown, with waits of 1 s, 2 s, 4 s and so on")
	flags.DurationVar(&set.settle, "settle", 0, "the time within which a lost request takes effect or never will, which only you can promise: after it, a\n"+
		"payment that the vendor does not show is written again, even at a vendor that does not refuse duplicates")
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	if flags.NArg() > 0 {
		return set, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if set.file == "" && currency == "" {
		currency = sampleCurrency
	}
	if currency == "" {
		return set, errors.New("-currency is needed with -file: the document does not name it")
	}
	var err error
	set.currency, err = payment.ParseCurrency(currency)
	return set, err
}

// record is the main job.
func record(ctx context.Context, set settings, getenv func(string) string, stdout, stderr io.Writer) error {
	till, err := openTill(set)
	if err != nil {
		return err
	}
	defer till.close()
	to, err := openDestination(set.to, getenv, set.currency)
	if err != nil {
		return err
	}
	defer to.close()
	journal, err := openJournal(set.journal)
	if err != nil {
		return err
	}
	out := newReport(stdout, stderr)
	out.note(to.note)
	patience := []payment.OnceOption{payment.WithPatience(set.looks, time.Second), payment.WithSettle(set.settle)}
	job := &job{till: till, to: to, journal: journal, patience: patience, out: out}
	return errors.Join(job.finish(job.orders(ctx)), journal.close())
}
