package backendpaytest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// The forms of records in answers. They take every form that a fact names;
// clauses of their own find out which it is. A member that is not set may be
// null or missing.
const (
	paymentForm paymenttest.Form = `{"id":"string|integer","ourReference?":"string","customerReference?":"string","paymentDate":"string",` +
		`"paymentReversedDate?":"string","status":"array|string","paymentAmount":"string|number","paymentMethod":"string",` +
		`"invoiceID?":"string|integer","invoiceIDReversed?":"string|integer"}`
	paymentsForm paymenttest.Form = "[" + paymentForm + "]"
	partForm     paymenttest.Form = `{"id":"string|integer","paymentPartAmount":"string|number"}`
	partsForm    paymenttest.Form = "[" + partForm + "]"
	typeForm     paymenttest.Form = `{"id":"string|integer","paymentTypeName":"string","paymentTypeDisplayName?":"string","paymentTypeShortName?":"string",` +
		`"paymentTypeDisplayClass?":"string","paymentTypeDisplayPosition":"number|string|null","availability":"string",` +
		`"paymentTypeUseFor":"array|null","paymentTypeUseForPaymentCardProviders":"array|null","paymentTypeCode?":"string","displayOnInvoice?":"string"}`
	typesForm     paymenttest.Form = "[" + typeForm + "]"
	customerForm  paymenttest.Form = `{"id":"string|integer"}`
	customersForm paymenttest.Form = "[" + customerForm + "]"
)

// learned is what a run has found out about how to ask, so that one fact does
// not get in the way of all clauses.
type learned struct {
	forms       bool // the two below are known
	bareLists   bool // lists have no slash at their end
	slashedItem bool // items have one
	amounts     bool // the one below is known
	amountText  bool // amounts have to be sent as text
}

func learnedOf(t *paymenttest.Trial) *learned {
	l, _ := paymenttest.Share(t, "learned", func() (*learned, error) { return new(learned), nil })
	return l
}

// asked are the answers about one list and one of its items, without a slash at
// the end of the path and with one.
type asked struct{ list, item [2]paymenttest.Exchange }

const learning = 4 // requests of askForms

// askForms reads the payment types in both forms of their paths.
func askForms(ctx context.Context, t *paymenttest.Trial) (a asked, err error) {
	t.ExpectRedirect()
	var first []shown
	for i, slash := range []string{"", "/"} {
		if a.list[i], err = t.Get(ctx, "/paymentTypes"+slash); err != nil {
			return a, err
		}
		var list []shown
		if a.list[i].Status == http.StatusOK && readJSON(a.list[i].Body, &list) == nil && len(list) > 0 {
			first = list
		}
	}
	if first == nil {
		return a, nil
	}
	for i, slash := range []string{"", "/"} {
		if a.item[i], err = t.Get(ctx, "/paymentTypes/"+url.PathEscape(first[0].id())+slash); err != nil {
			return a, err
		}
	}
	return a, nil
}

// ask is a request in the form of path that the installation answers.
type ask struct {
	method   string // GET if empty
	path     string // without a slash at its end
	list     bool   // the path is a list's, or a creation's in it
	query    string // already escaped
	body     any
	key      string // in place of the target's
	unsigned bool
}

func (a ask) send(ctx context.Context, t *paymenttest.Trial) (paymenttest.Exchange, error) {
	l := learnedOf(t)
	if !l.forms {
		seen, err := askForms(ctx, t)
		if err != nil {
			return paymenttest.Exchange{}, err
		}
		l.bareLists = seen.list[1].Status != http.StatusOK && seen.list[0].Status == http.StatusOK
		l.slashedItem = seen.item[0].Status != http.StatusOK && seen.item[1].Status == http.StatusOK
		l.forms = true
	}
	raw := paymenttest.Raw{Method: a.method, Path: a.path, Unsigned: a.unsigned}
	if a.list && !l.bareLists || !a.list && l.slashedItem {
		raw.Path += "/"
	}
	if a.query != "" {
		raw.Path += "?" + a.query
	}
	if a.key != "" {
		raw.Sign = signWith(a.key)
	}
	if a.body != nil {
		var err error
		if raw.Body, err = json.Marshal(a.body); err != nil {
			return paymenttest.Exchange{}, err
		}
	}
	return t.Send(ctx, raw)
}

// reading returns a clause that only reads.
func reading(id, statement string, evidence paymenttest.Evidence, source string, requests int, plan string, probe func(context.Context, *paymenttest.Trial) error) paymenttest.Clause {
	return paymenttest.Clause{
		ID: id, Statement: statement, Evidence: evidence, Source: source, Requests: requests + learning, Plan: plan, Probe: probe,
	}
}

// with completes a clause.
func with(c paymenttest.Clause, change func(c *paymenttest.Clause)) paymenttest.Clause {
	change(&c)
	return c
}

// deciding returns the clause with facts that it decides.
func deciding(c paymenttest.Clause, facts ...string) paymenttest.Clause {
	c.Decides = facts
	return c
}

// The sources of statements.
const (
	paymentsPage  = "payments endpoint page"
	partsPage     = "payment parts endpoint page"
	typesPage     = "payment types endpoint page"
	customersPage = "customers endpoint page"
	endpointsPage = "API endpoints page"
	startPage     = "API start page"
	reasoned      = "reasoned; no public page tells"
	nowhere       = "no public page tells"
)
