package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// layers returns every layer of an error that errors.Unwrap or a list of errors
// leads to.
func layers(err error) []error {
	all := []error{err}
	for _, part := range unwrap(err) {
		if part != nil {
			all = append(all, layers(part)...)
		}
	}
	return all
}

// checkLayers looks for a text in all layers, under all verbs and in JSON.
func checkLayers(t *testing.T, name string, err error, hidden ...string) {
	t.Helper()
	for _, layer := range layers(err) {
		inJSON, _ := json.Marshal(layer)
		texts := []string{layer.Error(), string(inJSON)}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			texts = append(texts, fmt.Sprintf(verb, layer), fmt.Sprintf(verb, []error{layer}), fmt.Sprintf(verb, struct{ E error }{layer}))
		}
		for _, text := range texts {
			for _, h := range hidden {
				if strings.Contains(text, h) || strings.Contains(text, fmt.Sprintf("%x", h)) {
					t.Errorf("%s: %q is in %T: %s", name, h, layer, text)
				}
			}
		}
	}
}

// Errors as a caller's layer may make them.
type (
	textError   struct{ Text string }
	bytesError  struct{ Body []byte }
	hiddenError struct{ inner struct{ text []string } }
	asking      struct{ Request *http.Request }
	wrapping    struct {
		Note string
		Err  error
	}
)

func (e textError) Error() string    { return e.Text }
func (e *bytesError) Error() string  { return "broken" }
func (e *hiddenError) Error() string { return "broken" }
func (e *asking) Error() string      { return "broken" }
func (e *wrapping) Error() string    { return e.Note }
func (e *wrapping) Unwrap() error    { return e.Err }

const (
	credential = "card-key-1234567890"
	person     = "Jane Roe"
)

// TestEveryLayerIsSealed: whatever a caller's transport returns, no layer of the
// error shows a credential or personal data, and it still matches.
func TestEveryLayerIsSealed(t *testing.T) {
	t.Parallel()
	inner := errors.New("inner")
	request := &http.Request{Header: http.Header{"Authorization": {credential}}}
	hidden := &hiddenError{}
	hidden.inner.text = []string{"a", credential}
	for name, err := range map[string]error{
		"text":           textError{"key " + credential},
		"personal":       textError{"JANE ROE is unknown"},
		"bytes":          &bytesError{[]byte(credential)},
		"unexported":     hidden,
		"request":        &asking{request},
		"in a layer":     fmt.Errorf("outer: %w", textError{credential}),
		"in a deep one":  &wrapping{"plain", &wrapping{"plain", &bytesError{[]byte(credential)}}},
		"in one of many": errors.Join(io.EOF, &wrapping{credential, io.ErrUnexpectedEOF}),
		"around":         &wrapping{credential, syscall.ECONNRESET},
	} {
		for _, r := range []Request{reading(), writing()} {
			r.Private = []string{person}
			c := clientOf(t, Config{Seal: NewSeal(credential)}, WithRetries(0), over(func(*http.Request) (*http.Response, error) {
				return nil, fmt.Errorf("%w, %w", err, inner)
			}))
			_, got := send(t.Context(), c, r)
			checkLayers(t, name, got, credential, person, strings.ToUpper(person))
			if !errors.Is(got, inner) {
				t.Errorf("%s: does not match any more: %v", name, got)
			}
			for _, plain := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET} {
				if errors.Is(err, plain) != errors.Is(got, plain) {
					t.Errorf("%s: matches %v: %t", name, plain, errors.Is(got, plain))
				}
			}
			var a *asking
			if errors.As(got, &a) {
				t.Errorf("%s: leads to a request", name)
			}
		}
	}
}

