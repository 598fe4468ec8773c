package backendpay

import (
	"context"
	"encoding/json"

	"github.com/tenderkit/tenderkit/payment"
)

// PaymentUpdate says what to change; only the fields that are set are sent.
// Which fields the vendor lets change is unknown. A reversal is no change of
// fields: it is made in the vendor's user interface only (inferred).
//
// Its JSON form is the one that is sent, so a program may pass on a document of
// its own. Read one with [json.Decoder.DisallowUnknownFields]: members that are
// no fields here are otherwise left out, as encoding/json does.
type PaymentUpdate struct {
	OurReference      Field[string]         `json:"ourReference,omitzero"`
	CustomerReference Field[string]         `json:"customerReference,omitzero"`
	PaymentDate       Field[payment.Date]   `json:"paymentDate,omitzero"`
	PaymentAmount     Field[payment.Amount] `json:"paymentAmount,omitzero"` // negative only with Refund
	PaymentMethod     Field[string]         `json:"paymentMethod,omitzero"`
	InvoiceID         Field[string]         `json:"invoiceID,omitzero"`

	Refund     bool                       `json:"-"` // the amount is a refund's or rebate's, and negative
	Currency   payment.Currency           `json:"-"` // if set, an amount of more decimals is refused; never sent
	AllowClear bool                       `json:"-"` // send null and empty text; whether they clear a field is unknown
	Extra      map[string]json.RawMessage `json:"-"` // further fields, sent as given
}

// UpdatePayment changes a payment and gives its new record: PATCH
// payments/{id} (documented; the JSON body is inferred).
//
// It is a write and is sent once. If the answer is lost, the payment is read
// back: if it shows all that was asked for, the update is taken as done. If it
// does not, or if Extra holds fields that cannot be compared, the error matches
// [payment.ErrOutcomeUnknown]; it is safe to send the same update again.
func (c *Client) UpdatePayment(ctx context.Context, id string, u PaymentUpdate) (*Payment, error) {
	reference, _ := u.OurReference.Get()
	customerReference, _ := u.CustomerReference.Get()
	return patch[Payment]{
		op: "UpdatePayment", path: "payments/{id}", id: id, body: u.body(c.form), refused: u.Validate(),
		reference: reference, private: privateTexts(customerReference, u.Extra),
		record: paymentRecord, shown: u.shownBy,
	}.send(ctx, c)
}

// DeletePayment removes a payment that was entered by mistake: DELETE
// payments/{id} (documented). A failed payment is reversed instead, which the
// API cannot do. An unknown id gives an error that matches
// [payment.ErrNotFound] (inferred).
//
// It is a write and is sent once. If the answer is lost, the payment is read
// back: if it is gone, the deletion is taken as done; otherwise the error
// matches [payment.ErrOutcomeUnknown].
func (c *Client) DeletePayment(ctx context.Context, id string) error {
	return deleteOne(ctx, c, "DeletePayment", "payments/{id}", id, paymentRecord)
}
