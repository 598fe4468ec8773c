package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// browser is a headless Chromium that is driven over a pipe, by the protocol of
// its own developer tools.
type browser struct {
	t       *testing.T
	to      io.Writer
	session string

	mu      sync.Mutex
	calls   int
	answers map[int]chan message
	events  []message
	loaded  chan struct{}
}

type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   json.RawMessage `json:"error,omitempty"`
}

// findBrowser skips the test where no browser is installed, except in CI.
func findBrowser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const how = "no Chromium to test the page in; on Debian: apt-get install chromium"
	if os.Getenv("CI") == "true" {
		t.Fatal(how)
	}
	t.Skip(how)
	return ""
}

// openBrowser starts a browser that ends with the test.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	path := findBrowser(t)
	in, toBrowser, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	fromBrowser, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--remote-debugging-pipe", "--user-data-dir="+profile, "--window-size=1280,1200", "about:blank")
	cmd.ExtraFiles = []*os.File{in, out} // its descriptors 3 and 4
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = in.Close(), out.Close()
	b := &browser{t: t, to: toBrowser, answers: map[int]chan message{}, loaded: make(chan struct{}, 8)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.listen(fromBrowser)
	}()
	t.Cleanup(func() {
		b.send("", "Browser.close", nil)
		ended := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		ended.Stop()
		_ = toBrowser.Close()
		<-done
		_ = os.RemoveAll(profile) // a child of the browser may still write to it
	})
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Network", "Log"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

// listen reads what the browser says until it is closed.
func (b *browser) listen(from io.ReadCloser) {
	defer func() { _ = from.Close() }()
	r := bufio.NewReaderSize(from, 1<<20)
	for {
		text, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if json.Unmarshal(text[:len(text)-1], &m) != nil {
			continue
		}
		b.mu.Lock()
		answer := b.answers[m.ID]
		if m.Method != "" {
			b.events = append(b.events, m)
		}
		b.mu.Unlock()
		if answer != nil {
			answer <- m
		}
		if m.Method == "Page.loadEventFired" {
			b.loaded <- struct{}{}
		}
	}
}

