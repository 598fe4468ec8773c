package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
)

// decision is what a person has found out about one payment.
type decision struct {
	given                       bool // a flag of it stands on the command line
	reference, as, id, by, note string
}

var decisionFlags = []string{"decide", "as", "id", "by", "note"}

// What a person can decide.
const (
	asRecorded    = "recorded"
	asNotRecorded = "not-recorded"
	asOpen        = "open"
)

func (d *decision) define(flags *flag.FlagSet) {
	flags.StringVar(&d.reference, "decide", "", "settle the payment with this `reference` in the store; needs -as and -by")
	flags.StringVar(&d.as, "as", "", "with -decide: recorded, not-recorded, or open to let one that was not-recorded be tried again")
	flags.StringVar(&d.id, "id", "", "with -decide -as recorded: the vendor's `id` of the payment")
	flags.StringVar(&d.by, "by", "", "with -decide: the `name` of the person who decides")
	flags.StringVar(&d.note, "note", "", "with -decide: how the person knows")
}

func (d *decision) check() error {
	switch {
	case strings.TrimSpace(d.reference) == "":
		return errors.New("-decide names no payment")
	case d.as != asRecorded && d.as != asNotRecorded && d.as != asOpen:
		return fmt.Errorf("-as %q is not %s, %s or %s", d.as, asRecorded, asNotRecorded, asOpen)
	case strings.TrimSpace(d.by) == "":
		return errors.New("-by is needed with -decide")
	case d.id != "" && d.as != asRecorded:
		return errors.New("-id is for -as " + asRecorded)
	case d.id != strings.Join(strings.Fields(d.id), " ") || strings.ContainsFunc(d.id, unicode.IsControl):
		return fmt.Errorf("-id is not an id: %q", d.id)
	}
	return nil
}

func openKept(ctx context.Context, set settings) (*store.Store, error) {
	return store.OpenExisting(ctx, cmp.Or(set.store, store.Default), outbox.AllowLoopback())
}

// listEntries prints what is not recorded.
func listEntries(ctx context.Context, set settings, out io.Writer) error {
	kept, err := openKept(ctx, set)
	if err != nil {
		return err
	}
	defer func() { _ = kept.Close() }()
	n := 0
	open := outbox.Filter{Statuses: []payment.Status{
		payment.Open, payment.Begun, payment.Unknown, payment.Refused, payment.Conflict, payment.Duplicate, payment.Closed,
	}}
	var broken error
	for e, err := range kept.Outbox.Entries(ctx, open) {
		if edited := (*payment.EntryError)(nil); errors.As(err, &edited) {
			broken = errors.Join(broken, err)
			continue
		}
		if err != nil {
			return err
		}
		n++
		if _, err := fmt.Fprintf(out, "%s  %-14s  %v\n    %s\n", e.Changed.UTC().Format(time.RFC3339), e.Status, e.Key, e.Reason); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "%s not recorded\n", entriesText(n))
	return errors.Join(err, broken)
}

// decide settles one payment.
func decide(ctx context.Context, set settings, out io.Writer) error {
	kept, err := openKept(ctx, set)
	if err != nil {
		return err
	}
	defer func() { _ = kept.Close() }()
	d := set.decision
	seen, err := find(ctx, kept, d.reference)
	if err != nil {
		return err
	}
	settled := payment.Entry{}
	if d.as == asOpen {
		settled, err = payment.Reopen(ctx, kept, seen, d.by)
	} else {
		settled, err = kept.Outbox.Settle(ctx, seen, payment.Decision{Recorded: d.as == asRecorded, ID: d.id, By: d.by, At: time.Now().UTC(), Note: d.note})
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "was %s: %v\nnow %s\n", seen.Status, seen.Key, settled.Status)
	return err
}

// find returns the one entry with a reference.
func find(ctx context.Context, kept *store.Store, reference string) (payment.Entry, error) {
	var found []payment.Entry
	for e, err := range kept.Outbox.Entries(ctx, outbox.Filter{Reference: reference}) {
		if err != nil {
			return payment.Entry{}, err
		}
		found = append(found, e.Entry)
	}
	switch len(found) {
	case 0:
		return payment.Entry{}, fmt.Errorf("the store has no payment with the reference %q", reference)
	case 1:
		return found[0], nil
	}
	return payment.Entry{}, fmt.Errorf("the store has the reference %q several times, for %v and %v", reference, found[0].Key, found[1].Key)
}

func entriesText(n int) string {
	if n == 1 {
		return "1 entry is"
	}
	return fmt.Sprintf("%d entries are", n)
}
