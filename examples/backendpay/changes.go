package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/examples/internal/disk"
)

// changes prints what is new or changed since the last run. The file of -cursor
// holds where that run ended. It is written after all changes are printed, so
// that what an error or a crash cuts off comes again.
func (p *program) changes(ctx context.Context, args []string) error {
	var since time.Time
	var path string
	flags := p.flags("changes")
	flags.TextVar(&since, "since", time.Time{}, "where to begin, such as 2024-11-25T00:00:00Z, if there is no -cursor file yet")
	flags.StringVar(&path, "cursor", "", "`file` that remembers where to go on; the first run makes it")
	if err := parse(flags, args); err != nil {
		return err
	}
	cursor, err := readCursor(path, since)
	if err != nil {
		return err
	}
	for change, err := range p.client.Changes(ctx, cursor) {
		if err != nil {
			return err
		}
		p.apply(change.Payment)
		if !change.Cursor.IsZero() { // the last one, so all are applied
			cursor = change.Cursor
		}
	}
	if path == "" {
		fmt.Fprintf(p.out, "next time: -since %s\n", cursor.Format(time.RFC3339Nano))
		return nil
	}
	return disk.Write(path, []byte(cursor.Format(time.RFC3339Nano)+"\n"))
}

// apply prints a changed payment. A program of your own stores it under its id
// here, because two runs may show the same payment.
func (p *program) apply(changed backendpay.Payment) {
	state := "valid"
	if changed.Reversed() {
		state = "reversed on " + changed.PaymentReversedDate.String()
	}
	p.show(state, changed)
}

func readCursor(path string, since time.Time) (time.Time, error) {
	stored, found, err := disk.Read(path)
	switch {
	case err != nil:
		return since, err
	case !found && since.IsZero():
		return since, errors.New("-since is needed if there is no -cursor file yet")
	case !found:
		return since, nil
	}
	cursor, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(stored)))
	if err != nil {
		return cursor, fmt.Errorf("%s does not hold a time: %w", path, err)
	}
	return cursor, nil
}
