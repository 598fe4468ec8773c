// Command spektrix sells two tickets in Spektrix that were paid for elsewhere:
// one part by card, the rest with a voucher.
//
//	go run ./examples/spektrix
//
// Without configuration it sells in an emulator that it starts itself. With an
// account it sells in your own system. Then everything that differs from venue
// to venue has to be named:
//
//	SPEKTRIX_CLIENT_NAME=acme SPEKTRIX_LOGIN=till SPEKTRIX_SECRET=… \
//	go run ./examples/spektrix -sale till-7-4711 -currency GBP \
//	    -instance … -ticket … -plan … \
//	    -card … -card-attribute "Receipt Number=R-1001" \
//	    -voucher … -voucher-attribute "Voucher code=V-7788" -voucher-amount 18.00
//
// It makes a basket, puts the tickets in, waives the commission, settles the
// total with two custom payments, confirms, and reads the order back.
//
// Spektrix has no idempotency key that would make a second payment harmless. So
// what is known of the payments and of the confirmation is kept in a database,
// the file tenderkit.db or the one of -store, under the name of -sale. A run
// that was stopped or killed is run again with the same flags: it goes on where
// it stopped. The database holds the payments' attributes.
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

	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// settings are the values of the command line, or the emulator's samples.
type settings struct {
	sale, store            string
	loopback               bool
	looks                  int
	lease                  time.Duration
	currency               payment.Currency
	instance, ticket, plan string
	card, voucher          tender
	voucherAmount          payment.Amount
}

// tender is a custom payment type of the venue, with the attributes of its
// payment.
type tender struct {
	paymentType string
	attributes  []payment.Attribute
}

// run is the whole program. It returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	set, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		err = sell(ctx, set, getenv, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "sale:", err)
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var set settings
	flags := flag.NewFlagSet("spektrix", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&set.sale, "sale", "", "your own `name` of the sale, the same whenever it is run again")
	flags.StringVar(&set.store, "store", store.Default, "where to keep what is known of the sale: the `path` of a SQLite file or (built with -tags postgres) a postgres:// URL")
	flags.IntVar(&set.looks, "looks", 5, "how often to look for a payment whose outcome is unknown, with waits of 1 s, 2 s, 4 s and so on")
	flags.DurationVar(&set.lease, "lease", 2*time.Minute, "how long a run that was killed keeps others from the payment that it had in hand")
	flags.BoolVar(&set.loopback, "loopback", false, "allow a store for a system on this machine, such as an emulator of your own that outlives the run")
	flags.StringVar((*string)(&set.currency), "currency", "", "ISO 4217 code of the venue's amounts, which Spektrix does not name")
	flags.StringVar(&set.instance, "instance", "", "`id` of the performance")
	flags.StringVar(&set.ticket, "ticket", "", "`id` of the ticket type")
	flags.StringVar(&set.plan, "plan", "", "`id` of the seating plan, for unreserved places")
	flags.StringVar(&set.card.paymentType, "card", "", "`id` of the custom payment type for the card's part")
	flags.Func("card-attribute", "`Name=Value` of the card payment; may be repeated", attribute(&set.card.attributes))
	flags.StringVar(&set.voucher.paymentType, "voucher", "", "`id` of the custom payment type for the voucher's part")
	flags.Func("voucher-attribute", "`Name=Value` of the voucher payment; may be repeated", attribute(&set.voucher.attributes))
	flags.TextVar(&set.voucherAmount, "voucher-amount", payment.Amount{}, "what the voucher pays, such as 18.00; the card pays the rest")
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	if flags.NArg() > 0 {
		return set, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return set, nil
}

func attribute(list *[]payment.Attribute) func(string) error {
	return func(text string) error {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("want Name=Value")
		}
		*list = append(*list, payment.Attribute{Name: name, Value: value})
		return nil
	}
}

// sell does all steps of the sale that are not done yet.
func sell(ctx context.Context, set settings, getenv func(string) string, out io.Writer) error {
	venue, err := open(ctx, getenv, set)
	if err != nil {
		return err
	}
	defer venue.close()
	fmt.Fprintf(out, "Selling in %s.%s\n", venue.name, venue.hint)
	d := newDesk(venue, out)
	basketID, err := d.basket(ctx)
	if err != nil {
		return err
	}
	settlement, err := d.settle(ctx, basketID)
	if err != nil {
		return err
	}
	orderID, err := d.confirm(ctx, &settlement)
	if err != nil {
		return err
	}
	return d.showOrder(ctx, orderID)
}
