package mutation_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// documents are the packages that read or write what a vendor has documented.
// Each has one table for each document, and two tests that are made from it:
//
//	TestDocumentedNames/<document>/<declaration>/<name>
//	TestDocumentedLimits/<document>/<declaration>/<name>/<limit>/at, and …/above
//
// The leaves of these tests are the rows from which the mutations are made. A
// name is renamed in its declaration, a limit is lowered or raised by one, and
// the row's own test has to fail.
var documents = []string{"./spektrix", brightpearl, rubi, backendpay, "./payment/salesdata"}

// row is a leaf of the tests of a document.
type row struct {
	test        string // the whole name of the subtest
	declaration string
	name        string
	limit, by   int // by is -1 for "at", 1 for "above", 0 for a name
}

// TestDocumented renames each documented name and moves each documented limit.
func TestDocumented(t *testing.T) {
	t.Parallel()
	for _, pkg := range documents {
		t.Run(filepath.Base(pkg), func(t *testing.T) {
			t.Parallel()
			if !*full {
				t.Log("-mutations runs it")
				return
			}
			m := &documented{t: t, dir: copyModule(t), pkg: pkg}
			rows := m.rows()
			for _, by := range []int{0, -1, 1} {
				m.halves(places(rows, by))
			}
			t.Logf("%d rows, %d builds", len(rows), m.builds)
		})
	}
}

// documented makes the mutations of one package in one copy of the module.
type documented struct {
	t        *testing.T
	dir, pkg string
	builds   int
}

// rows runs the tests as they are and returns their leaves.
func (m *documented) rows() []row {
	passed, err := m.run()
	if err != nil {
		m.t.Fatal(err)
	}
	var rows []row
	for test, ok := range passed {
		if !ok {
			m.t.Fatalf("%s fails as it is", test)
		}
		if r, ok := rowOf(test); ok {
			rows = append(rows, r)
		}
	}
	if len(rows) < 10 {
		m.t.Fatalf("%d documented names and limits are listed", len(rows))
	}
	slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.test, b.test) })
	return rows
}

// rowOf returns the row of a leaf. The tests above a leaf are none.
func rowOf(test string) (row, bool) {
	part := strings.Split(test, "/")
	switch {
	case part[0] == "TestDocumentedNames" && len(part) == 4:
		return row{test: test, declaration: part[2], name: part[3]}, true
	case part[0] == "TestDocumentedLimits" && len(part) == 6:
		limit, err := strconv.Atoi(part[4])
		by, known := map[string]int{"at": -1, "above": 1}[part[5]]
		return row{test, part[2], part[3], limit, by}, err == nil && known
	}
	return row{}, false
}

// places gathers the rows of one place in the code: documents can share it.
func places(rows []row, by int) (list [][]row) {
	at := map[row]int{}
	for _, r := range rows {
		place := r
		place.test = ""
		i, known := at[place]
		switch {
		case r.by != by:
		case known:
			list[i] = append(list[i], r)
		default:
			at[place] = len(list)
			list = append(list, []row{r})
		}
	}
	return list
}

// halves changes every second place, and then the others. What is not changed
// shows that no failure is another row's.
func (m *documented) halves(list [][]row) {
	if len(list) == 1 {
		m.alone(list[0])
		return
	}
	for odd := range 2 {
		var half, rest [][]row
		for i, place := range list {
			if i%2 == odd {
				half = append(half, place)
			} else {
				rest = append(rest, place)
			}
		}
		if len(half) > 0 && !m.noticed(half, rest) {
			m.halves(half)
		}
	}
}

// noticed changes some places and reports whether all their tests fail, and
// those of the rest pass.
func (m *documented) noticed(half, rest [][]row) bool {
	passed, err := m.changed(half)
	if err != nil {
		return false
	}
	for _, r := range slices.Concat(half...) {
		if ok, ran := passed[r.test]; ok || !ran {
			return false
		}
	}
	for _, r := range slices.Concat(rest...) {
		if !passed[r.test] {
			return false
		}
	}
	return true
}

// alone changes one place, whose tests have to fail.
func (m *documented) alone(place []row) {
	passed, err := m.changed([][]row{place})
	for _, r := range place {
		if ok, ran := passed[r.test]; err != nil || ok || !ran {
			m.t.Errorf("%s: changed, and the test has not failed: passed %t, ran %t, %v", r.test, ok, ran, err)
		}
	}
}

// changed runs the tests with the places changed, and changes them back.
func (m *documented) changed(list [][]row) (passed map[string]bool, err error) {
	files, err := m.files()
	if err != nil {
		return nil, err
	}
	before := map[string]string{}
	for _, place := range list {
		file, text, err := place[0].change(files)
		if err != nil {
			m.t.Errorf("%s: %v", place[0].test, err)
			continue
		}
		if _, ok := before[file]; !ok {
			before[file] = files[file]
		}
		files[file] = text
	}
	for file, text := range before {
		write(m.t, file, []byte(files[file]))
		defer write(m.t, file, []byte(text))
	}
	return m.run()
}

// files returns the package's code without its tests.
func (m *documented) files() (map[string]string, error) {
	names, err := filepath.Glob(filepath.Join(m.dir, m.pkg, "*.go"))
	files := map[string]string{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[name] = string(b)
	}
	return files, err
}

// run returns what passed and what failed, without the tests that were only
// begun.
func (m *documented) run() (passed map[string]bool, err error) {
	m.builds++
	out, failed := runTests(m.t.Context(), m.dir, m.pkg, "^TestDocumented(Names|Limits)$", "-json")
	passed = map[string]bool{}
	for line := bufio.NewScanner(bytes.NewBufferString(out)); line.Scan(); {
		var event struct{ Action, Test string }
		if json.Unmarshal(line.Bytes(), &event) == nil && event.Test != "" && (event.Action == "pass" || event.Action == "fail") {
			passed[event.Test] = event.Action == "pass"
		}
	}
	if len(passed) == 0 {
		return nil, fmt.Errorf("no test ran: %v\n%s", failed, out)
	}
	return passed, nil
}
