package reconcile

import "slices"

// net cancels, on each side, what found no match: a record and those that
// reverse it, if they add up to nothing.
func (c *comparison) net(yield found) bool {
	var bySide [2][]Record
	places := [2]map[int]place{{}, {}}
	for _, at := range c.rest {
		s := at.side()
		places[s][len(bySide[s])] = at
		bySide[s] = append(bySide[s], c.pack.get(at))
	}
	c.rest = nil
	for s, records := range bySide {
		for _, family := range c.families(records) {
			if !cancels(records, family) {
				for _, i := range family {
					c.rest = append(c.rest, places[s][i])
				}
				continue
			}
			f := Finding{Verdict: Netted}
			list := pick(records, family)
			slices.SortFunc(list, compare)
			if side(s) == leftSide {
				f.Left = list
			} else {
				f.Right = list
			}
			if !yield(f) {
				return false
			}
		}
	}
	return true
}

// families groups records with those that reverse them.
func (c *comparison) families(records []Record) [][]int {
	named := map[string]int{}
	for i, r := range records {
		if r.Reference != "" {
			named[c.fold(r.Reference)] = i
		}
	}
	s := newSets(len(records))
	for i, r := range records {
		if original, ok := named[c.fold(r.Reverses)]; ok && r.Reverses != "" {
			s.unite(i, original)
		}
	}
	byRoot := map[int]int{}
	var list [][]int
	for i := range records {
		root := s.root(i)
		n, ok := byRoot[root]
		if !ok {
			n = len(list)
			byRoot[root] = n
			list = append(list, nil)
		}
		list[n] = append(list[n], i)
	}
	return list
}

// cancels reports whether the money of a family adds up to nothing.
func cancels(records []Record, family []int) bool {
	if len(family) < 2 {
		return false
	}
	sum := records[family[0]].Signed()
	for _, i := range family[1:] {
		var err error
		if sum, err = sum.Add(records[i].Signed()); err != nil {
			return false
		}
	}
	return sum.IsSet() && sum.Sign() == 0
}
