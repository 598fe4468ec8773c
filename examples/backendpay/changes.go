package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/backendpay"
)

// changes prints what is new or changed since the last run. The file of -cursor
// holds where that run ended. It is written after all changes are printed, so
// that what an error or a crash cuts off comes again. The cursor is no payment,
// so it has no place in the store of the command record; a program that applies
// changes to a database of its own keeps the cursor there, in the transaction
// that applies them.
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
	return writeCursor(path, cursor)
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
	if path == "" {
		return since, needed(since)
	}
	stored, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return since, needed(since)
	}
	if err != nil {
		return since, err
	}
	cursor, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(stored)))
	if err != nil {
		return cursor, fmt.Errorf("%s does not hold a time: %w", path, err)
	}
	return cursor, nil
}

func needed(since time.Time) error {
	if since.IsZero() {
		return errors.New("-since is needed if there is no -cursor file yet")
	}
	return nil
}

// writeCursor replaces the file in one piece. If a crash loses the new file, the
// old one shows the same changes again.
func writeCursor(path string, cursor time.Time) error {
	if err := os.WriteFile(path+".new", []byte(cursor.Format(time.RFC3339Nano)+"\n"), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
