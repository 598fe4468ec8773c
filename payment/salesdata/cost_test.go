package salesdata_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// sized returns an order of about size bytes that repeats an item.
func sized(size int, head, tail string, item func(i int) string) string {
	var b strings.Builder
	b.WriteString(head)
	for i := 0; b.Len() < size-200; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(item(i))
	}
	return b.String() + tail
}

func goodOrder(size int) string {
	return sized(size-500, `{"customer_id":1,"type":"sales","payments":[`, `]}`, func(i int) string { return string(appendSample(nil, i)) })
}

// hostile are orders that are small in a file and could be large in memory.
func hostile(size int) map[string]string {
	const head = `{"customer_id":1,"type":"sales",`
	return map[string]string{
		"empty lines":    sized(size, head+`"lines":[`, `]}`, func(int) string { return `{}` }),
		"empty payments": sized(size, head+`"payments":[`, `]}`, func(int) string { return `{"amount":1}` }),
		"short lines":    sized(size, head+`"lines":[`, `]}`, func(int) string { return `{"solid":1,"comment":"` + strings.Repeat("x", 40) + `"}` }),
		"80,000 keys":    sized(size, head, `}`, func(i int) string { return fmt.Sprintf(`"key%06d":"%s"`, i, strings.Repeat("x", size/80_000-15)) }),
		"short keys":     sized(size, head, `}`, func(i int) string { return fmt.Sprintf(`"%x":1`, i) }),
		"nested keys":    sized(size, head+`"x":{`, `}}`, func(i int) string { return fmt.Sprintf(`"%x":{}`, i) }),
		"nested arrays":  sized(size, head+`"x":[`, `]}`, func(int) string { return `[]` }),
		"white space":    strings.Repeat(" ", size-100) + `{}`,
		"one long text":  head + `"name":"` + strings.Repeat("x", size-100) + `"}`,
	}
}

// cost decodes a document and returns the time and the bytes that were
// allocated.
func cost(doc string) (took time.Duration, bytes uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	for o, err := range salesdata.Decode(strings.NewReader(doc)) {
		_, _ = o, err
	}
	took = time.Since(start)
	runtime.ReadMemStats(&after)
	return took, after.TotalAlloc - before.TotalAlloc
}

// TestHostileDocumentsCostNoMore: a hostile document costs at most three times
// what encoding/json takes for a good one of its size, and 24 times its size in
// memory. The memory is exact; the time is measured again before it counts.
func TestHostileDocumentsCostNoMore(t *testing.T) {
	const size = 4 << 20
	good := goodOrder(size)
	yardstick := plainTime(t, good)
	for name, doc := range hostile(size) {
		if len(doc) > size {
			t.Fatalf("%s: %d bytes", name, len(doc))
		}
		took, bytes := cost(doc)
		for tries := 0; tries < 5 && took > 3*yardstick; tries++ {
			yardstick = plainTime(t, good)
			took, _ = cost(doc)
		}
		if took > 3*yardstick || bytes > 24*size {
			t.Errorf("%s: %v and %d bytes, encoding/json %v", name, took, bytes, yardstick)
		}
	}
}

func plainTime(t *testing.T, doc string) time.Duration {
	start := time.Now()
	var o plainOrder
	if err := json.Unmarshal([]byte(doc), &o); err != nil {
		t.Fatal(err)
	}
	return time.Since(start)
}

// TestManyShortRecordsPass: what a till might write is far from being refused.
func TestManyShortRecordsPass(t *testing.T) {
	t.Parallel()
	doc := sized(200_000, `{"lines":[`, `]}`, func(int) string { return `{"article_id":1,"quantity":1,"net_amount":1.00,"gross_amount":1.25}` })
	if o := only(t, doc); len(o.Lines) < 2500 {
		t.Errorf("%d lines", len(o.Lines))
	}
	if o := only(t, `{"lines":[`+strings.Repeat(`{},`, 999)+`{}]}`); len(o.Lines) != 1000 {
		t.Errorf("%d lines", len(o.Lines))
	}
}

// TestFaultsAreBounded: one order lists at most 1,000 faults and tells how many
// more there are.
func TestFaultsAreBounded(t *testing.T) {
	t.Parallel()
	o := only(t, `{"payments":[`+strings.Repeat(`{"amount":1},`, 299)+`{"amount":1}]}`)
	if n := len(o.Faults); n != 1001 || !strings.Contains(o.Faults[1000].Reason, "more faults than are listed: ") {
		t.Errorf("%d faults, %v", n, o.Faults[n-1])
	}
}

// TestStringsDoNotPinTheDocument keeps one text of a large order.
func TestStringsDoNotPinTheDocument(t *testing.T) {
	kept := make([]string, 0, 8)
	before := alive()
	for range cap(kept) {
		doc := `{"customer_id":1,"type":"sales","payments":[{"net_amount":1,"psp_ref":"PSP-1","x":"y"}],"name":"` + strings.Repeat("n", 1<<20) + `"}`
		for o, err := range salesdata.Decode(strings.NewReader(doc)) {
			if err != nil {
				t.Fatal(err)
			}
			kept = append(kept, o.Payments[0].PSPRef, o.Payments[0].Extra[0].Raw)
		}
	}
	if grown := int64(alive()) - int64(before); grown > 1<<20 {
		t.Errorf("%d bytes are kept by %d short texts", grown, len(kept))
	}
	runtime.KeepAlive(kept)
}

