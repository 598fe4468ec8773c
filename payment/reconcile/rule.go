package reconcile

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// candidate is a record that a rule may match.
type candidate struct {
	hash  uint64 // of kind, amount and the rule's fields
	place place
	day   int32
	named bool // it has a reference
}

// matchByRule matches what has found no partner by its reference. Two records
// match if each is the other's only candidate; all that hang together otherwise
// are ambiguous.
func (c *comparison) matchByRule(ctx context.Context, yield found) bool {
	list := make([]candidate, len(c.rest))
	for i, at := range c.rest {
		r := c.pack.get(at)
		list[i] = candidate{hash(c.ruleKey(at.side(), r)), at, int32(max(dayNumber(r.Date), math.MinInt32)), r.Reference != ""}
	}
	c.rest = nil
	slices.SortFunc(list, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.day, b.day)) })
	for i := 0; i < len(list); {
		if ctx.Err() != nil {
			return false
		}
		end := i + 1
		for end < len(list) && list[end].hash == list[i].hash {
			end++
		}
		if !c.matchCandidates(list[i:end], yield) {
			return false
		}
		i = end
	}
	return true
}

// ruleKey is what has to be equal.
func (c *comparison) ruleKey(s side, r Record) string {
	key := string(r.Kind) + "\x00" + r.Amount.Amount().Decimal().String() + "\x00" + string(r.Amount.Currency())
	for _, f := range c.rules.WithoutReference {
		value := ""
		switch f {
		case Account:
			value = r.Account.String()
		case Method:
			if value = r.Method; s == leftSide {
				value = c.rules.method(value)
			}
		case Target:
			value = r.Target
		}
		key += "\x00" + value
	}
	return key
}

// matchCandidates finds the components of the graph of possible pairs. Its
// members are sorted by day, so the possible partners of one are neighbours.
func (c *comparison) matchCandidates(list []candidate, yield found) bool {
	var by [2][2][]int // side, named: indexes into list, by day
	for i, m := range list {
		n := 0
		if m.named {
			n = 1
		}
		by[m.place.side()][n] = append(by[m.place.side()][n], i)
	}
	sets := newSets(len(list))
	c.join(sets, list, by[0][0], by[1][0])
	c.join(sets, list, by[0][0], by[1][1])
	c.join(sets, list, by[0][1], by[1][0]) // two that both have a reference, and not the same, never match
	return c.components(sets, list, yield)
}

// join unites each of the left with all of the right within the window. A
// record without a day may be of any: it is united with the whole other side.
func (c *comparison) join(s sets, list []candidate, left, right []int) {
	if len(left) == 0 || len(right) == 0 {
		return
	}
	undatedLeft, left := undated(list, left)
	undatedRight, right := undated(list, right)
	s.uniteAll(undatedLeft, undatedRight, right)
	s.uniteAll(undatedRight, undatedLeft, left)
	low, high, joined := 0, 0, 0 // the window, and how far its neighbours are united
	for _, l := range left {
		for low < len(right) && list[right[low]].day < list[l].day-int32(c.rules.Days) {
			low++
		}
		for high < len(right) && list[right[high]].day <= list[l].day+int32(c.rules.Days) {
			high++
		}
		if low < high {
			s.unite(l, right[low])
		}
		for joined = max(joined, low); joined+1 < high; joined++ {
			s.unite(right[joined], right[joined+1])
		}
	}
}

// undated splits those without a day off. They stand first.
func undated(list []candidate, indexes []int) (without, with []int) {
	n := 0
	for n < len(indexes) && list[indexes[n]].day == math.MinInt32 {
		n++
	}
	return indexes[:n], indexes[n:]
}

// components reports each set: a pair, one alone, or several.
func (c *comparison) components(s sets, list []candidate, yield found) bool {
	members := make(map[int][]int)
	var order []int
	for i := range list {
		root := s.root(i)
		if members[root] == nil {
			order = append(order, root)
		}
		members[root] = append(members[root], i)
	}
	findings := make([]Finding, 0, len(order))
	for _, root := range order {
		set := members[root]
		if len(set) == 1 {
			c.rest = append(c.rest, list[set[0]].place)
			continue
		}
		f := Finding{Verdict: Ambiguous, ByRule: true}
		for _, i := range set {
			r := c.pack.get(list[i].place)
			if list[i].place.side() == leftSide {
				f.Left = append(f.Left, r)
			} else {
				f.Right = append(f.Right, r)
			}
		}
		slices.SortFunc(f.Left, compare)
		slices.SortFunc(f.Right, compare)
		if len(f.Left) == 1 && len(f.Right) == 1 {
			f.Verdict = Matched
		}
		findings = append(findings, f)
	}
	slices.SortFunc(findings, func(a, b Finding) int { return compare(a.Left[0], b.Left[0]) })
	for _, f := range findings {
		if !yield(f) {
			return false
		}
	}
	return true
}

// sets is a union-find structure.
type sets []int

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func (s sets) root(i int) int {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

// uniteAll unites each of some with each of the others, if there are both.
func (s sets) uniteAll(some []int, others ...[]int) {
	for _, list := range others {
		for _, i := range list {
			if len(some) > 0 {
				s.unite(some[0], i)
			}
		}
		for _, i := range some {
			if len(list) > 0 {
				s.unite(list[0], i)
			}
		}
	}
}

func (s sets) unite(a, b int) { s[s.root(a)] = s.root(b) }
