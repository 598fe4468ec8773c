package salesdata_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 8 {
		f.Fatal(files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"net_amount":1e-3,"tip":-0,"account_id":"12","invoiceRef":"a","x":{"y":[]}} {"amount":null}`))
	f.Add([]byte(`[{"payments":[{"net_amount":1,"account_num":7}],"lines":null,"soid":"1"},`))
}

// FuzzDecode checks that bad input is refused in the promised way, and that
// what is read is written again as an equal document.
func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		orders, err := salesdata.DecodeAll(bytes.NewReader(data))
		var refused *salesdata.DecodeError
		if err != nil {
			if !errors.As(err, &refused) || !errors.Is(err, payment.ErrInvalid) || refused.Offset > int64(len(data)) || orders != nil {
				t.Errorf("bad error %#v", err)
			}
			return
		}
		again(t, orders, documents(t, data))
		for _, opts := range [][]salesdata.Option{nil, {salesdata.WithSeparateRecords()}} {
			var out bytes.Buffer
			err := salesdata.Encode(&out, slices.Values(orders), opts...)
			if err != nil {
				if !strings.Contains(err.Error(), "too deep") {
					t.Fatal(err)
				}
				continue
			}
			if back, err := salesdata.DecodeAll(bytes.NewReader(out.Bytes())); len(orders) > 0 && (err != nil || len(back) != len(orders)) {
				t.Errorf("%d orders of %d, %v: %s", len(back), len(orders), err, out.Bytes())
			}
		}
	})
}

// FuzzStream checks that a stream ends, that its errors say whether it does, and
// that what DecodeAll refuses shows an error there too.
func FuzzStream(f *testing.F) {
	seeds(f)
	f.Add([]byte(`[{"net_amount":"1"},{"payments":[7]},{"net_amount":1}] x`))
	f.Fuzz(func(t *testing.T, data []byte) {
		good, errs, ended := 0, 0, false
		for o, err := range salesdata.Decode(bytes.NewReader(data)) {
			var refused *salesdata.DecodeError
			switch {
			case ended:
				t.Fatal("the sequence went on after its end")
			case err == nil:
				good++
			case !errors.As(err, &refused) || refused.Before != good || o.Payments != nil || refused.Offset < 0 || refused.Offset > int64(len(data)):
				t.Fatalf("bad error %#v after %d orders", err, good)
			default:
				errs, ended = errs+1, refused.Ends
			}
		}
		if _, err := salesdata.DecodeAll(bytes.NewReader(data)); (err != nil) != (errs > 0) {
			t.Errorf("%d errors in the stream, %v of all", errs, err)
		}
	})
}

// again encodes, decodes and encodes orders and compares with the documents
// that they came from.
func again(t *testing.T, orders []salesdata.Order, sources []json.RawMessage) {
	if len(sources) != len(orders) {
		t.Fatalf("%d orders of %d records", len(orders), len(sources))
	}
	for i, o := range orders {
		out, err := salesdata.MarshalOrder(o)
		if err != nil {
			t.Fatalf("%s: %v", sources[i], err)
		}
		if exact(o, sources[i]) {
			equalJSON(t, out, sources[i])
		}
		back, err := salesdata.DecodeAll(bytes.NewReader(out))
		if err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		twice, err := salesdata.MarshalOrder(back[0])
		if err != nil || !bytes.Equal(twice, out) {
			t.Fatalf("%v\nonce  %s\ntwice %s", err, out, twice)
		}
		for _, p := range o.Payments {
			got, err := p.In("NOK", closed)
			if err == nil && got.Validate() != nil {
				t.Errorf("%s: %v", sources[i], got.Validate())
			}
		}
		_, _ = salesdata.Balance(o, salesdata.BalanceRules{})
	}
}

// documents cuts data into its records by means of encoding/json.
func documents(t *testing.T, data []byte) (list []json.RawMessage) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if strings.HasPrefix(strings.TrimLeft(string(data), " \t\r\n"), "[") {
		if err := json.Unmarshal(data, &list); err != nil {
			t.Fatalf("read what encoding/json refuses: %v", err)
		}
		return list
	}
	for dec := json.NewDecoder(bytes.NewReader(data)); dec.More(); {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			t.Fatalf("read what encoding/json refuses: %v", err)
		}
		list = append(list, raw)
	}
	return list
}

var unusualNumber = regexp.MustCompile(`[0-9][eE]|-0`)

// exact reports that a record is written digit for digit as it came. Exponents
// and negative zeros are written out, and older names are replaced.
func exact(o salesdata.Order, source []byte) bool {
	older := slices.ContainsFunc(o.Faults, func(f salesdata.Fault) bool { return strings.Contains(f.Reason, "older name") })
	return !older && !unusualNumber.Match(source)
}