// TestSealLeavesPlainErrors: what shows nothing stays as it is, for errors.As.
func TestSealLeavesPlainErrors(t *testing.T) {
	t.Parallel()
	dial := &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{Port: 443}, Err: syscall.ECONNREFUSED}
	c := clientOf(t, Config{Seal: NewSeal(credential)}, over(func(*http.Request) (*http.Response, error) {
		return nil, errors.Join(&wrapping{"plain", textError{"plain"}}, dial)
	}), WithRetries(0))
	_, err := send(t.Context(), c, writing())
	var op *net.OpError
	var text textError
	var wrap *wrapping
	if !errors.As(err, &op) || op != dial || !errors.As(err, &text) || !errors.As(err, &wrap) || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("got %v", err)
	}
}

// TestDecodeErrorsAreSealed: the layers of an answer that cannot be read.
func TestDecodeErrorsAreSealed(t *testing.T) {
	t.Parallel()
	v := newVendor(t, status(200, `{"id":"`+credential+`"}`))
	c := clientOf(t, Config{BaseURL: v.URL, Seal: NewSeal(credential)})
	_, err := send(t.Context(), c, writing())
	checkLayers(t, "JSON", err, credential)
	_, err = Call(t.Context(), c, writing(), func(r *Reply) (answer, error) { return answer{}, &bytesError{r.Body} })
	checkLayers(t, "bytes", err, credential)
	_, err = Call(t.Context(), c, writing(), func(r *Reply) (answer, error) {
		return answer{}, &payment.Error{Err: fmt.Errorf("%w: %s", payment.ErrConflict, r.Body)}
	})
	checkLayers(t, "told", err, credential)
	failed(t, err, payment.ErrConflict)
	r := writing()
	r.Payload, r.Private = unwritable{}, []string{person}
	_, err = send(t.Context(), c, r)
	checkLayers(t, "payload", err, credential, person)
	refusedInput(t, err, "Payload")
}

type unwritable struct{}

func (unwritable) MarshalJSON() ([]byte, error) { return nil, errors.New(person + ", " + credential) }

// TestConceal: what is secret in one call only is hidden in its error.
func TestConceal(t *testing.T) {
	t.Parallel()
	v := newVendor(t, status(200, "<html>you signed with sig+nature/1=</html>"))
	c := clientOf(t, Config{BaseURL: v.URL, Wrap: func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			Conceal(r.Context(), "sig+nature/1=")
			return next.RoundTrip(r)
		})
	}})
	_, err := send(t.Context(), c, writing())
	if e := failed(t, err, payment.ErrOutcomeUnknown); strings.Contains(string(e.Body), "nature") || !strings.Contains(string(e.Body), redacted) {
		t.Errorf("the body is %s", e.Body)
	}
	Conceal(t.Context(), "no call") // elsewhere it does nothing
}

// TestConfidential: an answer that is a secret itself is kept nowhere.
func TestConfidential(t *testing.T) {
	t.Parallel()
	for _, code := range []int{200, 400} {
		v := newVendor(t, status(code, `{"access_token":"new-token-1234", "error_description":"code is used"}`))
		c := clientOf(t, Config{BaseURL: v.URL, Fault: func(_ *Reply, e *payment.Error) { e.Message = "code is used" }})
		r := writing()
		r.Confidential = true
		_, err := Call(t.Context(), c, r, func(*Reply) (answer, error) { return answer{}, errors.New("expires_in is text") })
		var e *payment.Error
		if !errors.As(err, &e) || len(e.Body) != 0 {
			t.Errorf("%d: the body is kept: %s", code, e.Body)
		}
		if code == 400 && e.Message != "code is used" {
			t.Errorf("the message is %q", e.Message)
		}
		checkLayers(t, "token", err, "new-token")
	}
}

// TestExchangeIsSealed: so is what an observer is told.
func TestExchangeIsSealed(t *testing.T) {
	t.Parallel()
	var seen []Exchange
	c := clientOf(t, Config{Seal: NewSeal(credential)}, WithRetries(0), WithObserver(func(_ context.Context, e Exchange) { seen = append(seen, e) }),
		over(func(*http.Request) (*http.Response, error) { return nil, &wrapping{credential, io.EOF} }))
	_, _ = send(t.Context(), c, writing())
	if len(seen) != 1 || !errors.Is(seen[0].Err, io.EOF) {
		t.Fatalf("seen %+v", seen)
	}
	checkLayers(t, "exchange", seen[0].Err, credential)
}

