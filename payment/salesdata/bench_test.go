package salesdata_test

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// generated is a reader that makes up a document of n payments, four to an
// order, or bare ones. It holds one order at a time.
type generated struct {
	n, at int
	bare  bool
	rest  []byte
}

func (g *generated) Read(p []byte) (int, error) {
	if len(g.rest) == 0 {
		if g.at > g.n {
			return 0, io.EOF
		}
		g.rest = g.more(g.rest[:0])
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

func (g *generated) more(b []byte) []byte {
	switch {
	case g.at == g.n:
		g.at++
		return append(b, "\n]\n"...)
	case g.at == 0:
		b = append(b, "[\n"...)
	default:
		b = append(b, ",\n"...)
	}
	if g.bare {
		g.at++
		return appendSample(b, g.at)
	}
	b = fmt.Appendf(b, `{"customer_id":12345,"name":"Table %d","type":"sales","payments":[`, g.at)
	for i := 0; i < 4 && g.at < g.n; i++ {
		if i > 0 {
			b = append(b, ',')
		}
		g.at++
		b = appendSample(b, g.at)
	}
	return append(b, `]}`...)
}

// appendSample appends a payment of the form and the size of the documented
// examples.
func appendSample(b []byte, i int) []byte {
	return fmt.Appendf(b, `{"payment_guid":"c3d4e5f6-a7b8-9012-cdef-%012d","payment_type_id":2,"account_id":1900,"account_description":"Card Payments",`+
		`"net_amount":%d.%02d,"tip":50.00,"rounding":-0.50,"change":0.0,"cashback":0.0,"customer_client_card_id":null,"card_type_name":"Visa","invoice_ref":null,`+
		`"invoice_customer_client_guid":null,"psp_ref":"PSP-20241203-%d","par":"DPAN1234567890","payment_cancel_for_guid":null,"soptid":null,"pms_ref":null}`,
		i, i%1000+100, i%100, i)
}

const benchmarkPayments = 100_000

// plain is what encoding/json decodes the same payment into.
type plain struct {
	PaymentGUID               string  `json:"payment_guid"`
	PaymentTypeID             int64   `json:"payment_type_id"`
	AccountID                 int64   `json:"account_id"`
	AccountDescription        string  `json:"account_description"`
	NetAmount                 float64 `json:"net_amount"`
	Tip                       float64 `json:"tip"`
	Rounding                  float64 `json:"rounding"`
	Change                    float64 `json:"change"`
	Cashback                  float64 `json:"cashback"`
	CustomerClientCardID      *int64  `json:"customer_client_card_id"`
	CardTypeName              string  `json:"card_type_name"`
	InvoiceRef                *string `json:"invoice_ref"`
	InvoiceCustomerClientGUID *string `json:"invoice_customer_client_guid"`
	PSPRef                    *string `json:"psp_ref"`
	PAR                       *string `json:"par"`
	PaymentCancelForGUID      *string `json:"payment_cancel_for_guid"`
	SOPTID                    *string `json:"soptid"`
	PMSRef                    *string `json:"pms_ref"`
}

type plainOrder struct {
	CustomerID int64   `json:"customer_id"`
	Name       string  `json:"name"`
	Type       string  `json:"type"`
	Payments   []plain `json:"payments"`
}

// BenchmarkDecode and BenchmarkStandard read the same documents; the first
// reports the largest heap that it saw.
func BenchmarkDecode(b *testing.B) {
	for _, bare := range []bool{false, true} {
		b.Run(fmt.Sprintf("bare=%v", bare), func(b *testing.B) {
			size, peak := measure(b, bare), uint64(0)
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				peak = max(peak, decodeGenerated(b, bare))
			}
			b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
		})
	}
}

func decodeGenerated(tb testing.TB, bare bool) (peak uint64) {
	payments, orders := 0, 0
	for o, err := range salesdata.Decode(&generated{n: benchmarkPayments, bare: bare}) {
		if err != nil {
			tb.Fatal(err)
		}
		payments += len(o.Payments)
		if orders++; orders%5000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapSys-m.HeapReleased)
		}
	}
	if payments != benchmarkPayments {
		tb.Fatalf("%d payments", payments)
	}
	return peak
}

func measure(tb testing.TB, bare bool) int64 {
	n, err := io.Copy(io.Discard, &generated{n: benchmarkPayments, bare: bare})
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

func BenchmarkStandard(b *testing.B) {
	b.Run("bare=false", func(b *testing.B) { standard[plainOrder](b, false) })
	b.Run("bare=true", func(b *testing.B) { standard[plain](b, true) })
}

func standard[T any](b *testing.B, bare bool) {
	b.SetBytes(measure(b, bare))
	b.ReportAllocs()
	for b.Loop() {
		dec := json.NewDecoder(&generated{n: benchmarkPayments, bare: bare})
		if _, err := dec.Token(); err != nil {
			b.Fatal(err)
		}
		for dec.More() {
			var v T
			if err := dec.Decode(&v); err != nil {
				b.Fatal(err)
			}
		}
	}
}
