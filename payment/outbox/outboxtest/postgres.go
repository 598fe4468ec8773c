// Package outboxtest starts a Postgres server of its own for a test, and does
// to it what happens to servers: it stops it hard, and restores a backup.
//
// It needs the server's programs: on Debian, apt-get install postgresql.
package outboxtest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Postgres is a server with a data directory of its own, on a free port of
// 127.0.0.1, without passwords. It ends with the test.
type Postgres struct {
	bin, dir string
	port     int
	as       *syscall.Credential // nil: the test's own user
}

// Start makes a new cluster and starts it. Without the server's programs the
// test is skipped, and fails where CI=true is set.
func Start(t testing.TB) *Postgres {
	t.Helper()
	p := &Postgres{bin: findPrograms(t)}
	p.as = unprivileged(t)
	dir, err := os.MkdirTemp("", "tenderkit-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	p.dir = dir
	t.Cleanup(func() {
		_ = p.command("pg_ctl", "-D", p.data(), "-m", "immediate", "stop").Run()
		_ = os.RemoveAll(dir)
	})
	p.own(t, dir)
	p.must(t, "initdb", "-D", p.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
	p.port = freePort(t)
	p.Restart(t)
	return p
}

// URL returns how to connect to the server's one database.
func (p *Postgres) URL() string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", p.port)
}

// Kill stops the server as a power cut would.
func (p *Postgres) Kill(t testing.TB) {
	t.Helper()
	p.must(t, "pg_ctl", "-D", p.data(), "-m", "immediate", "-w", "stop")
}

// Restart starts the server after [Postgres.Kill].
func (p *Postgres) Restart(t testing.TB) {
	t.Helper()
	options := fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=%s -c max_connections=200", p.port, p.dir)
	p.must(t, "pg_ctl", "-D", p.data(), "-w", "-t", "60", "-l", filepath.Join(p.dir, "log"), "-o", options, "start")
}

// Backup copies the running server's data.
func (p *Postgres) Backup(t testing.TB) {
	t.Helper()
	_ = os.RemoveAll(p.backup())
	p.must(t, "pg_basebackup", "-h", "127.0.0.1", "-p", strconv.Itoa(p.port), "-U", "postgres", "-D", p.backup(), "-X", "stream", "-c", "fast")
}

// Restore replaces the data by the last backup, with recovery, and starts the
// server again: on a new timeline, without what came after the backup.
func (p *Postgres) Restore(t testing.TB) {
	t.Helper()
	p.Kill(t)
	if err := errors.Join(os.RemoveAll(p.data()), os.CopyFS(p.data(), os.DirFS(p.backup()))); err != nil {
		t.Fatal(err)
	}
	settings := "\nrestore_command = 'false'\nrecovery_target_timeline = 'current'\n"
	auto := filepath.Join(p.data(), "postgresql.auto.conf")
	f, err := os.OpenFile(auto, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(settings)
	err = errors.Join(err, f.Close(), os.WriteFile(filepath.Join(p.data(), "recovery.signal"), nil, 0o600), os.Chmod(p.data(), 0o700))
	if err != nil {
		t.Fatal(err)
	}
	p.own(t, p.data())
	p.Restart(t)
}

func (p *Postgres) data() string   { return filepath.Join(p.dir, "data") }
func (p *Postgres) backup() string { return filepath.Join(p.dir, "backup") }

// command runs a server's program as a user who may.
func (p *Postgres) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	if p.as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.as}
	}
	return cmd
}

func (p *Postgres) must(t testing.TB, name string, args ...string) {
	t.Helper()
	out, err := os.CreateTemp("", "tenderkit-out-") // a pipe would stay open in the server
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = errors.Join(out.Close(), os.Remove(out.Name())) }()
	cmd := p.command(name, args...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(out.Name())
		log, _ := os.ReadFile(filepath.Join(p.dir, "log"))
		t.Fatalf("%s: %v\n%s\n%s", name, err, text, bytes.TrimSpace(log))
	}
}

// own gives a directory to the server's user.
func (p *Postgres) own(t testing.TB, dir string) {
	t.Helper()
	if p.as == nil {
		return
	}
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(p.as.Uid), int(p.as.Gid))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// findPrograms looks in PATH and where Debian keeps them.
func findPrograms(t testing.TB) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_basebackup")
	slices.Sort(found)
	if path, err := exec.LookPath("pg_basebackup"); err == nil {
		found = append(found, path)
	}
	for _, path := range slices.Backward(found) {
		if _, err := os.Stat(filepath.Join(filepath.Dir(path), "initdb")); err == nil {
			return filepath.Dir(path)
		}
	}
	const help = "no Postgres server is installed; on Debian: apt-get install postgresql"
	if os.Getenv("CI") == "true" {
		t.Fatal(help)
	}
	t.Skip(help)
	return ""
}

// unprivileged returns a user for a server that refuses to run as root.
func unprivileged(t testing.TB) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	t.Fatal("no user to run Postgres as")
	return nil
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	time.Sleep(time.Millisecond)
	return l.Addr().(*net.TCPAddr).Port
}