func (b *browser) send(session, method string, params any) chan message {
	raw, _ := json.Marshal(params)
	answer := make(chan message, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	b.answers[b.calls] = answer
	text, _ := json.Marshal(message{ID: b.calls, Session: session, Method: method, Params: raw})
	_, _ = b.to.Write(append(text, 0))
	return answer
}

// call sends a command and decodes its result.
func (b *browser) call(method string, params, result any) {
	b.t.Helper()
	if params == nil {
		params = struct{}{}
	}
	select {
	case m := <-b.send(b.session, method, params):
		err := error(nil)
		if m.Error != nil {
			err = errors.New(string(m.Error))
		} else if result != nil {
			err = json.Unmarshal(m.Result, result)
		}
		if err != nil {
			b.t.Fatalf("%s: %v", method, err)
		}
	case <-time.After(3 * time.Minute):
		b.t.Fatalf("%s: no answer", method)
	}
}

// show opens a file.
func (b *browser) show(path string) {
	b.t.Helper()
	b.call("Page.navigate", map[string]any{"url": (&url.URL{Scheme: "file", Path: path}).String()}, nil)
	select {
	case <-b.loaded:
	case <-time.After(3 * time.Minute):
		b.t.Fatal("the page does not load")
	}
}

// eval returns the value of an expression.
func eval[T any](b *browser, expression string) (value T) {
	b.t.Helper()
	var answer struct {
		Result    struct{ Value T }
		Exception json.RawMessage `json:"exceptionDetails"`
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &answer)
	if answer.Exception != nil {
		b.t.Fatalf("%s: %s", expression, answer.Exception)
	}
	return answer.Result.Value
}

// click presses the mouse in the middle of an element.
func (b *browser) click(selector string) {
	b.t.Helper()
	at := eval[struct{ X, Y float64 }](b, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		e.scrollIntoView({block: "center"});
		const r = e.getBoundingClientRect();
		return {X: r.x + r.width/2, Y: r.y + r.height/2};
	})()`, selector))
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		b.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1}, nil)
	}
}

// search replaces the text of the search box, as a keyboard would.
func (b *browser) search(text string) {
	b.t.Helper()
	b.click("#search")
	eval[bool](b, `document.getElementById("search").select() || true`)
	if text == "" {
		for _, kind := range []string{"keyDown", "keyUp"} {
			b.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": "Delete", "code": "Delete", "windowsVirtualKeyCode": 46}, nil)
		}
		return
	}
	b.call("Input.insertText", map[string]any{"text": text}, nil)
}

// rows returns the cells of the rows that a person can see.
func (b *browser) rows(table string) [][]string {
	b.t.Helper()
	return eval[[][]string](b, fmt.Sprintf(`Array.from(document.querySelectorAll("#%s tbody tr"))
		.filter((row) => row.offsetParent !== null)
		.map((row) => Array.from(row.cells, (cell) => cell.textContent))`, table))
}

// references returns the references of the rows that a person can see.
func (b *browser) references() (list []string) {
	b.t.Helper()
	for _, row := range b.rows("findings") {
		list = append(list, row[2])
	}
	return list
}

// quiet checks that the page has asked for nothing, thrown nothing and opened no
// dialog.
func (b *browser) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.events {
		switch e.Method {
		case "Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening":
			b.t.Errorf("%s: %s", e.Method, e.Params)
		case "Network.requestWillBeSent":
			var sent struct{ Request struct{ URL string } }
			if err := json.Unmarshal(e.Params, &sent); err != nil || !strings.HasSuffix(sent.Request.URL, ".html") {
				b.t.Errorf("asks for %s, %v", sent.Request.URL, err)
			}
		}
	}
}

// makePage runs the program and returns the page that it wrote.
func makePage(t *testing.T, want int, args ...string) string {
	t.Helper()
	path := t.TempDir() + "/page.html"
	if code, out, log := try(t, nil, append(args, "-html", path)...); code != want {
		t.Fatalf("exit %d\n%s%s", code, out, log)
	}
	return path
}

func TestPageOfDay(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	b.show(makePage(t, differ))
	if got := eval[string](b, `document.getElementById("verdict").innerText`); got != "3 differences\n1 missing in Brightpearl, 1 differs, 1 more than once, 11 agree" {
		t.Errorf("%q", got)
	}
	totals := b.rows("totals")
	want := [][]string{
		{"NOK", "", "", "5373.50 (13)", "5385.50 (13)", "+12.00"},
		{"NOK", "2024-12-03", "CARD", "2045.50 (7)", "2057.50 (7)", "+12.00"},
		{"NOK", "2024-12-03", "CASH", "594.00 (2)", "594.00 (2)", ""},
		{"NOK", "2024-12-03", "GIFTCARD", "100.00 (1)", "100.00 (1)", ""},
		{"NOK", "2024-12-03", "INVOICE", "2500.00 (1)", "2500.00 (1)", ""},
		{"NOK", "2024-12-03", "VIPPS", "134.00 (2)", "134.00 (2)", ""},
	}
	if !slices.EqualFunc(totals, want, slices.Equal) {
		t.Errorf("totals %q", totals)
	}
	var labels []string
	for _, row := range b.rows("findings") {
		labels = append(labels, row[0])
	}
	if len(labels) != 14 || !slices.Equal(labels[:4], []string{"missing in Brightpearl", "differs", "more than once", "agrees"}) {
		t.Errorf("%q", labels)
	}
	for verdict, n := range map[string]int{"missing": 1, "differs": 1, "duplicate": 1, "matched": 11, "differences": 3, "": 14} {
		b.click(fmt.Sprintf("button[data-show='%s']", verdict))
		pressed := eval[string](b, `Array.from(document.querySelectorAll("button[aria-pressed=true]"), (e) => e.dataset.show).join()`)
		if got := len(b.rows("findings")); got != n || pressed != verdict {
			t.Errorf("%q shows %d rows, %q is pressed", verdict, got, pressed)
		}
	}
	b.click("button[data-show='']")
	for text, n := range map[string]int{"BC922EC2": 1, "vipps": 2, "card 2005": 2, "204.50": 1, "no such thing": 0, "": 14} {
		b.search(text)
		shown := eval[string](b, `document.getElementById("shown").textContent`)
		if got := len(b.rows("findings")); got != n || (shown == "") != (n == 14) || shown != "" && shown != fmt.Sprintf("%d of 14 shown", n) {
			t.Errorf("%q shows %d rows, and %q", text, got, shown)
		}
	}
	b.click("button[data-show='differences']")
	b.search("card")
	if got := b.references(); len(got) != 3 {
		t.Errorf("%q", got)
	}
	b.quiet()
}

// A reference can be anything. It is shown as it is, and does nothing.
func TestPageWithHostileReferences(t *testing.T) {
	t.Parallel()
	hostile := []string{
		`<script>document.title="taken"</script>`, `"><img src=x onerror=alert(1)>`, `</script><script>alert(2)</script>`, `</td></tr></table><b>`,
		`'-alert(3)-'`, `{{.Script}}`, `<!--`, `&lt;b&gt;`, `javascript:alert(4)`, "a\u202eb\u0000",
	}
	var text strings.Builder
	text.WriteString("reference,amount,method,target\n")
	for _, r := range hostile {
		field := `"` + strings.ReplaceAll(r, `"`, `""`) + `"`
		fmt.Fprintf(&text, "%s,1.00,%s,%s\n", field, field, field)
	}
	left, right := write(t, "left.csv", text.String()), write(t, "right.csv", "amount\n")
	b := openBrowser(t)
	b.show(makePage(t, differ, "-left", "csv:"+left, "-right", "csv:"+right, "-currency", "GBP"))
	got := b.references()
	hostile[len(hostile)-1] = "a\u202eb\ufffd" // HTML has no NUL
	slices.Sort(got)
	slices.Sort(hostile)
	if !slices.Equal(got, hostile) {
		t.Errorf("%q", got)
	}
	for _, row := range b.rows("findings") {
		if row[3] != row[2] || row[4] != row[2] || len(row) != 10 {
			t.Errorf("%q", row)
		}
	}
	b.search(`<script>document`)
	if n := len(b.references()); n != 1 {
		t.Errorf("%d rows", n)
	}
	if title := eval[string](b, "document.title"); title != "Payments of all days" {
		t.Errorf("the title is %q", title)
	}
	b.quiet()
}

