package salesdata_test

import (
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

func TestDedupe(t *testing.T) {
	t.Parallel()
	doc := `{"customer_id":1,"type":"sales","payments":[{"payment_guid":"` + guidA + `","net_amount":1},{"net_amount":2,"soptid":"s"},{"net_amount":3}]}`
	var d salesdata.Dedupe
	for i, want := range []int{3, 1} {
		o, err := d.Keep("monday.json", only(t, doc))
		if err != nil || len(o.Payments) != want {
			t.Errorf("pass %d: %d payments, %v", i, len(o.Payments), err)
		}
	}
	if d.Repeated != 2 || d.Unkeyed != 2 {
		t.Errorf("%d repeated, %d without identity", d.Repeated, d.Unkeyed)
	}
	if o, err := d.Keep("x", only(t, `{"customer_id":1}`)); err != nil || o.Payments != nil {
		t.Errorf("absent payments became %v, %v", o.Payments, err)
	}
}

func TestDedupeConflict(t *testing.T) {
	t.Parallel()
	first := `[{"payment_guid":"` + guidA + `","net_amount":1}]`
	second := ` [{"payment_guid":"` + strings.ToUpper(guidA) + `","net_amount":2}]`
	var d salesdata.Dedupe
	if _, err := d.Keep("monday.json", only(t, first)); err != nil {
		t.Fatal(err)
	}
	_, err := d.Keep("tuesday.json", only(t, second))
	wantField(t, err, "Payment.PaymentGUID", "at byte 1 of monday.json and at byte 2 of tuesday.json")

	both := `{"payments":[{"payment_guid":"` + guidB + `","net_amount":3},{"payment_guid":"` + guidA + `","net_amount":2}]}`
	if _, err := d.Keep("x", only(t, both)); err == nil {
		t.Error("a conflict inside an order passed")
	}
	if o, err := d.Keep("x", only(t, `{"payment_guid":"`+guidB+`","net_amount":3}`)); err != nil || len(o.Payments) != 1 {
		t.Errorf("a refused order counts as seen: %v", err)
	}

	last := salesdata.Dedupe{LastWins: true}
	for _, doc := range []string{first, second, second} {
		if _, err := last.Keep("x", only(t, doc)); err != nil {
			t.Fatal(err)
		}
	}
	if last.Replaced != 1 || last.Repeated != 1 {
		t.Errorf("%d replaced, %d repeated", last.Replaced, last.Repeated)
	}
}

func TestDedupeKeys(t *testing.T) {
	t.Parallel()
	order := func(id string) salesdata.Order {
		return only(t, `{"id":"`+id+`","payments":[{"payment_guid":"`+guidA+`","amount":1}]}`)
	}
	var byOrder salesdata.Dedupe
	own := salesdata.Dedupe{Key: func(_ salesdata.Order, p salesdata.Payment) string { return p.Key() }}
	for _, id := range []string{guidA, guidB} {
		if _, err := byOrder.Keep("x", order(id)); err != nil {
			t.Fatal(err)
		}
		if _, err := own.Keep("x", order(id)); err != nil {
			t.Fatal(err)
		}
	}
	if byOrder.Repeated != 0 || own.Repeated != 1 {
		t.Errorf("%d by order and GUID, %d by GUID", byOrder.Repeated, own.Repeated)
	}
}

func TestCancellations(t *testing.T) {
	t.Parallel()
	sale := `{"payment_guid":"` + guidA + `","net_amount":10.0}`
	cancel := func(target, amount string) string {
		return `{"payment_guid":"` + guidB + `","net_amount":` + amount + `,"payment_cancel_for_guid":"` + target + `"}`
	}
	for doc, want := range map[string]string{
		sale + cancel(guidA, "-10.00"): "",
		cancel(guidA, "-10") + sale:    "",
		sale + cancel(none, "5"):       "",
		sale + cancel(guidA, "10"):     "not the negative",
		sale + cancel(guidA, "-9"):     "not the negative",
		cancel(guidA, "-10"):           "not in the same input",
	} {
		var c salesdata.Cancellations
		for _, o := range decode(t, doc) {
			c.Add(o)
		}
		faults := c.Faults()
		if (want == "") != (len(faults) == 0) || (want != "" && !strings.Contains(faults[0].String(), want)) {
			t.Errorf("%s: %v", doc, faults)
		}
	}
}

func TestTakings(t *testing.T) {
	t.Parallel()
	var all, kept salesdata.Takings
	all.IncludeCancelled = true
	cancelled := `{"state":"cancelled","payments":[{"amount":5,"tip":0,"change":0,"cashback":0,"rounding":0,"payment_type_id":2}]}`
	orders := append(decode(t, string(document(t, "own_orders.json"))), only(t, cancelled))
	for _, o := range orders {
		if err := all.Add(o); err != nil {
			t.Fatal(err)
		}
		if err := kept.Add(o); err != nil {
			t.Fatal(err)
		}
	}
	if kept.Total.String() != "3136.00" || kept.Orders != 3 || kept.Cancelled != 1 || kept.ByType[2].String() != "318.00" {
		t.Errorf("%+v", kept)
	}
	if all.Total.String() != "3141.00" || all.Orders != 4 || all.ByType[2].String() != "323.00" {
		t.Errorf("%+v", all)
	}
	err := kept.Add(only(t, `{"payments":[{"net_amount":1},{"net_amount":null}]}`))
	wantField(t, err, "Payment.NetAmount", "is not set")
	if want := "Order.Payments[1]: Payment.NetAmount: is not set"; err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if kept.Orders != 3 || kept.Total.String() != "3136.00" {
		t.Errorf("a refused order changed the takings: %+v", kept)
	}
}
