package paymenttest

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// childEnv is set for a test binary that is a second process. It holds the
// address on which the first one listens.
const childEnv = "TENDERKIT_PAYMENTTEST_PARENT"

const others = 2

func isChild() bool { return os.Getenv(childEnv) != "" }

// task is the work of a second process.
type task struct {
	URL     string
	Payment payment.Payment
}

// child is the second process. It reads a task, reports that it is ready, waits
// for the start, and reports what its callers were told.
func (h Harness) child(t *testing.T) {
	conn, err := net.Dial("tcp", os.Getenv(childEnv))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in, out := json.NewDecoder(conn), json.NewEncoder(conn)
	var do task
	if err := in.Decode(&do); err != nil {
		t.Fatal(err)
	}
	l := newLine()
	defer l.close()
	r, err := h.Connect(l.connection(do.URL, unhurried, 2))
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Encode("ready"); err != nil {
		t.Fatal(err)
	}
	var start string
	if err := in.Decode(&start); err != nil {
		t.Fatal(err)
	}
	if err := out.Encode(together(t.Context(), r, do.Payment, once(patient))); err != nil {
		t.Fatal(err)
	}
}

// processes hands over one payment from two processes at the same time, with
// several callers in each.
func (h Harness) processes(t *testing.T) {
	s := h.open(t, Conditions{}, unhurried, 2)
	do := task{URL: s.vendor.URL, Payment: s.vendor.Payment(h.Kinds[0], 1)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var second []*other
	for range others {
		o, err := startOther(t, listener, do)
		if err != nil {
			t.Fatal(err)
		}
		second = append(second, o)
	}
	for _, o := range second {
		o.expect("ready", new(string))
	}
	for _, o := range second {
		o.send("start")
	}
	var all []said
	for _, o := range second {
		var part []said
		o.expect("what the callers were told", &part)
		all = append(all, part...)
	}
	s.judgeAll(do.Payment, all)
}

// other is a second process, seen from the first.
type other struct {
	*testing.T
	in  *json.Decoder
	out *json.Encoder
}

// startOther starts this test binary again and sends it the task.
func startOther(t *testing.T, listener net.Listener, do task) (*other, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), unhurried)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run="+onlyThis(t), "-test.count=1")
	cmd.Env = append(os.Environ(), childEnv+"="+listener.Addr().String())
	var text strings.Builder
	cmd.Stdout, cmd.Stderr = &text, &text
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting a second process: %w", err)
	}
	ended := make(chan error, 1)
	go func() {
		ended <- cmd.Wait()
		cancel()
	}()
	t.Cleanup(func() {
		if err := <-ended; err != nil {
			t.Errorf("the second process: %v\n%s", err, text.String())
		}
	})
	conn, err := accept(ctx, listener)
	if err != nil {
		return nil, fmt.Errorf("the second process did not call: %w", err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	o := &other{T: t, in: json.NewDecoder(conn), out: json.NewEncoder(conn)}
	o.send(do)
	return o, nil
}

// accept ends with the context.
func accept(ctx context.Context, listener net.Listener) (net.Conn, error) {
	stop := context.AfterFunc(ctx, func() { _ = listener.Close() })
	defer stop()
	return listener.Accept()
}

// onlyThis returns the pattern of the test that called Run, or of its subtest.
func onlyThis(t *testing.T) string {
	parts := strings.Split(strings.TrimSuffix(t.Name(), "/duplicates/processes"), "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

func (o *other) send(v any) {
	o.Helper()
	if err := o.out.Encode(v); err != nil {
		o.Fatalf("writing to the second process: %v", err)
	}
}

func (o *other) expect(what string, v any) {
	o.Helper()
	if err := o.in.Decode(v); err != nil {
		o.Fatalf("reading %s from the second process: %v", what, err)
	}
}
