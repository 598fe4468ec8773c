package brightpearl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// FoundPayment is one row of a payment search. Columns that were not asked for
// are left at their zero value. Amounts come as the vendor writes them; which
// sign a PAYMENT or VOID has is unknown (clause search.signs).
type FoundPayment struct {
	PaymentID         int64
	TransactionRef    string
	TransactionCode   string
	PaymentMethodCode string
	PaymentType       PaymentType
	OrderID           int64
	CurrencyID        int64 // 0 if the currency is not set up
	CurrencyCode      string
	AmountAuthorized  payment.Amount // customer payments only
	AmountPaid        payment.Amount
	Expires           time.Time
	PaymentDate       time.Time
	CreatedOn         time.Time
	JournalID         int64    // 0 without a journal
	Zoneless          []string // columns whose time came without a zone and was taken for UTC
	Unread            []string // columns that no payment rests on and that could not be read; Raw has them

	Raw json.RawMessage // the row's cells, in the order of the answer
}

// row is the cells of one row.
type row []jsontext.Value

// reader reads the cells of one row. It notes the first cell that a payment
// rests on and that cannot be read. A column that was not asked for reads as not
// set.
type reader struct {
	cells     row
	positions map[string]int           // of the columns
	filtered  func(column string) bool // reports columns that are needed too
	zoneless  []string
	unread    []string
	err       error
}

// payment reads all columns of a row.
func (r *reader) payment() FoundPayment {
	found := FoundPayment{
		PaymentID:         r.id("paymentId"),
		TransactionRef:    string(need[wire.Text](r, "transactionRef")),
		TransactionCode:   string(need[wire.Text](r, "transactionCode")),
		PaymentMethodCode: string(need[wire.Text](r, "paymentMethodCode")),
		PaymentType:       PaymentType(need[wire.Text](r, "paymentType")),
		OrderID:           int64(need[wire.Int](r, "orderId")),
		CurrencyID:        int64(read[wire.Int](r, "currencyId")),
		CurrencyCode:      string(need[wire.Text](r, "currencyCode")),
		AmountAuthorized:  need[payment.Amount](r, "amountAuthorized"),
		AmountPaid:        need[payment.Amount](r, "amountPaid"),
		Expires:           r.time("expires"),
		PaymentDate:       r.time("paymentDate"),
		CreatedOn:         r.time("createdOn"),
		JournalID:         int64(read[wire.Int](r, "journalId")),
		Raw:               r.raw(),
	}
	found.Zoneless, found.Unread = r.zoneless, r.unread
	return found
}

// under reads a row whose reference may be the one that is looked for. Of another
// row it reads id and reference alone: what else stands there is of no interest.
func (r *reader) under(reference string) FoundPayment {
	shown := string(need[wire.Text](r, "transactionRef"))
	if r.err != nil || sameFolded(shown, reference) {
		return r.payment()
	}
	return FoundPayment{PaymentID: r.id("paymentId"), TransactionRef: shown}
}

// sameFolded compares references in any letter case and with any outer blanks:
// whether the vendor keeps those is unknown (clause duplicate.reference-case).
func sameFolded(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// need reads a cell that money or identity rests on.
func need[T any](r *reader, name string) (v T) {
	if err := r.cell(name, &v); err != nil {
		r.fail(name, err.Reason)
	}
	return v
}

// read reads a cell that no payment rests on, unless the search filters on it.
func read[T any](r *reader, name string) (v T) {
	if err := r.cell(name, &v); err != nil {
		r.pass(name, err.Reason)
	}
	return v
}

// cell decodes one cell into v. What is not there, and null, leaves v as it is.
func (r *reader) cell(name string, v any) *wire.DecodeError {
	i, ok := r.positions[name]
	if !ok || r.cells[i].Kind() == 'n' {
		return nil
	}
	var decode *wire.DecodeError
	if err := wire.Unmarshal(r.cells[i], v); errors.As(err, &decode) {
		return decode
	}
	return nil
}

func (r *reader) fail(name, reason string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s: %s", name, reason)
	}
}

func (r *reader) pass(name, reason string) {
	if r.filtered(name) {
		r.fail(name, reason)
		return
	}
	r.unread = append(r.unread, name)
}

// id reads the id that every row has; without it the row is useless.
func (r *reader) id(name string) int64 {
	id := need[wire.Int](r, name)
	if id <= 0 {
		r.fail(name, "is not a positive id")
	}
	return int64(id)
}

// time reads a time. One without a zone is taken for UTC and noted, because its
// meaning is unknown (clause search.row: times have an offset).
func (r *reader) time(name string) time.Time {
	s := read[string](r, name)
	if s == "" {
		return time.Time{}
	}
	t, zoned, err := wire.ParseTime(s)
	switch {
	case err != nil:
		r.pass(name, "is not a time")
	case !zoned:
		r.zoneless = append(r.zoneless, name)
	}
	return t
}

// raw returns the row as it came, without white space between its cells.
func (r *reader) raw() json.RawMessage {
	raw := []byte{'['}
	for i, c := range r.cells {
		if i > 0 {
			raw = append(raw, ',')
		}
		raw = append(raw, bytes.TrimSpace(c)...)
	}
	return append(raw, ']')
}
