package work

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/bench/measure"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

const payments = 100_000

// till is a till's document of payments, a hundred orders of four again and
// again.
type till struct {
	orders int // that are still to come, in hundreds
	rest   []byte
}

var hundred = hundredOrders()

func hundredOrders() []byte {
	var b []byte
	for i := range 400 {
		if i%4 == 0 {
			b = fmt.Appendf(b, `,{"customer_id":12345,"name":"Table %d","type":"sales","payments":[`, i/4)
		} else {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"payment_guid":"c3d4e5f6-a7b8-9012-cdef-%012d","payment_type_id":2,"account_id":1900,"account_description":"Card Payments",`+
			`"net_amount":%d.%02d,"tip":50.00,"rounding":-0.50,"change":0.0,"cashback":0.0,"customer_client_card_id":null,"card_type_name":"Visa","invoice_ref":null,`+
			`"invoice_customer_client_guid":null,"psp_ref":"PSP-20241203-%d","par":"DPAN1234567890","payment_cancel_for_guid":null,"soptid":null,"pms_ref":null}`,
			i, i%1000+100, i%100, i)
		if i%4 == 3 {
			b = append(b, "]}\n"...)
		}
	}
	return b
}

// newTill returns a document of n thousand payments, or a few more.
func newTill(n int) *till {
	return &till{orders: (n*1000+399)/400 - 1, rest: append([]byte{'['}, hundred[1:]...)}
}

func (t *till) Read(p []byte) (int, error) {
	switch {
	case len(t.rest) > 0:
	case t.orders > 0:
		t.orders, t.rest = t.orders-1, hundred
	case t.orders == 0:
		t.orders, t.rest = -1, []byte("]\n")
	default:
		return 0, io.EOF
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

// handTillPayment is what a program without an SDK reads it into.
type handTillPayment struct {
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

type handOrder struct {
	CustomerID int64             `json:"customer_id"`
	Name       string            `json:"name"`
	Type       string            `json:"type"`
	Payments   []handTillPayment `json:"payments"`
}

// Bulk returns the rows of long documents and lists. One time is 1000 payments.
func Bulk() ([]measure.Row, error) {
	list, err := listing()
	return []measure.Row{{Name: "decode a till's 100,000", Goal: "1/2.2 = 0.45", Block: payments / 1000, Works: []measure.Work{
		{Name: "encoding/json, floats", Do: func(n int) error {
			decoder := json.NewDecoder(newTill(n))
			if _, err := decoder.Token(); err != nil {
				return err
			}
			for decoder.More() {
				var o handOrder
				if err := decoder.Decode(&o); err != nil {
					return err
				}
			}
			return nil
		}},
		{Name: "tenderkit", Do: func(n int) error {
			for _, err := range salesdata.Decode(newTill(n)) {
				if err != nil {
					return err
				}
			}
			return nil
		}},
		{Name: "nothing but the text", Do: func(n int) error {
			_, err := io.Copy(io.Discard, newTill(n))
			return err
		}},
	}}, list}, err
}

// pages serves payments by idAfter, 100 a page, from memory.
func pages() *httptest.Server {
	made := sync.OnceValue(func() (list [payments/100 + 1][]byte) {
		for i := range list {
			list[i] = listPage(i*100, min(100, payments-i*100))
		}
		return list
	})
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		after, err := strconv.Atoi(r.URL.Query().Get("idAfter"))
		if err != nil || after > payments {
			http.Error(w, "idAfter", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(made()[after/100])
	}))
}

func listPage(from, n int) []byte {
	page := []byte{'['}
	for i := range n {
		if i > 0 {
			page = append(page, ',')
		}
		id := from + i + 1
		page = fmt.Appendf(page, `{"id":"%d","ourReference":"SDK-2024-%06d","customerReference":"INV C12345/%d","paymentDate":"2024-11-25",`+
			`"paymentReversedDate":null,"status":["Valid"],"paymentAmount":%d.50,"paymentMethod":"Bank Transfer","invoiceID":null,"invoiceIDReversed":null}`,
			id, id, id%1000, id%5000)
	}
	return append(page, ']')
}

// handListed is a payment as a program without an SDK reads it.
type handListed struct {
	ID                  string   `json:"id"`
	OurReference        string   `json:"ourReference"`
	CustomerReference   string   `json:"customerReference"`
	PaymentDate         string   `json:"paymentDate"`
	PaymentReversedDate *string  `json:"paymentReversedDate"`
	Status              []string `json:"status"`
	PaymentAmount       float64  `json:"paymentAmount"`
	PaymentMethod       string   `json:"paymentMethod"`
	InvoiceID           *string  `json:"invoiceID"`
	InvoiceIDReversed   *string  `json:"invoiceIDReversed"`
}

func listing() (measure.Row, error) {
	server := pages()
	byHand := server.Client()
	client, err := backendpay.New(backendpay.Config{APIKey: Token, BaseURL: server.URL})
	list := func(n int, page func(url string) (count, last int, err error)) error {
		for after := 0; after < n*1000; {
			count, last, err := page(server.URL + "/backend/api/v1/payments/?idAfter=" + strconv.Itoa(after) + "&limit=100")
			if err != nil || count == 0 {
				return err
			}
			after = last
		}
		return nil
	}
	return measure.Row{Name: "list 100,000 of backendpay", Goal: "0.42", Block: payments / 1000, Works: []measure.Work{
		{Name: "by hand, floats", Do: func(n int) error {
			return list(n, func(url string) (int, int, error) {
				var page []handListed
				if err := exchange(context.Background(), byHand, http.MethodGet, url, bearer, nil, &page); err != nil || len(page) == 0 {
					return 0, 0, err
				}
				last, err := strconv.Atoi(page[len(page)-1].ID)
				return len(page), last, err
			})
		}},
		{Name: "tenderkit", Do: func(n int) error {
			for _, err := range client.Payments(context.Background(), backendpay.PaymentFilter{Limit: n * 1000}) {
				if err != nil {
					return err
				}
			}
			return nil
		}},
		{Name: "bytes alone", Do: func(n int) error {
			after := 0
			return list(n, func(url string) (int, int, error) {
				after += 100
				return 100, after, exchangeBytes(context.Background(), byHand, http.MethodGet, url, bearer, nil, func([]byte) error { return nil })
			})
		}},
	}}, err
}
