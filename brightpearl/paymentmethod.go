package brightpearl

import (
	"context"
	"encoding/json"
	"iter"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
)

// PaymentMethod is a way of paying that the account knows (documented). Names
// and codes are unique ignoring case; codes are kept in upper case.
type PaymentMethod struct {
	ID                     int64 // observed, not in the documented sample
	Name                   string
	Code                   string // at most 32
	IsActive               bool
	BankAccounts           []BankAccount
	InstalledIntegrationID string // "0" if there is none

	Raw json.RawMessage // the method as it came
}

// BankAccount is where a method books one currency's money. Without one for a
// payment's currency the vendor stores the payment and makes no journal.
type BankAccount struct {
	PaymentMethodID        int64
	CurrencyISOCode        string
	BankAccountNominalCode string
}

// PaymentMethods streams the account's methods, including inactive ones: GET
// accounting-service/payment-method/ (documented). It is one request. A value
// that cannot be read is left at zero; Raw has it.
func (c *Client) PaymentMethods(ctx context.Context) iter.Seq2[PaymentMethod, error] {
	return func(yield func(PaymentMethod, error) bool) {
		list, err := transport.Call(ctx, c.http, get("PaymentMethods", "payment-method/"), open[[]methodBody])
		if err != nil {
			yield(PaymentMethod{}, err)
			return
		}
		for _, m := range list {
			if !yield(m.PaymentMethod, nil) {
				return
			}
		}
	}
}

// PaymentMethod returns the method with that id: GET
// accounting-service/payment-method/{id} (documented). What the vendor answers
// for an unknown id is unknown; an answer without a method is
// [payment.ErrNotFound].
func (c *Client) PaymentMethod(ctx context.Context, id int64) (PaymentMethod, error) {
	if id <= 0 {
		return PaymentMethod{}, c.http.Refuse("PaymentMethod", invalid("id", "is not positive"))
	}
	m, err := transport.Call(ctx, c.http, get("PaymentMethod", "payment-method/{id}", strconv.FormatInt(id, 10)), openOne[methodBody])
	return m.PaymentMethod, err
}

// methodBody is a method as it is read. No payment rests on it, so a value in
// another form does not fail the list.
type methodBody struct{ PaymentMethod }

// UnmarshalJSONFrom reads an object with any members.
func (m *methodBody) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	var body struct {
		ID           wire.Lenient[wire.Int]  `json:"id"`
		Name         wire.Lenient[wire.Text] `json:"name"`
		Code         wire.Lenient[wire.Text] `json:"code"`
		IsActive     wire.Lenient[bool]      `json:"isActive"`
		BankAccounts wire.Lenient[[]struct {
			PaymentMethodID        wire.Lenient[wire.Int]  `json:"paymentMethodId"`
			CurrencyISOCode        wire.Lenient[wire.Text] `json:"currencyIsoCode"`
			BankAccountNominalCode wire.Lenient[wire.Text] `json:"bankAccountNominalCode"`
		}] `json:"bankAccounts"`
		InstalledIntegrationID wire.Lenient[wire.Text] `json:"installedIntegrationId"`
	}
	if err := wire.Unmarshal(raw, &body); err != nil {
		return err
	}
	m.PaymentMethod = PaymentMethod{
		ID: int64(body.ID.Value), Name: string(body.Name.Value), Code: string(body.Code.Value), IsActive: body.IsActive.Value,
		InstalledIntegrationID: string(body.InstalledIntegrationID.Value), Raw: json.RawMessage(raw.Clone()),
	}
	for _, b := range body.BankAccounts.Value {
		m.BankAccounts = append(m.BankAccounts, BankAccount{
			int64(b.PaymentMethodID.Value), string(b.CurrencyISOCode.Value), string(b.BankAccountNominalCode.Value),
		})
	}
	return nil
}
