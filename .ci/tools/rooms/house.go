package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// house is a package as its files.
type house struct {
	names []string
	uses  []map[int]bool // by file: the files that it uses
	lines int
	funcs []int // the length of each function, in lines
}

func newHouse(pkg *packages.Package) house {
	files := slices.SortedFunc(slices.Values(pkg.Syntax), func(a, b *ast.File) int {
		return cmp.Compare(pkg.Fset.File(a.Pos()).Name(), pkg.Fset.File(b.Pos()).Name())
	})
	h := house{uses: make([]map[int]bool, len(files))}
	number := map[string]int{}
	for i, file := range files {
		tokens := pkg.Fset.File(file.Pos())
		number[tokens.Name()] = i
		h.names = append(h.names, filepath.Base(tokens.Name()))
		h.uses[i] = map[int]bool{}
		h.lines += tokens.LineCount()
	}
	for i, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				h.funcs = append(h.funcs, pkg.Fset.Position(n.End()).Line-pkg.Fset.Position(n.Pos()).Line+1)
			case *ast.Ident:
				used := pkg.TypesInfo.Uses[n]
				if used == nil || used.Pkg() != pkg.Types {
					break
				}
				if j, ok := number[pkg.Fset.Position(used.Pos()).Filename]; ok && j != i {
					h.uses[i][j] = true
				}
			}
			return true
		})
	}
	return h
}

func (h house) arrows() (n int) {
	for _, used := range h.uses {
		n += len(used)
	}
	return n
}

// order returns the files from the roof down, so that few arrows run up. It
// moves one file at a time to its best place, until that helps no more.
func (h house) order() []int {
	var order []int
	for i := range h.names {
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(h.uses[b]), len(h.uses[a])) })
	for best := h.up(order); ; {
		for _, file := range slices.Clone(order) {
			order = h.settle(order, file)
		}
		now := h.up(order)
		if now == best {
			return order
		}
		best = now
	}
}

// settle moves one file to the place where the fewest arrows run up.
func (h house) settle(order []int, file int) []int {
	at := slices.Index(order, file)
	rest := slices.Delete(slices.Clone(order), at, at+1)
	best, fewest := order, h.up(order)
	for i := range order {
		moved := slices.Insert(slices.Clone(rest), i, file)
		if n := h.up(moved); n < fewest {
			best, fewest = moved, n
		}
	}
	return best
}

// up counts the arrows that run up.
func (h house) up(order []int) (n int) {
	above := map[int]bool{}
	for _, file := range order {
		for used := range h.uses[file] {
			if above[used] {
				n++
			}
		}
		above[file] = true
	}
	return n
}

// floors returns the number of files on the longest way down.
func (h house) floors(order []int) (highest int) {
	height := map[int]int{}
	for _, file := range slices.Backward(order) {
		for used := range h.uses[file] {
			height[file] = max(height[file], height[used]) // 0 if used is above
		}
		height[file]++
		highest = max(highest, height[file])
	}
	return highest
}

// list prints the files from the roof down, with the files that each uses.
// Those that stand above it are in brackets.
func (h house) list(out io.Writer, order []int) {
	above := map[int]bool{}
	for _, file := range order {
		above[file] = true
		var used []string
		for j := range h.uses[file] {
			name := h.names[j]
			if above[j] {
				name = "[" + name + "]"
			}
			used = append(used, name)
		}
		slices.Sort(used)
		fmt.Fprintf(out, "\t\t%d\t\t\t\t\t    %s: %s\n", len(used), h.names[file], strings.Join(used, " "))
	}
}

func median(list []int) int {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)/2]
}
