package rubi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tenderkit/tenderkit/internal/check"
	"github.com/tenderkit/tenderkit/payment"
)

// PaymentType is how basket items are paid (documented).
type PaymentType string

// The payment types. An installation may forbid the first two.
const (
	Invoice     PaymentType = "Invoice"     // requests an invoice; Rubi mails a confirmation
	CardPayment PaymentType = "CardPayment" // opens a transaction for StripeResult
	Confirm     PaymentType = "Confirm"     // only for a total of 0.00; Rubi mails a confirmation
)

// Known reports whether t is one of the three documented types.
func (t PaymentType) Known() bool { return t == Invoice || t == CardPayment || t == Confirm }

// UserPayment submits basket items for payment. Names, order and limits are
// documented; lengths count UTF-16 units (inferred). It prints without contact
// and address.
type UserPayment struct {
	UID          string      // at most 50
	PaymentType  PaymentType //
	PaymentItems []string    // ItemGUIDs of UserBasket: all bookings or all subscriptions
	Address1     string      // at most 75
	Address2     string      // optional, at most 75
	Address3     string      // optional, at most 75
	Address4     string      // at most 75; the town (inferred)
	County       string      // a ListValue of api/PortalList "County"; sent as given
	Postcode     string      // at most 15
	Country      string      // a ListValue of api/PortalList "Country"; sent as given
	EmailAddress string      // at most 250
	PONumber     string      // optional, at most 100
	MobCountry   string      // telephone country code, at most 5
	Mob          string      // telephone number, at most 25

	// BasketItems are the items as UserBasket gave them. With them the kinds
	// and the total are checked before anything is sent, and the total of a
	// card payment after.
	BasketItems []BasketItem
	Reference   string // the caller's own, for errors; not sent

	AllowBlank      bool // send address, email and telephone blank; the vendor's tables forbid it, their help text does not
	AllowOtherTotal bool // accept a card payment whose ItemTotal is not the sum of BasketItems
}

// PaymentItem is one record of a submission: one for the whole of a card
// payment (documented), else presumably one per item (inferred). Printed, it
// shows no address.
type PaymentItem struct {
	TransactionID   string // opaque; digits are kept as they are
	TransactionType PaymentType
	ItemGUID        string         // unknown for a card payment of several items
	ItemTotal       payment.Amount // with tax; not set if it is not readable
	ItemTotalText   string         // as written
	ItemDetail      string
	ItemStatus      string // of the booking or subscription
	Address1        string
	Address2        string
	Address3        string
	Address4        string
	County          string
	Postcode        string
	Country         string
	EmailAddress    string
	PONumber        string
	MobCountry      string
	Mob             string

	// The mail that Rubi sends by itself for Invoice and Confirm: sending it
	// from here too would mean two mails.
	EmailSubject     string
	EmailBody        string
	EmailBCC         json.RawMessage
	EmailAttachments json.RawMessage

	Raw json.RawMessage `json:"-"` // the record
}

// Readable reports whether ItemTotal could be read.
func (i PaymentItem) Readable() bool { return i.ItemTotal.IsSet() }

// ErrTotalDiffers is matched by the error of a card payment whose ItemTotal is
// not the sum of the basket items, or cannot be charged: it is not readable, not
// above 0, or has digits beyond the currency's. A transaction was opened;
// nothing should be charged.
var ErrTotalDiffers = errors.New("the card payment's total is not the sum of the basket items, or cannot be charged")

var (
	errNoRecords     = errors.New("no record came back")
	errManyRecords   = errors.New("a card payment came back with several records")
	errNoTransaction = errors.New("a card payment came back without TransactionID")
)

// UserPayment submits basket items: POST api/UserPayment (documented; verb and
// position of the key inferred). Whatever the code, 200 is the only success.
//
// It is a write and never sent twice. After an error that matches
// [payment.ErrOutcomeUnknown] the items may be paid, and the basket tells:
// [Client.Checkout] and [Client.Resume] do that. The records come with some
// errors too: with [ErrTotalDiffers], and when a card payment does not answer
// with exactly one record. A repeated CardPayment may open another transaction.
func (c *Client) UserPayment(ctx context.Context, p UserPayment) ([]PaymentItem, error) {
	return send(ctx, c, c.userPaymentCall(p), func(a answer) ([]PaymentItem, error) {
		return c.readPayment(a, p)
	})
}

