package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// Settle stores what a person has found out about the entry that the person has
// seen; see [payment.Decide].
func (s *Store) Settle(ctx context.Context, seen payment.Entry, d payment.Decision) (payment.Entry, error) {
	return payment.Decide(ctx, s, seen, d)
}

// RenameAccount gives all entries of an account another name, in one
// transaction: after the vendor has moved it to another host, or a tenant was
// renamed. It fails with a *payment.HeldError while a call holds one of them,
// and with an error that matches payment.ErrConflict if the new name has
// entries already. It returns how many entries were renamed.
func (s *Store) RenameAccount(ctx context.Context, from, to payment.Account) (renamed int64, err error) {
	for _, a := range [...]payment.Account{from, to} {
		if err := a.Validate(); err != nil {
			return 0, err
		}
	}
	if err := s.checkAccount(to); err != nil {
		return 0, err
	}
	err = s.within(ctx, func(c conn) error {
		renamed, err = s.rename(ctx, c, from, to)
		return err
	})
	return renamed, err
}

var errTaken = errors.New("the account has entries already")

func (s *Store) rename(ctx context.Context, c conn, from, to payment.Account) (int64, error) {
	const of = ` FROM tenderkit_entries WHERE vendor = $1 AND tenant = $2 AND host = $3`
	var taken, held int64
	if err := c.QueryRowContext(ctx, s.dialect.statement(`SELECT count(*)`+of), to.Vendor, to.Tenant, to.Host).Scan(&taken); err != nil {
		return 0, err
	}
	if taken > 0 {
		return 0, fmt.Errorf("outbox: %v: %w: %w", to, payment.ErrConflict, errTaken)
	}
	const latest = `SELECT coalesce(max(held_until) - NOW, 0)` + of
	if err := c.QueryRowContext(ctx, s.dialect.statement(latest), from.Vendor, from.Tenant, from.Host).Scan(&held); err != nil {
		return 0, err
	}
	if held > 0 {
		return 0, &payment.HeldError{Key: payment.Key{Account: from}, Until: time.Now().Add(time.Duration(held) * time.Microsecond)}
	}
	const update = `UPDATE tenderkit_entries SET vendor = $4, tenant = $5, host = $6 WHERE vendor = $1 AND tenant = $2 AND host = $3`
	result, err := c.ExecContext(ctx, s.dialect.statement(update), from.Vendor, from.Tenant, from.Host, to.Vendor, to.Tenant, to.Host)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// Archive takes the personal data out of entries that are recorded or closed
// and have not changed since before. What stays, for ever, is the key, the
// vendor's id and a digest of each field by which a payment is compared: a late
// redelivery is still known. It returns how many entries were archived.
func (s *Store) Archive(ctx context.Context, before time.Time) (archived int, err error) {
	f := Filter{Statuses: []payment.Status{payment.Recorded, payment.Closed}, Before: before, Free: true}
	for l, err := range s.Entries(ctx, f) {
		if err != nil {
			return archived, err
		}
		slim, changed, err := l.Entry.Archived()
		if err != nil {
			return archived, err
		}
		if !changed {
			continue
		}
		ok, err := s.replace(ctx, slim, l.Revision)
		if err != nil {
			return archived, err
		}
		if ok {
			archived++
		}
	}
	return archived, nil
}

// replace stores a slimmer payload, unless the entry has changed meanwhile. The
// time of its last change stays.
func (s *Store) replace(ctx context.Context, e payment.Entry, revision int64) (bool, error) {
	const update = `UPDATE tenderkit_entries SET payload = $6 WHERE ` + whereKey + ` AND revision = $7 AND held_until <= NOW`
	var n int64
	err := s.within(ctx, func(c conn) error {
		result, err := c.ExecContext(ctx, s.dialect.statement(update), keyArgs(e.Key, string(e.Payload), revision)...)
		if err != nil {
			return err
		}
		n, err = result.RowsAffected()
		return err
	})
	return n == 1, err
}
