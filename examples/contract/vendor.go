package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// vendor is one vendor as this program knows it.
type vendor struct {
	name    string
	clauses func() []paymenttest.Clause
	// env are the environment variables of the live system. The first one, if it is
	// set, asks for it. Those of secret hold credentials.
	env, secret []string
	live        func(getenv func(string) string) paymenttest.Target
	// sandbox starts an emulator that is set to what is known.
	sandbox func(known map[string]paymenttest.Known) (paymenttest.Target, func(), error)
	// personal are the JSON members and form fields that hold personal data.
	personal []string
	// headers are those of answers that clauses read, beside the common ones.
	headers []string
}

func vendors() []vendor {
	return []vendor{brightpearlVendor()}
}

func vendorNames() (names []string) {
	for _, v := range vendors() {
		names = append(names, v.name)
	}
	return names
}

func findVendor(name string) (vendor, error) {
	all := vendors()
	i := slices.IndexFunc(all, func(v vendor) bool { return v.name == name })
	switch {
	case name == "":
		return vendor{}, fmt.Errorf("-vendor is needed: %s", strings.Join(vendorNames(), ", "))
	case i < 0:
		return vendor{}, fmt.Errorf("there is no vendor %q, only %s", name, strings.Join(vendorNames(), ", "))
	}
	return all[i], nil
}

// emulated returns a function that starts a sandbox set to what is known.
func emulated[F any](sheet func() *paymenttest.FactSheet, start func(F) (paymenttest.Target, func())) func(map[string]paymenttest.Known) (paymenttest.Target, func(), error) {
	return func(known map[string]paymenttest.Known) (paymenttest.Target, func(), error) {
		var facts F
		if err := sheet().Apply(known, &facts); err != nil {
			return paymenttest.Target{}, nil, err
		}
		target, stop := start(facts)
		return target, stop, nil
	}
}

func brightpearlVendor() vendor {
	return vendor{
		name:    "brightpearl",
		clauses: brightpearltest.Contract,
		env: []string{
			"BRIGHTPEARL_ACCOUNT", "BRIGHTPEARL_DATACENTER", "BRIGHTPEARL_BASE_URL", "BRIGHTPEARL_APP_REF",
			"BRIGHTPEARL_STAFF_TOKEN", "BRIGHTPEARL_ACCOUNT_TOKEN",
		},
		secret: []string{"BRIGHTPEARL_STAFF_TOKEN", "BRIGHTPEARL_ACCOUNT_TOKEN"},
		live: func(getenv func(string) string) paymenttest.Target {
			auth := brightpearl.StaffToken(getenv("BRIGHTPEARL_APP_REF"), tenderkit.Secret(getenv("BRIGHTPEARL_STAFF_TOKEN")))
			if token := getenv("BRIGHTPEARL_ACCOUNT_TOKEN"); token != "" {
				auth = brightpearl.AccountToken(getenv("BRIGHTPEARL_APP_REF"), tenderkit.Secret(token))
			}
			return brightpearltest.Target(brightpearl.Config{
				Account: getenv("BRIGHTPEARL_ACCOUNT"), Datacenter: getenv("BRIGHTPEARL_DATACENTER"), BaseURL: getenv("BRIGHTPEARL_BASE_URL"), Auth: auth,
			})
		},
		sandbox: emulated(brightpearltest.FactSheet, brightpearltest.Sandbox),
		headers: []string{"Brightpearl-Requests-Remaining", "Brightpearl-Next-Throttle-Period", "Message-Type"},
	}
}
