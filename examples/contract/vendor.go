package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
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
	return []vendor{spektrixVendor(), brightpearlVendor(), rubiVendor(), backendpayVendor()}
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

func spektrixVendor() vendor {
	return vendor{
		name:    "spektrix",
		clauses: spektrixtest.Contract,
		env:     []string{"SPEKTRIX_CLIENT_NAME", "SPEKTRIX_LOGIN", "SPEKTRIX_SECRET", "SPEKTRIX_CURRENCY", "SPEKTRIX_BASE_URL"},
		secret:  []string{"SPEKTRIX_LOGIN", "SPEKTRIX_SECRET"},
		live: func(getenv func(string) string) paymenttest.Target {
			return spektrixtest.Target(spektrix.Config{
				ClientName: getenv("SPEKTRIX_CLIENT_NAME"), Login: getenv("SPEKTRIX_LOGIN"), Secret: tenderkit.Secret(getenv("SPEKTRIX_SECRET")),
				Currency: payment.Currency(cmp.Or(getenv("SPEKTRIX_CURRENCY"), "GBP")), BaseURL: getenv("SPEKTRIX_BASE_URL"),
			})
		},
		sandbox:  emulated(spektrixtest.FactSheet, spektrixtest.Sandbox),
		personal: []string{"title", "middleName", "line1", "line2", "line3", "city"},
	}
}

func rubiVendor() vendor {
	return vendor{
		name:    "rubi",
		clauses: rubitest.Contract,
		env:     []string{"RUBI_API_KEY", "RUBI_TENANT", "RUBI_CURRENCY", "RUBI_BASE_URL"},
		secret:  []string{"RUBI_API_KEY"},
		live: func(getenv func(string) string) paymenttest.Target {
			return rubitest.Target(rubi.Config{
				APIKey: tenderkit.Secret(getenv("RUBI_API_KEY")), Tenant: getenv("RUBI_TENANT"), Currency: payment.Currency(getenv("RUBI_CURRENCY")), BaseURL: getenv("RUBI_BASE_URL"),
			})
		},
		sandbox: emulated(rubitest.FactSheet, rubitest.Sandbox),
		personal: []string{
			"Contact", "ContactName", "Name", "EmailTo", "EmailCC", "EmailBCC", "AddressLine1", "AddressLine2", "AddressLine3", "Town", "Postcode", "Telephone", "Mobile", "Company",
		},
	}
}

func backendpayVendor() vendor {
	return vendor{
		name:    "backendpay",
		clauses: backendpaytest.Contract,
		env:     []string{"BACKENDPAY_BASE_URL", "BACKENDPAY_API_KEY", "BACKENDPAY_TENANT"},
		secret:  []string{"BACKENDPAY_API_KEY"},
		live: func(getenv func(string) string) paymenttest.Target {
			return backendpaytest.Target(backendpay.Config{
				BaseURL: getenv("BACKENDPAY_BASE_URL"), APIKey: tenderkit.Secret(getenv("BACKENDPAY_API_KEY")), Tenant: getenv("BACKENDPAY_TENANT"),
			})
		},
		sandbox:  emulated(backendpaytest.FactSheet, backendpaytest.Sandbox),
		personal: []string{"name", "title", "addressLine1", "addressLine2", "city", "county"},
	}
}
