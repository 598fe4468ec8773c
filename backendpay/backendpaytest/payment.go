package backendpaytest

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/internal/emulator"
)

// visiblePayment finds a payment that the user may see.
func (s *Server) visiblePayment(c call) (*storedPayment, *reply) {
	p, ok := s.findPayment(c.id)
	refused := notFound("payment")
	if ok && !c.user.sees(p.CustomerID) {
		ok, refused = false, s.invisible("payment")
	}
	if !ok {
		return nil, &refused
	}
	return p, nil
}

// visibleCustomer finds a customer that the user may see.
func (s *Server) visibleCustomer(c call) (*storedCustomer, *reply) {
	customer, ok := s.customers.find(c.id)
	refused := notFound("customer")
	if ok && !c.user.sees(c.id) {
		ok, refused = false, s.invisible("customer")
	}
	if !ok {
		return nil, &refused
	}
	return customer, nil
}

// getPayment is GET payments/ID (documented).
func (s *Server) getPayment(c call) reply {
	p, refused := s.visiblePayment(c)
	if refused != nil {
		return *refused
	}
	return success(http.StatusOK, p.json)
}

// listPayments is GET payments/ (documented).
func (s *Server) listPayments(c call) reply { return s.listOf(c, s.payments.rows) }

// listCustomerPayments is GET customers/ID/payments/ (documented; that it takes
// the same filters is inferred, clause filter.customer-list).
func (s *Server) listCustomerPayments(c call) reply {
	customer, refused := s.visibleCustomer(c)
	switch {
	case refused == nil:
		return s.listOf(c, s.byCustomer[customer.id])
	case s.settings.UnknownCustomerEmpty:
		return s.listOf(c, nil)
	}
	return *refused
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
// for the dates, inferred for the times (clause show.clock).
func (q *query) selects(p *storedPayment, now time.Time) bool {
	if lag := q.facts.IndexLag; lag > 0 && now.Before(p.created.Add(lag)) || !q.user.sees(p.CustomerID) {
		return false
	}
	return q.shows(p.Reversed()) && q.inDates(&p.Payment) &&
		since(p.ReversedAt, q.reversedSince) && since(p.ReinstatedAt, q.reinstatedSince) &&
		since(p.CollectedAt, q.collectedSince) && since(p.CancelledAt, q.cancelledSince)
}

// shows applies the two flags: valid payments only, unless the caller asks.
func (q *query) shows(reversed bool) bool {
	only := bool(q.reversed) && (!bool(q.includeReversed) || q.facts.BothFlags == BothShowReversed)
	byReversal := !q.reversedSince.IsZero() || !q.minReversed.IsZero() || !q.maxReversed.IsZero()
	switch {
	case only:
		return reversed
	case bool(q.includeReversed), q.facts.ReversedFiltersShow && byReversal:
		return true
	}
	return !reversed
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
// inferred, clause create.record).
func (s *Server) createPayment(c call) reply {
	customer, refused := s.visibleCustomer(c)
	if refused != nil {
		return *refused
	}
	p := &storedPayment{customer: customer.id, Payment: Payment{CustomerID: c.id}}
	if refused := s.readPayment(c, &p.Payment); refused != nil {
		return *refused
	}
	if s.settings.RefusesDuplicates && s.hasReference(p) {
		return failure(http.StatusConflict, "The customer has a payment with this ourReference")
	}
	s.insert(p, s.settings.clock())
	s.creates++
	p.json = s.settings.appendPayment(nil, &p.Payment)
	return success(s.settings.createStatus(), p.json)
}

func (s *Server) hasReference(p *storedPayment) bool {
	return p.OurReference != "" && slices.ContainsFunc(s.byCustomer[p.customer], func(other *storedPayment) bool {
		return !other.gone && other.OurReference == p.OurReference
	})
}

// updatePayment is PATCH payments/ID (documented; that only the fields sent
// change is inferred, clause update.fields).
func (s *Server) updatePayment(c call) reply {
	p, refused := s.visiblePayment(c)
	if refused != nil {
		return *refused
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
	f, refused := s.parseFields(c)
	if refused != nil {
		return refused
	}
	f.clearable("ourReference", &p.OurReference)
	f.clearable("customerReference", &p.CustomerReference)
	set(f, "paymentDate", &p.PaymentDate)
	f.amount("paymentAmount", &p.PaymentAmount)
	set(f, "paymentMethod", &p.PaymentMethod)
	f.clearable("invoiceID", &p.InvoiceID)
	if refused := f.end(); refused != nil {
		return refused
	}
	p.OurReference = s.settings.keptReference(p.OurReference)
	return s.checkPayment(p)
}

func (f *Facts) keptReference(reference string) string {
	if runes := []rune(reference); f.ReferenceLength > 0 && len(runes) > f.ReferenceLength {
		reference = string(runes[:f.ReferenceLength])
	}
	if f.FoldsReference {
		reference = strings.ToUpper(reference)
	}
	return reference
}

// checkPayment wants a date, an amount and a known method. Which fields the
// vendor requires is unknown (clauses create.without-date and
// create.without-amount, clause create.without-method).
func (s *Server) checkPayment(p *Payment) *reply {
	switch {
	case p.PaymentDate.IsZero():
		return badRequest("The field paymentDate is missing")
	case !p.PaymentAmount.IsSet():
		return badRequest("The field paymentAmount is missing")
	case p.PaymentMethod == "":
		return badRequest("The field paymentMethod is missing")
	case !s.settings.AnyMethod && !s.hasType(p.PaymentMethod):
		return badRequest("The field paymentMethod names no payment type")
	}
	return nil
}

// deletePayment is DELETE payments/ID (documented; its answer unknown).
func (s *Server) deletePayment(c call) reply {
	p, refused := s.visiblePayment(c)
	if refused != nil {
		return *refused
	}
	now := s.settings.clock()
	p.DeletedAt = now
	s.changed(p, now, false)
	return s.deleted()
}

// appendPayment writes a payment as answers show it: the documented fields in
// an order of our own, and neither customer nor currency.
func (set *settings) appendPayment(dst []byte, p *Payment) []byte {
	o := set.object(dst)
	o.id(p.ID)
	o.text("ourReference", p.OurReference)
	o.text("customerReference", p.CustomerReference)
	o.date("paymentDate", p.PaymentDate)
	o.date("paymentReversedDate", p.PaymentReversedDate)
	o.raw("status", set.status(p))
	o.amount("paymentAmount", p.PaymentAmount)
	o.text("paymentMethod", p.PaymentMethod)
	o.text("invoiceID", p.InvoiceID)
	o.text("invoiceIDReversed", p.InvoiceIDReversed)
	if set.unknownName != "" {
		o.raw(set.unknownName, set.unknownValue)
	}
	return o.end()
}

// status returns the names active now. The vendor's own words are unknown
// (clause payment.status-words).
func (f *Facts) status(p *Payment) []byte {
	words := []string{"Valid"}
	if p.Reversed() {
		words[0] = "Reversed"
	}
	if !p.CollectedAt.IsZero() {
		words = append(words, "Collected")
	}
	if !p.CancelledAt.IsZero() {
		words = append(words, "Collection Cancelled")
	}
	if f.LoneStatus && len(words) == 1 {
		return emulator.Encode(words[0])
	}
	return emulator.Encode(words)
}
