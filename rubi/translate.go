package rubi

import (
	"cmp"

	"github.com/tenderkit/tenderkit/payment"
)

// translate gives the checkout of p, and the charge of a card payment.
func (r *recorder) translate(p payment.Payment) (CheckoutRequest, StripePayment, error) {
	request := CheckoutRequest{
		Item:    cmp.Or(Item(p.Attribute("Item")), r.options.Item),
		Total:   p.Amount,
		Payment: r.userPayment(p),
	}
	charge := StripePayment{ID: p.Attribute("StripeID"), Status: Succeeded}
	err := cmp.Or(p.Validate(), checkPayment(p, request.Payment.PaymentType))
	if err == nil {
		err = r.client.checkRequest(request)
	}
	if err == nil && request.Payment.PaymentType == CardPayment {
		charge.Amount, err = StripeAmount(p.Amount.Amount(), p.Amount.Currency())
	}
	return request, charge, err
}

// checkPayment refuses what Rubi cannot express.
func checkPayment(p payment.Payment, by PaymentType) error {
	switch {
	case p.Kind != payment.Sale:
		return invalid("Payment.Kind", "is not sale: Rubi documents nothing else")
	case p.Link != "":
		return invalid("Payment.Link", "has no place in Rubi")
	case p.Reverses != "":
		return invalid("Payment.Reverses", "has no place in Rubi: it documents no refund")
	case blank(p.Target):
		return invalid("Payment.Target", "is blank; it is the uid")
	case by != Invoice && by != CardPayment:
		return invalid("Payment.Method", "is not Invoice or CardPayment")
	case by == CardPayment && blank(p.Attribute("StripeID")):
		return invalid("Payment.Attributes", "hold no StripeID, which a CardPayment needs")
	case by == Invoice && p.Attribute("StripeID") != "":
		return invalid("Payment.Attributes", "hold a StripeID, which an Invoice has no place for")
	}
	return nil
}

// userPayment lays the payment over its attributes, and those over the options.
func (r *recorder) userPayment(p payment.Payment) UserPayment {
	u := r.options.Payment
	u.UID, u.Reference = p.Target, p.Reference
	u.PaymentType = cmp.Or(PaymentType(p.Method), u.PaymentType)
	var items []string
	places := u.places()
	for _, a := range p.Attributes {
		if a.Name == "ItemGUID" {
			items = append(items, a.Value)
		} else if place := places[a.Name]; place != nil {
			*place = a.Value
		}
	}
	if len(items) > 0 {
		u.PaymentItems = items
	}
	return u
}

// places are the fields that an attribute of the vendor's name can fill.
func (p *UserPayment) places() map[string]*string {
	return map[string]*string{
		"Address1": &p.Address1, "Address2": &p.Address2, "Address3": &p.Address3, "Address4": &p.Address4,
		"County": &p.County, "Postcode": &p.Postcode, "Country": &p.Country,
		"EmailAddress": &p.EmailAddress, "PONumber": &p.PONumber, "MobCountry": &p.MobCountry, "Mob": &p.Mob,
	}
}
