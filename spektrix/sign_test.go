package spektrix

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	testSecret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="
	testDate   = "Wed, 21 Oct 2020 07:28:00 GMT"
	testBase   = "https://system.spektrix.com/apitesting/api/v3"
	testBody   = `{"PaymentTypeId":"93AGQTGJBKVCQVRRKBVCCRTPJTBKCNLBH","Amount":10.40,"PaymentAttributes":[{"Name":"Payment ref","Value":"ABC_123"}]}`
)

func testKey(t testing.TB) []byte {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(testSecret)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// vectors are computed from the vendor's description of the signature. They
// prove agreement with the description, not acceptance by the vendor.
var vectors = []struct{ name, method, url, body, want string }{
	{"A", "GET", testBase + "/custom-payment-types", "", "z/XgD4Ht+XhSJXBJhEKTxcw0Cr8="},
	{"C", "POST", testBase + "/baskets/20AEBCDF/custom-payments", testBody, "LB9tNdi1Mimd3iLwSqPVhlk3PBw="},
	{"D", "PATCH", testBase + "/baskets/20AEBCDF", `{"WaiveTransactionCommission":true}`, "zeHkD90zSeddyxREP1KG/a0aUxs="},
	{"E", "POST", testBase + "/baskets", "{}", "noloaiKknoZErvYbF+yzBIrOrUU="},
	{"F", "POST", testBase + "/baskets", "", "cIze6xCQWLXrbQ53yWwOrS2emyM="},
	{"H", "DELETE", testBase + "/customers/tags/93AGQTGJBKVCQVRRKBVCCRTPJTBKCNLBH?id=I-AK11-1ATK", "", "Lvd1v+ZC5J9OzFDNOEIuugsayDI="},
}

// vectorG is F with the hash line left out, which the vendor refuses.
const vectorG = "t94gWmKpEYm1FMUFJ9+h/Xd/8h8="

func TestSignature(t *testing.T) {
	t.Parallel()
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			if got := signature(testKey(t), v.method, v.url, testDate, []byte(v.body)); got != v.want {
				t.Errorf("signature = %s, want %s", got, v.want)
			}
		})
	}
}

func TestSignatureAlwaysHashesTheBody(t *testing.T) {
	t.Parallel()
	for _, body := range [][]byte{nil, {}} {
		if got := signature(testKey(t), "POST", testBase+"/baskets", testDate, body); got == vectorG {
			t.Error("the hash line was left out")
		}
	}
}

func TestSignatureOfGETIgnoresTheBody(t *testing.T) {
	t.Parallel()
	with := signature(testKey(t), "GET", testBase, testDate, []byte("{}"))
	if without := signature(testKey(t), "GET", testBase, testDate, nil); with != without {
		t.Error("a GET was signed with a hash line")
	}
}

// sent is a RoundTripper that keeps what it was asked to send.
type sent struct {
	req  *http.Request
	body string
}

func (s *sent) RoundTrip(req *http.Request) (*http.Response, error) {
	s.req = req
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		s.body = string(body)
	}
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Header: http.Header{}}, nil
}

func testSigner(t *testing.T, next http.RoundTripper) *signer {
	t.Helper()
	return &signer{
		login: "TestLogin", key: testKey(t), next: next,
		now: func() time.Time { return time.Date(2020, 10, 21, 9, 28, 0, 0, time.FixedZone("CEST", 7200)) },
	}
}

func TestSignerSendsWhatItSigned(t *testing.T) {
	t.Parallel()
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			var next sent
			req, err := http.NewRequestWithContext(t.Context(), v.method, v.url, strings.NewReader(v.body))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := testSigner(t, &next).RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if got := next.req.Header.Get("Authorization"); got != "SpektrixAPI3 TestLogin:"+v.want {
				t.Errorf("Authorization = %q", got)
			}
			if got := next.req.Header.Get("Date"); got != testDate {
				t.Errorf("Date = %q", got)
			}
			if next.body != v.body || next.req.URL.String() != v.url {
				t.Errorf("sent %s %q", next.req.URL, next.body)
			}
			if len(req.Header) != 0 {
				t.Errorf("the caller's request was changed: %v", req.Header)
			}
		})
	}
}

func TestSignerTakesTheURLAsItIsSent(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		testBase + "/customers?email=a@b.example",
		testBase + "/customers?email=a%40b.example",
		testBase + "/a%2Cb/%C3%A9",
		"http://127.0.0.1:8080/apitesting/api/v3/baskets",
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := wireURL(req); got != url {
			t.Errorf("wireURL = %q, want %q", got, url)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, testBase+"/baskets#part", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := wireURL(req); got != testBase+"/baskets" {
		t.Errorf("wireURL = %q, with a fragment", got)
	}
}

// broken is a body that cannot be read.
type broken struct{ closed bool }

func (b *broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
func (b *broken) Close() error             { b.closed = true; return nil }

func TestSignerSendsNothingWithoutItsBody(t *testing.T) {
	t.Parallel()
	var next sent
	body := &broken{}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, testBase, body)
	if err != nil {
		t.Fatal(err)
	}
	_, err = testSigner(t, &next).RoundTrip(req)
	if err == nil || next.req != nil || !body.closed {
		t.Errorf("err = %v, sent = %v, closed = %v", err, next.req != nil, body.closed)
	}
}

// The vendor's Go example in circulation fails for lengths that are no
// multiple of 4; any length has to give 20 bytes.
func FuzzSignature(f *testing.F) {
	f.Add("POST", "https://h/a", []byte("{}"))
	f.Add("GET", "", []byte(nil))
	key := testKey(f)
	f.Fuzz(func(t *testing.T, method, url string, body []byte) {
		sig, err := base64.StdEncoding.DecodeString(signature(key, method, url, testDate, body))
		if err != nil || len(sig) != 20 {
			t.Errorf("%d bytes, %v", len(sig), err)
		}
	})
}

func BenchmarkSignature(b *testing.B) {
	key, body := testKey(b), []byte(strings.Repeat("x", 300))
	b.ReportAllocs()
	for b.Loop() {
		signature(key, http.MethodPost, testBase+"/baskets/20AEBCDF/custom-payments", testDate, body)
	}
}

// The allocations of a signature are bounded; its time is for the benchmark.
func TestSignatureAllocates(t *testing.T) {
	key, body := testKey(t), []byte(strings.Repeat("x", 300))
	if n := testing.AllocsPerRun(100, func() { signature(key, http.MethodPost, testBase, testDate, body) }); n > 16 {
		t.Errorf("%v allocations", n)
	}
}
