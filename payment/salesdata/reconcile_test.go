package salesdata_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// sideOf returns what a side holds, one line a record, and the error that ended it.
func sideOf(side iter.Seq2[reconcile.Record, error]) (lines []string, err error) {
	for r, err := range side {
		if err != nil {
			return lines, err
		}
		lines = append(lines, fmt.Sprintf("%s %q %s %v %v %q %q %q; %s", r.ID, r.Reference, r.Kind, r.Amount, r.Date, r.Method, r.Target, r.Reverses, r.Source))
	}
	return lines, nil
}

func TestRecords(t *testing.T) {
	t.Parallel()
	records := func(doc string, o salesdata.RecordOptions, opts ...salesdata.Option) ([]string, error) {
		return sideOf(salesdata.Records(salesdata.Decode(strings.NewReader(doc), opts...), o))
	}
	types, err := salesdata.ReadPaymentTypes(strings.NewReader(string(document(t, "payment_types.json"))))
	if err != nil {
		t.Fatal(err)
	}
	data := salesdata.NewMasterData(types, nil)
	named := salesdata.RecordOptions{Currency: "NOK", Source: "own.json", Method: func(p salesdata.Payment) string {
		kind, _ := data.PaymentType(p)
		return kind.Code
	}}
	if got, err := records(string(document(t, "own_orders.json")), named); err != nil || len(got) != 3 ||
		!strings.HasPrefix(got[0], ` "c3d4e5f6-a7b8-9012-cdef-123456789012" sale 318.00 NOK`) || !strings.Contains(got[0], `"CARD" "" ""; own.json, byte `) ||
		!strings.HasPrefix(got[1], ` "d4e5f6a7-b8c9-0123-def0-234567890123" sale 318.00 NOK`) {
		t.Errorf("%v\n%s", err, strings.Join(got, "\n"))
	}
	const head = `{"customer_id":1,"type":"sales","export_ref":"2001",`
	oslo := time.FixedZone("CET", 60*60)
	nok := salesdata.RecordOptions{Currency: "NOK"}
	for name, c := range map[string]struct {
		doc     string
		options salesdata.RecordOptions
		want    []string
	}{
		"refund": {head + `"closed_at":"2026-05-04T23:30:00Z","payments":[{"payment_guid":"` + guidA + `","payment_type_id":2,"net_amount":-10.50,"payment_cancel_for_guid":"` + guidB + `"}]}`, nok,
			[]string{` "` + guidA + `" refund 10.50 NOK 2026-05-04 "2" "2001" "` + guidB + `"`}},
		"in a zone": {head + `"closed_at":"2026-05-04T23:30:00Z","payments":[{"payment_guid":"` + guidA + `","net_amount":1}]}`, salesdata.RecordOptions{Currency: "NOK", Zone: oslo},
			[]string{` "` + guidA + `" sale 1 NOK 2026-05-05 "" "2001" ""`}},
		"wall time": {head + `"closed":"2026-05-04T23:30:00","payments":[{"payment_guid":"` + guidA + `","net_amount":1}]}`, salesdata.RecordOptions{Currency: "NOK", Zone: oslo},
			[]string{` "` + guidA + `" sale 1 NOK 2026-05-04 "" "2001" ""`}},
		"nothing":     {head + `"payments":[{"payment_guid":"` + guidA + `","net_amount":20,"change":20}]}`, nok, nil},
		"no identity": {head + `"payments":[{"net_amount":20}]}`, nok, []string{` "" sale 20 NOK  "" "2001" ""`}},
		"bare":        {`{"payment_guid":"` + guidA + `","net_amount":20}`, nok, []string{` "` + guidA + `" sale 20 NOK  "" "" ""`}},
		"cancelled":   {head + `"cancelled_at":"2026-05-04T23:30:00Z","payments":[{"net_amount":20}]}`, nok, nil},
		"included": {head + `"cancelled_at":"2026-05-04T23:30:00Z","payments":[{"net_amount":20}]}`, salesdata.RecordOptions{Currency: "NOK", IncludeCancelled: true},
			[]string{` "" sale 20 NOK  "" "2001" ""`}},
	} {
		for i := range c.want { // the payment is the last object
			c.want[i] += fmt.Sprintf("; byte %d", strings.LastIndex(c.doc, "{"))
		}
		if got, err := records(c.doc, c.options); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
	mds := named
	mds.Target = func(o salesdata.Order) string { return o.ReceiptNum }
	order := only(t, string(document(t, "own_order_mds.json")))
	if got, err := records(string(document(t, "own_order_mds.json")), mds); err != nil || len(got) != len(order.Payments) ||
		!strings.Contains(got[0], order.ClosedBusinessDate.String()) || !strings.Contains(got[0], order.ReceiptNum) {
		t.Errorf("MDS: %v, %v", got, err)
	}
}

// An order that cannot be read ends the side, although Decode goes on.
func TestRecordsErrors(t *testing.T) {
	t.Parallel()
	const good = `{"customer_id":1,"type":"sales","payments":[{"net_amount":20}]}`
	for name, c := range map[string]struct {
		doc     string
		records int
		options salesdata.RecordOptions
	}{
		"bad order":   {"[" + good + `,{"customer_id":1,"type":"sales","payments":[{"net_amount":"x"}]},` + good + "]", 1, salesdata.RecordOptions{Currency: "NOK"}},
		"no amount":   {"[" + good + `,{"customer_id":1,"type":"sales","payments":[{"tip":1}]},` + good + "]", 1, salesdata.RecordOptions{Currency: "NOK"}},
		"cut off":     {"[" + good + ",", 1, salesdata.RecordOptions{Currency: "NOK"}},
		"no currency": {good, 0, salesdata.RecordOptions{}},
	} {
		got, err := sideOf(salesdata.Records(salesdata.Decode(strings.NewReader(c.doc)), c.options))
		if !errors.Is(err, payment.ErrInvalid) || len(got) != c.records {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for range salesdata.Records(salesdata.Decode(strings.NewReader("["+good+","+good+"]")), salesdata.RecordOptions{Currency: "NOK"}) {
		break
	}
}
