package salesdata

import (
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// maxMasterData bounds a master data file.
const maxMasterData = 16 << 20

// PaymentType is a row of a customer's own payment types, in the root shape.
// The ids are data: no meaning of an id is built in.
type PaymentType struct {
	ID         int64
	Name       string
	Code       string
	AccountID  int64
	CustomerID int64
	Active     bool
}

// Account is a row of a customer's own accounts, in the MDS shape. An MDS
// payment's account_id is its ID, and its account_num its Num.
type Account struct {
	ID                 int64
	CustomerID         int64
	Num                int64 // ledger number
	Description        string
	ExternalReferences []ExternalReference
}

// ExternalReference is what another system calls an account.
type ExternalReference struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type externalReference struct {
	Key   wire.Text `json:"key"`
	Value wire.Text `json:"value"`
}

// anyID reads an id from a number or from text: the vendor's tables and
// examples disagree.
type anyID int64

func (n *anyID) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	token, err := d.ReadToken()
	if err != nil || token.Kind() == jsontext.KindNull {
		return err
	}
	id, reason := int64(0), notWhole
	if k := token.Kind(); k == jsontext.KindNumber || k == jsontext.KindString {
		id, reason = parseWhole([]byte(token.String()))
	}
	*n = anyID(id)
	if reason != "" {
		return &payment.FieldError{Field: "id", Reason: reason}
	}
	return nil
}

// errNoID refuses a row that no payment could be joined to. Its offset counts
// from the closing brace, the token that was read last.
func errNoID(d *jsontext.Decoder, start int64) error {
	return &wire.DecodeError{Path: "$", Offset: start - d.InputOffset() + 1, Reason: "is an object without id"}
}

// UnmarshalJSONFrom reads the vendor's camelCase keys.
func (t *PaymentType) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var row struct {
		ID         *anyID                  `json:"id"`
		Name       wire.Lenient[wire.Text] `json:"name"`
		Code       wire.Lenient[wire.Text] `json:"code"`
		AccountID  wire.Lenient[anyID]     `json:"accountId"`
		CustomerID wire.Lenient[anyID]     `json:"customerId"`
		Active     wire.Lenient[bool]      `json:"active"`
	}
	d.PeekKind()
	start := startOf(d)
	if err := json.UnmarshalDecode(d, &row); err != nil {
		return err
	}
	if row.ID == nil {
		return errNoID(d, start)
	}
	*t = PaymentType{
		ID: int64(*row.ID), Name: string(row.Name.Value), Code: string(row.Code.Value),
		AccountID: int64(row.AccountID.Value), CustomerID: int64(row.CustomerID.Value), Active: row.Active.Value,
	}
	return nil
}

// UnmarshalJSON is UnmarshalJSONFrom for encoding/json.
func (t *PaymentType) UnmarshalJSON(data []byte) error { return wire.Unmarshal(data, t) }

// UnmarshalJSONFrom reads the vendor's snake_case keys.
func (a *Account) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var row struct {
		ID                 *anyID                                          `json:"id"`
		CustomerID         wire.Lenient[anyID]                             `json:"customer_id"`
		Num                wire.Lenient[anyID]                             `json:"num"`
		Description        wire.Lenient[wire.Text]                         `json:"description"`
		ExternalReferences wire.Lenient[[]wire.Lenient[externalReference]] `json:"external_references"`
	}
	d.PeekKind()
	start := startOf(d)
	if err := json.UnmarshalDecode(d, &row); err != nil {
		return err
	}
	if row.ID == nil {
		return errNoID(d, start)
	}
	*a = Account{
		ID: int64(*row.ID), CustomerID: int64(row.CustomerID.Value), Num: int64(row.Num.Value), Description: string(row.Description.Value),
	}
	for _, r := range row.ExternalReferences.Value {
		if r.Set {
			a.ExternalReferences = append(a.ExternalReferences, ExternalReference{string(r.Value.Key), string(r.Value.Value)})
		}
	}
	return nil
}

// UnmarshalJSON is UnmarshalJSONFrom for encoding/json.
func (a *Account) UnmarshalJSON(data []byte) error { return wire.Unmarshal(data, a) }

// MasterData looks payments up in the rows that the caller loaded.
type MasterData struct {
	types    map[int64]PaymentType
	accounts map[int64]Account
}

// NewMasterData takes the rows of one customer. Either may be nil.
func NewMasterData(types []PaymentType, accounts []Account) MasterData {
	m := MasterData{types: make(map[int64]PaymentType), accounts: make(map[int64]Account)}
	for _, t := range types {
		m.types[t.ID] = t
	}
	for _, a := range accounts {
		m.accounts[a.ID] = a
	}
	return m
}

// PaymentType finds the type of a payment.
func (m MasterData) PaymentType(p Payment) (PaymentType, bool) {
	t, ok := m.types[p.PaymentTypeID]
	return t, ok
}

// Account finds the account of a payment by its account_id.
func (m MasterData) Account(p Payment) (Account, bool) {
	a, ok := m.accounts[p.AccountID]
	return a, ok
}

// Unknown lists the payments of an order whose payment type or account is in
// none of the rows. Tables that hold no rows are not asked.
func (m MasterData) Unknown(o Order) (faults []Fault) {
	for i, p := range o.Payments {
		path := fmt.Sprintf("$.payments[%d].", i)
		if _, ok := m.PaymentType(p); !ok && len(m.types) > 0 {
			faults = append(faults, Fault{Path: path + "payment_type_id", Offset: p.Offset, Reason: "is not a known payment type"})
		}
		if _, ok := m.Account(p); !ok && len(m.accounts) > 0 {
			faults = append(faults, Fault{Path: path + "account_id", Offset: p.Offset, Reason: "is not a known account"})
		}
	}
	return faults
}

// ReadPaymentTypes reads an array of payment types in the root shape. Files of
// more than 16 MiB are refused, and rows without an id that is a whole number.
// The error is a *payment.FieldError that names the place. Any other member
// that is not of the documented form is left out.
func ReadPaymentTypes(r io.Reader) ([]PaymentType, error) { return readRows[PaymentType](r) }

// ReadAccounts reads an array of accounts in the MDS shape, by the rules of
// [ReadPaymentTypes].
func ReadAccounts(r io.Reader) ([]Account, error) { return readRows[Account](r) }

func readRows[T any](r io.Reader) (rows []T, err error) {
	data, err := io.ReadAll(io.LimitReader(r, maxMasterData+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxMasterData {
		return nil, &payment.FieldError{Field: "$", Reason: "is larger than 16 MiB"}
	}
	var broken *wire.DecodeError
	if err := wire.Unmarshal(data, &rows); errors.As(err, &broken) {
		return nil, &payment.FieldError{Field: broken.Path, Reason: fmt.Sprintf("%s, at byte %d", broken.Reason, broken.Offset)}
	}
	if rows == nil {
		return nil, &payment.FieldError{Field: "$", Reason: "is null, not an array"}
	}
	return rows, nil
}
