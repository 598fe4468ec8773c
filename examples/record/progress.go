package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// How often progress is printed: redrawn on a terminal, as a line elsewhere.
const (
	redraw    = 200 * time.Millisecond
	nextLine  = 10 * time.Second
	shortWait = time.Second // a shorter wait is not worth a line
)

// progress tells a person how far the run is, and what it waits for.
type progress struct {
	out      io.Writer
	terminal bool
	file     string // the document, to count its payments
	began    time.Time
	done     atomic.Int64
	total    atomic.Int64 // 0 as long as it is not known

	mu     sync.Mutex
	reason string    // of the wait that is under way
	until  time.Time // when it ends
	drawn  bool      // a line stands on the terminal
}

func newProgress(out io.Writer, file string) *progress {
	return &progress{out: out, terminal: isTerminal(out), file: file, began: time.Now()}
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// start begins to print, and returns how to end it.
func (p *progress) start() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { p.countAll(ctx) })
	running.Go(func() { p.print(ctx) })
	return func() { cancel(); running.Wait() }
}

// countAll reads the document once more, for the number of its payments. What
// is no file, such as a pipe, can be read only once.
func (p *progress) countAll(ctx context.Context) {
	if info, err := os.Stat(p.file); err != nil || !info.Mode().IsRegular() {
		return
	}
	file, err := os.Open(p.file)
	if err != nil {
		return
	}
	defer func() { _ = file.Close() }()
	var n int64
	for o, err := range salesdata.Decode(file) {
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			n += int64(len(o.Payments))
		}
	}
	p.total.Store(n)
}

func (p *progress) print(ctx context.Context) {
	every := nextLine
	if p.terminal {
		every = redraw
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			p.clear()
			return
		case <-tick.C:
			p.line("")
		}
	}
}

// payment counts one payment.
func (p *progress) payment() { p.done.Add(1) }

// exchange is the observer of the vendor's client.
func (p *progress) exchange(_ context.Context, e tenderkit.Exchange) {
	switch e.Waiting {
	case "":
	case "retry":
		p.wait(e.Wait, "to try again")
	case "limiter":
		p.wait(e.Wait, "for the limiter")
	default:
		p.wait(e.Wait, "for "+e.Waiting)
	}
}

// step is the observer of payment.Once.
func (p *progress) step(_ context.Context, e payment.Event) {
	if e.Step == payment.StepWait {
		p.wait(e.Wait, "to look again for a payment whose outcome is unknown")
	}
}

// wait prints a wait, unless one that is under way lasts as long.
func (p *progress) wait(d time.Duration, reason string) {
	if d < shortWait {
		return
	}
	until := time.Now().Add(d)
	p.mu.Lock()
	longer := until.After(p.until.Add(shortWait))
	if longer {
		p.reason, p.until = reason, until
	}
	p.mu.Unlock()
	if longer {
		p.line(fmt.Sprintf("waiting %s %s, ", spell(d), reason))
	}
}

// line prints how far the run is.
func (p *progress) line(prefix string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if left := time.Until(p.until); prefix == "" && left > shortWait {
		prefix = fmt.Sprintf("waiting %s %s, ", spell(left), p.reason)
	}
	text := prefix + p.state()
	if p.terminal {
		fmt.Fprintf(p.out, "\r\x1b[K%s", bar(p.done.Load(), p.total.Load())+text)
		p.drawn = true
		return
	}
	fmt.Fprintln(p.out, text)
}

// clear removes the line of a terminal.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// state says how much is done, and how long the rest will take at this rate.
func (p *progress) state() string {
	done, total := p.done.Load(), p.total.Load()
	if total == 0 {
		return fmt.Sprintf("%s done", thousands(done))
	}
	text := fmt.Sprintf("%s of %s done", thousands(done), thousands(total))
	if done == 0 || done >= total {
		return text
	}
	left := time.Duration(float64(time.Since(p.began)) / float64(done) * float64(total-done))
	return text + ", about " + spell(left) + " left"
}

const barWidth = 20

func bar(done, total int64) string {
	if total == 0 {
		return ""
	}
	full := int(min(done, total) * barWidth / total)
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", barWidth-full) + "] "
}

// spell returns a duration in its largest unit: "43 s", "12 min", "8 h".
func spell(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return fmt.Sprintf("%d s", int((d+time.Second-1)/time.Second))
	case d < 90*time.Minute:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute)/time.Minute))
	}
	return fmt.Sprintf("%d h", int(d.Round(time.Hour)/time.Hour))
}

// thousands writes 1812 as "1,812".
func thousands(n int64) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
