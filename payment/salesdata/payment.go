package salesdata

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/tenderkit/tenderkit/internal/label"
	"github.com/tenderkit/tenderkit/payment"
)

// Payment is one payment record of an order, in either shape. A field that
// its shape does not have stays unset: "" or 0, or an Amount that is not set.
// Missing, null and "" all mean not set; the record remembers which, and is
// encoded again as it was read.
//
// PAR and CardIdentString are sensitive: no fmt verb, no slog handler and no JSON
// of a Payment shows them. [MarshalPayment] writes the record.
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

var paymentTable = newTable(func(p *Payment) *metadata { return &p.meta }, []field[Payment]{
	{name: "payment_guid", in: both, required: MDS, rests: vital, mds: 9, role: identity, at: func(p *Payment) slot { return (*guidSlot)(&p.PaymentGUID) }},
	{name: "payment_type_id", in: both, required: MDS, mds: 2, role: identity, at: func(p *Payment) slot { return (*idSlot)(&p.PaymentTypeID) }},
	{name: "account_id", in: both, required: MDS, mds: 10, at: func(p *Payment) slot { return (*idSlot)(&p.AccountID) }},
	{name: "account_description", in: both, required: MDS, at: func(p *Payment) slot { return (*textSlot)(&p.AccountDescription) }},
	{name: "net_amount", in: Root, rests: vital, role: tender, at: func(p *Payment) slot { return (*moneySlot)(&p.NetAmount) }},
	{name: "tip", in: both, required: MDS, rests: vital, mds: 6, at: func(p *Payment) slot { return (*moneySlot)(&p.Tip) }},
	{name: "rounding", in: both, required: MDS, rests: vital, mds: 5, at: func(p *Payment) slot { return (*moneySlot)(&p.Rounding) }},
	{name: "change", in: both, required: MDS, rests: vital, mds: 4, at: func(p *Payment) slot { return (*moneySlot)(&p.Change) }},
	{name: "cashback", in: both, required: MDS, rests: vital, mds: 7, at: func(p *Payment) slot { return (*moneySlot)(&p.Cashback) }},
	{name: "customer_client_card_id", older: "customerClientCardRef", in: Root, at: func(p *Payment) slot { return (*idSlot)(&p.CustomerClientCardID) }},
	{name: "card_type_name", in: both, mds: 8, at: func(p *Payment) slot { return (*textSlot)(&p.CardTypeName) }},
	{name: "invoice_ref", older: "invoiceRef", in: both, at: func(p *Payment) slot { return (*textSlot)(&p.InvoiceRef) }},
	{name: "invoice_customer_client_guid", older: "invoiceCustomerClientGuid", in: both, at: func(p *Payment) slot { return (*guidSlot)(&p.InvoiceCustomerClientGUID) }},
	{name: "psp_ref", in: both, since: Version11, at: func(p *Payment) slot { return (*textSlot)(&p.PSPRef) }},
	{name: "par", in: Root, since: Version11, at: func(p *Payment) slot { return (*textSlot)(&p.PAR) }},
	{name: "payment_cancel_for_guid", in: both, rests: vital, role: identity, at: func(p *Payment) slot { return (*guidSlot)(&p.PaymentCancelForGUID) }},
	{name: "soptid", in: both, required: MDS, rests: vital, mds: 1, role: identity, at: func(p *Payment) slot { return (*lineSlot)(&p.SOPTID) }},
	{name: "pms_ref", in: Root, since: Version12, at: func(p *Payment) slot { return (*textSlot)(&p.PMSRef) }},
	{name: "amount", in: MDS, required: MDS, rests: vital, mds: 3, role: tender, at: func(p *Payment) slot { return (*moneySlot)(&p.Amount) }},
	{name: "account_num", in: MDS, required: MDS, mds: 11, at: func(p *Payment) slot { return (*codeSlot)(&p.AccountNum) }},
	{name: "card_ident_string", in: MDS, at: func(p *Payment) slot { return (*textSlot)(&p.CardIdentString) }},
	{name: "customer_client_card_ref", in: MDS, at: func(p *Payment) slot { return (*idSlot)(&p.CustomerClientCardRef) }},
})

var (
	amountFields   = paymentTable.with(tender)
	identityFields = paymentTable.with(identity)
)

// Unread returns the documented fields whose values are not of the documented
// form, with their JSON text, such as an account_id of -1. The fields are not
// set; the values are written again.
func (p Payment) Unread() Extra { return paymentTable.unread(&p.meta) }

// Key returns the payment's GUID in lower case, the form to compare and to refer
// by. It is "" for a payment without one.
func (p Payment) Key() string { return guidKey(p.PaymentGUID) }

// Cancels returns the [Payment.Key] of the payment that this one cancels. It is ""
// if there is none, which root writes as null and MDS as a GUID of zeros.
func (p Payment) Cancels() string { return guidKey(p.PaymentCancelForGUID) }

// Tender returns NetAmount or Amount, whichever the shape has. The two do not mean
// the same: an MDS amount holds the tip. [Payment.Goods] evens that out.
func (p Payment) Tender() payment.Amount {
	if p.Shape == MDS {
		return p.Amount
	}
	return p.NetAmount
}

func (p Payment) tenderName() string {
	if p.Shape == MDS {
		return "Payment.Amount"
	}
	return "Payment.NetAmount"
}

type oddity struct{ name, reason string }

// oddities returns the faults of a payment beyond those of single fields.
func (p *Payment) oddities() (odd []oddity) {
	note := func(is bool, name, reason string) {
		if is {
			odd = append(odd, oddity{name, reason})
		}
	}
	note(p.Shape == Root && !p.NetAmount.IsSet(), "net_amount", "is not set")
	note(p.Shape == Root && p.PaymentGUID == "", "payment_guid", "is not set; the payment has no identity")
	note(p.PaymentGUID == zeroGUID, "payment_guid", "is the GUID of zeros")
	note(p.Tip.Sign() < 0, "tip", "is negative")
	note(p.Change.Sign() < 0, "change", "is negative")
	note(p.Cashback.Sign() < 0, "cashback", "is negative")
	note(p.Tender().IsSet() && p.Change.Sign() > 0 && p.Change.Cmp(p.Tender()) > 0, "change", "is larger than the amount")
	note(p.Tip.Sign() != 0 && !p.isCard(), "tip", "is a tip on a payment that shows no card")
	return odd
}

// isCard reports whether the payment carries what only card payments do. The
// ids of payment types are the customer's own data and are not known here.
func (p *Payment) isCard() bool {
	return p.CardTypeName != "" || p.CardIdentString != "" || p.PSPRef != "" || p.PAR != ""
}

// String returns what a log may hold: shape, GUID, payment type and tender.
func (p Payment) String() string {
	return fmt.Sprintf("%s payment %s, type %d, tender %s", p.Shape, p.PaymentGUID, p.PaymentTypeID, p.Tender())
}

// Format prints [Payment.String] for every verb, so that none prints the
// sensitive fields.
func (p Payment) Format(f fmt.State, verb rune) { label.Print(f, verb, p.String()) }

// LogValue returns [Payment.String] for slog.
func (p Payment) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalJSON always fails, so that no log in JSON shows sensitive fields, and
// nobody stores a payment without them. [MarshalPayment] writes the record.
func (p Payment) MarshalJSON() ([]byte, error) { return nil, errNotForJSON }

var errNotForJSON = errors.New("salesdata: a record may hold sensitive fields: write it with MarshalOrder or MarshalPayment, or log its String")
