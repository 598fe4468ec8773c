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
	for _, again := range []bool{false, true} {
		s, err := store.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if _, found, err := s.Look(t.Context(), key); found != again || err != nil {
			t.Errorf("%t, %v", found, err)
		}
		e, err := s.Claim(t.Context(), key, []byte("{}"), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if held, found, err := s.Look(t.Context(), key); held.Key != key || !found || err != nil {
			t.Errorf("%v, %t, %v", held, found, err)
		}
		if _, err := s.Save(t.Context(), e, 0); err != nil {
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
		"postgres://me:secret@127.0.0.1:1/pay": "store 127.0.0.1:1/pay: ",
	} {
		_, err := store.Open(t.Context(), where)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", where, err)
		}
	}
}

func TestMemory(t *testing.T) {
	t.Parallel()
	s := store.Memory()
	if _, found, err := s.Look(t.Context(), key); found || err != nil {
		t.Errorf("%t, %v", found, err)
	}
	e, err := s.Claim(t.Context(), key, []byte("{}"), time.Minute)
	if err == nil {
		_, err = s.Save(t.Context(), e, 0)
	}
	if _, found, lookErr := s.Look(t.Context(), key); !found || err != nil || lookErr != nil {
		t.Errorf("%t, %v, %v", found, err, lookErr)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
