package spektrix_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

// The list goes out byte for byte, and the answer may hold nothing.
func TestAddTickets(t *testing.T) {
	t.Parallel()
	const list = ` [ {"instance":"201A", "type":"301A","seatingPlan":"401A","x":1.0}, {"seat":"s","seatingPlan":null} ]`
	for _, answer := range []string{"", "[]"} {
		client, m := newMock(t)
		m.json(http.MethodPost, "baskets/"+basketID+"/tickets", answer)
		if err := client.AddTicketsJSON(t.Context(), basketID, []byte(list)); err != nil {
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
		wantField(t, client.AddTicketsJSON(t.Context(), basketID, []byte(list)), field)
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
	err := client.AddTicketsJSON(t.Context(), basketID, []byte(`[{"seat":"a"}]`))
	var e *payment.Error
	if !errors.As(err, &e) || e.Message != refusal || !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("err = %v", err)
	}
}

// Typed tickets go out in the documented names, with further members as they
// are.
func TestAddTypedTickets(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodPost, "baskets/"+basketID+"/tickets", "[]")
	err := client.AddTickets(t.Context(), basketID,
		spektrix.NewTicket{Instance: "201A", Type: "301A", SeatingPlan: "401A"},
		spektrix.NewTicket{Instance: "201A", Type: "301A", Seat: "801A", Members: spektrix.Members{"attribute_Guest": []byte(`"Ada"`)}})
	if err != nil {
		t.Fatal(err)
	}
	m.wantAsked(t, http.MethodPost, "baskets/"+basketID+"/tickets",
		`[{"instance":"201A","type":"301A","seatingPlan":"401A"},{"instance":"201A","type":"301A","seat":"801A","attribute_Guest":"Ada"}]`, "")
}

func TestAddTypedTicketsRefuses(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	good := spektrix.NewTicket{Instance: "201A", Type: "301A", Seat: "801A"}
	with := func(change func(*spektrix.NewTicket)) []spektrix.NewTicket {
		bad := good
		change(&bad)
		return []spektrix.NewTicket{good, bad}
	}
	member := func(name, value string) []spektrix.NewTicket {
		return with(func(n *spektrix.NewTicket) { n.Members = spektrix.Members{name: []byte(value)} })
	}
	for _, c := range []struct {
		field   string
		tickets []spektrix.NewTicket
	}{
		{"tickets", nil},
		{"tickets[1].Instance", with(func(n *spektrix.NewTicket) { n.Instance = "" })},
		{"tickets[1].Type", with(func(n *spektrix.NewTicket) { n.Type = "" })},
		{"tickets[1]", with(func(n *spektrix.NewTicket) { n.SeatingPlan = "401A" })},
		{"tickets[1].Members", member("Instance", `"x"`)},
		{"tickets[1].Members", member("seatingPlan", `null`)},
		{"tickets[1].Members", member("a\xff", `1`)},
		{"tickets[1].Members", member("a", ``)},
		{"tickets[1].Members", member("a", `{`)},
		{"tickets[1].Members", member("a", "\"\xff\"")},
	} {
		wantField(t, client.AddTickets(t.Context(), basketID, c.tickets...), c.field)
	}
	if len(m.asked) != 0 {
		t.Errorf("%d requests were sent", len(m.asked))
	}
}

// Who sits there is in no error's text; ids that were sent are.
func TestErrorsOfTicketsHoldNoNames(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.answer(http.MethodPost, "baskets/"+basketID+"/tickets", http.StatusBadRequest, "application/json", `{"message":"Ada Lovelace, table \u0022North 7\u0022, not on 801A"}`)
	for name, err := range map[string]error{
		"typed": client.AddTickets(t.Context(), basketID, spektrix.NewTicket{Instance: "201A", Type: "301A", Seat: "801A",
			Members: spektrix.Members{"attribute_Guest": []byte(`"Ada Lovelace"`), "attribute_Table": []byte(`{"name":["North 7"]}`)}}),
		"JSON": client.AddTicketsJSON(t.Context(), basketID, []byte(`[{"Seat":"801A","Instance":"201A","attribute_Guest":"Ada Lovelace","attribute_Table":{"name":["North 7"]}}]`)),
	} {
		if !errors.Is(err, payment.ErrInvalid) || contains(err, "Lovelace") || contains(err, "North") || !contains(err, "801A") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A maintenance page, or an answer that breaks off, does not say that the
// tickets are in the basket, whatever its status.
func TestAddTicketsAnsweredByAPage(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{page, `[{"id":`, "ok"} {
		client, m := newMock(t)
		m.json(http.MethodPost, "baskets/"+basketID+"/tickets", answer)
		if err := client.AddTickets(t.Context(), basketID, twoSeats...); !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%q: %v", answer, err)
		}
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
		stored, err := whole(ticket)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(stored, &again); err != nil {
			t.Fatalf("what was written does not decode: %v", err)
		}
		if again.ID != ticket.ID || !again.Total.Equal(ticket.Total) || len(again.Members) != len(ticket.Members) {
			t.Errorf("%v became %v", ticket, again)
		}
	})
}
