// Command emulator runs the emulator of one vendor on an address, for programs
// in any language:
//
//	go run ./examples/emulator -vendor spektrix -addr 127.0.0.1:8080
//
// It prints how to connect, in the environment variables that the other
// programs here read, and then each request as a line. It ends on an interrupt.
// Nothing is kept: an emulator that starts again is empty.
//
// -facts sets the emulator to what is known of a real system, from a file that
// go run ./examples/contract -facts has written. What the file does not know
// stays at its default. -account names the account, which by default has a name
// that no other emulator has.
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

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "emulator:", err)
		os.Exit(1)
	}
}

// run is the whole program. It returns when the context ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	name := flags.String("vendor", "", "vendor: "+strings.Join(vendorNames(), ", "))
	addr := flags.String("addr", "127.0.0.1:8080", "`address` to listen on; port 0 takes a free one")
	facts := flags.String("facts", "", "set the emulator to this `file`, which examples/contract -facts has written")
	account := flags.String("account", "", "`name` of the account; spektrix and brightpearl only")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	start, err := findVendor(*name)
	if err != nil {
		return err
	}
	known, err := readFacts(*facts, *name)
	if err != nil {
		return err
	}
	e, err := start(settings{*addr, *account, known})
	if err != nil {
		return err
	}
	defer e.close()
	if err := introduce(stdout, *name, e); err != nil {
		return err
	}
	return follow(ctx, stdout, e)
}

// readFacts returns what a file says is known of the vendor, and nothing
// without a file.
func readFacts(path, vendor string) (map[string]paymenttest.Known, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	found, err := paymenttest.ReadFindings(data)
	if err == nil && found.Vendor != vendor {
		err = fmt.Errorf("it is about %s, not %s", found.Vendor, vendor)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return found.Facts, nil
}

// introduce prints how to connect, and what the emulator knows.
func introduce(w io.Writer, name string, e emulator) error {
	var text strings.Builder
	fmt.Fprintf(&text, "The emulator of %s listens. Interrupt to end.\n\n", name)
	for _, v := range e.env {
		fmt.Fprintf(&text, "%s=%s\n", v.name, v.value)
	}
	fmt.Fprintf(&text, "\nIt knows:\n")
	for _, line := range e.knows {
		fmt.Fprintf(&text, "  %s\n", line)
	}
	fmt.Fprintf(&text, "\nRequests:\n")
	_, err := io.WriteString(w, text.String())
	return err
}

// follow prints requests as they come, until the context ends.
func follow(ctx context.Context, w io.Writer, e emulator) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		for _, line := range e.requests() {
			if _, err := fmt.Fprintln(w, line); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
