package rubi

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit"
)

// canned answers every request with the same body, without a socket.
type canned struct{ body []byte }

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(c.body)), ContentLength: int64(len(c.body)), Request: r}, nil
}

// basketAnswer is a basket of ten bookings with all layers as text.
func basketAnswer() []byte {
	item := `{"ItemGUID":"` + itemA + `","Item":"Booking","ItemDetails":"Annual Dinner","ItemContact":"Jo","ItemValue":"10.00","ItemTax":"2.00","ItemTaxRate":"20","ItemTotal":"12.00","eid":"e1"}`
	return []byte(jsonText(message("[" + strings.TrimSuffix(strings.Repeat(item+",", 10), ",") + "]")))
}

func BenchmarkUserBasket(b *testing.B) {
	client, err := New(Config{APIKey: testKey}, tenderkit.WithHTTPClient(&http.Client{Transport: canned{basketAnswer()}}))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if items, err := all(client.UserBasket(b.Context(), testUID, Bookings)); err != nil || len(items) != 10 {
			b.Fatal(len(items), err)
		}
	}
}

// BenchmarkRawUserBasket is the same call by hand, with amounts as floats.
func BenchmarkRawUserBasket(b *testing.B) {
	client := &http.Client{Transport: canned{basketAnswer()}}
	b.ReportAllocs()
	for b.Loop() {
		if n, err := rawUserBasket(b, client); err != nil || n != 10 {
			b.Fatal(n, err)
		}
	}
}

func rawUserBasket(b *testing.B, client *http.Client) (int, error) {
	elements, err := json.Marshal([]string{testUID, "Bookings", testKey})
	if err != nil {
		return 0, err
	}
	form := url.Values{"": {string(elements)}}.Encode()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, base+"UserBasket", strings.NewReader(form))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", formType)
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	return rawRecords(body)
}

func rawRecords(body []byte) (int, error) {
	var text string
	var envelope struct{ ResponseCode, ResponseMessage string }
	var items []struct {
		ItemGUID, Item, ItemDetails, ItemContact, ItemTaxRate string
		ItemValue, ItemTax, ItemTotal                         float64 `json:",string"`
		EID                                                   string  `json:"eid"`
	}
	for _, layer := range []any{&text, &envelope, &items} {
		if err := json.Unmarshal(body, layer); err != nil {
			return 0, err
		}
		switch layer.(type) {
		case *string:
			body = []byte(text)
		default:
			body = []byte(envelope.ResponseMessage)
		}
	}
	return len(items), nil
}
