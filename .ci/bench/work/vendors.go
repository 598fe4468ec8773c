package work

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/bench/measure"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/spektrix"
)

// Vendors returns a read and a write of each vendor over a stubbed transport.
func Vendors(root string) (reads, writes []measure.Row, err error) {
	for _, add := range []func(string) ([]measure.Row, []measure.Row, error){backendpayRows, brightpearlRows, spektrixRows, rubiRows} {
		r, w, err := add(root)
		if err != nil {
			return nil, nil, err
		}
		reads, writes = append(reads, r...), append(writes, w...)
	}
	for i := range reads {
		reads[i].Block, reads[i].Goal = 1000, "1.15"
	}
	for i := range writes {
		writes[i].Block, writes[i].Goal = 1000, "1.3"
	}
	return reads, writes, nil
}

// sample returns a document of a vendor's tests, without white space.
func sample(root, vendor, name string) (string, error) {
	data, err := os.ReadFile(filepath.Join(root, vendor, "testdata", name))
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = json.Compact(&b, data)
	return b.String(), err
}

func stubbed(body string) (*http.Client, tenderkit.Option) {
	client := &http.Client{Transport: &Stub{Body: body}}
	return client, tenderkit.WithHTTPClient(client)
}

func amount(s string) payment.Amount {
	a, err := payment.ParseAmount(s)
	if err != nil {
		panic(err)
	}
	return a
}

// handPayment is a payment as the hand-written client reads it.
type handPayment struct {
	ID, OurReference, CustomerReference, PaymentDate, PaymentMethod string
	Status                                                          []string
	PaymentAmount                                                   float64 `json:",string"`
	PaymentReversedDate, InvoiceID, InvoiceIDReversed               *string
}

func backendpayRows(root string) (reads, writes []measure.Row, err error) {
	answer, err := sample(root, "backendpay", "payment_own.json")
	if err != nil {
		return nil, nil, err
	}
	type sent struct {
		OurReference  string  `json:"ourReference"`
		PaymentDate   string  `json:"paymentDate"`
		PaymentAmount float64 `json:"paymentAmount"`
		PaymentMethod string  `json:"paymentMethod"`
	}
	stub, opt := stubbed(answer)
	client, err := backendpay.New(backendpay.Config{APIKey: Token, BaseURL: Origin}, opt)
	if err != nil {
		return nil, nil, err
	}
	n := backendpay.NewPayment{
		OurReference: "SDK-2024-000123", PaymentDate: payment.Date{Year: 2024, Month: 11, Day: 25},
		PaymentAmount: amount("120.50"), PaymentMethod: "Bank Transfer",
	}
	reads = []measure.Row{{Name: "backendpay read", Works: []measure.Work{
		each("by hand", func(ctx context.Context, i int) error {
			var p handPayment
			return exchange(ctx, stub, http.MethodGet, Origin+"/backend/api/v1/payments/501", bearer, nil, &p)
		}),
		each("tenderkit", func(ctx context.Context, i int) error {
			_, err := client.Payment(ctx, "501")
			return err
		}),
	}}}
	writes = []measure.Row{{Name: "backendpay write", Works: []measure.Work{
		each("by hand", func(ctx context.Context, i int) error {
			var p handPayment
			return exchange(ctx, stub, http.MethodPost, Origin+"/backend/api/v1/customers/123/payments/", bearer,
				sent{"SDK-2024-000123", "2024-11-25", 120.50, "Bank Transfer"}, &p)
		}),
		each("tenderkit", func(ctx context.Context, i int) error {
			_, err := client.CreatePayment(ctx, "123", n)
			return err
		}),
	}}}
	return reads, writes, nil
}

// brightpearlPayment is what the hand-written client sends.
type brightpearlPayment struct {
	TransactionRef    string  `json:"transactionRef"`
	PaymentMethodCode string  `json:"paymentMethodCode"`
	PaymentType       string  `json:"paymentType"`
	OrderID           int64   `json:"orderId"`
	CurrencyISOCode   string  `json:"currencyIsoCode"`
	AmountPaid        float64 `json:"amountPaid"`
	PaymentDate       string  `json:"paymentDate"`
}

