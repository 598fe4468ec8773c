// Package paymenttest holds what tests of payment code need against any vendor:
// fault scripts, which make an emulator drop, reset, delay, spoil or refuse
// chosen exchanges on real sockets, and the suite that every [payment.Recorder]
// must pass, including a user's own:
//
//	func TestConformance(t *testing.T) { paymenttest.Run(t, harness) }
//	func TestStorm(t *testing.T)       { paymenttest.Storm(t, harness, paymenttest.StormOptions{}) }
//
// [Harness] describes a vendor and its Recorder to the suite; its example is a
// whole one. The tests of this package contain the vendor and the Recorder of that
// example, made with net/http alone. [RunStore] is the suite for a [payment.Store],
// and [Check] tries what is said of a vendor against a real one.
//
// Every emulator of this module has a [Script]:
//
//	emulator.Faults().Next(paymenttest.DropAfter())
//
// makes the next request take effect and lose its answer.
package paymenttest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is one thing that can go wrong with one exchange. It is a comparable
// value; the zero value, which is [Pass], lets the exchange through.
//
// What matters most about a fault is whether the vendor did what it was asked:
// see [Fault.Effect]. A fault with an effect runs the vendor's handler in full
// before the answer is spoiled.
type Fault struct {
	kind        faultKind
	effect      bool
	status      int
	delay       time.Duration
	retryAfter  string
	contentType string
	body        string
}

type faultKind uint8

const (
	pass faultKind = iota
	drop
	resetMidAnswer
	delayed
	lateEffect
	truncatedJSON
	emptyAnswer
	htmlAnswer
	fixedAnswer
	throttled
	echo
)

const (
	jsonType = "application/json;charset=UTF-8"
	htmlType = "text/html; charset=UTF-8"
)

// Pass lets a request through. It takes a place in a queue:
// Next(Pass(), DropAfter()) strikes the second request.
func Pass() Fault { return Fault{effect: true} }

// DropBefore closes the connection before the effect and answers nothing.
func DropBefore() Fault { return Fault{kind: drop} }

// DropAfter closes the connection after the effect and answers nothing.
func DropAfter() Fault { return Fault{kind: drop, effect: true} }

// ResetMidAnswer lets the effect happen and resets the connection (RST) after
// the headers and half of the answer's body, or half of the headers if there
// is no body.
func ResetMidAnswer() Fault { return Fault{kind: resetMidAnswer, effect: true} }

// Delay lets the effect happen and sends the answer d later. It ends at once
// when the client goes away.
func Delay(d time.Duration) Fault { return Fault{kind: delayed, effect: true, delay: d} }

// LateEffect holds the request for d and only then lets the effect happen,
// even if the client has long gone: a request that was stuck on its way. The
// server's Close waits for it.
func LateEffect(d time.Duration) Fault { return Fault{kind: lateEffect, effect: true, delay: d} }

// TruncatedJSON lets the effect happen and sends a complete HTTP answer whose
// JSON is cut in half.
func TruncatedJSON() Fault { return Fault{kind: truncatedJSON, effect: true} }

// EmptyAnswer lets the effect happen and sends the answer's status and headers
// without its body.
func EmptyAnswer() Fault { return Fault{kind: emptyAnswer, effect: true} }

// HTMLAnswer lets the effect happen and sends a web page with status 200: a
// success that cannot be read.
func HTMLAnswer() Fault { return Fault{kind: htmlAnswer, effect: true, status: http.StatusOK} }

// TooManyRequests answers 429 without an effect. retryAfter is the value of
// the Retry-After header; the empty string sends none.
func TooManyRequests(retryAfter string) Fault {
	f := Answer(http.StatusTooManyRequests, jsonType, jsonError(http.StatusTooManyRequests), false)
	f.retryAfter = retryAfter
	return f
}

// ServerErrorJSON answers with a 5xx status and a small JSON object, with the
// effect before it or without.
func ServerErrorJSON(status int, effect bool) Fault {
	return Answer(status, jsonType, jsonError(status), effect)
}

