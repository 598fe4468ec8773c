package paymenttest

import (
	"slices"
	"sync"
	"testing"
)

func TestTraffic(t *testing.T) {
	t.Parallel()
	var traffic Traffic[int]
	if len(traffic.All()) != 0 {
		t.Error("the zero value lists requests")
	}
	for i := range 4 {
		traffic.Note(i)
	}
	all := traffic.All()
	if !slices.Equal(all, []int{0, 1, 2, 3}) {
		t.Errorf("listed %v", all)
	}
	all[0] = 9
	if n := traffic.Count(func(i int) bool { return i%2 == 0 }); n != 2 || traffic.All()[0] != 0 {
		t.Errorf("counted %d; the list that was given away is the log itself", n)
	}
}

func TestTrafficFromManyGoroutines(t *testing.T) {
	t.Parallel()
	var traffic Traffic[int]
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() { traffic.Note(i) })
	}
	wg.Wait()
	if n := traffic.Count(func(int) bool { return true }); n != 64 {
		t.Errorf("%d requests", n)
	}
}
