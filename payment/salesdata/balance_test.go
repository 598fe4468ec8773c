package salesdata_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// documentedOrder is an order of ours with the documented lines and one of the
// documented payments.
func documentedOrder(t *testing.T, paymentFile string) salesdata.Order {
	t.Helper()
	return only(t, `{"customer_id":12345,"type":"sales","payments":[`+string(document(t, paymentFile))+`],"lines":[`+
		string(document(t, "line_burger.json"))+`,`+string(document(t, "line_cheese.json"))+`]}`)
}

func TestBalanceDocumentedOrder(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"payment_card.json", "payment_cash.json"} {
		r, err := salesdata.Balance(documentedOrder(t, name), salesdata.BalanceRules{})
		if err != nil || !r.Balanced || r.Goods.String() != "318.00" || r.Revenue.String() != "318.00" || r.Difference.Sign() != 0 || r.Hints != nil {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if want := "goods = net_amount - change - cashback + rounding; Σ goods = Σ gross_amount of all lines"; r.Equation.String() != want {
			t.Errorf("%s: %s", name, r.Equation)
		}
	}
}

func TestBalanceRivalReadings(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rules      salesdata.BalanceRules
		file       string
		difference string
		hint       salesdata.Hint
	}{
		"rounding subtracted": {salesdata.BalanceRules{RoundingSign: -1}, "payment_cash.json", "1.00", salesdata.HintRoundingSign},
		"tip inside":          {salesdata.BalanceRules{TipIncluded: salesdata.Yes}, "payment_card.json", "-50.00", salesdata.HintTipOutside},
	} {
		o := documentedOrder(t, tt.file)
		r, err := salesdata.Balance(o, tt.rules)
		if err != nil || r.Balanced || r.Difference.String() != tt.difference || !slices.Contains(r.Hints, tt.hint) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		tt.rules.RequireBalanced = true
		_, err = salesdata.Balance(o, tt.rules)
		wantField(t, err, "Order", "do not balance")
		tt.rules.Tolerance = amount(t, "50")
		if r, err := salesdata.Balance(o, tt.rules); err != nil || !r.Balanced {
			t.Errorf("%s within 50: %+v, %v", name, r, err)
		}
	}
}

func TestBalanceHints(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]salesdata.Hint{
		`{"net_amount":11,"cashback":1}|{"gross_amount":11}`:                             salesdata.HintCashbackOutside,
		`{"net_amount":12,"tip":2,"card_type_name":"V"}|{"gross_amount":10}`:             salesdata.HintTipInside,
		`{"net_amount":10}|{"gross_amount":10},{"gross_amount":3,"parent_solid":"P"}`:    salesdata.HintParentsOnly,
		`{"amount":13,"tip":0,"rounding":0,"change":0,"cashback":0}|` + mdsLines("", ""): salesdata.HintAllLines,
	} {
		payments, lines, _ := strings.Cut(doc, "|")
		r, err := salesdata.Balance(only(t, `{"payments":[`+payments+`],"lines":[`+lines+`]}`), salesdata.BalanceRules{})
		if err != nil || !slices.Contains(r.Hints, want) {
			t.Errorf("%s: %+v, %v", doc, r, err)
		}
	}
	r, err := salesdata.Balance(only(t, `{"payments":[{"net_amount":7}],"lines":[{"gross_amount":3}]}`), salesdata.BalanceRules{})
	if err != nil || r.Hints != nil {
		t.Errorf("hints for nothing: %+v, %v", r, err)
	}
}

// mdsLines is a parent of 10 with a child of 3; the keys without their value
// are left out.
func mdsLines(parent, child string) string {
	if parent == "" {
		parent = `"total_gross_amount":14,`
	}
	return `{"solid":1,` + parent + `"gross_amount":10},{"solid":2,` + child + `"gross_amount":3,"parent_solid":1}`
}

func TestBalanceMDSRevenue(t *testing.T) {
	t.Parallel()
	const paid = `{"amount":15,"tip":2,"rounding":0,"change":0,"cashback":0,"card_type_name":"V"}`
	for _, tt := range []struct {
		lines, equation string
		assumptions     int
	}{
		{mdsLines(`"total_gross_amount":13,`, `"total_gross_amount":3,`), "Σ total_gross_amount of the lines without parent", 0},
		{mdsLines(`"base_gross_amount":10,`, `"base_gross_amount":3,`), "Σ base_gross_amount of all lines", 1},
		{mdsLines(`"solid_x":0,`, ``), "Σ gross_amount of all lines", 2},
	} {
		r, err := salesdata.Balance(only(t, `{"soid":1,"payments":[`+paid+`],"lines":[`+tt.lines+`]}`), salesdata.BalanceRules{})
		if err != nil || !r.Balanced || r.Goods.String() != "13" || !strings.HasSuffix(r.Equation.String(), tt.equation) || len(r.Assumptions) != tt.assumptions {
			t.Errorf("%s: %+v, %v", tt.equation, r, err)
		}
		if !strings.HasPrefix(r.Equation.String(), "goods = amount - change - tip - cashback + rounding;") {
			t.Error(r.Equation)
		}
	}
}

