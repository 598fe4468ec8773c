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
	server, env := account(t)
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() {
		if err := os.WriteFile(pipe, []byte(many(300)), 0o600); err != nil {
			t.Error(err)
		}
	}()
	args := real(t, "", "-file", pipe)
	if got := try(t, env, args...); got.code != 0 || !strings.Contains(got.out, "300 recorded") || len(server.Payments()) != 300 {
		t.Errorf("exit %d, %d payments\n%s", got.code, len(server.Payments()), got.err)
	}
}
