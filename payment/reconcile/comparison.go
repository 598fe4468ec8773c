package reconcile

import (
	"context"
	"fmt"
	"iter"

	"github.com/tenderkit/tenderkit/payment"
)

// comparison is one run of Compare.
type comparison struct {
	rules Rules
	pack  *pack
	named []entry // records with a reference, by its hash
	bare  []entry // records without one, by a hash of all that they hold
	rest  []place // records that have found no match
}

// entry is a packed record with the hash by which it is grouped.
type entry struct {
	hash  uint64
	place place
}

func (c *comparison) add(s side, r Record) {
	if c.rules.MoneyOnly && r.Signed().Sign() == 0 {
		return
	}
	at := c.pack.add(s, r)
	if r.Reference == "" {
		c.bare = append(c.bare, entry{hash(content(r)), at})
		return
	}
	c.named = append(c.named, entry{hash(c.fold(r.Reference)), at})
}

func (c *comparison) fold(reference string) string {
	if c.rules.Fold == nil {
		return reference
	}
	return c.rules.Fold(reference)
}

// found receives findings until it returns false.
type found func(Finding) bool

// read packs one side.
func (c *comparison) read(ctx context.Context, s side, records iter.Seq2[Record, error]) error {
	if records == nil {
		return &payment.FieldError{Field: s.String(), Reason: "is nil"}
	}
	n := 0
	for r, err := range records {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			err = check(r)
		}
		if err != nil {
			return fmt.Errorf("reconcile: %v side, after %d records: %w", s, n, err)
		}
		n++
		c.add(s, r)
	}
	return ctx.Err()
}
