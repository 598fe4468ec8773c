package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

const before = `package p

type S struct {
	A int ` + "`json:\"a\"`" + `
	b string
}

func (S) Value() int     { return 0 }
func (*S) Pointer()      {}
func (S) hidden()        {}
func F(a, b int) error   { return nil }

const C = 1

type I interface{ M() }
`

func describeText(t *testing.T, text string) []string {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := (&types.Config{Importer: importer.Default()}).Check("example.com/p", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return describe(pkg)
}

// Every change that a user of the package could notice is reported.
func TestChangesAreSeen(t *testing.T) {
	for name, change := range map[string][2]string{
		"a field is gone":         {"	A int `json:\"a\"`\n", ""},
		"a field's type":          {"A int", "A int64"},
		"a field's tag":           {`json:"a"`, `json:"A"`},
		"a function's result":     {"error   { return nil }", "bool { return false }"},
		"a parameter":             {"a, b int", "a int"},
		"a constant's value":      {"C = 1", "C = 2"},
		"an interface's method":   {"M()", "N()"},
		"a receiver":              {"(S) Value", "(*S) Value"},
		"a method is gone":        {"func (*S) Pointer()      {}\n", ""},
		"a type is gone":          {"type I interface{ M() }", ""},
		"a function is new":       {"const C", "func G() {}\nconst C"},
		"no hidden field is left": {"	b string\n", ""},
		"not comparable any more": {"b string", "b []string"},
	} {
		after := strings.Replace(before, change[0], change[1], 1)
		if after == before {
			t.Fatalf("%s: nothing was changed", name)
		}
		if changes := compare(describeText(t, before), describeText(t, after)); len(changes) == 0 {
			t.Errorf("%s: not seen", name)
		}
	}
}

func TestWhatIsNotSeen(t *testing.T) {
	for name, change := range map[string][2]string{
		"a parameter's name": {"hidden()", "other()"},
		"a hidden field":     {"b string", "c string"},
	} {
		after := strings.Replace(before, change[0], change[1], 1)
		if changes := compare(describeText(t, before), describeText(t, after)); len(changes) != 0 {
			t.Errorf("%s: %v", name, changes)
		}
	}
	if slices.ContainsFunc(describeText(t, before), func(line string) bool { return strings.Contains(line, "hidden") }) {
		t.Error("a hidden method is told")
	}
}
