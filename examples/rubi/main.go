// Command rubi pays for what a member has in the basket in Rubi: by invoice, by
// card, or, where the total is 0.00, by confirming.
//
//	go run ./examples/rubi
//
// Without configuration it makes one checkout of each kind in an emulator that
// it starts itself. Stripe is simulated: no card is charged. With an API key it
// makes one real checkout:
//
//	RUBI_API_KEY=… RUBI_TENANT=… go run ./examples/rubi -by card -contact jo.json -reference web-4711
//
// jo.json holds the uid of the member and the address that Rubi requires:
//
//	{"UID": "…", "Address1": "1 High St", "Address4": "Leeds", "County": "West Yorkshire",
//	 "Postcode": "LS1 1AA", "Country": "United Kingdom", "EmailAddress": "jo@example.org",
//	 "MobCountry": "+44", "Mob": "07700900000"}
//
// A real card checkout takes two runs, because this program does not call Stripe.
// The first run prints the amount to charge and the transaction. The second run
// reports the charge to Rubi:
//
//	… -by card -contact jo.json -reference web-4711 -stripe-id pi_… -stripe-amount 1200
//
// What is known of the checkout is kept in a database, the file tenderkit.db or
// the one of -store, under the reference: before each request that changes
// something, and after it. After a run that was stopped or killed, or that lost
// an answer, run the program again with the same reference. It looks into the
// basket, and sends nothing twice unless -settle says how long a lost request can
// still take effect. The database holds the member's uid.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/rubi"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// settings are the values of the command line.
type settings struct {
	by       string
	item     rubi.Item
	currency payment.Currency
	contact  string
	stripe   rubi.StripePayment

	reference, store string
	looks            int
	settle, lease    time.Duration
	loopback         bool
}

// run is the whole program. It returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	set, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		err = payAll(ctx, set, getenv, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "checkout:", err)
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (settings, error) {
	set := settings{stripe: rubi.StripePayment{Status: rubi.Succeeded}}
	flags := flag.NewFlagSet("rubi", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&set.by, "by", "", "invoice, card or free; may be empty in the emulator, which then makes one checkout of each kind")
	flags.StringVar((*string)(&set.item), "item", string(rubi.Bookings), "what is paid: Bookings or Subscriptions")
	flags.StringVar((*string)(&set.currency), "currency", "GBP", "ISO 4217 code of the installation's amounts, which Rubi does not name")
	flags.StringVar(&set.contact, "contact", "", "JSON `file` with uid and address; a sample in the emulator if empty")
	flags.StringVar(&set.reference, "reference", "", "your own `name` of the checkout, the same whenever it is run again")
	flags.StringVar(&set.store, "store", store.Default, "where to keep what is known of the checkout: the `path` of a SQLite file or (built with -tags postgres) a postgres:// URL")
	flags.BoolVar(&set.loopback, "loopback", false, "allow a store for an installation on this machine, such as an emulator of your own that outlives the run")
	flags.DurationVar(&set.lease, "lease", 2*time.Minute, "how long a run that was killed keeps others from the checkout")
	flags.IntVar(&set.looks, "looks", 5, "how often to look for a payment whose outcome is unknown, with waits of 1 s, 2 s, 4 s and so on")
	flags.StringVar(&set.stripe.ID, "stripe-id", "", "`id` of the charge that Stripe has made for the checkout")
	flags.DurationVar(&set.settle, "settle", 0, "promise that a lost request that has had no effect within this time never will; it may then be sent again")
	flags.Int64Var(&set.stripe.Amount, "stripe-amount", 0, "its amount, in the smallest unit as Stripe counts it: 1200 is 12.00 GBP")
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	_, known := paymentTypes()[set.by]
	switch {
	case flags.NArg() > 0:
		return set, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case set.by != "" && !known:
		return set, errors.New("-by is not invoice, card or free")
	case set.reference != "" && set.by == "":
		return set, errors.New("-reference names one checkout: -by is needed to say how it is paid")
	case set.settle < 0:
		return set, errors.New("-settle is negative")
	case (set.stripe.ID == "") != (set.stripe.Amount == 0):
		return set, errors.New("-stripe-id and -stripe-amount belong together")
	}
	return set, nil
}

func paymentTypes() map[string]rubi.PaymentType {
	return map[string]rubi.PaymentType{"invoice": rubi.Invoice, "card": rubi.CardPayment, "free": rubi.Confirm}
}

// payAll makes the checkout of -by, or one of each kind.
func payAll(ctx context.Context, set settings, getenv func(string) string, out io.Writer) error {
	site, err := open(ctx, getenv, set)
	if err != nil {
		return err
	}
	defer site.close()
	fmt.Fprintf(out, "Paying in %s.%s\n", site.name, site.hint)
	for _, by := range []string{"invoice", "card", "free"} {
		if cmp.Or(set.by, by) != by {
			continue
		}
		fmt.Fprintln(out, by)
		if err := site.desk(set, by, out).pay(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *site) desk(set settings, by string, out io.Writer) *desk {
	kept := checkout{kept: s.kept, account: s.client.Recorder(rubi.RecorderOptions{}).Account(), reference: cmp.Or(set.reference, "sample-"+by)}
	return &desk{site: s, item: set.item, by: paymentTypes()[by], once: s.once, checkout: kept, charged: set.stripe.ID != "", out: out}
}
