package spektrixtest

import "net/http"

// confirmation is the body of a confirm.
type confirmation struct{ email bool }

// decodeConfirmation reads the fields of the observed sample. There are no
// stored cards here, so a confirm that wants one is refused.
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
		f.refuse(refusal("there is no stored card"))
	}
	return req, f.end()
}

func (s *Server) confirm(id string, req request) reply {
	b := s.basketIDs[id]
	if b.Confirmed {
		return s.confirmAgain(b, req.confirmation)
	}
	if err := s.confirmable(b); err != nil {
		return invalid(err)
	}
	before := s.wireBasket(b)
	o := s.placeOrder(b, req.confirmation)
	b.Confirmed, b.order = true, s.orderIDs[o.ID]
	s.touch(b)
	return s.confirmed(before, o)
}

// confirmable holds the rule that most of this API stands on: the payments add
// up to the total. That it is checked here is inferred.
func (s *Server) confirmable(b *Basket) error {
	switch {
	case s.settings.valueConfirmRefused && b.Total.Sign() != 0:
		return refusal("only orders of zero value can be confirmed")
	case !b.paid().Equal(b.Total):
		return refusal("the payments do not balance the basket total")
	case len(b.Tickets) > 0 && b.DeliveryType == 0 && !s.settings.noDeliveryRule:
		return refusal("the basket has tickets and no delivery")
	}
	return nil
}

func (s *Server) confirmAgain(b *Basket, c confirmation) reply {
	switch s.settings.secondConfirm {
	case SecondConfirmSameOrder:
		return s.confirmed(s.wireBasket(b), s.orders[b.order])
	case SecondConfirmNewOrder:
		return s.confirmed(s.wireBasket(b), s.placeOrder(b, c))
	}
	return invalid(refusal("the basket is confirmed already"))
}

// confirmed gives what the switch says.
func (s *Server) confirmed(b basketJSON, o Order) reply {
	switch s.settings.confirmAnswer {
	case ConfirmGivesBasket:
		return success(b)
	case ConfirmGivesNothing:
		return reply{status: http.StatusNoContent}
	}
	return success(s.wireOrder(o))
}
