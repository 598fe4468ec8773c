package salesdata_test

import (
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

func TestTime(t *testing.T) {
	t.Parallel()
	got, err := salesdata.ParseTime("2024-12-03T19:30:00+01:00")
	if err != nil {
		t.Fatal(err)
	}
	made := salesdata.NewTime(got.Wall())
	a, known := got.Instant()
	b, _ := made.Instant()
	if !known || !a.Equal(b) || made.String() != "2024-12-03T18:30:00Z" || got.IsZero() {
		t.Errorf("%v, %v, %s", a, b, made)
	}
	if day, err := salesdata.ParseTime("2024-12-03"); err != nil || !day.Wall().Equal(time.Date(2024, 12, 3, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%v, %v", day, err)
	}
	_, err = salesdata.ParseTime("yesterday")
	wantField(t, err, "time", "2006-01-02")
	if zero := (salesdata.Time{}); !zero.IsZero() || zero.String() != "" {
		t.Error("the zero time is set")
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for _, known := range []salesdata.OrderType{salesdata.OrderSales, salesdata.OrderRefund, salesdata.OrderDeposit, salesdata.OrderInvoice, salesdata.OrderInternalSales} {
		if !known.Known() {
			t.Errorf("%s is not known", known)
		}
	}
	if salesdata.OrderType("gift").Known() || !salesdata.StateCancelled.Known() || salesdata.OrderState("").Known() {
		t.Error("words that are not documented are known")
	}
}
