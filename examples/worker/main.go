// Command worker records payments of a till's sales document with River
// workers, through an outbox: each payment and its job are stored in one
// transaction, and any number of processes hands them over.
//
//	go run ./examples/worker
//
// Without configuration it makes a SQLite file in a temporary directory, starts a
// Brightpearl emulator, takes the sample document beside it, records it and
// ends. With a database, a document and an account it works until it is stopped:
//
//	DATABASE_URL=postgres://… BRIGHTPEARL_ACCOUNT=acme BRIGHTPEARL_DATACENTER=euw1 \
//	BRIGHTPEARL_APP_REF=acme_till BRIGHTPEARL_STAFF_TOKEN=… \
//	go run ./examples/worker -file sales.json -currency NOK -addr 127.0.0.1:8080 -ui
//
// Start it as often as you like, on as many machines: a document that is given
// twice is recorded once. Without -file it works what others have put into the
// outbox. Once a day it compares the day before with what the account shows, and
// prints what differs. -addr serves /healthz, and with -ui River's own pages at
// /river.
// -telemetry prints OpenTelemetry spans and metrics. An interrupt or SIGTERM
// lets payments in hand end, for at most 30 seconds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
}

// settings are what the command line and the environment say.
type settings struct {
	file      string
	database  string
	addr      string
	currency  payment.Currency
	workers   int
	ui        bool
	telemetry bool
	loopback  bool
	stay      bool // there is more to come than the document
	getenv    func(string) string
}

func parse(args []string, getenv func(string) string) (settings, error) {
	s := settings{database: getenv("DATABASE_URL"), getenv: getenv}
	currency := ""
	flags := flag.NewFlagSet("worker", flag.ContinueOnError)
	flags.StringVar(&s.file, "file", "", "sales document; the sample if no account is configured")
	flags.StringVar(&s.database, "database", s.database, "Postgres URL or SQLite file; default $DATABASE_URL, or a temporary file")
	flags.StringVar(&s.addr, "addr", "", "address to serve /healthz on")
	flags.StringVar(&currency, "currency", "NOK", "currency of the document")
	flags.IntVar(&s.workers, "workers", 8, "payments at a time, in this process")
	flags.BoolVar(&s.ui, "ui", false, "serve River's pages at /river, with -addr")
	flags.BoolVar(&s.loopback, "allow-loopback", false, "keep payments of an account on this machine, an emulator's, in the database")
	flags.BoolVar(&s.telemetry, "telemetry", false, "print OpenTelemetry spans and metrics")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	s.currency = payment.Currency(currency)
	s.stay = s.addr != "" || getenv("BRIGHTPEARL_ACCOUNT") != ""
	switch {
	case s.ui && s.addr == "":
		return s, fmt.Errorf("-ui needs -addr")
	case s.workers < 1:
		return s, fmt.Errorf("-workers is not positive")
	}
	return s, nil
}

// run is the whole program.
func run(ctx context.Context, args []string, getenv func(string) string, out io.Writer) (err error) {
	set, err := parse(args, getenv)
	if err != nil {
		return err
	}
	t, err := startTelemetry(set, out)
	if err != nil {
		return err
	}
	a, err := openAccount(set, t)
	if err != nil {
		return err
	}
	defer a.close()
	e, err := startEngine(ctx, set, a, t, out)
	if err != nil {
		return err
	}
	defer e.close()
	defer t.close() // its last figures are read from the engine
	fmt.Fprintf(out, "recording with %s, through %s\n", a.name, e.where)
	if set.addr != "" {
		stop, err := serve(set, e, out)
		if err != nil {
			return err
		}
		defer stop()
	}
	put, left, err := e.take(ctx, set, a, out)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s handed over\n", count(put, "payment"))
	err = e.watch(ctx, set, a, out)
	if left > 0 {
		err = errors.Join(err, fmt.Errorf("left out: %s", count(left, "order")))
	}
	return err
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

const grace = 30 * time.Second // for payments in hand when the program ends
