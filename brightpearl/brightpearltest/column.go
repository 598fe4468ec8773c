package brightpearltest

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
)

// The vendor's data types of columns.
const (
	kindIDSet  = "IDSET"
	kindString = "STRING"
	kindPeriod = "PERIOD"
)

// column is one column of a search. value returns an int64, a string, a
// time.Time or nil.
type column struct {
	name     string
	kind     string
	sortable bool
	value    func(*Payment, *settings) any
}

// meta is a column as answers describe it, in the observed order of keys.
func (c column) meta() string {
	return `{"name":"` + c.name + `","sortable":` + strconv.FormatBool(c.sortable) + `,"filterable":true,"reportDataType":"` + c.kind +
		`","referenceData":[],"isFreeTextSearchable":false,"required":false}`
}

// customerColumns are the 14 columns in their observed order.
func customerColumns() []column {
	return []column{
		{"paymentId", kindIDSet, true, func(p *Payment, _ *settings) any { return p.ID }},
		{"transactionRef", kindString, false, func(p *Payment, _ *settings) any { return text(p.TransactionRef) }},
		{"transactionCode", kindString, false, func(p *Payment, _ *settings) any { return text(p.TransactionCode) }},
		{"paymentMethodCode", kindString, false, func(p *Payment, _ *settings) any { return p.PaymentMethodCode }},
		{"paymentType", kindString, false, func(p *Payment, _ *settings) any { return p.PaymentType }},
		{"orderId", kindIDSet, false, func(p *Payment, _ *settings) any { return p.OrderID }},
		{"currencyId", kindIDSet, false, func(p *Payment, s *settings) any { return id(s.currencies[p.CurrencyISOCode]) }},
		{"currencyCode", kindString, false, func(p *Payment, _ *settings) any { return p.CurrencyISOCode }},
		{"amountAuthorized", kindString, false, func(p *Payment, s *settings) any {
			return s.money(p.AmountAuthorized, p.PaymentType == typeVoid)
		}},
		{"amountPaid", kindString, false, func(p *Payment, s *settings) any {
			return s.money(p.AmountPaid, p.PaymentType == typePayment)
		}},
		{"expires", kindPeriod, false, func(p *Payment, _ *settings) any { return instant(p.AuthorizationExpiry) }},
		{"paymentDate", kindPeriod, true, func(p *Payment, _ *settings) any { return instant(p.PaymentDate) }},
		{"createdOn", kindPeriod, true, func(p *Payment, _ *settings) any { return instant(p.CreatedOn.Truncate(time.Second)) }},
		{"journalId", kindIDSet, true, func(p *Payment, _ *settings) any { return id(p.JournalID) }},
	}
}

// supplierColumns are the documented 11 columns: those of customers without
// the code, the authorization and its expiry, with the sign the other way.
func supplierColumns() []column {
	var columns []column
	for _, c := range customerColumns() {
		switch c.name {
		case "transactionCode", "amountAuthorized", "expires":
			continue
		case "amountPaid":
			c.value = func(p *Payment, s *settings) any { return s.money(p.AmountPaid, p.PaymentType == typeReceipt) }
		}
		columns = append(columns, c)
	}
	return columns
}

func find(columns []column, name string) (column, bool) {
	for _, c := range columns {
		if c.name == name {
			return c, true
		}
	}
	return column{}, false
}

// The three below return nil, which becomes null, for what is not there.

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func id(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func instant(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at
}

// money writes an amount for a search, negative if the type takes away and
// the emulator shows signs.
func (s *settings) money(a payment.Amount, takesAway bool) any {
	if !a.IsSet() {
		a = zero()
	}
	if takesAway && s.facts.SignedAmounts {
		a = a.Neg()
	}
	return twoDecimals(a)
}

// appendRow writes a payment as a row.
func (s *settings) appendRow(dst []byte, p *Payment, columns []column) []byte {
	dst = append(dst, '[')
	for i, c := range columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = s.appendCell(dst, c.value(p, s))
	}
	return append(dst, ']')
}

func (s *settings) appendCell(dst []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		dst, _ = jsontext.AppendQuote(dst, v) // an error tells of bytes that became U+FFFD
		return dst
	case time.Time:
		zone := time.FixedZone("", int(s.facts.DisplayOffset/time.Second))
		return v.In(zone).AppendFormat(dst, `"2006-01-02T15:04:05.000Z07:00"`)
	case int64:
		if s.facts.TextIDs {
			return append(strconv.AppendInt(append(dst, '"'), v, 10), '"')
		}
		return strconv.AppendInt(dst, v, 10)
	}
	return append(dst, "null"...)
}