// TestDecodeEndsWithItsReader: a reader whose context has ended ends the work.
func TestDecodeEndsWithItsReader(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n, reads := 0, 0
	endless := readerFunc(func(p []byte) (int, error) {
		if reads++; ctx.Err() != nil {
			return 0, ctx.Err()
		}
		if reads == 1 {
			return copy(p, "["), nil
		}
		return copy(p, `{"net_amount":1},`), nil
	})
	for _, err := range salesdata.Decode(endless) {
		if n++; n == 10 {
			cancel()
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if n < 11 || n > 5000 {
		t.Errorf("%d orders before the context ended the reading", n)
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestLargeTextIsNotRead: no more than the limit is read of a record, or of
// white space.
func TestLargeTextIsNotRead(t *testing.T) {
	t.Parallel()
	for _, head := range []string{`[{"name":"`, `[`, ``, `[{"x":[`, `[{"payments":[{"x":"`} {
		read := 0
		endless := readerFunc(func(p []byte) (int, error) {
			n := copy(p, head[min(read, len(head)):])
			for ; n < len(p); n++ {
				p[n] = ' '
			}
			read += n
			return n, nil
		})
		_, err := salesdata.DecodeAll(endless, salesdata.WithMaxRecord(100_000))
		if err == nil || !strings.Contains(err.Error(), "larger than the limit") || read > 300_000 {
			t.Errorf("%q: %d bytes, %v", head, read, err)
		}
	}
}

// TestEveryTruncation cuts documents at every byte: what is left is cut off,
// except between the records of a stream.
func TestEveryTruncation(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"own_orders.json", "own_order_mds.json", "payment_card.json", "order_root.json"} {
		doc := strings.TrimRight(string(document(t, name)), "\r\n \t")
		for n := range len(doc) {
			_, err := salesdata.DecodeAll(strings.NewReader(doc[:n]))
			var refused *salesdata.DecodeError
			if !errors.As(err, &refused) || !errors.Is(err, io.ErrUnexpectedEOF) || refused.Offset != int64(n) {
				t.Fatalf("%s cut at %d: %v", name, n, err)
			}
		}
	}
}

// TestGUIDsAreCheckedByTheirForm: the other forms that package uuid reads are
// refused, the digits of version and variant are not checked.
func TestGUIDsAreCheckedByTheirForm(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"f9aebcee-e4fe-6a01-e053-0a01000a8e33", "484aa1c9-9840-2a33-e063-0a01000a5f65", strings.ToUpper(guidA)} {
		if p := pay(t, `{"net_amount":1,"payment_guid":"`+id+`"}`); p.PaymentGUID != id || p.Key() != strings.ToLower(id) {
			t.Errorf("%s: %s, key %s", id, p.PaymentGUID, p.Key())
		}
	}
	for _, id := range []string{"{" + guidA + "}", "urn:uuid:" + guidA, strings.ReplaceAll(guidA, "-", ""), strings.Replace(guidA, "-", "_", 1), guidA + " "} {
		_, _, err := salesdata.UnmarshalPayment([]byte(`{"net_amount":1,"payment_guid":"` + id + `"}`))
		wantField(t, err, "$.payment_guid", "8-4-4-4-12")
	}
}

// TestRecordsUnderJSONv2: single records are read by the next encoding/json
// too, and what is written of them stands in its lists.
func TestRecordsUnderJSONv2(t *testing.T) {
	t.Parallel()
	var list []salesdata.Payment
	doc := `[` + string(document(t, "payment_cash.json")) + `,` + string(document(t, "payment_card.json")) + `]`
	if err := jsonv2.Unmarshal([]byte(doc), &list); err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	var texts []jsontext.Value
	for _, p := range list {
		text, err := salesdata.MarshalPayment(p)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	data, err := jsonv2.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	equalJSON(t, data, []byte(doc))
	var orders []salesdata.Order
	if err := jsonv2.Unmarshal(document(t, "own_orders.json"), &orders); err != nil || len(orders) != 3 || orders[1].Offset == 0 {
		t.Error(len(orders), err)
	}
	if err := jsonv2.Unmarshal([]byte(doc), &orders); err == nil || !strings.Contains(err.Error(), "is not an order") {
		t.Error(err)
	}
	const twice = `[{"net_amount":1,"tip":1,"tip":2},{"net_amount":1}]`
	if err := jsonv2.Unmarshal([]byte(twice), new([]salesdata.Payment)); err == nil || !strings.Contains(err.Error(), "stands twice in one object") {
		t.Error(err)
	}
	if !slices.Equal([]bool{list[0].NetAmount.IsSet(), list[1].NetAmount.IsSet()}, []bool{true, true}) {
		t.Error("amounts are missing")
	}
}
