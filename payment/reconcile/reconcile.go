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
// Both sides are held in memory, packed to about 100 bytes a record. Compare a
// larger span day by day and account by account: a day's payments are found on
// the same day on both sides, or within Rules.Days of it.
package reconcile

import (
	"context"
	"iter"

	"github.com/tenderkit/tenderkit/payment"
)

// Record is what a side can say of one payment. What it does not know stays at
// its zero value.
type Record struct {
	Account   payment.Account
	ID        string // the side's own id
	Reference string // the caller's reference; "" if the side keeps none
	Kind      payment.Kind
	Amount    payment.Money // positive; the direction is Kind's
	Date      payment.Date
	Method    string
	Target    string
	Reverses  string // Reference of the payment that this one cancels
	Source    string // where it stands: a file and line, a page, for people
}

// Signed returns the amount with the direction of the money: negative for a
// refund, 0 for what moves none.
func (r Record) Signed() payment.Money {
	switch r.Kind {
	case payment.Refund:
		return r.Amount.Neg()
	case payment.Authorization, payment.Void:
		zero, err := r.Amount.Sub(r.Amount)
		if err != nil {
			return payment.Money{}
		}
		return zero
	}
	return r.Amount
}

// Rules say what counts as the same. The zero value matches by exact reference
// and compares kind and amount.
type Rules struct {
	// Compare are further fields that have to be equal where both sides know them.
	Compare []Field
	// Days is by how many days the dates of one payment may differ.
	Days int
	// WithoutReference are the fields, beside kind, amount and day, that match two
	// records of which at least one has no reference. Nil matches none; use an
	// empty slice to match by kind, amount and day alone.
	WithoutReference []Field
	// NetReversals cancels, on one side, what found no match: a record and the one
	// that reverses it, if they add up to nothing.
	NetReversals bool
	// MoneyOnly leaves out what moves no money: authorizations and voids.
	MoneyOnly bool
	// Fold returns the form in which references are compared. Nil compares them as
	// they are.
	Fold func(reference string) string
	// Method returns the right side's name of a method of the left side. Nil takes
	// the names as equal.
	Method func(left string) string
}

// Field names a field of [Record] that [Rules] can compare.
type Field string

// The fields. Kind and Amount are always compared.
const (
	Account Field = "Account"
	Kind    Field = "Kind"
	Amount  Field = "Amount"
	Date    Field = "Date"
	Method  Field = "Method"
	Target  Field = "Target"
)

func (r Rules) check() error {
	if r.Days < 0 {
		return &payment.FieldError{Field: "Rules.Days", Reason: "is negative"}
	}
	for _, list := range [...]struct {
		name   string
		fields []Field
	}{{"Rules.Compare", r.Compare}, {"Rules.WithoutReference", r.WithoutReference}} {
		for _, f := range list.fields {
			switch f {
			case Account, Kind, Amount, Date, Method, Target:
			default:
				return &payment.FieldError{Field: list.name, Reason: "names a field that is not known"}
			}
		}
	}
	return nil
}

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

// Join returns several sides as one, read one after another: the files of a
// week, the customers of two currencies, open baskets and orders. An error ends
// it. A payment that stands in two of them is there twice.
func Join(sides ...iter.Seq2[Record, error]) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, side := range sides {
			for r, err := range side {
				if !yield(r, err) || err != nil {
					return
				}
			}
		}
	}
}

// From returns the records of a slice as a side.
func From(records ...Record) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}
