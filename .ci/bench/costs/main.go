// Command costs compares what calls of this SDK allocate with the figures in
// .ci/costs.txt and, where valgrind is installed, how many instructions they
// take as a multiple of the same work by hand. Times are never compared: they
// are the machine's.
//
//	go -C .ci/bench run ./costs     # fails if something costs more, or clearly less, than stored
//	go -C .ci/bench run ./costs -w  # writes the file
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/tenderkit/tenderkit/bench/measure"
	"github.com/tenderkit/tenderkit/bench/work"
)

const (
	ours = "tenderkit"
	hand = "by hand"
)

// cost is what one time of a row's work takes.
type cost struct {
	row                   string
	allocs, bytes, factor float64 // factor is of instructions; 0 if they were not counted
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("costs: ")
	write := flag.Bool("w", false, "write the file")
	root := flag.String("root", "../..", "the repository")
	one := flag.String("one", "", "do one piece of work, row/work, so often")
	flag.Parse()
	rows, err := rowsOf(*root)
	if err == nil && *one != "" {
		err = doOne(rows, *one, flag.Arg(0))
	} else if err == nil {
		err = run(rows, *root, *write)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func rowsOf(root string) ([]measure.Row, error) {
	get, post, err := work.Typed()
	if err != nil {
		return nil, err
	}
	reads, writes, err := work.Vendors(root)
	return slices.Concat([]measure.Row{get, post}, reads, writes), err
}

func run(rows []measure.Row, root string, write bool) error {
	stored := filepath.Join(root, ".ci", "costs.txt")
	now, err := measured(rows, root)
	if err != nil {
		return err
	}
	if write {
		return os.WriteFile(stored, text(now), 0o644)
	}
	file, err := os.ReadFile(stored)
	if err != nil {
		return err
	}
	before, compiler, err := read(file)
	if err != nil {
		return err
	}
	if compiler != release() {
		log.Printf("the figures are those of %s, this is %s: not compared; write them anew", compiler, release())
		return nil
	}
	if changes := compare(before, now); len(changes) > 0 {
		return fmt.Errorf("not what .ci/costs.txt holds; if that is meant, run go -C .ci/bench run ./costs -w\n%s", strings.Join(changes, "\n"))
	}
	return nil
}

// release is the compiler without its patch level, which changes no figure.
func release() string {
	parts := strings.SplitN(runtime.Version(), ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// measured takes the least of some tries: a pool that was emptied, or a map that
// grew, is not what a call costs.
func measured(rows []measure.Row, root string) (list []cost, err error) {
	const tries, times = 5, 1000
	_, noValgrind := exec.LookPath("valgrind")
	debug.SetGCPercent(-1)
	for _, r := range rows {
		c := cost{row: r.Name, allocs: math.Inf(1), bytes: math.Inf(1)}
		w := workOf(r, ours)
		for range tries {
			objects, bytes, err := measure.Allocations(w, times)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", r.Name, err)
			}
			c.allocs, c.bytes = min(c.allocs, objects), min(c.bytes, bytes)
		}
		if noValgrind == nil && writes(r) {
			if c.factor, err = factor(r, root); err != nil {
				return nil, fmt.Errorf("%s: %w", r.Name, err)
			}
		}
		list = append(list, c)
	}
	return list, nil
}

// writes reports a row whose instructions are counted too. That takes seconds.
func writes(r measure.Row) bool {
	return strings.HasPrefix(r.Name, "typed") || strings.Contains(r.Name, " write")
}

func workOf(r measure.Row, name string) measure.Work {
	return r.Works[slices.IndexFunc(r.Works, func(w measure.Work) bool { return w.Name == name })]
}

// factor returns the instructions of this SDK for each one of the same by hand.
func factor(r measure.Row, root string) (float64, error) {
	const times = 300
	a, err := measure.Instructions(times, "-root", root, "-one", r.Name+"/"+hand)
	if err != nil {
		return 0, err
	}
	b, err := measure.Instructions(times, "-root", root, "-one", r.Name+"/"+ours)
	return b / a, err
}

func doOne(rows []measure.Row, name, times string) error {
	n, err := strconv.Atoi(times)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if row, of, _ := strings.Cut(name, "/"); row == r.Name {
			return workOf(r, of).Do(n)
		}
	}
	return fmt.Errorf("no work %q", name)
}

func text(list []cost) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# One call over a stubbed transport, by %s: allocations, bytes, instructions as a multiple of by hand.\n", release())
	for _, c := range list {
		factor := "-"
		if c.factor > 0 {
			factor = strconv.FormatFloat(c.factor, 'f', 2, 64)
		}
		fmt.Fprintf(&b, "%-24s %5.0f %7.0f %6s\n", c.row, c.allocs, c.bytes, factor)
	}
	return b.Bytes()
}

func read(file []byte) (list []cost, compiler string, err error) {
	lines := bufio.NewScanner(bytes.NewReader(file))
	for lines.Scan() {
		line := lines.Text()
		if heading, found := strings.CutPrefix(line, "#"); found {
			_, after, _ := strings.Cut(heading, ", by ")
			compiler, _, _ = strings.Cut(after, ":")
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 4 {
			return nil, "", fmt.Errorf("line %q has fewer than four columns", line)
		}
		name, figures := strings.Join(fields[:len(fields)-3], " "), fields[len(fields)-3:]
		c := cost{row: name}
		for i, into := range []*float64{&c.allocs, &c.bytes, &c.factor} {
			if figures[i] == "-" {
				continue
			}
			if *into, err = strconv.ParseFloat(figures[i], 64); err != nil {
				return nil, "", err
			}
		}
		list = append(list, c)
	}
	return list, compiler, lines.Err()
}

// The share by which a figure may move before it has to be written anew.
// Instructions depend a little on the processor.
const (
	allocsMove = 0.0
	bytesMove  = 0.01
	factorMove = 0.06
)

func compare(before, now []cost) (changes []string) {
	names := func(list []cost) (n []string) {
		for _, c := range list {
			n = append(n, c.row)
		}
		return n
	}
	if a, b := names(before), names(now); !slices.Equal(a, b) {
		return []string{fmt.Sprintf("the rows are %q, and were %q", b, a)}
	}
	for i, c := range now {
		b := before[i]
		figure := func(what string, was, is, move float64) {
			if was != 0 && is != 0 && math.Abs(is-was) > max(was*move, 0.5/math.Pow10(places(what))) {
				changes = append(changes, fmt.Sprintf("%s: %.*f %s, was %.*f", c.row, places(what), is, what, places(what), was))
			}
		}
		figure("allocations", b.allocs, math.Round(c.allocs), allocsMove)
		figure("bytes", b.bytes, math.Round(c.bytes), bytesMove)
		figure("times the instructions", b.factor, c.factor, factorMove)
	}
	return changes
}

func places(what string) int {
	if what == "times the instructions" {
		return 2
	}
	return 0
}
