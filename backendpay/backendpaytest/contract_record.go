package backendpaytest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// documentedClauses are the exchanges of the documentation, as they stand there.
// They can be tried against any server.
func documentedClauses() []paymenttest.Clause {
	exchange := func(id, statement, source string, d paymenttest.DocumentedExchange, objects ...string) paymenttest.Clause {
		d.Status, d.Placeholders = http.StatusOK, map[string]string{}
		for _, name := range objects {
			d.Placeholders["{"+name+"}"] = name
		}
		return paymenttest.Clause{
			ID: "documented." + id, Statement: statement, Evidence: paymenttest.Documented, Source: source, Objects: objects,
			Depends: []string{"paths"}, Requests: 1, Plan: "sends GET " + d.Path, Probe: d.Probe,
		}
	}
	get := func(path string, form paymenttest.Form) paymenttest.DocumentedExchange {
		return paymenttest.DocumentedExchange{Method: http.MethodGet, Path: path, Answer: form}
	}
	textID := func(c paymenttest.Clause) paymenttest.Clause {
		c.Depends = append(c.Depends, "numericIDs")
		return c
	}
	search := func(c paymenttest.Clause) paymenttest.Clause {
		c.Objects = append(c.Objects, ObjectCustomer)
		c.Requests += 1 + learning
		c.Probe = probeSearch(c.Probe)
		return c
	}
	const sample paymenttest.Form = `{"id":"string"}`
	return []paymenttest.Clause{
		exchange("payment", "A payment is shown with the ten documented fields.", paymentsPage, get("/payments/{payment}", paymentForm), ObjectPayment),
		exchange("payments", "The list of payments is an array of payments, without an envelope.", paymentsPage, get("/payments/?limit=5", paymentsForm)),
		exchange("customer-payments", "A customer has a list of payments.", paymentsPage, get("/customers/{customer}/payments/?limit=5", paymentsForm), ObjectCustomer),
		textID(exchange("object", "GET by id answers with the bare object, whose id is text.", endpointsPage+", sample of an object", get("/customers/{customer}", sample), ObjectCustomer)),
		textID(exchange("list", "A list is a bare array of objects, whose ids are texts.", endpointsPage+", sample of a list", get("/customers/?limit=5", "["+sample+"]"))),
		search(exchange("account-number", "A customer is searched by account number with a path without a slash at its end.", customersPage+", sample of a query",
			get("/customers?accountNumber={account number}", customersForm), ObjectAccountNumber)),
		search(exchange("crm-reference", "A customer is searched by CRM reference in the same way.", customersPage+", sample of a query",
			get("/customers?CRMReference={CRM reference}", customersForm), ObjectCRMReference)),
		search(exchange("active-account", "A search by account number may ask for active customers only.", customersPage+", sample of a query",
			get("/customers?accountNumber={account number}&active=true", customersForm), ObjectAccountNumber)),
		exchange("expand-numbers", "GET of a customer may embed the active numbers.", customersPage+", sample of a query",
			get("/customers/{customer}?expandNumbers=true&numberActive=true", `{"id":"string|integer","numbers":"array"}`), ObjectCustomer),
	}
}

// probeSearch tries the documented search, and whether it shows the customer as
// GET by id does, and no other.
func probeSearch(documented func(context.Context, *paymenttest.Trial) error) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		if err := documented(ctx, t); err != nil {
			return err
		}
		found := t.Last()
		var rows []shown
		if readJSON(found.Body, &rows) != nil || len(rows) != 1 || rows[0].id() != t.Object(ObjectCustomer) {
			return t.Differs(found.Place()+" $", "not the customer alone")
		}
		customer, err := itemOf(ctx, t, path("customers", t.Object(ObjectCustomer)), "", customerForm)
		if err != nil {
			return err
		}
		return wantSame(t, found.Place()+" $[0]", rows[0], customer)
	}
}

// recordClauses are about how answers show a payment.
func recordClauses() []paymenttest.Clause {
	const doc, seen, unknown = paymenttest.Documented, paymenttest.Observed, paymenttest.Unknown
	shape := func(id, statement string, evidence paymenttest.Evidence, source string, probe func(t *paymenttest.Trial, rows []shown) error, facts ...string) paymenttest.Clause {
		return deciding(reading(id, statement, evidence, source, 1, "lists five payments", func(ctx context.Context, t *paymenttest.Trial) error {
			rows, err := fiveValid(ctx, t)
			if err != nil {
				return err
			}
			return probe(t, rows)
		}), facts...)
	}
	return []paymenttest.Clause{
		with(shape("payment.ids", "Ids are texts of digits.", seen, "samples of the "+endpointsPage+"; ids in paths are called numeric", probeIDs, "numericIDs", "idPrefix"), func(c *paymenttest.Clause) {
			c.Option = "Config.TextIDs, Config.Paging"
		}),
		shape("payment.amounts", "Amounts are texts.", unknown, nowhere, probeAmounts, "amounts"),
		shape("payment.absent", "A text or date that is not set is null.", unknown, nowhere, probeAbsent, "absent"),
		shape("payment.dates", "Dates are shown as YYYY-MM-DD.", doc, endpointsPage, probeDates, "dates"),
		shape("payment.status", "The status is an array of texts.", doc, paymentsPage, probeStatus, "loneStatus"),
		shape("payment.status-words", "A payment that is not reversed has the status Valid.", unknown, nowhere, probeStatusWords),
		shape("payment.method", "The method is the name of a payment type.", paymenttest.Inferred, reasoned, probeMethodSet),
	}
}

