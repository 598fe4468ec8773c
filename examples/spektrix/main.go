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
//	go run ./examples/spektrix -settlement sale.json -currency GBP \
//	    -instance … -ticket … -plan … \
//	    -card … -card-attribute "Receipt Number=R-1001" \
//	    -voucher … -voucher-attribute "Voucher code=V-7788" -voucher-amount 18.00
//
// It makes a basket, puts the tickets in, waives the commission, settles the
// total with two custom payments, confirms, and reads the order back.
//
// Spektrix does not show the payments of a basket, and has no idempotency key
// that would make a second payment harmless. So the file of -settlement is the
// only memory of what was sent. It is written before and after each step, and a
// second run with the same file goes on where the first one stopped. Only one
// run at a time may use it. It holds the payments' attributes, so only its owner
// can read it.
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

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// settings are the values of the command line, or the emulator's samples.
type settings struct {
	file                   string
	currency               payment.Currency
	instance, ticket, plan string
	card, voucher          tender
	voucherAmount          payment.Amount
}

// tender is a custom payment type of the venue, with the attributes of its
// payment.
type tender struct {
	paymentType string
	attributes  []spektrix.PaymentAttribute
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
	flags.StringVar(&set.file, "settlement", "", "`file` that remembers the sale; run again with it to go on after an error")
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

func attribute(list *[]spektrix.PaymentAttribute) func(string) error {
	return func(text string) error {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("want Name=Value")
		}
		*list = append(*list, spektrix.PaymentAttribute{Name: name, Value: value})
		return nil
	}
}

// sell does all steps of the sale, or those that an earlier run has not done.
func sell(ctx context.Context, set settings, getenv func(string) string, out io.Writer) error {
	venue, err := open(getenv, set)
	if err != nil {
		return err
	}
	defer venue.close()
	fmt.Fprintf(out, "Selling in %s.%s\n", venue.name, venue.hint)
	s, err := loadSale(set.file, venue.name)
	if err != nil {
		return err
	}
	desk := &desk{client: venue.client, set: venue.set, sale: s, out: out}
	if s.Step == "" {
		err = desk.settle(ctx)
	} else {
		fmt.Fprintf(out, "Going on with the sale in %s.\n", set.file)
		err = desk.resume(ctx)
	}
	if err != nil {
		return err
	}
	if err := desk.confirm(ctx); err != nil {
		return err
	}
	return desk.showOrder(ctx)
}
