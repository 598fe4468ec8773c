package salesdata_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// TestDocumentedLimits has two subtests for every limit that stands in the code
// as a number, called document/declaration/name/limit/at and /above. The vendor
// documents none; these are the package's own.
func TestDocumentedLimits(t *testing.T) {
	t.Parallel()
	nest := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	lines := func(n int, line string) string {
		return `{"customer_id":1,"type":"sales","lines":[` + strings.Repeat(line+",", n-1) + line + `]}`
	}
	for name, doc := range map[string]struct{ at, above string }{
		"payment/maxMoneyDigits/net_amount/34": {`{"net_amount":` + strings.Repeat("9", 34) + `}`, `{"net_amount":` + strings.Repeat("9", 35) + `}`},
		"documents/maxDepth/depth/32":          {`{"x":` + nest(31) + `}`, `{"x":` + nest(32) + `}`},
		"documents/manyRows/lines/1024":        {lines(1076, `{}`), lines(1077, `{}`)}, // 1,024 and one more for every 64 bytes
		"documents/maxFaults/faults/1000":      {lines(1000, `{"quantity":"x"}`), lines(1001, `{"quantity":"x"}`)},
	} {
		for edge, text := range map[string]string{"/at": doc.at, "/above": doc.above} {
			t.Run(name+edge, func(t *testing.T) {
				t.Parallel()
				if err := withinLimits(text); (err == nil) != (edge == "/at") {
					t.Error(err)
				}
			})
		}
	}
}

// withinLimits reads a document of one order whose faults are all listed.
func withinLimits(doc string) error {
	orders, err := salesdata.DecodeAll(strings.NewReader(doc))
	if err == nil && strings.Contains(strings.Join(reasons(orders[0]), " "), "more faults than are listed") {
		err = errors.New("not all faults are listed")
	}
	return err
}

func reasons(o salesdata.Order) (list []string) {
	for _, f := range o.Faults {
		list = append(list, f.Reason)
	}
	return list
}

// TestLimits: each limit at its edge and beyond it, in every form.
func TestLimits(t *testing.T) {
	t.Parallel()
	nest := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	sized := func(n int) string { return `{"name":"` + strings.Repeat("x", n-11) + `"}` }
	for name, tt := range map[string]struct {
		at, beyond string
		opts       []salesdata.Option
	}{
		"34 digits":            {`{"net_amount":` + strings.Repeat("9", 34) + `}`, `{"net_amount":` + strings.Repeat("9", 35) + `}`, nil},
		"34 digits, fraction":  {`{"net_amount":1.` + strings.Repeat("9", 33) + `}`, `{"net_amount":1.` + strings.Repeat("9", 34) + `}`, nil},
		"exponent 20":          {`{"net_amount":1e20}`, `{"net_amount":1e21}`, nil},
		"exponent -20":         {`{"net_amount":1e-20}`, `{"net_amount":1e-21}`, nil},
		"depth of an order":    {`{"x":` + nest(31) + `}`, `{"x":` + nest(32) + `}`, nil},
		"depth in an array":    {`[{"x":` + nest(30) + `}]`, `[{"x":` + nest(31) + `}]`, nil},
		"depth of a payment":   {`{"payments":[{"x":` + nest(29) + `}]}`, `{"payments":[{"x":` + nest(30) + `}]}`, nil},
		"size of a record":     {sized(300), sized(301), []salesdata.Option{salesdata.WithMaxRecord(300)}},
		"size in an array":     {`[` + sized(300) + `, ` + sized(300) + `]`, `[` + sized(300) + `, ` + sized(301) + `]`, []salesdata.Option{salesdata.WithMaxRecord(300)}},
		"size of a large text": {sized(100_000), sized(100_001), []salesdata.Option{salesdata.WithMaxRecord(100_000)}},
		"records of no size":   {`{"lines":[` + strings.Repeat("{},", 1024) + `{}]}`, `{"lines":[` + strings.Repeat("{},", 1100) + `{}]}`, nil},
		"36 bytes of a GUID":   {`{"net_amount":1,"payment_guid":"` + guidA + `"}`, `{"net_amount":1,"payment_guid":"` + guidA + `0"}`, nil},
		"64 bits of an id":     {`{"amount":1,"soptid":9223372036854775807}`, `{"amount":1,"soptid":9223372036854775808}`, nil},
	} {
		if _, err := salesdata.DecodeAll(strings.NewReader(tt.at), tt.opts...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := salesdata.DecodeAll(strings.NewReader(tt.beyond), tt.opts...); err == nil {
			t.Errorf("%s: what is beyond passed", name)
		}
	}
}
