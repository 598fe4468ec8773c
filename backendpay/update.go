package backendpay

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// PaymentUpdate says what to change; only the fields that are set are sent.
// Which fields the vendor lets change is unknown (clause update.all-fields). A
// reversal is not a change of fields: it is made in the vendor's user interface
// only (inferred, clause update.reversal).
//
// It is read from JSON in the form that is sent, so a program may pass on a
// document of its own. Read one with [json.Decoder.DisallowUnknownFields]: members
// that are not fields here are otherwise left out, as encoding/json does.
type PaymentUpdate struct {
	OurReference      Field[string]         `json:"ourReference,omitzero"`
	CustomerReference Field[string]         `json:"customerReference,omitzero"`
	PaymentDate       Field[payment.Date]   `json:"paymentDate,omitzero"`
	PaymentAmount     Field[payment.Amount] `json:"paymentAmount,omitzero"` // negative only with Refund
	PaymentMethod     Field[string]         `json:"paymentMethod,omitzero"`
	InvoiceID         Field[string]         `json:"invoiceID,omitzero"`

	Refund     bool                       `json:"-"` // the amount is a refund's or rebate's, and negative
	Currency   payment.Currency           `json:"-"` // if set, an amount of more decimals is refused; never sent
	AllowClear bool                       `json:"-"` // send null and empty text; whether they clear a field is unknown (clause update.clear)
	Extra      map[string]json.RawMessage `json:"-"` // further fields, sent as given
}

const paymentFields = "ourReference customerReference paymentDate paymentAmount paymentMethod invoiceID"

// UpdatePayment changes a payment and returns its new record: PATCH
// payments/{id} (documented; the JSON body is inferred, clause update.record).
//
// It is a write and is sent once. If the answer is lost, the payment is read
// back: if it shows all that was asked for, the update is taken as done. If it
// does not, or if Extra holds fields that cannot be compared, the error matches
// [payment.ErrOutcomeUnknown]; it is safe to send the same update again.
//
// If the answer shows another OurReference, amount, date or method than was
// asked for, the payment is returned beside an error that matches
// [payment.ErrConflict].
func (c *Client) UpdatePayment(ctx context.Context, id string, u PaymentUpdate) (Payment, error) {
	reference, _ := u.OurReference.Get()
	return patch[Payment, *Payment]{
		op: "UpdatePayment", path: "payments/{id}", id: id, body: u.body(c.form), refused: u.Validate(),
		reference: reference, private: u.private(), shown: u.shownBy, check: u.compare,
	}.send(ctx, c)
}

// DeletePayment removes a payment that was entered by mistake: DELETE
// payments/{id} (documented). A failed payment is reversed instead, which the
// API cannot do. For an unknown id the error matches [payment.ErrNotFound]
// (inferred, clause delete.unknown-id).
//
// It is a write and is sent once. If the answer is lost, or is not what the API
// would say, the payment is read back: if the vendor answers that there is no
// such payment, the deletion is taken as done; otherwise the error matches
// [payment.ErrOutcomeUnknown].
func (c *Client) DeletePayment(ctx context.Context, id string) error {
	return remove[Payment](ctx, c, "DeletePayment", "payments/{id}", id)
}

// Validate refuses what [Client.UpdatePayment] would refuse, with a
// [payment.FieldError].
func (u PaymentUpdate) Validate() error {
	if u.count() == 0 {
		return invalid("PaymentUpdate", "changes nothing")
	}
	return u.check("PaymentUpdate")
}

func (u PaymentUpdate) count() int {
	return countSet(u.Extra, u.OurReference, u.CustomerReference, u.PaymentDate, u.PaymentAmount, u.PaymentMethod, u.InvoiceID)
}

func (u PaymentUpdate) check(of string) error {
	r := rules{of, u.AllowClear}
	amount := func(field string, a payment.Amount) error { return checkAmount(field, a, u.Refund, u.Currency) }
	return cmp.Or(
		checkTextField(r, "OurReference", u.OurReference, checkReference),
		checkTextField(r, "CustomerReference", u.CustomerReference, checkText),
		checkField(r, "PaymentDate", u.PaymentDate, checkDate),
		checkField(r, "PaymentAmount", u.PaymentAmount, amount),
		checkTextField(r, "PaymentMethod", u.PaymentMethod, checkText),
		checkTextField(r, "InvoiceID", u.InvoiceID, checkText),
		checkExtra(of+".Extra", u.Extra, paymentFields),
	)
}

// paymentBody is what a write of a payment sends, in the order of the vendor's
// field table. JSON is inferred (clause create.record): the vendor does not say how
// bodies are encoded.
type paymentBody struct {
	OurReference      *Field[string]             `json:"ourReference,omitzero"`
	CustomerReference *Field[string]             `json:"customerReference,omitzero"`
	PaymentDate       *Field[payment.Date]       `json:"paymentDate,omitzero"`
	PaymentAmount     any                        `json:"paymentAmount,omitzero"`
	PaymentMethod     *Field[string]             `json:"paymentMethod,omitzero"`
	InvoiceID         *Field[string]             `json:"invoiceID,omitzero"`
	Extra             map[string]json.RawMessage `json:",embed"`
}

