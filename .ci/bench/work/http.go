// Package work is what the benchmarks do: calls of this SDK, and the same by
// hand with net/http and encoding/json alone.
package work

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"github.com/tenderkit/tenderkit/bench/measure"
	"github.com/tenderkit/tenderkit/internal/transport"
)

// Answer is what the stubbed transport answers to the calls of [Typed].
const Answer = `{"id":935253,"ref":"till-7/000123","amount":"10.40","currency":"GBP","lines":[{"sku":"A-1","qty":2},{"sku":"B-2","qty":1}],"note":"paid at the desk"}`

// Record is the answer's struct, with all clients the same.
type Record struct {
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

// Payload is what a POST sends.
type Payload struct {
	Ref    string `json:"ref"`
	Amount string `json:"amount"`
	Order  int64  `json:"order"`
}

// Sent is the payload of all clients.
var Sent = Payload{Ref: "till-7/000123", Amount: "10.40", Order: 100042}

// Origin, Agent and Token are those of all clients.
const (
	Origin = "https://api.example.com"
	Agent  = "bench/1.0"
	Token  = "0123456789abcdef0123456789abcdef"
)

// Stub answers every request at once.
type Stub struct {
	Body   string
	Header http.Header
}

// RoundTrip reads the request's body and answers.
func (s *Stub) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
	}
	header := http.Header{"Content-Type": {"application/json"}}
	for name, values := range s.Header {
		header[name] = values
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: header, ContentLength: int64(len(s.Body)), Body: io.NopCloser(bytes.NewReader([]byte(s.Body))),
	}, nil
}

// each makes work of one time.
func each(name string, do func(ctx context.Context, i int) error) measure.Work {
	return measure.Work{Name: name, Do: func(n int) error {
		for i := range n {
			if err := do(context.Background(), i); err != nil {
				return err
			}
		}
		return nil
	}}
}

// Each makes work of one time, for the peers.
func Each(name string, do func(ctx context.Context, i int) error) measure.Work { return each(name, do) }

// exchange is one call as a program without an SDK makes it.
func exchange(ctx context.Context, client *http.Client, method, url string, header map[string]string, sent, into any) error {
	var body []byte
	if sent != nil {
		var err error
		if body, err = json.Marshal(sent); err != nil {
			return err
		}
	}
	return exchangeBytes(ctx, client, method, url, header, body, func(answer []byte) error { return json.Unmarshal(answer, into) })
}

func exchangeBytes(ctx context.Context, client *http.Client, method, url string, header map[string]string, body []byte, read func([]byte) error) error {
	var sent io.Reader
	if body != nil {
		sent = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, url, sent)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", Agent)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	return read(answer)
}

var bearer = map[string]string{"Authorization": "Bearer " + Token}

// Typed is a typed GET and a typed POST over a stubbed transport, with a bearer
// token. The peers join them.
func Typed() (get, post measure.Row, err error) {
	stub := &http.Client{Transport: &Stub{Body: Answer}}
	client, err := transport.New(transport.Config{
		Vendor: "vendor", BaseURL: Origin, Prefix: "/v1/",
		Wrap: func(next http.RoundTripper) http.RoundTripper { return signer{next} },
	}, func(s *transport.Settings) { s.Client = stub })
	get = measure.Row{Name: "typed GET", Goal: "1.15, 42 allocations, 4.2 kB", Block: 2000, Works: []measure.Work{
		each("by hand", func(ctx context.Context, i int) error {
			var r Record
			return exchange(ctx, stub, http.MethodGet, Origin+"/v1/payments/"+strconv.Itoa(i), bearer, nil, &r)
		}),
		each("tenderkit", func(ctx context.Context, i int) error {
			_, err := transport.Call(ctx, client, transport.Request{
				Op: "Payment", Class: transport.Read, Method: http.MethodGet, Path: "payments/{id}", IDs: []string{strconv.Itoa(i)},
			}, transport.JSON[Record])
			return err
		}),
	}}
	post = measure.Row{Name: "typed POST", Goal: "1.3", Block: 2000, Works: []measure.Work{
		each("by hand", func(ctx context.Context, i int) error {
			var r Record
			return exchange(ctx, stub, http.MethodPost, Origin+"/v1/payments", bearer, Sent, &r)
		}),
		each("tenderkit", func(ctx context.Context, i int) error {
			_, err := transport.Call(ctx, client, transport.Request{
				Op: "Create", Class: transport.Write, Method: http.MethodPost, Path: "payments", Payload: Sent,
			}, transport.JSON[Record])
			return err
		}),
	}}
	return get, post, err
}
