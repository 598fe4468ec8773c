package brightpearltest

import (
	"fmt"
	"net/http"
	"strconv"
)

const journalRefLimit = 255

// createCustomerPayment is POST customer-payment (documented; the answer's
// form observed).
func (s *Server) createCustomerPayment(c call) reply {
	f, refused := c.fields()
	if refused != nil {
		return *refused
	}
	p, refused := readCustomerPayment(f)
	if refused != nil {
		return *refused
	}
	return s.record(&s.customer, settle(p, journalRefLimit), "post-customer-payment")
}

func readCustomerPayment(f *fields) (Payment, *reply) {
	p := f.payment()
	p.TransactionCode = f.text("transactionCode")
	p.AmountAuthorized = f.amount("amountAuthorized")
	p.AuthorizationExpiry = f.instant("authorizationExpiry")
	if refused := f.end(); refused != nil {
		return p, refused
	}
	if refused := checkPayment(p, typeAuth, typeCapture, typePayment, typeReceipt, typeVoid); refused != nil {
		return p, refused
	}
	return p, checkAmounts(p)
}

// payment takes the fields that customer and supplier payments share.
func (f *fields) payment() Payment {
	return Payment{
		TransactionRef:    f.text("transactionRef"),
		PaymentMethodCode: f.text("paymentMethodCode"),
		PaymentType:       f.text("paymentType"),
		OrderID:           f.integer("orderId"),
		CurrencyISOCode:   f.text("currencyIsoCode"),
		ExchangeRate:      f.amount("exchangeRate"),
		AmountPaid:        f.amount("amountPaid"),
		JournalID:         f.integer("journalId"),
		JournalRef:        f.text("journalRef"),
		PaymentDate:       f.instant("paymentDate"),
	}
}

// record stores a payment that keeps all rules, unless its reference is taken,
// and makes the journal.
func (s *Server) record(l *ledger, p Payment, message string) reply {
	if s.settings.knownOrders != nil && !s.settings.knownOrders[p.OrderID] {
		return failure(http.StatusBadRequest, "SIM-ORDER", "Cannot find order: "+strconv.FormatInt(p.OrderID, 10))
	}
	if l.taken(p) && s.checksRefs(p) {
		text := fmt.Sprintf("transactionRef %s is already used with %s", p.TransactionRef, p.PaymentMethodCode)
		return failure(s.settings.duplicateStatus, s.settings.duplicateCode, text)
	}
	if p.JournalID == 0 && s.journals(p) {
		p.JournalID = s.journalID
		s.journalID++
	}
	return success(message, l.add(p, s.settings.clock()))
}

// checksRefs reports whether a repeated reference is refused under p's method.
func (s *Server) checksRefs(p Payment) bool {
	_, known := s.method(p.PaymentMethodCode)
	return known || !s.settings.uncheckedRefs
}

// journals reports whether the vendor books the payment: money moves, and the
// method is known and has a bank account in the currency. It never says so
// when it does not.
func (s *Server) journals(p Payment) bool {
	if p.PaymentType == typeAuth || p.PaymentType == typeVoid {
		return false
	}
	m, ok := s.method(p.PaymentMethodCode)
	return ok && m.banks(p.CurrencyISOCode)
}

// deleteCustomerPayment is DELETE customer-payment/{id} (documented; the empty
// object observed; the answer to a missing id inferred).
func (s *Server) deleteCustomerPayment(c call) reply {
	id, err := strconv.ParseInt(c.arg, 10, 64)
	if err != nil || !s.customer.remove(id, s.settings.clock(), s.settings.freedByDelete) {
		return notFound("Cannot find customer payment: " + c.arg)
	}
	return success("delete-customer-payment", nil)
}
