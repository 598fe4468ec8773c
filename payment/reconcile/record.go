package reconcile

import (
	"iter"
	"math"
	"time"

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

func check(r Record) error {
	switch {
	case !r.Kind.Known():
		return &payment.FieldError{Field: "Record.Kind", Reason: "is not known"}
	case !r.Amount.IsSet():
		return &payment.FieldError{Field: "Record.Amount", Reason: "is not set"}
	case !r.Date.IsZero() && !r.Date.Valid():
		return &payment.FieldError{Field: "Record.Date", Reason: "is not a day that exists"}
	}
	return nil
}

// dayNumber counts days; math.MinInt32 is a day that is not set.
func dayNumber(d payment.Date) int {
	if d.IsZero() {
		return math.MinInt32
	}
	return int(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func dateOf(day int) payment.Date {
	if day == math.MinInt32 {
		return payment.Date{}
	}
	return payment.DateOf(time.Unix(int64(day)*86400, 0).UTC())
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
