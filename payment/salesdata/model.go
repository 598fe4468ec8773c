package salesdata

import (
	"strconv"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// In gives p as a payment of the common model, in a currency and at a time
// that the caller knows: the document carries neither for a payment.
//
// Amount is what the payment contributes to its order, [Payment.Goods] by the
// default rules: the tender less change and cashback, rounded, without the tip.
// Reference is [Payment.Key], Method the payment type's id, Reverses the key of
// the payment that p cancels. Kind is Sale, or Refund for a negative
// contribution, whose amount is then given without its sign; nothing is turned
// by the type of the order. Attributes hold the other fields that are set, by
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
