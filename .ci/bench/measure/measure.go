// Package measure compares pieces of work that do the same, on a machine that
// others use too: by CPU time in interleaved blocks, by allocations, and by
// instructions where valgrind is installed.
package measure

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Work is one way to do something.
type Work struct {
	Name string
	Do   func(n int) error // does it n times
}

// Row is work that is compared with its first.
type Row struct {
	Name  string
	Goal  string
	Block int // times in one block, some 20 ms
	Works []Work
}

// Result is what a piece of work costs.
type Result struct {
	Work         string
	Ratio        float64       // CPU time, as a multiple of the row's first work
	CPU          time.Duration // each time
	Allocs       float64
	Bytes        float64
	Instructions float64 // 0 if they were not counted
}

// Run measures a row in interleaved rounds and returns the medians.
func Run(r Row, rounds int) ([]Result, error) {
	times := make([][]float64, len(r.Works))
	results := make([]Result, len(r.Works))
	for i, w := range r.Works {
		results[i].Work = w.Name
		if err := w.Do(min(r.Block, 50)); err != nil { // fills caches and pools
			return nil, fmt.Errorf("%s: %s: %w", r.Name, w.Name, err)
		}
		var err error
		if results[i].Allocs, results[i].Bytes, err = Allocations(w, r.Block); err != nil {
			return nil, err
		}
	}
	for round := range rounds {
		for k := range r.Works {
			i := (round + k) % len(r.Works)
			took, err := cpuTime(r.Works[i], r.Block)
			if err != nil {
				return nil, err
			}
			times[i] = append(times[i], took)
		}
	}
	for i := range results {
		ratios := make([]float64, rounds)
		for k := range ratios {
			ratios[k] = times[i][k] / times[0][k]
		}
		results[i].Ratio = median(ratios)
		results[i].CPU = time.Duration(median(times[i]) / float64(r.Block))
	}
	return results, nil
}

// Allocations returns how many objects and bytes one of n times allocates.
func Allocations(w Work, n int) (objects, bytes float64, err error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	err = w.Do(n)
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / float64(n), float64(after.TotalAlloc-before.TotalAlloc) / float64(n), err
}

func cpuTime(w Work, n int) (float64, error) {
	runtime.GC()
	before := used()
	err := w.Do(n)
	return float64(used() - before), err
}

// used returns the CPU time of the process, its garbage collector included.
func used() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var counted = regexp.MustCompile(`I +refs: +([0-9,]+)`)

// Instructions runs this program under valgrind, without a garbage collector, and
// returns how many instructions one time takes. args make the program do the
// work, given the number of times as the last argument.
func Instructions(n int, args ...string) (float64, error) {
	count := func(n int) (float64, error) {
		cmd := exec.Command("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", os.Args[0])
		cmd.Args = append(append(cmd.Args, args...), strconv.Itoa(n))
		cmd.Env = append(os.Environ(), "GOGC=off")
		out, err := cmd.CombinedOutput()
		found := counted.FindSubmatch(out)
		if err != nil || found == nil {
			return 0, fmt.Errorf("valgrind: %v: %s", err, out)
		}
		return strconv.ParseFloat(strings.ReplaceAll(string(found[1]), ",", ""), 64)
	}
	few, err := count(n)
	if err != nil {
		return 0, err
	}
	many, err := count(2 * n)
	return (many - few) / float64(n), err
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}
