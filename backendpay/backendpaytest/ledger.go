package backendpaytest

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// ErrNoRecord is what a method of [Server] returns for an id that it does not
// have, or whose record is deleted.
var ErrNoRecord = errors.New("backendpaytest: no record has this id")

// Payment is a payment as the emulator keeps it. A time at zero says that the
// thing did not happen, or was undone.
type Payment struct {
	ID                  string
	CustomerID          string
	OurReference        string
	CustomerReference   string
	PaymentDate         payment.Date
	PaymentReversedDate payment.Date   // as shown; it may differ from ReversedAt
	PaymentAmount       payment.Amount // with the digits that were sent
	PaymentMethod       string
	InvoiceID           string
	InvoiceIDReversed   string

	CreatedAt    time.Time // this and all below: by the emulator's clock
	UpdatedAt    time.Time
	ReversedAt   time.Time // zero: the payment is valid
	ReinstatedAt time.Time
	CollectedAt  time.Time
	CancelledAt  time.Time // when the collection was cancelled
	DeletedAt    time.Time
}

// Reversed reports that the payment is not valid.
func (p Payment) Reversed() bool { return !p.ReversedAt.IsZero() }

// Deleted reports that no answer shows the payment any more.
func (p Payment) Deleted() bool { return !p.DeletedAt.IsZero() }

// storedPayment is a payment, its answer and its place.
type storedPayment struct {
	row
	Payment
	customer int64
}

// Payments lists every payment that was ever recorded, by ascending id,
// deleted ones included.
func (s *Server) Payments() []Payment {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Payment, len(s.payments.rows))
	for i, p := range s.payments.rows {
		list[i] = p.Payment
	}
	return list
}

// Creates tells how many payments were created over HTTP, those whose answer
// was lost and those deleted since included.
func (s *Server) Creates() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.creates
}

// AddPayment stores a payment as if somebody had entered it in the user
// interface, without any check, and gives its id. The id is always assigned,
// CreatedAt and UpdatedAt if they are zero. An unknown CustomerID gives
// [ErrNoRecord].
func (s *Server) AddPayment(p Payment) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	customer, ok := s.customers.find(p.CustomerID)
	if !ok {
		return "", ErrNoRecord
	}
	added := &storedPayment{Payment: p, customer: customer.id}
	s.insert(added, s.settings.clock())
	added.json = s.settings.appendPayment(nil, &added.Payment)
	return added.ID, nil
}

// Seed stores n payments of one customer quickly, with their answers already
// encoded, and gives the id of the first. fill is told the index and changes a
// payment that holds nothing but its customer; it must not call the emulator.
func (s *Server) Seed(customerID string, n int, fill func(i int, p *Payment)) (firstID string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	customer, ok := s.customers.find(customerID)
	if !ok {
		return "", ErrNoRecord
	}
	now := s.settings.clock()
	firstID = s.settings.paymentID(s.payments.nextID)
	s.payments.rows = slices.Grow(s.payments.rows, n)
	s.byCustomer[customer.id] = slices.Grow(s.byCustomer[customer.id], n)
	block := make([]storedPayment, n) // one allocation, not n
	var answers arena
	for i := range block {
		p := &block[i]
		p.customer, p.CustomerID = customer.id, customerID
		fill(i, &p.Payment)
		s.insert(p, now)
		p.json = answers.keep(s.settings.appendPayment(answers.scratch[:0], &p.Payment))
	}
	return firstID, nil
}

// insert gives a payment its id and its stamps.
func (s *Server) insert(p *storedPayment, now time.Time) {
	p.created, p.updated = p.CreatedAt, p.UpdatedAt
	s.payments.add(p, now)
	p.ID, p.CreatedAt, p.UpdatedAt = s.settings.paymentID(p.id), p.created, p.updated
	p.gone = p.Deleted()
	s.byCustomer[p.customer] = append(s.byCustomer[p.customer], p)
}

func (set *settings) paymentID(n int64) string { return set.idPrefix + strconv.FormatInt(n, 10) }

// arena keeps many small byte strings in few allocations.
type arena struct{ chunk, scratch []byte }

func (a *arena) keep(b []byte) []byte {
	a.scratch = b
	if len(a.chunk)+len(b) > cap(a.chunk) {
		a.chunk = make([]byte, 0, max(len(b), 1<<18))
	}
	start := len(a.chunk)
	a.chunk = append(a.chunk, b...)
	return a.chunk[start:len(a.chunk):len(a.chunk)]
}