// Ten thousand payments, one in a hundred different.
func TestPageOf10000Rows(t *testing.T) {
	t.Parallel()
	var left, right strings.Builder
	var cents [2]int
	left.WriteString("reference,amount,date,method\n")
	right.WriteString("reference,amount,date,method\n")
	for i := range 10_000 {
		fmt.Fprintf(&left, "till-4/%05d,%d.%02d,2026-05-%02d,CARD\n", i, 1+i%90, i%100, 1+i%28)
		amount := 100*(1+i%90) + i%100
		cents[0] += amount
		if i%500 > 0 {
			cents[1] += amount
		}
		switch i % 500 {
		case 0: // missing
			continue
		case 1, 2, 3, 4:
			fmt.Fprintf(&right, "till-4/%05d,%d.%02d,2026-05-%02d,CASH\n", i, 1+i%90, i%100, 1+i%28)
			continue
		}
		fmt.Fprintf(&right, "till-4/%05d,%d.%02d,2026-05-%02d,CARD\n", i, 1+i%90, i%100, 1+i%28)
	}
	leftSum := fmt.Sprintf("%d.%02d (10000)", cents[0]/100, cents[0]%100)
	rightSum := fmt.Sprintf("%d.%02d (9980)", cents[1]/100, cents[1]%100)
	b := openBrowser(t)
	start := time.Now()
	b.show(makePage(t, differ, "-left", "csv:"+write(t, "left.csv", left.String()), "-right", "csv:"+write(t, "right.csv", right.String()), "-currency", "GBP"))
	if n := len(b.rows("findings")); n != 10_000 {
		t.Errorf("%d rows", n)
	}
	opened := time.Since(start)
	sum := b.rows("totals")[0]
	if sum[3] != leftSum || sum[4] != rightSum {
		t.Errorf("totals %q, want %s and %s", sum, leftSum, rightSum)
	}
	b.click("button[data-show='differences']")
	if n := len(b.references()); n != 100 {
		t.Errorf("%d differences", n)
	}
	start = time.Now()
	b.click("button[data-show='']")
	b.search("4/09999")
	if got := b.references(); !slices.Equal(got, []string{"till-4/09999"}) {
		t.Errorf("%q", got)
	}
	took := eval[float64](b, `(() => { const t = performance.now(); search.value = "till"; update(); return performance.now() - t; })()`)
	t.Logf("opened in %v, found in %v, filtered in %.0f ms", opened.Round(time.Millisecond), time.Since(start).Round(time.Millisecond), took)
	if took > 2000 {
		t.Error("too slow to type in")
	}
	b.quiet()
}
