package rubitest

import (
	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/rubi"
)

// Config gives what a client needs to talk to this emulator.
func (s *Server) Config() rubi.Config {
	return rubi.Config{APIKey: tenderkit.Secret(s.settings.apiKey), BaseURL: s.URL}
}
