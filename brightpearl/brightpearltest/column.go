package brightpearltest

import (
	"strconv"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// The vendor's data types of columns.
const (
	kindIDSet  = "IDSET"
	kindString = "STRING"
	kindPeriod = "PERIOD"
)

// column is one column of a search. value gives an int64, a string, a
// time.Time or nil.
type column struct {
	name     string
	kind     string
	sortable bool
	value    func(*Payment, *settings) any
}

// columnMeta is a column as an answer describes it, in the observed order of
// keys.
type columnMeta struct {
	Name                 string   `json:"name"`
	Sortable             bool     `json:"sortable"`
	Filterable           bool     `json:"filterable"`
	ReportDataType       string   `json:"reportDataType"`
	ReferenceData        []string `json:"referenceData"`
	IsFreeTextSearchable bool     `json:"isFreeTextSearchable"`
	Required             bool     `json:"required"`
}

func (c column) meta() columnMeta {
	return columnMeta{Name: c.name, Sortable: c.sortable, Filterable: true, ReportDataType: c.kind, ReferenceData: []string{}}
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

// The three below give nil, which becomes null, for what is not there.

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
	if takesAway && s.signedAmounts {
		a = a.Neg()
	}
	return twoDecimals(a)
}

// cell writes a value into a row.
func (s *settings) cell(value any) any {
	switch v := value.(type) {
	case time.Time:
		return v.In(s.zone).Format("2006-01-02T15:04:05.000Z07:00")
	case int64:
		if s.textIDs {
			return strconv.FormatInt(v, 10)
		}
	}
	return value
}
