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
	tally    map[state]int
	problems int   // orders that are not complete at the vendor
	unread   int   // orders that the document does not show
	failed   error // of the first line that could not be written
}

func newReport(out, err io.Writer, json bool) *report {
	return &report{out: out, err: err, json: json, tally: map[state]int{}}
}

func (r *report) printf(format string, values ...any) {
	if _, err := fmt.Fprintf(r.out, format, values...); err != nil && r.failed == nil {
		r.failed = fmt.Errorf("the report cannot be written: %w", err)
	}
}

// object prints one line of JSON.
func (r *report) object(v any) {
	text, err := json.Marshal(v, json.Deterministic(true))
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
	for _, l := range o.lines {
		r.tally[l.state]++
	}
	if r.json {
		r.object(jsonOrder(o))
	} else {
		r.block(o)
	}
	switch {
	case o.unread:
		r.unread++
	case o.problem != nil:
		r.problems++
	}
	if o.problem != nil {
		fmt.Fprintln(r.err, "record:", o.problem)
	}
	for _, l := range o.lines {
		if l.err != nil {
			fmt.Fprintf(r.err, "record: order %s, payment %s: %v\n", o.called(), l.Reference, explain(l))
		}
	}
	return r.failed
}

func (r *report) block(o *order) {
	if o.unread {
		r.printf("an order cannot be read\n\n")
		return
	}
	r.printf("order %s, %q: %s\n", o.called(), o.title, o.balance)
	for _, l := range o.lines {
		r.printf(row, o.called(), l.Kind, l.Reference, signed(l.Payment), l.method, l.id, string(l.state)+l.note)
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
	var entry *payment.EntryError
	switch {
	case errors.As(l.err, &entry):
		return fmt.Errorf("%w\nnothing was sent: look it up at the vendor, and correct what the store says of it", l.err)
	case l.state == refused:
		return fmt.Errorf("cannot be recorded as it is: %w", l.err)
	case l.state == conflict:
		return fmt.Errorf("%w\nlook it up at the vendor, and settle it with -decide %s", l.err, l.Reference)
	case l.state == unknown:
		return fmt.Errorf("%w\nrun it again, or look it up at the vendor and settle it with -decide %s", l.err, l.Reference)
	}
	return l.err
}

type jsonLine struct {
	Kind      payment.Kind  `json:"kind,omitempty"`
	Reference string        `json:"reference"`
	Amount    payment.Money `json:"amount,omitzero"`
	Method    string        `json:"method,omitempty"`
	ID        string        `json:"id,omitempty"`
	State     state         `json:"state"`
	Error     string        `json:"error,omitempty"`
}

func jsonOrder(o *order) any {
	lines := make([]jsonLine, len(o.lines))
	for i, l := range o.lines {
		lines[i] = jsonLine{l.Kind, l.Reference, signed(l.Payment), l.method, l.id, l.state, text(l.err)}
	}
	return struct {
		Order    string     `json:"order"`
		Title    string     `json:"title"`
		Balance  string     `json:"balance"`
		Payments []jsonLine `json:"payments"`
		LeftOut  string     `json:"leftOut,omitempty"`
		Vendor   string     `json:"vendor,omitempty"`
		Error    string     `json:"error,omitempty"`
	}{o.called(), o.title, o.balance, lines, o.leftOut, o.vendor, text(o.problem)}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// summary prints the sums. It returns an error if a payment is not surely
// recorded.
func (r *report) summary(dry bool) error {
	t := r.tally
	switch {
	case r.json:
		all := map[state]int{}
		for _, s := range []state{untried, recorded, already, unknown, conflict, refused, leftOut, checked} {
			all[s] = t[s]
		}
		r.object(map[string]any{"payments": all})
	case dry:
		r.printf("%d would be recorded, %d refused, %d left out\n", t[checked], t[refused], t[leftOut])
	default:
		r.printf("%d recorded, %d already recorded, %d unknown, %d in conflict, %d refused, %d left out\n",
			t[recorded], t[already], t[unknown], t[conflict], t[refused], t[leftOut])
	}
	return errors.Join(r.open(dry), r.failed)
}

// open returns an error if something is left to do.
func (r *report) open(dry bool) error {
	n := 0
	for s, payments := range r.tally {
		if !s.done() {
			n += payments
		}
	}
	var unread, left error
	if r.unread > 0 {
		unread = fmt.Errorf("not read: %s", count(r.unread, "order"))
	}
	switch again := r.tally[unknown]+r.tally[untried] > 0; {
	case n == 0 && r.problems > 0:
		left = fmt.Errorf("not complete at the vendor: %s", count(r.problems, "order"))
	case n > 0 && again && !dry:
		left = fmt.Errorf("not surely recorded: %s; run it again with the same document and store, which records nothing twice", count(n, "payment"))
	case n > 0:
		left = fmt.Errorf("not recorded: %s", count(n, "payment"))
	}
	return errors.Join(unread, left)
}

// count returns a number and its noun: "1 payment", "2 payments".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
