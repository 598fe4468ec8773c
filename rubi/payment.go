package rubi

import (
	"context"
	"encoding/json"
	"iter"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
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

func (t *PaymentType) readFrom(d *jsontext.Decoder) error { return readText(d, t) }

// Known reports whether t is one of the three documented types.
func (t PaymentType) Known() bool { return t == Invoice || t == CardPayment || t == Confirm }

// UserPayment submits basket items for payment. Names, order and limits are
// documented; lengths count UTF-16 units (inferred: clause request.length-unit). It
// prints without contact
// and address.
type UserPayment struct {
	UID          string // at most 50
	PaymentType  PaymentType
	PaymentItems []string // ItemGUIDs of UserBasket: all bookings or all subscriptions
	Address1     string   // at most 75
	Address2     string   // optional, at most 75
	Address3     string   // optional, at most 75
	Address4     string   // at most 75; the last line, usually the town
	County       string   // a ListValue of PortalList(Counties); sent as given
	Postcode     string   // at most 15
	Country      string   // a ListValue of PortalList(Countries); sent as given
	EmailAddress string   // at most 250
	PONumber     string   // optional, at most 100
	MobCountry   string   // telephone country code, at most 5
	Mob          string   // telephone number, at most 25

	// BasketItems are the items as UserBasket listed them; others may be among
	// them. With them the kinds and the total are checked before anything is
	// sent, and the totals of the answer after.
	BasketItems []BasketItem
	Reference   string // the caller's own, for errors; not sent

	AllowBlank      bool // send address, email and telephone blank; the vendor's tables forbid it, their help text does not: clause payment.address
	AllowOtherTotal bool // accept an answer whose ItemTotals are not those of BasketItems
}

// elements are the fourteen parameters in the documented order.
func (p UserPayment) elements(encode func([]string) string) []element {
	items := ""
	if len(p.PaymentItems) > 0 {
		items = encode(p.PaymentItems)
	}
	plain := func(field, value string, max int) element {
		return element{field: field, value: value, max: max, optional: true, personal: true}
	}
	starred := func(field, value string, max int) element {
		return element{field: field, value: value, max: max, optional: p.AllowBlank, personal: true}
	}
	return []element{
		{field: "UserPayment.UID", value: p.UID, max: 50, personal: true},
		{field: "UserPayment.PaymentType", value: string(p.PaymentType), max: 20, refused: unless(p.PaymentType.Known(), "is not Invoice, CardPayment or Confirm")},
		{field: "UserPayment.PaymentItems", value: items},
		starred("UserPayment.Address1", p.Address1, 75),
		plain("UserPayment.Address2", p.Address2, 75),
		plain("UserPayment.Address3", p.Address3, 75),
		starred("UserPayment.Address4", p.Address4, 75),
		starred("UserPayment.County", p.County, 0),
		starred("UserPayment.Postcode", p.Postcode, 15),
		starred("UserPayment.Country", p.Country, 0),
		starred("UserPayment.EmailAddress", p.EmailAddress, 250),
		plain("UserPayment.PONumber", p.PONumber, 100),
		starred("UserPayment.MobCountry", p.MobCountry, 5),
		starred("UserPayment.Mob", p.Mob, 25),
	}
}

// checkEmail asks no more than the vendor could need.
func (p UserPayment) checkEmail() error {
	switch {
	case strings.ContainsAny(p.EmailAddress, "\r\n"):
		return invalid("UserPayment.EmailAddress", "holds a line break")
	case !blank(p.EmailAddress) && !strings.Contains(p.EmailAddress, "@"):
		return invalid("UserPayment.EmailAddress", "has no @")
	}
	return nil
}

func (p UserPayment) checkItems() error {
	if len(p.PaymentItems) == 0 {
		return invalid("UserPayment.PaymentItems", "is empty")
	}
	return checkGUIDs("UserPayment.PaymentItems", p.PaymentItems)
}

// checkBasket checks what only the basket tells: kinds and total.
func (p UserPayment) checkBasket(currency payment.Currency) error {
	if len(p.BasketItems) == 0 {
		return invalid("UserPayment.BasketItems", "is empty; UserPaymentUnchecked submits without them")
	}
	paid := p.paid()
	if len(paid) != len(p.PaymentItems) {
		return invalid("UserPayment.PaymentItems", "holds an item that does not stand exactly once among BasketItems")
	}
	for _, item := range paid {
		if item.Item != paid[0].Item {
			return invalid("UserPayment.PaymentItems", "mixes kinds: bookings and subscriptions are paid separately")
		}
	}
	sum, err := sumOf(paid, currency)
	switch {
	case err != nil:
		return err
	case p.PaymentType == Confirm && sum.Sign() != 0:
		return invalid("UserPayment.PaymentType", "is Confirm for a total that is not 0.00")
	case p.PaymentType == CardPayment && sum.Sign() <= 0:
		return invalid("UserPayment.PaymentType", "is CardPayment for a total that is not above 0.00")
	}
	return nil
}

// paid returns those of BasketItems that PaymentItems names.
func (p UserPayment) paid() []BasketItem {
	var paid []BasketItem
	wanted := setOf(p.PaymentItems)
	for _, item := range p.BasketItems {
		if wanted.has(item.ItemGUID) {
			paid = append(paid, item)
		}
	}
	return paid
}

// Portal names a list of api/PortalList.
type Portal string

// The lists that the vendor's pages name.
const (
	Counties             Portal = "County"        // for UserPayment.County
	Countries            Portal = "Country"       // for UserPayment.Country
	SubscriptionServices Portal = "Subscriptions" // for Subscription.SSID
)

// ListValue is one value of a list.
type ListValue struct {
	ListValue string          `json:"ListValue"` // what UserPayment takes (documented)
	Raw       json.RawMessage `json:"-"`         // the record: its other members are not documented
}

func (v *ListValue) complete(_ *reading, raw json.RawMessage) { v.Raw = raw }

// PortalList lists the values that the vendor offers under a name: POST
// api/PortalList. The pages of UserPayment name the call, the lists and
// ListValue (documented); that it takes the name of the list as its only element
// is inferred: clause lists.values. The call is made when the sequence is ranged over. It only reads,
// so it is tried again after a network failure.
func (c *Client) PortalList(ctx context.Context, name Portal) iter.Seq2[ListValue, error] {
	return list[ListValue](ctx, c, portalCall(name))
}

func portalCall(name Portal) call {
	return call{op: "PortalList", class: transport.Read, elements: []element{{field: "name", value: string(name)}}}
}

// place is a field of a UserPayment that an attribute of the vendor's name fills.
type place struct {
	name  string
	value *string
}

func (p *UserPayment) places() []place {
	return []place{
		{"Address1", &p.Address1}, {"Address2", &p.Address2}, {"Address3", &p.Address3}, {"Address4", &p.Address4},
		{"County", &p.County}, {"Postcode", &p.Postcode}, {"Country", &p.Country}, {"EmailAddress", &p.EmailAddress},
		{"PONumber", &p.PONumber}, {"MobCountry", &p.MobCountry}, {"Mob", &p.Mob},
	}
}
