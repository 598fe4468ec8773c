package spektrixtest

import "testing"

func TestTickets(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := s.AddBasket(Basket{CommissionWaived: true})
	added := into[[]map[string]any](t, post(t, s, "baskets/"+id+"/tickets",
		`[{"instance":"`+InstanceEvening+`","type":"`+TicketConcession+`","seat":"S1","attribute_Guest":"Ada"},`+
			`{"Instance":"`+InstanceMatinee+`","Type":"`+TicketAdult+`","SeatingPlan":"P1"}]`))
	if len(added) != 2 || added[0]["attribute_Guest"] != "Ada" || added[0]["planId"] != nil || added[1]["planId"] != "P1" || added[1]["seat"] != nil {
		t.Errorf("added %v", added)
	}
	b := readBasket(t, s, id)
	if b.Total != "34.1" || b.TotalDiscount != "8.4" || len(b.Tickets) != 2 || b.Tickets[0]["id"] != added[0]["id"] {
		t.Errorf("basket %+v", b)
	}
	kept, _ := s.Basket(id)
	if first := kept.Tickets[0]; first.Seat != "S1" || first.Price.String() != "24.00" || first.Discount.String() != "8.40" || string(first.Attributes["attribute_Guest"]) != `"Ada"` {
		t.Errorf("kept %+v", first)
	}
}

func TestRefusedTickets(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := s.AddBasket(Basket{})
	good := `{"instance":"` + InstanceMatinee + `","type":"` + TicketAdult + `","seatingPlan":"P1"}`
	for body, message := range map[string]string{
		``:                              "the body is not a JSON array of tickets",
		`[]`:                            "the body is not a JSON array of tickets",
		good:                            "the body is not a JSON array of tickets",
		"[\"\xff\"]":                    "the body is not a JSON array of tickets",
		`[1]`:                           "the body is not a JSON object",
		`[{"type":"T","seat":"S"}]`:     "instance is required",
		`[{"instance":"I","seat":"S"}]`: "type is required",
		`[{"instance":"I","type":"T"}]`: "a ticket needs one of seatingPlan and seat",
		`[{"instance":"I","type":"T","seat":"S","seatingPlan":"P"}]`:            "a ticket needs one of seatingPlan and seat",
		`[{"instance":"I","type":"T","seat":"S","price":1}]`:                    "unknown field price",
		`[` + good + `,{"instance":"I","type":"T","seat":"S"}]`:                 "no such ticket is on sale",
		`[{"instance":"` + InstanceMatinee + `","type":"T","seatingPlan":"P"}]`: "no such ticket is on sale",
	} {
		post(t, s, "baskets/"+id+"/tickets", body).refused(t, 400, message)
	}
	if b, _ := s.Basket(id); len(b.Tickets) != 0 {
		t.Errorf("some were added: %+v", b)
	}
}

func TestSetPrice(t *testing.T) {
	t.Parallel()
	s := start(t, WithCommission(amount("0")))
	id := s.AddBasket(Basket{})
	one := `[{"instance":"I","type":"T","seatingPlan":"P"}]`
	s.SetPrice(Price{Instance: "I", TicketType: "T", Price: amount("10.40")})
	post(t, s, "baskets/"+id+"/tickets", one)
	s.SetPrice(Price{Instance: "I", TicketType: "T"})
	post(t, s, "baskets/"+id+"/tickets", one)
	if b := readBasket(t, s, id); b.Total != "10.4" || len(b.Tickets) != 2 {
		t.Errorf("%+v", b)
	}
}

// TestSamples reads every number of the samples: one that could not be read
// would count as 0.
func TestSamples(t *testing.T) {
	t.Parallel()
	for _, p := range samplePrices() {
		if !p.Price.IsSet() || p.TicketType == TicketConcession && !p.Discount.IsSet() {
			t.Errorf("%+v", p)
		}
	}
	if !zero().IsSet() || !newSettings(nil).commission.Equal(amount("1.50")) || !newSettings(nil).commission.IsSet() {
		t.Error("a number of the defaults cannot be read")
	}
}