var staff = map[string]string{"brightpearl-app-ref": "acme_till", "brightpearl-staff-token": Token}

func newBrightpearl(opts ...tenderkit.Option) (*brightpearl.Client, error) {
	return brightpearl.New(brightpearl.Config{Account: "acme", Auth: brightpearl.StaffToken("acme_till", Token), BaseURL: Origin}, opts...)
}

// handMethods is an answer as the hand-written client reads it.
type handMethods struct {
	Response []struct {
		ID           int64
		Name, Code   string
		IsActive     bool
		BankAccounts []struct {
			PaymentMethodID                         int64
			CurrencyISOCode, BankAccountNominalCode string
		}
		InstalledIntegrationID string
	}
}

func brightpearlRows(root string) (reads, writes []measure.Row, err error) {
	answer, err := sample(root, "brightpearl", "payment_methods_documented.json")
	if err != nil {
		return nil, nil, err
	}
	type created struct {
		Response int64
	}
	stub, opt := stubbed(answer)
	reader, err := newBrightpearl(opt)
	if err != nil {
		return nil, nil, err
	}
	creating, opt := stubbed(`{"response":4711}`)
	writer, err := newBrightpearl(opt)
	if err != nil {
		return nil, nil, err
	}
	at := time.Unix(1733250600, 0).UTC()
	p := brightpearl.CustomerPayment{
		TransactionRef: "till-7-receipt-4711", PaymentMethodCode: "SAGEPAY_UK", PaymentType: brightpearl.TypeReceipt, OrderID: 2002,
		CurrencyISOCode: "GBP", AmountPaid: amount("318.00"), PaymentDate: at,
	}
	const service = Origin + "/public-api/acme/accounting-service/"
	reads = []measure.Row{{Name: "brightpearl read", Works: []measure.Work{
		each("by hand", func(ctx context.Context, i int) error {
			var m handMethods
			return exchange(ctx, stub, http.MethodGet, service+"payment-method/"+strconv.Itoa(i+1), staff, nil, &m)
		}),
		each("tenderkit", func(ctx context.Context, i int) error {
			_, err := reader.PaymentMethod(ctx, int64(i+1))
			return err
		}),
	}}}
	writes = []measure.Row{{Name: "brightpearl write", Works: []measure.Work{
		each("by hand", func(ctx context.Context, i int) error {
			var id created
			return exchange(ctx, creating, http.MethodPost, service+"customer-payment", staff, brightpearlPayment{
				p.TransactionRef, p.PaymentMethodCode, "RECEIPT", 2002, "GBP", 318.00, at.Format("2006-01-02T15:04:05-07:00"),
			}, &id)
		}),
		each("tenderkit", func(ctx context.Context, i int) error {
			_, err := writer.CreateCustomerPayment(ctx, p)
			return err
		}),
	}}}
	return reads, writes, nil
}

type handAttribute struct{ Name, Value string }

// handSign is the vendor's signature by hand.
func handSign(method, url string, key, body []byte) map[string]string {
	date := time.Now().UTC().Format(http.TimeFormat)
	message := method + "\n" + url + "\n" + date
	if method != http.MethodGet {
		sum := md5.Sum(body)
		message += "\n" + base64.StdEncoding.EncodeToString(sum[:])
	}
	mac := hmac.New(sha1.New, key)
	mac.Write([]byte(message))
	return map[string]string{"Date": date, "Authorization": "SpektrixAPI3 till:" + base64.StdEncoding.EncodeToString(mac.Sum(nil))}
}

