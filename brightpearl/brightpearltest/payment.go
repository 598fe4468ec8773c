package brightpearltest

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment"
)

const (
	journalRefLimit         = 255
	supplierJournalRefLimit = 64
)

// createCustomerPayment is POST customer-payment (documented; the form of the
// answer observed).
func (s *Server) createCustomerPayment(r *http.Request) reply {
	p, refused := readCustomerPayment(r)
	if refused != nil {
		return *refused
	}
	return s.record(s.customer, settle(p, journalRefLimit), "post-customer-payment")
}

func readCustomerPayment(r *http.Request) (Payment, *reply) {
	f, refused := readFields(r)
	if refused != nil {
		return Payment{}, refused
	}
	p := f.payment()
	p.TransactionCode = f.Text("transactionCode")
	p.AmountAuthorized = f.amount("amountAuthorized")
	p.AuthorizationExpiry = f.instant("authorizationExpiry")
	return p, f.check(p, typeAuth, typeCapture, typePayment, typeReceipt, typeVoid)
}

// createSupplierPayment is POST supplier-payment (documented).
func (s *Server) createSupplierPayment(r *http.Request) reply {
	f, refused := readFields(r)
	if refused != nil {
		return *refused
	}
	p := f.payment()
	if refused := f.check(p, typePayment, typeReceipt); refused != nil {
		return *refused
	}
	return s.record(s.supplier, settle(p, supplierJournalRefLimit), "post-supplier-payment")
}

// record stores a payment that keeps all rules, unless its reference is taken,
// and makes the journal.
func (s *Server) record(l *ledger, p Payment, message string) reply {
	facts := s.settings.facts
	if facts.RefusesUnknownOrders && !s.orders[p.OrderID] {
		return failure(http.StatusBadRequest, "SIM-ORDER", "Cannot find order: "+strconv.FormatInt(p.OrderID, 10))
	}
	if l.taken(p) && s.checksRefs(p) {
		return facts.duplicate(fmt.Sprintf("transactionRef %s is already used with %s", p.TransactionRef, p.PaymentMethodCode))
	}
	if p.JournalID == 0 && s.journals(p) {
		p.JournalID = s.journalID
		s.journalID++
	}
	return success(message, l.add(p, s.settings.clock()))
}

func (f Facts) duplicate(message string) reply {
	status, code := http.StatusBadRequest, "SIM-DUP"
	if f.DuplicateStatus != 0 {
		status = f.DuplicateStatus
	}
	if f.DuplicateCode != "" {
		code = f.DuplicateCode
	}
	return failure(status, code, message)
}

// checksRefs reports whether a repeated reference is refused under p's method.
func (s *Server) checksRefs(p Payment) bool {
	_, known := s.method(p.PaymentMethodCode)
	return known || !s.settings.facts.UncheckedUnknownMethods
}

// journals reports whether the vendor books the payment: money moves, and the
// method is known and has a bank account in the currency. It never says so
// when it does not.
func (s *Server) journals(p Payment) bool {
	if p.PaymentType == typeAuth || p.PaymentType == typeVoid || s.settings.facts.FailingReceipts {
		return false
	}
	m, ok := s.method(p.PaymentMethodCode)
	return ok && m.banks(p.CurrencyISOCode)
}

// deleteCustomerPayment is DELETE customer-payment/{id} (documented; the empty
// object observed; the answer to a missing id inferred).
func (s *Server) deleteCustomerPayment(r *http.Request) reply {
	text := r.PathValue("id")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || !s.customer.remove(id, s.settings.clock(), s.settings.facts.RefsFreedByDelete) {
		return notFound("Cannot find customer payment: " + text)
	}
	return success("delete-customer-payment", nil)
}

// fields are the members of a request body.
type fields struct{ *emulator.Fields }

// readFields reads a request body. No body, and null, is the vendor's
// CMNC-010, whose status is inferred.
func readFields(r *http.Request) (fields, *reply) {
	body := bytes.TrimSpace(emulator.Body(r))
	if len(body) == 0 || string(body) == "null" {
		refused := failure(http.StatusBadRequest, "CMNC-010", "A JSON body is required")
		return fields{}, &refused
	}
	f, err := emulator.ReadFields(body)
	if err != nil {
		return fields{}, internal()
	}
	if emulator.MediaType(r) != "application/json" {
		return fields{}, invalid("the body is not declared as application/json")
	}
	return fields{f}, nil
}

// payment takes the fields that customer and supplier payments share.
func (f fields) payment() Payment {
	return Payment{
		TransactionRef:    f.Text("transactionRef"),
		PaymentMethodCode: f.Text("paymentMethodCode"),
		PaymentType:       f.Text("paymentType"),
		OrderID:           f.Integer("orderId"),
		CurrencyISOCode:   f.Text("currencyIsoCode"),
		ExchangeRate:      f.amount("exchangeRate"),
		AmountPaid:        f.amount("amountPaid"),
		JournalID:         f.Integer("journalId"),
		JournalRef:        f.Text("journalRef"),
		PaymentDate:       f.instant("paymentDate"),
	}
}

// amount takes a JSON number, or a string that holds one, digit for digit.
func (f fields) amount(name string) (a payment.Amount) {
	f.Read(name, &a)
	return a
}

func (f fields) instant(name string) time.Time {
	text := f.Text(name)
	at, ok := parseInstant(text)
	if !ok && text != "" {
		f.IsWrong(name)
	}
	return at
}

// check refuses a wrong type as the vendor does, an unknown field as this
// emulator does, and a payment that breaks a rule.
func (f fields) check(p Payment, types ...string) *reply {
	if len(f.Wrong()) > 0 {
		return internal()
	}
	if left := f.Left(); len(left) > 0 {
		return invalid("unknown field " + left[0])
	}
	return checkPayment(p, types)
}

// parseInstant reads the forms of ISO 8601 that clients have been seen to
// send. A time without an offset is taken as UTC, which is inferred.
func parseInstant(text string) (time.Time, bool) {
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.DateOnly,
	} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}
