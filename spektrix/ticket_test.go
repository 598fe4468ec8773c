package spektrix_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

// The list goes out byte for byte, and no answer is needed.
func TestAddTickets(t *testing.T) {
	t.Parallel()
	const list = ` [ {"instance":"201A", "type":"301A","seatingPlan":"401A","x":1.0}, {"seat":"s","seatingPlan":null} ]`
	for _, answer := range []string{"", "[]", "{}", page} {
		client, m := newMock(t)
		m.json(http.MethodPost, "baskets/"+basketID+"/tickets", answer)
		if err := client.AddTickets(t.Context(), basketID, json.RawMessage(list)); err != nil {
			t.Errorf("%q: %v", answer, err)
		}
		m.wantAsked(t, http.MethodPost, "baskets/"+basketID+"/tickets", list, "")
	}
}

func TestAddTicketsRefuses(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	for list, field := range map[string]string{
		"":                                    "tickets",
		"null":                                "tickets",
		"[]":                                  "tickets",
		"{}":                                  "tickets",
		`["a"]`:                               "tickets",
		`[{}`:                                 "tickets",
		"[{\"seat\":\"\xff\"}]":               "tickets",
		`[{"seat":"a","seatingPlan":"b"}]`:    "tickets[0]",
		`[{},{"Seat":"a","SEATINGPLAN":"b"}]`: "tickets[1]",
	} {
		wantField(t, client.AddTickets(t.Context(), basketID, json.RawMessage(list)), field)
	}
	if len(m.asked) != 0 {
		t.Errorf("%d requests were sent", len(m.asked))
	}
}

func TestAddTicketsPassesARefusalOn(t *testing.T) {
	t.Parallel()
	const refusal = "Best Available Seats not possible for this event instance"
	client, m := newMock(t)
	m.answer(http.MethodPost, "baskets/"+basketID+"/tickets", http.StatusBadRequest, "application/json", `{"message":"`+refusal+`"}`)
	err := client.AddTickets(t.Context(), basketID, json.RawMessage(`[{"seat":"a"}]`))
	var e *payment.Error
	if !errors.As(err, &e) || e.Message != refusal || !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("err = %v", err)
	}
}

func FuzzTicket(f *testing.F) {
	f.Add([]byte(`{"id":"1","total":1.50,"attribute_a":1,"event":{"id":"2"}}`))
	f.Add([]byte(`{"attribute_":null,"offer":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var ticket spektrix.Ticket
		if json.Unmarshal(data, &ticket) != nil {
			return
		}
		var again spektrix.Ticket
		if err := json.Unmarshal(ticket.Raw, &again); err != nil {
			t.Fatalf("the raw text does not decode: %v", err)
		}
		if again.ID != ticket.ID || !again.Total.Equal(ticket.Total) || len(again.Attributes) != len(ticket.Attributes) {
			t.Errorf("%v became %v", ticket, again)
		}
	})
}