func (u PaymentUpdate) body(f form) *paymentBody {
	b := &paymentBody{&u.OurReference, &u.CustomerReference, &u.PaymentDate, nil, &u.PaymentMethod, &u.InvoiceID, u.Extra}
	amount, ok := u.PaymentAmount.Get()
	switch {
	case ok && f.amountAsText:
		b.PaymentAmount = amount.String()
	case !u.PaymentAmount.IsZero():
		b.PaymentAmount = &u.PaymentAmount
	}
	return b
}

// Body returns what is sent, as JSON, with amounts as numbers.
func (u PaymentUpdate) Body() ([]byte, error) { return wire.Marshal(u.body(form{})) }

// private returns the values that an error's text must not show.
func (u PaymentUpdate) private() []string {
	customerReference, _ := u.CustomerReference.Get()
	texts := []string{customerReference}
	for _, raw := range u.Extra {
		texts = wire.Texts(texts, raw)
	}
	return texts
}

// shownBy reports whether p shows all that the update asked for. What Extra
// asked for cannot be compared.
func (u PaymentUpdate) shownBy(p Payment) bool {
	return len(u.Extra) == 0 &&
		u.OurReference.shows(p.OurReference, same) &&
		u.CustomerReference.shows(p.CustomerReference, same) &&
		u.PaymentDate.shows(p.PaymentDate, same) &&
		u.PaymentAmount.shows(p.PaymentAmount, payment.Amount.Equal) &&
		u.PaymentMethod.shows(p.PaymentMethod, same) &&
		u.InvoiceID.shows(p.InvoiceID, same)
}

// compare refuses an answer of a write that shows something other than was sent.
func (u PaymentUpdate) compare(p Payment) error {
	other := u.differences(p)
	if len(other) == 0 {
		return nil
	}
	return &payment.Error{Err: conflict(errors.New("the payment stands, but the vendor shows another " + strings.Join(other, ", ") + " than was sent"))}
}

// differences names the vendor's fields in which p is known not to be what was
// sent. What p does not show is not compared; an ourReference that it shows as
// null or empty was not stored.
func (u PaymentUpdate) differences(p Payment) (other []string) {
	differs := func(name string, differs bool) {
		if differs {
			other = append(other, name)
		}
	}
	if reference, ok := u.OurReference.Get(); ok {
		differs("ourReference", p.OurReference != reference && p.Lookup("ourReference") != nil)
	}
	if amount, ok := u.PaymentAmount.Get(); ok {
		differs("paymentAmount", p.PaymentAmount.IsSet() && !sameAmount(p.PaymentAmount, amount, u.Currency))
	}
	if date, ok := u.PaymentDate.Get(); ok {
		differs("paymentDate", !p.PaymentDate.IsZero() && p.compareDate(date) == otherDay)
	}
	if method, ok := u.PaymentMethod.Get(); ok {
		differs("paymentMethod", p.PaymentMethod != "" && method != customerDefault && !strings.EqualFold(p.PaymentMethod, method))
	}
	return other
}

// customerDefault is a choice of the user interface in place of a payment type
// (documented). The vendor shows the type itself (inferred, clause
// create.customer-default).
const customerDefault = "Customer Default"

// sameAmount compares to the decimals of the currency, because a vendor that
// counts in floats shows 120.10 as 120.09999999999999. Without a currency it
// compares to six decimals.
func sameAmount(a, b payment.Amount, currency payment.Currency) bool {
	if a.Equal(b) || !a.IsSet() || !b.IsSet() {
		return a.Equal(b)
	}
	units := 6
	if currency.Known() {
		units = currency.MinorUnits()
	}
	half, err := payment.ParseAmount("0." + strings.Repeat("0", max(units, b.Scale())) + "5")
	diff := a.Sub(b)
	return err == nil && diff.Cmp(half) < 0 && diff.Neg().Cmp(half) < 0
}

// How a payment's date compares with a day.
const (
	sameDay  = iota
	otherDay // as far as dates without a time tell
	maybeDay // the date came as an instant that is on the day in some zone
)

// compareDate compares the date with a day. A date that came as an instant, such
// as 2024-07-14T23:00:00Z, may be the next day where the vendor is.
func (p Payment) compareDate(day payment.Date) int {
	if p.PaymentDate == day {
		return sameDay
	}
	var text wire.Text
	if !p.TimeDropped || wire.Unmarshal(p.Lookup("paymentDate"), &text) != nil {
		return otherDay
	}
	if at, zoned, err := parseTime(string(text)); err == nil && zoned && isSomewhereOn(at, day) {
		return maybeDay
	}
	return otherDay
}

// isSomewhereOn reports whether an instant is on a day in a zone of the earth.
func isSomewhereOn(at time.Time, day payment.Date) bool {
	begin := day.In(time.UTC)
	return !at.Before(begin.Add(-14*time.Hour)) && at.Before(begin.Add(36*time.Hour))
}
