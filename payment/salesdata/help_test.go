package salesdata_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// guidA and guidB are identities for samples.
const (
	guidA = "c3d4e5f6-a7b8-9012-cdef-123456789012"
	guidB = "d4e5f6a7-b8c9-0123-def0-234567890123"
	none  = "00000000-0000-0000-0000-000000000000"
)

func document(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func decode(tb testing.TB, doc string, opts ...salesdata.Option) []salesdata.Order {
	tb.Helper()
	orders, err := salesdata.DecodeAll(strings.NewReader(doc), opts...)
	if err != nil {
		tb.Fatalf("%s: %v", doc, err)
	}
	return orders
}

// only decodes a document of one order.
func only(tb testing.TB, doc string, opts ...salesdata.Option) salesdata.Order {
	tb.Helper()
	orders := decode(tb, doc, opts...)
	if len(orders) != 1 {
		tb.Fatalf("%d orders in %s", len(orders), doc)
	}
	return orders[0]
}

// pay decodes a document of one payment.
func pay(tb testing.TB, doc string, opts ...salesdata.Option) salesdata.Payment {
	tb.Helper()
	p, _, err := salesdata.UnmarshalPayment([]byte(doc), opts...)
	if err != nil {
		tb.Fatalf("%s: %v", doc, err)
	}
	return p
}

func amount(tb testing.TB, s string) payment.Amount {
	tb.Helper()
	a, err := payment.ParseAmount(s)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// equalJSON compares documents value by value, numbers digit by digit.
func equalJSON(tb testing.TB, got, want []byte) {
	tb.Helper()
	if g, w := numbers(tb, got), numbers(tb, want); !reflect.DeepEqual(g, w) {
		tb.Errorf("got  %s\nwant %s", got, want)
	}
}

// numbers decodes with numbers kept as text.
func numbers(tb testing.TB, data []byte) (v any) {
	tb.Helper()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		tb.Fatalf("%s: %v", data, err)
	}
	return v
}

// wantField checks an error about a field.
func wantField(tb testing.TB, err error, field, reason string) {
	tb.Helper()
	var fe *payment.FieldError
	if !errors.As(err, &fe) || !errors.Is(err, payment.ErrInvalid) {
		tb.Fatalf("got %v, want a FieldError", err)
	}
	if fe.Field != field || !strings.Contains(fe.Reason, reason) {
		tb.Errorf("got %q: %q, want %q: %q", fe.Field, fe.Reason, field, reason)
	}
}
