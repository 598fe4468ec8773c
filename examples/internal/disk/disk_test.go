package disk_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/tenderkit/tenderkit/examples/internal/disk"
)

func TestWriteAndRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	if data, found, err := disk.Read(path); found || err != nil {
		t.Errorf("%q, %t, %v", data, found, err)
	}
	for _, text := range []string{"first, and longer\n", "second\n"} {
		if err := disk.Write(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if data, found, err := disk.Read(path); string(data) != text || !found || err != nil {
			t.Errorf("%q, %t, %v", data, found, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if list, err := os.ReadDir(filepath.Dir(path)); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	if err := disk.Remove(path); err != nil {
		t.Error(err)
	}
	if err := disk.Remove(path); err == nil {
		t.Error("removed twice")
	}
}

func TestWriteJSON(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	if err := disk.WriteJSON(path, map[string]int{"a": 1}); err != nil {
		t.Fatal(err)
	}
	if data, _, err := disk.Read(path); string(data) != "{\n  \"a\": 1\n}\n" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	if err := disk.WriteJSON(path, func() {}); err == nil {
		t.Error("a function was written")
	}
}

func TestNoPath(t *testing.T) {
	t.Parallel()
	if _, found, err := disk.Read(""); found || err != nil {
		t.Errorf("%t, %v", found, err)
	}
	if err := disk.WriteJSON("", 1); err != nil {
		t.Error(err)
	}
	if err := disk.Remove(""); err != nil {
		t.Error(err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, found, err := disk.Read(dir); found || err == nil {
		t.Errorf("%t, %v", found, err)
	}
	if err := disk.Write(filepath.Join(dir, "no", "state"), nil); err == nil {
		t.Error("written into a directory that is not there")
	}
	if err := disk.Write(dir, nil); err == nil { // the directory is in use
		t.Error("a directory was replaced")
	}
}
