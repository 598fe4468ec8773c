// Package reconcile compares payments on two sides: what a till took with what
// a vendor has, what an outbox says is recorded with what is.
//
//	for finding, err := range reconcile.Compare(ctx, till, vendor, reconcile.Rules{}) {
//		if err != nil {
//			return err
//		}
//		totals.Add(finding)
//	}
//
// Records come in any order on both sides, and the result does not depend on it.
// They are matched by their reference. Where a side keeps no reference, a rule
// can match by amount, day, method and target, but never one record twice, and
// only where no other match is possible.
//
// # Sources
//
// A side is any iter.Seq2 of a [Record] and an error. The packages of this module
// have one for each place in which payments stand: Records of package salesdata
// for a till's documents, Store.Records of package outbox, Client.Records of
// packages brightpearl and backendpay, OrderRecords and BasketRecords of package
// spektrix, and [CSV] for everything that can be exported. [Join] puts several
// together. Rubi has no list of payments: its side is the outbox.
//
// An error of a side ends the comparison. What a broken stream did not show is
// never "missing".
//
// # References
//
// Records are matched by their reference first, in the form that Rules.Fold
// returns: set it to FoldReference of a vendor's Recorder where that has one.
// Where a side keeps no reference, Rules.WithoutReference names the fields that
// match instead.
//
// # Memory
//
// Both sides are held in memory, packed: with some 60 bytes of texts a record, a
// process grows by about 160 bytes a record of both sides, 3 GB for 10 million on
// each. Compare a larger span day by day and account by account, as the example
// of [Compare] does. With Rules.Days, ask both sides for as many days more.
package reconcile

import (
	"cmp"
	"context"
	"iter"
	"slices"
)

// Compare reads both sides to their ends and streams what it found, in an order
// that depends on the records alone. An error of a side ends the comparison
// before any finding: a broken stream is never "missing". So does a record
// without an amount or with a kind that is not known, and the context's end.
func Compare(ctx context.Context, left, right iter.Seq2[Record, error], rules Rules) iter.Seq2[Finding, error] {
	return func(yield func(Finding, error) bool) {
		c := &comparison{rules: rules, pack: newPack()}
		err := rules.check()
		if err == nil {
			err = c.read(ctx, leftSide, left)
		}
		if err == nil {
			err = c.read(ctx, rightSide, right)
		}
		if err != nil {
			yield(Finding{}, err)
			return
		}
		if err := c.find(ctx, func(f Finding) bool { return yield(f, nil) }); err != nil {
			yield(Finding{}, err)
		}
	}
}

// find matches by reference, then by rule, then nets what is left.
func (c *comparison) find(ctx context.Context, yield found) error {
	for _, list := range [...][]entry{c.named, c.bare} {
		slices.SortFunc(list, func(a, b entry) int {
			return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.place.side(), b.place.side()))
		})
	}
	for i, n := 0, 0; i < len(c.named); n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		end := i + 1
		for end < len(c.named) && c.named[end].hash == c.named[i].hash {
			end++
		}
		if !c.matchRun(c.named[i:end], yield) {
			return nil
		}
		i = end
	}
	for _, e := range c.bare {
		c.rest = append(c.rest, e.place)
	}
	c.named, c.bare = nil, nil
	if c.rules.WithoutReference != nil && !c.matchByRule(ctx, yield) || ctx.Err() != nil {
		return ctx.Err()
	}
	if c.rules.NetReversals && !c.net(yield) {
		return nil
	}
	c.unmatched(yield)
	return ctx.Err()
}

// unmatched reports what is on one side only.
func (c *comparison) unmatched(yield found) {
	for _, at := range c.rest {
		r := []Record{c.pack.get(at)}
		f := Finding{Verdict: Missing, Left: r}
		if at.side() == rightSide {
			f = Finding{Verdict: Extra, Right: r}
		}
		if !yield(f) {
			return
		}
	}
}
