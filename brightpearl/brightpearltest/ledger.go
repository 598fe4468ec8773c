package brightpearltest

import (
	"slices"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// Payment is a payment as the emulator keeps it. Supplier payments leave the
// transaction code and the authorization fields empty.
type Payment struct {
	ID                  int64
	TransactionRef      string
	TransactionCode     string
	PaymentMethodCode   string // upper case
	PaymentType         string
	OrderID             int64
	CurrencyISOCode     string
	ExchangeRate        payment.Amount // at most 6 decimals; not set if none was sent
	AmountAuthorized    payment.Amount // 0 unless AUTH or VOID
	AmountPaid          payment.Amount // 0 for AUTH and VOID
	AuthorizationExpiry time.Time      // zero unless AUTH
	PaymentDate         time.Time      // UTC
	CreatedOn           time.Time      // by the emulator's clock
	JournalID           int64          // 0: no journal
	JournalRef          string
	Hidden              bool // no search shows it until [Server.ShowPayment]
	Deleted             bool
	DeletedOn           time.Time
}

// Payments returns every customer payment that was ever accepted, oldest first,
// including deleted ones.
func (s *Server) Payments() []Payment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.customer.payments)
}

// SupplierPayments returns every supplier payment that was ever accepted,
// oldest first.
func (s *Server) SupplierPayments() []Payment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.supplier.payments)
}

// AddPayment stores a customer payment as if another program had recorded it,
// without any check, and returns its id. An id and a creation time are always
// assigned; a journal is not made.
func (s *Server) AddPayment(p Payment) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.customer.add(p, s.settings.clock())
}

// DeletePayment deletes a customer payment as a person does at the vendor, and
// reports whether there was one. Its reference stays taken.
func (s *Server) DeletePayment(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.customer.remove(id, s.settings.clock(), false)
}

// DeleteSupplierPayment deletes a supplier payment, as [Server.DeletePayment] does.
func (s *Server) DeleteSupplierPayment(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.supplier.remove(id, s.settings.clock(), false)
}

// ShowPayment lets searches show a customer payment that was added Hidden: a
// search index need not take up payments in the order of their ids.
func (s *Server) ShowPayment(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.customer.payment(id); p != nil {
		p.Hidden = false
	}
}

// BetweenPages calls f after each answer of a search that announces another
// page, before that answer is sent. f may add, delete and show payments.
func (s *Server) BetweenPages(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.between = f
}

// AddOrders names orders that exist, see [Facts].RefusesUnknownOrders.
func (s *Server) AddOrders(ids ...int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		s.orders[id] = true
	}
}

// ledger keeps payments for good: a deleted one is only marked. It is indexed
// by order and by reference, and keeps the totals of each order.
type ledger struct {
	firstID  int64
	payments []Payment // the first has the id firstID, and so on
	refs     map[string]struct{}
	byOrder  map[int64][]int // indices of payments
	byRef    map[string][]int
	totals   map[int64]*orderTotal // computed when asked for
	columns  []column
}

func newLedger(firstID int64, columns []column) *ledger {
	return &ledger{
		firstID: firstID, refs: map[string]struct{}{}, byOrder: map[int64][]int{},
		byRef: map[string][]int{}, totals: map[int64]*orderTotal{}, columns: columns,
	}
}

func (l *ledger) add(p Payment, now time.Time) int64 {
	i := len(l.payments)
	p.ID, p.CreatedOn = l.firstID+int64(i), now
	p.PaymentMethodCode = strings.ToUpper(p.PaymentMethodCode)
	l.payments = append(l.payments, p)
	l.byOrder[p.OrderID] = append(l.byOrder[p.OrderID], i)
	if p.TransactionRef != "" {
		l.byRef[p.TransactionRef] = append(l.byRef[p.TransactionRef], i)
		l.refs[pair(p)] = struct{}{}
	}
	if total := l.totals[p.OrderID]; total != nil {
		total.add(p)
	}
	return p.ID
}

// pair is what must be unique: the reference as written and the method in any
// case, whatever the type.
func pair(p Payment) string {
	return strings.ToUpper(p.PaymentMethodCode) + "\x00" + p.TransactionRef
}

// taken returns false for a payment without a reference: add keeps no pair of
// it.
func (l *ledger) taken(p Payment) bool {
	_, ok := l.refs[pair(p)]
	return ok
}

// remove marks a payment as deleted and reports whether there was one to
// delete.
func (l *ledger) remove(id int64, now time.Time, freeRef bool) bool {
	p := l.payment(id)
	if p == nil || p.Deleted {
		return false
	}
	p.Deleted, p.DeletedOn = true, now
	delete(l.totals, p.OrderID)
	if freeRef {
		delete(l.refs, pair(*p))
	}
	return true
}

func (l *ledger) payment(id int64) *Payment {
	if i := id - l.firstID; i >= 0 && i < int64(len(l.payments)) {
		return &l.payments[i]
	}
	return nil
}

// visible reports whether a search shows the payment yet, or still.
func (p *Payment) visible(now time.Time, lag time.Duration) bool {
	if p.Hidden || now.Before(p.CreatedOn.Add(lag)) {
		return false
	}
	return !p.Deleted || now.Before(p.DeletedOn.Add(lag))
}
