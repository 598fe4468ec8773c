package spektrixtest

import (
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

// basketKnown includes confirmed ones; basketExists may not.
func (s *Server) basketKnown(id string) bool { return s.basketIDs[id] != nil }

func (s *Server) basketExists(id string) bool {
	b := s.basketIDs[id]
	return b != nil && (!b.Confirmed || s.settings.facts.ReadableAfterConfirm)
}

// open returns a basket that can still be changed.
func (s *Server) open(id string) (*Basket, *reply) {
	b := s.basketIDs[id]
	if b.Confirmed {
		refused := invalid(refusal("the basket is confirmed"))
		return nil, &refused
	}
	return b, nil
}

// keep stores a new basket.
func (s *Server) keep(b *Basket) {
	s.touch(b)
	s.baskets = append(s.baskets, b)
	s.basketIDs[b.ID] = b
}

// touch follows every change of a basket.
func (s *Server) touch(b *Basket) {
	b.revision++
	b.Hash = letters(fmt.Sprint(b.ID, b.revision), 24)
	b.Total = s.cost(b)
	if s.settings.facts.TotalWithoutCommission {
		b.Total = b.Total.Sub(s.commissionDue(b))
	}
}

// cost is what has to be paid: the items and all commissions.
func (s *Server) cost(b *Basket) payment.Amount {
	sum := s.commissionDue(b)
	for _, t := range b.Tickets {
		sum = sum.Add(t.total())
	}
	if s.settings.facts.TypeCommission == AddsToTotal {
		for _, p := range b.Payments {
			sum = sum.Add(orZero(p.commission))
		}
	}
	return sum
}

// commissionDue is nothing for an empty basket.
func (s *Server) commissionDue(b *Basket) payment.Amount {
	if b.CommissionWaived || len(b.Tickets) == 0 {
		return zero()
	}
	return s.settings.commission
}

// paid is what the payments count for.
func (s *Server) paid(b *Basket) payment.Amount {
	sum := zero()
	for _, p := range b.Payments {
		sum = sum.Add(p.counts())
		if s.settings.facts.TypeCommission == TakesFromAmount {
			sum = sum.Sub(orZero(p.commission))
		}
	}
	return sum
}
