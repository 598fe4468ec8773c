package rubitest

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
)

const currency payment.Currency = "GBP" // the vendor names none; its product is British

// charge is what Rubi uses of Stripe's response (documented).
type charge struct {
	id     string
	status string
	amount int64 // minor units
}

// stripeResult is StripeResult (documented). Any status but succeeded is
// accepted and changes nothing (inferred).
func (s *Server) stripeResult(given []string) reply {
	c, ok := parseCharge(given[1])
	if !ok {
		return *badRequest("StripeResponse has no id, status and amount")
	}
	t := s.ledger.byID[given[0]]
	if t == nil || t.Type != typeCard {
		return *badRequest("TransactionID is unknown")
	}
	if s.settings.facts.StrictAmount && !c.pays(t.Total) {
		return *badRequest("The amount is not the transaction's")
	}
	if t.Paid && s.settings.facts.Repeat == RepeatError {
		return *badRequest("The transaction is paid")
	}
	t.Results++
	if c.status == "succeeded" {
		s.pay(t, c)
	}
	return s.stripeAnswer(t)
}

// pay completes a transaction once. Two transactions over the same items can
// both be paid; the ledger shows it.
func (s *Server) pay(t *Transaction, c charge) {
	repeated := t.Paid
	if !repeated {
		t.StripeID = c.id
		s.settle(t, s.itemsOf(t))
	}
	if !s.settings.facts.NoStripeMail && (!repeated || s.settings.facts.Repeat == RepeatMail) {
		s.mail(t, OpStripeResult)
	}
}

// itemsOf returns the items of a transaction that were not removed since.
func (s *Server) itemsOf(t *Transaction) (items []*Item) {
	for _, guid := range t.Items {
		if i := s.ledger.byGUID[guid]; i.Status != StatusCancelled {
			items = append(items, i)
		}
	}
	return items
}

func (s *Server) stripeAnswer(t *Transaction) reply {
	var first, last string
	if c := s.ledger.contact(t.UID); c != nil {
		first, last = c.FirstName, c.LastName
	}
	r := append(record{{"EmailAddress", t.EmailAddress}}, emailFields(confirmation(t))...)
	return ok(append(r, field{"FirstName", first}, field{"LastName", last}))
}

// parseCharge reads Stripe's object: id and status are texts that are not
// blank, amount is an integer of minor units. Other fields are Stripe's and
// unused.
func parseCharge(text string) (c charge, ok bool) {
	fields := map[string]jsontext.Value{}
	if json.Unmarshal([]byte(text), &fields) != nil {
		return c, false
	}
	minor, err := strconv.ParseInt(string(fields["amount"]), 10, 64)
	c.amount = minor
	return c, err == nil && minor >= 0 && isText(fields["id"], &c.id) && isText(fields["status"], &c.status)
}

func isText(raw jsontext.Value, to *string) bool {
	return raw.Kind() == '"' && json.Unmarshal(raw, to) == nil && strings.TrimSpace(*to) != ""
}

// pays reports whether the charge is the total, to the minor unit.
func (c charge) pays(total payment.Amount) bool {
	m, err := payment.FromMinorUnits(c.amount, currency)
	return err == nil && m.Amount().Equal(total)
}
