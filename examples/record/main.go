// Command record takes a till's sales document and records its payments with a
// vendor, once each.
//
//	go run ./examples/record
//
// Without configuration it records the sample document beside it in an
// emulator that it starts itself. With a document and an account it does the
// real thing:
//
//	BRIGHTPEARL_ACCOUNT=acme BRIGHTPEARL_DATACENTER=euw1 \
//	BRIGHTPEARL_APP_REF=acme_till BRIGHTPEARL_STAFF_TOKEN=… \
//	go run ./examples/record -file sales.json -currency NOK
//
// The other vendors are reached with -to; each file named after one lists its
// variables.
//
// For each order it shows the balance, records every payment with what it
// contributes to the order (the tender less the change, rounded), reads it
// back, and prints what the vendor has. The reference of a payment is its
// payment_guid, so a second run records nothing twice. With -journal a run that
// was killed continues where it was.
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

// settings are what the command line says.
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

// run is the whole program; it gives the exit code.
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
	flags.StringVar(&set.file, "file", "", "sales document; the sample beside this program if empty")
	flags.StringVar(&currency, "currency", "", "ISO 4217 code of the document's amounts; it carries none itself")
	flags.StringVar(&set.types, "types", "", "the till's payment types, whose codes are the payment methods; the documented sample if empty")
	flags.StringVar(&set.orders, "orders", "", "lines of `export_ref order`: the vendor's order for each of the till's; the export_ref itself if empty")
	flags.StringVar(&set.journal, "journal", "", "file that remembers each step, so that a run that was killed can be run again")
	flags.IntVar(&set.looks, "looks", 5, "how often an unknown outcome is looked up, with 1 s, 2 s, 4 s … between")
	flags.DurationVar(&set.settle, "settle", 0, "how long a lost request can still take effect, by your own word: after it, a payment that the vendor\n"+
		"does not show is written again even where the vendor does not refuse duplicates")
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
		return set, errors.New("-currency is needed with -file: the document carries none")
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
