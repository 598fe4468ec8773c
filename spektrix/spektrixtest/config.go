package spektrixtest

import (
	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/spektrix"
)

// Config gives what a client needs to talk to this emulator.
func (s *Server) Config() spektrix.Config {
	return spektrix.Config{
		ClientName: s.settings.clientName,
		Login:      s.settings.login,
		Secret:     tenderkit.Secret(s.settings.secret),
		Currency:   s.settings.currency,
		BaseURL:    s.URL,
	}
}
