package paymenttest

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// childEnv is set for a test binary that is a second process. It holds the
// address on which the first one listens.
const childEnv = "TENDERKIT_PAYMENTTEST_PARENT"

func isChild() bool { return os.Getenv(childEnv) != "" }

// task is the work of a second process.
type task struct {
	URL      string // of the vendor
	Store    string // address of the Store; "" is none
	Gate     gate
	Lease    time.Duration // 0: the default
	FirstTry bool
	Callers  int // that hand over each payment at the same time
	Workers  int // payments in hand at the same time
	Payments []payment.Stored
}

// report is what the callers of one payment were told.
type report struct {
	Index int
	Said  []said
}

func (do task) options() []payment.OnceOption {
	opts := []payment.OnceOption{patient}
	if do.Store != "" {
		opts = append(opts, payment.WithStore(remoteStore{do.Store, do.Gate}))
	}
	if do.Lease > 0 {
		opts = append(opts, payment.WithLease(do.Lease))
	}
	if do.FirstTry {
		opts = append(opts, payment.WithFirstTry())
	}
	return opts
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
	l.gate = do.Gate
	defer l.close()
	r, err := h.connect(l.connection(do.URL, unhurried, 2))
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Encode(r.Account()); err != nil {
		t.Fatal(err)
	}
	var start string
	if err := in.Decode(&start); err != nil {
		t.Fatal(err)
	}
	for one := range do.run(t.Context(), r) {
		if err := out.Encode(one); err != nil {
			t.Fatal(err)
		}
	}
}

// run hands over all payments.
func (do task) run(ctx context.Context, r payment.Recorder) <-chan report {
	next, reports := make(chan int), make(chan report)
	var wg sync.WaitGroup
	for range do.Workers {
		wg.Go(func() {
			for i := range next {
				reports <- report{i, together(ctx, do.Callers, r, payment.Payment(do.Payments[i]), once(do.options()...))}
			}
		})
	}
	go func() {
		for i := range do.Payments {
			next <- i
		}
		close(next)
		wg.Wait()
		close(reports)
	}()
	return reports
}

// other is a second process, seen from the first.
type other struct {
	*testing.T
	cmd   *exec.Cmd
	ended chan struct{} // closed when the process has ended
	in    *json.Decoder
	out   *json.Encoder

	mu     sync.Mutex
	killed bool // by the test: its end is no failure
}

// startOther starts a second process, sends it the task and waits until it is
// ready.
func (s *scene) startOther(do task) *other {
	s.Helper()
	o := startOther(s.T, s.h.test)
	o.send(do)
	var account payment.Account
	o.expect("its account", &account)
	if account != s.r.Account() {
		s.Errorf("the account is %v in one process and %v in another", s.r.Account(), account)
	}
	return o
}

// startOther starts this test binary again, with one test, and waits for its call.
func startOther(t *testing.T, test string) *other {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 2*unhurried)
	t.Cleanup(cancel)
	o := &other{T: t, ended: make(chan struct{})}
	o.cmd = exec.CommandContext(ctx, os.Args[0], "-test.run="+only(test), "-test.count=1")
	o.cmd.Env = append(os.Environ(), childEnv+"="+listener.Addr().String())
	var text strings.Builder
	o.cmd.Stdout, o.cmd.Stderr = &text, &text
	if err := o.cmd.Start(); err != nil {
		t.Fatalf("starting a second process: %v", err)
	}
	go func() {
		defer close(o.ended)
		err := o.cmd.Wait()
		cancel()
		o.mu.Lock()
		defer o.mu.Unlock()
		if err != nil && !o.killed {
			t.Errorf("the second process: %v\n%s", err, text.String())
		}
	}()
	t.Cleanup(func() { <-o.ended })
	conn, err := accept(ctx, listener)
	if err != nil {
		t.Fatalf("the second process did not call: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	o.in, o.out = json.NewDecoder(conn), json.NewEncoder(conn)
	return o
}

// accept ends with the context.
func accept(ctx context.Context, listener net.Listener) (net.Conn, error) {
	stop := context.AfterFunc(ctx, func() { _ = listener.Close() })
	defer stop()
	return listener.Accept()
}

// only returns the pattern of one test or subtest.
func only(test string) string {
	parts := strings.Split(test, "/")
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

func (o *other) report() report {
	o.Helper()
	var r report
	o.expect("what the callers were told", &r)
	return r
}

// kill ends the process at once, as SIGKILL does.
func (o *other) kill() {
	o.mu.Lock()
	o.killed = true
	o.mu.Unlock()
	_ = o.cmd.Process.Kill() // it may have ended
}

const others = 4 // processes that work at the same time
