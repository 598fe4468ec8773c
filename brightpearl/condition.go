package brightpearl

import (
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// condition is one filter: what is sent, and whether a row keeps to it.
type condition struct {
	column, value string
	holds         func(FoundPayment) bool
}

// conditions collects the filters that are set, and the first wrong one.
type conditions struct {
	list []condition
	err  error
}

func (c *conditions) add(column, value string, holds func(FoundPayment) bool) {
	c.list = append(c.list, condition{column, value, holds})
}

func (c *conditions) refuse(err error) {
	if err != nil && c.err == nil {
		c.err = err
	}
}

// ids filters on one id or a set of them.
func (c *conditions) ids(column, field string, one int64, set IDSet, get func(FoundPayment) int64) {
	switch {
	case one == 0 && set == nil:
		return
	case one != 0 && set != nil:
		c.refuse(invalid(field, "is given both as one id and as a set"))
	case one != 0:
		set = IDs(one)
	}
	c.refuse(set.check(field))
	c.add(column, set.String(), func(f FoundPayment) bool { return set.Contains(get(f)) })
}

// text filters on exact text.
func (c *conditions) text(column, value string, get func(FoundPayment) string) {
	if value != "" {
		c.add(column, value, func(f FoundPayment) bool { return get(f) == value })
	}
}

// folded filters on text in which the vendor ignores case.
func (c *conditions) folded(column, value string, get func(FoundPayment) string) {
	if value != "" {
		c.add(column, value, func(f FoundPayment) bool { return strings.EqualFold(get(f), value) })
	}
}

func (c *conditions) amount(column string, value payment.Amount, get func(FoundPayment) payment.Amount) {
	if value.IsSet() {
		c.add(column, value.String(), func(f FoundPayment) bool { return get(f).Equal(value) })
	}
}

func (c *conditions) period(column, field string, p Period, get func(FoundPayment) time.Time) {
	if p.IsZero() {
		return
	}
	c.refuse(p.check(field))
	c.add(column, p.String(), func(f FoundPayment) bool { return p.contains(get(f)) })
}
