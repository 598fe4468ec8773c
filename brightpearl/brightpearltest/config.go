package brightpearltest

import (
	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
)

// Config gives what a client needs to talk to this emulator with its staff
// token. For another style, change Auth and give the emulator the credential
// with an [Option].
func (s *Server) Config() brightpearl.Config {
	staff := s.settings.staff
	return brightpearl.Config{
		Account:    s.settings.account,
		Datacenter: "euw1",
		Auth:       brightpearl.StaffToken(staff.appRef, tenderkit.Secret(staff.token)),
		BaseURL:    s.URL,
	}
}
