package main

import (
	govalues "github.com/govalues/decimal"
	"github.com/shopspring/decimal"
	"runtime"

	"github.com/tenderkit/tenderkit/bench/measure"
	"github.com/tenderkit/tenderkit/payment"
)

// loop makes work of something that takes nanoseconds: one time is 1000.
func loop(name string, do func()) measure.Work {
	return measure.Work{Name: name, Do: func(n int) error {
		for range n * 1000 {
			do()
		}
		return nil
	}}
}

var (
	sinkAmount   payment.Amount
	sinkGovalues govalues.Decimal
	sinkDecimal  decimal.Decimal
	sinkText     string
	sinkInt      int
)

// amounts are exact decimals beside those of two libraries. Instructions and
// allocations are those of 1000 times.
func amounts() (rows []measure.Row) {
	const text, other = "1234567.89", "0.5"
	a, _ := payment.ParseAmount(text)
	b, _ := payment.ParseAmount(other)
	g, h := govalues.MustParse(text), govalues.MustParse(other)
	d, e := decimal.RequireFromString(text), decimal.RequireFromString(other)
	row := func(name string, ours, theirs, shops func()) {
		rows = append(rows, measure.Row{Name: name + ", 1000 amounts", Goal: "1.1", Block: 100, Works: []measure.Work{
			loop("govalues", theirs), loop("tenderkit", ours), loop("shopspring", shops),
		}})
	}
	defer func() { runtime.KeepAlive([...]any{sinkAmount, sinkGovalues, sinkDecimal, sinkText, sinkInt}) }() // what was calculated is used
	row("parse", func() { sinkAmount, _ = payment.ParseAmount(text) }, func() { sinkGovalues, _ = govalues.Parse(text) },
		func() { sinkDecimal, _ = decimal.NewFromString(text) })
	row("format", func() { sinkText = a.String() }, func() { sinkText = g.String() }, func() { sinkText = d.String() })
	row("add", func() { sinkAmount = a.Add(b) }, func() { sinkGovalues, _ = g.Add(h) }, func() { sinkDecimal = d.Add(e) })
	row("compare", func() { sinkInt = a.Cmp(b) }, func() { sinkInt = g.Cmp(h) }, func() { sinkInt = d.Cmp(e) })
	return rows
}
