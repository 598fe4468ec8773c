package tenderkit_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"github.com/tenderkit/tenderkit"
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
