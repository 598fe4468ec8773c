package salesdata

import "github.com/tenderkit/tenderkit/payment"

// Payment is one payment record of an order, in either shape. A field that
// its shape does not have stays unset: "" or 0, or an Amount that is not set.
// Missing, null and "" all mean not set; the record remembers which, and is
// encoded again as it was read.
//
// PAR and CardIdentString are sensitive: no fmt verb and no slog handler
// prints them as part of a Payment. [Payment.MarshalJSON] writes them.
type Payment struct {
	Shape Shape // the shape it came from, or is to be written in; never guessed by the encoder

	PaymentGUID               string         // identifies the payment; as written, see [Payment.Key]
	PaymentTypeID             int64          // see [PaymentType]
	AccountID                 int64          // see [Account]
	AccountDescription        string         // copy of the account's text
	NetAmount                 payment.Amount // root: the tender. Change is inside it, a tip is not
	Tip                       payment.Amount
	Rounding                  payment.Amount // signed; what makes the sum payable in cash
	Change                    payment.Amount // handed back
	Cashback                  payment.Amount // cash paid out
	CustomerClientCardID      int64          // root: loyalty card
	CardTypeName              string         // as delivered; MDS shows a trailing " *"
	InvoiceRef                string         // one opaque text
	InvoiceCustomerClientGUID string         // customer invoiced
	PSPRef                    string         // since 1.1: reference of the payment service provider
	PAR                       string         // root since 1.1: payment account reference; sensitive
	PaymentCancelForGUID      string         // the payment this one cancels; see [Payment.Cancels]
	SOPTID                    string         // line id: text in root, a whole number in MDS
	PMSRef                    string         // root since 1.2: hotel system transfer

	Amount                payment.Amount // MDS: the tender. Change and tip are inside it
	AccountNum            string         // MDS: ledger number
	CardIdentString       string         // MDS: masked card number; sensitive
	CustomerClientCardRef int64          // MDS: loyalty card

	Extra  Extra // keys that the shape does not document, with their text
	Offset int64 // byte offset in the input that it was read from

	meta metadata
}

var paymentSchema = newSchema([]field[Payment]{
	{name: "payment_guid", is: guid, in: both, required: MDS, at: func(p *Payment) any { return &p.PaymentGUID }},
	{name: "payment_type_id", is: id, in: both, required: MDS, at: func(p *Payment) any { return &p.PaymentTypeID }},
	{name: "account_id", is: id, in: both, required: MDS, at: func(p *Payment) any { return &p.AccountID }},
	{name: "account_description", in: both, required: MDS, at: func(p *Payment) any { return &p.AccountDescription }},
	{name: "net_amount", is: money, in: Root, at: func(p *Payment) any { return &p.NetAmount }},
	{name: "tip", is: money, in: both, required: MDS, at: func(p *Payment) any { return &p.Tip }},
	{name: "rounding", is: money, in: both, required: MDS, at: func(p *Payment) any { return &p.Rounding }},
	{name: "change", is: money, in: both, required: MDS, at: func(p *Payment) any { return &p.Change }},
	{name: "cashback", is: money, in: both, required: MDS, at: func(p *Payment) any { return &p.Cashback }},
	{name: "customer_client_card_id", legacy: "customerClientCardRef", is: id, in: Root, at: func(p *Payment) any { return &p.CustomerClientCardID }},
	{name: "card_type_name", in: both, at: func(p *Payment) any { return &p.CardTypeName }},
	{name: "invoice_ref", legacy: "invoiceRef", in: both, at: func(p *Payment) any { return &p.InvoiceRef }},
	{name: "invoice_customer_client_guid", legacy: "invoiceCustomerClientGuid", is: guid, in: both, at: func(p *Payment) any { return &p.InvoiceCustomerClientGUID }},
	{name: "psp_ref", in: both, since: Version11, at: func(p *Payment) any { return &p.PSPRef }},
	{name: "par", in: Root, since: Version11, at: func(p *Payment) any { return &p.PAR }},
	{name: "payment_cancel_for_guid", is: guid, in: both, at: func(p *Payment) any { return &p.PaymentCancelForGUID }},
	{name: "soptid", is: lineID, in: both, required: MDS, at: func(p *Payment) any { return &p.SOPTID }},
	{name: "pms_ref", in: Root, since: Version12, at: func(p *Payment) any { return &p.PMSRef }},
	{name: "amount", is: money, in: MDS, required: MDS, at: func(p *Payment) any { return &p.Amount }},
	{name: "account_num", is: textID, in: MDS, required: MDS, at: func(p *Payment) any { return &p.AccountNum }},
	{name: "card_ident_string", in: MDS, at: func(p *Payment) any { return &p.CardIdentString }},
	{name: "customer_client_card_ref", is: id, in: MDS, at: func(p *Payment) any { return &p.CustomerClientCardRef }},
}, []string{ // the order of the documented MDS example
	"soptid", "payment_type_id", "amount", "change", "rounding", "tip", "cashback", "card_type_name", "payment_guid", "account_id", "account_num",
}, func(p *Payment) *metadata { return &p.meta })

// Key is the payment's GUID in lower case, the form to compare and to refer
// by. It is "" for a payment without one.
func (p Payment) Key() string { return guidKey(p.PaymentGUID) }

// Cancels is the [Payment.Key] of the payment that this one cancels. It is ""
// if there is none, which root writes as null and MDS as a GUID of zeros.
func (p Payment) Cancels() string { return guidKey(p.PaymentCancelForGUID) }

// Tender is NetAmount or Amount, whichever the shape has. The two do not mean
// the same: an MDS amount holds the tip. [Payment.Goods] evens that out.
func (p Payment) Tender() payment.Amount {
	if p.Shape == MDS {
		return p.Amount
	}
	return p.NetAmount
}
