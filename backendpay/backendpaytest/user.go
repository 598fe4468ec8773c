package backendpaytest

import (
	"fmt"
	"net/http"
	"slices"
)

// User is a user of the vendor's interface. A key acts for one user, and a user
// has one key (documented).
type User struct {
	Name string
	// Customers are the ids of the customers that the user may see; nil is all.
	Customers []string
	// ReadOnly keeps the user's key from writing (inferred, clause
	// create.read-only).
	ReadOnly bool
}

type user struct {
	User
	key    string
	issued int
}

// AddUser adds a user, or changes what the user of that name may do, and returns
// the user's key.
func (s *Server) AddUser(u User) (key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u.Customers = slices.Clone(u.Customers)
	found := s.findUser(u.Name)
	if found == nil {
		found = &user{}
		s.users = append(s.users, found)
	}
	found.User = u
	if found.key == "" {
		found.issue()
	}
	return found.key
}

// IssueKey makes a new key for a user and returns it. The old one is refused from
// the next request on (documented). An unknown name returns [ErrNoRecord].
func (s *Server) IssueKey(name string) (key string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.findUser(name)
	if found == nil {
		return "", ErrNoRecord
	}
	found.issue()
	return found.key, nil
}

func (u *user) issue() {
	u.issued++
	u.key = fmt.Sprintf("key-%d-of-user-%s", u.issued, u.Name)
}

func (s *Server) findUser(name string) *user {
	i := slices.IndexFunc(s.users, func(u *user) bool { return u.Name == name })
	if i < 0 {
		return nil
	}
	return s.users[i]
}

// authenticate finds the user whose key a request carries.
func (s *Server) authenticate(r *http.Request) (*user, bool) {
	i := slices.IndexFunc(s.users, func(u *user) bool { return r.Header.Get("Authorization") == "Bearer "+u.key })
	if i < 0 {
		return nil, false
	}
	return s.users[i], true
}

// sees reports whether the user may see a customer.
func (u *user) sees(customerID string) bool {
	return u.Customers == nil || slices.Contains(u.Customers, customerID)
}
