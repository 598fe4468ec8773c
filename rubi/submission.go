package rubi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// UserPayment submits basket items: POST api/UserPayment (documented; verb and
// position of the key inferred: clauses request.post and request.key-last). It
// needs BasketItems: bookings and
// subscriptions are paid separately, Confirm is for a total of 0.00 and
// CardPayment for one above it (documented), and only the basket tells.
//
// Code 200 with a record of this payment is the only success. It is a write and
// never sent twice. After an error that matches [payment.ErrOutcomeUnknown] the
// items may be paid, and the basket tells: [Client.Checkout] and
// [Client.Resume] do that. The records come with some errors too: with
// [ErrTotalDiffers], and when they do not show this payment. A repeated
// CardPayment may open another transaction.
func (c *Client) UserPayment(ctx context.Context, p UserPayment) (Submission, error) {
	return c.submit(ctx, "UserPayment", p, p.checkBasket(c.config.currency))
}

// UserPaymentUnchecked is [Client.UserPayment] for bare ItemGUIDs, without
// BasketItems: nothing checks that the items are of one kind and that their
// total fits the PaymentType, and no total of the answer is compared.
func (c *Client) UserPaymentUnchecked(ctx context.Context, p UserPayment) (Submission, error) {
	p.BasketItems = nil
	return c.submit(ctx, "UserPaymentUnchecked", p, nil)
}

func (c *Client) submit(ctx context.Context, op string, p UserPayment, refused error) (Submission, error) {
	k := c.userPaymentCall(p)
	k.op, k.refused = op, cmp.Or(k.refused, refused)
	return send(ctx, c, k, func(a answer) (Submission, error) { return c.readSubmission(ctx, a, p) })
}

func (c *Client) userPaymentCall(p UserPayment) call {
	return call{
		method: "UserPayment", reference: p.Reference, target: p.UID,
		elements: p.elements(c.config.paymentItems), refused: cmp.Or(p.checkItems(), p.checkEmail()),
	}
}

// Submission is the answer to a [UserPayment].
type Submission struct {
	Items []PaymentItem // one for the whole of a card payment (documented), else one for each item (inferred: clause invoice.record)
}

// TransactionID returns the id of the transaction, which is that of the first
// record, or "" without a record.
func (s Submission) TransactionID() string {
	if len(s.Items) == 0 {
		return ""
	}
	return s.Items[0].TransactionID
}

// raws returns the records as they came.
func (s Submission) raws() []json.RawMessage {
	raws := make([]json.RawMessage, len(s.Items))
	for i, item := range s.Items {
		raws[i] = item.Raw
	}
	return raws
}

// total adds the totals of the records. It is not set if one is not readable.
func (s Submission) total(currency payment.Currency) payment.Money {
	items := make([]BasketItem, len(s.Items))
	for i, item := range s.Items {
		items[i].ItemTotal = item.ItemTotal
	}
	sum, err := sumOf(items, currency)
	if err != nil {
		return payment.Money{}
	}
	return sum
}

// PaymentItem is one record of a submission. Printed, it shows no address.
type PaymentItem struct {
	TransactionID   string         `json:"TransactionID"` // opaque; digits are kept as they are
	TransactionType PaymentType    `json:"TransactionType"`
	ItemGUID        string         `json:"ItemGUID"`  // unknown for a card payment of several items: clause card.item
	ItemTotal       payment.Amount `json:"-"`         // with tax; not set if it is not readable
	ItemTotalText   string         `json:"ItemTotal"` // as written
	ItemDetail      string         `json:"ItemDetail"`
	ItemStatus      string         `json:"ItemStatus"` // of the booking or subscription
	Address1        string         `json:"Address1"`
	Address2        string         `json:"Address2"`
	Address3        string         `json:"Address3"`
	Address4        string         `json:"Address4"`
	County          string         `json:"County"`
	Postcode        string         `json:"Postcode"`
	Country         string         `json:"Country"`
	EmailAddress    string         `json:"EmailAddress"`
	PONumber        string         `json:"PONumber"`
	MobCountry      string         `json:"MobCountry"`
	Mob             string         `json:"Mob"`

	// The mail that Rubi sends by itself for Invoice and Confirm: sending it
	// from here too would mean two mails.
	EmailSubject     string    `json:"EmailSubject"`
	EmailBody        string    `json:"EmailBody"`
	EmailBCC         EmailList `json:"EmailBCC"`
	EmailAttachments EmailList `json:"EmailAttachments"`

	Raw json.RawMessage `json:"-"` // the record
}

func (i *PaymentItem) complete(r *reading, raw json.RawMessage) {
	i.Raw, i.ItemTotal = raw, r.amount(i.ItemTotalText)
	if i.ItemDetail == "" && mentions(raw, "itemdetails") {
		i.ItemDetail = members[struct{ ItemDetails string }](r, raw).ItemDetails // as baskets name it
	}
}

