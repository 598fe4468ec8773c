package backendpaytest

import (
	"net/http"
	"time"
)

// getPayment is GET payments/ID (documented).
func (s *Server) getPayment(c call) reply {
	p, ok := s.findPayment(c.id)
	if !ok {
		return notFound("payment")
	}
	return success(http.StatusOK, p.json)
}

// listPayments is GET payments/ (documented).
func (s *Server) listPayments(c call) reply { return s.listOf(c, s.payments.rows) }

// listCustomerPayments is GET customers/ID/payments/ (documented; that it takes
// the same filters is inferred).
func (s *Server) listCustomerPayments(c call) reply {
	customer, ok := s.customers.find(c.id)
	if !ok && !s.settings.emptyUnknown {
		return notFound("customer")
	}
	var rows []*storedPayment
	if ok {
		rows = s.byCustomer[customer.id]
	}
	return s.listOf(c, rows)
}

func (s *Server) listOf(c call, rows []*storedPayment) reply {
	q, refused := s.parseQuery(c, pagingParameters, recordParameters, paymentParameters)
	if refused != nil {
		return *refused
	}
	now := s.settings.clock()
	return page(s, rows, q, func(p *storedPayment) bool { return q.selects(p, now) })
}

// selects applies the filters of payments. They are all inclusive: documented
// for the dates, inferred for the times.
func (q *query) selects(p *storedPayment, now time.Time) bool {
	if q.set.indexLag > 0 && now.Before(p.created.Add(q.set.indexLag)) {
		return false
	}
	return q.shows(p.Reversed()) && q.inDates(&p.Payment) &&
		since(p.ReversedAt, q.reversedSince) && since(p.ReinstatedAt, q.reinstatedSince) &&
		since(p.CollectedAt, q.collectedSince) && since(p.CancelledAt, q.cancelledSince)
}

// shows applies the two flags: valid payments only, unless the caller asks.
func (q *query) shows(reversed bool) bool {
	byReversal := !q.reversedSince.IsZero() || !q.minReversed.IsZero() || !q.maxReversed.IsZero()
	switch {
	case bool(q.includeReversed), q.set.showsReversed && byReversal && !bool(q.reversed):
		return true
	}
	return reversed == bool(q.reversed)
}

// inDates compares the dates shown on the payment.
func (q *query) inDates(p *Payment) bool {
	if !q.minDate.IsZero() && p.PaymentDate.Before(q.minDate) || !q.maxDate.IsZero() && p.PaymentDate.After(q.maxDate) {
		return false
	}
	if q.minReversed.IsZero() && q.maxReversed.IsZero() {
		return true
	}
	on := p.PaymentReversedDate
	return !on.IsZero() && !on.Before(q.minReversed) && (q.maxReversed.IsZero() || !on.After(q.maxReversed))
}

// createPayment is POST customers/ID/payments/ (documented; the body's form
// inferred). It does not look for a payment with the same reference.
func (s *Server) createPayment(c call) reply {
	customer, ok := s.customers.find(c.id)
	if !ok {
		return notFound("customer")
	}
	p := &storedPayment{customer: customer.id, Payment: Payment{CustomerID: c.id}}
	if refused := s.readPayment(c, &p.Payment); refused != nil {
		return *refused
	}
	s.insert(p, s.settings.clock())
	s.creates++
	p.json = s.settings.appendPayment(nil, &p.Payment)
	return success(s.settings.createStatus, p.json)
}

// updatePayment is PATCH payments/ID (documented; that only the fields sent
// change is inferred).
func (s *Server) updatePayment(c call) reply {
	p, ok := s.findPayment(c.id)
	if !ok {
		return notFound("payment")
	}
	edited := p.Payment
	if refused := s.readPayment(c, &edited); refused != nil {
		return *refused
	}
	p.edit(edited)
	s.changed(p, s.settings.clock(), true)
	return success(http.StatusOK, p.json)
}

// readPayment reads the fields that may be written into p and checks what
// comes out.
func (s *Server) readPayment(c call, p *Payment) *reply {
	f, refused := parseFields(c)
	if refused != nil {
		return refused
	}
	f.clearable("ourReference", &p.OurReference)
	f.clearable("customerReference", &p.CustomerReference)
	f.date("paymentDate", &p.PaymentDate)
	f.amount("paymentAmount", s.settings.amountIn, &p.PaymentAmount)
	f.text("paymentMethod", &p.PaymentMethod)
	f.clearable("invoiceID", &p.InvoiceID)
	if refused := f.end(); refused != nil {
		return refused
	}
	return s.checkPayment(p)
}

// checkPayment wants a date, an amount and a known method. Which fields the
// vendor requires is unknown.
func (s *Server) checkPayment(p *Payment) *reply {
	switch {
	case p.PaymentDate.IsZero():
		return badRequest("The field paymentDate is missing")
	case !p.PaymentAmount.IsSet():
		return badRequest("The field paymentAmount is missing")
	case p.PaymentMethod == "":
		return badRequest("The field paymentMethod is missing")
	case !s.settings.anyMethod && !s.hasType(p.PaymentMethod):
		return badRequest("The field paymentMethod names no payment type")
	}
	return nil
}

// deletePayment is DELETE payments/ID (documented; its answer unknown).
func (s *Server) deletePayment(c call) reply {
	p, ok := s.findPayment(c.id)
	if !ok {
		return notFound("payment")
	}
	s.remove(p)
	return s.deleted()
}
