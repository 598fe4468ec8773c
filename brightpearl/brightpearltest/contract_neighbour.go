package brightpearltest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// neighbourClauses are about totals, payment methods and supplier payments.
func neighbourClauses() []paymenttest.Clause {
	reads := func(id, statement string, evidence paymenttest.Evidence, requests int, plan string, probe func(context.Context, *paymenttest.Trial) error, objects ...string) paymenttest.Clause {
		return paymenttest.Clause{ID: id, Statement: statement, Evidence: evidence, Source: "pages of the resource", Requests: requests, Plan: plan, Probe: probe, Objects: objects}
	}
	deciding := func(c paymenttest.Clause, names ...string) paymenttest.Clause {
		c.Decides = names
		return c
	}
	writing := func(c paymenttest.Clause, needs ...paymenttest.Need) paymenttest.Clause {
		c.Needs = append([]paymenttest.Need{paymenttest.Write}, needs...)
		return c
	}
	supplier := func(id, body string, placeholders map[string]string) paymenttest.Clause {
		return writing(reads(id, "The documented request is accepted and answered with an id.", paymenttest.Documented, 1, "records the documented payment on the purchase order; it cannot be deleted",
			paymenttest.DocumentedExchange{
				Method: http.MethodPost, Path: accountingPath + "supplier-payment", Body: body, Status: http.StatusOK, Answer: idForm, Placeholders: placeholders,
			}.Probe, ObjectPurchaseOrder, ObjectCurrency), paymenttest.Irreversible)
	}
	const doc, seen, inferred = paymenttest.Documented, paymenttest.Observed, paymenttest.Inferred
	return []paymenttest.Clause{
		reads("totals.nothing", "An order without payments has zeros and no currency.", doc, 1, "reads the totals of the missing order", probeNoTotals, ObjectMissingOrder),
		reads("totals.no-ids", "Totals without ids have no results.", doc, 1, "reads totals without ids", probeTotalsWithoutIDs),
		deciding(reads("totals.order-of-ids", "A list of ids that does not ascend is refused with 400 and CMNC-006.", inferred, 1, "reads the totals of two orders, the higher one first", probeUnordered, ObjectOrder), "unorderedIDs"),
		reads("totals.limit", "More than 200 orders are refused.", inferred, 1, "reads the totals of 201 orders", probeTotalsLimit, ObjectOrder),
		writing(reads("totals.sum", "amountPaid is RECEIPT + CAPTURE - PAYMENT, amountAuthorized is AUTH - VOID, amountCaptured is CAPTURE.", doc, 14,
			"records one payment of each type and compares the totals", probeTotals, ObjectOrder, ObjectMethod, ObjectCurrency)),
		deciding(reads("methods.list", "The methods have the documented members, and an id.", doc, 1, "reads the payment methods", probeMethods), "methodsWithoutIDs"),
		reads("methods.one", "One method comes as an array of one.", doc, 2, "reads the payment methods and one of them", probeOneMethod),
		reads("methods.unknown", "An unknown method is 404 with code CMNC-404.", inferred, 1, "reads a method that does not exist", probeNoMethod),
		supplier("supplier.documented-payment", `{"transactionRef":"REF0001","paymentMethodCode":"ACME_PAY","paymentType":"PAYMENT","orderId":1234,"currencyIsoCode":"USD",`+
			`"exchangeRate":1.445,"amountPaid":50.00,"paymentDate":"2016-06-19T12:00:00"}`, map[string]string{"REF0001": "reference", "1234": ObjectPurchaseOrder, "USD": ObjectCurrency}),
		supplier("supplier.documented-receipt", `{"transactionRef":"REF0002","paymentMethodCode":"ACME_PAY","paymentType":"RECEIPT","orderId":5000,"currencyIsoCode":"GBP",`+
			`"amountPaid":25.00,"paymentDate":"2016-06-19T12:00:00"}`, map[string]string{"REF0002": "reference", "5000": ObjectPurchaseOrder, "GBP": ObjectCurrency}),
		reads("supplier.columns", "A search of supplier payments names its 11 columns in the documented order.", seen, 1, "searches one page",
			func(ctx context.Context, t *paymenttest.Trial) error {
				f, err := searchIn(ctx, t, "supplier-payment-search", url.Values{"pageSize": {"1"}})
				if err != nil {
					return err
				}
				return wantColumns(t, f, supplierColumns())
			}),
		writing(reads("supplier.row", "A supplier payment shows in a search of its order as it was sent.", doc, 20, "records a payment of 1.10 on the purchase order and searches it; it cannot be deleted",
			probeSupplierRow, ObjectPurchaseOrder, ObjectMethod, ObjectCurrency), paymenttest.Irreversible),
	}
}

