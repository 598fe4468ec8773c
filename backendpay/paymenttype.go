package backendpay

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/tenderkit/tenderkit/internal/transport"
)

// Availability says where a payment type is offered.
type Availability string

// The three documented values.
const (
	Headline Availability = "Headline"
	Standard Availability = "Standard"
	Historic Availability = "Historic" // no longer for new payments (inferred, clause types.in-use)
)

// Known reports whether a is one of the documented values.
func (a Availability) Known() bool { return a == Headline || a == Standard || a == Historic }

// PaymentType is a way of paying that the installation knows. These are the
// documented fields whose names are known; [PaymentType.Lookup] returns the
// others of an answer. A field of an unexpected type is not set: Raw keeps it.
type PaymentType struct {
	ID                                    string       `json:"id"`              // inferred (clause types.record)
	PaymentTypeName                       string       `json:"paymentTypeName"` // what a payment's PaymentMethod names (inferred, clause create.any-method)
	PaymentTypeDisplayName                string       `json:"paymentTypeDisplayName"`
	PaymentTypeShortName                  string       `json:"paymentTypeShortName"`
	PaymentTypeDisplayClass               string       `json:"paymentTypeDisplayClass"`    // a CSS class
	PaymentTypeDisplayPosition            json.Number  `json:"paymentTypeDisplayPosition"` // "" if not set
	Availability                          Availability `json:"availability"`
	PaymentTypeUseFor                     []string     `json:"paymentTypeUseFor"`
	PaymentTypeUseForPaymentCardProviders []string     `json:"paymentTypeUseForPaymentCardProviders"`
	PaymentTypeCode                       string       `json:"paymentTypeCode"` // for accounting packages
	DisplayOnInvoice                      string       `json:"displayOnInvoice"`

	Raw json.RawMessage `json:"-"` // the type as it came
}

// Lookup returns a field by its name in the answer, known or not, and nil if the
// answer has none of that name.
func (t PaymentType) Lookup(name string) json.RawMessage { return lookup(t.Raw, name) }

// PaymentType returns one payment type: GET paymentTypes/{id} (documented).
func (c *Client) PaymentType(ctx context.Context, id string) (PaymentType, error) {
	return get[PaymentType](ctx, c, "PaymentType", "paymentTypes/{id}", id)
}

// PaymentTypes lists the payment types: GET paymentTypes/ (documented).
func (c *Client) PaymentTypes(ctx context.Context) iter.Seq2[PaymentType, error] {
	return listing[PaymentType, *PaymentType]{op: "PaymentTypes", path: "paymentTypes", query: url.Values{}}.all(ctx, c)
}

// UnmarshalJSON reads a payment type by the rules of an answer.
func (t *PaymentType) UnmarshalJSON(data []byte) (err error) {
	*t, err = decodeItem[PaymentType](data)
	return err
}

func (t *PaymentType) head() (*string, *json.RawMessage) { return &t.ID, &t.Raw }

func (t *PaymentType) member(r *reader, name []byte) (bool, error) {
	switch string(name) {
	case "id":
		return id(r, &t.ID)
	case "paymentTypeName":
		return loose(r, &t.PaymentTypeName)
	case "paymentTypeDisplayName":
		return loose(r, &t.PaymentTypeDisplayName)
	case "paymentTypeShortName":
		return loose(r, &t.PaymentTypeShortName)
	case "paymentTypeDisplayClass":
		return loose(r, &t.PaymentTypeDisplayClass)
	case "paymentTypeDisplayPosition":
		return number(r, &t.PaymentTypeDisplayPosition)
	case "availability":
		return loose(r, &t.Availability)
	case "paymentTypeUseFor":
		return words(r, &t.PaymentTypeUseFor)
	case "paymentTypeUseForPaymentCardProviders":
		return words(r, &t.PaymentTypeUseForPaymentCardProviders)
	case "paymentTypeCode":
		return loose(r, &t.PaymentTypeCode)
	case "displayOnInvoice":
		return loose(r, &t.DisplayOnInvoice)
	}
	return false, nil
}

// PaymentTypeFields are what a payment type is made with, or changed to; only
// the fields that are set are sent. The names are documented; which of them the
// vendor requires, and which it lets change, is unknown (clause types.write).
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

	AllowClear bool                       `json:"-"` // send null and empty text; whether they clear a field is unknown (clause types.write)
	Extra      map[string]json.RawMessage `json:"-"` // further fields, sent as given: the vendor has more, whose names no public page tells
}

const typeFields = "paymentTypeName paymentTypeDisplayName paymentTypeShortName paymentTypeDisplayClass paymentTypeDisplayPosition availability " +
	"paymentTypeUseFor paymentTypeUseForPaymentCardProviders paymentTypeCode displayOnInvoice"

// typeBody is what a write sends: JSON is inferred (clause types.write), the vendor
// does not say how bodies are encoded.
type typeBody struct {
	PaymentTypeFields
	Others map[string]json.RawMessage `json:",embed"`
}

