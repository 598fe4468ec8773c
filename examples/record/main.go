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
// -to selects another vendor, and -h lists the environment variables of each.
//
// For each order it prints the balance, its payments, and what the vendor then
// has. The amount of a payment is what it contributes to the order: the tender
// less the change, rounded. Its reference is its payment_guid.
//
// What is known of each payment is kept in a database, the file tenderkit.db or
// the one of -store. So a run that was stopped, killed or repeated records
// nothing twice, and several programs may work on the same document if they use
// the same store. -entries lists the payments of which a run could not find out
// whether they are recorded, or that were refused. A person who has found out
// settles one with -decide:
//
//	go run ./examples/record -entries
//	go run ./examples/record -decide REFERENCE -as recorded -id 123 -by NAME
//
// The exit code is 0 only if every payment of the document is recorded.
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
)

func main() {
	signal.Ignore(syscall.SIGPIPE) // a report that nobody reads is an error like any other
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program. It returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	set, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
	case set.entries:
		err = listEntries(ctx, set, stdout)
	case set.decision.given:
		err = decide(ctx, set, stdout)
	default:
		err = record(ctx, set, getenv, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintln(stderr, "record:", err)
		return 1
	}
	return 0
}
