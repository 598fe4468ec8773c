package rubi

import (
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
)

const (
	testKey = "KEY"
	testUID = "11111111-2222-3333-4444-555555555555"
	itemA   = "aaaaaaaa-0000-0000-0000-000000000001"
	itemB   = "aaaaaaaa-0000-0000-0000-000000000002"
)

// mock is a Rubi that returns prepared answers and keeps what it was sent.
type mock struct {
	client *Client
	sent   []sent
}

type sent struct{ method, url, contentType, body string }

type reply struct {
	status int
	body   string
}

// newMock answers in the given order; one request more fails the test.
func newMock(t *testing.T, config Config, replies ...reply) *mock {
	t.Helper()
	m := &mock{}
	transport := httpmock.NewMockTransport()
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(r.Body)
		m.sent = append(m.sent, sent{r.Method, r.URL.String(), r.Header.Get("Content-Type"), string(body)})
		if len(m.sent) > len(replies) {
			t.Errorf("unexpected request to %s", r.URL)
			return httpmock.NewStringResponse(500, ""), nil
		}
		next := replies[len(m.sent)-1]
		return httpmock.NewStringResponse(next.status, next.body), nil
	})
	config.APIKey = testKey
	client, err := New(config, tenderkit.WithHTTPClient(&http.Client{Transport: transport}), tenderkit.WithRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	m.client = client
	return m
}

// answering returns a client for one answer with HTTP status 200.
func answering(t *testing.T, body string) *mock {
	t.Helper()
	return newMock(t, Config{}, reply{200, body})
}

// silent returns a client whose every request fails the test.
func silent(t *testing.T) *Client {
	t.Helper()
	return newMock(t, Config{}).client
}

// elements decodes the body of the n-th request.
func (m *mock) elements(t *testing.T, n int) []string {
	t.Helper()
	if len(m.sent) <= n {
		t.Fatalf("%d requests were sent", len(m.sent))
	}
	form, err := url.ParseQuery(m.sent[n].body)
	if err != nil || len(form) != 1 || len(form[""]) != 1 {
		t.Fatalf("body %q is not one value under the empty name", m.sent[n].body)
	}
	var elements []string
	if err := json.Unmarshal([]byte(form.Get("")), &elements); err != nil {
		t.Fatalf("body %q: %v", m.sent[n].body, err)
	}
	return elements
}

// message is an answer with code 200 and the given text as ResponseMessage.
func message(text string) string {
	return `{"ResponseCode":"200","ResponseMessage":` + jsonText(text) + `}`
}

func sample(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}

// validPayment is a submission that nothing is wrong with.
func validPayment() UserPayment {
	return UserPayment{
		UID: testUID, PaymentType: CardPayment, PaymentItems: []string{itemA, itemB},
		Address1: "1 High St", Address4: "Leeds", County: "West Yorkshire", Postcode: "LS1 1AA", Country: "United Kingdom",
		EmailAddress: "jo@example.org", MobCountry: "+44", Mob: "07700900000",
	}
}

// all ranges over a sequence up to its first error.
func all[T any](seq iter.Seq2[T, error]) (list []T, err error) {
	for v, err := range seq {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

// recordsOf returns the records of a submission.
func recordsOf(s Submission, err error) ([]PaymentItem, error) { return s.Items, err }

func amount(t *testing.T, s string) payment.Amount {
	t.Helper()
	a, err := payment.ParseAmount(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
