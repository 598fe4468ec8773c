package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// openBrightpearl opens the account that the environment names, or an emulator.
// The methods are the codes of the till's payment types. An order is the number
// of a sales order.
func openBrightpearl(getenv func(string) string, currency payment.Currency) (*destination, error) {
	account := getenv("BRIGHTPEARL_ACCOUNT")
	if account == "" {
		return emulatedBrightpearl(currency)
	}
	config := brightpearl.Config{
		Account: account, Datacenter: getenv("BRIGHTPEARL_DATACENTER"), BaseURL: getenv("BRIGHTPEARL_BASE_URL"),
	}
	appRef := getenv("BRIGHTPEARL_APP_REF")
	switch staff, system := getenv("BRIGHTPEARL_STAFF_TOKEN"), getenv("BRIGHTPEARL_ACCOUNT_TOKEN"); {
	case staff != "" && system != "":
		return nil, errors.New("both BRIGHTPEARL_STAFF_TOKEN and BRIGHTPEARL_ACCOUNT_TOKEN are set")
	case system != "":
		config.Auth = brightpearl.AccountToken(appRef, tenderkit.Secret(system))
	default:
		config.Auth = brightpearl.StaffToken(appRef, tenderkit.Secret(staff))
	}
	return toBrightpearl(config, "Recording in Brightpearl account "+account+".", func() {})
}

// emulatedBrightpearl starts an emulator that knows the documented payment
// types as methods.
func emulatedBrightpearl(currency payment.Currency) (*destination, error) {
	server := brightpearltest.New(brightpearltest.WithCurrencies(string(currency)))
	for _, code := range []string{"CASH", "CARD", "VIPPS", "GIFTCARD", "INVOICE"} {
		server.AddPaymentMethod(brightpearltest.PaymentMethod{
			Name: code, Code: code, BankAccounts: []brightpearltest.BankAccount{{Currency: string(currency), NominalCode: "1200"}},
		})
	}
	note := "Recording in a Brightpearl emulator at " + server.URL + ". Set BRIGHTPEARL_ACCOUNT and the settings beside it to use a real account."
	return toBrightpearl(server.Config(), note, server.Close)
}

func toBrightpearl(config brightpearl.Config, note string, stop func()) (*destination, error) {
	client, err := brightpearl.New(config, tenderkit.WithUserAgent("tenderkit-record"))
	if err != nil {
		stop()
		return nil, err
	}
	return &destination{
		vendor: "brightpearl", note: note, recorder: client.Recorder(brightpearl.RecorderOptions{}), close: stop,
		resolve:  sameName,
		adapt:    func(p *payment.Payment, kind salesdata.PaymentType) error { p.Method = kind.Code; return nil },
		leaveOut: nothingLeftOut,
		finish: func(ctx context.Context, target string, _ bool) (string, error) {
			return brightpearlTotals(ctx, client, target)
		},
	}, nil
}

func brightpearlTotals(ctx context.Context, client *brightpearl.Client, target string) (string, error) {
	order, err := strconv.ParseInt(target, 10, 64)
	if err != nil {
		return "", fmt.Errorf("%q is not the number of an order", target)
	}
	totals, err := client.SalePaymentTotals(ctx, order)
	if err != nil {
		return "", err
	}
	t := totals[0]
	paid := strings.TrimSpace(t.AmountPaid.String() + " " + t.PaymentCurrency) // no currency without payments
	return fmt.Sprintf("paid %s, authorized %v, captured %v", paid, t.AmountAuthorized, t.AmountCaptured), nil
}
