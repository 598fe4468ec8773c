package salesdata_test

import (
	"slices"
	"testing"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

func TestConvertToMDS(t *testing.T) {
	t.Parallel()
	card := pay(t, string(document(t, "payment_card.json")))
	q, lost, err := card.Convert(salesdata.MDS, salesdata.BalanceRules{})
	if err != nil || q.Shape != salesdata.MDS || q.Amount.String() != "368.00" || q.NetAmount.IsSet() || q.PaymentCancelForGUID != none {
		t.Fatalf("%+v, %v", q, err)
	}
	if !slices.Equal(lost, []string{"par"}) || q.PAR != "" {
		t.Errorf("lost %v", lost)
	}
	before, err := card.Goods(salesdata.BalanceRules{})
	if err != nil {
		t.Fatal(err)
	}
	if after, err := q.Goods(salesdata.BalanceRules{}); err != nil || !after.Equal(before) {
		t.Errorf("goods %s, before %s, %v", after, before, err)
	}
	q.SOPTID, q.AccountNum = "7", "1900"
	if _, err := salesdata.MarshalPayment(q); err != nil {
		t.Error(err)
	}
}

func TestConvertToRootAndBack(t *testing.T) {
	t.Parallel()
	p := newMDS(t)
	p.Tip, p.CustomerClientCardRef, p.CardIdentString, p.PaymentCancelForGUID = amount(t, "3"), 9, "****1234", none
	q, lost, err := p.Convert(salesdata.Root, salesdata.BalanceRules{})
	if err != nil || q.NetAmount.String() != "60" || q.CustomerClientCardID != 9 || q.PaymentCancelForGUID != "" || q.SOPTID != "7" {
		t.Fatalf("%+v, %v", q, err)
	}
	if !slices.Equal(lost, []string{"account_num", "card_ident_string"}) {
		t.Errorf("lost %v", lost)
	}
	back, lost, err := q.Convert(salesdata.MDS, salesdata.BalanceRules{})
	if err != nil || len(lost) != 0 || back.Amount.String() != "63" || back.CustomerClientCardRef != 9 {
		t.Errorf("%+v, %v, %v", back, lost, err)
	}
}

func TestConvertByRule(t *testing.T) {
	t.Parallel()
	card := pay(t, string(document(t, "payment_card.json")))
	q, _, err := card.Convert(salesdata.MDS, salesdata.BalanceRules{TipIncluded: salesdata.Yes})
	if err != nil || q.Amount.String() != "318.00" {
		t.Errorf("a tip that is inside on both sides moved: %s, %v", q.Amount, err)
	}
	same, lost, err := card.Convert(salesdata.Root, salesdata.BalanceRules{})
	if err != nil || lost != nil || same.PAR != card.PAR {
		t.Errorf("%+v, %v, %v", same, lost, err)
	}
	p := pay(t, `{"net_amount":1,"tip":0,"soptid":"A1"}`)
	if _, lost, err := p.Convert(salesdata.MDS, salesdata.BalanceRules{}); err != nil || !slices.Equal(lost, []string{"soptid"}) {
		t.Errorf("lost %v, %v", lost, err)
	}
}

func TestConvertRefuses(t *testing.T) {
	t.Parallel()
	for doc, field := range map[string]string{`{"net_amount":null}`: "Payment.NetAmount", `{"net_amount":1}`: "Payment.Tip"} {
		_, _, err := pay(t, doc).Convert(salesdata.MDS, salesdata.BalanceRules{})
		wantField(t, err, field, "is not set")
	}
	_, _, err := salesdata.Payment{}.Convert(salesdata.MDS, salesdata.BalanceRules{})
	wantField(t, err, "Payment.Shape", "neither")
}
