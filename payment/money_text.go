package payment

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"strings"
)

// String gives amount and code, "10.40 GBP", and "" for money that is not set.
func (m Money) String() string {
	var buf [32]byte
	return string(m.append(buf[:0]))
}

func (m Money) append(b []byte) []byte {
	if m.IsZero() {
		return b
	}
	b = append(m.amount.append(b), ' ')
	return append(b, m.currency...)
}

// AppendText appends what [Money.String] gives.
func (m Money) AppendText(b []byte) ([]byte, error) { return m.append(b), nil }

// MarshalText gives what [Money.String] gives.
func (m Money) MarshalText() ([]byte, error) { return m.append(nil), nil }

// UnmarshalText reads "10.40 GBP", with exactly one space; empty text leaves
// the money not set.
func (m *Money) UnmarshalText(text []byte) (err error) {
	*m = Money{}
	if len(text) == 0 {
		return nil
	}
	amount, code, ok := strings.Cut(string(text), " ")
	if !ok {
		return moneyError("is not an amount and a currency such as 10.40 GBP")
	}
	*m, err = ParseMoney(amount, Currency(code))
	return err
}

// MarshalJSON writes {"amount":"10.40","currency":"GBP"}, and null for money
// that is not set. The amount is a string because many readers take a JSON
// number for a float.
func (m Money) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte("null"), nil
	}
	b := append(make([]byte, 0, 64), `{"amount":"`...)
	b = m.amount.append(b)
	b = append(b, `","currency":"`...)
	b = append(b, m.currency...)
	return append(b, `"}`...), nil
}

// UnmarshalJSON reads the object that [Money.MarshalJSON] writes; the amount
// may be a number too. Both members are required, and an unknown member is
// refused: it could change what the amount means. A null leaves the money not
// set.
func (m *Money) UnmarshalJSON(data []byte) (err error) {
	*m = Money{}
	if string(data) == "null" {
		return nil
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil || len(members) != 2 {
		return moneyError("is not an object of amount and currency")
	}
	var amount Amount
	if err := amount.UnmarshalJSON(members["amount"]); err != nil {
		return err
	}
	var code string
	if json.Unmarshal(members["currency"], &code) != nil {
		return currencyError("is not a JSON string")
	}
	*m, err = NewMoney(amount, Currency(code))
	return err
}

// Value stores the text of [Money.String], and NULL for money that is not set.
func (m Money) Value() (driver.Value, error) {
	if m.IsZero() {
		return nil, nil
	}
	return m.String(), nil
}

// Scan reads the text that [Money.Value] stores; NULL leaves the money not set.
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
	_ json.Marshaler   = Money{}
	_ json.Unmarshaler = (*Money)(nil)
	_ driver.Valuer    = Money{}
	_ sql.Scanner      = (*Money)(nil)
)