const supplierRowsForm paymenttest.Form = `{"response":{"results":[["integer|string","string|null","string","string","integer|string","integer|string|null","string","string",` +
	`"string","string","integer|string|null"]]}}`

func probeSupplierRow(ctx context.Context, t *paymenttest.Trial) error {
	amount, err := payment.ParseAmount("1.10")
	if err != nil {
		return err
	}
	p := brightpearl.SupplierPayment{
		TransactionRef: t.Reference(), PaymentMethodCode: t.Object(ObjectMethod), PaymentType: brightpearl.TypePayment, OrderID: number(t, ObjectPurchaseOrder),
		CurrencyISOCode: t.Object(ObjectCurrency), AmountPaid: amount, PaymentDate: t.Began(),
	}
	t.Writing("supplier PAYMENT of 1.10 on order %d, reference %s", p.OrderID, p.TransactionRef)
	id, err := client(t).CreateSupplierPayment(ctx, p)
	if err != nil {
		return err
	}
	var f searched
	shown, err := t.Await(ctx, func() (bool, error) {
		f, err = searchIn(ctx, t, "supplier-payment-search", url.Values{"orderId": {t.Object(ObjectPurchaseOrder)}})
		return err == nil && f.row(id) != nil, err
	})
	if err != nil {
		return err
	}
	if !shown {
		return t.NotDecidable("the new payment does not show in a search of its order")
	}
	if err := t.Want(f.exchange, http.StatusOK, supplierRowsForm); err != nil {
		return err
	}
	if row := f.row(id); f.cell(row, "amountPaid") != "1.10" || f.cell(row, "transactionRef") != p.TransactionRef {
		return t.Differs(f.exchange.Place()+" $.response.results", "the row does not show amount and reference as they were sent")
	}
	return nil
}

const totalsForm paymenttest.Form = `{"response":[{"orderId":"integer","paymentCurrency?":"string","amountPaid":"number","amountAuthorized":"number","amountCaptured":"number"}]}`

// totals reads the totals that a path names.
func totals(ctx context.Context, t *paymenttest.Trial, ids string) (all []orderTotal, e paymenttest.Exchange, err error) {
	e, err = t.Get(ctx, accountingPath+"sale-payment-total/"+ids)
	if err == nil {
		err = t.Want(e, http.StatusOK, totalsForm)
	}
	var body struct {
		Response []orderTotal `json:"response"`
	}
	if err == nil && json.Unmarshal(e.Body, &body) != nil {
		err = t.Differs(e.Place(), "the totals cannot be read")
	}
	return body.Response, e, err
}

// totalOf reads the totals of one order.
func totalOf(ctx context.Context, t *paymenttest.Trial, order string) (orderTotal, paymenttest.Exchange, error) {
	all, e, err := totals(ctx, t, order)
	if err == nil && (len(all) != 1 || strconv.FormatInt(all[0].OrderID, 10) != order) {
		err = t.Differs(e.Place()+" $.response", "%d totals, not the one of the order", len(all))
	}
	if err != nil {
		return orderTotal{}, e, err
	}
	return all[0], e, nil
}

func probeNoTotals(ctx context.Context, t *paymenttest.Trial) error {
	total, e, err := totalOf(ctx, t, t.Object(ObjectMissingOrder))
	if err != nil {
		return err
	}
	if total.PaymentCurrency != "" || total.AmountPaid.Sign() != 0 || total.AmountAuthorized.Sign() != 0 || total.AmountCaptured.Sign() != 0 {
		return t.Differs(e.Place()+" $.response[0]", "an order without payments has a currency or an amount")
	}
	return nil
}

func probeTotalsWithoutIDs(ctx context.Context, t *paymenttest.Trial) error {
	all, e, err := totals(ctx, t, "")
	if err == nil && len(all) > 0 {
		return t.Differs(e.Place()+" $.response", "%d totals without ids", len(all))
	}
	return err
}

func probeUnordered(ctx context.Context, t *paymenttest.Trial) error {
	order := number(t, ObjectOrder)
	e, err := t.Get(ctx, accountingPath+fmt.Sprintf("sale-payment-total/%d,%d", order+1, order))
	if err != nil {
		return err
	}
	if e.Status == http.StatusOK {
		t.Fact("unorderedIDs", true)
		return t.Want(e, http.StatusOK, totalsForm)
	}
	if err := wantCode(t, e, http.StatusBadRequest, "CMNC-006"); err != nil {
		return err
	}
	t.Fact("unorderedIDs", false)
	return nil
}

func probeTotalsLimit(ctx context.Context, t *paymenttest.Trial) error {
	order := number(t, ObjectOrder)
	e, err := t.Get(ctx, accountingPath+fmt.Sprintf("sale-payment-total/%d-%d", order, order+200))
	if err != nil {
		return err
	}
	return wantRefused(t, e, "a range of 201 orders")
}