// CreatePaymentType adds a payment type and returns its record: POST
// paymentTypes/ (documented; the JSON body is inferred, clause types.write). PaymentTypeName is
// required here, because payments name their type by it.
//
// It is a write and is sent once: after an error that matches
// [payment.ErrOutcomeUnknown] the type may stand, and [Client.PaymentTypes]
// shows it.
func (c *Client) CreatePaymentType(ctx context.Context, f PaymentTypeFields) (PaymentType, error) {
	name, _ := f.PaymentTypeName.Get()
	err := f.Validate()
	if err == nil && name == "" {
		err = invalid("PaymentTypeFields.PaymentTypeName", "is not set")
	}
	if err != nil {
		return PaymentType{}, c.http.Refuse("CreatePaymentType", err)
	}
	return transport.Call(ctx, c.http, transport.Request{
		Op: "CreatePaymentType", Class: transport.Write, Method: http.MethodPost,
		Path: c.form.collection("paymentTypes"), Payload: f.body(), Reference: name,
	}, decodeWritten[PaymentType])
}

// UpdatePaymentType changes a payment type and returns its new record: PATCH
// paymentTypes/{id} (documented; the JSON body is inferred, clause types.write). A lost answer is
// read back as by [Client.UpdatePayment].
func (c *Client) UpdatePaymentType(ctx context.Context, id string, f PaymentTypeFields) (PaymentType, error) {
	return patch[PaymentType, *PaymentType]{
		op: "UpdatePaymentType", path: "paymentTypes/{id}", id: id, body: f.body(), refused: f.Validate(), shown: f.shownBy,
	}.send(ctx, c)
}

// DeletePaymentType removes a payment type: DELETE paymentTypes/{id}
// (documented; what becomes of payments that name it is unknown, clause
// types.in-use). A lost answer
// is read back as by [Client.DeletePayment].
func (c *Client) DeletePaymentType(ctx context.Context, id string) error {
	return remove[PaymentType](ctx, c, "DeletePaymentType", "paymentTypes/{id}", id)
}

func (f PaymentTypeFields) body() *typeBody { return &typeBody{f, f.Extra} }

// Validate refuses what [Client.UpdatePaymentType] would refuse, with a
// [payment.FieldError].
func (f PaymentTypeFields) Validate() error {
	r := rules{"PaymentTypeFields", f.AllowClear}
	if f.count() == 0 {
		return invalid(r.of, "changes nothing")
	}
	number := func(string, int) error { return nil }
	return cmp.Or(
		checkTextField(r, "PaymentTypeName", f.PaymentTypeName, checkReference),
		checkTextField(r, "PaymentTypeDisplayName", f.PaymentTypeDisplayName, checkText),
		checkTextField(r, "PaymentTypeShortName", f.PaymentTypeShortName, checkText),
		checkTextField(r, "PaymentTypeDisplayClass", f.PaymentTypeDisplayClass, checkText),
		checkField(r, "PaymentTypeDisplayPosition", f.PaymentTypeDisplayPosition, number),
		checkTextField(r, "Availability", f.Availability, checkText),
		checkField(r, "PaymentTypeUseFor", f.PaymentTypeUseFor, checkWords),
		checkField(r, "PaymentTypeUseForPaymentCardProviders", f.PaymentTypeUseForPaymentCardProviders, checkWords),
		checkTextField(r, "PaymentTypeCode", f.PaymentTypeCode, checkText),
		checkTextField(r, "DisplayOnInvoice", f.DisplayOnInvoice, checkText),
		checkExtra(r.of+".Extra", f.Extra, typeFields),
	)
}

func (f PaymentTypeFields) count() int {
	return countSet(f.Extra, f.PaymentTypeName, f.PaymentTypeDisplayName, f.PaymentTypeShortName, f.PaymentTypeDisplayClass, f.PaymentTypeDisplayPosition,
		f.Availability, f.PaymentTypeUseFor, f.PaymentTypeUseForPaymentCardProviders, f.PaymentTypeCode, f.DisplayOnInvoice)
}

func checkWords(field string, words []string) error {
	for _, word := range words {
		if err := checkText(field, word); err != nil {
			return err
		}
	}
	return nil
}

// shownBy reports whether t shows all that was asked for. What Extra asked for
// cannot be compared.
func (f PaymentTypeFields) shownBy(t PaymentType) bool {
	position := Field[json.Number]{state: f.PaymentTypeDisplayPosition.state}
	if n, ok := f.PaymentTypeDisplayPosition.Get(); ok {
		position.value = json.Number(strconv.Itoa(n))
	}
	return len(f.Extra) == 0 &&
		f.PaymentTypeName.shows(t.PaymentTypeName, same) &&
		f.PaymentTypeDisplayName.shows(t.PaymentTypeDisplayName, same) &&
		f.PaymentTypeShortName.shows(t.PaymentTypeShortName, same) &&
		f.PaymentTypeDisplayClass.shows(t.PaymentTypeDisplayClass, same) &&
		position.shows(t.PaymentTypeDisplayPosition, same) &&
		f.Availability.shows(t.Availability, same) &&
		f.PaymentTypeUseFor.shows(t.PaymentTypeUseFor, slices.Equal) &&
		f.PaymentTypeUseForPaymentCardProviders.shows(t.PaymentTypeUseForPaymentCardProviders, slices.Equal) &&
		f.PaymentTypeCode.shows(t.PaymentTypeCode, same) &&
		f.DisplayOnInvoice.shows(t.DisplayOnInvoice, same)
}
