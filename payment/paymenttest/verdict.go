package paymenttest

import (
	"errors"
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

// call is what one call of Record, Once or Resume said about a payment.
type call struct {
	payment   payment.Payment
	receipt   payment.Receipt
	err       error
	before    int  // entries under the reference before the call
	disturbed bool // a fault or a cancellation struck
}

// verdict compares what a call said with the ledger after it, and returns every
// way in which it was wrong.
func (c call) verdict(ledger []Entry) error {
	found := under(ledger, c.payment.Reference)
	wrong := []error{c.atMostOne(found)}
	switch {
	case c.err == nil:
		wrong = append(wrong, c.recorded(found))
	case errors.Is(c.err, payment.ErrOutcomeUnknown):
		wrong = append(wrong, c.evidence())
	default:
		wrong = append(wrong, c.refused(found))
	}
	if err := errors.Join(wrong...); err != nil {
		return fmt.Errorf("receipt %v, error %v, ledger %v (%d before): %w", c.receipt, c.err, found, c.before, err)
	}
	return nil
}

func under(ledger []Entry, reference string) []Entry {
	var found []Entry
	for _, e := range ledger {
		if e.Reference == reference {
			found = append(found, e)
		}
	}
	return found
}

func (c call) atMostOne(found []Entry) error {
	if len(found) > max(1, c.before) {
		return errors.New("the payment is recorded more than once")
	}
	return nil
}

// recorded checks the claim that the payment stands.
func (c call) recorded(found []Entry) error {
	p, r := c.payment, c.receipt
	switch {
	case len(found) != 1 || found[0].Kind != p.Kind || !found[0].Amount.Equal(p.Amount):
		return errors.New("no error, but the ledger does not hold this payment")
	case r.Vendor == "" || r.Reference != p.Reference || !r.Amount.Equal(p.Amount):
		return errors.New("the receipt is not one of this payment")
	case !r.AlreadyRecorded && c.before > 0:
		return errors.New("the payment stood before, and the receipt does not say so")
	case r.AlreadyRecorded && c.before == 0 && !c.disturbed:
		return errors.New("the receipt says that the payment stood before, and it did not")
	}
	return nil
}

// refused checks the claim that this call recorded nothing.
func (c call) refused(found []Entry) error {
	var conflict *payment.ConflictError
	var told *payment.Error
	switch {
	case len(found) > c.before && !(errors.As(c.err, &conflict) && len(conflict.Got) > 0):
		return errors.New("the error says that nothing was recorded, but it was")
	case !isKnown(c.err):
		return errors.New("the error matches none of package payment")
	case errors.Is(c.err, payment.ErrConflict) && !errors.As(c.err, &conflict) && !errors.As(c.err, &told):
		return errors.New("a conflict that does not show both sides")
	}
	return nil
}

// evidence checks that an unknown outcome can be taken up from its error alone.
func (c call) evidence() error {
	var unresolved *payment.UnresolvedError
	var held *payment.HeldError
	var lost *payment.Error
	for _, clear := range []error{payment.ErrNotFound, payment.ErrInvalid, payment.ErrConflict, payment.ErrUnavailable, payment.ErrRateLimited} {
		if errors.Is(c.err, clear) {
			return fmt.Errorf("the error also matches %q, which is a clear answer", clear)
		}
	}
	switch {
	case errors.As(c.err, &unresolved):
		return c.tried(unresolved)
	case errors.As(c.err, &held):
		if held.Key.Validate() != nil {
			return errors.New("the error does not tell which payment is held")
		}
		return nil
	case !errors.As(c.err, &lost):
		return errors.New("the error carries no evidence")
	case lost.Reference != c.payment.Reference || lost.Vendor == "" || lost.Op == "":
		return errors.New("the error does not tell reference, vendor and operation")
	}
	return nil
}

func (c call) tried(e *payment.UnresolvedError) error {
	switch {
	case e.Payment.Reference != c.payment.Reference || !e.Payment.Amount.Equal(c.payment.Amount):
		return errors.New("the error holds another payment")
	case !errors.Is(e.Err, payment.ErrOutcomeUnknown) || e.Looks < 1 && e.Receipt == nil:
		return errors.New("the error does not tell what was tried")
	}
	return nil
}

// isKnown reports whether err matches an error of package payment.
func isKnown(err error) bool {
	for _, known := range []error{
		payment.ErrInvalid, payment.ErrUnauthorized, payment.ErrForbidden, payment.ErrNotFound, payment.ErrConflict, payment.ErrRateLimited,
		payment.ErrUnavailable, payment.ErrProtocol, payment.ErrOutcomeUnknown, payment.ErrNoLookup,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// lookup compares what Find said with the ledger of a vendor that shows new
// payments at once. An answer is only as good as the last request: struck says
// that a fault took that request's answer.
func lookup(p payment.Payment, shown []payment.Receipt, err error, ledger []Entry, noLookup, struck bool) error {
	found := under(ledger, p.Reference)
	wrong := ""
	switch {
	case err == nil && len(shown) < len(found):
		wrong = "did not find what the ledger holds"
	case err == nil && len(shown) > len(found):
		wrong = "found what the ledger does not hold"
	case err == nil && struck:
		wrong = "is certain although the last request was not answered"
	case err == nil:
		wrong = misread(p, shown, found)
	case errors.Is(err, payment.ErrNoLookup) && !noLookup:
		wrong = "the harness says that the vendor can be asked"
	case errors.Is(err, payment.ErrOutcomeUnknown) || !isKnown(err):
		wrong = "not an error of a lookup"
	}
	if wrong != "" {
		return fmt.Errorf("find returned %v, error %v, ledger %v: %s", shown, err, found, wrong)
	}
	return nil
}

// misread says how a receipt is not what the ledger holds.
func misread(p payment.Payment, shown []payment.Receipt, found []Entry) string {
	for i, r := range shown {
		same := found[i].Kind == p.Kind && found[i].Amount.Equal(p.Amount)
		switch {
		case r.Vendor == "":
			return "the receipt names no vendor"
		case same && (r.Reference != p.Reference || !r.Amount.Equal(p.Amount) || len(r.Differs) > 0):
			return "found another payment"
		case len(found) == 1 && !same && len(r.Differs) == 0 && r.Amount.Equal(p.Amount):
			return "another payment is taken for this one"
		}
	}
	return ""
}

// said is what one of several callers was told.
type said struct {
	Recorded bool
	Already  bool
	ID       string
	Unknown  bool
	Text     string // of the error
	Known    bool   // it is one of package payment
}

func sayingOf(r payment.Receipt, err error) said {
	if err == nil {
		return said{Recorded: true, Already: r.AlreadyRecorded, ID: r.ID}
	}
	return said{Unknown: errors.Is(err, payment.ErrOutcomeUnknown), Text: err.Error(), Known: isKnown(err)}
}

// otherID reports whether two receipts name different records. A vendor may have
// no id, or show none in a lookup.
func otherID(a, b payment.Receipt) bool { return a.ID != "" && b.ID != "" && a.ID != b.ID }
