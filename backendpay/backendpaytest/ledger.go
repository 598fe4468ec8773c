package backendpaytest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

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

// Reversed reports whether the payment is not valid.
func (p Payment) Reversed() bool { return !p.ReversedAt.IsZero() }

// Deleted reports whether no answer shows the payment any more.
func (p Payment) Deleted() bool { return !p.DeletedAt.IsZero() }

// storedPayment is a payment, its answer and its place.
type storedPayment struct {
	row
	Payment
	customer int64
}

// Payments returns every payment that was ever recorded, by ascending id,
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

// Creates returns how many payments were created over HTTP, those whose answer
// was lost and those deleted since included.
func (s *Server) Creates() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.creates
}

// AddPayment stores a payment as if somebody had entered it in the user
// interface, without any check, and returns its id. The id is always assigned,
// CreatedAt and UpdatedAt if they are zero. An unknown CustomerID returns
// [ErrNoRecord].
func (s *Server) AddPayment(p Payment) (id string, err error) {
	return s.Seed(p.CustomerID, 1, func(_ int, to *Payment) { *to = p })
}

// Seed stores n payments of one customer quickly, with their answers already
// encoded, and returns the id of the first. fill is called with the index and
// changes a payment that holds nothing but its customer; it must not call the
// emulator.
func (s *Server) Seed(customerID string, n int, fill func(i int, p *Payment)) (firstID string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	customer, ok := s.customers.find(customerID)
	if !ok {
		return "", ErrNoRecord
	}
	firstID = s.settings.IDPrefix + strconv.FormatInt(s.payments.nextID, 10)
	now := s.settings.clock()
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

// insert assigns an id and stamps to a payment.
func (s *Server) insert(p *storedPayment, now time.Time) {
	p.created, p.updated = p.CreatedAt, p.UpdatedAt
	p.ID = s.settings.IDPrefix + s.payments.add(p, now)
	p.CreatedAt, p.UpdatedAt = p.created, p.updated
	p.gone = p.Deleted()
	s.byCustomer[p.customer] = append(s.byCustomer[p.customer], p)
}

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

// Reverse reverses a payment as a user does: it fails and shows the reversal
// date on. The time of the reversal is the emulator's clock; the two may
// differ. The reversal shows on the invoice of the payment.
func (s *Server) Reverse(id string, on payment.Date) error {
	return s.act(id, s.settings.ActionsUpdate, func(p *Payment, now time.Time) {
		p.ReversedAt, p.ReinstatedAt = now, time.Time{}
		p.PaymentReversedDate, p.InvoiceIDReversed = on, p.InvoiceID
	})
}

// Reinstate undoes a reversal: the payment is valid again and reversedSince no
// longer finds it (inferred, clause reversal.reinstated).
func (s *Server) Reinstate(id string) error {
	return s.act(id, s.settings.ActionsUpdate, func(p *Payment, now time.Time) {
		p.ReversedAt, p.ReinstatedAt = time.Time{}, now
		p.PaymentReversedDate, p.InvoiceIDReversed = payment.Date{}, ""
	})
}

// Collect marks a payment as collected.
func (s *Server) Collect(id string) error {
	return s.act(id, s.settings.ActionsUpdate, func(p *Payment, now time.Time) { p.CollectedAt, p.CancelledAt = now, time.Time{} })
}

// CancelCollection undoes [Server.Collect]: collectedSince no longer finds the
// payment (inferred, clause reversal.collection-cancelled).
func (s *Server) CancelCollection(id string) error {
	return s.act(id, s.settings.ActionsUpdate, func(p *Payment, now time.Time) { p.CollectedAt, p.CancelledAt = time.Time{}, now })
}

// Edit changes a payment as a user does, which counts as an update. change
// must not call the emulator; what it does to id, customer and stamps is
// undone.
func (s *Server) Edit(id string, change func(p *Payment)) error {
	return s.act(id, true, func(p *Payment, _ time.Time) {
		edited := *p
		change(&edited)
		p.edit(edited)
	})
}

// edit takes over what can be edited.
func (p *Payment) edit(to Payment) {
	p.OurReference, p.CustomerReference = to.OurReference, to.CustomerReference
	p.PaymentDate, p.PaymentReversedDate = to.PaymentDate, to.PaymentReversedDate
	p.PaymentAmount, p.PaymentMethod = to.PaymentAmount, to.PaymentMethod
	p.InvoiceID, p.InvoiceIDReversed = to.InvoiceID, to.InvoiceIDReversed
}

// Delete deletes a payment as a user does. The ledger keeps it.
func (s *Server) Delete(id string) error {
	return s.act(id, false, func(p *Payment, now time.Time) { p.DeletedAt = now })
}

// act does what only the user interface can. update says whether it counts as an
// update.
func (s *Server) act(id string, update bool, do func(p *Payment, now time.Time)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.findPayment(id)
	if !ok {
		return ErrNoRecord
	}
	now := s.settings.clock()
	do(&p.Payment, now)
	s.changed(p, now, update)
	return nil
}

// changed encodes a payment anew, or hides it and its parts for good.
func (s *Server) changed(p *storedPayment, now time.Time, update bool) {
	if update {
		p.updated, p.UpdatedAt = now, now
	}
	p.json = s.settings.appendPayment(nil, &p.Payment)
	if p.gone = p.Deleted(); !p.gone {
		return
	}
	for _, part := range s.parts.rows {
		if part.PaymentID == p.ID {
			part.gone = true
		}
	}
}

func (s *Server) findPayment(id string) (*storedPayment, bool) {
	number, ok := strings.CutPrefix(id, s.settings.IDPrefix)
	if !ok {
		return nil, false
	}
	return s.payments.find(number)
}
