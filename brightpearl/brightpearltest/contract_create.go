package brightpearltest

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Documented requests, from the page of the customer-payment POST. Sandbox
// objects and new references take the place of order, currency and reference.
const (
	documentedReceipt = `{"transactionRef":"REF0001","transactionCode":"CODE0001","paymentMethodCode":"ACME_PAY","paymentType":"RECEIPT","orderId":2002,` +
		`"currencyIsoCode":"USD","exchangeRate":1.307,"amountPaid":100.00,"paymentDate":"2016-06-19T15:03:17+01:00","journalRef":"Online order 2002 prepaid"}`
	documentedAuth = `{"transactionRef":"REF0002","transactionCode":"CODE0002","paymentMethodCode":"ACME_PAY","paymentType":"AUTH","orderId":2003,` +
		`"currencyIsoCode":"GBP","amountAuthorized":50.00,"authorizationExpiry":"2016-06-19T12:00:00","paymentDate":"2016-06-19T12:00:00"}`
)

// createClauses are about the POST of a customer payment.
func createClauses() []paymenttest.Clause {
	writes := func(id, statement string, evidence paymenttest.Evidence, requests int, plan string, probe func(context.Context, *paymenttest.Trial) error, decides ...string) paymenttest.Clause {
		return paymenttest.Clause{
			ID: id, Statement: statement, Evidence: evidence, Source: "customer-payment POST page", Requests: requests, Plan: plan, Probe: probe, Decides: decides,
			Needs: []paymenttest.Need{paymenttest.Write}, Objects: []string{ObjectOrder, ObjectMethod, ObjectCurrency},
		}
	}
	documented := func(id, body string, placeholders map[string]string) paymenttest.Clause {
		return writes(id, "The documented request is accepted and answered with an id.", paymenttest.Documented, 1, "records the documented payment on the order",
			paymenttest.DocumentedExchange{
				Method: http.MethodPost, Path: accountingPath + "customer-payment", Body: body, Status: http.StatusOK, Answer: idForm, Placeholders: placeholders,
				Made: func(t *paymenttest.Trial, e paymenttest.Exchange, w *paymenttest.Written) {
					t.AtEnd(undoing(t, w, idOf(e)))
				},
			}.Probe)
	}
	const doc, seen, inferred, unknown = paymenttest.Documented, paymenttest.Observed, paymenttest.Inferred, paymenttest.Unknown
	order := writes("create.unknown-order", "A payment for an order that does not exist is accepted.", unknown, 2, "records a receipt of 1.10 on the missing order and deletes it",
		probeUnknownOrder, "refusesUnknownOrders")
	order.Needs, order.Objects = []paymenttest.Need{paymenttest.Write, paymenttest.Delete}, append(order.Objects, ObjectMissingOrder)
	return []paymenttest.Clause{
		documented("create.documented-receipt", documentedReceipt, map[string]string{"REF0001": "reference", "2002": ObjectOrder, "USD": ObjectCurrency}),
		documented("create.documented-auth", documentedAuth, map[string]string{"REF0002": "reference", "2003": ObjectOrder, "GBP": ObjectCurrency}),
		writes("create.required", "Method, type, order, currency and date are required.", doc, 5, "sends five payments, each without one field", probeRequired),
		writes("create.limits", "References above 64 characters, codes above 36 and currencies of two letters are refused.", doc, 4, "sends four payments, each with one text too long or too short", probeLimits),
		writes("create.unknown-type", "A paymentType other than the five is refused.", doc, 1, "sends a payment of type CONTRACT", probeRefusal("a payment of type CONTRACT", func(body map[string]any) { body["paymentType"] = "CONTRACT" })),
		writes("create.negative-authorization", "amountAuthorized must not be negative.", doc, 1, "sends an AUTH of -0.40", probeNegative),
		writes("create.wrong-type", "A JSON value of the wrong type is 500 with code CMNU-003.", seen, 1, "sends a payment whose order is a text", probeWrongType),
		writes("create.no-body", "A POST without a body is refused with code CMNC-010.", doc, 1, "sends a POST without a body", probeNoBody),
		writes("create.default-amount", "A RECEIPT without amountPaid is recorded as 0.00.", doc, 20, "records a receipt without an amount and searches it", probeRecorded(
			func(body map[string]any) { delete(body, "amountPaid") }, "amountPaid", "0.00")),
		writes("create.foreign-amount", "amountAuthorized of a RECEIPT is ignored.", doc, 20, "records a receipt that also has amountAuthorized and searches it", probeRecorded(
			func(body map[string]any) { body["amountAuthorized"] = 5 }, "amountAuthorized", "0.00")),
		writes("create.text-amount", "An amount may be sent as a JSON text.", inferred, 20, "records a receipt whose amount is a text and searches it", probeRecorded(
			func(body map[string]any) { body["amountPaid"] = "1.10" }, "amountPaid", "1.10")),
		writes("create.local-time", "A time without an offset is taken as UTC.", unknown, 20, "records a receipt whose date has no offset and searches it", probeLocalTime),
		advise(writes("create.journal", "A payment with a known method gets a journal.", doc, 20, "records two receipts, once for all clauses, and searches them", probeJournal, "failingReceipts"),
			"look at FoundPayment.JournalID"),
		writes("create.length-units", "Lengths are counted in UTF-16 units.", inferred, 1, "sends a payment whose reference has 50 characters and 70 units", probeRefusal("a reference of 50 characters and 70 units",
			func(body map[string]any) {
				body["transactionRef"] = "contract-" + strings.Repeat("x", 21) + strings.Repeat("\U0001F4B0", 20)
			})),
		writes("create.auth-without-amount", "An AUTH without amountAuthorized is refused.", inferred, 1, "sends an AUTH without an amount", probeAuth(false,
			func(body map[string]any) { delete(body, "amountAuthorized") })),
		writes("create.auth-without-expiry", "An AUTH without authorizationExpiry is refused.", doc, 1, "sends an AUTH without an expiry", probeAuth(false,
			func(body map[string]any) { delete(body, "authorizationExpiry") })),
		writes("create.early-expiry", "An AUTH that expires before its paymentDate is accepted.", unknown, 1, "records an AUTH of 0.40 with an expiry of 2016", probeAuth(true,
			func(body map[string]any) { body["authorizationExpiry"] = "2016-06-19T12:00:00+00:00" })),
		advise(writes("create.over-capture", "A CAPTURE above its AUTH is accepted.", unknown, 2, "records an AUTH of 0.40 and a CAPTURE of 1.10", probeOverCapture),
			"RecorderOptions.CheckOpen"),
		order,
	}
}

