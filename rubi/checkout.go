package rubi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// CheckoutRequest says what is to be paid, and by whom.
type CheckoutRequest struct {
	Item  Item          // Bookings or Subscriptions; they are never paid together
	Total payment.Money // what the payer agreed to; another sum of the items is refused

	// Payment is the contact, the address and the way to pay, under a Reference
	// that is the same whenever this checkout is handed over. Without
	// PaymentType, a Total of 0.00 is confirmed and one above it paid by card.
	// Without PaymentItems, everything of the kind is paid. BasketItems are read,
	// not given.
	Payment UserPayment

	AskAttendees bool // as in [RecorderOptions]
}

// Checkout is what was submitted. It holds the UID, which is personal, and
// prints without it. [Checkout.MarshalBinary] returns the form to
// store.
type Checkout struct {
	Reference     string        `json:"reference"`
	UID           string        `json:"uid"`
	Item          Item          `json:"item"`
	PaymentType   PaymentType   `json:"paymentType"`
	PaymentItems  []string      `json:"paymentItems"` // as the request named them, or as they were in the basket; nil if they have left it since
	Total         payment.Money `json:"total"`
	TransactionID string        `json:"transactionID"` // of a card: give it to Stripe as metadata

	Receipt payment.Receipt `json:"-"`
}

// MarshalBinary returns everything but the Receipt, as JSON to store.
func (co Checkout) MarshalBinary() ([]byte, error) {
	type stored Checkout
	return json.Marshal(stored(co))
}

// UnmarshalBinary reads what [Checkout.MarshalBinary] returned.
func (co *Checkout) UnmarshalBinary(data []byte) error {
	type stored Checkout
	*co = Checkout{}
	return json.Unmarshal(data, (*stored)(co))
}

// StripeAmount returns Total as Stripe counts it: what to charge.
func (co Checkout) StripeAmount() (int64, error) {
	return StripeAmount(co.Total.Amount(), co.Total.Currency())
}

// Checkout pays for what is in the basket, or opens the transaction of a card
// payment. It is [payment.Once] with a [Client.Recorder]: hand the same request
// over again after an error or a crash, with the same [payment.WithStore].
//
// For Invoice and Confirm the payment is recorded when Checkout returns without
// error. For a card, it has opened a transaction: charge Total for
// TransactionID once, and pass the charge to [Client.Complete]. With the same
// Store, a second call returns the same transaction. Opening another one after a
// lost answer is harmless, as long as only one is charged.
//
// The same items under two references are two payments for this package, and
// Rubi documents nothing that refuses the second.
func (c *Client) Checkout(ctx context.Context, request CheckoutRequest, opts ...payment.OnceOption) (Checkout, error) {
	p, err := c.checkoutPayment(request)
	if err != nil {
		return Checkout{}, c.http.Refuse("Checkout", err)
	}
	r := &recorder{client: c, confirm: true, options: &RecorderOptions{Item: request.Item, Payment: request.Payment, AskAttendees: request.AskAttendees}}
	if r.opens = p.Method == string(CardPayment); r.opens {
		opts = append(slices.Clone(opts), payment.WithFirstTry())
	}
	receipt, err := payment.Once(ctx, r, p, opts...)
	if err != nil {
		return Checkout{}, err
	}
	return Checkout{
		Reference: p.Reference, UID: p.Target, Item: request.Item, PaymentType: PaymentType(p.Method), PaymentItems: r.options.Payment.PaymentItems,
		Total: p.Amount, TransactionID: receipt.ID, Receipt: receipt,
	}, nil
}

func (c *Client) checkoutPayment(r CheckoutRequest) (payment.Payment, error) {
	switch {
	case !r.Total.IsSet():
		return payment.Payment{}, invalid("CheckoutRequest.Total", "is not set")
	case len(r.Payment.BasketItems) > 0:
		return payment.Payment{}, invalid("CheckoutRequest.Payment.BasketItems", "are read from the basket, not given")
	}
	by := r.Payment.PaymentType
	if by == "" && r.Total.Sign() == 0 {
		by = Confirm
	}
	return payment.Payment{
		Reference: r.Payment.Reference, Kind: payment.Sale, Amount: r.Total, Date: checkoutDay(),
		Method: string(cmp.Or(by, CardPayment)), Target: r.Payment.UID,
	}, nil
}

// checkoutDay stands for the day of a checkout, which Rubi has no place for: a
// request that is handed over on another day is the same.
func checkoutDay() time.Time { return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) }

// Complete reports the charge of a card checkout to Rubi. It is [payment.Once]
// with a [Client.Recorder], under the reference of the checkout: hand the same
// charge over again after an error or a crash, with the same
// [payment.WithStore]. Rubi then gets the same two ids, and only where it is
// certain that it has not recorded them. Another Stripe id is a conflict: it
// would be a second charge.
//
// Every error after money was taken is a [*ChargedError].
func (c *Client) Complete(ctx context.Context, co Checkout, charge StripePayment, opts ...payment.OnceOption) (payment.Receipt, error) {
	r := &recorder{client: c, options: &RecorderOptions{Item: co.Item}, unnamed: len(co.PaymentItems) == 0}
	p, err := co.payment(charge)
	if err != nil {
		return payment.Receipt{}, co.charged(charge, c.http.Refuse("Complete", err))
	}
	receipt, err := payment.Once(ctx, r, p, opts...)
	return receipt, co.charged(charge, err)
}

// payment is the charge as a payment for the transaction of the checkout.
func (co Checkout) payment(charge StripePayment) (payment.Payment, error) {
	charge.Total, charge.AllowStatus = co.Total.Amount(), false
	amount, err := payment.FromMinorUnits(charge.Amount, co.Total.Currency())
	switch {
	case !co.Total.IsSet():
		return payment.Payment{}, invalid("Checkout.Total", "is not set")
	case co.PaymentType != CardPayment:
		return payment.Payment{}, invalid("Checkout.PaymentType", "is not CardPayment")
	case blank(co.TransactionID):
		return payment.Payment{}, invalid("Checkout.TransactionID", "is blank")
	}
	p := payment.Payment{
		Reference: co.Reference, Kind: payment.Sale, Amount: amount, Date: checkoutDay(), Method: string(CardPayment), Target: co.UID,
		Attributes: []payment.Attribute{{Name: attrStripe, Value: charge.ID}, {Name: attrTransaction, Value: co.TransactionID}},
	}
	for _, id := range co.PaymentItems {
		p.Attributes = append(p.Attributes, payment.Attribute{Name: attrItemGUID, Value: id})
	}
	return p, cmp.Or(err, charge.check(co.Total.Currency()))
}

// charged keeps the money in sight that a charge has taken.
func (co Checkout) charged(charge StripePayment, err error) error {
	var told *ChargedError
	if err == nil || charge.Status != Succeeded || blank(charge.ID) || errors.As(err, &told) {
		return err
	}
	amount, _ := payment.FromMinorUnits(charge.Amount, co.Total.Currency())
	return &ChargedError{TransactionID: co.TransactionID, StripeID: charge.ID, Amount: amount, Err: err}
}
