package salesdata

import (
	"strconv"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// Convert returns p in the other shape, as a new record, and the documented names
// of the fields that were set and have no counterpart there. A payment that
// has the shape already is returned as it is.
//
// The tip goes into the amount on the way to MDS and out of it on the way to
// root, by the rules in force. A root line id that is not a whole number is
// lost in MDS, and so is what [Payment.Unread] holds. Decoding and encoding never convert. The error is a
// *payment.FieldError if the amount, or the tip that moves, is not set.
func (p Payment) Convert(to Shape, rules BalanceRules) (q Payment, lost []string, err error) {
	switch {
	case !to.known() || !p.Shape.known():
		return Payment{}, nil, &payment.FieldError{Field: "Payment.Shape", Reason: "is neither root nor mds"}
	case to == p.Shape:
		return p, nil, nil
	}
	tender, err := p.tenderFor(to, rules)
	if err != nil {
		return Payment{}, nil, err
	}
	lost = p.onlyHere()
	if to == MDS {
		q = p.toMDS(tender)
	} else {
		q = p.toRoot(tender)
	}
	if p.SOPTID != "" && q.SOPTID == "" {
		lost = append(lost, "soptid")
	}
	for _, m := range p.Unread() {
		lost = append(lost, m.Name)
	}
	q.Shape, q.meta, q.Offset = to, metadata{}, 0
	return q, lost, nil
}

// tenderFor moves the tip into the amount or out of it.
func (p Payment) tenderFor(to Shape, rules BalanceRules) (payment.Amount, error) {
	tender := p.Tender()
	if !tender.IsSet() {
		return tender, &payment.FieldError{Field: p.tenderName(), Reason: "is not set"}
	}
	in, out := rules.tipIn(to), rules.tipIn(p.Shape)
	if in == out {
		return tender, nil
	}
	if !p.Tip.IsSet() {
		return tender, &payment.FieldError{Field: "Payment.Tip", Reason: "is not set"}
	}
	return toggle(tender, p.Tip, in), nil
}

// onlyHere names the fields that are set and that the other shape lacks.
func (p Payment) onlyHere() (names []string) {
	each(paymentTable.only[p.Shape], func(i int) {
		f := &paymentTable.fields[i]
		switch f.name {
		case "net_amount", "amount", "customer_client_card_id", "customer_client_card_ref":
			return
		}
		if f.at(&p).isSet(formNew) {
			names = append(names, f.name)
		}
	})
	return names
}

func (p Payment) toMDS(tender payment.Amount) Payment {
	p.Amount, p.NetAmount = tender, payment.Amount{}
	p.CustomerClientCardRef, p.CustomerClientCardID = p.CustomerClientCardID, 0
	p.PAR, p.PMSRef = "", ""
	if p.PaymentCancelForGUID == "" {
		p.PaymentCancelForGUID = zeroGUID
	}
	if _, reason := parseWhole([]byte(p.SOPTID)); reason != "" {
		p.SOPTID = ""
	}
	return p
}

func (p Payment) toRoot(tender payment.Amount) Payment {
	p.NetAmount, p.Amount = tender, payment.Amount{}
	p.CustomerClientCardID, p.CustomerClientCardRef = p.CustomerClientCardRef, 0
	p.AccountNum, p.CardIdentString = "", ""
	if p.Cancels() == "" {
		p.PaymentCancelForGUID = ""
	}
	return p
}

// In returns p as a payment of the common model, in a currency and at a time
// that the caller knows: the document carries neither for a payment.
//
// Amount is what the payment contributes to its order, [Payment.Goods] by the
// default rules: the tender less change and cashback, rounded, without the tip.
// Reference is [Payment.Key], Method the payment type's id, Reverses the key of
// the payment that p cancels. Kind is Sale, or Refund for a negative
// contribution, which then loses its sign. The type of the order changes
// nothing. Attributes hold the other fields that are set, by
// their documented names; the sensitive ones are left out.
//
// The error is a *payment.FieldError: there is no GUID, an amount is missing,
// or the payment contributes nothing.
func (p Payment) In(currency payment.Currency, at time.Time) (payment.Payment, error) {
	if p.Key() == "" {
		return payment.Payment{}, &payment.FieldError{Field: "Payment.PaymentGUID", Reason: "is not set"}
	}
	goods, err := p.Goods(BalanceRules{})
	if err != nil {
		return payment.Payment{}, err
	}
	if goods.Sign() == 0 {
		return payment.Payment{}, &payment.FieldError{Field: p.tenderName(), Reason: "contributes nothing to the order"}
	}
	kind := payment.Sale
	if goods.Sign() < 0 {
		kind, goods = payment.Refund, goods.Neg()
	}
	money, err := payment.NewMoney(goods, currency)
	if err != nil {
		return payment.Payment{}, err
	}
	return payment.Payment{
		Reference: p.Key(), Kind: kind, Amount: money, Date: at, Method: idText(p.PaymentTypeID),
		Reverses: p.Cancels(), Attributes: p.attributes(),
	}, nil
}

// attributes lists the details that are set, the sensitive ones left out.
func (p Payment) attributes() (list []payment.Attribute) {
	for _, a := range []payment.Attribute{
		{Name: "account_id", Value: idText(p.AccountID)},
		{Name: "account_num", Value: p.AccountNum},
		{Name: "account_description", Value: p.AccountDescription},
		{Name: "card_type_name", Value: p.CardTypeName},
		{Name: "psp_ref", Value: p.PSPRef},
		{Name: "invoice_ref", Value: p.InvoiceRef},
		{Name: "invoice_customer_client_guid", Value: p.InvoiceCustomerClientGUID},
		{Name: "customer_client_card_id", Value: idText(p.CustomerClientCardID)},
		{Name: "customer_client_card_ref", Value: idText(p.CustomerClientCardRef)},
		{Name: "soptid", Value: p.SOPTID},
		{Name: "pms_ref", Value: p.PMSRef},
		{Name: "tip", Value: nonZero(p.Tip)},
		{Name: "rounding", Value: nonZero(p.Rounding)},
		{Name: "change", Value: nonZero(p.Change)},
		{Name: "cashback", Value: nonZero(p.Cashback)},
	} {
		if a.Value != "" {
			list = append(list, a)
		}
	}
	return list
}

func idText(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func nonZero(a payment.Amount) string {
	if a.Sign() == 0 {
		return ""
	}
	return a.String()
}
