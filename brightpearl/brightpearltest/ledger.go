package brightpearltest

import (
	"cmp"
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
	Deleted             bool
	DeletedOn           time.Time
}

// Payments lists every customer payment that was ever accepted, oldest first,
// deleted ones included.
func (s *Server) Payments() []Payment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.customer.payments)
}

// SupplierPayments lists every supplier payment that was ever accepted, oldest
// first.
func (s *Server) SupplierPayments() []Payment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.supplier.payments)
}

// AddPayment stores a customer payment as if another program had recorded it,
// without any check, and gives its id. An id and a creation time are always
// assigned; a journal is not made.
func (s *Server) AddPayment(p Payment) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.customer.add(p, s.settings.clock())
}

// ledger keeps payments for good: a deleted one is only marked.
type ledger struct {
	nextID   int64
	payments []Payment           // by ascending id
	refs     map[string]struct{} // taken pairs of reference and method
}

func (l *ledger) add(p Payment, now time.Time) int64 {
	p.ID, p.CreatedOn = l.nextID, now
	p.PaymentMethodCode = strings.ToUpper(p.PaymentMethodCode)
	l.nextID++
	l.payments = append(l.payments, p)
	if p.TransactionRef != "" {
		if l.refs == nil {
			l.refs = map[string]struct{}{}
		}
		l.refs[pair(p)] = struct{}{}
	}
	return p.ID
}

// pair is what must be unique: the reference as written and the method in any
// case, whatever the type.
func pair(p Payment) string {
	return strings.ToUpper(p.PaymentMethodCode) + "\x00" + p.TransactionRef
}

// taken is false for a payment without a reference: add keeps no pair of it.
func (l *ledger) taken(p Payment) bool {
	_, ok := l.refs[pair(p)]
	return ok
}

// remove marks a payment as deleted and reports whether there was one to
// delete.
func (l *ledger) remove(id int64, now time.Time, freeRef bool) bool {
	i, ok := slices.BinarySearchFunc(l.payments, id, func(p Payment, id int64) int { return cmp.Compare(p.ID, id) })
	if !ok || l.payments[i].Deleted {
		return false
	}
	l.payments[i].Deleted, l.payments[i].DeletedOn = true, now
	if freeRef {
		delete(l.refs, pair(l.payments[i]))
	}
	return true
}

// visible reports whether a search shows the payment yet, or still.
func (p *Payment) visible(now time.Time, lag time.Duration) bool {
	if now.Before(p.CreatedOn.Add(lag)) {
		return false
	}
	return !p.Deleted || now.Before(p.DeletedOn.Add(lag))
}
