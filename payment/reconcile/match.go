package reconcile

import (
	"cmp"
	"context"
	"slices"
	"strings"
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

// found receives findings until it returns false.
type found func(Finding) bool

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

// maxPairs bounds the work on one reference that stands very often on both sides.
const maxPairs = 1 << 20

// both are the records of one reference.
type both struct {
	records [2][]Record
	places  [2][]place
}

// matchRun groups records of one hash by their references.
func (c *comparison) matchRun(run []entry, yield found) bool {
	groups := map[string]*both(nil)
	var only both
	first := ""
	for i, e := range run {
		r := c.pack.get(e.place)
		reference := c.fold(r.Reference)
		group := &only
		switch {
		case i == 0:
			first = reference
		case reference != first:
			if groups == nil {
				groups = map[string]*both{}
			}
			if groups[reference] == nil {
				groups[reference] = &both{}
			}
			group = groups[reference]
		}
		s := e.place.side()
		group.records[s], group.places[s] = append(group.records[s], r), append(group.places[s], e.place)
	}
	if groups == nil {
		return c.matchGroup(&only, yield)
	}
	groups[first] = &only
	names := make([]string, 0, len(groups))
	for name := range groups {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if !c.matchGroup(groups[name], yield) {
			return false
		}
	}
	return true
}

// matchGroup pairs what is equal under one reference and says what is left.
func (c *comparison) matchGroup(g *both, yield found) bool {
	if len(g.records[0]) == 1 && len(g.records[1]) == 1 {
		return yield(c.pair(g.records[0][0], g.records[1][0]))
	}
	if len(g.records[0])+len(g.records[1]) == 1 {
		c.rest = append(c.rest, append(g.places[0], g.places[1]...)...)
		return true
	}
	g.sort()
	if len(g.records[0])*len(g.records[1]) > maxPairs {
		return yield(Finding{Verdict: Ambiguous, Left: g.records[0], Right: g.records[1]})
	}
	pairs, left, right := c.equalPairs(g)
	for i, p := range pairs {
		f := Finding{Verdict: Matched, Left: p[:1], Right: p[1:]}
		if i > 0 {
			f.Verdict = Duplicate
		}
		if !yield(f) {
			return false
		}
	}
	return c.leftOver(g, len(pairs) > 0, left, right, yield)
}

func (c *comparison) pair(left, right Record) Finding {
	f := Finding{Verdict: Matched, Left: []Record{left}, Right: []Record{right}}
	if f.Differences = c.rules.differences(left, right); f.Differences != nil {
		f.Verdict = Differs
	}
	return f
}

// equalPairs takes the first equal record of the right for each of the left.
func (c *comparison) equalPairs(g *both) (pairs [][]Record, left, right []int) {
	taken := make([]bool, len(g.records[1]))
	for i, l := range g.records[0] {
		j := 0
		for j < len(taken) && (taken[j] || c.rules.differences(l, g.records[1][j]) != nil) {
			j++
		}
		if j == len(taken) {
			left = append(left, i)
			continue
		}
		taken[j] = true
		pairs = append(pairs, []Record{l, g.records[1][j]})
	}
	for j, t := range taken {
		if !t {
			right = append(right, j)
		}
	}
	return pairs, left, right
}

// leftOver says what the records mean that have no equal one.
func (c *comparison) leftOver(g *both, matched bool, left, right []int, yield found) bool {
	l, r := pick(g.records[0], left), pick(g.records[1], right)
	switch {
	case len(l)+len(r) == 0:
		return true
	case matched:
		return yield(Finding{Verdict: Duplicate, Left: l, Right: r})
	case len(l) == 1 && len(r) == 1:
		return yield(c.pair(l[0], r[0]))
	case len(l) > 0 && len(r) > 0:
		return yield(Finding{Verdict: Ambiguous, Left: l, Right: r})
	}
	// One side only: the first stands for the payment, the others double it.
	if len(l) > 0 {
		c.rest = append(c.rest, g.places[0][0])
		return yield(Finding{Verdict: Duplicate, Left: l[1:]})
	}
	c.rest = append(c.rest, g.places[1][0])
	return yield(Finding{Verdict: Duplicate, Right: r[1:]})
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