// Readable reports whether ItemTotal could be read.
func (i PaymentItem) Readable() bool { return i.ItemTotal.IsSet() }

// ErrTotalDiffers is matched by the error of a submission whose ItemTotals are
// not those of the basket items. A card payment has then opened a transaction,
// and nothing should be charged; its total may also be one that cannot be
// charged: not readable, not above 0, or with digits beyond the currency's. An
// invoice or a confirmation stands with another total.
var ErrTotalDiffers = errors.New("the total of the answer is not the sum of the basket items, or cannot be charged")

var (
	errNoRecords     = errors.New("no record came back")
	errManyRecords   = errors.New("a card payment came back with several records")
	errNoTransaction = errors.New("a card payment came back without TransactionID")
	errOtherPayment  = errors.New("a record does not show this payment")
	errMissingItem   = errors.New("an item that was submitted is in no record")
)

const sparedRecords = 16 // that an answer may hold beyond one for each item

// readSubmission returns the records even with an error: they hold the
// transaction.
func (c *Client) readSubmission(ctx context.Context, a answer, p UserPayment) (Submission, error) {
	items, err := collect[PaymentItem](ctx, c, a, len(p.PaymentItems)+sparedRecords)
	s := Submission{Items: items}
	if err == nil {
		err = p.checkRecords(items)
	}
	if err == nil && len(p.BasketItems) > 0 {
		err = p.checkTotals(s, c.config.currency)
	}
	return s, err
}

// checkRecords asks that every record is one of this payment.
func (p UserPayment) checkRecords(items []PaymentItem) error {
	for _, i := range items {
		if i.TransactionType != "" && !strings.EqualFold(string(i.TransactionType), string(p.PaymentType)) {
			return errOtherPayment
		}
	}
	switch {
	case len(items) == 0:
		return errNoRecords
	case p.PaymentType != CardPayment: // what ItemGUID holds there is unknown: clause card.item
		return p.checkNames(items)
	case len(items) > 1:
		return errManyRecords
	case noID(items[0].TransactionID):
		return errNoTransaction
	}
	return nil
}

// checkNames asks that every record names an item that was submitted, or at
// least the transaction. Where one names an item, none may be missing.
func (p UserPayment) checkNames(items []PaymentItem) error {
	submitted, named, unnamed := setOf(p.PaymentItems), guidSet{}, 0
	for _, i := range items {
		switch {
		case submitted.has(i.ItemGUID):
			named[guid(i.ItemGUID)] = true
		case !blank(i.ItemGUID), noID(i.TransactionID):
			return errOtherPayment
		default:
			unnamed++
		}
	}
	if len(named) > 0 && len(named)+unnamed < len(submitted) {
		return errMissingItem
	}
	return nil
}

// checkTotals compares the totals of the answer with those of the basket.
func (p UserPayment) checkTotals(s Submission, currency payment.Currency) error {
	switch {
	case p.PaymentType == CardPayment:
		return p.checkCharge(s.Items[0].ItemTotal, currency)
	case p.AllowOtherTotal || !p.hasOtherTotal(s, currency):
		return nil
	}
	return &payment.Error{Err: fmt.Errorf("%w: %w", payment.ErrConflict, ErrTotalDiffers)}
}

// hasOtherTotal reports whether a record shows another total than its item has
// or, if none names an item, whether they add up to another sum. A total that is
// not readable is not compared.
func (p UserPayment) hasOtherTotal(s Submission, currency payment.Currency) bool {
	totals, named := map[string]payment.Amount{}, false
	for _, item := range p.paid() {
		totals[guid(item.ItemGUID)] = item.ItemTotal
	}
	for _, i := range s.Items {
		want, ok := totals[guid(i.ItemGUID)]
		if named = named || ok; ok && i.Readable() && !i.ItemTotal.Equal(want) {
			return true
		}
	}
	sum, err := sumOf(p.paid(), currency)
	told := s.total(currency)
	return err == nil && !named && told.IsSet() && !told.Equal(sum)
}

// checkCharge compares the total of a card payment with the basket.
func (p UserPayment) checkCharge(total payment.Amount, currency payment.Currency) error {
	sum, err := sumOf(p.paid(), currency)
	if err == nil && (p.AllowOtherTotal || total.IsSet() && sum.Amount().Equal(total)) {
		_, err = StripeAmount(total, currency)
		if err == nil && total.Sign() > 0 {
			return nil
		}
	}
	return &payment.Error{Err: fmt.Errorf("%w: %w", payment.ErrProtocol, ErrTotalDiffers)}
}
