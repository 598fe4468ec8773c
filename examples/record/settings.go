package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
)

// settings are the values of the command line.
type settings struct {
	to, file, types, orders, store string
	currency                       payment.Currency
	looks, workers                 int
	settle, lease                  time.Duration
	json, dryRun, ask, loopback    bool
	entries                        bool
	decision                       decision
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var set settings
	flags := flag.NewFlagSet("record", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { usage(flags) }
	set.define(flags)
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	flags.Visit(func(f *flag.Flag) { set.decision.given = set.decision.given || slices.Contains(decisionFlags, f.Name) })
	if flags.NArg() > 0 {
		return set, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return set, set.check()
}

func (set *settings) define(flags *flag.FlagSet) {
	flags.StringVar(&set.to, "to", "brightpearl", "`vendor`: brightpearl, spektrix, rubi or backendpay")
	flags.StringVar(&set.file, "file", "", "sales document, a `file`; without it, the sample goes to an emulator")
	flags.StringVar((*string)(&set.currency), "currency", "", "ISO 4217 `code` of the document's amounts, which the document itself does not name")
	flags.StringVar(&set.types, "types", "", "`file` with the till's payment types; the documented sample if empty")
	flags.StringVar(&set.orders, "orders", "", "`file` with lines of two words, an export_ref and the vendor's order; without it the order is the export_ref itself")
	flags.StringVar(&set.store, "store", "", "where to keep what is known of each payment: the `path` of a SQLite file or (built with -tags postgres) a postgres:// URL\n(default \""+store.Default+"\"; with an emulator, nothing is kept)")
	flags.IntVar(&set.workers, "workers", 4, "how many orders are recorded at the same time")
	flags.IntVar(&set.looks, "looks", 5, "how often to look for a payment whose outcome is unknown, with waits of 1 s, 2 s, 4 s and so on")
	flags.DurationVar(&set.settle, "settle", 0, "the time within which a lost request takes effect or never will, which only you can promise: after it, a\n"+
		"payment that the vendor does not show is written again, even at a vendor that does not refuse duplicates")
	flags.DurationVar(&set.lease, "lease", 2*time.Minute, "how long a program that was killed keeps others from the payment that it had in hand")
	flags.BoolVar(&set.ask, "ask", false, "look for each payment before it is written, because the store may not know all that was handed over; a new\npayment takes as long as -looks says, 15 s by default")
	flags.BoolVar(&set.loopback, "loopback", false, "allow a store for a vendor on this machine, such as an emulator of your own that outlives the run")
	flags.BoolVar(&set.dryRun, "dry-run", false, "check all payments and write nothing")
	flags.BoolVar(&set.json, "json", false, "print one JSON object a line, for programs")
	flags.BoolVar(&set.entries, "entries", false, "list the payments in the store that are not recorded")
	set.decision.define(flags)
}

// check refuses settings that do not go together, and fills in defaults.
func (set *settings) check() error {
	switch {
	case set.entries && set.decision.given:
		return errors.New("-entries and -decide do not go together")
	case set.entries:
		return nil
	case set.decision.given:
		return set.decision.check()
	case set.file == "" && set.currency == "":
		set.currency = sampleCurrency
	case set.currency == "":
		return errors.New("-currency is needed with -file: the document does not name it")
	}
	if set.workers < 1 {
		return errors.New("-workers is not positive")
	}
	var err error
	set.currency, err = payment.ParseCurrency(string(set.currency))
	return err
}

// usage prints the flags, and the environment variables of each vendor.
func usage(flags *flag.FlagSet) {
	out := flags.Output()
	fmt.Fprintln(out, "usage: record [flags]\n\nThe flags:")
	flags.PrintDefaults()
	fmt.Fprintln(out, "\nThe environment variables. Without the first of a vendor, its emulator is used:")
	for _, v := range vendors() {
		for _, line := range v.environment {
			fmt.Fprintf(out, "  %-26s %s\n", line.name, line.meaning)
		}
	}
}
