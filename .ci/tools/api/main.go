// Command api compares the public API of all modules with the one that is
// stored in .ci/api.txt. A change that is meant updates the file in the same
// commit, where a reader of the change sees what it adds and what it takes away.
//
//	go -C .ci/tools run ./api     # reports what differs, and fails if anything does
//	go -C .ci/tools run ./api -w  # writes the file
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("api: ")
	write := flag.Bool("w", false, "write the file")
	root := flag.String("root", "../..", "the repository")
	flag.Parse()
	now, err := load(*root)
	if err != nil {
		log.Fatal(err)
	}
	stored := filepath.Join(*root, ".ci", "api.txt")
	if *write {
		if err := os.WriteFile(stored, []byte(strings.Join(now, "\n")+"\n"), 0o644); err != nil {
			log.Fatal(err)
		}
		return
	}
	before, err := os.ReadFile(stored)
	if err != nil {
		log.Fatal(err)
	}
	if changes := compare(lines(before), now); len(changes) > 0 {
		log.Fatalf("the public API differs from .ci/api.txt; if that is meant, run go -C .ci/tools run ./api -w\n%s", strings.Join(changes, "\n"))
	}
}

// load returns the lines of all public packages.
func load(root string) ([]string, error) {
	const mode = packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedModule
	list, err := packages.Load(&packages.Config{Mode: mode, Dir: root}, "work")
	if err != nil {
		return nil, err
	}
	var all []string
	for _, pkg := range list {
		if !isPublic(pkg.PkgPath, pkg.Name) {
			continue
		}
		for _, e := range pkg.Errors {
			return nil, fmt.Errorf("%s: %w", pkg.PkgPath, e)
		}
		all = append(all, describe(pkg.Types)...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func isPublic(path, name string) bool {
	elements := strings.Split(path, "/")
	return name != "main" && !slices.Contains(elements, "internal") && !slices.Contains(elements, "examples")
}

// compare returns the lines that are only in one of the two lists.
func compare(before, now []string) (changes []string) {
	old, current := set(before), set(now)
	for _, line := range slices.Sorted(maps.Keys(old)) {
		if !current[line] {
			changes = append(changes, "- "+line)
		}
	}
	for _, line := range now {
		if !old[line] {
			changes = append(changes, "+ "+line)
		}
	}
	return changes
}

func lines(text []byte) (list []string) {
	for line := range bytes.Lines(text) {
		list = append(list, string(bytes.TrimSpace(line)))
	}
	return list
}

func set(list []string) map[string]bool {
	m := map[string]bool{}
	for _, line := range list {
		m[line] = true
	}
	return m
}
