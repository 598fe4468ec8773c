package rubitest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// Payment types of UserPayment.
const (
	typeInvoice = "Invoice"
	typeCard    = "CardPayment"
	typeConfirm = "Confirm"
)

const firstTransaction = 1001

// userPaymentElements returns the documented parameters, in the documented
// order.
func userPaymentElements() []element {
	return []element{
		{name: "uid", max: 50}, {name: "PaymentType", max: 20}, {name: "PaymentItems"},
		{name: "Address1", max: 75}, {name: "Address2", max: 75, blank: true}, {name: "Address3", max: 75, blank: true}, {name: "Address4", max: 75},
		{name: "County"}, {name: "Postcode", max: 15}, {name: "Country"},
		{name: "EmailAddress", max: 250}, {name: "PONumber", max: 100, blank: true}, {name: "MobCountry", max: 5}, {name: "Mob", max: 25},
	}
}

// Places of the elements that are more than an echo.
const (
	atUID = iota
	atType
	atItems
	atAddress1
	atCounty  = 7
	atCountry = 9
	atEmail   = 10
	atPO      = 11
)

// userPayment is UserPayment (documented; its answer's records as documented,
// one for each item of Invoice and Confirm inferred).
func (s *Server) userPayment(given []string) reply {
	if refused := s.checkPayment(given); refused != nil {
		return *refused
	}
	items, refused := s.submitted(given[atUID], given[atItems])
	if refused != nil {
		return *refused
	}
	total := sum(items)
	if given[atType] == typeConfirm && total.Sign() != 0 {
		return *badRequest("Confirm is for a total of 0.00 only")
	}
	t := s.record(given, items, total)
	if t.Type == typeCard {
		return s.cardAnswer(given, t, items)
	}
	return s.settledAnswer(given, t, items)
}

func (s *Server) checkPayment(given []string) *reply {
	f, by := s.settings.facts, given[atType]
	switch {
	case by != typeInvoice && by != typeCard && by != typeConfirm:
		return badRequest("PaymentType is wrong")
	case by == typeInvoice && f.NoInvoice, by == typeCard && f.NoCardPayment:
		return badRequest("PaymentType is not allowed")
	case f.ListsChecked && !slices.Contains(s.ledger.lists["County"], given[atCounty]):
		return badRequest("County is not in the list")
	case f.ListsChecked && !slices.Contains(s.ledger.lists["Country"], given[atCountry]):
		return badRequest("Country is not in the list")
	case s.ledger.contact(given[atUID]) == nil:
		return badRequest("uid is unknown")
	}
	return nil
}

// record makes the transaction: a new one on every call, whatever was
// submitted before.
func (s *Server) record(given []string, items []*Item, total payment.Amount) *Transaction {
	id := strconv.Itoa(firstTransaction + len(s.ledger.transactions))
	if !s.settings.facts.NumericTransactionIDs {
		id = "T-" + id
	}
	t := &Transaction{ID: id, Type: given[atType], UID: given[atUID], Total: total, EmailAddress: given[atEmail], PONumber: given[atPO]}
	for _, i := range items {
		t.Items = append(t.Items, i.GUID)
	}
	s.ledger.transactions = append(s.ledger.transactions, t)
	s.ledger.byID[id] = t
	return t
}

// cardAnswer is one record with the whole charge (documented).
func (s *Server) cardAnswer(given []string, t *Transaction, items []*Item) reply {
	guid := ""
	switch s.settings.facts.CardGUID {
	case CardGUIDFirst:
		guid = t.Items[0]
	case CardGUIDJoined:
		guid = strings.Join(t.Items, ",")
	}
	if s.settings.facts.CardItemsLeave {
		setStatus(items, StatusPending)
	}
	return ok(s.settings.facts.paymentRecord(given, t, guid, t.Total, "Card payment", items[0].Status))
}

// settledAnswer completes Invoice and Confirm: the items are active and Rubi
// mails by itself (documented).
func (s *Server) settledAnswer(given []string, t *Transaction, items []*Item) reply {
	s.settle(t, items)
	subject := confirmation(t)
	s.mail(t, OpUserPayment)
	var records []record
	for _, i := range items {
		r := s.settings.facts.paymentRecord(given, t, i.GUID, i.Total, i.Details, StatusActive)
		records = append(records, append(r, emailFields(subject)...))
	}
	return ok(records...)
}

func (s *Server) settle(t *Transaction, items []*Item) {
	t.Paid = true
	if !s.settings.facts.ItemsStay {
		setStatus(items, StatusActive)
	}
}

func setStatus(items []*Item, status string) {
	for _, i := range items {
		i.Status = status
	}
}

func (s *Server) mail(t *Transaction, op string) {
	s.ledger.mails = append(s.ledger.mails, Mail{To: t.EmailAddress, Subject: confirmation(t), TransactionID: t.ID, Op: op})
}

func confirmation(t *Transaction) string {
	return fmt.Sprintf("Confirmation of %d item(s)", len(t.Items))
}

func (f Facts) paymentRecord(given []string, t *Transaction, guid string, total payment.Amount, details, status string) record {
	r := record{
		{"TransactionID", transactionID(t.ID)}, {"TransactionType", t.Type}, {"ItemGUID", guid}, {"ItemTotal", total},
		{f.details("ItemDetail"), details}, {"ItemStatus", status},
	}
	for i, e := range userPaymentElements()[atAddress1:] {
		r = append(r, field{e.name, given[atAddress1+i]})
	}
	return r
}

func emailFields(subject string) record {
	return record{
		{"EmailSubject", subject}, {"EmailBody", "<p>Thank you.</p>"},
		{"EmailBCC", []string{"office@example.org"}}, {"EmailAttachments", []string{}},
	}
}
