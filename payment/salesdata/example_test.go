package salesdata_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

func ExampleDecode() {
	file, err := os.Open("testdata/own_orders.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	for order, err := range salesdata.Decode(file) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, p := range order.Payments {
			fmt.Println(order.Name, p.AccountDescription, p.NetAmount, "change", p.Change)
		}
	}
	// Output:
	// Table 5/1 Card Payments 318.00 change 0.0
	// Table 5/2 Cash 500.00 change 181.50
	// Table 6 Accounts Receivable 2500.00 change 0.0
}

func ExampleDecode_refused() {
	broken := `[{"customer_id":1,"type":"sales"},{"customer_id":1,"payments":[{"net_amount":"318.00"}]}]`
	_, err := salesdata.DecodeAll(strings.NewReader(broken))
	fmt.Println(err)
	var refused *salesdata.DecodeError
	if errors.As(err, &refused) {
		fmt.Println(refused.Before, refused.Path, refused.Offset)
	}
	// Output:
	// salesdata: $[1].payments[0].net_amount at byte 77: is text, not a number (orders before it: 1)
	// 1 $[1].payments[0].net_amount 77
}

func ExampleEncode() {
	p, _, err := salesdata.UnmarshalPayment([]byte(`{"payment_guid":"c3d4e5f6-a7b8-9012-cdef-123456789012","net_amount":318.00,"tip":null}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	var out bytes.Buffer
	orders := []salesdata.Order{{Bare: true, Payments: []salesdata.Payment{p}}}
	if err := salesdata.Encode(&out, slices.Values(orders)); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(out.String())
	// Output:
	// [{"payment_guid":"c3d4e5f6-a7b8-9012-cdef-123456789012","net_amount":318.00,"tip":null}]
}

func ExamplePayment_In() {
	data, err := os.ReadFile("testdata/payment_cash.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	cash, _, err := salesdata.UnmarshalPayment(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := cash.In("NOK", time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("tendered", cash.NetAmount, "contributes", p.Amount)
	fmt.Println(p.Kind, p.Reference, p.Attribute("change"))
	// Output:
	// tendered 500.00 contributes 318.00 NOK
	// sale d4e5f6a7-b8c9-0123-def0-234567890123 181.50
}

func ExampleBalance() {
	file, err := os.Open("testdata/own_orders.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	for order, err := range salesdata.Decode(file) {
		if err != nil {
			fmt.Println(err)
			return
		}
		r, err := salesdata.Balance(order, salesdata.BalanceRules{})
		fmt.Println(order.Name, r.Goods, r.Revenue, r.Balanced, err)
	}
	// Output:
	// Table 5/1 318.00 318.00 true <nil>
	// Table 5/2 318.00 318.00 true <nil>
	// Table 6 2500.00 0 false <nil>
}
