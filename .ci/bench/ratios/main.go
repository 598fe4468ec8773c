// Command ratios prints what this SDK costs as a multiple of the same work by
// hand, and what other SDKs cost.
//
//	go -C .ci/bench run ./ratios             # all rows
//	go -C .ci/bench run ./ratios GET write   # rows whose names hold one of these
//	go -C .ci/bench run ./ratios -i GET      # instructions too, by valgrind
//	go -C .ci/bench run ./ratios -build      # what is added to a build and a binary
//
// CPU times are medians of interleaved blocks, the garbage collector included.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/tenderkit/tenderkit/bench/measure"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("ratios: ")
	root := flag.String("root", "../..", "the repository")
	rounds := flag.Int("rounds", 21, "interleaved blocks")
	instructions := flag.Bool("i", false, "count instructions")
	one := flag.String("one", "", "do one piece of work, row/work, so often")
	memory := flag.String("mem", "", "with -one, write a profile of all allocations to a file")
	cpu := flag.String("cpu", "", "with -one, write a profile of the CPU to a file")
	building := flag.Bool("build", false, "measure what is added to a build and a binary instead")
	flag.Parse()
	if *building {
		if err := builds(*root); err != nil {
			log.Fatal(err)
		}
		return
	}
	rows, err := all(*root)
	if err != nil {
		log.Fatal(err)
	}
	if *one != "" {
		if err := profiled(*cpu, *memory, func() { doOne(rows, *one) }); err != nil {
			log.Fatal(err)
		}
		return
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "row\twork\tratio\tinstructions\tCPU\tallocations\tbytes\tgoal")
	for _, r := range rows {
		if flag.NArg() > 0 && !slices.ContainsFunc(flag.Args(), func(s string) bool { return strings.Contains(r.Name, s) }) {
			continue
		}
		results, err := measure.Run(r, *rounds)
		if err != nil {
			log.Fatal(err)
		}
		if *instructions {
			for i := range results {
				if results[i].Instructions, err = measure.Instructions(min(r.Block/2, 300), "-root", *root, "-one", r.Name+"/"+results[i].Work); err != nil {
					log.Fatal(err)
				}
			}
		}
		print(table, r, results)
	}
}

func print(table *tabwriter.Writer, r measure.Row, results []measure.Result) {
	for i, c := range results {
		name, goal := r.Name, r.Goal
		if i > 0 {
			name, goal = "", ""
		}
		counted := ""
		if c.Instructions > 0 {
			counted = fmt.Sprintf("%.2f (%.0f)", c.Instructions/results[0].Instructions, c.Instructions)
		}
		fmt.Fprintf(table, "%s\t%s\t%.2f\t%s\t%v\t%.1f\t%.0f\t%s\n", name, c.Work, c.Ratio, counted, c.CPU, c.Allocs, c.Bytes, goal)
	}
	table.Flush()
}

// profiled calls f and writes the profiles that have a name.
func profiled(cpu, memory string, f func()) error {
	if cpu != "" {
		out, err := os.Create(cpu)
		if err != nil {
			return err
		}
		defer out.Close()
		if err := pprof.StartCPUProfile(out); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	if memory == "" {
		f()
		return nil
	}
	runtime.MemProfileRate = 1
	f()
	runtime.GC() // the profile shows what was allocated until the last one
	out, err := os.Create(memory)
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup("allocs").WriteTo(out, 0), out.Close())
}

func doOne(rows []measure.Row, name string) {
	n, err := strconv.Atoi(flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range rows {
		for _, w := range r.Works {
			if r.Name+"/"+w.Name == name {
				if err := w.Do(n); err != nil {
					log.Fatal(err)
				}
				return
			}
		}
	}
	log.Fatalf("no work %q", name)
}
