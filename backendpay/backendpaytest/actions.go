package backendpaytest

import (
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// Reverse reverses a payment as a user does: it fails and shows the reversal
// date on. The time of the reversal is the emulator's clock; the two may
// differ. The reversal shows on the invoice of the payment.
func (s *Server) Reverse(id string, on payment.Date) error {
	return s.act(id, func(p *Payment, now time.Time) {
		p.ReversedAt, p.ReinstatedAt = now, time.Time{}
		p.PaymentReversedDate, p.InvoiceIDReversed = on, p.InvoiceID
	})
}

// Reinstate undoes a reversal: the payment is valid again and reversedSince no
// longer finds it (inferred).
func (s *Server) Reinstate(id string) error {
	return s.act(id, func(p *Payment, now time.Time) {
		p.ReversedAt, p.ReinstatedAt = time.Time{}, now
		p.PaymentReversedDate, p.InvoiceIDReversed = payment.Date{}, ""
	})
}

// Collect marks a payment as collected.
func (s *Server) Collect(id string) error {
	return s.act(id, func(p *Payment, now time.Time) { p.CollectedAt, p.CancelledAt = now, time.Time{} })
}

// CancelCollection undoes [Server.Collect]: collectedSince no longer finds the
// payment (inferred).
func (s *Server) CancelCollection(id string) error {
	return s.act(id, func(p *Payment, now time.Time) { p.CollectedAt, p.CancelledAt = time.Time{}, now })
}

// act does what only the user interface can. Whether the vendor counts it as
// an update is unknown, see [WithActionsUpdating].
func (s *Server) act(id string, do func(p *Payment, now time.Time)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.findPayment(id)
	if !ok {
		return ErrNoRecord
	}
	now := s.settings.clock()
	do(&p.Payment, now)
	s.changed(p, now, s.settings.actionsUpdate)
	return nil
}

// Edit changes a payment as a user does, which counts as an update. change
// must not call the emulator; what it does to id, customer and stamps is
// undone.
func (s *Server) Edit(id string, change func(p *Payment)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.findPayment(id)
	if !ok {
		return ErrNoRecord
	}
	edited := p.Payment
	change(&edited)
	p.edit(edited)
	s.changed(p, s.settings.clock(), true)
	return nil
}

// edit takes over what can be edited.
func (p *storedPayment) edit(to Payment) {
	p.OurReference, p.CustomerReference = to.OurReference, to.CustomerReference
	p.PaymentDate, p.PaymentReversedDate = to.PaymentDate, to.PaymentReversedDate
	p.PaymentAmount, p.PaymentMethod = to.PaymentAmount, to.PaymentMethod
	p.InvoiceID, p.InvoiceIDReversed = to.InvoiceID, to.InvoiceIDReversed
}

// Delete deletes a payment as a user does. The ledger keeps it.
func (s *Server) Delete(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.findPayment(id)
	if !ok {
		return ErrNoRecord
	}
	s.remove(p)
	return nil
}

// remove hides a payment and its parts for good.
func (s *Server) remove(p *storedPayment) {
	p.gone, p.DeletedAt = true, s.settings.clock()
	for _, part := range s.parts.rows {
		if part.PaymentID == p.ID {
			part.gone = true
		}
	}
}

// changed encodes a payment anew.
func (s *Server) changed(p *storedPayment, now time.Time, update bool) {
	if update {
		p.updated, p.UpdatedAt = now, now
	}
	p.json = s.settings.appendPayment(nil, &p.Payment)
}

func (s *Server) findPayment(id string) (*storedPayment, bool) {
	number, ok := strings.CutPrefix(id, s.settings.idPrefix)
	if !ok {
		return nil, false
	}
	return s.payments.find(number)
}
