package spektrixtest

import (
	"encoding/json"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// Order is a confirmed basket.
type Order struct {
	ID                string
	FriendlyID        string // AB12CD
	BasketID          string
	CustomerID        string
	DeliveryType      int
	Total             payment.Amount // of the basket, before payments
	Commission        payment.Amount // 0 if waived
	Tickets           []Ticket
	Payments          []Payment
	ConfirmationEmail bool // whether one was sent
	At                time.Time
}

func (o Order) clone() Order {
	o.Tickets = cloneAll(o.Tickets, Ticket.clone)
	o.Payments = cloneAll(o.Payments, Payment.clone)
	return o
}

func (s *Server) placeOrder(b *Basket, c confirmation) Order {
	o := Order{
		ID: s.newID(), FriendlyID: friendlyID(len(s.orders)), BasketID: b.ID, CustomerID: b.CustomerID,
		DeliveryType: b.DeliveryType, Total: b.Total, Commission: s.commissionDue(b),
		Tickets: cloneAll(b.Tickets, Ticket.clone), Payments: cloneAll(b.Payments, Payment.clone),
		ConfirmationEmail: c.email, At: s.now(),
	}
	s.orderIDs[o.ID] = len(s.orders)
	s.orders = append(s.orders, o)
	return o
}

func (s *Server) orderExists(id string) bool {
	_, ok := s.orderIDs[id]
	return ok
}

func (s *Server) readOrder(id string, _ request) reply {
	return success(s.wireOrder(s.orders[s.orderIDs[id]]))
}

// orderJSON holds the fields that clients have been seen to read.
type orderJSON struct {
	ID                      string             `json:"id,omitempty"`
	CapitalID               string             `json:"Id,omitempty"`
	FriendlyID              string             `json:"friendlyId"`
	Customer                *stub              `json:"customer"`
	Total                   json.Number        `json:"total"`
	FirstTransactionDate    string             `json:"firstTransactionDate"`
	LastTransactionDate     string             `json:"lastTransactionDate"`
	Tickets                 []map[string]any   `json:"tickets"`
	Deliveries              []deliveryJSON     `json:"deliveries"`
	Payments                []orderPaymentJSON `json:"payments"`
	Refunds                 []orderPaymentJSON `json:"refunds"`
	Charges                 []chargeJSON       `json:"charges"`
	MembershipSubscriptions []struct{}         `json:"membershipSubscriptions"`
	GiftVouchers            []struct{}         `json:"giftVouchers"`
	Donations               []struct{}         `json:"donations"`
	MerchandiseItems        []struct{}         `json:"merchandiseItems"`
	PrintAtHomeDocuments    []struct{}         `json:"printAtHomeDocuments"`
}

type orderPaymentJSON struct {
	Amount     json.Number     `json:"amount"`
	Method     methodJSON      `json:"method"`
	Attributes []attributeJSON `json:"attributes,omitempty"`
}

type methodJSON struct {
	Name string `json:"name"`
}

type chargeJSON struct {
	Name   string      `json:"name"`
	Amount json.Number `json:"amount"`
}

type deliveryJSON struct {
	Type int `json:"type"`
}

func (s *Server) wireOrder(o Order) orderJSON {
	none, at := []struct{}{}, s.settings.timeText(o.At)
	out := orderJSON{
		ID: o.ID, FriendlyID: o.FriendlyID, Customer: customerStub(o.CustomerID), Total: number(o.Total),
		FirstTransactionDate: at, LastTransactionDate: at,
		Tickets: wireTickets(o.Tickets), Deliveries: []deliveryJSON{},
		Payments: s.wirePayments(o, false), Refunds: s.wirePayments(o, true), Charges: []chargeJSON{},
		MembershipSubscriptions: none, GiftVouchers: none, Donations: none, MerchandiseItems: none, PrintAtHomeDocuments: none,
	}
	if s.settings.capitalOrderID {
		out.ID, out.CapitalID = "", o.ID
	}
	if o.DeliveryType != 0 {
		out.Deliveries = append(out.Deliveries, deliveryJSON{o.DeliveryType})
	}
	if o.Commission.Sign() > 0 {
		out.Charges = append(out.Charges, chargeJSON{"Transaction commission", number(o.Commission)})
	}
	return out
}

func (s *Server) wirePayments(o Order, refunds bool) []orderPaymentJSON {
	list := []orderPaymentJSON{}
	for _, p := range o.Payments {
		if p.IsRefund != refunds {
			continue
		}
		shown := orderPaymentJSON{Amount: number(p.Amount), Method: methodJSON{p.TypeName}}
		if s.settings.orderAttributes {
			shown.Attributes = wireAttributes(p.Attributes)
		}
		list = append(list, shown)
	}
	return list
}

func (set *settings) timeText(at time.Time) string {
	switch at = at.In(set.zone); set.times {
	case TimesWithTicks:
		return at.Format("2006-01-02T15:04:05.0000000")
	case TimesWithOffset:
		return at.Format("2006-01-02T15:04:05.0000000-07:00")
	}
	return at.Format("2006-01-02T15:04:05")
}
