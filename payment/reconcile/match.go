package reconcile

import "slices"

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
