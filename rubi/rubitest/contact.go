package rubitest

import (
	"encoding/base64"
	"fmt"
	"strings"
)

func (s *Server) contact(uid string) *Contact { return s.byUID[fold(uid)] }

func (s *Server) contactByEmail(address string) *Contact {
	for _, c := range s.contacts {
		if strings.EqualFold(c.EmailAddress, address) {
			return c
		}
	}
	return nil
}

func (c *Contact) name() string { return strings.TrimSpace(c.FirstName + " " + c.LastName) }

// emailCheck is EmailCheck (documented): an empty list says that the address
// is not known. Each call makes a token (inferred).
func (s *Server) emailCheck(given []string) reply {
	c := s.contactByEmail(given[0])
	if c == nil {
		return ok()
	}
	s.tokens++
	return ok(record{{"uid", c.UID}, {"Company", c.Company}, {"LoginVerified", "True"},
		{"LoginTokenVal", fmt.Sprint("token-", s.tokens)}, {"LoginTokenID", fmt.Sprint(s.tokens)}})
}

// login is Login (documented): the password is Base64 text. A wrong one gives
// an empty list (inferred).
func (s *Server) login(given []string) reply {
	password, err := base64.StdEncoding.DecodeString(given[1])
	if err != nil {
		return *badRequest("password is not Base64 text")
	}
	c := s.contactByEmail(given[0])
	if c == nil || c.Password != string(password) {
		return ok()
	}
	return ok(record{{"uid", c.UID}, {"EmailAddress", c.EmailAddress}, {"FirstName", c.FirstName}, {"LastName", c.LastName},
		{"KnownAs", c.FirstName}, {"Company", c.Company}, {"WebAdmin", "False"}, {"LoginVerified", "True"},
		{"ConsentReceived", "True"}, {"UserStatus", "Active"}, {"AllowLogin", "True"}, {"ValidationVal", ""}, {"ValidationID", ""}})
}
