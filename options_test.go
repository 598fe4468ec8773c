package tenderkit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

const sentinel = "sentinel-key-0123456789"

type holder struct {
	Key  tenderkit.Secret            `json:"key" xml:"key"`
	Attr tenderkit.Secret            `json:"attr" xml:"attr,attr"`
	List []tenderkit.Secret          `json:"list" xml:"list"`
	Map  map[string]tenderkit.Secret `json:"map" xml:"-"`
	At   *tenderkit.Secret           `json:"at" xml:"at"`
}

func held() holder {
	s := tenderkit.Secret(sentinel)
	return holder{
		Key: s, Attr: s, List: []tenderkit.Secret{s}, Map: map[string]tenderkit.Secret{"a": s}, At: &s,
	}
}

// checkHidden looks for the secret as text, in hexadecimal and as a list of bytes.
func checkHidden(t *testing.T, how, text string) {
	t.Helper()
	for _, form := range []string{sentinel, fmt.Sprintf("%x", sentinel), fmt.Sprintf("%X", sentinel), fmt.Sprintf("% x", sentinel), "115 101 110"} {
		if strings.Contains(text, form) {
			t.Errorf("%s shows the secret: %s", how, text)
		}
	}
	if !strings.Contains(text, "[redacted]") {
		t.Errorf("%s gives %s", how, text)
	}
}

func TestSecretUnderEveryVerb(t *testing.T) {
	t.Parallel()
	s := tenderkit.Secret(sentinel)
	for _, verb := range "vsqxXdbcoOUeEfFgGt" {
		for _, flags := range []string{"", "+", "#", " ", "-40", "040", ".3"} {
			format := "%" + flags + string(verb)
			if got := fmt.Sprintf(format, s); got != "[redacted]" {
				t.Errorf("%s prints %s", format, got)
			}
		}
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		text := fmt.Sprintf(format, held())
		checkHidden(t, format, text)
	}
	if s.String() != "[redacted]" || s.GoString() != "[redacted]" || string(s) != sentinel {
		t.Errorf("got %s, %s", s.String(), s.GoString())
	}
}

func TestSecretInEncoders(t *testing.T) {
	t.Parallel()
	inJSON, err := json.Marshal(held())
	if err != nil {
		t.Fatal(err)
	}
	checkHidden(t, "encoding/json", string(inJSON))
	inXML, err := xml.Marshal(held())
	if err != nil {
		t.Fatal(err)
	}
	checkHidden(t, "encoding/xml", string(inXML))
	var text strings.Builder
	if err := template.Must(template.New("").Parse("{{.Key}} {{.List}} {{printf `%s` .Key}}")).Execute(&text, held()); err != nil {
		t.Fatal(err)
	}
	checkHidden(t, "text/template", text.String())
	var read holder
	if err := json.Unmarshal([]byte(`{"key":"`+sentinel+`"}`), &read); err != nil || string(read.Key) != sentinel {
		t.Errorf("reading a Secret gives %v", err)
	}
}

func TestSecretInSlog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	for _, h := range []slog.Handler{slog.NewJSONHandler(&log, nil), slog.NewTextHandler(&log, nil)} {
		log.Reset()
		s := tenderkit.Secret(sentinel)
		slog.New(h).With("with", s).WithGroup("g").Info("m", "key", s, "at", &s, "struct", held(), "list", []tenderkit.Secret{s})
		checkHidden(t, fmt.Sprintf("%T", h), log.String())
	}
}

type stub func(*http.Request) (*http.Response, error)

func (f stub) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type limiter struct{ asked *int }

func (l limiter) Wait(context.Context) error { *l.asked++; return nil }

