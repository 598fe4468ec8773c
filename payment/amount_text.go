package payment

import (
	"bytes"
	"database/sql/driver"
	"errors"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// String returns the digits with their scale, "10.40", and "" for an amount
// that is not set.
func (a Amount) String() string {
	var buf amountText
	return string(a.digits(&buf))
}

func (a Amount) append(b []byte) []byte {
	var buf amountText
	return append(b, a.digits(&buf)...)
}

// amountText has room for every amount that is not big: 60 digits after the
// point, one before it, and a sign.
type amountText [64]byte

// digits writes the amount into the end of buf, from the last digit to the first.
func (a Amount) digits(buf *amountText) []byte {
	switch {
	case !a.set:
		return nil
	case a.big != nil:
		return []byte(a.big.StringFixed(a.scale))
	}
	rest := uint64(a.coef)
	if a.coef < 0 {
		rest = -rest
	}
	i := len(buf)
	for n := int32(0); rest > 0 || n <= a.scale; n++ {
		if n == a.scale && n > 0 {
			i--
			buf[i] = '.'
		}
		i--
		buf[i] = '0' + byte(rest%10)
		rest /= 10
	}
	if a.coef < 0 {
		i--
		buf[i] = '-'
	}
	return buf[i:]
}

// AppendText appends what [Amount.String] returns.
func (a Amount) AppendText(b []byte) ([]byte, error) { return a.append(b), nil }

// MarshalText returns what [Amount.String] returns.
func (a Amount) MarshalText() ([]byte, error) { return a.append(nil), nil }

// UnmarshalText reads what [Amount.MarshalText] writes, by the rules of
// [ParseAmount]. Empty text leaves the amount not set.
func (a *Amount) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*a = Amount{}
		return nil
	}
	*a, err = readAmount(text)
	return err
}

// MarshalJSON writes a JSON number with all its digits, 10.40, and null for an
// amount that is not set.
func (a Amount) MarshalJSON() ([]byte, error) {
	return a.appendJSON(make([]byte, 0, 24)), nil
}

// MarshalJSONTo writes what [Amount.MarshalJSON] returns.
func (a Amount) MarshalJSONTo(enc *jsontext.Encoder) error {
	return enc.WriteValue(a.appendJSON(enc.AvailableBuffer()))
}

func (a Amount) appendJSON(b []byte) []byte {
	if !a.set {
		return append(b, "null"...)
	}
	return a.append(b)
}

// UnmarshalJSON reads a JSON number, or a string that holds one, digit for
// digit. Unlike [ParseAmount] it takes an exponent from -20 to 20, because
// serialisers write 1.0E7. A null leaves the amount not set.
func (a *Amount) UnmarshalJSON(data []byte) (err error) {
	*a = Amount{}
	if string(data) == "null" {
		return nil
	}
	if n := len(data); n >= 2 && data[0] == '"' && data[n-1] == '"' {
		data = data[1 : n-1]
	}
	*a, err = parseNumber(data)
	return err
}

// UnmarshalJSONFrom reads what [Amount.UnmarshalJSON] reads.
func (a *Amount) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	data, err := dec.ReadValue()
	if err != nil {
		return err
	}
	return a.UnmarshalJSON(data)
}

// parseNumber reads plain decimal text with an optional exponent.
func parseNumber(data []byte) (Amount, error) {
	a, err := readAmount(data)
	if err == nil {
		return a, nil
	}
	i := bytes.IndexAny(data, "eE")
	if i < 0 {
		return Amount{}, err
	}
	if a, err = readAmount(data[:i]); err != nil {
		return Amount{}, err
	}
	exp, err := strconv.Atoi(string(data[i+1:]))
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return Amount{}, amountError(notPlain)
	case err != nil || exp < -20 || exp > 20:
		return Amount{}, amountError("has an exponent that is not within -20 to 20")
	}
	return NewAmount(a.Decimal().Shift(int32(exp)))
}

// Value returns the text of [Amount.String], which a NUMERIC column takes too,
// and NULL for an amount that is not set.
func (a Amount) Value() (driver.Value, error) {
	if !a.set {
		return nil, nil
	}
	return a.String(), nil
}

// Scan reads text and integers; NULL leaves the amount not set. A float64,
// which some drivers return for NUMERIC, is refused: digits may be lost already.
func (a *Amount) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*a = Amount{}
		return nil
	case int64:
		*a = Amount{coef: v, set: true}
		return nil
	case string:
		return a.UnmarshalText([]byte(v))
	case []byte:
		return a.UnmarshalText(v)
	}
	*a = Amount{}
	return amountError("is neither text nor an integer in the database")
}

var (
	_ json.MarshalerTo     = Amount{}
	_ json.UnmarshalerFrom = (*Amount)(nil)
	_ driver.Valuer        = Amount{}
)
