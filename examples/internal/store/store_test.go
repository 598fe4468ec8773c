package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
)

var key = payment.Key{Account: payment.Account{Vendor: "v", Tenant: "t", Host: "example.com"}, Op: "payment", Reference: "R"}

func TestOpen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b?c#d%41.db")
	if _, err := store.OpenExisting(t.Context(), path); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("%v", err)
	}
	for range 2 {
		s, err := store.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		e, err := s.Claim(t.Context(), key, []byte("{}"), time.Minute)
		if err == nil {
			_, err = s.Save(t.Context(), e, 0)
		}
		if err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	s, err := store.OpenExisting(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
}

func TestErrors(t *testing.T) {
	t.Parallel()
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for where, want := range map[string]string{
		text:                                   "store " + text,
		filepath.Join(text, "x"):               "store " + text,
		t.TempDir():                            "store /",
		"postgres://me:secret@127.0.0.1:1/pay": "store 127.0.0.1:1/pay",
	} {
		_, err := store.Open(t.Context(), where)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", where, err)
		}
	}
}
