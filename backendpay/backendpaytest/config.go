package backendpaytest

import (
	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
)

// Config gives what a client needs to talk to this emulator.
func (s *Server) Config() backendpay.Config {
	return backendpay.Config{APIKey: tenderkit.Secret(s.settings.apiKey), BaseURL: s.URL}
}
