package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
	"github.com/tenderkit/tenderkit/spektrix"
)

// vendors open the account that the environment names:
//
//	brightpearl  BRIGHTPEARL_ACCOUNT, BRIGHTPEARL_DATACENTER (euw1 or use1) or BRIGHTPEARL_BASE_URL,
//	             BRIGHTPEARL_APP_REF, and BRIGHTPEARL_STAFF_TOKEN or BRIGHTPEARL_ACCOUNT_TOKEN
//	backendpay   BACKENDPAY_BASE_URL, BACKENDPAY_API_KEY
//	spektrix     SPEKTRIX_CLIENT_NAME, SPEKTRIX_LOGIN, SPEKTRIX_SECRET, SPEKTRIX_BASE_URL if it is not the
//	             vendor's, and SPEKTRIX_REFERENCE: the attribute that takes the reference
func vendors() map[string]func(getenv func(string) string, set settings) (side, error) {
	return map[string]func(func(string) string, settings) (side, error){
		"brightpearl": openBrightpearl, "backendpay": openBackendpay, "spektrix": openSpektrix,
	}
}

func openBrightpearl(getenv func(string) string, set settings) (side, error) {
	auth := brightpearl.StaffToken(getenv("BRIGHTPEARL_APP_REF"), tenderkit.Secret(getenv("BRIGHTPEARL_STAFF_TOKEN")))
	if token := getenv("BRIGHTPEARL_ACCOUNT_TOKEN"); token != "" {
		auth = brightpearl.AccountToken(getenv("BRIGHTPEARL_APP_REF"), tenderkit.Secret(token))
	}
	client, err := brightpearl.New(brightpearl.Config{
		Account: getenv("BRIGHTPEARL_ACCOUNT"), Datacenter: getenv("BRIGHTPEARL_DATACENTER"), BaseURL: getenv("BRIGHTPEARL_BASE_URL"), Auth: auth,
	})
	if err != nil {
		return side{}, err
	}
	return brightpearlSide(client, "the Brightpearl account "+getenv("BRIGHTPEARL_ACCOUNT"), set), nil
}

func brightpearlSide(client *brightpearl.Client, name string, set settings) side {
	filter := brightpearl.CustomerPaymentFilter{PaymentDate: brightpearl.Days(set.from, set.to, set.zone)}
	return side{
		name: name, short: "Brightpearl", recorder: client.Recorder(brightpearl.RecorderOptions{}),
		records: func(ctx context.Context) iter.Seq2[reconcile.Record, error] {
			return client.Records(ctx, filter, set.zone)
		},
	}
}

func openBackendpay(getenv func(string) string, set settings) (side, error) {
	client, err := backendpay.New(backendpay.Config{BaseURL: getenv("BACKENDPAY_BASE_URL"), APIKey: tenderkit.Secret(getenv("BACKENDPAY_API_KEY"))})
	if err != nil {
		return side{}, err
	}
	if set.currency == "" {
		return side{}, errors.New("-currency is needed: the billing system does not name it")
	}
	options := backendpay.RecordOptions{Currency: set.currency}
	for id := range strings.FieldsFuncSeq(set.customers, func(r rune) bool { return r == ',' || r == ' ' }) {
		options.Customers = append(options.Customers, id)
	}
	filter := backendpay.PaymentFilter{MinDate: set.from, MaxDate: set.to}
	recorder := client.Recorder(backendpay.RecorderOptions{Currency: set.currency})
	return side{
		name: "the billing system at " + getenv("BACKENDPAY_BASE_URL"), short: "Billing", recorder: recorder, fold: foldOf(recorder),
		records: func(ctx context.Context) iter.Seq2[reconcile.Record, error] {
			return client.Records(ctx, filter, options)
		},
	}, nil
}

// foldOf returns how a vendor compares references, or nil.
func foldOf(r payment.Recorder) func(string) string {
	if f, ok := r.(payment.ReferenceFolder); ok {
		return f.FoldReference
	}
	return nil
}

func openSpektrix(getenv func(string) string, set settings) (side, error) {
	client, err := spektrix.New(spektrix.Config{
		ClientName: getenv("SPEKTRIX_CLIENT_NAME"), Login: getenv("SPEKTRIX_LOGIN"), Secret: tenderkit.Secret(getenv("SPEKTRIX_SECRET")),
		Currency: set.currency, BaseURL: getenv("SPEKTRIX_BASE_URL"),
	})
	if err != nil {
		return side{}, err
	}
	reference := getenv("SPEKTRIX_REFERENCE")
	since := cmp.Or(set.from.In(set.zone), time.Unix(0, 0).UTC())
	options := spektrix.RecordOptions{ReferenceAttribute: reference, From: set.from, To: set.to}
	return side{
		name: "the venue " + getenv("SPEKTRIX_CLIENT_NAME"), short: "Spektrix",
		recorder: client.Recorder(spektrix.RecorderOptions{ReferenceAttribute: reference}),
		records: func(ctx context.Context) iter.Seq2[reconcile.Record, error] {
			return client.OrderRecords(ctx, since, options)
		},
		adapt: func(ctx context.Context, p *payment.Payment) error { return byTypeName(ctx, client, p) },
	}, nil
}

// byTypeName replaces the name of a custom payment type by its id.
func byTypeName(ctx context.Context, client *spektrix.Client, p *payment.Payment) error {
	for t, err := range client.CustomPaymentTypes(ctx) {
		if err != nil {
			return err
		}
		if t.Name == p.Method && t.IsRefund == (p.Kind == payment.Refund) {
			p.Method = t.ID
			return nil
		}
	}
	return fmt.Errorf("%q is not the name of a custom payment type", p.Method)
}
