package brightpearltest

import "github.com/tenderkit/tenderkit/payment"

const maxTotals = 200 // documented for purchase orders, inferred for sales orders

// orderTotal is one entry of sale-payment-total. Amounts are JSON numbers.
type orderTotal struct {
	OrderID          int64          `json:"orderId"`
	PaymentCurrency  string         `json:"paymentCurrency,omitempty"`
	AmountPaid       payment.Amount `json:"amountPaid"`
	AmountAuthorized payment.Amount `json:"amountAuthorized"`
	AmountCaptured   payment.Amount `json:"amountCaptured"`
}

// salePaymentTotals is GET sale-payment-total/{id set} (documented). No ids
// give no results; an order without payments gives zeros and no currency.
func (s *Server) salePaymentTotals(c call) reply {
	const message = "get-sale-payment-total"
	if c.arg == "" {
		return success(message, []orderTotal{})
	}
	set, ok := parseIDSet(c.arg)
	if !ok {
		return *unparseable("orderId", c.arg, kindIDSet)
	}
	ids, ok := set.expand(maxTotals)
	if !ok {
		return *invalid("more than 200 orders")
	}
	totals := make([]orderTotal, len(ids))
	for i, id := range ids {
		totals[i] = s.orderTotal(id)
	}
	return success(message, totals)
}

func (s *Server) orderTotal(id int64) orderTotal {
	t := orderTotal{OrderID: id, AmountPaid: zero(), AmountAuthorized: zero(), AmountCaptured: zero()}
	for _, p := range s.customer.payments {
		if p.OrderID == id && !p.Deleted {
			t.add(p)
		}
	}
	return t
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
