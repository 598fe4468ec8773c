package brightpearltest

import (
	"net/http"

	"github.com/tenderkit/tenderkit/payment"
)

const maxTotals = 200 // documented for purchase orders, inferred for sales orders

// orderTotal is one entry of sale-payment-total. Amounts are JSON numbers.
type orderTotal struct {
	OrderID          int64          `json:"orderId"`
	PaymentCurrency  string         `json:"paymentCurrency,omitempty"`
	AmountPaid       payment.Amount `json:"amountPaid"`
	AmountAuthorized payment.Amount `json:"amountAuthorized"`
	AmountCaptured   payment.Amount `json:"amountCaptured"`
}

// salePaymentTotals is GET sale-payment-total/{id set} (documented). Without
// ids there are no results; an order without payments has zeros and no currency.
func (s *Server) salePaymentTotals(r *http.Request) reply {
	const message = "get-sale-payment-total"
	text := r.PathValue("ids")
	if text == "" {
		return success(message, []orderTotal{})
	}
	set, ok := parseIDSet(text)
	if !ok {
		return *unparseable("orderId", text, kindIDSet)
	}
	if !set.ascends() && !s.settings.facts.UnorderedIDs {
		return failure(http.StatusBadRequest, "CMNC-006", "The ids are not in ascending order")
	}
	ids, ok := set.expand(maxTotals)
	if !ok {
		return *invalid("more than 200 orders")
	}
	totals := make([]orderTotal, len(ids))
	for i, id := range ids {
		totals[i] = s.customer.total(id)
	}
	return success(message, totals)
}

// total returns the sums of an order. They are kept until one of its payments
// is deleted.
func (l *ledger) total(order int64) orderTotal {
	t := l.totals[order]
	if t != nil {
		return *t
	}
	t = &orderTotal{OrderID: order, AmountPaid: zero(), AmountAuthorized: zero(), AmountCaptured: zero()}
	for _, i := range l.byOrder[order] {
		if p := l.payments[i]; !p.Deleted {
			t.add(p)
		}
	}
	l.totals[order] = t
	return *t
}

func (t *orderTotal) add(p Payment) {
	t.PaymentCurrency = p.CurrencyISOCode
	switch p.PaymentType {
	case typeReceipt:
		t.AmountPaid = plus(t.AmountPaid, p.AmountPaid)
	case typeCapture:
		t.AmountPaid = plus(t.AmountPaid, p.AmountPaid)
		t.AmountCaptured = plus(t.AmountCaptured, p.AmountPaid)
	case typePayment:
		t.AmountPaid = plus(t.AmountPaid, p.AmountPaid.Neg())
	case typeAuth:
		t.AmountAuthorized = plus(t.AmountAuthorized, p.AmountAuthorized)
	case typeVoid:
		t.AmountAuthorized = plus(t.AmountAuthorized, p.AmountAuthorized.Neg())
	}
}
