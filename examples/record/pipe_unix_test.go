//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A document may come out of a pipe, which can be read only once.
func TestDocumentFromAPipe(t *testing.T) {
	t.Parallel()
	_, env := account(t)
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() {
		if err := os.WriteFile(pipe, []byte(many(300)), 0o600); err != nil {
			t.Error(err)
		}
	}()
	if got := try(t, env, real(t, "", "-file", pipe, "-dry-run")...); got.code != 0 || !strings.Contains(got.out, "300 would be recorded") {
		t.Errorf("exit %d\n%s", got.code, got.err)
	}
}
