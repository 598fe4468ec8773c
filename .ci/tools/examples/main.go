// Command examples lists the exported functions and methods that no testable
// example uses, and fails if there is one without a reason in the list of those
// that need none:
//
//	go -C .ci/tools run ./examples ../..
//
// A function counts as shown if the body of any Example function of the module
// uses it. A line of the list is a pattern of path.Match, such as
// payment.Amount.*, and after a blank the reason.
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: examples DIRECTORY")
		os.Exit(2)
	}
	missing, err := check(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "examples:", err)
		os.Exit(2)
	}
	for _, name := range missing {
		fmt.Println(name)
	}
	if len(missing) > 0 {
		fmt.Printf("%d exported functions have no example, and no reason in .ci/examples.txt\n", len(missing))
		os.Exit(1)
	}
}

func check(dir string) (missing []string, err error) {
	pkgs, err := packages.Load(&packages.Config{
		Dir: dir, Tests: true, Env: append(os.Environ(), "GOWORK=off"),
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedModule,
	}, "./...")
	if err != nil {
		return nil, err
	}
	exported, shown := map[string]bool{}, map[string]bool{}
	for _, pkg := range pkgs {
		if len(pkg.Errors) > 0 {
			return nil, pkg.Errors[0]
		}
		if !strings.Contains(pkg.PkgPath, "/internal/") && pkg.Name != "main" {
			collect(exported, pkg)
		}
		look(shown, pkg)
	}
	reasons, err := readReasons(filepath.Join(dir, ".ci", "examples.txt"))
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(exported)) {
		if !shown[name] && !reasons.cover(name) {
			missing = append(missing, name)
		}
	}
	return append(missing, reasons.unused()...), nil
}

// collect adds the functions that a package exports.
func collect(exported map[string]bool, pkg *packages.Package) {
	for _, file := range pkg.Syntax {
		if strings.HasSuffix(pkg.Fset.Position(file.Pos()).Filename, "_test.go") {
			continue
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.IsExported() {
				if name := nameOf(pkg.TypesInfo.Defs[f.Name]); name != "" {
					exported[name] = true
				}
			}
		}
	}
}

// look notes what the examples of a package use.
func look(shown map[string]bool, pkg *packages.Package) {
	for _, file := range pkg.Syntax {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(f.Name.Name, "Example") || f.Recv != nil {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					shown[nameOf(pkg.TypesInfo.Uses[id])] = true
				}
				return true
			})
		}
	}
}

// nameOf returns package.Func or package.Type.Method, and "" for anything else
// and for methods of types that are not exported.
func nameOf(o types.Object) string {
	f, ok := o.(*types.Func)
	if !ok || f.Pkg() == nil {
		return ""
	}
	f = f.Origin()
	recv := f.Signature().Recv()
	if recv == nil {
		return f.Pkg().Name() + "." + f.Name()
	}
	t := recv.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := t.(*types.Named)
	if !ok || !named.Obj().Exported() {
		return ""
	}
	return f.Pkg().Name() + "." + named.Obj().Name() + "." + f.Name()
}

// reasons are the patterns of what needs no example.
type reasons struct {
	patterns []string
	used     map[string]bool
}

func readReasons(file string) (r reasons, err error) {
	r.used = map[string]bool{}
	f, err := os.Open(file)
	if err != nil {
		return r, err
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		pattern, reason, _ := strings.Cut(line, " ")
		if strings.TrimSpace(reason) == "" {
			return r, fmt.Errorf("%s:%d: %s has no reason", file, n, pattern)
		}
		r.patterns = append(r.patterns, pattern)
	}
	return r, lines.Err()
}

func (r reasons) cover(name string) (covered bool) {
	for _, p := range r.patterns {
		if ok, _ := path.Match(p, name); ok {
			r.used[p], covered = true, true
		}
	}
	return covered
}

// unused returns the patterns that cover nothing any more.
func (r reasons) unused() (list []string) {
	for _, p := range r.patterns {
		if !r.used[p] {
			list = append(list, p+" in .ci/examples.txt covers nothing")
		}
	}
	return list
}
