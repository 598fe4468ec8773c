package brightpearl

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

// Authorization is what an order's payments with one TransactionCode come to.
type Authorization struct {
	OrderID         int64
	TransactionCode string
	CurrencyCode    string
	Authorized      payment.Amount // the AUTHs
	Captured        payment.Amount // the CAPTUREs
	Voided          payment.Amount // the VOIDs
	Payments        []FoundPayment
}

// Open returns what can still be captured or voided. It is negative if more was
// taken than was authorized; what the vendor does then is unknown (clause
// create.over-capture).
func (a Authorization) Open() payment.Amount {
	return a.Authorized.Add(a.Captured.Neg()).Add(a.Voided.Neg())
}

// IsFullyCaptured reports whether the captures come to what was authorized
// (documented).
func (a Authorization) IsFullyCaptured() bool {
	return a.Authorized.Sign() > 0 && a.Captured.Equal(a.Authorized)
}

// Authorization reads the payments of an order, as [Client.CustomerPayments]
// does, and adds up the AUTHs, CAPTUREs and VOIDs with the code. If there are none,
// the error matches [payment.ErrNotFound]: a payment that was made a moment ago may
// not show yet.
func (c *Client) Authorization(ctx context.Context, orderID int64, transactionCode string) (Authorization, error) {
	const op = "Authorization"
	if transactionCode == "" {
		return Authorization{}, c.http.Refuse(op, invalid("transactionCode", "is empty"))
	}
	if orderID <= 0 {
		return Authorization{}, c.http.Refuse(op, invalid("orderID", "is not positive"))
	}
	a := Authorization{OrderID: orderID, TransactionCode: transactionCode}
	for p, err := range c.CustomerPayments(ctx, CustomerPaymentFilter{OrderID: orderID}) {
		if err == nil && p.TransactionCode == transactionCode {
			err = a.add(p)
		}
		if err != nil {
			return Authorization{}, err
		}
	}
	if len(a.Payments) == 0 {
		return Authorization{}, &payment.Error{Vendor: vendor, Op: op, Err: payment.ErrNotFound}
	}
	return a, nil
}

var (
	errMixedCurrencies = fmt.Errorf("%w: the payments of one authorization are in several currencies", payment.ErrProtocol)
	errNoAmount        = fmt.Errorf("%w: a payment of the authorization has no amount", payment.ErrProtocol)
)

// add counts an AUTH, a CAPTURE or a VOID, at the currency's decimals: a search may
// show floats. A payment of another type may have a code too (documented), and is
// left out.
func (a *Authorization) add(p FoundPayment) error {
	amount := p.rounded()
	total := a.total(p.PaymentType)
	switch {
	case total == nil:
		return nil
	case !amount.IsSet():
		return &payment.Error{Vendor: vendor, Op: "Authorization", Err: errNoAmount}
	case len(a.Payments) == 0:
		zero := amount.Add(amount.Neg())
		a.CurrencyCode, a.Authorized, a.Captured, a.Voided = p.CurrencyCode, zero, zero, zero
	case p.CurrencyCode != a.CurrencyCode:
		return &payment.Error{Vendor: vendor, Op: "Authorization", Err: errMixedCurrencies}
	}
	a.Payments = append(a.Payments, p)
	*total = total.Add(amount)
	return nil
}

func (a *Authorization) total(t PaymentType) *payment.Amount {
	switch t {
	case TypeAuth:
		return &a.Authorized
	case TypeCapture:
		return &a.Captured
	case TypeVoid:
		return &a.Voided
	}
	return nil
}

// rounded returns the sum at the decimals of its currency, if that is known.
func (f FoundPayment) rounded() payment.Amount {
	money, err := payment.NewMoney(f.sum(), payment.Currency(f.CurrencyCode))
	if err != nil {
		return f.sum()
	}
	return money.Round(payment.HalfEven).Amount()
}

// without returns the authorization as it was before the payment with that
// reference.
func (a Authorization) without(reference string) (b Authorization, err error) {
	b.OrderID, b.TransactionCode = a.OrderID, a.TransactionCode
	for _, p := range a.Payments {
		if p.TransactionRef != reference && err == nil {
			err = b.add(p)
		}
	}
	return b, err
}

// checkOpen refuses a capture or void above what is open of its authorization.
// One whose authorization does not show is let through: it may be too new.
func (c *Client) checkOpen(ctx context.Context, p CustomerPayment) error {
	if p.PaymentType != TypeCapture && p.PaymentType != TypeVoid {
		return nil
	}
	a, err := c.Authorization(ctx, p.OrderID, p.TransactionCode)
	if errors.Is(err, payment.ErrNotFound) {
		return nil
	}
	if err == nil {
		a, err = a.without(p.TransactionRef)
	}
	switch {
	case err != nil:
		return err
	case a.Authorized.Sign() > 0 && a.CurrencyCode != p.CurrencyISOCode:
		return c.http.Refuse("Prepare", invalid("Payment.Amount", "is in another currency than the authorization"))
	case a.Authorized.Sign() > 0 && a.Open().Cmp(p.amount()) < 0:
		return c.http.Refuse("Prepare", invalid("Payment.Amount", "is above what is open of the authorization"))
	}
	return nil
}
