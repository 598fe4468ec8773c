package rubi

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/tenderkit/tenderkit/internal/label"
	"github.com/tenderkit/tenderkit/payment"
)

// RecorderOptions is what a common payment does not say.
type RecorderOptions struct {
	Item    Item        // for payments without the attribute "Item"
	Payment UserPayment // for what neither the payment nor its attributes say

	// AskAttendees asks [Client.PluginEventAttendees] too whether bookings stand,
	// where the installation has it. It proves more than the basket: that a
	// booking is Active, and not removed by hand. If it cannot be read, a look
	// fails.
	AskAttendees bool
}

// Recorder returns a [payment.Recorder] that pays for basket items. It needs
// [Config].Tenant.
//
// Only a sale can be expressed: Rubi documents no refund, no authorization, no
// void, and 0.00, which Confirm is for, is not a payment. Target is the uid,
// Method is "Invoice" or "CardPayment", and Amount has to be the sum of the
// items. These attributes are read, by the vendor's names: "Item", "ItemGUID"
// (once for each item; without one everything of the kind is paid), "Address1"
// to "Address4", "County", "Postcode", "Country", "EmailAddress", "PONumber",
// "MobCountry", "Mob", "StripeID", the charge that a CardPayment was made with,
// and "TransactionID", if a transaction was opened for it before the charge.
// Without one, a transaction is opened. Then the charge is reported as
// succeeded. "Item", "ItemGUID" and "StripeID" say which payment it is.
// Reference, Date and other attributes have no place in Rubi and are not sent.
//
// Rubi cannot be asked for a reference, so name the items and use a durable
// [payment.Store]. A look reads the basket. Named items that are there are not
// paid. Items that have left it are paid if the entry in the Store says that
// they were submitted, and for a card that they were in the basket until the
// report. Anything else proves nothing, and the look's error matches
// [payment.ErrNoLookup]: items that are gone before anything was submitted may
// have been paid or removed by anybody.
//
// Errors of a CardPayment are a [*ChargedError], because the money was taken.
func (c *Client) Recorder(options RecorderOptions) payment.Recorder {
	return &recorder{client: c, options: &options}
}

// recorder holds the options behind a pointer, and prints without them: they
// may name a person.
type recorder struct {
	client  *Client
	options *RecorderOptions
	confirm bool // accept Confirm and 0.00, for a checkout
	opens   bool // only open the transaction of a card payment
	unnamed bool // the items are those of the transaction, whichever they are
}

// Format prints the name of the type.
func (r *recorder) Format(s fmt.State, verb rune) { label.Print(s, verb, "rubi.Recorder") }

// Account returns the tenant that the configuration names, and the host.
func (r *recorder) Account() payment.Account { return r.client.config.account }

// Op tells the opening of a transaction from the payment.
func (r *recorder) Op() string {
	if r.opens {
		return "transaction"
	}
	return "payment"
}

// IdentityAttributes returns the attributes that say which payment it is.
func (r *recorder) IdentityAttributes() []string {
	if r.unnamed {
		return []string{attrItem, attrStripe}
	}
	return []string{attrItem, attrItemGUID, attrStripe}
}

// Prepare fills in the options, and writes the ItemGUIDs in one form and order.
// It reads the basket only for a checkout that names no items.
func (r *recorder) Prepare(ctx context.Context, p payment.Payment) (payment.Payment, error) {
	p, err := r.fill("Prepare", p)
	if err != nil {
		return payment.Payment{}, err
	}
	if r.confirm && len(itemsOf(p)) == 0 {
		return r.name(ctx, p)
	}
	return p, nil
}

// fill fills in the options and checks p. Record and Find do so again: what was
// prepared stays as it is.
func (r *recorder) fill(op string, p payment.Payment) (payment.Payment, error) {
	p.Method = cmp.Or(p.Method, string(r.options.Payment.PaymentType))
	p.Attributes = r.attributes(p)
	if err := r.check(p); err != nil {
		return p, r.client.http.Refuse(op, err)
	}
	return p, nil
}

// name names everything that the basket holds of the kind, for a checkout that
// names no items.
func (r *recorder) name(ctx context.Context, p payment.Payment) (payment.Payment, error) {
	items, err := r.selected(ctx, "Checkout", p)
	if err != nil {
		return payment.Payment{}, err
	}
	r.options.Payment.PaymentItems = guidsOf(items)
	return r.fill("Prepare", p)
}

// selected reads the basket before a submission and returns the items of p.
func (r *recorder) selected(ctx context.Context, op string, p payment.Payment) ([]BasketItem, error) {
	kind := Item(p.Attribute(attrItem))
	basket, err := r.client.basket(ctx, op, p.Target, kind)
	if err != nil {
		return nil, err
	}
	items, err := selectItems(basket, kind, itemsOf(p))
	if err != nil {
		err = &payment.Error{Vendor: vendor, Op: op, Reference: p.Reference, Target: p.Target, Err: err}
	}
	return items, err
}

