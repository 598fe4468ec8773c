// Command backendpay keeps a biller's payments: it records one, corrects it,
// lists and adds up what was paid on each day, and follows what changes.
//
//	go run ./examples/backendpay
//
// Without configuration it does all of that in an emulator that it starts
// itself. With an API key it runs one command at your own installation:
//
//	export BACKENDPAY_API_KEY=… BACKENDPAY_BASE_URL=https://billing.example.com
//	go run ./examples/backendpay record -customer 123 -reference till-4711 \
//	    -date 2024-11-26 -amount 120.50 -method "Bank Transfer"
//	go run ./examples/backendpay correct -id 504 -method "Credit Card"
//	go run ./examples/backendpay totals -from 2024-11-25 -to 2024-11-26
//	go run ./examples/backendpay changes -since 2024-11-25T00:00:00Z -cursor cursor.txt
//
// You choose the reference of a payment, and it has to be unique. What is known
// of a payment is kept in a database, the file tenderkit.db or the one of -store,
// under its reference: before the request that records it, and after it. So the
// same command run twice, by two programs or after a crash, records one payment.
// The database holds the customer's id and reference.
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

	"github.com/tenderkit/tenderkit/backendpay"
)

const commands = "record, correct, totals or changes"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program. It returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	if len(args) == 1 && (args[0] == "-h" || args[0] == "--help" || args[0] == "help") {
		fmt.Fprintf(stderr, "usage: backendpay command [flags]\nThe command is %s; with -h each prints its flags.\n", commands)
		return 0
	}
	err := start(ctx, args, getenv, stdout, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "payments:", err)
		return 1
	}
	return 0
}

func start(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	backend, err := open(getenv)
	if err != nil {
		return err
	}
	defer backend.close()
	fmt.Fprintln(stdout, backend.note)
	p := &program{client: backend.client, emulated: len(backend.demo) > 0, out: stdout, err: stderr}
	if len(args) > 0 {
		return p.command(ctx, args)
	}
	for _, args := range backend.demo {
		fmt.Fprintf(stdout, "\n$ backendpay %s\n", quoted(args))
		if err := p.command(ctx, args); err != nil {
			return err
		}
	}
	if len(backend.demo) == 0 {
		return errors.New("no command: want " + commands)
	}
	return nil
}

// program runs commands against one installation.
type program struct {
	client   *backendpay.Client
	emulated bool
	out, err io.Writer
}

func (p *program) command(ctx context.Context, args []string) error {
	switch name, args := args[0], args[1:]; name {
	case "record":
		return p.record(ctx, args)
	case "correct":
		return p.correct(ctx, args)
	case "totals":
		return p.totals(ctx, args)
	case "changes":
		return p.changes(ctx, args)
	default:
		return fmt.Errorf("unknown command %q: want %s", name, commands)
	}
}

func (p *program) flags(name string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(p.err)
	return flags
}

// parse refuses arguments after the flags, and needed flags that are not set.
func parse(flags *flag.FlagSet, args []string, needed ...string) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	set := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { set[f.Name] = true })
	for _, name := range needed {
		if !set[name] {
			return fmt.Errorf("-%s is needed", name)
		}
	}
	return nil
}

// show prints one payment.
func (p *program) show(state string, paid backendpay.Payment) {
	line := fmt.Sprintf("  %-6s  %s  %10v  %-14s  %-12s  %s",
		paid.ID, paid.PaymentDate, paid.PaymentAmount, paid.PaymentMethod, paid.OurReference, state)
	fmt.Fprintln(p.out, strings.TrimRight(line, " "))
}
