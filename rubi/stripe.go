package rubi

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

// Succeeded is the status of a Stripe payment that took the money.
const Succeeded = "succeeded"

// StripePayment is what Rubi uses of Stripe's answer (documented): a
// PaymentIntent or a Charge fits; Stripe's Checkout Session has no amount.
type StripePayment struct {
	ID     string // "pi_…" or "ch_…"
	Status string // Succeeded; which others Rubi takes is unknown: clause stripe.failed
	Amount int64  // in the currency's smallest unit, as Stripe counts it

	Total           payment.Amount // optional: ItemTotal of the card payment, which Amount has to equal
	AllowStatus     bool           // report a status other than Succeeded
	AllowOtherTotal bool           // report an Amount that is not Total
}

// StripeResult is the answer to a reported card payment. Its mail fields are
// for a confirmation; whether Rubi sends one by itself here is unknown: clause stripe.mail.
// Printed, it shows no person.
type StripeResult struct {
	EmailAddress     string          `json:"EmailAddress"` // that of UserPayment
	EmailSubject     string          `json:"EmailSubject"`
	EmailBody        string          `json:"EmailBody"`
	EmailBCC         EmailList       `json:"EmailBCC"`
	EmailAttachments EmailList       `json:"EmailAttachments"`
	FirstName        string          `json:"FirstName"`
	LastName         string          `json:"LastName"`
	Raw              json.RawMessage `json:"-"` // the record; nil if none came
}

func (r *StripeResult) complete(_ *reading, raw json.RawMessage) { r.Raw = raw }

// StripeResult reports a charge for the transaction that UserPayment opened:
// POST api/StripeResult (documented; verb and position of the key inferred:
// clauses request.post and request.key-last).
//
// The answer has no flag of success but the code 200 (inferred: clause stripe.result), so a code 200
// without a record is one: the value is then empty. Whether Rubi compares the
// amount, and what a repetition does, is unknown: clauses stripe.amount and stripe.repeat. It is a write and never sent
// twice; after an error the charge stands, so the call may be made again with
// the same ids, by whoever takes the risk of a second mail.
func (c *Client) StripeResult(ctx context.Context, transactionID string, p StripePayment) (StripeResult, error) {
	return c.report(ctx, c.stripeCall(transactionID, p))
}

func (c *Client) report(ctx context.Context, k call) (StripeResult, error) {
	return send(ctx, c, k, func(a answer) (StripeResult, error) {
		records, err := collect[StripeResult](ctx, c, a, maxResults)
		if err != nil || len(records) == 0 {
			return StripeResult{}, err
		}
		return records[0], nil
	})
}

const maxResults = 16 // records of one report; one is documented

func (c *Client) stripeCall(transactionID string, p StripePayment) call {
	return call{
		op: "StripeResult", reference: transactionID, target: transactionID,
		elements: []element{
			{field: "transactionID", value: transactionID},
			{field: "StripePayment", value: c.stripeResponse(p)},
		},
		refused: p.check(c.config.currency),
	}
}

func (p StripePayment) check(currency payment.Currency) error {
	if err := cmp.Or(
		element{field: "StripePayment.ID", value: p.ID}.check(),
		element{field: "StripePayment.Status", value: p.Status}.check(),
	); err != nil {
		return err
	}
	switch {
	case p.Status != Succeeded && !p.AllowStatus:
		return invalid("StripePayment.Status", "is not succeeded")
	case p.Amount < 0:
		return invalid("StripePayment.Amount", "is negative")
	case p.Total.IsSet() && !p.AllowOtherTotal:
		return p.checkTotal(currency)
	}
	return nil
}

func (p StripePayment) checkTotal(currency payment.Currency) error {
	units, err := StripeAmount(p.Total, currency)
	if err == nil && units != p.Amount {
		err = invalid("StripePayment.Amount", "is not the total of the card payment")
	}
	return err
}

// StripeAmount returns an amount as Stripe counts it: 2500 for 25.00 GBP. It
// refuses one that is not set, is negative, or is not a whole number of the
// currency's smallest units; it never rounds. ISK, UGX and MGA are refused:
// Stripe counts them in other units than ISO 4217. An amount of a currency with
// three decimals has to end in 0, as Stripe asks.
func StripeAmount(total payment.Amount, currency payment.Currency) (int64, error) {
	m, err := payment.NewMoney(total, currency)
	switch {
	case err != nil:
		return 0, err
	case currency == "ISK" || currency == "UGX" || currency == "MGA":
		return 0, invalid("currency", "is counted by Stripe in other units than ISO 4217")
	case m.Sign() < 0:
		return 0, invalid("amount", "is negative")
	}
	units, err := m.MinorUnits()
	if err == nil && currency.MinorUnits() == 3 && units%10 != 0 {
		return 0, invalid("amount", "does not end in 0, as Stripe asks of a currency with three decimals")
	}
	return units, err
}

func (c *Client) stripeResponse(p StripePayment) string {
	if encode := c.config.stripeResponse; encode != nil {
		return encode(p)
	}
	return stripeObject(p)
}

// stripeObject writes the three fields that Rubi uses, as Stripe names them.
func stripeObject(p StripePayment) string {
	return jsonText(struct {
		ID     string `json:"id"`
		Status string `json:"status"`
		Amount int64  `json:"amount"`
	}{p.ID, p.Status, p.Amount})
}

// ChargedError is money that Stripe has taken and Rubi is not known to have
// recorded. Err says why: [payment.ErrOutcomeUnknown] in its chain means that it
// may be recorded, and any other sentinel that this call has not recorded it.
// Rubi's page "Card payment page" shows a person each TransactionID and whether
// it succeeded.
type ChargedError struct {
	TransactionID string // "" if none was opened yet
	StripeID      string
	Amount        payment.Money
	Err           error
}

// Error names the charge and the transaction, so that a log is enough to find
// the money again.
func (e *ChargedError) Error() string {
	return fmt.Sprintf("charged, not known to be recorded: Stripe %q over %v for Rubi's transaction %q (see its Card payment page): %v",
		e.StripeID, e.Amount, e.TransactionID, e.Err)
}

// Unwrap returns the error of the call that failed.
func (e *ChargedError) Unwrap() error { return e.Err }
