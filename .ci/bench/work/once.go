package work

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/bench/measure"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// number is that of a payment: no two are the same.
var number atomic.Int64

// once makes a row of a plain call to an emulator over loopback, and the same
// through payment.Once by somebody who knows that the payment is new. next makes
// a payment.
func once(name, goal string, plain func(context.Context, payment.Payment) error, recorder payment.Recorder, next func(n int64) payment.Payment) measure.Row {
	make := func() payment.Payment {
		n := number.Add(1)
		p := next(n)
		p.Reference, p.Kind, p.Date = fmt.Sprint("bench-", n), payment.Sale, time.Unix(1733250600, 0).UTC()
		return p
	}
	return measure.Row{Name: name, Goal: goal, Block: 500, Works: []measure.Work{
		each("plain call", func(ctx context.Context, _ int) error { return plain(ctx, make()) }),
		{Name: "Once", Do: func(n int) error {
			store := payment.NewMemoryStore() // holds the entries of this block only
			for range n {
				if _, err := payment.Once(context.Background(), recorder, make(), payment.WithFirstTry(), payment.WithStore(store)); err != nil {
					return err
				}
			}
			return nil
		}},
	}}
}

func pounds(s string) payment.Money {
	m, err := payment.ParseMoney(s, "GBP")
	if err != nil {
		panic(err)
	}
	return m
}

// Onces returns the rows of payment.Once. Their emulators live as long as the
// program.
func Onces() (rows []measure.Row, err error) {
	for _, row := range []func() (measure.Row, error){onceBrightpearl, onceBackendpay, onceSpektrix, onceRubi} {
		r, err := row()
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func onceBrightpearl() (measure.Row, error) {
	client, err := brightpearl.New(brightpearltest.New(brightpearltest.WithThrottle(1e9, time.Minute)).Config())
	if err != nil {
		return measure.Row{}, err
	}
	return once("Once, brightpearl", "1.05", func(ctx context.Context, p payment.Payment) error {
		_, err := client.CreateCustomerPayment(ctx, brightpearl.CustomerPayment{
			TransactionRef: p.Reference, PaymentMethodCode: p.Method, PaymentType: brightpearl.TypeReceipt, OrderID: 2002,
			CurrencyISOCode: "GBP", AmountPaid: p.Amount.Amount(), PaymentDate: p.Date,
		})
		return err
	}, client.Recorder(brightpearl.RecorderOptions{}), func(int64) payment.Payment {
		return payment.Payment{Amount: pounds("318.00"), Method: "SAGEPAY_UK", Target: "2002"}
	}), nil
}

func onceBackendpay() (measure.Row, error) {
	server := backendpaytest.New()
	client, err := backendpay.New(server.Config())
	if err != nil {
		return measure.Row{}, err
	}
	id := server.AddCustomer(backendpaytest.Customer{AccountNumber: "C1"})
	return once("Once, backendpay", "1.05", func(ctx context.Context, p payment.Payment) error {
		_, err := client.CreatePayment(ctx, p.Target, backendpay.NewPayment{
			OurReference: p.Reference, PaymentDate: payment.DateOf(p.Date), PaymentAmount: p.Amount.Amount(), PaymentMethod: p.Method,
		})
		return err
	}, client.Recorder(backendpay.RecorderOptions{}), func(int64) payment.Payment {
		return payment.Payment{Amount: pounds("120.50"), Method: "Bank Transfer", Target: id}
	}), nil
}

func onceSpektrix() (measure.Row, error) {
	server := spektrixtest.New()
	client, err := spektrix.New(server.Config())
	if err != nil {
		return measure.Row{}, err
	}
	options := spektrix.RecorderOptions{PaymentTypeID: spektrixtest.TypeEPOSSystem, ReferenceAttribute: "Reference"}
	return once("Once, spektrix", "1.05", func(ctx context.Context, p payment.Payment) error {
		_, err := client.AddCustomPayment(ctx, p.Target, spektrix.NewCustomPayment{
			PaymentTypeID: spektrixtest.TypeEPOSSystem, Amount: p.Amount.Amount(),
			PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Reference", Value: p.Reference}},
		})
		return err
	}, client.Recorder(options), func(int64) payment.Payment {
		return payment.Payment{Amount: pounds("10.00"), Target: server.AddBasket(spektrixtest.Basket{})}
	}), nil
}

func onceRubi() (measure.Row, error) {
	server := rubitest.New()
	client, err := rubi.New(server.Config())
	if err != nil {
		return measure.Row{}, err
	}
	address := rubi.UserPayment{
		Address1: "1 High Street", Address4: "Oxford", County: "Oxfordshire", Postcode: "OX1 1AA", Country: "England",
		EmailAddress: "jo@example.org", MobCountry: "+44", Mob: "7700900000",
	}
	return once("Once, rubi", "1.5", func(ctx context.Context, p payment.Payment) error {
		u := address
		u.UID, u.PaymentType, u.PaymentItems = p.Target, rubi.Invoice, []string{p.Attribute("ItemGUID")}
		_, err := client.UserPaymentUnchecked(ctx, u)
		return err
	}, client.Recorder(rubi.RecorderOptions{Item: rubi.Bookings, Payment: address}), func(n int64) payment.Payment {
		member := "m" + strconv.FormatInt(n, 10)
		server.AddContact(rubitest.Contact{UID: member, EmailAddress: member + "@example.org"})
		guid := server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: member, Value: amount("10.00")})
		return payment.Payment{
			Amount: pounds("10.00"), Method: string(rubi.Invoice), Target: member, Attributes: []payment.Attribute{{Name: "ItemGUID", Value: guid}},
		}
	}), nil
}
