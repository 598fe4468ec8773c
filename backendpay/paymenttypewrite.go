package backendpay

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/tenderkit/tenderkit/internal/transport"
)

// PaymentTypeFields are what a payment type is made with, or changed to; only
// the fields that are set are sent. The names are documented; which of them the
// vendor requires, and which it lets change, is unknown.
type PaymentTypeFields struct {
	PaymentTypeName                       Field[string]       `json:"paymentTypeName,omitzero"`
	PaymentTypeDisplayName                Field[string]       `json:"paymentTypeDisplayName,omitzero"`
	PaymentTypeShortName                  Field[string]       `json:"paymentTypeShortName,omitzero"`
	PaymentTypeDisplayClass               Field[string]       `json:"paymentTypeDisplayClass,omitzero"`
	PaymentTypeDisplayPosition            Field[int]          `json:"paymentTypeDisplayPosition,omitzero"`
	Availability                          Field[Availability] `json:"availability,omitzero"`
	PaymentTypeUseFor                     Field[[]string]     `json:"paymentTypeUseFor,omitzero"`
	PaymentTypeUseForPaymentCardProviders Field[[]string]     `json:"paymentTypeUseForPaymentCardProviders,omitzero"`
	PaymentTypeCode                       Field[string]       `json:"paymentTypeCode,omitzero"`
	DisplayOnInvoice                      Field[string]       `json:"displayOnInvoice,omitzero"`

	AllowClear bool                       `json:"-"` // send null and empty text; whether they clear a field is unknown
	Extra      map[string]json.RawMessage `json:"-"` // further fields, sent as given: the vendor has more, their names are unknown
}

// CreatePaymentType adds a payment type and gives its record: POST
// paymentTypes/ (documented; the JSON body is inferred). PaymentTypeName is
// required here, because payments name their type by it.
//
// It is a write and is sent once: after an error that matches
// [payment.ErrOutcomeUnknown] the type may stand, and [Client.PaymentTypes]
// shows it.
func (c *Client) CreatePaymentType(ctx context.Context, f PaymentTypeFields) (*PaymentType, error) {
	name, _ := f.PaymentTypeName.Get()
	err := f.Validate()
	if err == nil && name == "" {
		err = invalid("PaymentTypeFields.PaymentTypeName", "is not set")
	}
	if err != nil {
		return nil, c.http.Refuse("CreatePaymentType", err)
	}
	return transport.Call(ctx, c.http, transport.Request{
		Op: "CreatePaymentType", Class: transport.Write, Method: http.MethodPost,
		Path: c.form.collection("paymentTypes"), Payload: f.body(), Reference: name,
	}, typeRecord.decode)
}

// UpdatePaymentType changes a payment type and gives its new record: PATCH
// paymentTypes/{id} (documented; the JSON body is inferred). A lost answer is
// read back as by [Client.UpdatePayment].
func (c *Client) UpdatePaymentType(ctx context.Context, id string, f PaymentTypeFields) (*PaymentType, error) {
	return patch[PaymentType]{
		op: "UpdatePaymentType", path: "paymentTypes/{id}", id: id, body: f.body(), refused: f.Validate(),
		record: typeRecord, shown: f.shownBy,
	}.send(ctx, c)
}

// DeletePaymentType removes a payment type: DELETE paymentTypes/{id}
// (documented; what becomes of payments that name it is unknown). A lost answer
// is read back as by [Client.DeletePayment].
func (c *Client) DeletePaymentType(ctx context.Context, id string) error {
	return deleteOne(ctx, c, "DeletePaymentType", "paymentTypes/{id}", id, typeRecord)
}
