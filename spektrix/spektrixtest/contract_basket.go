package spektrixtest

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// basketClauses are about baskets and their tickets.
func basketClauses() []paymenttest.Clause {
	const doc, seen, inferred, unknown = paymenttest.Documented, paymenttest.Observed, paymenttest.Inferred, paymenttest.Unknown
	return []paymenttest.Clause{
		writes("basket.create", "A new basket is answered with 200 and the documented members.", doc, "endpoint reference, POST baskets; the status is unknown", 1, "creates an empty basket", nil, probeCreate, "createdStatus"),
		{
			ID: "basket.missing", Statement: "A basket that does not exist is 404, with a message and no errorCode.", Evidence: seen, Source: "working clients, which have seen both forms", Requests: 1,
			Plan: "reads a basket that does not exist", Decides: []string{"errorCodes"}, Probe: probeMissingBasket,
		},
		writes("basket.read", "A basket with a ticket shows the observed members, and its total holds the transaction commission.", unknown, "the members are seen in the browser's mode", 3,
			"puts a ticket into a basket and reads it", ticketObjects, probeReadBasket, "totalWithoutCommission"),
		writes("basket.hash", "The hash changes with the basket.", doc, "endpoint reference, POST baskets", 4, "puts a ticket into a basket and reads it before and after", ticketObjects, probeHash),
		writes("basket.tickets", "Added tickets are answered with an array of the documented members.", doc, "endpoint reference, GET basket/tickets", 2, "puts a ticket into a basket", ticketObjects, probeTickets),
		writes("basket.ticket-place", "A ticket with both seat and seatingPlan is refused, and one with neither.", inferred, "endpoint reference, POST basket/tickets", 3, "sends such tickets to an empty basket", ticketObjects, probeTicketPlace),
		advises(writes("basket.payments", "A basket shows its payments in full.", unknown, "endpoint reference, POST baskets", 4, "pays 1.00 into a basket and reads it", payObjects, probeBasketPayments, "basketPayments"),
			"RecorderOptions.FreshBaskets, where nothing shows payments"),
		depends(writes("basket.creation-payments", "Payments of the request that creates a basket are stored.", doc, "endpoint reference, POST baskets", 14, "creates a basket with a payment of 1.00 and pays 2.00", payObjects,
			probeCreationPayments, "creationPayments")),
		advises(writes("basket.total-after-payment", "A payment does not change the total.", unknown, "not stated", 6, "pays 1.00 into a basket and reads it", payObjects, probeFallingTotal, "fallingTotal"),
			"none: Confirm takes both kinds of total"),
		deletes(writes("basket.delete", "A basket cannot be deleted: 405.", unknown, "not among the pages of the endpoint reference that are known", 2, "creates a basket and deletes it", nil, probeDeleteBasket)),
	}
}

func probeCreate(ctx context.Context, t *paymenttest.Trial) error {
	if _, err := createBasket(ctx, t, "{}"); err != nil {
		return err
	}
	e := t.Last()
	t.Fact("createdStatus", e.Status == http.StatusCreated)
	return t.Want(e, e.Status, basketForm)
}

func probeMissingBasket(ctx context.Context, t *paymenttest.Trial) error {
	e, err := t.Get(ctx, basketPath(missingID))
	if err != nil {
		return err
	}
	if err := t.Want(e, http.StatusNotFound, errorForm); err != nil {
		return err
	}
	_, there, err := codeOf(t, e)
	if err == nil {
		t.Fact("errorCodes", there)
	}
	return err
}

// codeOf returns the member errorCode, in any case.
func codeOf(t *paymenttest.Trial, e paymenttest.Exchange) (code any, there bool, err error) {
	body, err := read[struct {
		ErrorCode *json.RawMessage
	}](t, e)
	if err != nil || body.ErrorCode == nil {
		return nil, false, err
	}
	return code, true, json.Unmarshal(*body.ErrorCode, &code)
}

