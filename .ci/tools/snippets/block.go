package main

import (
	"fmt"
	"go/doc/comment"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// block is Go code in a document.
type block struct {
	source string // "README.md", or the directory of a package
	line   int    // of its first line; 0 in a package comment
	code   string
}

// collect returns the blocks of the Markdown files and package comments.
func collect(root string) (blocks []block, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); path != root && (name[0] == '.' || name == "testdata" || name == "internal" || name == "examples") {
				return fs.SkipDir
			}
			return nil
		}
		source, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		source = filepath.ToSlash(source)
		switch {
		case strings.HasSuffix(path, ".md"):
			found, err := ofMarkdown(path, source)
			blocks = append(blocks, found...)
			return err
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			found, err := ofComment(path, source)
			blocks = append(blocks, found...)
			return err
		}
		return nil
	})
	return blocks, err
}

var fence = regexp.MustCompile("^\\s*```\\s*(\\w*)")

// ofMarkdown returns the fenced blocks marked go.
func ofMarkdown(path, source string) (blocks []block, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	inside, isGo := false, false
	for n, line := range strings.Split(string(text), "\n") {
		mark := fence.FindStringSubmatch(line)
		switch {
		case mark != nil && inside:
			inside, isGo = false, false
		case mark != nil:
			inside, isGo = true, mark[1] == "go"
			if isGo {
				blocks = append(blocks, block{source: source, line: n + 2})
			}
		case isGo:
			blocks[len(blocks)-1].code += line + "\n"
		}
	}
	return blocks, nil
}

// ofComment returns the first block of a package comment.
func ofComment(path, source string) ([]block, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil || file.Doc == nil || file.Name.Name == "main" {
		return nil, err
	}
	var p comment.Parser
	for _, part := range p.Parse(file.Doc.Text()).Content {
		code, ok := part.(*comment.Code)
		if !ok {
			continue
		}
		dir := strings.TrimSuffix(strings.TrimSuffix(source, filepath.Base(source)), "/")
		if dir == "" {
			dir = "."
		}
		if notGo[dir] {
			return nil, nil
		}
		return []block{{source: dir, code: code.Text}}, nil
	}
	return nil, nil
}

var declares = regexp.MustCompile(`(?m)^func `)

// file returns the block as a whole Go file. Its first line is line 1 of the
// file, by a line directive.
func (b block) file() []byte {
	if strings.HasPrefix(strings.TrimSpace(b.code), "package ") {
		return []byte(b.code)
	}
	code := regexp.MustCompile(`(?m)^(\s*)\.\.\.$`).ReplaceAllString(b.code, "$1// …")
	given := givenEverywhere + given[b.source]
	body := "//line snippet.go:1\n" + code
	if !declares.MatchString(code) {
		body = "func snippet() error {\n" + body + "\n\treturn nil\n}\n"
	}
	return []byte("package snippet\n\nimport (\n" + imports(given+code) + ")\n\n" + given + "\n" + body)
}

// imports returns the import of each package that the code may use.
func imports(code string) string {
	var list strings.Builder
	for _, path := range importable {
		if name := path[strings.LastIndex(path, "/")+1:]; uses(code, name) {
			fmt.Fprintf(&list, "\t%q\n", path)
		}
	}
	return list.String()
}

// uses reports whether the name stands before a dot outside of texts and
// comments.
func uses(code, name string) bool {
	var s scanner.Scanner
	set := token.NewFileSet()
	s.Init(set.AddFile("", set.Base(), len(code)), []byte(code), nil, 0)
	for before := ""; ; {
		_, tok, text := s.Scan()
		switch {
		case tok == token.EOF:
			return false
		case tok == token.PERIOD && before == name:
			return true
		}
		before = text
	}
}

var position = regexp.MustCompile(`:(\d+)(:\d+)?$`)

// place returns a mistake with the place in the document.
func (b block) place(e packages.Error) string {
	at := position.FindStringSubmatch(e.Pos)
	if at == nil {
		return b.source + ": " + e.Msg
	}
	n, _ := strconv.Atoi(at[1])
	if b.line == 0 {
		return fmt.Sprintf("%s, package comment, line %d of the code: %s", b.source, n, e.Msg)
	}
	return fmt.Sprintf("%s:%d: %s", b.source, b.line+n-1, e.Msg)
}
