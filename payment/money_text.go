package payment

import (
	"bytes"
	"database/sql/driver"
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// String returns amount and code, "10.40 GBP", and "" for money that is not set.
func (m Money) String() string {
	var buf [32]byte
	return string(m.append(buf[:0]))
}

func (m Money) append(b []byte) []byte {
	if !m.IsSet() {
		return b
	}
	b = append(m.amount.append(b), ' ')
	return append(b, m.currency...)
}

// AppendText appends what [Money.String] returns.
func (m Money) AppendText(b []byte) ([]byte, error) { return m.append(b), nil }

// MarshalText returns what [Money.String] returns.
func (m Money) MarshalText() ([]byte, error) { return m.append(nil), nil }

// UnmarshalText reads "10.40 GBP", with exactly one space. Empty text leaves
// the money not set. A currency that was withdrawn is read too, so that what
// was stored stays readable.
func (m *Money) UnmarshalText(text []byte) error {
	*m = Money{}
	if len(text) == 0 {
		return nil
	}
	amount, code, ok := bytes.Cut(text, []byte{' '})
	if !ok {
		return moneyError("is not an amount and a currency such as 10.40 GBP")
	}
	a, err := readAmount(amount)
	if err != nil {
		return err
	}
	return m.restore(a, Currency(code))
}

// restore sets what was stored.
func (m *Money) restore(a Amount, c Currency) error {
	switch {
	case !a.IsSet():
		return amountError("is not set")
	case !c.Known() && !c.Withdrawn():
		return currencyError("is not an ISO 4217 code in upper case")
	}
	*m = Money{amount: a, currency: c}
	return nil
}

// MarshalJSON writes {"amount":"10.40","currency":"GBP"}, and null for money
// that is not set. The amount is a string because many readers take a JSON
// number for a float.
func (m Money) MarshalJSON() ([]byte, error) {
	return m.appendJSON(make([]byte, 0, 64)), nil
}

// MarshalJSONTo writes what [Money.MarshalJSON] returns.
func (m Money) MarshalJSONTo(enc *jsontext.Encoder) error {
	return enc.WriteValue(m.appendJSON(enc.AvailableBuffer()))
}

func (m Money) appendJSON(b []byte) []byte {
	if !m.IsSet() {
		return append(b, "null"...)
	}
	b = append(b, `{"amount":"`...)
	b = m.amount.append(b)
	b = append(b, `","currency":"`...)
	b = append(b, m.currency...)
	return append(b, `"}`...)
}

// UnmarshalJSON reads the object that [Money.MarshalJSON] writes. The amount
// may be a number too, and the currency one that was withdrawn. Both members
// are required, and an unknown member is refused: it could change what the
// amount means. A null leaves the money not set.
func (m *Money) UnmarshalJSON(data []byte) error {
	var field *FieldError
	switch err := json.Unmarshal(data, m); {
	case err == nil:
		return nil
	case errors.As(err, &field):
		return field
	}
	*m = Money{}
	return moneyError(notMoney)
}

const notMoney = "is not an object of amount and currency"

// UnmarshalJSONFrom reads what [Money.UnmarshalJSON] reads.
func (m *Money) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*m = Money{}
	switch dec.PeekKind() {
	case jsontext.KindNull:
		return dec.SkipValue()
	case jsontext.KindBeginObject:
		return m.readObject(dec)
	}
	if err := dec.SkipValue(); err != nil {
		return err
	}
	return moneyError(notMoney)
}

// readObject reads amount and currency in either order.
func (m *Money) readObject(dec *jsontext.Decoder) error {
	var amount Amount
	var currency Currency
	members := 0
	buf := make([]byte, 0, 16)
	_, err := dec.ReadToken()
	for ; err == nil && dec.PeekKind() != jsontext.KindEndObject; members++ {
		var name jsontext.Value
		if name, err = dec.ReadValue(); err != nil {
			return nameError(err)
		}
		switch text, _ := jsontext.AppendUnquote(buf[:0], name); string(text) {
		case "amount":
			err = amount.UnmarshalJSONFrom(dec)
		case "currency":
			currency, err = readCurrency(dec)
		default:
			err = dec.SkipValue()
		}
	}
	if err != nil {
		return err
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	if members != 2 {
		return moneyError(notMoney)
	}
	return m.restore(amount, currency)
}

func readCurrency(dec *jsontext.Decoder) (Currency, error) {
	data, err := dec.ReadValue()
	if err != nil {
		return "", err
	}
	text, err := jsontext.AppendUnquote(make([]byte, 0, 16), data)
	if err != nil {
		return "", currencyError("is not a JSON string")
	}
	return Currency(text), nil
}

// nameError says which member stands twice.
func nameError(err error) error {
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) || !errors.Is(err, jsontext.ErrDuplicateName) {
		return err
	}
	const twice = "stands twice in one object"
	switch syntax.JSONPointer.LastToken() {
	case "amount":
		return amountError(twice)
	case "currency":
		return currencyError(twice)
	}
	return moneyError(twice)
}

// Value returns the text of [Money.String], and NULL for money that is not set.
func (m Money) Value() (driver.Value, error) {
	if !m.IsSet() {
		return nil, nil
	}
	return m.String(), nil
}

// Scan reads the text that [Money.Value] returns; NULL leaves the money not set.
func (m *Money) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*m = Money{}
		return nil
	case string:
		return m.UnmarshalText([]byte(v))
	case []byte:
		return m.UnmarshalText(v)
	}
	*m = Money{}
	return moneyError("is not text in the database")
}

func moneyError(reason string) error {
	return &FieldError{Field: "money", Reason: reason}
}

var (
	_ json.MarshalerTo     = Money{}
	_ json.UnmarshalerFrom = (*Money)(nil)
	_ driver.Valuer        = Money{}
)
