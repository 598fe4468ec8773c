package backendpay

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"testing"
)

const benchPayments = 100_000

// benchServer serves payments by idAfter, 100 a page.
func benchServer(tb testing.TB, payments int, page func(number int) []byte) *httptest.Server {
	tb.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		after, err := strconv.Atoi(r.URL.Query().Get("idAfter"))
		if err != nil || after > payments {
			http.Error(w, "idAfter", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(page(after / 100))
	}))
	tb.Cleanup(server.Close)
	return server
}

// stored makes the pages once, so that the readers are what is measured.
func stored(payments int) func(number int) []byte {
	pages := make([][]byte, payments/100+1)
	for i := range pages {
		pages[i] = benchPage(i*100, min(100, payments-i*100))
	}
	return func(number int) []byte { return pages[number] }
}

// made makes each page anew, so that the server holds none: a garbage
// collector lets garbage grow with what is held.
func made(payments int) func(number int) []byte {
	return func(number int) []byte { return benchPage(number*100, min(100, payments-number*100)) }
}

func benchPage(from, n int) []byte {
	page := []byte{'['}
	for i := range n {
		if i > 0 {
			page = append(page, ',')
		}
		id := from + i + 1
		page = fmt.Appendf(page, `{"id":"%d","ourReference":"SDK-2024-%06d","customerReference":"INV C12345/%d","paymentDate":"2024-11-25",`+
			`"paymentReversedDate":null,"status":["Valid"],"paymentAmount":%d.50,"paymentMethod":"Bank Transfer","invoiceID":null,"invoiceIDReversed":null}`,
			id, id, id%1000, id%5000)
	}
	return append(page, ']')
}

// rawPayment is what a program without this package writes.
type rawPayment struct {
	ID                  string   `json:"id"`
	OurReference        string   `json:"ourReference"`
	CustomerReference   string   `json:"customerReference"`
	PaymentDate         string   `json:"paymentDate"`
	PaymentReversedDate *string  `json:"paymentReversedDate"`
	Status              []string `json:"status"`
	PaymentAmount       float64  `json:"paymentAmount"`
	PaymentMethod       string   `json:"paymentMethod"`
	InvoiceID           *string  `json:"invoiceID"`
	InvoiceIDReversed   *string  `json:"invoiceIDReversed"`
}

// rawPage is one page by net/http and encoding/json.
func rawPage(ctx context.Context, client *http.Client, url string) ([]rawPayment, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer k")
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var page []rawPayment
	return page, json.NewDecoder(resp.Body).Decode(&page)
}

func rawList(ctx context.Context, client *http.Client, base string) (count int, err error) {
	for after := "0"; ; {
		page, err := rawPage(ctx, client, base+"/backend/api/v1/payments/?idAfter="+after+"&limit=100")
		if err != nil || len(page) == 0 {
			return count, err
		}
		count += len(page)
		after = page[len(page)-1].ID
	}
}

// BenchmarkList lists 100,000 payments over loopback. The goal is at most 0.54
// times the raw reader, in constant memory.
func BenchmarkList(b *testing.B) {
	server := benchServer(b, benchPayments, stored(benchPayments))
	client, err := New(Config{APIKey: "k", BaseURL: server.URL})
	if err != nil {
		b.Fatal(err)
	}
	run := func(name string, list func(context.Context) (int, error)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if n, err := list(b.Context()); n != benchPayments || err != nil {
					b.Fatal(n, err)
				}
			}
		})
	}
	run("tenderkit", func(ctx context.Context) (count int, err error) {
		for _, err := range client.Payments(ctx, PaymentFilter{}) {
			if err != nil {
				return count, err
			}
			count++
		}
		return count, nil
	})
	run("raw", func(ctx context.Context) (int, error) { return rawList(ctx, server.Client(), server.URL) })
}

// BenchmarkListMemory reports the most memory that listing 100,000 payments
// takes above what was held before, the server's part and garbage included.
func BenchmarkListMemory(b *testing.B) {
	server := benchServer(b, benchPayments, made(benchPayments))
	client, err := New(Config{APIKey: "k", BaseURL: server.URL})
	if err != nil {
		b.Fatal(err)
	}
	var peaks []float64
	for b.Loop() {
		peak, err := listPeak(b.Context(), client)
		if err != nil {
			b.Fatal(err)
		}
		peaks = append(peaks, peak)
	}
	b.ReportMetric(slices.Max(peaks), "peak-MB")
}

func listPeak(ctx context.Context, client *Client) (megabytes float64, err error) {
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	var peak uint64
	count := 0
	for _, err := range client.Payments(ctx, PaymentFilter{}) {
		if err != nil {
			return 0, err
		}
		if count++; count%1000 == 0 {
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc)
		}
	}
	return float64(int64(peak)-int64(before.HeapAlloc)) / (1 << 20), nil
}

// BenchmarkDecodePage reads one page of 100 payments without a network.
func BenchmarkDecodePage(b *testing.B) {
	page := benchPage(0, 100)
	b.Run("tenderkit", func(b *testing.B) {
		b.ReportAllocs()
		var list []Payment
		for b.Loop() {
			var err error
			if list, err = decodePage(page, list[:0], func(string) error { return nil }); err != nil || len(list) != 100 {
				b.Fatal(len(list), err)
			}
		}
	})
	b.Run("raw", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var list []rawPayment
			if err := json.Unmarshal(page, &list); err != nil || len(list) != 100 {
				b.Fatal(len(list), err)
			}
		}
	})
}
