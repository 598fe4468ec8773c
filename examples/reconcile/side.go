package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// side is one of the two that are compared.
type side struct {
	name    string // in a sentence
	short   string // above a column
	records func(context.Context) iter.Seq2[reconcile.Record, error]
	fold    func(reference string) string // how it compares references; nil is exactly

	// payments reads the payments again, so that they can be recorded elsewhere.
	// Nil if the side has no more than records.
	payments func(context.Context) iter.Seq2[payment.Payment, error]
	// recorder records payments here, and adapt fits them. Nil if that cannot be.
	recorder payment.Recorder
	adapt    func(context.Context, *payment.Payment) error

	close func() error // nil if there is nothing to close
}

// pair is what is compared, and the Store of -resolve.
type pair struct {
	left, right side
	store       payment.Store
	closers     []func() error
	patience    []payment.OnceOption
}

// open opens both sides.
func open(ctx context.Context, set *settings, getenv func(string) string) (p *pair, err error) {
	if set.demo() {
		return openDemo(ctx, set)
	}
	p = &pair{}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
			p = nil
		}
	}()
	for _, s := range [...]struct {
		into *side
		spec string
	}{{&p.left, set.left}, {&p.right, set.right}} {
		if *s.into, err = openSide(ctx, s.spec, *set, getenv); err != nil {
			return p, fmt.Errorf("%s: %w", s.spec, err)
		}
		p.closers = append(p.closers, s.into.close)
	}
	if p.left.short == p.right.short {
		p.left.short, p.right.short = "Left", "Right"
	}
	if set.resolve {
		opened, err := store.Open(ctx, set.store)
		if err != nil {
			return p, err
		}
		p.store, p.closers = opened, append(p.closers, opened.Close)
	}
	return p, nil
}

func (p *pair) close() (err error) {
	for _, f := range p.closers {
		if f != nil {
			err = errors.Join(err, f())
		}
	}
	return err
}

// openSide opens the side that a flag names.
func openSide(ctx context.Context, spec string, set settings, getenv func(string) string) (side, error) {
	kind, what, _ := strings.Cut(spec, ":")
	switch kind {
	case "sales":
		return openTill(what, set)
	case "csv":
		return openCSV(what, set)
	case "outbox":
		return openOutbox(ctx, what, set)
	}
	if what == "" {
		if open, ok := vendors()[kind]; ok {
			return open(getenv, set)
		}
	}
	return side{}, errors.New("is not sales:FILE, csv:FILE, outbox:FILE, brightpearl, backendpay or spektrix")
}

// openOutbox reads the payments of a Store.
func openOutbox(ctx context.Context, where string, set settings) (side, error) {
	s, err := store.OpenExisting(ctx, where)
	if err != nil {
		return side{}, err
	}
	records := func(ctx context.Context) iter.Seq2[reconcile.Record, error] {
		return set.inDays(s.Outbox.Records(ctx, outbox.Filter{}, set.zone))
	}
	payments := func(ctx context.Context) iter.Seq2[payment.Payment, error] {
		return func(yield func(payment.Payment, error) bool) {
			for l, err := range s.Outbox.Entries(ctx, outbox.Filter{Op: "payment"}) {
				var p payment.Payment
				if err == nil {
					p, err = l.Payment()
				}
				if !yield(p, err) || err != nil {
					return
				}
			}
		}
	}
	return side{name: "the outbox " + s.Where, short: "Outbox", records: records, payments: payments, close: s.Close}, nil
}

// inDays leaves out records of other days than those that are compared. One
// without a day may be of any.
func (set settings) inDays(records iter.Seq2[reconcile.Record, error]) iter.Seq2[reconcile.Record, error] {
	return func(yield func(reconcile.Record, error) bool) {
		for r, err := range records {
			outside := r.Date.Before(set.from) || !set.to.IsZero() && r.Date.After(set.to)
			if err == nil && outside && !r.Date.IsZero() {
				continue
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// openCSV reads a CSV file. What follows a question mark names its columns and
// its form.
func openCSV(what string, set settings) (side, error) {
	path, query, _ := strings.Cut(what, "?")
	options, err := csvOptions(path, query)
	if err != nil {
		return side{}, err
	}
	options.Currency = set.currency
	records := func(context.Context) iter.Seq2[reconcile.Record, error] {
		return set.inDays(func(yield func(reconcile.Record, error) bool) {
			file, err := os.Open(path)
			if err != nil {
				yield(reconcile.Record{}, err)
				return
			}
			defer func() { _ = file.Close() }()
			reconcile.CSV(io.Reader(file), options)(yield)
		})
	}
	return side{
		name: path, short: strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), records: records,
		payments: func(ctx context.Context) iter.Seq2[payment.Payment, error] {
			return asPayments(records(ctx), set.zone)
		},
	}, nil
}

func csvOptions(path, query string) (o reconcile.CSVOptions, err error) {
	values, err := url.ParseQuery(strings.ReplaceAll(query, "comma=;", "comma=%3B"))
	if err != nil {
		return o, err
	}
	o = reconcile.CSVOptions{Name: path}
	texts := map[string]*string{
		"id": &o.Columns.ID, "reference": &o.Columns.Reference, "kind": &o.Columns.Kind, "amount": &o.Columns.Amount,
		"currency": &o.Columns.Currency, "date": &o.Columns.Date, "method": &o.Columns.Method, "target": &o.Columns.Target,
		"reverses": &o.Columns.Reverses, "layout": &o.DateLayout,
	}
	for name := range values {
		value := values.Get(name)
		switch into, known := texts[name]; {
		case known:
			*into = value
		case name == "comma" && len(value) == 1:
			o.Comma = rune(value[0])
		case name == "decimal" && value == "comma":
			o.DecimalComma = true
		default:
			return o, fmt.Errorf("%s=%s is not known", name, value)
		}
	}
	return o, nil
}

// asPayments makes payments of records: at noon, because a record has no time.
func asPayments(records iter.Seq2[reconcile.Record, error], zone *time.Location) iter.Seq2[payment.Payment, error] {
	return func(yield func(payment.Payment, error) bool) {
		for r, err := range records {
			p := payment.Payment{
				Reference: r.Reference, Kind: r.Kind, Amount: r.Amount, Method: r.Method, Target: r.Target, Reverses: r.Reverses,
			}
			if !r.Date.IsZero() {
				p.Date = time.Date(r.Date.Year, r.Date.Month, r.Date.Day, 12, 0, 0, 0, zone)
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}
