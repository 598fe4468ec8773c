package spektrix_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
)

// stub answers every request at once.
type stub struct{ answer []byte }

func (s stub) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}},
		ContentLength: int64(len(s.answer)), Body: io.NopCloser(bytes.NewReader(s.answer)), Request: req,
	}, nil
}

func stubbed(b *testing.B) stub {
	b.Helper()
	return stub{[]byte(compact(b, fixture(b, "custom-payment-response.json")))}
}

// BenchmarkAddCustomPayment is a signed POST; compare it with BenchmarkRawPost in the same
// run.
func BenchmarkAddCustomPayment(b *testing.B) {
	client := newClient(b, sampleConfig, tenderkit.WithHTTPClient(&http.Client{Transport: stubbed(b)}))
	p := documented(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.AddCustomPayment(b.Context(), basketID, p); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRawPost is the same exchange as a user would write it with net/http
// and encoding/json alone, unchecked and with amounts as floats. Without the
// signature the vendor would refuse it, so its cost is shown apart.
func BenchmarkRawPost(b *testing.B) {
	for name, signed := range map[string]bool{"unsigned": false, "signed": true} {
		b.Run(name, func(b *testing.B) {
			client := &http.Client{Transport: stubbed(b)}
			key := []byte("a key of the venue")
			b.ReportAllocs()
			for b.Loop() {
				if err := rawPost(b.Context(), client, key, signed); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type rawAttribute struct{ Name, Value string }

func rawPost(ctx context.Context, client *http.Client, key []byte, signed bool) error {
	body, err := json.Marshal(struct {
		PaymentTypeID     string `json:"PaymentTypeId"`
		Amount            float64
		PaymentAttributes []rawAttribute
	}{epos, 10.40, []rawAttribute{{"Payment ref", "ABC_123"}}})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"baskets/"+basketID+"/custom-payments", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", "bench/1.0")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	if signed {
		rawSign(req, key, body)
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Name       string
		Amount     float64
		Attributes []rawAttribute
	}
	return json.NewDecoder(resp.Body).Decode(&answer)
}

func rawSign(req *http.Request, key, body []byte) {
	date := time.Now().UTC().Format(http.TimeFormat)
	sum := md5.Sum(body)
	mac := hmac.New(sha1.New, key)
	mac.Write([]byte(req.Method + "\n" + req.URL.String() + "\n" + date + "\n" + base64.StdEncoding.EncodeToString(sum[:])))
	req.Header.Set("Date", date)
	req.Header.Set("Authorization", "SpektrixAPI3 TestLogin:"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}
