package salesdata

import "github.com/tenderkit/tenderkit/payment"

// Convert gives p in the other shape, as a new record, and the documented names
// of the fields that were set and have no counterpart there. A payment that
// has the shape already is given back as it is.
//
// The tip goes into the amount on the way to MDS and out of it on the way to
// root, by the rules in force. A root line id that is not a whole number is
// lost in MDS. Decoding and encoding never convert. The error is a
// *payment.FieldError if the amount, or the tip that moves, is not set.
func (p Payment) Convert(to Shape, rules BalanceRules) (q Payment, lost []string, err error) {
	switch {
	case !to.known() || !p.Shape.known():
		return Payment{}, nil, &payment.FieldError{Field: "Payment.Shape", Reason: "is neither root nor mds"}
	case to == p.Shape:
		return p, nil, nil
	}
	tender, err := p.tenderFor(to, rules)
	if err != nil {
		return Payment{}, nil, err
	}
	lost = p.onlyHere()
	if to == MDS {
		q = p.toMDS(tender)
	} else {
		q = p.toRoot(tender)
	}
	if p.SOPTID != "" && q.SOPTID == "" {
		lost = append(lost, "soptid")
	}
	q.Shape, q.meta, q.Offset = to, metadata{}, 0
	return q, lost, nil
}

// tenderFor moves the tip into the amount or out of it.
func (p Payment) tenderFor(to Shape, rules BalanceRules) (payment.Amount, error) {
	tender := p.Tender()
	if !tender.IsSet() {
		return tender, &payment.FieldError{Field: p.tenderName(), Reason: "is not set"}
	}
	in, out := rules.tipIn(to), rules.tipIn(p.Shape)
	if in == out {
		return tender, nil
	}
	if !p.Tip.IsSet() {
		return tender, &payment.FieldError{Field: "Payment.Tip", Reason: "is not set"}
	}
	return toggle(tender, p.Tip, in), nil
}

// onlyHere names the fields that are set and that the other shape lacks.
func (p Payment) onlyHere() (names []string) {
	each(paymentSchema.only[p.Shape], func(i int) {
		f := &paymentSchema.fields[i]
		switch f.name {
		case "net_amount", "amount", "customer_client_card_id", "customer_client_card_ref":
			return
		}
		if isSet(f.at(&p), formNew) {
			names = append(names, f.name)
		}
	})
	return names
}

func (p Payment) toMDS(tender payment.Amount) Payment {
	p.Amount, p.NetAmount = tender, payment.Amount{}
	p.CustomerClientCardRef, p.CustomerClientCardID = p.CustomerClientCardID, 0
	p.PAR, p.PMSRef = "", ""
	if p.PaymentCancelForGUID == "" {
		p.PaymentCancelForGUID = zeroGUID
	}
	if _, reason := parseID(p.SOPTID); reason != "" {
		p.SOPTID = ""
	}
	return p
}

func (p Payment) toRoot(tender payment.Amount) Payment {
	p.NetAmount, p.Amount = tender, payment.Amount{}
	p.CustomerClientCardID, p.CustomerClientCardRef = p.CustomerClientCardRef, 0
	p.AccountNum, p.CardIdentString = "", ""
	if p.Cancels() == "" {
		p.PaymentCancelForGUID = ""
	}
	return p
}
