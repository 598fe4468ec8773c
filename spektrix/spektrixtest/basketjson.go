package spektrixtest

import (
	"encoding/json"

	"github.com/tenderkit/tenderkit/payment"
)

// basketJSON holds the fields that have been observed in the browser's mode;
// that the signed mode has the same is inferred. No sample shows payments in a
// basket, so there are none.
type basketJSON struct {
	ID                      string           `json:"id"`
	Customer                *stub            `json:"customer"`
	Total                   json.Number      `json:"total"`
	TotalDiscount           json.Number      `json:"totalDiscount"`
	Hash                    string           `json:"hash"`
	TransactionCommission   commissionJSON   `json:"transactionCommission"`
	Tickets                 []map[string]any `json:"tickets"`
	Donations               []struct{}       `json:"donations"`
	GiftVouchers            []struct{}       `json:"giftVouchers"`
	MembershipSubscriptions []struct{}       `json:"membershipSubscriptions"`
	MerchandiseItems        []struct{}       `json:"merchandiseItems"`
	Charges                 []struct{}       `json:"charges"`
}

// commissionJSON keeps its amount when it is waived: only waived says so. Which
// of the two the vendor does is unknown.
type commissionJSON struct {
	Amount json.Number `json:"amount"`
	Waived bool        `json:"waived"`
}

func (s *Server) wireBasket(b *Basket) basketJSON {
	none := []struct{}{}
	return basketJSON{
		ID: b.ID, Customer: customerStub(b.CustomerID), Hash: b.Hash,
		Total: number(s.shownTotal(b)), TotalDiscount: number(b.discount()),
		TransactionCommission: s.wireCommission(b), Tickets: wireTickets(b.Tickets),
		Donations: none, GiftVouchers: none, MembershipSubscriptions: none, MerchandiseItems: none, Charges: none,
	}
}

func (s *Server) shownTotal(b *Basket) payment.Amount {
	if s.settings.fallingTotal {
		return b.Total.Sub(b.paid())
	}
	return b.Total
}

func (b *Basket) discount() payment.Amount {
	sum := zero()
	for _, t := range b.Tickets {
		sum = sum.Add(orZero(t.Discount))
	}
	return sum
}

func (s *Server) wireCommission(b *Basket) commissionJSON {
	out := commissionJSON{Amount: number(zero()), Waived: b.CommissionWaived}
	if len(b.Tickets) > 0 {
		out.Amount = number(s.settings.commission)
	}
	return out
}

func customerStub(id string) *stub {
	if id == "" {
		return nil
	}
	return &stub{id}
}
