package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"text/tabwriter"
	"time"
)

// program is what is built: main calls net/http and encoding/json, and what use
// says.
const program = `package main

import (
	"encoding/json"
	"net/http"
	"os"

	%s
)

func main() {
	resp, err := http.Get(os.Args[1])
	if err != nil {
		panic(err)
	}
	var v any
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		panic(err)
	}
	%s
}
`

// uses are the clients by their names.
var uses = []struct{ name, imports, call string }{
	{"bare net/http", "", ""},
	{"brightpearl", `"github.com/tenderkit/tenderkit/brightpearl"`, "c, _ := brightpearl.New(brightpearl.Config{})\n\tc.CreateCustomerPayment(nil, brightpearl.CustomerPayment{})"},
	{"all four vendors", `"github.com/tenderkit/tenderkit/brightpearl"; "github.com/tenderkit/tenderkit/backendpay"; "github.com/tenderkit/tenderkit/rubi"; "github.com/tenderkit/tenderkit/spektrix"`,
		"brightpearl.New(brightpearl.Config{})\n\tbackendpay.New(backendpay.Config{})\n\trubi.New(rubi.Config{})\n\tspektrix.New(spektrix.Config{})"},
	{"godo", `"github.com/digitalocean/godo"`, "godo.NewClient(nil).Account.Get(nil)"},
	{"go-github", `"github.com/google/go-github/v74/github"`, "github.NewClient(nil).Users.Get(nil, \"\")"},
	{"stripe-go", `"github.com/stripe/stripe-go/v82/client"`, "client.New(\"\", nil).Charges.Get(\"\", nil)"},
}

// builds prints what a client adds to the build of a bare program whose packages
// are compiled already, and to the binary.
func builds(root string) error {
	temp, err := os.MkdirTemp("", "builds")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "added to a bare net/http program\tCPU of the build\twall\tbinary, stripped")
	var bare int64
	for i, use := range uses {
		cache := filepath.Join(temp, "cache")
		if i > 0 {
			if err := os.CopyFS(filepath.Join(temp, use.name), os.DirFS(cache)); err != nil {
				return err
			}
			cache = filepath.Join(temp, use.name)
		}
		took, wall, size, err := build(root, temp, cache, fmt.Sprintf(program, use.imports, use.call))
		if err != nil {
			return fmt.Errorf("%s: %w", use.name, err)
		}
		if i == 0 {
			bare = size
			continue
		}
		fmt.Fprintf(table, "%s\t%.1f s\t%.1f s\t%.2f MB\n", use.name, took.Seconds(), wall.Seconds(), float64(size-bare)/1e6)
	}
	return table.Flush()
}

// build compiles a program inside the module of this command, whose go.mod knows
// all clients.
func build(root, temp, cache, text string) (cpu, wall time.Duration, size int64, err error) {
	dir, err := os.MkdirTemp(filepath.Join(root, ".ci", "bench"), "build")
	if err != nil {
		return 0, 0, 0, err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o644); err != nil {
		return 0, 0, 0, err
	}
	out := filepath.Join(temp, "program")
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", out, ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOCACHE="+cache, "GOWORK=off")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return 0, 0, 0, err
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, 0, err
	}
	said, _ := io.ReadAll(stderr)
	if err := cmd.Wait(); err != nil {
		return 0, 0, 0, fmt.Errorf("%w: %s", err, said)
	}
	info, err := os.Stat(out)
	if err != nil {
		return 0, 0, 0, err
	}
	used := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), time.Since(start), info.Size(), nil
}
