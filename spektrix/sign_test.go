package spektrix

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"hash"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
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

func testMAC(t testing.TB) hash.Hash { return hmac.New(sha1.New, testKey(t)) }

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
			if got := signature(testMAC(t), v.method, v.url, testDate, []byte(v.body)); got != v.want {
				t.Errorf("signature = %s, want %s", got, v.want)
			}
		})
	}
}

func TestSignatureAlwaysHashesTheBody(t *testing.T) {
	t.Parallel()
	for _, body := range [][]byte{nil, {}} {
		if got := signature(testMAC(t), "POST", testBase+"/baskets", testDate, body); got == vectorG {
			t.Error("the hash line was left out")
		}
	}
}

func TestSignatureOfGETIgnoresTheBody(t *testing.T) {
	t.Parallel()
	with := signature(testMAC(t), "GET", testBase, testDate, []byte("{}"))
	if without := signature(testMAC(t), "GET", testBase, testDate, nil); with != without {
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

// send puts a request through the signer, as every call of a client goes.
func send(t *testing.T, next http.RoundTripper, method, path, body string) error {
	t.Helper()
	s := newSigner("TestLogin", testKey(t))
	s.now = func() time.Time { return time.Date(2020, 10, 21, 9, 28, 0, 0, time.FixedZone("CEST", 7200)) }
	client, err := transport.New(transport.Config{Vendor: vendor, BaseURL: "https://system.spektrix.com", Prefix: "/", Wrap: s.wrap},
		tenderkit.WithHTTPClient(&http.Client{Transport: next}))
	if err != nil {
		t.Fatal(err)
	}
	path, query, _ := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	r := transport.Request{Op: "Test", Class: transport.Write, Method: method, Path: path, Query: values}
	if body != "" {
		r.Body = []byte(body)
	}
	_, err = transport.Call(t.Context(), client, r, transport.Ignore)
	return err
}

func TestSignerSendsWhatItSigned(t *testing.T) {
	t.Parallel()
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			var next sent
			if err := send(t, &next, v.method, strings.TrimPrefix(v.url, "https://system.spektrix.com/"), v.body); err != nil {
				t.Fatal(err)
			}
			if got := next.req.Header.Get("Authorization"); got != "SpektrixAPI3 TestLogin:"+v.want {
				t.Errorf("Authorization = %q", got)
			}
			if got := next.req.Header.Get("Date"); got != testDate {
				t.Errorf("Date = %q", got)
			}
			if next.body != v.body || next.req.URL.String() != v.url {
				t.Errorf("sent %s %q", next.req.URL, next.body)
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

// The vendor's Go example in circulation fails for lengths that are no
// multiple of 4; any length has to give 20 bytes.
func FuzzSignature(f *testing.F) {
	f.Add("POST", "https://h/a", []byte("{}"))
	f.Add("GET", "", []byte(nil))
	mac := testMAC(f)
	f.Fuzz(func(t *testing.T, method, url string, body []byte) {
		sig, err := base64.StdEncoding.DecodeString(signature(mac, method, url, testDate, body))
		if err != nil || len(sig) != 20 {
			t.Errorf("%d bytes, %v", len(sig), err)
		}
	})
}

func BenchmarkSignature(b *testing.B) {
	mac, body := testMAC(b), []byte(strings.Repeat("x", 300))
	b.ReportAllocs()
	for b.Loop() {
		signature(mac, http.MethodPost, testBase+"/baskets/20AEBCDF/custom-payments", testDate, body)
	}
}

// The allocations of a signature are bounded; its time is for the benchmark.
func TestSignatureAllocates(t *testing.T) {
	mac, body := testMAC(t), []byte(strings.Repeat("x", 300))
	if n := testing.AllocsPerRun(100, func() { signature(mac, http.MethodPost, testBase, testDate, body) }); n > 16 {
		t.Errorf("%v allocations", n)
	}
}

// Where the vendor's signature is forbidden, New says so: the first call would
// panic. The rule holds for a whole process.
func TestNewUnderFIPS(t *testing.T) {
	if os.Getenv("TENDERKIT_TEST_FIPS") == "" {
		t.Parallel()
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNewUnderFIPS$", "-test.v")
		cmd.Env = append(os.Environ(), "GODEBUG=fips140=only", "TENDERKIT_TEST_FIPS=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
		return
	}
	_, err := New(Config{ClientName: "apitesting", Login: "TestLogin", Secret: testSecret, Currency: "GBP"})
	var refused *payment.FieldError
	if !errors.As(err, &refused) || refused.Field != "Config" {
		t.Errorf("err = %v", err)
	}
}
