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
	Method        string // UserPayment or StripeResult
}

// Transactions lists every accepted UserPayment, oldest first.
func (s *Server) Transactions() []Transaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Transaction, len(s.transactions))
	for i, t := range s.transactions {
		all[i] = *t
		all[i].Items = slices.Clone(t.Items)
	}
	return all
}

// Mails lists every mail sent, oldest first. Two for the same items are a
// double submission.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Basket lists what is in a contact's basket, oldest first.
func (s *Server) Basket(uid string) []Item {
	return slices.DeleteFunc(s.Items(uid), func(i Item) bool { return i.Status != StatusInBasket })
}

// Items lists every item that a contact ever had in the basket, in whatever
// state it is now, oldest first.
func (s *Server) Items(uid string) []Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Item
	for _, i := range s.items[fold(uid)] {
		found = append(found, *i)
	}
	return found
}

// AddContact adds a contact without any check.
func (s *Server) AddContact(c Contact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.contacts = append(s.contacts, &c)
	if s.contact(c.UID) == nil {
		s.byUID[fold(c.UID)] = &c
	}
}

// AddEvent adds an event without any check.
func (s *Server) AddEvent(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, &e)
}

// AddService adds a sale service without any check.
func (s *Server) AddService(v Service) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.services = append(s.services, &v)
}

// AddItem puts an item into a basket without any check and gives its GUID,
// which is always assigned, like Total and Status.
func (s *Server) AddItem(i Item) (guid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.insert(i).GUID
}

func (s *Server) insert(i Item) *Item {
	s.inserted++
	first := "aaaaaaaa"
	if i.Kind == KindSubscription {
		first = "bbbbbbbb"
	}
	i.GUID = fmt.Sprintf("%s-0000-0000-0000-%012d", first, s.inserted)
	i.Value, i.Tax, i.TaxRate = orZero(i.Value), orZero(i.Tax), orZero(i.TaxRate)
	i.Total, i.Status = i.Value.Add(i.Tax), StatusInBasket
	s.items[fold(i.UID)] = append(s.items[fold(i.UID)], &i)
	return &i
}

// same compares GUIDs, in any case.
func same(a, b string) bool { return strings.EqualFold(a, b) }

// fold gives the same key for all spellings of a uid.
func fold(uid string) string { return strings.ToLower(uid) }
