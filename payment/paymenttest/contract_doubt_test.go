package paymenttest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func TestDoubts(t *testing.T) {
	t.Parallel()
	const source = `// Package x says what is inferred and what is unknown.
package x

// A is documented.
var A int // its form is unknown

// B is inferred (clause
// b.form).
var B int

// C is inferred, clause b.form. What D does is unknown.
var C int

// D is unknown (clause no.such).
var D int

// An unknown word is kept.
var E int

// F is inferred, and G is unknown (clauses b.form and g.form).
var F int
`
	dir := t.TempDir()
	for _, name := range []string{"x.go", "x_test.go"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	places, err := paymenttest.Doubts(dir, []paymenttest.Clause{{ID: "b.form"}, {ID: "g.form"}})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(strings.Join(places, " "), dir+string(filepath.Separator), "")
	if want := "x.go:5:11 x.go:11:1 x.go:14:1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
