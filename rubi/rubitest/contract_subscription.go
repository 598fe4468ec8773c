package rubitest

import (
	"context"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// subscribed adds a subscription to the sandbox contact's basket and returns its
// ItemGUID. It is removed at the end of the run.
func subscribed(ctx context.Context, t *paymenttest.Trial) (told, *place, error) {
	before, err := basketOf(ctx, t, "Subscriptions")
	if err != nil {
		return told{}, nil, err
	}
	p := &place{note: t.Writing("a subscription in the sandbox contact's basket")}
	a, err := ask(ctx, t, OpSubscription, t.Object(ObjectContact), t.Object(ObjectService), "Add")
	if err != nil {
		return a, nil, err
	}
	if yes, _, ok := a.yes(); !a.succeeded() || ok && !yes {
		p.note.Undo()
		return a, nil, t.NotDecidable("the sandbox service cannot be added: code %s", a.word())
	}
	after, err := basketOf(ctx, t, "Subscriptions")
	if err != nil {
		return a, nil, err
	}
	for _, row := range after {
		if guid := textIn(row, "ItemGUID"); rowOf(before, "ItemGUID", guid) == nil {
			p.guid = guid
		}
	}
	if p.guid == "" {
		return a, nil, t.Differs(t.Last().Place(), "the subscription that was added is not in the basket")
	}
	t.AtEnd(func(ctx context.Context) error {
		if p.note.Undone || p.paid {
			return nil
		}
		_, err := unsubscribe(ctx, t, p)
		return err
	})
	return a, p, nil
}

func unsubscribe(ctx context.Context, t *paymenttest.Trial, p *place) (told, error) {
	a, err := ask(ctx, t, OpSubscription, t.Object(ObjectContact), p.guid, "Remove")
	if yes, _, ok := a.yes(); err == nil && a.succeeded() && ok && yes {
		p.note.Undo()
	}
	return a, err
}

func probeSubscription(ctx context.Context, t *paymenttest.Trial) error {
	a, p, err := subscribed(ctx, t)
	if err == nil {
		err = wantTrue(t, a)
	}
	if err != nil {
		return err
	}
	if a, err = unsubscribe(ctx, t, p); err == nil {
		err = wantTrue(t, a)
	}
	if err != nil {
		return err
	}
	rows, err := basketOf(ctx, t, "Subscriptions")
	if err == nil && rowOf(rows, "ItemGUID", p.guid) != nil {
		err = t.Differs(t.Last().Place(), "the removed subscription is still in the basket")
	}
	return err
}

func probeNoSubscription(ctx context.Context, t *paymenttest.Trial) error {
	uid := t.Object(ObjectContact)
	return probeWriteNo(ctx, t, what{"a subscription with the action Contract", rawCall(OpSubscription, uid, t.Object(ObjectService), "Contract")},
		what{"a subscription to an unknown service", rawCall(OpSubscription, uid, unknownGUID, "Add")})
}

// subscriptionClauses are about Subscription. What is added is removed again.
func subscriptionClauses() []paymenttest.Clause {
	write := needs(paymenttest.Write)
	return []paymenttest.Clause{
		clause("subscription.add", "Subscription Add answers True and puts the service into the basket, Remove takes it out.", doc, pageSales, 5, "adds a subscription, reads the basket, removes it and reads again",
			probeSubscription, write, needs(paymenttest.Delete), objects(ObjectContact, ObjectService), decides("booleans")),
		clause("subscription.remove-unknown", "The removal of a subscription that is not in the basket is refused with a code.", open, noPage, 1, "removes a subscription that does not exist",
			probeRemoveUnknown(OpSubscription), write, objects(ObjectContact), decides("falseForUnknownItems")),
		clause("subscription.refused", "An action other than Add and Remove, and an unknown service, are refused.", doc, pageSales, 2, "sends two subscriptions that cannot be meant",
			probeNoSubscription, write, objects(ObjectContact, ObjectService)),
	}
}
