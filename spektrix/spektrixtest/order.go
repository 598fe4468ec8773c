package spektrixtest

import (
	"net/url"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

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

// orderIndex finds an order by its id, and by its basket's if that is a fact.
func (s *Server) orderIndex(id string) (int, bool) {
	if n, ok := s.orderIDs[id]; ok {
		return n, true
	}
	b := s.basketIDs[id]
	if b == nil || !b.Confirmed || !s.settings.facts.OrderByBasketID {
		return 0, false
	}
	return b.order, true
}

func (s *Server) orderExists(id string) bool {
	_, ok := s.orderIndex(id)
	return ok
}

func (s *Server) readOrder(id string, _ request) reply {
	n, _ := s.orderIndex(id)
	return success(s.wireOrder(s.orders[n]))
}

// orderJSON holds the fields that clients have been seen to read.
type orderJSON struct {
	ID                      string             `json:"id,omitempty"`
	CapitalID               string             `json:"Id,omitempty"`
	FriendlyID              string             `json:"friendlyId"`
	Customer                *stub              `json:"customer"`
	Total                   jsontext.Value     `json:"total"`
	FirstTransactionDate    string             `json:"firstTransactionDate"`
	LastTransactionDate     string             `json:"lastTransactionDate"`
	Tickets                 []ticketJSON       `json:"tickets"`
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
	Amount     jsontext.Value  `json:"amount"`
	Method     methodJSON      `json:"method"`
	Attributes []attributeJSON `json:"attributes,omitzero"`
}

type methodJSON struct {
	Name string `json:"name"`
}

type chargeJSON struct {
	Name   string         `json:"name"`
	Amount jsontext.Value `json:"amount"`
}

type deliveryJSON struct {
	Type int `json:"type"`
}

func (s *Server) wireOrder(o Order) orderJSON {
	at := s.settings.facts.timeText(o.At)
	out := orderJSON{
		ID: o.ID, FriendlyID: o.FriendlyID, Customer: customerStub(o.CustomerID), Total: number(o.Total),
		FirstTransactionDate: at, LastTransactionDate: at,
		Tickets: wireTickets(o.Tickets), Payments: s.orderPayments(o, false), Refunds: s.orderPayments(o, true),
	}
	if s.settings.facts.CapitalOrderID {
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

func (s *Server) orderPayments(o Order, refunds bool) (list []orderPaymentJSON) {
	for _, p := range o.Payments {
		if p.IsRefund != refunds {
			continue
		}
		shown := orderPaymentJSON{Amount: number(p.Amount), Method: methodJSON{p.TypeName}}
		if s.settings.facts.OrderAttributes {
			shown.Attributes = wireAttributes(p.Attributes)
		}
		list = append(list, shown)
	}
	return list
}

// customerExists reports whether a basket was ever given to the customer: the
// emulator keeps no others.
func (s *Server) customerExists(id string) bool {
	return slices.ContainsFunc(s.baskets, func(b *Basket) bool { return b.CustomerID == id })
}

// customerJSON is what a customer shows here: nothing personal.
type customerJSON struct {
	ID     string `json:"id"`
	Orders []any  `json:"orders,omitzero"`
}

func (s *Server) readCustomer(id string, _ request) reply {
	shown := customerJSON{ID: id}
	if s.settings.facts.CustomerOrders != CustomerShowsNone {
		shown.Orders = []any{}
	}
	for _, o := range s.orders {
		switch form := s.settings.facts.CustomerOrders; {
		case o.CustomerID != id, form == CustomerShowsNone:
		case form == CustomerShowsStubs:
			shown.Orders = append(shown.Orders, stub{o.ID})
		default:
			shown.Orders = append(shown.Orders, s.wireOrder(o))
		}
	}
	return success(shown)
}

const ticks = "2006-01-02T15:04:05.0000000"

func (f Facts) timeText(at time.Time) string {
	switch at = at.In(time.FixedZone("", int(f.ZoneOffset/time.Second))); f.Times {
	case TimesWithTicks:
		return at.Format(ticks)
	case TimesWithOffset:
		return at.Format(ticks + "-07:00")
	}
	return at.Format("2006-01-02T15:04:05")
}

// pageSize is how many orders a page of orders/sync has (documented).
const pageSize = 100

type syncJSON struct {
	Paging struct {
		Limit int    `json:"limit"`
		Next  string `json:"next,omitempty"`
	} `json:"paging"`
	Values []changedJSON `json:"values"`
}

type changedJSON struct {
	OrderID            string  `json:"orderId"`
	OrderFriendlyID    string  `json:"orderFriendlyId"`
	CustomerID         *string `json:"customerId"`
	CustomerFriendlyID *string `json:"customerFriendlyId"`
}

// ordersSince lists orders by the time of their confirmation, oldest first. A
// page that does not hold them all names the next one by the time of its last
// order, without host and client name.
func (s *Server) ordersSince(_ string, req request) reply {
	if s.settings.facts.NoOrdersSync {
		return notFound("no such resource")
	}
	since, err := parseSince(req.since)
	if err != nil {
		return invalid(err)
	}
	first, _ := slices.BinarySearchFunc(s.orders, since, func(o Order, at time.Time) int { return o.At.Compare(at) })
	rest := s.orders[first:]
	var out syncJSON
	out.Paging.Limit = pageSize
	for _, o := range rest[:min(pageSize, len(rest))] {
		changed := changedJSON{OrderID: o.ID, OrderFriendlyID: o.FriendlyID}
		if o.CustomerID != "" {
			changed.CustomerID, changed.CustomerFriendlyID = &o.CustomerID, &o.CustomerID
		}
		out.Values = append(out.Values, changed)
	}
	if len(rest) > pageSize {
		last := rest[pageSize-1].At.UTC().Format(ticks)
		out.Paging.Next = "/api/v3/orders/sync?since=" + url.QueryEscape(last)
	}
	return success(out)
}

// parseSince takes a time without a zone for one in UTC.
func parseSince(text string) (time.Time, error) {
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02"} {
		if at, err := time.Parse(form, text); err == nil {
			return at.Truncate(100 * time.Nanosecond), nil
		}
	}
	return time.Time{}, refusal("since is not a time")
}
