package spektrix

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// Reasons why nothing can be told. Each matches [payment.ErrNoLookup].
var (
	errNoAttribute = fmt.Errorf("without a ReferenceAttribute the payments of a basket cannot be told apart: %w", payment.ErrNoLookup)
	errUndefined   = fmt.Errorf("the payment type does not define the ReferenceAttribute, so the vendor may have dropped it: %w", payment.ErrNoLookup)
	errAlike       = fmt.Errorf("a payment of this type and amount is shown without the reference: %w", payment.ErrNoLookup)
)

// errOrderAlike is a hint: the order may be that of the basket.
var errOrderAlike = fmt.Errorf("an order shows a payment of this type and amount, but no reference: %w", ErrBasketGone)

// Find returns the payments with p's reference: those of the open basket, and
// once it is gone, those of its order if that can be found and shows attributes
// (unknown, clause order.payments). See [RecorderOptions] for what it needs.
func (r *Recorder) Find(ctx context.Context, p payment.Payment, a *payment.Attempt) ([]payment.Receipt, error) {
	return r.find(ctx, p, a, nil)
}

// find is Find. With a baseline, the payments without reference that stood in
// the basket are known.
func (r *Recorder) find(ctx context.Context, p payment.Payment, a *payment.Attempt, known *baseline) ([]payment.Receipt, error) {
	n, err := r.translate(p)
	if err != nil {
		return nil, r.client.http.Refuse("Find", err)
	}
	cp, err := checkpointOf(a, r.key(p))
	if err != nil {
		return nil, err
	}
	sent := posted{payment: n}
	shown, err := r.client.standing(ctx, p.Target)
	gone := errors.Is(err, ErrBasketGone)
	if gone {
		shown, err = r.paidInOrders(ctx, p, cp)
	}
	if err == nil {
		sent.typeName, err = r.typeName(ctx, sent, shown)
	}
	var found []payment.Receipt
	switch {
	case err != nil:
	case r.options.ReferenceAttribute != "":
		found, err = r.withReference(ctx, p, sent, shown)
	case !gone:
		found, err = r.count(p, sent, shown, cp, known)
	}
	switch {
	case gone && errors.Is(err, errAlike):
		err = errOrderAlike
	case gone && len(found) == 0 && (err == nil || errors.Is(err, errUndefined)):
		err = ErrBasketGone
	}
	return found, r.blind(p, err)
}

// typeName returns the name of a payment's type, as it is now if another one of
// this amount shows another name. It is empty for a type that is not active any
// more.
func (r *Recorder) typeName(ctx context.Context, sent posted, shown []CustomPayment) (string, error) {
	types := r.client.types.get(r.client.http.Now())
	t, ok := types.byID(sent.payment.PaymentTypeID)
	other := func(p CustomPayment) bool { return p.Name != t.Name && sameAmount(p.Amount, sent.payment.Amount) }
	if ok && !slices.ContainsFunc(shown, other) {
		return t.Name, nil
	}
	types, err := r.client.readTypes(ctx)
	if t, ok = types.byID(sent.payment.PaymentTypeID); ok {
		err = nil
	}
	return t.Name, err
}

// withReference finds p among the payments of a basket.
func (r *Recorder) withReference(ctx context.Context, p payment.Payment, sent posted, shown []CustomPayment) ([]payment.Receipt, error) {
	var found []payment.Receipt
	alike := false
	for _, s := range shown {
		values := r.references(s)
		i := slices.IndexFunc(values, func(value string) bool { return value == p.Reference || resembles(s, value, sent, p.Reference) })
		switch {
		case len(values) == 0:
			alike = alike || sameAmount(s.Amount, sent.payment.Amount) && (sent.typeName == "" || s.Name == sent.typeName)
		case i >= 0:
			receipt := r.receipt(p, s)
			receipt.Reference = values[i]
			if sent.typeName != "" && s.Name != sent.typeName {
				receipt.Differs = append(receipt.Differs, "Method")
			}
			found = append(found, receipt)
		}
	}
	switch {
	case len(found) > 0:
		return found, nil
	case alike:
		return nil, errAlike
	}
	return nil, r.checkDefined(ctx, p)
}

// references returns what a payment shows as its reference. A blank one is not
// shown.
func (r *Recorder) references(shown CustomPayment) (values []string) {
	for _, a := range shown.Attributes {
		if r.isReference(a) && strings.TrimSpace(a.Value) != "" {
			values = append(values, a.Value)
		}
	}
	return values
}

// checkDefined makes sure that the payment's type defines the attribute that
// takes the reference: another one the vendor may drop.
func (r *Recorder) checkDefined(ctx context.Context, p payment.Payment) (err error) {
	types := r.client.types.get(r.client.http.Now())
	if types == nil {
		types, err = r.client.readTypes(ctx)
	}
	switch t, ok := types.byID(cmp.Or(p.Method, r.options.PaymentTypeID)); {
	case !ok && err != nil:
		return err
	case !t.defines(r.options.ReferenceAttribute):
		return errUndefined
	}
	return nil
}

// resembles reports a value that the vendor may have made of the reference: in
// another case, with other blanks, or cut off. A short text that the reference
// begins with is more likely another one's.
func resembles(shown CustomPayment, value string, sent posted, reference string) bool {
	fold := func(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
	if fold(value) == fold(reference) {
		return true
	}
	return len(value) >= 20 && strings.HasPrefix(reference, value) && shown.Name == sent.typeName && sameAmount(shown.Amount, sent.payment.Amount)
}

// baseline is what a settlement knows of a basket's payments.
type baseline struct {
	stood   []CustomPayment // of others, when the settlement began
	settled []posted        // its own that stand by now
}

// equal returns how many payments equal to sent are accounted for.
func (b *baseline) equal(sent posted) int {
	n := len(sent.equals(b.stood))
	for _, other := range b.settled {
		if other.equalTo(sent) {
			n++
		}
	}
	return n
}

// count tells p from the others by how many equal payments there are.
func (r *Recorder) count(p payment.Payment, sent posted, shown []CustomPayment, cp checkpoint, known *baseline) ([]payment.Receipt, error) {
	begun := !cp.Since.IsZero()
	if len(shown) == 0 {
		return nil, nil
	}
	if slices.ContainsFunc(shown, sent.bare) {
		return nil, errAlike
	}
	var before int
	switch {
	case begun && !(r.options.AloneInBasket && cp.Counted):
		return nil, errNoAttribute
	case begun:
		before = cp.Before
	case known != nil:
		before = known.equal(sent)
	default:
		return nil, errNoAttribute
	}
	equal := sent.equals(shown)
	if len(equal) < before || len(equal) > before && !r.options.AloneInBasket {
		return nil, errNoAttribute
	}
	var found []payment.Receipt
	for _, s := range equal[before:] {
		found = append(found, r.receipt(p, s))
	}
	return found, nil
}
