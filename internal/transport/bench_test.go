package transport

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"testing"

	"github.com/tenderkit/tenderkit/internal/wire"
)

// The benchmarks hold a typed call against what a user would write with
// net/http and encoding/json alone: same answer, same stub, same headers.

const benchAnswer = `{"id":935253,"ref":"till-7/000123","amount":"10.40","currency":"GBP","lines":[{"sku":"A-1","qty":2},{"sku":"B-2","qty":1}],"note":"paid at the desk"}`

type benchRecord struct {
	ID       int64  `json:"id"`
	Ref      string `json:"ref"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	Lines    []struct {
		SKU string `json:"sku"`
		Qty int    `json:"qty"`
	} `json:"lines"`
	Note string `json:"note"`
}

type benchPayload struct {
	Ref    string `json:"ref"`
	Amount string `json:"amount"`
	Order  int64  `json:"order"`
}

var benchSent = benchPayload{Ref: "till-7/000123", Amount: "10.40", Order: 100042}

// benchStub answers at once, as a server would.
func benchStub(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return nil, err
		}
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header:        http.Header{"Content-Type": {"application/json"}},
		ContentLength: int64(len(benchAnswer)),
		Body:          io.NopCloser(bytes.NewReader([]byte(benchAnswer))),
	}, nil
}

// signing is a vendor's layer: it sets one header on each attempt.
func signing(next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(req *http.Request) (*http.Response, error) {
		req.Header.Set("Authorization", "Bearer token")
		return next.RoundTrip(req)
	})
}

func benchRaw(b *testing.B, client *http.Client, method, url string, payload any) {
	b.Helper()
	var body io.Reader
	if payload != nil {
		sent, err := wire.Marshal(payload)
		if err != nil {
			b.Fatal(err)
		}
		body = bytes.NewReader(sent)
	}
	req, err := http.NewRequestWithContext(b.Context(), method, url, body)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Accept", "application/json")
	if payload != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Fatal(err)
	}
	var record benchRecord
	if err := json.Unmarshal(answer, &record); err != nil || record.ID != 935253 {
		b.Fatal(record, err)
	}
}

func benchCall(b *testing.B, c *Client, r Request) {
	b.Helper()
	record, err := Call(b.Context(), c, r, JSON[benchRecord])
	if err != nil || record.ID != 935253 {
		b.Fatal(record, err)
	}
}

func benchClient(b *testing.B, wrap func(http.RoundTripper) http.RoundTripper) *Client {
	b.Helper()
	c, err := New(Config{Vendor: "vendor", BaseURL: "https://api.example.com", Prefix: "/v1/", Wrap: wrap},
		WithHTTPClient(&http.Client{Transport: roundTrip(benchStub)}))
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func BenchmarkGetRaw(b *testing.B) {
	client := &http.Client{Transport: roundTrip(benchStub)}
	b.ReportAllocs()
	for id := 0; b.Loop(); id++ {
		benchRaw(b, client, http.MethodGet, "https://api.example.com/v1/payments/"+strconv.Itoa(id), nil)
	}
}

func BenchmarkGet(b *testing.B) {
	c := benchClient(b, nil)
	b.ReportAllocs()
	for id := 0; b.Loop(); id++ {
		benchCall(b, c, Request{
			Op: "Payment", Class: Read, Method: http.MethodGet, Path: "payments/{id}", IDs: []string{strconv.Itoa(id)},
		})
	}
}

func BenchmarkSignedPostRaw(b *testing.B) {
	client := &http.Client{Transport: signing(roundTrip(benchStub))}
	b.ReportAllocs()
	for b.Loop() {
		benchRaw(b, client, http.MethodPost, "https://api.example.com/v1/payments", benchSent)
	}
}

func BenchmarkSignedPost(b *testing.B) {
	c := benchClient(b, signing)
	b.ReportAllocs()
	for b.Loop() {
		benchCall(b, c, Request{Op: "Create", Class: Write, Method: http.MethodPost, Path: "payments", Payload: benchSent})
	}
}

// BenchmarkSealed is what an error of 64 KiB costs that shows a secret.
func BenchmarkSealed(b *testing.B) {
	s := NewSeal("0123456789abcdef0123456789abcdef", "another/secret+with=escapes")
	body := bytes.Repeat([]byte(`{"text":"plain \"quoted\" 100% \/ words"},`), maxErrorBody/40)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if len(head(body, s.all(), maxErrorBody, false)) == 0 {
			b.Fatal("nothing is left")
		}
	}
}
