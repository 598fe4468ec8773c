package spektrixtest

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// clock is a clock that stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 5, 29, 19, 0, 7, 299762600, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func start(t *testing.T, opts ...Option) *Server {
	t.Helper()
	s := New(append([]Option{WithClientName(SampleClientName)}, opts...)...)
	t.Cleanup(s.Close)
	return s
}

// signed signs a request step by step as the vendor's documentation and
// working clients do, with nothing of the emulator but the credentials.
func signed(t *testing.T, req *http.Request, body string, at time.Time) *http.Request {
	t.Helper()
	return signedWith(t, req, body, at.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
}

// signedWith signs with the date's text as it is.
func signedWith(t *testing.T, req *http.Request, body, date string) *http.Request {
	t.Helper()
	text := req.Method + "\n" + req.URL.String() + "\n" + date
	if req.Method != "GET" {
		hash := md5.Sum([]byte(body))
		text += "\n" + base64.StdEncoding.EncodeToString(hash[:])
	}
	key, err := base64.StdEncoding.DecodeString(SampleSecret)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	mac.Write([]byte(text))
	req.Header.Set("Date", date)
	req.Header.Set("Authorization", "SpektrixAPI3 "+SampleLogin+":"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return req
}

// request makes a signed request. A path that does not begin with '/' is taken
// behind the prefix of the sample system.
func (s *Server) request(t *testing.T, method, path, body string) *http.Request {
	t.Helper()
	if !strings.HasPrefix(path, "/") {
		path = "/apitesting/api/v3/" + path
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "ticketdesk/1.0")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return signed(t, req, body, s.settings.clock())
}

// answered is what a client without any knowledge of the vendor sees.
type answered struct {
	status int
	header http.Header
	body   string
}

// try sends a request without following redirects.
func (s *Server) try(req *http.Request) (answered, error) {
	client := *http.DefaultClient
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		return answered{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return answered{status: resp.StatusCode, header: resp.Header, body: string(data)}, err
}

func do(t *testing.T, s *Server, req *http.Request) answered {
	t.Helper()
	a, err := s.try(req)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func send(t *testing.T, s *Server, method, path, body string) answered {
	t.Helper()
	return do(t, s, s.request(t, method, path, body))
}

func get(t *testing.T, s *Server, path string) answered {
	t.Helper()
	return send(t, s, http.MethodGet, path, "")
}

func post(t *testing.T, s *Server, path, body string) answered {
	t.Helper()
	return send(t, s, http.MethodPost, path, body)
}

func (a answered) want(t *testing.T, status int, body string) {
	t.Helper()
	if a.status != status || a.body != body {
		t.Errorf("answer %d %s\nwant   %d %s", a.status, a.body, status, body)
	}
}

func (a answered) refused(t *testing.T, status int, message string) {
	t.Helper()
	a.want(t, status, `{"message":"`+message+`"}`)
}

// short is the documented refusal of a basket whose payments do not cover it.
func (a answered) short(t *testing.T) {
	t.Helper()
	a.want(t, 409, `{"message":"the basket requires payment to complete","errorCode":11}`)
}

// into decodes a success.
func into[T any](t *testing.T, a answered) (v T) {
	t.Helper()
	if a.status/100 != 2 {
		t.Fatalf("answer %d %s", a.status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	return v
}

// seenBasket is what a client reads of a basket.
type seenBasket struct {
	ID, Hash              string
	Customer              *struct{ ID string }
	Total, TotalDiscount  json.Number
	TransactionCommission struct {
		Amount json.Number
		Waived bool
	}
	Tickets []map[string]any
}

func readBasket(t *testing.T, s *Server, id string) seenBasket {
	t.Helper()
	return into[seenBasket](t, get(t, s, "baskets/"+id))
}

// twoAdults is what a client posts to sell two tickets for 37.00.
const twoAdults = `[{"instance":"` + InstanceMatinee + `","type":"` + TicketAdult + `","seatingPlan":"` + PlanStalls + `"},` +
	`{"instance":"` + InstanceMatinee + `","type":"` + TicketAdult + `","seatingPlan":"` + PlanStalls + `"}]`

// sale returns a basket with two tickets, a delivery and no commission: 37.00.
func sale(s *Server) string {
	t := Ticket{Instance: InstanceMatinee, Type: TicketAdult, SeatingPlan: PlanStalls, Price: amount("18.50")}
	return s.AddBasket(Basket{DeliveryType: 1, CommissionWaived: true, Tickets: []Ticket{t, t}})
}

// pay posts a payment with the till's type.
func pay(t *testing.T, s *Server, basketID, digits string) answered {
	t.Helper()
	return post(t, s, "baskets/"+basketID+"/custom-payments", `{"PaymentTypeId":"`+TypeEPOSSystem+`","Amount":`+digits+`,"PaymentAttributes":[]}`)
}

func confirm(t *testing.T, s *Server, basketID string) answered {
	t.Helper()
	return post(t, s, "baskets/"+basketID+"/confirm", `{"sendConfirmationEmail":false}`)
}

func sample(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}

// TestWholeSale walks the whole way that a client goes.
func TestWholeSale(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := into[seenBasket](t, post(t, s, "baskets", `{"customer":"I-AK11-1ATK","ticketDelivery":{"type":1}}`)).ID
	if added := into[[]map[string]any](t, post(t, s, "baskets/"+id+"/tickets", twoAdults)); len(added) != 2 {
		t.Errorf("tickets %v", added)
	}
	if b := readBasket(t, s, id); b.Total != "38.5" || b.TransactionCommission.Amount != "1.5" || b.Customer.ID != "I-AK11-1ATK" {
		t.Errorf("before the waiver: %+v", b)
	}
	waived := into[seenBasket](t, send(t, s, "PATCH", "baskets/"+id, `{"WaiveTransactionCommission":true}`))
	if waived.Total != "37.0" || !waived.TransactionCommission.Waived {
		t.Errorf("after the waiver: %+v", waived)
	}
	pay(t, s, id, "20.40").want(t, 200, `{"name":"EPOS System","amount":20.4,"attributes":[]}`)
	confirm(t, s, id).short(t)
	post(t, s, "baskets/"+id+"/custom-payments", `{"PaymentTypeId":"`+TypeVoucher+`","Amount":16.60,"PaymentAttributes":[{"Name":"Voucher code","Value":"Ünï <1>"}]}`).
		want(t, 200, `{"name":"Sample Voucher","amount":16.6,"attributes":[{"name":"Voucher code","value":"Ünï <1>"}]}`)
	placed := confirm(t, s, id)
	order := into[struct{ ID, FriendlyID string }](t, placed)
	get(t, s, "orders/"+order.ID).want(t, 200, placed.body)
	checkSale(t, s, id, order.ID)
}

// checkSale looks at the ledger behind TestWholeSale.
func checkSale(t *testing.T, s *Server, basketID, orderID string) {
	t.Helper()
	paid := s.Payments(basketID)
	if len(paid) != 2 || paid[0].Amount.String() != "20.40" || paid[1].Attributes[0] != (payment.Attribute{Name: "Voucher code", Value: "Ünï <1>"}) {
		t.Errorf("payments %+v", paid)
	}
	orders := s.Orders()
	if len(orders) != 1 || orders[0].ID != orderID || orders[0].BasketID != basketID || !orders[0].Total.Equal(amount("37")) ||
		len(orders[0].Payments) != 2 || len(orders[0].Tickets) != 2 || orders[0].ConfirmationEmail {
		t.Errorf("orders %+v", orders)
	}
	if b, ok := s.Basket(basketID); !ok || !b.Confirmed || s.Count(OpAddCustomPayment) != 2 || s.Count(OpConfirm) != 2 {
		t.Errorf("basket %+v, requests %v", b, s.Requests())
	}
}
