// Command rooms measures how the files of a package use each other.
//
//	go -C .ci/tools run ./rooms                  # every package of this repository
//	go -C .ci/tools run ./rooms ../.. ./rubi/... # some packages, from a directory
//	go -C .ci/tools run ./rooms -v ../.. ./rubi  # and the files that each file uses
//
// An arrow is one file using what another file of the same package defines: a
// function, type, variable, constant, method or field. Test files do not count.
// The columns are
//
//   - files, lines: the size of the package
//   - arrows, per file: their number, and their number per file
//   - floors: the number of files on the longest way down the arrows
//   - up: the arrows that would have to go so that all others run down. Files
//     that use each other in a circle have at least one.
//   - func: the median length of a function, in lines
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"text/tabwriter"

	"golang.org/x/tools/go/packages"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("rooms: ")
	verbose := flag.Bool("v", false, "list the files that each file uses")
	flag.Parse()
	dir, patterns := "../..", []string{"work"}
	if flag.NArg() > 0 {
		dir, patterns = flag.Arg(0), flag.Args()[1:]
	}
	list, err := load(dir, patterns)
	if err != nil {
		log.Fatal(err)
	}
	print(list, *verbose)
}

// load reads and type-checks the packages without their tests.
func load(dir string, patterns []string) ([]*packages.Package, error) {
	const mode = packages.NeedName | packages.NeedFiles | packages.NeedImports |
		packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo
	list, err := packages.Load(&packages.Config{Mode: mode, Dir: dir}, patterns...)
	if err != nil {
		return nil, err
	}
	for _, pkg := range list {
		for _, e := range pkg.Errors {
			return nil, fmt.Errorf("%s: %w", pkg.PkgPath, e)
		}
	}
	return list, nil
}

func print(list []*packages.Package, verbose bool) {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer func() { _ = table.Flush() }()
	fmt.Fprint(table, "files\tlines\tarrows\tper file\tfloors\tup\tfunc\t  package\n")
	for _, pkg := range list {
		if len(pkg.Syntax) == 0 {
			continue
		}
		h := newHouse(pkg)
		order := h.order()
		fmt.Fprintf(table, "%d\t%d\t%d\t%.1f\t%d\t%d\t%d\t  %s\n", len(h.names), h.lines,
			h.arrows(), float64(h.arrows())/float64(len(h.names)), h.floors(order), h.up(order), median(h.funcs), pkg.PkgPath)
		if verbose {
			h.list(table, order)
		}
	}
}
