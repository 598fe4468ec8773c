package salesdata_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/tenderkit/tenderkit/payment/reconcile"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// A day's files come again, longer or corrected. What has been seen is
// dropped, and what was replaced is taken back.
func ExampleDedupe() {
	dedupe := salesdata.Dedupe{LastWins: true}
	var takings salesdata.Takings
	var cancellations salesdata.Cancellations
	for _, file := range []struct{ name, text string }{
		{"monday.json", `[{"customer_id":1,"payments":[{"payment_guid":"a1000000-0000-0000-0000-000000000000","payment_type_id":2,"net_amount":10.00}]}]`},
		{"monday again.json", `[{"customer_id":1,"payments":[
			{"payment_guid":"A1000000-0000-0000-0000-000000000000","payment_type_id":2,"net_amount":10},
			{"payment_guid":"b2000000-0000-0000-0000-000000000000","payment_type_id":1,"net_amount":7.50}]}]`},
		{"tuesday.json", `[{"customer_id":1,"payments":[
			{"payment_guid":"b2000000-0000-0000-0000-000000000000","payment_type_id":1,"net_amount":8.50},
			{"payment_guid":"c3000000-0000-0000-0000-000000000000","payment_type_id":2,"net_amount":-9.00,"payment_cancel_for_guid":"a1000000-0000-0000-0000-000000000000"}]}]`},
	} {
		for order, err := range salesdata.Decode(strings.NewReader(file.text)) {
			if err != nil {
				log.Fatal(err)
			}
			order, err = dedupe.Keep(file.name, order)
			if err != nil {
				log.Fatal(err)
			}
			for _, old := range dedupe.Withdrawn {
				if err := takings.Remove(old); err != nil {
					log.Fatal(err)
				}
			}
			if err := takings.Add(order); err != nil {
				log.Fatal(err)
			}
			cancellations.Add(order)
		}
	}
	fmt.Println("takings", takings.Total, "cash", takings.ByType[1], "card", takings.ByType[2])
	fmt.Println("repeated", dedupe.Repeated, "replaced", dedupe.Replaced)
	for _, fault := range cancellations.Faults() {
		fmt.Println(fault.Reason)
	}
	// Output:
	// takings 9.50 cash 8.50 card 1.00
	// repeated 1 replaced 1
	// is on an amount that is not the negative of the cancelled one
}

// What a till says of its payment types and accounts, looked up for each payment.
func ExampleMasterData() {
	types, err := os.Open("testdata/payment_types.json")
	if err != nil {
		log.Fatal(err)
	}
	defer types.Close()
	accounts, err := os.Open("testdata/own_accounts.json")
	if err != nil {
		log.Fatal(err)
	}
	defer accounts.Close()
	typeRows, err := salesdata.ReadPaymentTypes(types)
	if err != nil {
		log.Fatal(err)
	}
	accountRows, err := salesdata.ReadAccounts(accounts)
	if err != nil {
		log.Fatal(err)
	}
	master := salesdata.NewMasterData(typeRows, accountRows)

	data, err := os.ReadFile("testdata/own_order_mds.json")
	if err != nil {
		log.Fatal(err)
	}
	order, err := salesdata.UnmarshalOrder(data)
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range order.Payments {
		method, ok := master.PaymentType(p)
		fmt.Println(method.Code, ok)
		account, ok := master.Account(p)
		fmt.Println(account.Num, account.Description, ok)
	}
	order.Payments[0].PaymentTypeID = 77
	for _, fault := range master.Unknown(order) {
		fmt.Println(fault.Path, fault.Reason)
	}
	// Output:
	// CARD true
	// 1923 Bankkort true
	// $.payments[0].payment_type_id is not a known payment type
}

// A till's document as a side of a comparison.
func ExampleRecords() {
	file, err := os.Open("testdata/own_orders.json")
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	till := salesdata.Records(salesdata.Decode(file), salesdata.RecordOptions{
		Currency: "NOK",
		Method:   func(p salesdata.Payment) string { return p.AccountDescription },
		Target:   func(o salesdata.Order) string { return o.Name },
		Source:   "own_orders.json",
	})
	for record, err := range till {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(record.Target, record.Method, record.Signed())
	}
	_ = reconcile.Join(till) // and further documents
	// Output:
	// Table 5/1 Card Payments 318.00 NOK
	// Table 5/2 Cash 318.00 NOK
	// Table 6 Accounts Receivable 2500.00 NOK
}