// attributes adds what the options say, and puts the ItemGUIDs at the end.
func (r *recorder) attributes(p payment.Payment) []payment.Attribute {
	guids := itemsOf(p)
	if len(guids) == 0 {
		guids = slices.Clone(r.options.Payment.PaymentItems)
	}
	for i := range guids {
		guids[i] = guid(guids[i])
	}
	slices.Sort(guids)
	list := slices.DeleteFunc(slices.Clone(p.Attributes), func(a payment.Attribute) bool { return a.Name == attrItemGUID })
	add := func(name, value string) {
		given := slices.ContainsFunc(list, func(a payment.Attribute) bool { return a.Name == name })
		if !given && value != "" {
			list = append(list, payment.Attribute{Name: name, Value: value})
		}
	}
	add(attrItem, string(r.options.Item))
	if p.Attribute(attrTransaction) == "" {
		for _, place := range r.options.Payment.places() {
			add(place.name, *place.value)
		}
	}
	for _, id := range guids {
		list = append(list, payment.Attribute{Name: attrItemGUID, Value: id})
	}
	return list
}

// Attributes beside those of [UserPayment.places].
const (
	attrItem        = "Item"
	attrItemGUID    = "ItemGUID"
	attrStripe      = "StripeID"
	attrTransaction = "TransactionID"
)

func itemsOf(p payment.Payment) (guids []string) {
	for _, a := range p.Attributes {
		if a.Name == attrItemGUID {
			guids = append(guids, a.Value)
		}
	}
	return guids
}

// userPayment lays the attributes of p over the options.
func (r *recorder) userPayment(p payment.Payment) UserPayment {
	u := r.options.Payment
	u.UID, u.Reference, u.PaymentType, u.PaymentItems = p.Target, p.Reference, PaymentType(p.Method), itemsOf(p)
	for _, place := range u.places() {
		for _, a := range p.Attributes {
			if a.Name == place.name {
				*place.value = a.Value
			}
		}
	}
	return u
}

// check refuses what Rubi cannot express.
func (r *recorder) check(p payment.Payment) error {
	if err := cmp.Or(r.validate(p), r.checkMethod(p), checkGUIDs("Payment.Attributes[ItemGUID]", itemsOf(p))); err != nil {
		return err
	}
	switch {
	case p.Kind != payment.Sale:
		return invalid("Payment.Kind", "is not sale: Rubi documents nothing else")
	case p.Link != "":
		return invalid("Payment.Link", "has no place in Rubi")
	case p.Reverses != "":
		return invalid("Payment.Reverses", "has no place in Rubi: it documents no refund")
	case blank(p.Target):
		return invalid("Payment.Target", "is blank; it is the uid")
	case !Item(p.Attribute(attrItem)).Known():
		return invalid("Payment.Attributes[Item]", "is not Bookings or Subscriptions")
	case p.Amount.Currency() != r.client.config.currency:
		return invalid("Payment.Amount", "is not in the client's currency")
	case p.Attribute(attrTransaction) != "":
		return contact(p.Target).check()
	}
	u := r.userPayment(p)
	if len(u.PaymentItems) == 0 {
		u.PaymentItems = []string{"all"}
	}
	_, err := r.client.encode(r.client.userPaymentCall(u))
	return err
}

// validate is that of the payment. A checkout may also confirm or invoice 0.00.
func (r *recorder) validate(p payment.Payment) error {
	if r.confirm && p.Method != string(CardPayment) && p.Amount.IsSet() && p.Amount.Sign() == 0 {
		p.Amount, _ = payment.FromMinorUnits(1, p.Amount.Currency())
	}
	return p.Validate()
}

func (r *recorder) checkMethod(p payment.Payment) error {
	by, charge := PaymentType(p.Method), p.Attribute(attrStripe)
	switch {
	case by != Invoice && by != CardPayment && !(r.confirm && by == Confirm):
		return invalid("Payment.Method", "is not Invoice or CardPayment")
	case by == Confirm && p.Amount.Sign() != 0:
		return invalid("Payment.Method", "is Confirm for a total that is not 0.00")
	case by != CardPayment && charge+p.Attribute(attrTransaction) != "":
		return invalid("Payment.Attributes", "hold a StripeID or TransactionID, which only a CardPayment has")
	case by == CardPayment && !r.opens && blank(charge):
		return invalid("Payment.Attributes", "hold no StripeID, which a CardPayment needs")
	case by == CardPayment:
		_, err := StripeAmount(p.Amount.Amount(), p.Amount.Currency())
		return err
	}
	return nil
}
