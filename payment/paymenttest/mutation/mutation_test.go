// Package mutation shows that the tests would notice if a safeguard went
// missing. It holds a list of safeguards, takes each of them out of a copy of
// the module, and runs the test that has to fail:
//
//	go test ./payment/paymenttest/mutation -mutations
//
// From the table of each document it makes a mutation for each documented name
// and each documented limit.
//
// Without the flag it only checks that the list still fits the code.
package mutation_test

import (
	"context"
	"flag"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var full = flag.Bool("mutations", false, "take out each safeguard and run the tests that have to fail")

const root = "../../.."

// TestListFitsTheCode checks that each mutation changes one place and leaves a
// Go file behind.
func TestListFitsTheCode(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, m := range mutations {
		if names[m.name] {
			t.Errorf("%s: listed twice", m.name)
		}
		names[m.name] = true
		text, ok := m.apply(t, root)
		if !ok {
			continue
		}
		if _, err := parser.ParseFile(token.NewFileSet(), m.file, text, parser.SkipObjectResolution); err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
	}
}

// TestMutations takes out one safeguard after the other. First the tests run
// as they are: a test that fails anyway would show nothing.
func TestMutations(t *testing.T) {
	t.Parallel()
	if !*full {
		t.Logf("%d mutations are listed; -mutations runs them", len(mutations))
		return
	}
	copies := make(chan string, 2)
	for range cap(copies) {
		copies <- copyModule(t)
	}
	var wg sync.WaitGroup
	each := func(name string, test func(t *testing.T, dir string)) {
		dir := <-copies
		wg.Go(func() {
			defer func() { copies <- dir }()
			t.Run(name, func(t *testing.T) { test(t, dir) })
		})
	}
	for pkg, pattern := range patterns() {
		each("as it is "+pkg, func(t *testing.T, dir string) {
			if out, err := runTests(t.Context(), dir, pkg, pattern); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	for _, m := range mutations {
		each(m.name, m.test)
	}
	wg.Wait()
}

// patterns joins the patterns of each package.
func patterns() map[string]string {
	seen, joined := map[string]bool{}, map[string]string{}
	for _, m := range mutations {
		if seen[m.pkg+m.run] {
			continue
		}
		seen[m.pkg+m.run] = true
		joined[m.pkg] = strings.TrimPrefix(joined[m.pkg]+"|"+m.run, "|")
	}
	return joined
}

// test changes the copy, runs the test that has to fail, and changes it back.
func (m mutation) test(t *testing.T, dir string) {
	changed, ok := m.apply(t, dir)
	if !ok {
		return
	}
	file := filepath.Join(dir, m.file)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, []byte(changed))
	defer write(t, file, before)
	out, err := runTests(t.Context(), dir, m.pkg, m.run)
	switch {
	case err == nil:
		t.Errorf("no test failed: %s -run %s", m.pkg, m.run)
	case !strings.Contains(out, "\nFAIL\t") || strings.Contains(out, " failed]\n"): // the build, or the set-up
		t.Errorf("this is no failed test: %v\n%s", err, out)
	}
}

// apply returns the text of the changed file.
func (m mutation) apply(t *testing.T, dir string) (text string, ok bool) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, m.file))
	if err != nil {
		t.Errorf("%s: %v", m.name, err)
		return "", false
	}
	if n := strings.Count(string(b), m.old); n != 1 {
		t.Errorf("%s: %s holds %q %d times, want once", m.name, m.file, m.old, n)
		return "", false
	}
	return strings.Replace(string(b), m.old, m.new, 1), true
}

// runTests returns what go test prints. It does not vet the code.
func runTests(ctx context.Context, dir, pkg, pattern string, flags ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	args := append([]string{"test", "-vet=off", "-count=1", "-timeout=90s", "-run=" + pattern}, flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, pkg)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// copyModule copies what the tests need.
func copyModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, file := range []string{"go.mod", "go.sum", "doc.go", "options.go"} {
		copyFile(t, dir, file)
	}
	for _, part := range []string{"payment", "internal", "spektrix", "brightpearl", "rubi", "backendpay"} {
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join(root, part))); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func copyFile(t *testing.T, dir, name string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, name), b)
}

func write(t *testing.T, file string, b []byte) {
	t.Helper()
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Error(err)
	}
}