func TestBalanceAssumptions(t *testing.T) {
	t.Parallel()
	whole := `"tip":0,"change":0,"rounding":0,"cashback":0`
	for doc, want := range map[string]salesdata.Assumption{
		`"payments":[{"net_amount":5,"tip":0,"change":0,"rounding":0,"cashback":1}]`:            salesdata.AssumedCashback,
		`"payments":[{"net_amount":5,"tip":0,"change":0,"rounding":0.5,"cashback":0}]`:          salesdata.AssumedRoundingSign,
		`"payments":[{"net_amount":-5,` + whole + `}]`:                                          salesdata.AssumedSigns,
		`"payments":[{"net_amount":5}]`:                                                         salesdata.AssumedUnsetParts,
		`"cancelled_at":"2024-12-03T18:30:00Z","payments":[{"net_amount":5,` + whole + `}]`:     salesdata.OrderIsCancelled,
		`"soid":1,"state":"cancelled","payments":[{"amount":5,` + whole + `}],"type":"deposit"`: salesdata.OrderIsCancelled,
	} {
		r, err := salesdata.Balance(only(t, `{`+doc+`,"lines":[]}`), salesdata.BalanceRules{})
		if err != nil || !slices.Equal(r.Assumptions, []salesdata.Assumption{want}) {
			t.Errorf("%s: %v, %v", doc, r.Assumptions, err)
		}
	}
}

func TestBalanceRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ doc, field, reason string }{
		{`{"customer_id":1,"lines":[]}`, "Order.Payments", "absent"},
		{`{"payments":null,"lines":[]}`, "Order.Payments", "absent"},
		{`{"payments":[]}`, "Order.Lines", "absent"},
		{`{"payments":[{"net_amount":1},{"amount":1}],"lines":[]}`, "Order.Payments[1]", "another shape"},
		{`{"payments":[{"net_amount":1}],"lines":[{"solid":1}]}`, "Order.Lines[0]", "another shape"},
		{`{"soid":1,"payments":[],"lines":[{"solid":1,"gross_amount":1},{"gross_amount":1}]}`, "Order.Lines[1]", "another shape"},
		{`{"payments":[{"net_amount":null}],"lines":[]}`, "Payment.NetAmount", "is not set"},
		{`{"payments":[{"amount":null}],"lines":[]}`, "Payment.Amount", "is not set"},
		{`{"payments":[{"amount":1,"change":0,"rounding":0,"cashback":0}],"lines":[]}`, "Payment.Tip", "is not set"},
		{`{"payments":[],"lines":[{"gross_amount":1},{"net_amount":1}]}`, "Order.Lines[1].GrossAmount", "is not set"},
	} {
		_, err := salesdata.Balance(only(t, tt.doc), salesdata.BalanceRules{})
		wantField(t, err, tt.field, tt.reason)
	}
	mixed := salesdata.BalanceRules{Currency: func(p salesdata.Payment) payment.Currency {
		if p.PaymentTypeID == 1 {
			return "NOK"
		}
		return "EUR"
	}}
	_, err := salesdata.Balance(only(t, `{"payments":[{"payment_type_id":1,"net_amount":1},{"payment_type_id":2,"net_amount":1}],"lines":[]}`), mixed)
	wantField(t, err, "Order.Payments[1]", "another currency")
}

func TestBalanceEmptyIsNotAbsent(t *testing.T) {
	t.Parallel()
	r, err := salesdata.Balance(only(t, `{"payments":[],"lines":[]}`), salesdata.BalanceRules{})
	if err != nil || !r.Balanced {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestBalanceRulesOfTheCaller(t *testing.T) {
	t.Parallel()
	o := only(t, `{"type":"refund","payments":[{"net_amount":5,"payment_type_id":9}]}`)
	r, err := salesdata.Balance(o, salesdata.BalanceRules{
		LineTotal: amount(t, "-5"), Sign: func(p salesdata.Payment) int { return -1 },
	})
	if err != nil || !r.Balanced || r.Goods.String() != "-5" {
		t.Errorf("%+v, %v", r, err)
	}
	goods, err := pay(t, `{"net_amount":10,"cashback":4}`).Goods(salesdata.BalanceRules{CashbackIncluded: salesdata.No})
	if err != nil || goods.String() != "10" {
		t.Errorf("%s, %v", goods, err)
	}
}

// TestBalanceRefusesLinesOfNoShape: what their amounts mean is not known.
func TestBalanceRefusesLinesOfNoShape(t *testing.T) {
	t.Parallel()
	line := only(t, `{"lines":[{"gross_amount":5}]}`).Lines[0]
	line.Shape = 0
	_, err := salesdata.Balance(salesdata.Order{Payments: []salesdata.Payment{}, Lines: []salesdata.Line{line}}, salesdata.BalanceRules{})
	wantField(t, err, "Order.Lines[0]", "has no shape")
}
