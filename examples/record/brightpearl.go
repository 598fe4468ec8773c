package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// toBrightpearl records customer payments. The methods are the codes of the
// till's payment types. An order is the number of a sales order.
var toBrightpearl = vendor{
	name: "brightpearl",
	environment: []variable{
		{"BRIGHTPEARL_ACCOUNT", "the account's code"},
		{"BRIGHTPEARL_DATACENTER", "euw1 or use1"},
		{"BRIGHTPEARL_APP_REF", "reference of your private app"},
		{"BRIGHTPEARL_STAFF_TOKEN", "its staff token,"},
		{"BRIGHTPEARL_ACCOUNT_TOKEN", "or its account token"},
		{"BRIGHTPEARL_BASE_URL", "scheme and host in place of the datacentre's"},
	},
	open:    openBrightpearl,
	emulate: emulateBrightpearl,
}

func openBrightpearl(env environment, _ payment.Currency, opts ...tenderkit.Option) (*destination, error) {
	config := brightpearl.Config{
		Account: env("BRIGHTPEARL_ACCOUNT"), Datacenter: env("BRIGHTPEARL_DATACENTER"), BaseURL: env("BRIGHTPEARL_BASE_URL"),
	}
	appRef := env("BRIGHTPEARL_APP_REF")
	switch staff, system := env("BRIGHTPEARL_STAFF_TOKEN"), env("BRIGHTPEARL_ACCOUNT_TOKEN"); {
	case staff != "" && system != "":
		return nil, errors.New("both BRIGHTPEARL_STAFF_TOKEN and BRIGHTPEARL_ACCOUNT_TOKEN are set")
	case system != "":
		config.Auth = brightpearl.AccountToken(appRef, tenderkit.Secret(system))
	default:
		config.Auth = brightpearl.StaffToken(appRef, tenderkit.Secret(staff))
	}
	return connectBrightpearl(config, "Brightpearl account "+config.Account, func() {}, opts)
}

// emulateBrightpearl starts an emulator that knows the documented payment types
// as methods.
func emulateBrightpearl(currency payment.Currency, opts ...tenderkit.Option) (*destination, error) {
	server := brightpearltest.New(brightpearltest.WithCurrencies(string(currency)), brightpearltest.WithThrottle(1e6, time.Minute))
	for _, code := range []string{"CASH", "CARD", "VIPPS", "GIFTCARD", "INVOICE"} {
		server.AddPaymentMethod(brightpearltest.PaymentMethod{
			Name: code, Code: code, BankAccounts: []brightpearltest.BankAccount{{Currency: string(currency), NominalCode: "1200"}},
		})
	}
	return connectBrightpearl(server.Config(), "a Brightpearl emulator at "+server.URL, server.Close, opts)
}

func connectBrightpearl(config brightpearl.Config, name string, stop func(), opts []tenderkit.Option) (*destination, error) {
	client, err := brightpearl.New(config, opts...)
	if err != nil {
		stop()
		return nil, err
	}
	return &destination{
		name: name, recorder: client.Recorder(brightpearl.RecorderOptions{}), close: stop,
		resolve: sameName,
		adapt: func(_ context.Context, p *payment.Payment, kind salesdata.PaymentType) (string, error) {
			p.Method = kind.Code
			return p.Method, nil
		},
		takesAll: true,
		readBack: func(ctx context.Context, orders []*order) error { return readBrightpearl(ctx, client, orders) },
		batch:    200, // the vendor's limit for totals
	}, nil
}

// readBrightpearl reads the totals of the orders, and then whether the payments
// show.
func readBrightpearl(ctx context.Context, client *brightpearl.Client, orders []*order) error {
	byID := map[int64][]*order{}
	shown := map[string]*line{}
	var orderIDs, paymentIDs []int64
	for _, o := range orders {
		id, err := strconv.ParseInt(o.target, 10, 64)
		if err != nil || len(o.ids()) == 0 {
			continue // nothing was recorded
		}
		if byID[id] == nil {
			orderIDs = append(orderIDs, id)
		}
		byID[id] = append(byID[id], o)
		for _, l := range o.lines {
			if n, err := strconv.ParseInt(l.id, 10, 64); err == nil {
				paymentIDs = append(paymentIDs, n)
				shown[l.id] = l
			}
		}
	}
	if len(orderIDs) == 0 {
		return nil
	}
	if err := readTotals(ctx, client, byID, orderIDs); err != nil {
		return err
	}
	if len(paymentIDs) == 0 {
		return nil
	}
	for found, err := range client.CustomerPayments(ctx, brightpearl.CustomerPaymentFilter{PaymentIDs: brightpearl.IDs(paymentIDs...)}) {
		if err != nil {
			return err
		}
		delete(shown, strconv.FormatInt(found.PaymentID, 10))
	}
	for _, l := range shown {
		l.unseen()
	}
	return nil
}

func readTotals(ctx context.Context, client *brightpearl.Client, byID map[int64][]*order, ids []int64) error {
	var missing *brightpearl.MissingTotalsError
	for t, err := range client.SalePaymentTotals(ctx, ids...) {
		if errors.As(err, &missing) {
			break
		}
		if err != nil {
			return err
		}
		paid := strings.TrimSpace(t.AmountPaid.String() + " " + t.PaymentCurrency) // no currency without payments
		for _, o := range byID[t.OrderID] {
			o.vendor = fmt.Sprintf("paid %s, authorized %v, captured %v", paid, t.AmountAuthorized, t.AmountCaptured)
		}
	}
	if missing != nil {
		for _, id := range missing.OrderIDs {
			for _, o := range byID[id] {
				o.vendor = "it shows no totals"
			}
		}
	}
	return nil
}
