package paymenttest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var (
	aDoubt  = regexp.MustCompile(`\b(?i:inferred)\b|\b(?:is|are) unknown\b|\bUnknown[;.]|\(unknown\)`)
	aClause = regexp.MustCompile(`[Cc]lauses?\s+([a-z0-9.-]+[a-z0-9])(?:\s+and\s+([a-z0-9.-]+[a-z0-9]))?`)
)

// Doubts returns the places in the Go files of a directory, tests left out, at
// which a comment calls something inferred or unknown without naming the clause
// that settles it, as in "(inferred, clause delete.again)", or names one that is
// not among the clauses. Comments of packages are left out: they explain the
// words.
func Doubts(dir string, clauses []Clause) (places []string, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, source, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, group := range file.Comments {
			if group != file.Doc && isDoubtful(group, clauses) {
				places = append(places, set.Position(group.Pos()).String())
			}
		}
	}
	return places, nil
}

// isDoubtful reports whether a comment has more doubts than clauses that are
// known.
func isDoubtful(group *ast.CommentGroup, clauses []Clause) bool {
	text := strings.Join(strings.Fields(group.Text()), " ")
	named := 0
	for _, match := range aClause.FindAllStringSubmatch(text, -1) {
		for _, id := range match[1:] {
			switch {
			case id == "":
			case slices.ContainsFunc(clauses, func(c Clause) bool { return c.ID == id }):
				named++
			default:
				return true
			}
		}
	}
	return len(aDoubt.FindAllString(text, -1)) > named
}