// TestSealNestedForms: JSON in JSON, and in JSON again; personal data in
// another letter case; a short key as a whole word; nothing inside what is
// redacted already.
func TestSealNestedForms(t *testing.T) {
	t.Parallel()
	s := NewSeal("key/one+two", "redacted", "ab1")
	nest := func(text string) string {
		b, _ := json.Marshal(text)
		return strings.ReplaceAll(string(b[1:len(b)-1]), "/", `\/`)
	}
	for text, want := range map[string]string{
		nest("key/one+two"):                   redacted,
		nest(nest("key/one+two")):             redacted,
		nest(nest(nest("key/one+two"))):       redacted,
		`%22` + nest("key/one+two") + `%22`:   `%22` + redacted + `%22`,
		`\n` + nest("key/one+two"):            `\n` + redacted,
		"key%5C%2Fone%2Btwo":                  redacted,
		"key/one two":                         redacted, // as a URL shows it
		"[redacted] of ab1, not of ab12, ab1": "[redacted] of [redacted], not of ab12, [redacted]",
		"x[redacted]x":                        "x[redacted]x",
		"was redacted":                        "was [redacted]",
		"öab1":                                "öab1",
		"KEY/One+Two":                         redacted, // a GUID, for one, is the same key in both cases
		`kEY\u002foNE\u002BtWO`:               redacted,
	} {
		if got := s.Text(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
		if again := s.Text(s.Text(text)); again != s.Text(text) {
			t.Errorf("%q becomes %q", s.Text(text), again)
		}
	}
	for text, want := range map[string]string{
		"JANE ROE, jane roe, Jane+Roe": "[redacted], [redacted], [redacted]",
		"MÜLLER\u00c9 müller\u00e9":    "[redacted] [redacted]",
		`M\u00DCLLER\u00c9`:            "[redacted]",
		"Elias, eli, ELI and Eli.":     "Elias, eli, ELI and Eli.", // too short
		"Rosen, rose, ROSE's":          "Rosen, [redacted], [redacted]'s",
		"12 Some Road\\nTown":          "[redacted]",
	} {
		if got := NewSeal().Text(text, "Jane Roe", "Müllerö", "Müller\u00e9", "Eli", "Rose", "12 Some Road\nTown"); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// TestSealIsLinear: a text made to be slow is not. It took hours.
func TestSealIsLinear(t *testing.T) {
	t.Parallel()
	const n = 32 << 10
	for name, tt := range map[string]struct{ text, private string }{
		"backslashes": {strings.Repeat(`\`, 2*n), strings.Repeat(`\`, 38)},
		"long":        {strings.Repeat(`\`, 2*n), strings.Repeat(`\`, n)},
		"same bytes":  {strings.Repeat("a", 2*n), strings.Repeat("a", n)},
		"nearly":      {strings.Repeat("a", 2*n), "b" + strings.Repeat("a", n)},
		"entities":    {strings.Repeat("&amp;", n/2), strings.Repeat("&", n)},
		"percent":     {strings.Repeat("%25", n/2), strings.Repeat("%", n)},
		"mixed":       {strings.Repeat(`\u0025\\&#92;%5c`, n/8), strings.Repeat(`%\`, n/2)},
	} {
		start := time.Now()
		NewSeal("0123456789").Text(tt.text, tt.private)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

// BenchmarkRedact shows that the time grows with the text and the secrets, not
// with their product, for a text made to be slow.
func BenchmarkRedact(b *testing.B) {
	for _, n := range []int{1 << 10, 1 << 13, 1 << 16} {
		for _, m := range []int{38, 1 << 10, 1 << 14} {
			b.Run(fmt.Sprintf("text=%d/secret=%d", n, m), func(b *testing.B) {
				text, secret := strings.Repeat(`\`, n), strings.Repeat(`\`, m)
				b.SetBytes(int64(n + m))
				for b.Loop() {
					NewSeal(secret).Text(text)
				}
			})
		}
	}
}
