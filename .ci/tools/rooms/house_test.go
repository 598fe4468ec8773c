package main

import (
	"slices"
	"testing"
)

// uses returns a house whose files use the ones that are listed for them.
func uses(lists ...[]int) house {
	h := house{names: make([]string, len(lists))}
	for _, list := range lists {
		used := map[int]bool{}
		for _, j := range list {
			used[j] = true
		}
		h.uses = append(h.uses, used)
	}
	return h
}

func TestHouse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		house              house
		arrows, floors, up int
	}{
		"one file":           {uses(nil), 0, 1, 0},
		"apart":              {uses(nil, nil), 0, 1, 0},
		"a stair":            {uses(nil, []int{0}, []int{1}, []int{2}), 3, 4, 0},
		"a way around":       {uses([]int{1, 2}, []int{2}, nil), 3, 3, 0},
		"two on one":         {uses([]int{2}, []int{2}, nil), 2, 2, 0},
		"a pair":             {uses([]int{1}, []int{0}), 2, 2, 1},
		"a ring":             {uses([]int{1}, []int{2}, []int{0}), 3, 3, 1},
		"a hub and its four": {uses([]int{1, 2, 3, 4}, []int{0}, []int{0}, []int{0}, []int{0}), 8, 2, 4},
	} {
		order := c.house.order()
		if n := c.house.arrows(); n != c.arrows {
			t.Errorf("%s: %d arrows, want %d", name, n, c.arrows)
		}
		if n := c.house.floors(order); n != c.floors {
			t.Errorf("%s: %d floors, want %d", name, n, c.floors)
		}
		if n := c.house.up(order); n != c.up {
			t.Errorf("%s: %d arrows up, want %d", name, n, c.up)
		}
	}
}

func TestThisPackage(t *testing.T) {
	t.Parallel()
	list, err := load(".", []string{"."})
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(list[0])
	if h.arrows() != 1 || !slices.Equal(h.order(), []int{1, 0}) { // main.go uses house.go
		t.Errorf("%d arrows, order %v of %q", h.arrows(), h.order(), h.names)
	}
}