// probeTotals records one payment of each type and compares what they have
// changed.
func probeTotals(ctx context.Context, t *paymenttest.Trial) error {
	order := t.Object(ObjectOrder)
	before, _, err := totalOf(ctx, t, order)
	if err != nil {
		return err
	}
	code := t.Reference()
	for _, made := range []struct {
		kind   brightpearl.PaymentType
		amount string
	}{
		{brightpearl.TypeReceipt, "1.10"}, {brightpearl.TypePayment, "0.40"}, {brightpearl.TypeAuth, "3.00"},
		{brightpearl.TypeCapture, "0.50"}, {brightpearl.TypeVoid, "1.00"},
	} {
		p := paymentOf(t, made.kind, made.amount)
		if made.kind != brightpearl.TypeReceipt && made.kind != brightpearl.TypePayment {
			p.TransactionCode = code
		}
		if _, err := recordNew(ctx, t, p); err != nil {
			return err
		}
	}
	var after orderTotal
	var e paymenttest.Exchange
	same, err := t.Await(ctx, func() (bool, error) {
		after, e, err = totalOf(ctx, t, order)
		return err == nil && grown(before.AmountPaid, after.AmountPaid, "1.20") && grown(before.AmountAuthorized, after.AmountAuthorized, "2.00") &&
			grown(before.AmountCaptured, after.AmountCaptured, "0.50"), err
	})
	if err != nil {
		return err
	}
	if !same {
		return t.Differs(e.Place()+" $.response[0]", "paid from %s to %s, authorized from %s to %s, captured from %s to %s; the payments come to 1.20, 2.00, 0.50",
			before.AmountPaid, after.AmountPaid, before.AmountAuthorized, after.AmountAuthorized, before.AmountCaptured, after.AmountCaptured)
	}
	if after.PaymentCurrency != t.Object(ObjectCurrency) {
		return t.Differs(e.Place()+" $.response[0].paymentCurrency", "not the currency of the payments")
	}
	return nil
}

func grown(before, after payment.Amount, by string) bool {
	want, err := payment.ParseAmount(by)
	return err == nil && before.Add(want).Equal(after)
}

const methodsForm paymenttest.Form = `{"response":[{"id?":"integer","name":"string","code":"string","isActive":"bool","installedIntegrationId":"string",` +
	`"bankAccounts":[{"paymentMethodId":"integer","currencyIsoCode":"string","bankAccountNominalCode":"string"}]}]}`

// readMethods reads payment methods as raw JSON.
func readMethods(ctx context.Context, t *paymenttest.Trial, path string) (rows []methodRow, e paymenttest.Exchange, err error) {
	e, err = t.Get(ctx, path)
	if err == nil {
		err = t.Want(e, http.StatusOK, methodsForm)
	}
	var body struct {
		Response []methodRow `json:"response"`
	}
	if err == nil && json.Unmarshal(e.Body, &body) != nil {
		err = t.Differs(e.Place(), "the methods cannot be read")
	}
	return body.Response, e, err
}

func probeMethods(ctx context.Context, t *paymenttest.Trial) error {
	rows, e, err := readMethods(ctx, t, methodsPath)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return t.NotDecidable("the account has no payment methods")
	}
	with := 0
	for _, m := range rows {
		if m.ID != 0 {
			with++
		}
	}
	if with > 0 && with < len(rows) {
		return t.Differs(e.Place()+" $.response", "%d of %d methods have an id", with, len(rows))
	}
	t.Fact("methodsWithoutIDs", with == 0)
	return nil
}

func probeOneMethod(ctx context.Context, t *paymenttest.Trial) error {
	rows, _, err := readMethods(ctx, t, methodsPath)
	if err != nil {
		return err
	}
	for _, m := range rows {
		if len(m.BankAccounts) == 0 {
			continue
		}
		one, e, err := readMethods(ctx, t, methodsPath+strconv.FormatInt(m.BankAccounts[0].PaymentMethodID, 10))
		if err != nil {
			return err
		}
		if len(one) != 1 || one[0].Code != m.Code || one[0].ID != m.ID {
			return t.Differs(e.Place()+" $.response", "%d methods, not the one that was asked for as the list shows it", len(one))
		}
		return nil
	}
	return t.NotDecidable("no method of the account has a bank account, which tells its id")
}

func probeNoMethod(ctx context.Context, t *paymenttest.Trial) error {
	e, err := t.Get(ctx, methodsPath+"999999999")
	if err != nil {
		return err
	}
	return wantCode(t, e, http.StatusNotFound, "CMNC-404")
}
