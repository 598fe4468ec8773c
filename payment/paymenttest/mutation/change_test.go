package mutation_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// change returns the file of the row's declaration, and its text with the name
// renamed or the limit moved.
func (r row) change(files map[string]string) (file, text string, err error) {
	for file, text := range files {
		begin, end, ok := declaration(text, r.declaration)
		if !ok {
			continue
		}
		inside := r.renamed
		if r.by != 0 {
			inside = r.moved
		}
		part, err := inside(text[begin:end])
		return file, text[:begin] + part + text[end:], err
	}
	return "", "", fmt.Errorf("there is no declaration %s", r.declaration)
}

// renamed puts an X behind the name, which stands there once as a text or as a
// tag.
func (r row) renamed(text string) (string, error) {
	return only(regexp.MustCompile(`"`+regexp.QuoteMeta(r.name)+`[",]`), text, func(found string) string {
		return found[:len(found)-1] + "X" + found[len(found)-1:]
	})
}

// moved changes the limit. If the number stands there more than once, it is the
// one on the line of the name.
func (r row) moved(text string) (string, error) {
	number := regexp.MustCompile(`\b` + strconv.Itoa(r.limit) + `\b`)
	to := func(string) string { return strconv.Itoa(r.limit + r.by) }
	if changed, err := only(number, text, to); err == nil {
		return changed, nil
	}
	lines := strings.SplitAfter(text, "\n")
	found := -1
	for i, line := range lines {
		if !number.MatchString(line) || !strings.Contains(strings.ToLower(line), strings.ToLower(r.name)) {
			continue
		}
		if found >= 0 {
			return "", fmt.Errorf("%d stands on more than one line of %s", r.limit, r.name)
		}
		found = i
	}
	if found < 0 {
		return "", fmt.Errorf("%s holds no limit %d of %s", r.declaration, r.limit, r.name)
	}
	line, err := only(number, lines[found], to)
	lines[found] = line
	return strings.Join(lines, ""), err
}

// only replaces the one match.
func only(pattern *regexp.Regexp, text string, to func(string) string) (string, error) {
	if n := len(pattern.FindAllString(text, -1)); n != 1 {
		return "", fmt.Errorf("%s stands there %d times, want once", pattern, n)
	}
	return pattern.ReplaceAllStringFunc(text, to), nil
}

// declaration returns where a type, function, method, variable or constant
// stands.
func declaration(text, name string) (begin, end int, ok bool) {
	file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
	if err != nil {
		return 0, 0, false
	}
	for _, d := range file.Decls {
		var found ast.Node
		switch d := d.(type) {
		case *ast.FuncDecl:
			if nameOf(d) == name {
				found = d
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if declares(s, name) {
					found = s
				}
			}
		}
		if found != nil {
			return int(found.Pos()) - 1, int(found.End()) - 1, true
		}
	}
	return 0, 0, false
}

// nameOf returns F, or T.F for a method of T or *T.
func nameOf(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	receiver := f.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if generic, ok := receiver.(*ast.IndexExpr); ok {
		receiver = generic.X
	}
	if t, ok := receiver.(*ast.Ident); ok {
		return t.Name + "." + f.Name.Name
	}
	return f.Name.Name
}

func declares(s ast.Spec, name string) bool {
	switch s := s.(type) {
	case *ast.TypeSpec:
		return s.Name.Name == name
	case *ast.ValueSpec:
		for _, n := range s.Names {
			if n.Name == name {
				return true
			}
		}
	}
	return false
}

func TestChange(t *testing.T) {
	t.Parallel()
	const text = "package p\n\ntype A struct {\n\tID int `json:\"id,omitzero\"`\n\tIDs int `json:\"ids\"`\n}\n\n" +
		"func (a *A) check() { limit(\"id\", 36)\n limit(\"name\", 36) }\n\nconst most = 64\n"
	for _, tt := range []struct {
		row      row
		old, new string
	}{
		{row{declaration: "A", name: "id"}, `"id,omitzero"`, `"idX,omitzero"`},
		{row{declaration: "A", name: "ids"}, `"ids"`, `"idsX"`},
		{row{declaration: "A.check", name: "name"}, `"name"`, `"nameX"`},
		{row{declaration: "A.check", name: "name", limit: 36, by: -1}, `"name", 36`, `"name", 35`},
		{row{declaration: "A.check", name: "id", limit: 36, by: 1}, `"id", 36`, `"id", 37`},
		{row{declaration: "most", name: "reference", limit: 64, by: 1}, `64`, `65`},
		{row{declaration: "A", name: "reference"}, "", ""},
		{row{declaration: "B", name: "id"}, "", ""},
		{row{declaration: "A.check", name: "i", limit: 35, by: 1}, "", ""},
	} {
		_, got, err := tt.row.change(map[string]string{"p.go": text})
		switch want := strings.Replace(text, tt.old, tt.new, 1); {
		case (err != nil) != (tt.old == ""):
			t.Errorf("%+v: %v", tt.row, err)
		case err == nil && got != want:
			t.Errorf("%+v: became %s", tt.row, got)
		}
	}
}
