package salesdata_test

import (
	"fmt"
	"log"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// The options say what a document does not: how its arrays are called, where
// its clocks are, how much of it may come at once.
func ExampleOption() {
	const document = `[{"customer_id":1,"closed_at":"2024-12-03T18:20:00","tenders":[{"net_amount":"318.00"}],"items":[]}]`
	oslo := time.FixedZone("CET", 3600)
	orders, err := salesdata.DecodeAll(strings.NewReader(document),
		salesdata.WithShape(salesdata.Root),
		salesdata.WithArrays("tenders", "items"),
		salesdata.WithMoneyText(),
		salesdata.WithLocation(oslo),
		salesdata.WithMaxRecord(1<<20))
	if err != nil {
		log.Fatal(err)
	}
	closed, ok := orders[0].ClosedAt.Instant()
	fmt.Println(orders[0].Payments[0].NetAmount, closed.UTC(), ok)

	_, err = salesdata.DecodeAll(strings.NewReader(`[{"customer_id":1,"type":"gift","payments":[]}]`), salesdata.WithStrict())
	fmt.Println(err)
	// Output:
	// 318.00 2024-12-03 17:20:00 +0000 UTC true
	// salesdata: $[0].type at byte 25: is not one of the documented words (orders before it: 0)
}

// A record can be written for a reader that knows an older version only. What
// the version cannot hold is refused.
func ExampleMarshalPayment() {
	p, _, err := salesdata.UnmarshalPayment([]byte(`{"payment_guid":"a1000000-0000-0000-0000-000000000000","net_amount":318.00,"invoice_ref":"INV-1"}`))
	if err != nil {
		log.Fatal(err)
	}
	text, err := salesdata.MarshalPayment(p, salesdata.WithLegacyNames())
	fmt.Println(string(text), err)

	p.PSPRef = "PSP-1"
	_, err = salesdata.MarshalPayment(p, salesdata.WithVersion(salesdata.Version10))
	fmt.Println(err)

	order, err := salesdata.UnmarshalOrder([]byte(`{"customer_id":1,"payments":[]}`))
	if err != nil {
		log.Fatal(err)
	}
	text, err = salesdata.MarshalOrder(order) // as it was read: what was missing stays missing
	fmt.Println(string(text), err)
	if err := salesdata.Encode(os.Stdout, slices.Values([]salesdata.Order{order, order}), salesdata.WithSeparateRecords()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// {"payment_guid":"a1000000-0000-0000-0000-000000000000","net_amount":318.00,"invoiceRef":"INV-1"} <nil>
	// $.psp_ref: cannot be held by this version
	// {"customer_id":1,"payments":[]} <nil>
	// {"customer_id":1,"payments":[]}
	// {"customer_id":1,"payments":[]}
}

// An MDS order as it was read: what its money means, and what is odd about it.
func ExampleUnmarshalOrder() {
	data, err := os.ReadFile("testdata/own_order_mds.json")
	if err != nil {
		log.Fatal(err)
	}
	order, err := salesdata.UnmarshalOrder(data)
	if err != nil {
		log.Fatal(err)
	}
	colour, ok := order.Extra.Get("till_colour") // a key that nobody documents
	fmt.Println(order.Shape, "cancelled:", order.Cancelled(), colour, ok)
	p := order.Payments[0]
	goods, err := p.Goods(salesdata.BalanceRules{})
	fmt.Println(p.Key(), "tender", p.Tender(), "goods", goods, err)
	fmt.Printf("cancels %q, unread %d, %d, %d\n", p.Cancels(), len(p.Unread()), len(order.Unread()), len(order.Lines[0].Unread()))
	for _, line := range order.Lines {
		fmt.Println(line.TotalGrossAmount, "child:", line.IsChild())
	}

	root, lost, err := p.Convert(salesdata.Root, salesdata.BalanceRules{})
	fmt.Println(root.NetAmount, "and tip", root.Tip, "lost", lost, err)
	// Output:
	// mds cancelled: false {"rgb":[1,2.50,"x"]} true
	// a17b1666-550b-4fbe-8ec8-a93a90fc5218 tender 70.00 goods 63.00 <nil>
	// cancels "", unread 0, 0, 0
	// 63.00 child: false
	// 8.00 child: true
	// 63.00 and tip 7.00 lost [account_num card_ident_string] <nil>
}

// A time without a zone is a reading of a clock, and no instant.
func ExampleTime() {
	local, err := salesdata.ParseTime("2024-12-03T18:20:00")
	if err != nil {
		log.Fatal(err)
	}
	_, ok := local.Instant()
	fmt.Println(local, local.Wall().Hour(), "instant:", ok)

	now := salesdata.NewTime(time.Date(2024, 12, 3, 19, 20, 0, 0, time.FixedZone("CET", 3600)))
	instant, ok := now.Instant()
	fmt.Println(now, instant.Hour(), "instant:", ok)
	fmt.Println(salesdata.Time{}.IsZero())
	// Output:
	// 2024-12-03T18:20:00 18 instant: false
	// 2024-12-03T18:20:00Z 18 instant: true
	// true
}
