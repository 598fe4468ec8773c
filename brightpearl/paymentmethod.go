package brightpearl

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
)

// PaymentMethod is a way of paying that the account knows (documented). Names
// and codes are unique ignoring case; codes are kept in upper case.
type PaymentMethod struct {
	ID                     int64         `json:"id"` // observed, not in the documented sample
	Name                   string        `json:"name"`
	Code                   string        `json:"code"` // at most 32
	IsActive               bool          `json:"isActive"`
	BankAccounts           []BankAccount `json:"bankAccounts"`
	InstalledIntegrationID string        `json:"installedIntegrationId"` // "0" if none

	Raw json.RawMessage `json:"-"` // the method as it came
}

// BankAccount is where a method books one currency's money. Without one for a
// payment's currency the vendor stores the payment and makes no journal.
type BankAccount struct {
	PaymentMethodID        int64  `json:"paymentMethodId"`
	CurrencyISOCode        string `json:"currencyIsoCode"`
	BankAccountNominalCode string `json:"bankAccountNominalCode"`
}

// PaymentMethods lists the account's methods, the inactive ones included:
// GET accounting-service/payment-method/ (documented).
func (c *Client) PaymentMethods(ctx context.Context) ([]PaymentMethod, error) {
	return transport.Call(ctx, c.http, get("PaymentMethods", "payment-method/"), open[[]PaymentMethod])
}

// PaymentMethod gives the method with that id: GET
// accounting-service/payment-method/{id} (documented). What the vendor answers
// for an unknown id is unknown; no method in the answer is [payment.ErrNotFound].
func (c *Client) PaymentMethod(ctx context.Context, id int64) (PaymentMethod, error) {
	if id <= 0 {
		return PaymentMethod{}, c.http.Refuse("PaymentMethod", invalid("id", "is not positive"))
	}
	return transport.Call(ctx, c.http, get("PaymentMethod", "payment-method/{id}", strconv.FormatInt(id, 10)), openOne[PaymentMethod])
}

// UnmarshalJSON reads a method and refuses one without a code; the vendor sends
// installedIntegrationId as text or as a number.
func (m *PaymentMethod) UnmarshalJSON(data []byte) error {
	type plain PaymentMethod
	body := struct {
		*plain
		InstalledIntegrationID looseText `json:"installedIntegrationId"`
	}{plain: (*plain)(m)}
	if err := wire.Unmarshal(data, &body); err != nil {
		return err
	}
	if m.Code == "" {
		return &wire.DecodeError{Path: "$.code", Reason: "is not set"}
	}
	m.InstalledIntegrationID = string(body.InstalledIntegrationID)
	m.Raw = append(m.Raw[:0:0], data...)
	return nil
}