func (c *Client) userPaymentCall(p UserPayment) call {
	k := call{op: "UserPayment", elements: p.elements(c), reference: p.Reference, target: p.UID}
	k.refused = check.First(p.checkType, p.checkItems, p.checkEmail, func() error { return p.checkBasket(c.config.currency) })
	return k
}

// elements are the fourteen parameters in the documented order.
func (p UserPayment) elements(c *Client) []element {
	items := ""
	if len(p.PaymentItems) > 0 {
		items = c.config.paymentItems(p.PaymentItems)
	}
	starred, plain := p.AllowBlank, true
	return []element{
		{"UserPayment.UID", p.UID, 50, false, true},
		{"UserPayment.PaymentType", string(p.PaymentType), 20, false, false},
		{"UserPayment.PaymentItems", items, 0, false, false},
		{"UserPayment.Address1", p.Address1, 75, starred, true},
		{"UserPayment.Address2", p.Address2, 75, plain, true},
		{"UserPayment.Address3", p.Address3, 75, plain, true},
		{"UserPayment.Address4", p.Address4, 75, starred, true},
		{"UserPayment.County", p.County, 0, starred, true},
		{"UserPayment.Postcode", p.Postcode, 15, starred, true},
		{"UserPayment.Country", p.Country, 0, starred, true},
		{"UserPayment.EmailAddress", p.EmailAddress, 250, starred, true},
		{"UserPayment.PONumber", p.PONumber, 100, plain, true},
		{"UserPayment.MobCountry", p.MobCountry, 5, starred, true},
		{"UserPayment.Mob", p.Mob, 25, starred, true},
	}
}

// readPayment gives the records even with an error: they hold the transaction.
func (c *Client) readPayment(a answer, p UserPayment) ([]PaymentItem, error) {
	list, err := decode(c, a, readPaymentItem)
	switch {
	case err != nil:
		return nil, err
	case len(list) == 0:
		return list, errNoRecords
	case p.PaymentType != CardPayment:
		return list, nil
	case len(list) > 1:
		return list, errManyRecords
	case blank(list[0].TransactionID):
		return list, errNoTransaction
	}
	return list, p.checkCharge(list[0].ItemTotal, c.config.currency)
}

// checkCharge holds the total of a card payment against the basket.
func (p UserPayment) checkCharge(total payment.Amount, currency payment.Currency) error {
	if len(p.BasketItems) == 0 {
		return nil
	}
	sum, err := sumOf(p.paid(), currency)
	if err == nil && (p.AllowOtherTotal || total.IsSet() && sum.Amount().Equal(total)) {
		_, err = StripeAmount(total, currency)
		if err == nil && total.Sign() > 0 {
			return nil
		}
	}
	return &payment.Error{Err: fmt.Errorf("%w: %w", payment.ErrProtocol, ErrTotalDiffers)}
}

func readPaymentItem(r *record) PaymentItem {
	i := PaymentItem{
		TransactionID:    r.text("TransactionID"),
		TransactionType:  PaymentType(r.text("TransactionType")),
		ItemGUID:         r.text("ItemGUID"),
		ItemDetail:       r.text("ItemDetail", "ItemDetails"),
		ItemStatus:       r.text("ItemStatus"),
		Address1:         r.text("Address1"),
		Address2:         r.text("Address2"),
		Address3:         r.text("Address3"),
		Address4:         r.text("Address4"),
		County:           r.text("County"),
		Postcode:         r.text("Postcode"),
		Country:          r.text("Country"),
		EmailAddress:     r.text("EmailAddress"),
		PONumber:         r.text("PONumber"),
		MobCountry:       r.text("MobCountry"),
		Mob:              r.text("Mob"),
		EmailSubject:     r.text("EmailSubject"),
		EmailBody:        r.text("EmailBody"),
		EmailBCC:         r.list("EmailBCC"),
		EmailAttachments: r.list("EmailAttachments"),
		Raw:              r.raw,
	}
	i.ItemTotal, i.ItemTotalText = r.amount("ItemTotal")
	return i
}