func spektrixRows(root string) (reads, writes []measure.Row, err error) {
	const base = Origin + "/apitesting/api/v3/"
	key := []byte(Token)
	open := func(name string) (*http.Client, *spektrix.Client, error) {
		answer, err := sample(root, "spektrix", name)
		if err != nil {
			return nil, nil, err
		}
		stub, opt := stubbed(answer)
		client, err := spektrix.New(spektrix.Config{
			ClientName: "apitesting", Login: "till", Currency: "GBP", BaseURL: Origin,
			Secret: tenderkit.Secret(base64.StdEncoding.EncodeToString(key)),
		}, opt)
		return stub, client, err
	}
	typesStub, types, err := open("custom-payment-types.json")
	if err != nil {
		return nil, nil, err
	}
	orderStub, orders, err := open("order.json")
	if err != nil {
		return nil, nil, err
	}
	postStub, poster, err := open("custom-payment-response.json")
	if err != nil {
		return nil, nil, err
	}
	type handType struct {
		Name, ID             string
		IsRefund             bool
		AttributeDefinitions []struct {
			Name, Type string
			IsRequired bool
		}
	}
	type handPart struct {
		Amount     float64
		Method     struct{ Name string }
		Attributes []handAttribute
	}
	type handOrder struct {
		ID, FriendlyID                            string
		Total                                     float64
		FirstTransactionDate, LastTransactionDate string
		Tickets                                   []struct {
			ID    string
			Total float64
		}
		Deliveries        []json.RawMessage
		Payments, Refunds []handPart
		Charges           []struct {
			Name   string
			Amount float64
		}
		Donations []json.RawMessage
		Channel   string `json:"attribute_Channel"`
	}
	handGet := func(ctx context.Context, stub *http.Client, path string, into any) error {
		return exchange(ctx, stub, http.MethodGet, base+path, handSign(http.MethodGet, base+path, key, nil), nil, into)
	}
	reads = []measure.Row{
		{Name: "spektrix types", Works: []measure.Work{
			each("by hand", func(ctx context.Context, i int) error {
				var list []handType
				return handGet(ctx, typesStub, "custom-payment-types", &list)
			}),
			each("tenderkit", func(ctx context.Context, i int) error {
				for _, err := range types.CustomPaymentTypes(ctx) {
					if err != nil {
						return err
					}
				}
				return nil
			}),
		}},
		{Name: "spektrix order", Works: []measure.Work{
			each("by hand", func(ctx context.Context, i int) error {
				var o handOrder
				return handGet(ctx, orderStub, "orders/1759AQHDBDQSDDTVTGMMVRMSSSKTGKB", &o)
			}),
			each("tenderkit", func(ctx context.Context, i int) error {
				_, err := orders.Order(ctx, "1759AQHDBDQSDDTVTGMMVRMSSSKTGKB")
				return err
			}),
		}},
	}
	const epos = "93AGQTGJBKVCQVRRKBVCCRTPJTBKCNLBH"
	p := spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount("10.00"), PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Payment ref", Value: "ABC_123"}}}
	writes = []measure.Row{{Name: "spektrix write, signed", Works: []measure.Work{
		each("by hand", func(ctx context.Context, i int) error {
			body, err := json.Marshal(struct {
				PaymentTypeID     string `json:"PaymentTypeId"`
				Amount            float64
				PaymentAttributes []handAttribute
			}{epos, 10, []handAttribute{{"Payment ref", "ABC_123"}}})
			if err != nil {
				return err
			}
			url := base + "baskets/20AEBCDF/custom-payments"
			var shown struct {
				Name       string
				Amount     float64
				Attributes []handAttribute
			}
			return exchangeBytes(ctx, postStub, http.MethodPost, url, handSign(http.MethodPost, url, key, body), body,
				func(answer []byte) error { return json.Unmarshal(answer, &shown) })
		}),
		each("tenderkit", func(ctx context.Context, i int) error {
			_, err := poster.AddCustomPayment(ctx, "20AEBCDF", p)
			return err
		}),
	}}}
	return reads, writes, nil
}

