// Command reconcile compares the payments of two sides: what a till took with
// what a vendor has.
//
//	go run ./examples/reconcile
//
// Without configuration it compares the sample of a till's day beside it with an
// emulator of Brightpearl that has lost one of its payments, doubled one and
// changed one. -left and -right name other sides:
//
//	BRIGHTPEARL_ACCOUNT=acme BRIGHTPEARL_DATACENTER=euw1 \
//	BRIGHTPEARL_APP_REF=acme_till BRIGHTPEARL_STAFF_TOKEN=… \
//	go run ./examples/reconcile -left sales:sales.json -right brightpearl \
//		-currency NOK -from 2024-12-03 -to 2024-12-03 -html day.html
//
// The sides:
//
//	sales:FILE    a till's sales document
//	outbox:FILE   the payments in a Store: a SQLite file, or the URL of a Postgres server
//	csv:FILE?reference=Ref&amount=Sum&date=Day&comma=;&decimal=comma&layout=02.01.2006
//	              a CSV file; without names, its columns have the names of the fields
//	brightpearl   the customer payments of an account
//	backendpay    the payments of a billing system, reversals included
//	spektrix      the payments of a venue's orders
//
// The file vendor.go lists the environment variables. Rubi has no list of
// payments: its side is the outbox.
//
// The result goes to the terminal, as -csv or as -json, and with -html into one
// page that needs nothing else. With -resolve, what is missing on the right is
// listed and then recorded there by payment.Once with the Store of -store. What
// is ambiguous, doubled or different is left to a person.
//
// The exit code is 0 if the sides agree, 1 if they do not, and 2 if they could
// not be compared.
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

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// The exit codes.
const (
	agree = iota
	differ
	failed
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// settings are the values of the command line.
type settings struct {
	left, right string
	from, to    payment.Date
	zone        *time.Location
	currency    payment.Currency
	types       string
	customers   string
	rules       reconcile.Rules

	csv, json, all bool
	html           string

	resolve bool
	store   string
}

// run is the whole program. It returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	set, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return agree
	}
	clean := false
	if err == nil {
		clean, err = compare(ctx, set, getenv, stdout)
	}
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "reconcile:", err)
		return failed
	case !clean:
		return differ
	}
	return agree
}

func parse(args []string, stderr io.Writer) (set settings, err error) {
	var from, to, zone, currency, compared, without string
	flags := flag.NewFlagSet("reconcile", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&set.left, "left", "", "the side that was paid: sales:FILE, outbox:FILE, csv:FILE or a vendor; the sample if empty")
	flags.StringVar(&set.right, "right", "", "the side that has to have it: brightpearl, backendpay, spektrix, or one as above; an emulator if empty")
	flags.StringVar(&from, "from", "", "first `day` that is compared, such as 2024-12-03")
	flags.StringVar(&to, "to", "", "last `day` that is compared; that of -from if empty")
	flags.StringVar(&zone, "zone", "UTC", "where the days are counted, such as Europe/Oslo")
	flags.StringVar(&currency, "currency", "", "ISO 4217 code of amounts whose source names none")
	flags.StringVar(&set.types, "types", "", "`file` with the till's payment types; the documented sample if empty")
	flags.StringVar(&set.customers, "customers", "", "ids of the customers of a billing system, with commas; all if empty")
	flags.StringVar(&compared, "compare", "date,method", "fields that have to be equal beside kind and amount: date, method, target, account")
	flags.StringVar(&without, "match", "", "match payments without a reference by day, kind, amount and these fields: method, target, account, or none")
	flags.IntVar(&set.rules.Days, "days", 0, "by how many days the dates of a payment may differ")
	flags.BoolVar(&set.rules.NetReversals, "net", false, "cancel a payment and its reversal that stand on one side only")
	flags.BoolVar(&set.csv, "csv", false, "print all findings as CSV")
	flags.BoolVar(&set.json, "json", false, "print all findings as JSON")
	flags.BoolVar(&set.all, "all", false, "list what agrees too")
	flags.StringVar(&set.html, "html", "", "write a page to this `file`")
	flags.BoolVar(&set.resolve, "resolve", false, "record on the right what is missing there")
	flags.StringVar(&set.store, "store", "", "Store of -resolve: a SQLite `file` or the URL of a Postgres server")
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	if flags.NArg() > 0 {
		return set, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if set.rules.Compare, err = fields("-compare", compared); err != nil {
		return set, err
	}
	if without != "" {
		if set.rules.WithoutReference, err = fields("-match", strings.TrimPrefix(without, "none")); err != nil {
			return set, err
		}
	}
	return set, set.complete(from, to, zone, currency)
}

// complete reads the days, the zone and the currency, and checks the rest.
func (set *settings) complete(from, to, zone, currency string) (err error) {
	set.rules.MoneyOnly = true
	switch {
	case set.csv && set.json:
		return errors.New("-csv and -json are two forms: choose one")
	case set.demo() && (set.left != "" || set.right != ""):
		return errors.New("-left and -right go together")
	case set.resolve && set.store == "" && !set.demo():
		return errors.New("-resolve needs -store: what is known of each payment has to outlast this run")
	}
	if set.zone, err = time.LoadLocation(zone); err != nil {
		return err
	}
	if from != "" {
		if set.from, err = payment.ParseDate(from); err != nil {
			return fmt.Errorf("-from: %w", err)
		}
		set.to = set.from
	}
	if to != "" {
		if set.to, err = payment.ParseDate(to); err != nil {
			return fmt.Errorf("-to: %w", err)
		}
	}
	if currency != "" {
		set.currency, err = payment.ParseCurrency(currency)
	}
	return err
}

// demo reports whether the sample is compared.
func (set settings) demo() bool { return set.left == "" || set.right == "" }

// fields reads a list such as "date,method". An empty list is not nil.
func fields(flag, list string) ([]reconcile.Field, error) {
	known := map[string]reconcile.Field{
		"date": reconcile.Date, "method": reconcile.Method, "target": reconcile.Target, "account": reconcile.Account,
	}
	all := []reconcile.Field{}
	for name := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		f, ok := known[name]
		if !ok {
			return nil, fmt.Errorf("%s: %q is not date, method, target or account", flag, name)
		}
		all = append(all, f)
	}
	return all, nil
}

// compare is the job. It reports whether the sides agree.
func compare(ctx context.Context, set settings, getenv func(string) string, stdout io.Writer) (clean bool, err error) {
	pair, err := open(ctx, &set, getenv)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, pair.close()) }()
	found, err := pair.compare(ctx, set)
	if err != nil {
		return false, err
	}
	if err := found.print(set, stdout); err != nil {
		return false, err
	}
	if set.resolve {
		handed, err := pair.resolve(ctx, found, stdout)
		if err != nil {
			return false, err
		}
		if handed > 0 {
			if found, err = pair.compare(ctx, set); err != nil {
				return false, err
			}
			fmt.Fprintf(stdout, "\nCompared again: %s\n", found.summary())
		}
	}
	return found.totals.Clean(), found.write(set.html)
}
