package backendpaytest

import "net/http"

// Customer is a customer, as far as payments need one. The vendor's record has
// more fields, whose names are not known completely.
type Customer struct {
	ID            string
	AccountNumber string
	CRMReference  string
	Dropped       bool // no longer active
}

type storedCustomer struct {
	row
	Customer
}

// AddCustomer adds a customer and returns its id, which is always assigned: the
// first after [SampleCustomer] is 124.
func (s *Server) AddCustomer(c Customer) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	added := &storedCustomer{Customer: c}
	added.ID = s.customers.add(added, s.settings.clock())
	added.json = s.settings.encodeCustomer(added.Customer, false)
	return added.ID
}

func (f *Facts) encodeCustomer(c Customer, numbers bool) []byte {
	o := f.object(nil)
	o.id(c.ID)
	o.text("accountNumber", c.AccountNumber)
	o.text("CRMReference", c.CRMReference)
	if numbers {
		o.raw("numbers", []byte(`[]`)) // customers have none here
	}
	return o.end()
}

// getCustomer is GET customers/ID (documented).
func (s *Server) getCustomer(c call) reply {
	q, refused := s.parseQuery(c, expandParameters)
	if refused != nil {
		return *refused
	}
	found, refused := s.visibleCustomer(c)
	if refused != nil {
		return *refused
	}
	return success(http.StatusOK, s.settings.encodeCustomer(found.Customer, bool(q.expandNumbers)))
}

// listCustomers is GET customers/ (documented). A search by a key is a list
// with one element or none. Flags that only restrict what is expanded, and
// those of final bills, have no effect.
func (s *Server) listCustomers(c call) reply {
	q, refused := s.parseQuery(c, pagingParameters, recordParameters, customerParameters)
	if refused != nil {
		return *refused
	}
	return page(s, s.customers.rows, q, func(c *storedCustomer) bool { return q.selectsCustomer(&c.Customer) })
}

func (q *query) selectsCustomer(c *Customer) bool {
	if !q.user.sees(c.ID) || bool(q.dropped) && !c.Dropped || bool(q.active) && c.Dropped {
		return false
	}
	return q.accountNumber.allows(c.AccountNumber) && q.crmReference.allows(c.CRMReference)
}

// allows reports an exact match, or that nothing was asked for.
func (t text) allows(s string) bool { return !t.given || t.s == s }
