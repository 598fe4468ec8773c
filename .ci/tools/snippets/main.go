// Command snippets compiles the Go code in the documents of this repository:
// each block marked go of its Markdown files, and the first block of each
// package comment.
//
//	go -C .ci/tools run ./snippets ../..
//
// A block that begins with a package clause is a file, one with functions at the
// top is the rest of a file, and all others are the body of a function that
// returns an error. What a block takes as given, such as ctx, is declared in
// given.go. Imports are added by the names of packages, and variables need not be
// used.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: snippets DIRECTORY")
		os.Exit(2)
	}
	count, wrong, err := check(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "snippets:", err)
		os.Exit(2)
	}
	for _, line := range wrong {
		fmt.Println(line)
	}
	fmt.Printf("%d blocks of Go code, %d mistakes\n", count, len(wrong))
	if len(wrong) > 0 {
		os.Exit(1)
	}
}

// check returns the number of blocks, and what is wrong with them.
func check(dir string) (count int, wrong []string, err error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return 0, nil, err
	}
	blocks, err := collect(root)
	if err != nil {
		return 0, nil, err
	}
	wrong, err = compile(root, blocks)
	return len(blocks), wrong, err
}

// compile type-checks each block as a package of its own. The packages exist in
// an overlay only, in the module of the examples, which may import everything
// here.
func compile(root string, blocks []block) (wrong []string, err error) {
	overlay, patterns := map[string][]byte{}, []string{}
	for i, b := range blocks {
		name := fmt.Sprintf("snippet%d", i)
		overlay[filepath.Join(root, "examples", name, "snippet.go")] = b.file()
		patterns = append(patterns, "./examples/"+name)
	}
	loaded, err := packages.Load(&packages.Config{
		Dir: root, Overlay: overlay, Env: append(os.Environ(), "GOWORK="+filepath.Join(root, "go.work")),
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo,
	}, patterns...)
	if err != nil {
		return nil, err
	}
	for _, pkg := range loaded {
		for _, e := range pkg.Errors {
			if strings.Contains(e.Msg, "declared and not used") || strings.Contains(e.Msg, "imported and not used") ||
				strings.HasPrefix(e.Msg, "# ") { // the compiler's output, which says the same again
				continue
			}
			wrong = append(wrong, blocks[indexOf(pkg.PkgPath)].place(e))
		}
	}
	return wrong, nil
}

// indexOf returns the block of a package that compile has made.
func indexOf(path string) (i int) {
	_, number, _ := strings.Cut(path, "/snippet")
	_, _ = fmt.Sscan(number, &i)
	return i
}
