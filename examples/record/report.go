package main

import (
	"fmt"
	"io"
	"os"

	"github.com/tenderkit/tenderkit/payment"
)

const row = "%-36s  %14s  %-10s  %-10s  %s\n"

// report prints results to out, and progress and problems to err.
type report struct {
	out, err io.Writer
	terminal bool // progress is shown
	payments int
}

func newReport(out, err io.Writer) *report {
	return &report{out: out, err: err, terminal: isTerminal(err)}
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (r *report) note(text string) {
	fmt.Fprintf(r.out, "%s\n\n", text)
	fmt.Fprintf(r.out, row, "REFERENCE", "AMOUNT", "METHOD", "ID", "STATE")
}

func (r *report) order(name, balance string) {
	fmt.Fprintf(r.out, "order %q: %s\n", name, balance)
}

func (r *report) payment(p payment.Payment, id, state string) {
	fmt.Fprintf(r.out, row, p.Reference, p.Amount, p.Method, id, state)
	r.payments++
	if r.terminal && r.payments%100 == 0 {
		fmt.Fprintf(r.err, "\r%d payments", r.payments)
	}
}

func (r *report) vendor(target, state string) {
	fmt.Fprintf(r.out, "order %s at the vendor: %s\n\n", target, state)
}

func (r *report) leftOut(target, reason string) {
	if reason != "" {
		fmt.Fprintf(r.out, "order %s is left out: %s\n\n", target, reason)
	}
}

func (r *report) problem(err error) { fmt.Fprintln(r.err, "record:", err) }

func (r *report) summary(recorded, already, unknown, refused int) {
	if r.terminal && r.payments >= 100 {
		fmt.Fprint(r.err, "\r")
	}
	fmt.Fprintf(r.out, "%d recorded, %d already recorded, %d unknown, %d refused\n", recorded, already, unknown, refused)
}

// count returns a number and its noun: "1 payment", "2 payments".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
