package rubitest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// Kinds of items, as baskets name them.
const (
	KindBooking      = "Booking"
	KindSubscription = "Subscription"
)

// States of an item.
const (
	StatusInBasket  = "In Basket"
	StatusPending   = "Pending" // invented: a card payment that took the item out of the basket
	StatusActive    = "Active"
	StatusCancelled = "Cancelled"
)

// Contact is a person with a basket. The password is what Login compares.
type Contact struct {
	UID          string
	EmailAddress string
	FirstName    string
	LastName     string
	Company      string
	Password     string
	Member       bool
}

// Event is what can be booked.
type Event struct {
	EID         string
	Name        string
	Value       payment.Amount // price of a place without tax; not set: 0.00
	Tax         payment.Amount
	TaxRate     payment.Amount
	Places      int  // left
	Offline     bool // not bookable online
	MembersOnly bool
}

// Service is a sale service that can be subscribed to.
type Service struct {
	SSID    string
	Name    string
	Value   payment.Amount // price without tax; not set: 0.00
	Tax     payment.Amount
	TaxRate payment.Amount
}

// Item is a booking or a subscription, in a basket or beyond.
type Item struct {
	GUID    string // assigned
	Kind    string // KindBooking or KindSubscription
	UID     string // whose basket
	EID     string // of a booking
	Details string
	Contact string // who attends
	Value   payment.Amount
	Tax     payment.Amount
	TaxRate payment.Amount
	Total   payment.Amount // Value and Tax
	Status  string
}

// Transaction is one accepted UserPayment.
type Transaction struct {
	ID           string
	Type         string // Invoice, CardPayment or Confirm
	UID          string
	Items        []string // GUIDs, as submitted
	Total        payment.Amount
	EmailAddress string
	PONumber     string

	Paid     bool   // Invoice and Confirm at once, CardPayment by a StripeResult that succeeded
	StripeID string // of the first StripeResult that succeeded
	Results  int    // how many StripeResults were accepted
}

// Mail is a confirmation that Rubi sent by itself.
type Mail struct {
	To            string
	Subject       string
	TransactionID string
	Op            string // OpUserPayment or OpStripeResult
}

// Transactions returns every accepted UserPayment, oldest first.
func (s *Server) Transactions() []Transaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Transaction, len(s.ledger.transactions))
	for i, t := range s.ledger.transactions {
		all[i] = *t
		all[i].Items = slices.Clone(t.Items)
	}
	return all
}

// Mails returns every mail sent, oldest first. Two for the same items are a
// double submission.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ledger.mails)
}

// Basket returns what is in a contact's basket, oldest first.
func (s *Server) Basket(uid string) []Item {
	return slices.DeleteFunc(s.Items(uid), func(i Item) bool { return i.Status != StatusInBasket })
}

// Items returns every item that a contact ever had in the basket, in whatever
// state it is now, oldest first.
func (s *Server) Items(uid string) []Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Item
	for _, i := range s.ledger.items[fold(uid)] {
		found = append(found, *i)
	}
	return found
}

// AddContact adds a contact without any check.
func (s *Server) AddContact(c Contact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ledger.contacts = append(s.ledger.contacts, &c)
	if s.ledger.contact(c.UID) == nil {
		s.ledger.byUID[fold(c.UID)] = &c
	}
}

// AddEvent adds an event without any check.
func (s *Server) AddEvent(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ledger.events = append(s.ledger.events, &e)
}

// AddService adds a sale service without any check. PortalList shows it.
func (s *Server) AddService(v Service) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ledger.services = append(s.ledger.services, &v)
	s.ledger.lists["Subscriptions"] = append(s.ledger.lists["Subscriptions"], v.SSID)
}

// AddListValue adds a value to a list of PortalList: "County" or "Country".
func (s *Server) AddListValue(name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ledger.lists[name] = append(s.ledger.lists[name], value)
}

// AddItem puts an item into a basket without any check and returns its GUID,
// which is always assigned, like Total and Status.
func (s *Server) AddItem(i Item) (guid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledger.insert(i).GUID
}

// ledger is what the emulator knows and has done. Ids are compared in any
// letter case.
type ledger struct {
	contacts     []*Contact
	byUID        map[string]*Contact // the first of each uid
	events       []*Event
	services     []*Service
	lists        map[string][]string // of PortalList
	items        map[string][]*Item  // by uid, those that left the basket too
	byGUID       map[string]*Item
	byEvent      map[string][]*Item
	transactions []*Transaction
	byID         map[string]*Transaction
	mails        []Mail
}

func newLedger() ledger {
	return ledger{
		byUID: map[string]*Contact{}, items: map[string][]*Item{}, byGUID: map[string]*Item{}, byEvent: map[string][]*Item{}, byID: map[string]*Transaction{},
		lists: map[string][]string{"County": {"Kent", "West Yorkshire"}, "Country": {"Ireland", "United Kingdom"}},
	}
}

func (l *ledger) insert(i Item) *Item {
	first := "aaaaaaaa"
	if i.Kind == KindSubscription {
		first = "bbbbbbbb"
	}
	i.GUID = fmt.Sprintf("%s-0000-0000-0000-%012d", first, len(l.byGUID)+1)
	i.Value, i.Tax, i.TaxRate = orZero(i.Value), orZero(i.Tax), orZero(i.TaxRate)
	i.Total, i.Status = i.Value.Add(i.Tax), StatusInBasket
	l.byGUID[i.GUID] = &i
	l.items[fold(i.UID)] = append(l.items[fold(i.UID)], &i)
	l.byEvent[fold(i.EID)] = append(l.byEvent[fold(i.EID)], &i)
	return &i
}

func (l *ledger) contact(uid string) *Contact { return l.byUID[fold(uid)] }

func (l *ledger) contactByEmail(address string) *Contact {
	for _, c := range l.contacts {
		if strings.EqualFold(c.EmailAddress, address) {
			return c
		}
	}
	return nil
}

func (l *ledger) event(eid string) *Event {
	for _, e := range l.events {
		if fold(e.EID) == fold(eid) {
			return e
		}
	}
	return nil
}

func (l *ledger) item(uid, guid string) *Item {
	if i := l.byGUID[fold(guid)]; i != nil && fold(i.UID) == fold(uid) {
		return i
	}
	return nil
}

func (l *ledger) basketItem(uid, guid string) *Item {
	if i := l.item(uid, guid); i != nil && i.Status == StatusInBasket {
		return i
	}
	return nil
}

// fold returns the same key for all spellings of an id.
func fold(id string) string { return strings.ToLower(id) }