func advise(c paymenttest.Clause, option string) paymenttest.Clause {
	c.Option = option
	return c
}

// probeRefusal sends a receipt that edit makes wrong.
func probeRefusal(what string, edit func(map[string]any)) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		e, _, err := postRaw(ctx, t, paymentOf(t, brightpearl.TypeReceipt, "0.40"), edit)
		if err != nil {
			return err
		}
		return wantRefused(t, e, what)
	}
}

func probeRequired(ctx context.Context, t *paymenttest.Trial) error {
	for _, name := range []string{"paymentMethodCode", "paymentType", "orderId", "currencyIsoCode", "paymentDate"} {
		if err := probeRefusal("a payment without "+name, func(body map[string]any) { delete(body, name) })(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func probeLimits(ctx context.Context, t *paymenttest.Trial) error {
	for _, limit := range []struct{ name, value string }{
		{"transactionRef", t.Reference() + strings.Repeat("x", 64)},
		{"transactionCode", strings.Repeat("x", 65)},
		{"paymentMethodCode", strings.Repeat("X", 37)},
		{"currencyIsoCode", "XX"},
	} {
		if err := probeRefusal("a wrong "+limit.name, func(body map[string]any) { body[limit.name] = limit.value })(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// probeAuth sends an AUTH that edit changes.
func probeAuth(accepted bool, edit func(map[string]any)) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		e, _, err := postRaw(ctx, t, paymentOf(t, brightpearl.TypeAuth, "0.40"), edit)
		switch {
		case err != nil:
			return err
		case accepted:
			return t.Want(e, http.StatusOK, idForm)
		}
		return wantRefused(t, e, "the AUTH")
	}
}

func probeOverCapture(ctx context.Context, t *paymenttest.Trial) error {
	code := t.Reference()
	auth, capture := paymentOf(t, brightpearl.TypeAuth, "0.40"), paymentOf(t, brightpearl.TypeCapture, "1.10")
	auth.TransactionCode, capture.TransactionCode = code, code
	if _, err := recordNew(ctx, t, auth); err != nil {
		return err
	}
	e, _, err := postRaw(ctx, t, capture, nil)
	if err != nil {
		return err
	}
	if e.Status == http.StatusOK {
		t.Advise("set RecorderOptions.CheckOpen if more than was authorized must not be captured: the vendor accepts it")
	}
	return t.Want(e, http.StatusOK, idForm)
}

func probeNegative(ctx context.Context, t *paymenttest.Trial) error {
	e, _, err := postRaw(ctx, t, paymentOf(t, brightpearl.TypeAuth, "0.40"), func(body map[string]any) { body["amountAuthorized"] = -0.4 })
	if err != nil {
		return err
	}
	return wantRefused(t, e, "a negative amountAuthorized")
}

func probeWrongType(ctx context.Context, t *paymenttest.Trial) error {
	e, _, err := postRaw(ctx, t, paymentOf(t, brightpearl.TypeReceipt, "0.40"), func(body map[string]any) { body["orderId"] = "contract" })
	if err != nil {
		return err
	}
	return wantCode(t, e, http.StatusInternalServerError, "CMNU-003")
}

func probeNoBody(ctx context.Context, t *paymenttest.Trial) error {
	e, err := t.Send(ctx, paymenttest.Raw{Method: http.MethodPost, Path: accountingPath + "customer-payment", Header: http.Header{"Content-Type": {"application/json"}}})
	if err != nil {
		return err
	}
	return wantCode(t, e, http.StatusBadRequest, "CMNC-010")
}

// probeRecorded records a receipt that edit changes, and compares one cell of
// its row.
func probeRecorded(edit func(map[string]any), column, want string) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		f, id, err := recorded(ctx, t, edit)
		if err != nil {
			return err
		}
		got := f.cell(f.row(id), column)
		t.Expect("%s is %s", column, want)
		t.See("%s is %v", column, got)
		if got != want {
			return t.Differs(f.exchange.Place()+" column "+column, "%v, not %s", got, want)
		}
		return nil
	}
}

// recorded posts a receipt that edit changes and waits until it shows.
func recorded(ctx context.Context, t *paymenttest.Trial, edit func(map[string]any)) (searched, int64, error) {
	e, id, err := postRaw(ctx, t, paymentOf(t, brightpearl.TypeReceipt, "1.10"), edit)
	if err != nil {
		return searched{}, 0, err
	}
	if err := t.Want(e, http.StatusOK, idForm); err != nil {
		return searched{}, 0, err
	}
	f, err := shown(ctx, t, id)
	return f, id, err
}

func probeLocalTime(ctx context.Context, t *paymenttest.Trial) error {
	const local = "2016-06-19T12:00:00"
	f, id, err := recorded(ctx, t, func(body map[string]any) { body["paymentDate"] = local })
	if err != nil {
		return err
	}
	text, _ := f.cell(f.row(id), "paymentDate").(string)
	at, err := time.Parse(rowTime, text)
	if err != nil {
		return t.Differs(f.exchange.Place()+" column paymentDate", "not a time with milliseconds and offset")
	}
	t.See("%s is shown as %s", local, at.UTC().Format(time.RFC3339))
	if at.UTC().Format("2006-01-02T15:04:05") != local {
		return t.Differs(f.exchange.Place()+" column paymentDate", "%s was taken for %s", local, at.UTC().Format(time.RFC3339))
	}
	return nil
}

func probeJournal(ctx context.Context, t *paymenttest.Trial) error {
	books, err := booksIn(ctx, t)
	if err != nil {
		return err
	}
	if !books {
		return t.NotDecidable("the method has no bank account in the currency")
	}
	ids, _, f, err := receipts(ctx, t)
	if err != nil {
		return err
	}
	failing := f.cell(f.row(ids[0]), "journalId") == nil
	t.Fact("failingReceipts", failing)
	if failing {
		t.Advise("look at FoundPayment.JournalID: payments are stored without a journal")
	}
	return nil
}

// booksIn reports whether the sandbox's method has a bank account in its
// currency.
func booksIn(ctx context.Context, t *paymenttest.Trial) (bool, error) {
	for m, err := range client(t).PaymentMethods(ctx) {
		if err != nil {
			return false, err
		}
		for _, b := range m.BankAccounts {
			if strings.EqualFold(m.Code, t.Object(ObjectMethod)) && b.CurrencyISOCode == t.Object(ObjectCurrency) {
				return true, nil
			}
		}
	}
	return false, nil
}

func probeUnknownOrder(ctx context.Context, t *paymenttest.Trial) error {
	p := paymentOf(t, brightpearl.TypeReceipt, "1.10")
	p.OrderID = number(t, ObjectMissingOrder)
	e, id, err := postRaw(ctx, t, p, nil)
	if err != nil {
		return err
	}
	if e.Status == http.StatusOK {
		t.Fact("refusesUnknownOrders", false)
		if err := t.Want(e, http.StatusOK, idForm); err != nil {
			return err
		}
		return client(t).DeleteCustomerPayment(ctx, id)
	}
	if err := wantRefused(t, e, "the payment"); err != nil {
		return err
	}
	t.Fact("refusesUnknownOrders", true)
	return nil
}
