package spektrixtest

import "net/http"

// decodeConfirmation reads the documented fields. There are no stored cards
// here, so a confirm that wants one is refused.
func decodeConfirmation(body []byte) (req request, err error) {
	f := parseFields(body)
	req.confirmation.email = f.flag("sendConfirmationEmail")
	cards := f.flag("payWithDefaultStoredCard")
	for _, name := range []string{"payWithStoredCardId", "payWithStoredCardCv2"} {
		var text string
		f.take(name, &text)
		cards = cards || text != ""
	}
	f.flag("haveStoredCardId")
	f.optional("paymentChannel")
	if cards {
		f.refuse("there is no stored card")
	}
	return req, f.end()
}

func (s *Server) confirm(id string, req request) reply {
	b := s.basketIDs[id]
	if b.Confirmed {
		return s.confirmAgain(b, req.confirmation)
	}
	if refused := s.unconfirmable(b); refused != nil {
		return *refused
	}
	before := s.wireBasket(b)
	o := s.placeOrder(b, req.confirmation)
	b.Confirmed, b.order = true, s.orderIDs[o.ID]
	s.touch(b)
	return s.confirmed(before, o)
}

// unconfirmable holds the rule that most of this API stands on: the payments
// add up to what the basket costs. That it is checked here is inferred.
func (s *Server) unconfirmable(b *Basket) *reply {
	facts, cost, paid := s.settings.facts, s.cost(b), s.paid(b)
	var refused reply
	switch {
	case len(b.Tickets) > 0 && b.DeliveryType == 0 && !facts.NoDeliveryRule:
		refused = invalid(refusal("the basket has tickets and no delivery"))
	case paid.Cmp(cost) < 0 && facts.ShortConfirm == ShortIsConflict:
		refused = conflict(11, facts.CodeForm, "the basket requires payment to complete")
	case paid.Cmp(cost) < 0 && facts.ShortConfirm == ShortIsInvalid, paid.Cmp(cost) > 0:
		refused = invalid(refusal("the payments do not balance the basket total"))
	case cost.Sign() != 0 && facts.ValueConfirm == ValueIsConflict:
		refused = conflict(11, facts.CodeForm, "only orders of zero value can be confirmed")
	case cost.Sign() != 0 && facts.ValueConfirm == ValueIsInvalid:
		refused = invalid(refusal("only orders of zero value can be confirmed"))
	case b.MembershipHeld:
		refused = conflict(18, facts.CodeForm, "the customer has this membership already")
	default:
		return nil
	}
	return &refused
}

func (s *Server) confirmAgain(b *Basket, c confirmation) reply {
	switch s.settings.facts.SecondConfirm {
	case SecondConfirmInvalid:
		return invalid(refusal("the basket is confirmed already"))
	case SecondConfirmConflict:
		return failure(http.StatusConflict, "the basket is confirmed already")
	case SecondConfirmSameOrder:
		return s.confirmed(s.wireBasket(b), s.orders[b.order])
	case SecondConfirmNewOrder:
		return s.confirmed(s.wireBasket(b), s.placeOrder(b, c))
	}
	return notFound("not found")
}

// confirmed answers a confirm.
func (s *Server) confirmed(b basketJSON, o Order) reply {
	switch s.settings.facts.ConfirmAnswer {
	case ConfirmGivesBasket:
		return success(b)
	case ConfirmGivesNothing:
		return reply{status: http.StatusNoContent}
	}
	return success(s.wireOrder(o))
}
