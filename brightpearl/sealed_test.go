package brightpearl_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

const (
	sentinel = "S3NT1NEL+secret/of=the/test"
	person   = "Sentinel Person <p@example.org>"
)

// exposure is an emulator, and how a client proves who it is there.
type exposure struct {
	server    *brightpearltest.Server
	auth      brightpearl.Auth
	sentinels []string
}

// sealed are all styles of authentication, with credentials that the emulator
// knows and with some that it refuses: it echoes a rejected token, as the
// vendor does.
func sealed() []paymenttest.Sealed {
	staff, account := brightpearl.StaffToken("acme_till", sentinel), brightpearl.AccountToken("acme_till", sentinel)
	signed := brightpearl.SignedToken("dev", "acme_till", sentinel, sentinel+"2")
	return []paymenttest.Sealed{
		sealedBy("staff", fixed(staff, brightpearltest.WithStaffToken("acme_till", sentinel))),
		sealedBy("staff refused", fixed(staff)),
		sealedBy("account", fixed(account, brightpearltest.WithAccountToken("acme_till", sentinel))),
		sealedBy("account refused", fixed(account)),
		sealedBy("signed", fixed(signed, brightpearltest.WithSignedToken("dev", "acme_till", sentinel, sentinel+"2"))),
		sealedBy("signed refused", fixed(signed)),
		sealedBy("oauth", func(t *testing.T) exposure {
			server, o := installed(t, brightpearltest.WithThrottle(1e6, 20*time.Millisecond))
			return exposure{server, brightpearl.OAuth(o), secretsOf(o)}
		}),
		sealedBy("oauth refused", func(t *testing.T) exposure {
			server, o := installed(t, brightpearltest.WithThrottle(1e6, 20*time.Millisecond))
			o.ClientSecret, o.Token.AccessToken, o.Token.RefreshToken = sentinel, sentinel+"2", sentinel+"3"
			return exposure{server, brightpearl.OAuth(o), secretsOf(o)}
		}),
	}
}

// fixed is a style whose tokens never change.
func fixed(auth brightpearl.Auth, known ...brightpearltest.Option) func(*testing.T) exposure {
	return func(t *testing.T) exposure {
		server := brightpearltest.New(append(known, brightpearltest.WithThrottle(1e6, 20*time.Millisecond))...)
		t.Cleanup(server.Close)
		mac := hmac.New(sha256.New, []byte(sentinel+"2"))
		mac.Write([]byte(sentinel))
		return exposure{server, auth, []string{sentinel, base64.StdEncoding.EncodeToString(mac.Sum(nil))}}
	}
}

func secretsOf(o brightpearl.OAuthConfig) []string {
	return []string{string(o.ClientSecret), string(o.Token.AccessToken), string(o.Token.RefreshToken)}
}

func sealedBy(name string, open func(*testing.T) exposure) paymenttest.Sealed {
	return paymenttest.Sealed{Name: name, Open: func(t *testing.T, opts ...tenderkit.Option) paymenttest.Exposed {
		e := open(t)
		config := e.server.Config()
		config.Auth = e.auth
		client, err := brightpearl.New(config, opts...)
		if err != nil {
			t.Fatal(err)
		}
		return paymenttest.Exposed{
			Script: e.server.Faults(), Sentinels: append(e.sentinels, person), Calls: calls(t, client),
			Values: []any{config, &config, e.auth, client, *client, personal(t), brightpearl.CustomerPayment{JournalRef: person},
				[]brightpearl.SupplierPayment{{JournalRef: person}}, brightpearl.RecorderOptions{JournalRef: person}, payment.Receipt{Vendor: "v", Raw: []byte(`"` + person + `"`)}},
		}
	}}
}

// personal is a payment with personal data in the fields that are not sent.
func personal(t *testing.T) payment.Payment {
	p := sale(t)
	p.Attributes = []payment.Attribute{{Name: "cardholder", Value: person}}
	return p
}

// calls are all operations; each returns its error.
func calls(t *testing.T, c *brightpearl.Client) []func(context.Context) error {
	supplier := brightpearl.SupplierPayment{
		TransactionRef: "s-1", PaymentMethodCode: "SAGEPAY_UK", PaymentType: brightpearl.TypePayment, OrderID: 1,
		CurrencyISOCode: "GBP", AmountPaid: amount(t, "1.00"), PaymentDate: time.Unix(1, 0),
	}
	customer, common := receipt(t), personal(t)
	customer.JournalRef, supplier.JournalRef = person, person
	recorder, hasty := c.Recorder(brightpearl.RecorderOptions{JournalRef: person}), payment.WithPatience(1, 1)
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := c.CreateCustomerPayment(ctx, customer); return err },
		func(ctx context.Context) error { return c.DeleteCustomerPayment(ctx, 1) },
		func(ctx context.Context) error { _, err := all(c.SalePaymentTotals(ctx, 1)); return err },
		func(ctx context.Context) error { _, err := all(c.PaymentMethods(ctx)); return err },
		func(ctx context.Context) error { _, err := c.PaymentMethod(ctx, 1); return err },
		func(ctx context.Context) error { _, err := c.CreateSupplierPayment(ctx, supplier); return err },
		func(ctx context.Context) error {
			_, err := collect(ctx, c, brightpearl.CustomerPaymentFilter{})
			return err
		},
		func(ctx context.Context) error {
			for _, err := range c.SupplierPayments(ctx, brightpearl.SupplierPaymentFilter{}) {
				return err
			}
			return nil
		},
		func(ctx context.Context) error { _, err := recorder.Prepare(ctx, common); return err },
		func(ctx context.Context) error {
			_, err := recorder.Record(ctx, common, payment.NewAttempt(nil, nil))
			return err
		},
		func(ctx context.Context) error { _, err := recorder.Find(ctx, common, nil); return err },
		func(ctx context.Context) error { _, err := payment.Once(ctx, recorder, common, hasty); return err },
		func(ctx context.Context) error { _, err := payment.Resume(ctx, recorder, common, hasty); return err },
	}
}
