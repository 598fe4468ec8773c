package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// settings are what an emulator is started with.
type settings struct {
	addr    string
	account string                       // "" is a name of its own
	known   map[string]paymenttest.Known // of the facts
}

// emulator is one that runs.
type emulator struct {
	env      []variable      // how to connect
	knows    []string        // what a payment can be recorded for
	requests func() []string // those since the last call, without credentials
	close    func()
}

// variable is an environment variable of the programs beside this one.
type variable struct{ name, value string }

func vendorNames() []string { return []string{"spektrix", "brightpearl", "rubi", "backendpay"} }

// findVendor returns the function that starts the vendor's emulator.
func findVendor(name string) (func(settings) (emulator, error), error) {
	starts := []func(settings) (emulator, error){startSpektrix, startBrightpearl, startRubi, startBackendpay}
	i := slices.Index(vendorNames(), name)
	switch {
	case name == "":
		return nil, fmt.Errorf("-vendor is needed: %s", strings.Join(vendorNames(), ", "))
	case i < 0:
		return nil, fmt.Errorf("there is no vendor %q, only %s", name, strings.Join(vendorNames(), ", "))
	}
	return starts[i], nil
}

func startSpektrix(set settings) (emulator, error) {
	var facts spektrixtest.Facts
	if err := spektrixtest.FactSheet().Apply(set.known, &facts); err != nil {
		return emulator{}, err
	}
	opts := []spektrixtest.Option{spektrixtest.WithFacts(facts)}
	if set.account != "" {
		opts = append(opts, spektrixtest.WithClientName(set.account))
	}
	s, err := spektrixtest.Listen(set.addr, opts...)
	if err != nil {
		return emulator{}, err
	}
	c := s.Config()
	e := emulator{close: s.Close, requests: since(s.Requests, func(r spektrixtest.Request) string { return line(r.Op, r.Method, r.Path) })}
	e.env = []variable{
		{"SPEKTRIX_BASE_URL", s.URL}, {"SPEKTRIX_CLIENT_NAME", c.ClientName}, {"SPEKTRIX_LOGIN", c.Login},
		{"SPEKTRIX_SECRET", spektrixtest.SampleSecret}, {"SPEKTRIX_CURRENCY", string(c.Currency)},
	}
	for _, t := range s.PaymentTypes() {
		e.knows = append(e.knows, fmt.Sprintf("payment type %s %q", t.ID, t.Name))
	}
	e.knows = append(e.knows, "instance "+spektrixtest.InstanceMatinee, "ticket type "+spektrixtest.TicketAdult)
	return e, nil
}

func startBrightpearl(set settings) (emulator, error) {
	var facts brightpearltest.Facts
	if err := brightpearltest.FactSheet().Apply(set.known, &facts); err != nil {
		return emulator{}, err
	}
	opts := []brightpearltest.Option{brightpearltest.WithFacts(facts)}
	if set.account != "" {
		opts = append(opts, brightpearltest.WithAccount(set.account))
	}
	s, err := brightpearltest.Listen(set.addr, opts...)
	if err != nil {
		return emulator{}, err
	}
	s.AddPaymentMethod(brightpearltest.PaymentMethod{Name: "Card", Code: "CARD"})
	s.AddOrders(2002)
	return emulator{
		env: []variable{
			{"BRIGHTPEARL_BASE_URL", s.URL}, {"BRIGHTPEARL_ACCOUNT", s.Config().Account},
			{"BRIGHTPEARL_APP_REF", brightpearltest.SampleAppRef}, {"BRIGHTPEARL_STAFF_TOKEN", brightpearltest.SampleStaffToken},
		},
		knows:    []string{"payment method CARD", "order 2002"},
		requests: since(s.Requests, func(r brightpearltest.Request) string { return line(r.Op, r.Method, r.Path) }),
		close:    s.Close,
	}, nil
}

func startRubi(set settings) (emulator, error) {
	var facts rubitest.Facts
	if err := rubitest.FactSheet().Apply(set.known, &facts); err != nil {
		return emulator{}, err
	}
	if set.account != "" {
		return emulator{}, fmt.Errorf("-account: rubi has no name of an account in its calls")
	}
	s, err := rubitest.Listen(set.addr, rubitest.WithFacts(facts))
	if err != nil {
		return emulator{}, err
	}
	return emulator{
		env:      []variable{{"RUBI_BASE_URL", s.URL}, {"RUBI_API_KEY", rubitest.SampleAPIKey}, {"RUBI_TENANT", s.Config().Tenant}},
		knows:    []string{"contact " + rubitest.SampleUID, "event " + rubitest.SampleEID, "sale service " + rubitest.SampleSSID},
		requests: since(s.Requests, func(r rubitest.Request) string { return line(r.Op, r.Method, r.Path) }),
		close:    s.Close,
	}, nil
}

func startBackendpay(set settings) (emulator, error) {
	var facts backendpaytest.Facts
	if err := backendpaytest.FactSheet().Apply(set.known, &facts); err != nil {
		return emulator{}, err
	}
	if set.account != "" {
		return emulator{}, fmt.Errorf("-account: backendpay has no name of an account in its calls")
	}
	s, err := backendpaytest.Listen(set.addr, backendpaytest.WithFacts(facts))
	if err != nil {
		return emulator{}, err
	}
	e := emulator{close: s.Close, requests: since(s.Requests, func(r backendpaytest.Request) string { return line(r.Op, r.Method, r.Path) })}
	e.env = []variable{{"BACKENDPAY_BASE_URL", s.URL}, {"BACKENDPAY_API_KEY", backendpaytest.SampleAPIKey}, {"BACKENDPAY_TENANT", s.Config().Tenant}}
	e.knows = []string{"customer " + backendpaytest.SampleCustomer}
	for _, t := range s.PaymentTypes() {
		e.knows = append(e.knows, fmt.Sprintf("payment method %q", t.Name))
	}
	return e, nil
}

// since returns a function that returns the requests since its last call.
func since[R any](all func() []R, line func(R) string) func() []string {
	seen := 0
	return func() (lines []string) {
		requests := all()
		for _, r := range requests[seen:] {
			lines = append(lines, line(r))
		}
		seen = len(requests)
		return lines
	}
}

// line leaves out the query, which may hold personal data. %q keeps a path on
// its line.
func line(op, method, path string) string { return fmt.Sprintf("%-24s %s %q", op, method, path) }
