package brightpearltest_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// An answer is lost after the payment was recorded. The program under test is
// a bare HTTP request here; the ledger tells what really happened.
func ExampleServer() {
	emulator := brightpearltest.New(brightpearltest.WithAccount("acme"), brightpearltest.WithStaffToken("acme_till", "c2FtcGxl"))
	defer emulator.Close()
	emulator.Faults().Next(paymenttest.DropAfter())

	body := `{"transactionRef":"T-1","paymentMethodCode":"SAGEPAY_UK","paymentType":"RECEIPT","orderId":2002,
		"currencyIsoCode":"GBP","amountPaid":10.40,"paymentDate":"2016-06-19"}`
	url := emulator.URL + "/public-api/acme/accounting-service/customer-payment"
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		fmt.Println(err)
		return
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("brightpearl-app-ref", "acme_till")
	req.Header.Set("brightpearl-staff-token", "c2FtcGxl")
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		resp.Body.Close()
	}

	fmt.Println("answered:", err == nil)
	for _, p := range emulator.Payments() {
		fmt.Println(p.ID, p.TransactionRef, p.AmountPaid, p.CurrencyISOCode, "journal", p.JournalID)
	}
	// Output:
	// answered: false
	// 100 T-1 10.40 GBP journal 1000
}
