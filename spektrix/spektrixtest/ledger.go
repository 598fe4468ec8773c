package spektrixtest

// Baskets lists every basket that was ever made, oldest first, confirmed ones
// included.
func (s *Server) Baskets() []Basket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return cloneAll(values(s.baskets), Basket.clone)
}

// Basket gives one basket and whether it exists, confirmed or not.
func (s *Server) Basket(id string) (Basket, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.basketIDs[id]
	if b == nil {
		return Basket{}, false
	}
	return b.clone(), true
}

// Payments lists the custom payments of a basket, oldest first. It is what a
// test asks whether a payment was recorded twice.
func (s *Server) Payments(basketID string) []Payment {
	b, _ := s.Basket(basketID)
	return b.Payments
}

// Orders lists all orders, oldest first. A basket has more than one only under
// [SecondConfirmNewOrder].
func (s *Server) Orders() []Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	return cloneAll(s.orders, Order.clone)
}

// cloneAll copies what the ledger hands out, so that nobody can change it.
func cloneAll[T any](list []T, clone func(T) T) []T {
	if list == nil {
		return nil
	}
	out := make([]T, len(list))
	for i, v := range list {
		out[i] = clone(v)
	}
	return out
}

func values[T any](list []*T) []T {
	out := make([]T, len(list))
	for i, p := range list {
		out[i] = *p
	}
	return out
}
