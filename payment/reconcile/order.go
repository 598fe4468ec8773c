package reconcile

import (
	"cmp"
	"slices"
	"strings"
)

// content writes all that a record without a reference holds.
func content(r Record) string {
	return strings.Join([]string{
		r.Account.String(), r.ID, string(r.Kind), r.Amount.String(), r.Date.String(), r.Method, r.Target, r.Reverses, r.Source,
	}, "\x00")
}

// hash is FNV-1a: the same in every run, so that the order of findings is too.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h ^ h>>29
}

// sort makes the order of a group's records that of their content.
func (g *both) sort() {
	for s := range g.records {
		order := make([]int, len(g.records[s]))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return compare(g.records[s][a], g.records[s][b]) })
		g.records[s], g.places[s] = pick(g.records[s], order), pick(g.places[s], order)
	}
}

func pick[T any](list []T, indexes []int) []T {
	if indexes == nil {
		return nil
	}
	picked := make([]T, len(indexes))
	for i, n := range indexes {
		picked[i] = list[n]
	}
	return picked
}

// compare orders records by all that they hold.
func compare(a, b Record) int {
	return cmp.Or(
		a.Date.Compare(b.Date), cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Amount.Currency(), b.Amount.Currency()), a.Amount.Amount().Cmp(b.Amount.Amount()),
		cmp.Compare(a.Reference, b.Reference), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Target, b.Target),
		cmp.Compare(a.ID, b.ID), cmp.Compare(a.Reverses, b.Reverses), cmp.Compare(a.Source, b.Source),
		cmp.Compare(a.Account.String(), b.Account.String()), cmp.Compare(a.Amount.String(), b.Amount.String()),
	)
}