// probeReadBasket reads with the client, and compares form and sums.
func probeReadBasket(ctx context.Context, t *paymenttest.Trial) error {
	made, err := createBasket(ctx, t, "{}")
	if err == nil {
		err = addTicket(ctx, t, made.ID)
	}
	if err != nil {
		return err
	}
	if _, err := client(t).Basket(ctx, made.ID); err != nil {
		return err
	}
	e := t.Last()
	if err := t.Want(e, http.StatusOK, basketForm); err != nil {
		return err
	}
	b, err := read[shownBasket](t, e)
	if err != nil {
		return err
	}
	if len(b.Tickets) != 1 {
		return t.Differs(e.Place()+" $.tickets", "%d tickets, not 1", len(b.Tickets))
	}
	total, ticket, commission := decimal(b.Total), decimal(b.Tickets[0].Total), decimal(b.TransactionCommission.Amount)
	switch {
	case commission.Sign() == 0:
		t.Mask("totalWithoutCommission", "the venue takes no transaction commission")
		return t.NotDecidable("the venue takes no transaction commission")
	case total.Cmp(ticket.Add(commission)) == 0:
		t.Fact("totalWithoutCommission", false)
	case total.Cmp(ticket) == 0:
		t.Fact("totalWithoutCommission", true)
		t.Advise("use Client.WaiveTransactionCommission, or pay TransactionCommission.Amount on top of the total")
	default:
		return t.Differs(e.Place()+" $.total", "the total is neither the ticket's nor that with the commission")
	}
	return nil
}

func probeHash(ctx context.Context, t *paymenttest.Trial) error {
	made, err := createBasket(ctx, t, "{}")
	if err != nil {
		return err
	}
	before, err := lookAt(ctx, t, made.ID)
	if err == nil {
		err = addTicket(ctx, t, made.ID)
	}
	if err != nil {
		return err
	}
	after, err := lookAt(ctx, t, made.ID)
	if err == nil && (after.Hash == before.Hash || before.Hash != made.Hash) {
		err = t.Differs(t.Last().Place()+" $.hash", "it does not change with the basket, or without a change")
	}
	return err
}

func probeTickets(ctx context.Context, t *paymenttest.Trial) error {
	made, err := createBasket(ctx, t, "{}")
	if err == nil {
		err = addTicket(ctx, t, made.ID)
	}
	if err != nil {
		return err
	}
	e := t.Last()
	if err := t.Want(e, e.Status, `[`+ticketForm+`]`); err != nil {
		return err
	}
	if list, err := read[[]json.RawMessage](t, e); err != nil || len(list) != 1 {
		return t.Differs(e.Place(), "not one ticket")
	}
	return nil
}

func probeTicketPlace(ctx context.Context, t *paymenttest.Trial) error {
	made, err := createBasket(ctx, t, "{}")
	if err != nil {
		return err
	}
	both := ticketBody(t, `"seat":`+quote(missingID)+`,"seatingPlan":`+quote(t.Object(ObjectSeatingPlan)))
	for _, body := range []string{both, ticketBody(t, `"attribute_Contract":"x"`)} {
		e, err := postRaw(ctx, t, basketPath(made.ID)+"/tickets", body)
		if err != nil {
			return err
		}
		if err := wantRefused(t, e, "a ticket with both, or with neither"); err != nil {
			return err
		}
	}
	return nil
}

func probeFallingTotal(ctx context.Context, t *paymenttest.Trial) error {
	before, err := withTicket(ctx, t, "{}")
	if err != nil {
		return err
	}
	if _, err := payRaw(ctx, t, before.ID, "1.00", t.Reference()); err != nil {
		return err
	}
	after, err := lookAt(ctx, t, before.ID)
	if err != nil {
		return err
	}
	switch fell := decimal(before.Total).Sub(decimal(after.Total)); {
	case fell.Sign() == 0:
		t.Fact("fallingTotal", false)
	case fell.Cmp(amount("1.00")) == 0:
		t.Fact("fallingTotal", true)
	default:
		return t.Differs(t.Last().Place()+" $.total", "a payment of 1.00 lowers it by %s", fell)
	}
	return nil
}

func probeDeleteBasket(ctx context.Context, t *paymenttest.Trial) error {
	made, err := createBasket(ctx, t, "{}")
	if err != nil {
		return err
	}
	e, err := sendRaw(ctx, t, http.MethodDelete, basketPath(made.ID), "")
	if err != nil {
		return err
	}
	return t.WantStatus(e, http.StatusMethodNotAllowed)
}
