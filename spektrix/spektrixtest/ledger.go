package spektrixtest

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
)

// Baskets lists every basket that was ever made, oldest first, confirmed ones
// included.
func (s *Server) Baskets() []Basket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return cloneAll(s.baskets, func(b *Basket) Basket { return b.clone() })
}

// Basket returns one basket and whether it exists, confirmed or not.
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
func cloneAll[T, U any](list []T, clone func(T) U) []U {
	if list == nil {
		return nil
	}
	out := make([]U, len(list))
	for i, v := range list {
		out[i] = clone(v)
	}
	return out
}

const consonants = "BCDGHJKLMNPQRSTV"

// newID returns an id of the vendor's form: digits, an A, consonants, 33
// characters in all. The same emulator makes the same ids in the same order.
// The caller holds the lock.
func (s *Server) newID() string {
	s.ids++
	head := fmt.Sprintf("%dA", 1000+s.ids)
	return head + letters(fmt.Sprint(s.ids), 33-len(head))
}

// letters derives n consonants from a seed; n is at most 64.
func letters(seed string, n int) string {
	sum := sha256.Sum256([]byte(seed))
	text := make([]byte, 0, 2*len(sum))
	for _, b := range sum {
		text = append(text, consonants[b>>4], consonants[b&15])
	}
	return string(text[:n])
}

// friendlyID returns a short name of the form AB12CD, its own for each of the
// first six million orders.
func friendlyID(n int) string {
	pair := func(i int) string { return string([]byte{consonants[i>>4&15], consonants[i&15]}) }
	return fmt.Sprintf("%s%02d%s", pair(n/100), n%100, pair(n/25600))
}

// amount reads a number that stands in this package's source.
func amount(text string) payment.Amount {
	a, err := payment.ParseAmount(text)
	if err != nil {
		return payment.Amount{} // never: the tests read every one of them
	}
	return a
}

func zero() payment.Amount { return amount("0") }

// orZero takes an amount that was never set for 0.
func orZero(a payment.Amount) payment.Amount {
	if !a.IsSet() {
		return zero()
	}
	return a
}

// number writes an amount as the vendor does: 10.40 as 10.4, 45 as 45.0.
func number(a payment.Amount) jsontext.Value {
	text := orZero(a).String()
	point := strings.IndexByte(text, '.')
	if point < 0 {
		return jsontext.Value(text + ".0")
	}
	for len(text) > point+2 && strings.HasSuffix(text, "0") {
		text = text[:len(text)-1]
	}
	return jsontext.Value(text)
}

// truncated leaves the decimals away, as the documented answer to 10.40 does.
func truncated(a payment.Amount) payment.Amount {
	whole, _, _ := strings.Cut(orZero(a).String(), ".")
	return amount(whole)
}
