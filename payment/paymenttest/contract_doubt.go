package paymenttest

import (
	"fmt"
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
		for _, c := range comments(string(source)) {
			if isDoubtful(c.text, clauses) {
				places = append(places, fmt.Sprintf("%s:%d:%d", name, c.line, c.column))
			}
		}
	}
	return places, nil
}

// comment is a comment of whole lines, or one behind code.
type comment struct {
	line, column int
	text         string
}

// comments returns the comments of a Go file, apart from that of its package.
func comments(source string) (list []comment) {
	open := false // the last comment may go on
	for i, line := range strings.Split(source, "\n") {
		trimmed := strings.TrimLeft(line, "\t")
		behind := strings.Index(line, " // ")
		switch {
		case strings.HasPrefix(trimmed, "//") && open:
			list[len(list)-1].text += strings.TrimPrefix(trimmed, "//")
		case strings.HasPrefix(trimmed, "//"):
			list, open = append(list, comment{i + 1, len(line) - len(trimmed) + 1, trimmed[2:]}), true
		case behind >= 0:
			list, open = append(list, comment{i + 1, behind + 2, line[behind+3:]}), false
		case strings.HasPrefix(line, "package ") && open:
			list, open = list[:len(list)-1], false
		default:
			open = false
		}
	}
	return list
}

// isDoubtful reports whether a comment has more doubts than clauses that are
// known.
func isDoubtful(text string, clauses []Clause) bool {
	text = strings.Join(strings.Fields(text), " ")
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
