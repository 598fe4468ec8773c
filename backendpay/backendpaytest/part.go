package backendpaytest

import (
	"net/http"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// Part is a share of a payment allocated to an invoice. Answers show its id
// and amount only.
type Part struct {
	ID        string
	PaymentID string
	InvoiceID string
	Amount    payment.Amount
	CreatedAt time.Time
	UpdatedAt time.Time
}

type storedPart struct {
	row
	Part
}

// AddInvoice makes an invoice known, so that the parts of it can be listed.
func (s *Server) AddInvoice(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.invoices[id] = true
}

// Allocate allocates a share of a payment to an invoice, which it makes known,
// and returns the part's id. A second call for the same two changes the part's
// amount. The sum of the parts is not checked.
func (s *Server) Allocate(paymentID, invoiceID string, amount payment.Amount) (partID string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.findPayment(paymentID); !ok {
		return "", ErrNoRecord
	}
	s.invoices[invoiceID] = true
	part, now := s.partOf(paymentID, invoiceID), s.settings.clock()
	if part == nil {
		part = &storedPart{Part: Part{PaymentID: paymentID, InvoiceID: invoiceID, CreatedAt: now}}
		part.ID = s.parts.add(part, now)
	}
	part.Amount, part.UpdatedAt, part.updated = amount, now, now
	o := s.settings.object(nil)
	o.id(part.ID)
	o.amount("paymentPartAmount", amount)
	part.json = o.end()
	return part.ID, nil
}

func (s *Server) partOf(paymentID, invoiceID string) *storedPart {
	for _, part := range s.parts.rows {
		if part.PaymentID == paymentID && part.InvoiceID == invoiceID && !part.gone {
			return part
		}
	}
	return nil
}

// Parts returns all parts by ascending id, without those of deleted payments.
func (s *Server) Parts() []Part {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Part
	for _, part := range s.parts.rows {
		if !part.gone {
			list = append(list, part.Part)
		}
	}
	return list
}

// getPart is GET paymentParts/ID (documented).
func (s *Server) getPart(c call) reply {
	part, ok := s.parts.find(c.id)
	switch {
	case !ok:
		return notFound("payment part")
	case !s.seesPart(c.user, part):
		return s.invisible("payment part")
	}
	return success(http.StatusOK, part.json)
}

// listParts is GET paymentParts/ (documented).
func (s *Server) listParts(c call) reply {
	return s.listPartsWhere(c, func(*storedPart) bool { return true })
}

// listPartsOfPayment is GET payments/ID/paymentParts/ (documented).
func (s *Server) listPartsOfPayment(c call) reply {
	p, refused := s.visiblePayment(c)
	if refused != nil {
		return *refused
	}
	return s.listPartsWhere(c, func(part *storedPart) bool { return part.PaymentID == p.ID })
}

// listPartsOfInvoice is GET invoices/ID/paymentParts/ (documented).
func (s *Server) listPartsOfInvoice(c call) reply {
	if !s.invoices[c.id] {
		return notFound("invoice")
	}
	return s.listPartsWhere(c, func(part *storedPart) bool { return part.InvoiceID == c.id })
}

func (s *Server) listPartsWhere(c call, keep func(*storedPart) bool) reply {
	q, refused := s.parseQuery(c, recordParameters, s.settings.extraPaging())
	if refused != nil {
		return *refused
	}
	return page(s, s.parts.rows, q, func(part *storedPart) bool { return keep(part) && s.seesPart(c.user, part) })
}

// seesPart reports whether a user may see the payment of a part.
func (s *Server) seesPart(u *user, part *storedPart) bool {
	p, ok := s.findPayment(part.PaymentID)
	return ok && u.sees(p.CustomerID)
}

// extraPaging returns limit and offset where a list's own page leaves them out.
func (f *Facts) extraPaging() string {
	if f.LimitEverywhere {
		return pagingParameters
	}
	return ""
}
