package salesdata

// checkPayment refuses a payment that cancels itself, and lists what is odd.
// Signs of refunds are not documented, so no sign is refused.
func (d *decoder) checkPayment(s *scan, at place, p *Payment) error {
	if key := p.Key(); key != "" && p.Cancels() == key {
		return d.failField(s, at, "payment_cancel_for_guid", "cancels itself")
	}
	for _, odd := range p.oddities() {
		if err := d.list(at, odd.name, s.startOf(odd.name), odd.reason); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) failField(s *scan, at place, name, reason string) error {
	return d.fail(at, name, s.startOf(name), reason)
}

// startOf is where a payment's field stands, or where the payment begins.
func (s *scan) startOf(name string) int {
	if i := paymentSchema.index[name]; s.has(i) {
		return s.hits[i].Start
	}
	return s.start
}

type oddity struct{ name, reason string }

// oddities are the faults of a payment beyond those of single fields.
func (p *Payment) oddities() (odd []oddity) {
	note := func(is bool, name, reason string) {
		if is {
			odd = append(odd, oddity{name, reason})
		}
	}
	note(p.Shape == Root && !p.NetAmount.IsSet(), "net_amount", "is not set")
	note(p.Shape == Root && p.PaymentGUID == "", "payment_guid", "is not set; the payment has no identity")
	note(p.PaymentGUID == zeroGUID, "payment_guid", "is the GUID of zeros")
	note(p.Tip.Sign() < 0, "tip", "is negative")
	note(p.Change.Sign() < 0, "change", "is negative")
	note(p.Cashback.Sign() < 0, "cashback", "is negative")
	note(p.Tender().IsSet() && p.Change.Sign() > 0 && p.Change.Cmp(p.Tender()) > 0, "change", "is larger than the amount")
	note(p.Tip.Sign() != 0 && !p.isCard(), "tip", "is a tip on a payment that shows no card")
	return odd
}

// isCard tells a card by what only card payments carry. The ids of payment
// types are the customer's own data and are not known here.
func (p *Payment) isCard() bool {
	return p.CardTypeName != "" || p.CardIdentString != "" || p.PSPRef != "" || p.PAR != ""
}