// TestOptionsReachTheTransport gives every option to a client and looks at one
// call.
func TestOptionsReachTheTransport(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	var seen []tenderkit.Exchange
	asked, at := 0, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var agent string
	var bounded bool
	type key struct{}
	told := true
	c, err := transport.New(transport.Config{Vendor: "vendor", BaseURL: "http://api.example.com", Prefix: "/", RequestID: "Ruid"},
		tenderkit.WithHTTPClient(&http.Client{Transport: stub(func(r *http.Request) (*http.Response, error) {
			agent = r.Header.Get("User-Agent")
			_, bounded = r.Context().Deadline()
			return &http.Response{StatusCode: 503, Header: http.Header{"Ruid": {"r-1"}}, Body: http.NoBody}, nil
		})}),
		tenderkit.WithLogger(slog.New(slog.NewTextHandler(&log, nil))),
		tenderkit.WithUserAgent("shopbridge/2.1"), tenderkit.WithTimeout(time.Minute), tenderkit.WithRetries(1),
		tenderkit.WithBackoff(0, 0), tenderkit.WithLimiter(limiter{&asked}), tenderkit.WithClock(func() time.Time { return at }),
		tenderkit.WithObserver(func(ctx context.Context, e tenderkit.Exchange) {
			seen = append(seen, e)
			told = told && ctx.Value(key{}) == "trace-1"
		}), tenderkit.WithInsecureHTTP())
	if err != nil {
		t.Fatal(err)
	}
	_, err = transport.Call(context.WithValue(t.Context(), key{}, "trace-1"), c, transport.Request{
		Op: "Op", Class: transport.Read, Method: "GET", Path: "p", Reference: "till-7",
	}, transport.Ignore)
	if !errors.Is(err, payment.ErrUnavailable) || asked != 2 || !bounded || !c.Now().Equal(at) {
		t.Errorf("%v, the limiter was asked %d times, bounded %t", err, asked, bounded)
	}
	if !strings.HasPrefix(agent, "shopbridge/2.1 tenderkit/") || strings.Count(log.String(), "msg=exchange") != 2 {
		t.Errorf("the agent is %q, the log is %s", agent, log.String())
	}
	for i := range seen {
		seen[i].Duration, seen[i].Wait = 0, 0
	}
	want := tenderkit.Exchange{Vendor: "vendor", Op: "Op", Method: "GET", Path: "p", Reference: "till-7", Status: 503, Attempt: 2, RequestID: "r-1"}
	if len(seen) != 2 || seen[1] != want || !told {
		t.Errorf("the observer saw %+v", seen)
	}
}

// TestOptionsAreChecked: the first wrong value is reported, and a good one is
// not.
func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		opt   tenderkit.Option
		field string // empty if it is good
	}{
		{nil, "Option"},
		{tenderkit.WithHTTPClient(nil), "WithHTTPClient"},
		{tenderkit.WithHTTPClient(&http.Client{}), ""},
		{tenderkit.WithLogger(nil), "WithLogger"},
		{tenderkit.WithUserAgent(""), "WithUserAgent"},
		{tenderkit.WithUserAgent("a\r\nb: c"), "WithUserAgent"},
		{tenderkit.WithUserAgent("ü"), "WithUserAgent"},
		{tenderkit.WithUserAgent("shop/2.1 (desk)"), ""},
		{tenderkit.WithTimeout(0), "WithTimeout"},
		{tenderkit.WithTimeout(-1), "WithTimeout"},
		{tenderkit.WithTimeout(1), ""},
		{tenderkit.WithRetries(-1), "WithRetries"},
		{tenderkit.WithRetries(0), ""},
		{tenderkit.WithBackoff(-1, 1), "WithBackoff"},
		{tenderkit.WithBackoff(2, 1), "WithBackoff"},
		{tenderkit.WithBackoff(0, 0), ""},
		{tenderkit.WithLimiter(nil), "WithLimiter"},
		{tenderkit.WithClock(nil), "WithClock"},
		{tenderkit.WithObserver(nil), "WithObserver"},
	} {
		err := open(tt.opt, tenderkit.WithRetries(3))
		if tt.field != "" {
			checkField(t, err, tt.field)
		} else if err != nil {
			t.Error(err)
		}
	}
	checkField(t, open(tenderkit.WithRetries(-1), tenderkit.WithTimeout(-1), tenderkit.WithTimeout(1)), "WithRetries")
}

func open(opts ...tenderkit.Option) error {
	_, err := transport.New(transport.Config{Vendor: "vendor", BaseURL: "https://api.example.com"}, opts...)
	return err
}

func checkField(t *testing.T, err error, field string) {
	t.Helper()
	var refused *payment.FieldError
	if !errors.As(err, &refused) || refused.Field != field || !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("got %v, want a field error of %s", err, field)
	}
}
