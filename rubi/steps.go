package rubi

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// Record submits the items. For a card payment it opens a transaction, unless one
// is open, and reports the charge.
func (r *recorder) Record(ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	p, err := r.fill("Record", p)
	if err != nil {
		return payment.Receipt{}, err
	}
	cp, err := readCheckpoint(a)
	if err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Record", err)
	}
	if PaymentType(p.Method) != CardPayment || r.opens {
		s, _, err := r.submit(ctx, p, a)
		return submittedReceipt(p, s, err)
	}
	s, cp, err := r.transaction(ctx, p, a, cp)
	raws := s.raws()
	if err == nil {
		var told StripeResult
		told, err = r.report(ctx, p, a, cp)
		raws = append(raws, told.Raw)
	}
	if err != nil {
		return payment.Receipt{}, &ChargedError{TransactionID: cp.TransactionID, StripeID: p.Attribute(attrStripe), Amount: p.Amount, Err: err}
	}
	return receiptOf(p, cp.TransactionID, raws), nil
}

// transaction returns the one that was opened before, or opens one.
func (r *recorder) transaction(ctx context.Context, p payment.Payment, a *payment.Attempt, cp checkpoint) (Submission, checkpoint, error) {
	switch id := p.Attribute(attrTransaction); {
	case id != "":
		cp = checkpoint{Method: CardPayment, Items: itemsOf(p), Total: p.Amount, TransactionID: id}
	case cp.TransactionID == "" || !cp.fits(p):
		s, opened, err := r.submit(ctx, p, a)
		opened.TransactionID = s.TransactionID()
		return s, opened, err
	}
	return Submission{}, cp, nil
}

// submit reads the basket, compares the sum, and submits the items.
func (r *recorder) submit(ctx context.Context, p payment.Payment, a *payment.Attempt) (Submission, checkpoint, error) {
	items, err := r.selected(ctx, "Record", p)
	if err != nil {
		return Submission{}, checkpoint{}, err
	}
	u := r.userPayment(p)
	u.BasketItems, u.PaymentItems = items, guidsOf(items)
	cp := checkpoint{Method: u.PaymentType, Items: u.PaymentItems, Events: eventsOf(u.BasketItems), Total: p.Amount}
	if err := r.checkSum(u, p.Amount); err != nil {
		return Submission{}, cp, r.client.http.Refuse("Record", err)
	}
	if err := cp.begin(ctx, a, stepSubmit); err != nil {
		return Submission{}, cp, err
	}
	s, err := r.client.UserPayment(ctx, u)
	return s, cp, err
}

func (r *recorder) checkSum(u UserPayment, agreed payment.Money) error {
	sum, err := sumOf(u.BasketItems, r.client.config.currency)
	if err == nil && !sum.Equal(agreed) {
		err = invalid("Payment.Amount", "is not the sum of the basket items")
	}
	if err == nil {
		err = u.checkBasket(r.client.config.currency)
	}
	if err == nil {
		_, err = r.client.encode(r.client.userPaymentCall(u))
	}
	return err
}

// report tells Rubi of the charge. Whether the items are still in the basket is
// looked at right before: not to know that is no error, because the money was
// taken.
func (r *recorder) report(ctx context.Context, p payment.Payment, a *payment.Attempt, cp checkpoint) (StripeResult, error) {
	units, err := StripeAmount(p.Amount.Amount(), p.Amount.Currency())
	if err != nil {
		return StripeResult{}, r.client.http.Refuse("Record", err)
	}
	cp.Kept = false
	if len(cp.Items) > 0 {
		found, err := r.look(ctx, p, cp.Items)
		cp.Kept = err == nil && found == allThere
	}
	if err := cp.begin(ctx, a, stepReport); err != nil {
		return StripeResult{}, err
	}
	k := r.client.stripeCall(cp.TransactionID, StripePayment{ID: p.Attribute(attrStripe), Status: Succeeded, Amount: units})
	k.reference, k.target, k.private = p.Reference, p.Target, p.Target
	return r.client.report(ctx, k)
}

// submittedReceipt returns what the answer to a submission shows. One over
// another total stands, and is not the payment that was asked for.
func submittedReceipt(p payment.Payment, s Submission, err error) (payment.Receipt, error) {
	receipt := receiptOf(p, s.TransactionID(), s.raws())
	if errors.Is(err, ErrTotalDiffers) && errors.Is(err, payment.ErrConflict) {
		receipt.Amount, receipt.Differs = s.total(p.Amount.Currency()), []string{"Amount"}
		return receipt, nil
	}
	return receipt, err
}

func receiptOf(p payment.Payment, transaction string, raws []json.RawMessage) payment.Receipt {
	raw, _ := wire.Marshal(raws) // they were JSON in an answer
	return payment.Receipt{Vendor: vendor, ID: transaction, Reference: p.Reference, Amount: p.Amount, Raw: raw}
}

// MayRepeat reports whether nothing was reported yet: a transaction without a
// report records nothing.
func (r *recorder) MayRepeat(p payment.Payment, a *payment.Attempt) bool {
	cp, err := readCheckpoint(a)
	return err == nil && PaymentType(p.Method) == CardPayment && (r.opens || cp.Step == stepSubmit)
}