// fiveValid returns five payments at most that are not reversed, one at least.
func fiveValid(ctx context.Context, t *paymenttest.Trial) ([]shown, error) {
	rows, err := paymentsOf(ctx, t, "limit=5")
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, t.NotDecidable("no payment is shown")
	}
	return rows[:min(5, len(rows))], nil
}

// at returns the place of a member in a list of payments.
func at(t *paymenttest.Trial, i int, member string) string {
	return fmt.Sprintf("%s $[%d].%s", t.Last().Place(), i, member)
}

func probeIDs(t *paymenttest.Trial, rows []shown) error {
	_, numeric := rows[0]["id"].(json.Number)
	prefix := strings.TrimRight(rows[0].id(), "0123456789")
	for i, row := range rows {
		_, number := row["id"].(json.Number)
		if _, ok := row.number(); !ok || number != numeric || strings.TrimRight(row.id(), "0123456789") != prefix {
			return t.Differs(at(t, i, "id"), "neither digits nor digits behind a prefix, or unlike the others")
		}
	}
	t.Fact("idPrefix", prefix)
	if prefix != "" {
		t.Mask("numericIDs", "ids are not numbers")
		t.Advise("set Config.TextIDs, and Config.Paging to ByOffset")
		return nil
	}
	t.Fact("numericIDs", numeric)
	return nil
}

func probeAmounts(t *paymenttest.Trial, rows []shown) error {
	_, number := rows[0]["paymentAmount"].(json.Number)
	for i, row := range rows {
		text := row.text("paymentAmount")
		if _, other := row["paymentAmount"].(json.Number); other != number || strings.Trim(text, "-.0123456789") != "" || text == "" {
			return t.Differs(at(t, i, "paymentAmount"), "not a decimal, or unlike the others")
		}
	}
	form := AmountString
	if number {
		form = AmountNumber
	}
	t.Fact("amounts", form)
	return nil
}

// probeAbsent looks at what a payment that is not reversed cannot have.
func probeAbsent(t *paymenttest.Trial, rows []shown) error {
	for i, row := range rows {
		text, textThere := row["invoiceIDReversed"]
		date, dateThere := row["paymentReversedDate"]
		zero, _ := date.(string)
		switch {
		case !textThere && !dateThere:
			t.Fact("absent", AbsentMissing)
		case !textThere || !dateThere:
			return t.Differs(at(t, i, "invoiceIDReversed"), "one of two fields that are not set is missing, the other is not")
		case text == nil && date == nil:
			t.Fact("absent", AbsentNull)
		case text == "" && date == "":
			t.Fact("absent", AbsentEmpty)
		case text == nil && strings.HasPrefix(zero, "0000-00-00"):
			t.Fact("absent", AbsentZero)
		default:
			return t.Differs(at(t, i, "paymentReversedDate"), "a payment that is not reversed has a date or an invoice of its reversal, or shows in two ways that it has none")
		}
	}
	return nil
}

// dateForms are how a date may be written.
var dateForms = map[DateForm]string{DateOnly: time.DateOnly, DateZoned: time.RFC3339, DateLocal: "2006-01-02T15:04:05", DateBlank: time.DateTime}

func probeDates(t *paymenttest.Trial, rows []shown) error {
	for i, row := range rows {
		known := false
		for form, layout := range dateForms {
			if _, err := time.Parse(layout, row.text("paymentDate")); err == nil {
				t.Fact("dates", form)
				known = true
			}
		}
		if !known {
			return t.Differs(at(t, i, "paymentDate"), "written in another form")
		}
	}
	return nil
}

func probeStatus(t *paymenttest.Trial, rows []shown) error {
	t.Mask("loneStatus", "no payment has a status of one word")
	for i, row := range rows {
		words, array := row["status"].([]any)
		for _, word := range words {
			if _, ok := word.(string); !ok {
				return t.Differs(at(t, i, "status[]"), "not a text")
			}
		}
		if !array || len(words) == 1 {
			t.Fact("loneStatus", !array)
		}
	}
	return nil
}

func probeStatusWords(t *paymenttest.Trial, rows []shown) error {
	for i, row := range rows {
		words, array := row["status"].([]any)
		if !array {
			words = []any{row["status"]}
		}
		if !slices.Contains(words, any("Valid")) {
			return t.Differs(at(t, i, "status"), "%v", words)
		}
	}
	return nil
}

func probeMethodSet(t *paymenttest.Trial, rows []shown) error {
	for i, row := range rows {
		if row.text("paymentMethod") == "" {
			return t.Differs(at(t, i, "paymentMethod"), "empty")
		}
	}
	return nil
}
