package spektrixtest

import "github.com/go-json-experiment/json/jsontext"

// AddBasket stores a basket as if another program had filled it, and returns
// its id. Its id, hash, total and ticket ids are assigned, and it is not
// confirmed; prices are taken as they stand in the tickets.
func (s *Server) AddBasket(b Basket) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	b = b.clone()
	b.ID, b.Confirmed = s.newID(), false
	for i := range b.Tickets {
		b.Tickets[i].ID = s.newID()
	}
	s.keep(&b)
	return b.ID
}

// RemovePayment takes a payment out of an open basket, as staff can in the Sales
// Interface if its type allows it. The payments are numbered from 0. It reports
// whether there was one.
func (s *Server) RemovePayment(basketID string, n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.basketIDs[basketID]
	if b == nil || b.Confirmed || n < 0 || n >= len(b.Payments) {
		return false
	}
	b.Payments = append(b.Payments[:n:n], b.Payments[n+1:]...)
	s.touch(b)
	return true
}

// decodeCreation reads what a new basket starts with. No body at all is an
// empty basket; {} is one too.
func decodeCreation(body []byte) (req request, err error) {
	if len(body) == 0 {
		return req, nil
	}
	f := parseFields(body)
	var list []jsontext.Value
	f.take("customPayments", &list)
	for _, raw := range list {
		p, err := decodePayment(raw)
		if err != nil {
			return req, err
		}
		req.change.payments = append(req.change.payments, p.payment)
	}
	return req, f.readChange(&req.change)
}

func decodeUpdate(body []byte) (req request, err error) {
	return req, parseFields(body).readChange(&req.change)
}

func (f *fields) readChange(c *basketChange) error {
	if customer := f.optional("customer"); customer != "" {
		c.customer = &customer
	}
	var waive bool
	if f.take("waiveTransactionCommission", &waive) {
		c.waive = &waive
	}
	var raw jsontext.Value
	if f.take("ticketDelivery", &raw) {
		delivery, err := decodeDelivery(raw)
		if err != nil {
			return err
		}
		c.delivery = &delivery
	}
	return f.end()
}

// decodeDelivery knows the two types that have been observed. What stands in
// an address is not looked at.
func decodeDelivery(raw []byte) (kind int, err error) {
	f := parseFields(raw)
	var address map[string]jsontext.Value
	f.take("address", &address)
	if f.take("type", &kind); kind != 1 && kind != 3 {
		f.refuse("ticketDelivery.type is not 1 or 3")
	}
	return kind, f.end()
}

func (c basketChange) apply(b *Basket) {
	if c.customer != nil {
		b.CustomerID = *c.customer
	}
	if c.delivery != nil {
		b.DeliveryType = *c.delivery
	}
	if c.waive != nil {
		b.CommissionWaived = *c.waive
	}
}

func (s *Server) createBasket(_ string, req request) reply {
	b := &Basket{}
	req.change.apply(b)
	switch rule := s.settings.facts.CreationPayments; {
	case rule == RefusesCreationPayments && len(req.change.payments) > 0:
		return invalid(refusal("a new basket takes no payments"))
	case rule == StoresCreationPayments:
		for _, posted := range req.change.payments {
			p, err := s.accept(posted)
			if err != nil {
				return invalid(err)
			}
			b.Payments = append(b.Payments, p)
		}
	}
	b.ID = s.newID()
	s.keep(b)
	return success(s.wireBasket(b))
}

// updateBasket serves PATCH and POST, and answers with the updated basket.
func (s *Server) updateBasket(id string, req request) reply {
	b, refused := s.open(id)
	if refused != nil {
		return *refused
	}
	req.change.apply(b)
	s.touch(b)
	return success(s.wireBasket(b))
}

func (s *Server) readBasket(id string, _ request) reply {
	return success(s.wireBasket(s.basketIDs[id]))
}

// basketJSON holds members that are documented or have been observed in the
// browser's mode; that the signed mode has the same is inferred.
type basketJSON struct {
	ID                      string         `json:"id"`
	Customer                *stub          `json:"customer"`
	Total                   jsontext.Value `json:"total"`
	TotalDiscount           jsontext.Value `json:"totalDiscount"`
	Hash                    string         `json:"hash"`
	CustomPayments          any            `json:"customPayments,omitzero"`
	TransactionCommission   commissionJSON `json:"transactionCommission"`
	Tickets                 []ticketJSON   `json:"tickets"`
	Donations               []struct{}     `json:"donations"`
	GiftVouchers            []struct{}     `json:"giftVouchers"`
	MembershipSubscriptions []struct{}     `json:"membershipSubscriptions"`
	MerchandiseItems        []struct{}     `json:"merchandiseItems"`
	Charges                 []struct{}     `json:"charges"`
}

// commissionJSON keeps its amount when it is waived: only waived says so. Which
// of the two the vendor does is unknown.
type commissionJSON struct {
	Amount jsontext.Value `json:"amount"`
	Waived bool           `json:"waived"`
}

func (s *Server) wireBasket(b *Basket) basketJSON {
	total, discount, commission := b.Total, zero(), zero()
	if s.settings.facts.FallingTotal {
		total = total.Sub(s.paid(b))
	}
	for _, t := range b.Tickets {
		discount = discount.Add(orZero(t.Discount))
		commission = s.settings.commission
	}
	return basketJSON{
		ID: b.ID, Customer: customerStub(b.CustomerID), Hash: b.Hash, Total: number(total), TotalDiscount: number(discount),
		CustomPayments:        s.basketPayments(b),
		TransactionCommission: commissionJSON{Amount: number(commission), Waived: b.CommissionWaived},
		Tickets:               wireTickets(b.Tickets),
	}
}

func (s *Server) basketPayments(b *Basket) any {
	switch s.settings.facts.BasketPayments {
	case BasketShowsNone:
		return nil
	case BasketShowsStubs:
		return cloneAll(append([]Payment{}, b.Payments...), func(p Payment) stub { return stub{p.id} })
	}
	return wirePayments(b.Payments)
}
