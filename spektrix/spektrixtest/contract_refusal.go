package spektrixtest

import (
	"context"
	"net/http"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// refusalClauses are about payments that are refused.
func refusalClauses() []paymenttest.Clause {
	const doc, inferred, unknown = paymenttest.Documented, paymenttest.Inferred, paymenttest.Unknown
	const guide = "guide to custom payments"
	refused := func(id, statement string, evidence paymenttest.Evidence, source, plan string, body func(t *paymenttest.Trial) string) paymenttest.Clause {
		return writes(id, statement, evidence, source, 4, "sends "+plan+" to a basket with a ticket, one for all clauses", payObjects, probeRefusal(plan, body))
	}
	return []paymenttest.Clause{
		refused("payment.no-type", "A payment without a type is refused.", inferred, guide, "a payment without PaymentTypeId", func(*paymenttest.Trial) string { return `{"Amount":1.00,"PaymentAttributes":[]}` }),
		refused("payment.no-amount", "A payment without an amount is refused.", inferred, guide, "a payment without Amount", func(t *paymenttest.Trial) string {
			return `{"PaymentTypeId":` + quote(t.Object(ObjectPaymentType)) + `,"PaymentAttributes":[]}`
		}),
		refused("payment.unknown-type", "A type that does not exist is refused.", inferred, guide, "a payment of a type that does not exist", func(*paymenttest.Trial) string { return typedBody(missingID, "1.00") }),
		refused("payment.text-amount", "An amount as JSON text is refused.", unknown, "the guide documents a number", "a payment of \"1.00\"", func(t *paymenttest.Trial) string { return paymentBody(t, `"1.00"`) }),
		refused("payment.zero", "An amount of zero is refused.", unknown, "not stated", "a payment of 0.00", func(t *paymenttest.Trial) string { return paymentBody(t, "0.00") }),
		refused("payment.negative", "A negative amount is refused for a type that is not for refunds.", unknown, "not stated", "a payment of -1.00", func(t *paymenttest.Trial) string { return paymentBody(t, "-1.00") }),
		refused("payment.decimals", "More decimals than the currency has are refused.", unknown, "not stated", "a payment of 1.0000001", func(t *paymenttest.Trial) string { return paymentBody(t, "1.0000001") }),
		refused("payment.attribute-twice", "An attribute that is given twice is refused.", unknown, "not stated", "a payment with an attribute twice", func(t *paymenttest.Trial) string {
			a := reference(t, t.Reference())
			return paymentBody(t, "1.00", a, a)
		}),
		writes("payment.required-attribute", "A payment without an attribute that its type requires is refused.", inferred, "isRequired in the guide's sample of the types", 5,
			"pays 1.00 without attributes, with an active type that requires one, if there is one", ticketObjects, probeRequired),
		writes("payment.missing-basket", "A payment to a basket that does not exist is 404.", inferred, "endpoint reference, other items", 1, "sends a payment to a basket that does not exist",
			[]string{ObjectPaymentType}, probeMissingTarget),
		{
			ID: "list.missing-basket", Statement: "The payments of a basket that does not exist are 404.", Evidence: inferred, Source: "endpoint reference, other items", Requests: 1,
			Plan: "reads the payments of a basket that does not exist", Probe: func(ctx context.Context, t *paymenttest.Trial) error {
				e, err := t.Get(ctx, basketPath(missingID)+"/custom-payments")
				if err != nil {
					return err
				}
				return t.WantStatus(e, http.StatusNotFound)
			},
		},
	}
}

// probeRefusal sends a payment that nobody should take.
func probeRefusal(what string, body func(t *paymenttest.Trial) string) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		b, err := paymenttest.Share(t, "refusing basket", func() (shownBasket, error) { return withTicket(ctx, t, "{}") })
		if err != nil {
			return err
		}
		e, err := tryPayment(ctx, t, b.ID, body(t))
		if err != nil {
			return err
		}
		return wantRefused(t, e, what)
	}
}

func probeRequired(ctx context.Context, t *paymenttest.Trial) error {
	id, err := typeWhere(ctx, t, typeJSON.requires)
	if err != nil {
		return err
	}
	return probeRefusal("a payment without a required attribute", func(*paymenttest.Trial) string { return typedBody(id, "1.00", []payment.Attribute{}...) })(ctx, t)
}

func probeMissingTarget(ctx context.Context, t *paymenttest.Trial) error {
	e, err := tryPayment(ctx, t, missingID, paymentBody(t, "1.00"))
	if err != nil {
		return err
	}
	return t.WantStatus(e, http.StatusNotFound)
}
