package spektrix_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

// printed are values with a name in every field that could hold personal data.
func printed(t *testing.T) map[string]any {
	t.Helper()
	const person = "Jane Doe"
	raw := []byte(`"` + person + `"`)
	p := spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "10.40"), PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Card", Value: person}}}
	added := spektrix.CustomPayment{Name: "EPOS System", Amount: p.Amount, Attributes: p.PaymentAttributes, Raw: raw}
	ticket := spektrix.Ticket{ID: "1A", Total: p.Amount, Members: spektrix.Members{"a": raw}}
	config := sampleConfig
	config.Login = person
	paid := sale(t, "10.40")
	paid.Attributes = []payment.Attribute{{Name: "Card", Value: person}}
	settled := spektrix.SettledPayment{Payment: paid, State: spektrix.StatePosted}
	return map[string]any{
		`spektrix.Config of "apitesting" in GBP`:      config,
		`spektrix.Client in GBP`:                      newClient(t, sampleConfig),
		`spektrix.Client <nil>`:                       (*spektrix.Client)(nil),
		`custom payment "` + epos + `" of 10.40`:      p,
		`attribute "Card"`:                            p.PaymentAttributes[0],
		`custom payment "EPOS System" of 10.40`:       added,
		`basket "2A": 1 tickets, total 10.40`:         spektrix.Basket{ID: "2A", Customer: spektrix.Ref{ID: person}, Total: p.Amount, Tickets: []spektrix.Ticket{ticket}, Raw: raw},
		`ticket "1A" of 10.40`:                        ticket,
		`new basket of a customer`:                    spektrix.NewBasket{CustomerID: person},
		`ticket delivery 1`:                           spektrix.TicketDelivery{Type: spektrix.CollectAtVenue, Address: raw},
		`payment "Cash" of 10.40`:                     spektrix.OrderPayment{Amount: p.Amount, Method: spektrix.PaymentMethod{Name: "Cash"}, Attributes: p.PaymentAttributes},
		`order "3A" (AB12CD): 1 tickets, total 10.40`: spektrix.Order{ID: "3A", FriendlyID: "AB12CD", Total: p.Amount, Tickets: []spektrix.Ticket{ticket}, Raw: raw},
		`3 members`:                      spektrix.Members{"a": raw, "b": raw, "c": raw},
		`2 items`:                        spektrix.Items{raw, raw},
		`new ticket of type "T" for "I"`: spektrix.NewTicket{Type: "T", Instance: "I", Members: ticket.Members},
		`changed order "3A" (AB12CD)`:    spektrix.ChangedOrder{OrderID: "3A", OrderFriendlyID: "AB12CD", CustomerID: person},
		`settlement: 1 posted`:           spektrix.Settlement{BasketID: "2A", Payments: []spektrix.SettledPayment{settled}},
		`settlement: no payments`:        spektrix.Settlement{},
		`payment "till-4/1001": sale of 10.40 GBP: posted`: settled,
	}
}

func TestValuesPrintASummary(t *testing.T) {
	t.Parallel()
	for want, v := range printed(t) {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
			if got := fmt.Sprintf(verb, v); got != want {
				t.Errorf("%s: %s, want %s", verb, got, want)
			}
		}
		if got := fmt.Sprintf("%q", v); got != fmt.Sprintf("%q", want) {
			t.Errorf("%%q: %s", got)
		}
	}
}

func TestValuesLogASummary(t *testing.T) {
	t.Parallel()
	for want, v := range printed(t) {
		if _, ok := v.(slog.LogValuer); !ok {
			continue
		}
		var buf bytes.Buffer
		slog.New(slog.NewJSONHandler(&buf, nil)).Info("value", "v", v)
		if !strings.Contains(buf.String(), fmt.Sprintf("%q", want)) || strings.Contains(buf.String(), "Jane") {
			t.Errorf("logged %s, want %s", buf.String(), want)
		}
	}
}

// Nor does JSON show the login, in whatever holds a Config.
func TestConfigInJSON(t *testing.T) {
	t.Parallel()
	config := sampleConfig
	config.Login = "Jane Doe"
	for _, v := range []any{config, &config, []spektrix.Config{config}, map[string]any{"a": &config}, struct{ C spektrix.Config }{config}} {
		text, err := json.Marshal(v)
		if err != nil || strings.Contains(string(text), "Jane") || !strings.Contains(string(text), "apitesting") {
			t.Errorf("%T: %s, %v", v, text, err)
		}
	}
}