// ServerErrorHTML answers with a 5xx status and a web page, as a gateway in
// front of the vendor does, with the effect before it or without.
func ServerErrorHTML(status int, effect bool) Fault {
	return Answer(status, htmlType, htmlPage(status), effect)
}

// Throttle answers without an effect what the vendor itself answers to a
// client that is too fast. The emulator supplies that answer.
func Throttle() Fault { return Fault{kind: throttled} }

// Answer sends a fixed answer, with the effect before it or without. Emulators
// build the odd answers of their own vendor with it.
func Answer(status int, contentType, body string, effect bool) Fault {
	return Fault{kind: fixedAnswer, effect: effect, status: status, contentType: contentType, body: body}
}

// Echo answers without an effect, in the error forms that are usual, and
// repeats the request with all its headers in every text: the worst that a
// gateway can do to a secret.
func Echo(status int) Fault { return Fault{kind: echo, status: status} }

// Faults returns the faults for table tests, those with an effect switch in both
// positions. It leaves out [Pass], [Answer], [Echo] and [LateEffect], whose
// effect has no certain time. The [Delay] in it is a minute: the client under
// test needs a shorter time-out.
func Faults() []Fault {
	return []Fault{
		DropBefore(), DropAfter(), ResetMidAnswer(), Delay(time.Minute),
		TruncatedJSON(), EmptyAnswer(), HTMLAnswer(),
		TooManyRequests(""), TooManyRequests("1"),
		ServerErrorJSON(http.StatusInternalServerError, false), ServerErrorJSON(http.StatusInternalServerError, true),
		ServerErrorHTML(http.StatusBadGateway, false), ServerErrorHTML(http.StatusBadGateway, true),
		Throttle(),
	}
}

// Effect reports whether the vendor does what it was asked.
func (f Fault) Effect() bool { return f.effect || f.kind == pass }

// loses reports whether the client cannot know what the vendor did.
func (f Fault) loses() bool {
	switch f.kind {
	case pass, throttled:
		return false
	case fixedAnswer, echo:
		return f.status/100 != 4
	}
	return true
}

// String names the fault for test names: "drop after effect", "502 html before
// effect".
func (f Fault) String() string {
	switch f.kind {
	case drop:
		return "drop " + f.when()
	case delayed:
		return "delay " + f.delay.String()
	case lateEffect:
		return "late effect " + f.delay.String()
	case fixedAnswer:
		return f.answerName()
	case echo:
		return fmt.Sprintf("%d echo", f.status)
	}
	return f.kind.String()
}

func (f Fault) answerName() string {
	form := "answer"
	switch {
	case strings.HasPrefix(f.contentType, "application/json"):
		form = "json"
	case strings.HasPrefix(f.contentType, "text/html"):
		form = "html"
	}
	name := fmt.Sprintf("%d %s %s", f.status, form, f.when())
	if f.retryAfter != "" {
		name += ", retry after " + f.retryAfter
	}
	return name
}

func (f Fault) when() string {
	if f.effect {
		return "after effect"
	}
	return "before effect"
}

func (k faultKind) String() string {
	switch k {
	case resetMidAnswer:
		return "reset mid answer"
	case truncatedJSON:
		return "truncated json"
	case emptyAnswer:
		return "empty answer"
	case htmlAnswer:
		return "html answer"
	case throttled:
		return "throttle"
	}
	return "pass"
}

// notFound returns the answers of a gateway or a wrong path: no vendor's word.
func notFound() []Fault {
	return []Fault{
		Answer(http.StatusNotFound, jsonType, jsonError(http.StatusNotFound), false),
		Answer(http.StatusNotFound, htmlType, htmlPage(http.StatusNotFound), false),
	}
}

func jsonError(status int) string {
	return fmt.Sprintf(`{"message":%q}`, http.StatusText(status))
}

func htmlPage(status int) string {
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	return "<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>\n"
}
