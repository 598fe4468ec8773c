package rubi

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// CheckoutRequest says what is to be paid, and by whom.
type CheckoutRequest struct {
	Item  Item          // Bookings or Subscriptions; they are never paid together
	Total payment.Money // optional: what the payer agreed to; another sum is refused

	// Payment is the contact, the address and the way to pay. Without
	// PaymentType, a sum of 0.00 is confirmed and a sum above it paid by card; a
	// PaymentType that does not fit the sum is refused. Without PaymentItems,
	// everything of the kind is paid. BasketItems are read, not given.
	Payment UserPayment
}

// Checkout pays for what is in the basket: it reads the basket, adds up the
// totals exactly, chooses or checks the payment type, and submits the items.
//
// For Invoice and Confirm the result is [StateRecorded]. For a card it is
// [StateCharge], with the TransactionID and the Total to charge: store it,
// charge it once, and give the charge to [Client.Complete]. After an error,
// State tells what is known: "" that nothing was submitted, [StateNotRecorded]
// that the vendor refused, [StateUnknown] that [Client.Resume] can look.
// Nothing in the basket is an error that matches [payment.ErrNotFound].
//
// One checkout of a contact at a time is the caller's care: two at once may both
// submit the items that both see, and Rubi documents nothing that refuses the
// second, or that keeps two card transactions from being charged for one item.
func (c *Client) Checkout(ctx context.Context, r CheckoutRequest) (Checkout, error) {
	plan, p, err := c.plan(ctx, r)
	if err != nil {
		return Checkout{}, err
	}
	submission, err := c.UserPayment(ctx, p)
	plan.submitted(submission, err)
	if plan.State == StateCharge {
		plan.Kept = c.keeps(ctx, plan)
	}
	return plan, err
}

// plan reads the basket and settles everything before the write.
func (c *Client) plan(ctx context.Context, r CheckoutRequest) (Checkout, UserPayment, error) {
	p := r.Payment
	if err := c.checkRequest(r); err != nil {
		return Checkout{}, p, c.http.Refuse("Checkout", err)
	}
	basket, err := c.basket(ctx, "Checkout", p.UID, r.Item)
	if err != nil {
		return Checkout{}, p, err
	}
	if p.BasketItems, err = selectItems(basket, r); err != nil {
		return Checkout{}, p, &payment.Error{Vendor: vendor, Op: "Checkout", Reference: p.Reference, Target: p.UID, Err: err}
	}
	p.PaymentItems = guidsOf(p.BasketItems)
	sum, err := c.checkPlan(&p, r.Total)
	if err != nil {
		return Checkout{}, p, c.http.Refuse("Checkout", err)
	}
	return Checkout{
		UID: p.UID, Item: r.Item, PaymentType: p.PaymentType, PaymentItems: p.PaymentItems,
		Total: sum, Reference: p.Reference,
	}, p, nil
}

// checkRequest refuses bad input before the basket is read.
func (c *Client) checkRequest(r CheckoutRequest) error {
	p := r.Payment
	switch {
	case !r.Item.Known():
		return invalid("CheckoutRequest.Item", "is not Bookings or Subscriptions")
	case r.Total.IsSet() && r.Total.Currency() != c.config.currency:
		return invalid("CheckoutRequest.Total", "is not in the client's currency")
	case len(p.BasketItems) > 0:
		return invalid("CheckoutRequest.Payment.BasketItems", "are read from the basket, not given")
	}
	if p.PaymentType == "" {
		p.PaymentType = CardPayment
	}
	if len(p.PaymentItems) == 0 {
		p.PaymentItems = []string{"all"}
	}
	_, err := c.encode(c.userPaymentCall(p))
	return err
}

// checkPlan chooses the payment type and checks the sum.
func (c *Client) checkPlan(p *UserPayment, agreed payment.Money) (payment.Money, error) {
	sum, err := sumOf(p.BasketItems, c.config.currency)
	if err != nil {
		return sum, err
	}
	if agreed.IsSet() && !agreed.Equal(sum) {
		return sum, invalid("CheckoutRequest.Total", "is not the sum of the basket items")
	}
	if p.PaymentType == "" {
		p.PaymentType = chooseType(sum)
	}
	if p.PaymentType == CardPayment {
		_, err = StripeAmount(sum.Amount(), sum.Currency())
	}
	if err == nil {
		err = p.checkBasket(c.config.currency)
	}
	if err == nil {
		_, err = c.encode(c.userPaymentCall(*p))
	}
	return sum, err
}

// maxBasket is how many items one checkout reads: more are not a member's basket.
const maxBasket = 10_000

// basket reads what is in a basket before a checkout.
func (c *Client) basket(ctx context.Context, op, uid string, item Item) (items []BasketItem, err error) {
	return send(ctx, c, basketCall(op, transport.Read, uid, item), func(a answer) ([]BasketItem, error) {
		return collect[BasketItem](ctx, c, a, maxBasket)
	})
}

func chooseType(sum payment.Money) PaymentType {
	if sum.Sign() == 0 {
		return Confirm
	}
	return CardPayment
}

var (
	errNothing = fmt.Errorf("%w: the basket holds nothing of this kind", payment.ErrNotFound)
	errGone    = fmt.Errorf("%w: an item is not in the basket", payment.ErrNotFound)
)

// selectItems gives the wanted items of the wanted kind. The vendor was asked
// for that kind, so a record that does not tell its kind is of it.
func selectItems(basket []BasketItem, r CheckoutRequest) ([]BasketItem, error) {
	wanted := setOf(r.Payment.PaymentItems)
	var items []BasketItem
	for _, item := range basket {
		if item.Item == "" {
			item.Item = r.Item
		}
		if item.Item == r.Item && (len(wanted) == 0 || wanted.has(item.ItemGUID)) {
			items = append(items, item)
		}
	}
	switch {
	case len(items) < len(wanted):
		return nil, errGone
	case len(items) == 0:
		return nil, errNothing
	}
	return items, nil
}

func guidsOf(items []BasketItem) []string {
	guids := make([]string, len(items))
	for i, item := range items {
		guids[i] = item.ItemGUID
	}
	return guids
}

// submitted notes what came of UserPayment.
func (co *Checkout) submitted(s Submission, err error) {
	co.Payments, co.TransactionID = s.Items, s.TransactionID()
	switch {
	case errors.Is(err, payment.ErrOutcomeUnknown):
		co.State = StateUnknown
	case errors.Is(err, payment.ErrConflict): // it stands, with another total
		co.State = StateRecorded
	case err != nil:
		co.State = StateNotRecorded
	case co.PaymentType == CardPayment:
		co.State = StateCharge
		// The record's total is the whole charge (documented), and was checked.
		co.Total, _ = payment.NewMoney(s.Items[0].ItemTotal, co.Total.Currency())
	default:
		co.State = StateRecorded
	}
}
