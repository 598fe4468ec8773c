package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"

	"github.com/tenderkit/tenderkit/payment"
)

const row = "%-12s  %-8s  %-36s  %14s  %-10s  %-10s  %s\n"

// report prints results to out, and problems to err. It is not safe for
// concurrent use.
type report struct {
	out, err io.Writer
	json     bool
	orders   int
	tally    tally
	problems int
	failed   error // of the first line that could not be written
}

func newReport(out, err io.Writer, json bool) *report {
	return &report{out: out, err: err, json: json}
}

func (r *report) printf(format string, values ...any) {
	if _, err := fmt.Fprintf(r.out, format, values...); err != nil && r.failed == nil {
		r.failed = fmt.Errorf("the report cannot be written: %w", err)
	}
}

// object prints one line of JSON.
func (r *report) object(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		r.failed = errors.Join(r.failed, err)
		return
	}
	r.printf("%s\n", text)
}

func (r *report) note(text string) {
	if r.json {
		r.object(struct {
			Note string `json:"note"`
		}{text})
		return
	}
	r.printf("%s\n\n", text)
	r.printf(row, "ORDER", "KIND", "REFERENCE", "AMOUNT", "METHOD", "ID", "STATE")
}

// order prints an order with its payments. Its error is one of the writer: the
// run has to stop, because nobody sees what it does.
func (r *report) order(o *order) error {
	r.orders++
	r.tally.add(o.tally)
	r.problems += len(o.problems)
	if r.json {
		r.object(jsonOrder(o))
	} else {
		r.block(o)
	}
	for _, problem := range o.problems {
		fmt.Fprintln(r.err, "record:", problem)
	}
	for _, l := range o.lines {
		if l.err != nil {
			fmt.Fprintf(r.err, "record: order %s, payment %s: %v\n", o.called(), l.Reference, explain(l))
		}
	}
	return r.failed
}

func (r *report) block(o *order) {
	r.printf("order %s, %q: %s\n", o.called(), o.title, o.balance)
	for _, l := range o.lines {
		r.printf(row, o.called(), l.Kind, l.Reference, signed(l.Payment), l.method, l.id, l.state)
	}
	switch {
	case o.leftOut != "":
		r.printf("order %s is left out: %s\n\n", o.called(), o.leftOut)
	case o.vendor != "":
		r.printf("order %s at the vendor: %s\n\n", o.called(), o.vendor)
	default:
		r.printf("\n")
	}
}

// explain says what an error of a payment means for the user.
func explain(l *line) error {
	switch l.state {
	case refused:
		return fmt.Errorf("cannot be recorded as it is: %w", l.err)
	case conflict:
		return fmt.Errorf("%w\nlook it up at the vendor, and settle it with -decide %s", l.err, l.Reference)
	case unknown:
		return fmt.Errorf("%w\nrun it again, or look it up at the vendor and settle it with -decide %s", l.err, l.Reference)
	}
	return l.err
}

type jsonLine struct {
	Kind      payment.Kind  `json:"kind"`
	Reference string        `json:"reference"`
	Amount    payment.Money `json:"amount"`
	Method    string        `json:"method"`
	ID        string        `json:"id,omitempty"`
	State     state         `json:"state"`
	Error     string        `json:"error,omitempty"`
}

func jsonOrder(o *order) any {
	lines := make([]jsonLine, len(o.lines))
	for i, l := range o.lines {
		lines[i] = jsonLine{l.Kind, l.Reference, signed(l.Payment), l.method, l.id, l.state, text(l.err)}
	}
	var problems []string
	for _, problem := range o.problems {
		problems = append(problems, problem.Error())
	}
	return struct {
		Order    string     `json:"order"`
		Title    string     `json:"title"`
		Balance  string     `json:"balance"`
		Payments []jsonLine `json:"payments"`
		LeftOut  string     `json:"leftOut,omitempty"`
		Vendor   string     `json:"vendor,omitempty"`
		Problems []string   `json:"problems,omitempty"`
	}{o.called(), o.title, o.balance, lines, o.leftOut, o.vendor, problems}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// summary prints the sums. It returns an error if a payment is not surely
// recorded.
func (r *report) summary(set settings) error {
	t := r.tally
	switch {
	case r.json:
		r.object(struct {
			Recorded int `json:"recorded"`
			Already  int `json:"alreadyRecorded"`
			Unknown  int `json:"unknown"`
			Conflict int `json:"conflict"`
			Refused  int `json:"refused"`
			LeftOut  int `json:"leftOut"`
			Untried  int `json:"notTried"`
			Checked  int `json:"wouldBeRecorded"`
		}{t.recorded, t.already, t.unknown, t.conflict, t.refused, t.leftOut, t.untried, t.checked})
	case set.dryRun:
		r.printf("%d would be recorded, %d refused, %d left out\n", t.checked, t.refused, t.leftOut)
	default:
		r.printf("%d recorded, %d already recorded, %d unknown, %d in conflict, %d refused, %d left out\n",
			t.recorded, t.already, t.unknown, t.conflict, t.refused, t.leftOut)
	}
	var open error
	if n := t.open(); n > 0 {
		open = fmt.Errorf("not surely recorded: %s", count(n, "payment"))
		if !set.dryRun && t.unknown+t.untried > 0 {
			open = fmt.Errorf("%w; run it again with the same document and store, which records nothing twice", open)
		}
	} else if r.problems > 0 {
		open = fmt.Errorf("not complete at the vendor: %s", count(r.problems, "order"))
	}
	return errors.Join(open, r.failed)
}

// count returns a number and its noun: "1 payment", "2 payments".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