// rubiText is a list of records in all the layers of text that Rubi wraps it in.
func rubiText(records string) string {
	message, _ := json.Marshal(records)
	text, _ := json.Marshal(`{"ResponseCode":"200","ResponseMessage":` + string(message) + `}`)
	return string(text)
}

// handRubi is a call of Rubi by hand.
func handRubi(ctx context.Context, client *http.Client, method string, into any, elements ...string) error {
	text, err := json.Marshal(append(elements, Token))
	if err != nil {
		return err
	}
	form := []byte(url.Values{"": {string(text)}}.Encode())
	header := map[string]string{"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
	return exchangeBytes(ctx, client, http.MethodPost, Origin+"/api/"+method, header, form, func(answer []byte) error {
		var text string
		var envelope struct{ ResponseCode, ResponseMessage string }
		if err := json.Unmarshal(answer, &text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &envelope); err != nil {
			return err
		}
		return json.Unmarshal([]byte(envelope.ResponseMessage), into)
	})
}

func rubiRows(string) (reads, writes []measure.Row, err error) {
	const guid = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
	item := `{"ItemGUID":"` + guid + `","Item":"Booking","ItemDetails":"Annual Dinner","ItemContact":"Jo","ItemValue":"10.00","ItemTax":"2.00","ItemTaxRate":"20","ItemTotal":"12.00","eid":"e1"}`
	basketStub, opt := stubbed(rubiText("[" + strings.Repeat(item+",", 9) + item + "]"))
	reader, err := rubi.New(rubi.Config{APIKey: Token, BaseURL: Origin}, opt)
	if err != nil {
		return nil, nil, err
	}
	paid := `[{"TransactionID":"T-1001","TransactionType":"Invoice","ItemGUID":"` + guid + `","ItemTotal":"12.00","ItemDetail":"Annual Dinner","ItemStatus":"Active"}]`
	payStub, opt := stubbed(rubiText(paid))
	writer, err := rubi.New(rubi.Config{APIKey: Token, BaseURL: Origin}, opt)
	if err != nil {
		return nil, nil, err
	}
	type handItem struct {
		ItemGUID, Item, ItemDetails, ItemContact, ItemTaxRate string
		ItemValue, ItemTax, ItemTotal                         float64 `json:",string"`
		EID                                                   string  `json:"eid"`
	}
	type handPaid struct {
		TransactionID, TransactionType, ItemGUID, ItemDetail, ItemStatus string
		ItemTotal                                                        float64 `json:",string"`
	}
	p := rubi.UserPayment{
		UID: "u1", PaymentType: rubi.Invoice, PaymentItems: []string{guid}, Address1: "1 High Street", Address4: "Oxford", County: "Oxfordshire",
		Postcode: "OX1 1AA", Country: "England", EmailAddress: "jo@example.org", MobCountry: "+44", Mob: "7700900000",
	}
	reads = []measure.Row{{Name: "rubi read", Works: []measure.Work{
		each("by hand", func(ctx context.Context, i int) error {
			var list []handItem
			return handRubi(ctx, basketStub, "UserBasket", &list, "u1", "Bookings")
		}),
		each("tenderkit", func(ctx context.Context, i int) error {
			for _, err := range reader.UserBasket(ctx, "u1", rubi.Bookings) {
				if err != nil {
					return err
				}
			}
			return nil
		}),
	}}}
	writes = []measure.Row{{Name: "rubi write", Works: []measure.Work{
		each("by hand", func(ctx context.Context, i int) error {
			var list []handPaid
			items, _ := json.Marshal(p.PaymentItems)
			return handRubi(ctx, payStub, "UserPayment", &list, p.UID, string(p.PaymentType), string(items), p.Address1, "", "", p.Address4,
				p.County, p.Postcode, p.Country, p.EmailAddress, "", p.MobCountry, p.Mob)
		}),
		each("tenderkit", func(ctx context.Context, i int) error {
			_, err := writer.UserPaymentUnchecked(ctx, p)
			return err
		}),
	}}}
	return reads, writes, nil
}
