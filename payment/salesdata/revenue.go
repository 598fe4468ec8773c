package salesdata

import (
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

// lineSums is what the lines of an order come to, by the reading in force and
// by the other one.
type lineSums struct {
	total, other        payment.Amount
	equation, otherName string
	assumptions         []string
}

// The amounts and the sets of lines that may be summed.
func gross(l Line) payment.Amount      { return l.GrossAmount }
func baseGross(l Line) payment.Amount  { return l.BaseGrossAmount }
func totalGross(l Line) payment.Amount { return l.TotalGrossAmount }
func anyLine(Line) bool                { return true }
func isParent(l Line) bool             { return !l.IsChild() }

// revenue adds up the lines of an order.
func revenue(o Order, rules BalanceRules) (lineSums, error) {
	switch {
	case rules.LineTotal.IsSet():
		return lineSums{total: rules.LineTotal, equation: "the caller's line total"}, nil
	case len(o.Lines) > 0 && o.Lines[0].Shape == MDS:
		return revenueMDS(o.Lines)
	}
	return allGross(o.Lines)
}

// revenueMDS sums the totals of the lines without parent, which hold their
// children. Where they are not set it falls back, and says so.
func revenueMDS(lines []Line) (s lineSums, err error) {
	s.other, s.otherName = sumLines(lines, anyLine, gross), "gross_amount of all lines"
	if s.total = sumLines(lines, isParent, totalGross); s.total.IsSet() {
		s.equation = "Σ total_gross_amount of the lines without parent"
		return s, nil
	}
	missing := "total_gross_amount is not set on every line without parent"
	if s.total = sumLines(lines, anyLine, baseGross); s.total.IsSet() {
		s.equation, s.assumptions = "Σ base_gross_amount of all lines", []string{missing}
		return s, nil
	}
	s, err = allGross(lines)
	s.assumptions = []string{missing, "whether gross_amount of a parent includes its children is not documented"}
	return s, err
}

// allGross sums every line, children too: the documented root order has its
// extra cheese as a child with a price of its own.
func allGross(lines []Line) (lineSums, error) {
	for i, l := range lines {
		if !l.GrossAmount.IsSet() {
			return lineSums{}, &payment.FieldError{Field: fmt.Sprintf("Order.Lines[%d].GrossAmount", i), Reason: "is not set"}
		}
	}
	return lineSums{
		total: sumLines(lines, anyLine, gross), equation: "Σ gross_amount of all lines",
		other: sumLines(lines, isParent, gross), otherName: "the lines without parent alone",
	}, nil
}

// sumLines is not set if one of the amounts is not.
func sumLines(lines []Line, counts func(Line) bool, amount func(Line) payment.Amount) payment.Amount {
	sum := zero
	for _, l := range lines {
		if counts(l) {
			sum = sum.Add(amount(l))
		}
	}
	return sum
}
