package brightpearltest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// searchClauses are about the search of customer payments.
func searchClauses() []paymenttest.Clause {
	reads := func(id, statement string, evidence paymenttest.Evidence, requests int, plan string, probe func(context.Context, *paymenttest.Trial) error) paymenttest.Clause {
		return paymenttest.Clause{ID: id, Statement: statement, Evidence: evidence, Source: "customer-payment search page and recorded searches", Requests: requests, Plan: plan, Probe: probe}
	}
	writes := func(c paymenttest.Clause, decides ...string) paymenttest.Clause {
		c.Needs, c.Objects, c.Decides = []paymenttest.Need{paymenttest.Write}, []string{ObjectOrder, ObjectMethod, ObjectCurrency}, decides
		c.Plan = "records receipts of 1.10 and 2.20 on the order, once for all clauses; " + c.Plan
		return c
	}
	onOrder := func(c paymenttest.Clause, decides ...string) paymenttest.Clause {
		c.Objects, c.Decides = []string{ObjectOrder}, decides
		return c
	}
	advised := func(c paymenttest.Clause, option string) paymenttest.Clause {
		c.Option = option
		return c
	}
	const doc, seen, inferred, unknown = paymenttest.Documented, paymenttest.Observed, paymenttest.Inferred, paymenttest.Unknown
	return []paymenttest.Clause{
		reads("search.columns", "A search names its 14 columns, with type and sortability, in the documented order.", doc, 1, "searches one page", probeColumns),
		reads("search.empty", "A search that finds nothing has no results and no firstResult.", seen, 1, "searches a day in 1990", probeEmpty),
		reads("search.bad-filter", "A filter that cannot be parsed is 500 with code CMNC-018.", seen, 1, "searches the order BAD", probeFilter("orderId=BAD")),
		reads("search.open-range", "An open range of ids cannot be parsed: 500 with code CMNC-018.", seen, 1, "searches the ids from 100 on", probeFilter("paymentId=100-")),
		onOrder(reads("search.order-ids", "orderId takes a list of ids with commas.", seen, 1, "searches the order and the next one", probeOrderIDs)),
		advised(onOrder(reads("search.results-available", "resultsAvailable counts all results.", doc, 1, "searches the order", probeAvailable), "wrongResultsAvailable"), "none: this SDK never reads resultsAvailable"),
		writes(reads("search.row", "A row shows what was recorded: amounts as text with two decimals, times with milliseconds and offset.", seen, 20, "searches the order until one shows", probeRow)),
		writes(reads("search.ids", "Ids in rows are JSON numbers.", seen, 20, "searches the order", probeIDs), "textIDs"),
		writes(reads("search.zone", "Times in rows are shown at offset +00:00.", unknown, 20, "searches the order", probeZone), "displayOffset"),
		writes(reads("search.index-lag", "A search shows a payment at once.", unknown, 20, "records another and searches the order until it shows", probeLag), "indexLag"),
		advised(writes(reads("search.text-match", "A search compares texts letter by letter.", unknown, 24, "searches four spellings of a reference", probeTextMatch), "stringMatch"), "Paging.TrustFilters"),
		advised(writes(reads("search.id-range", "A range of payment ids is honoured.", doc, 20, "searches a range that holds no payment", probeIDRange), "ignoredIDRanges"), "Paging.TrustFilters"),
		writes(reads("search.period", "A period may be open at its end, or at its start.", inferred, 22, "searches by createdOn", probePeriod)),
		writes(reads("search.paging", "firstResult and pageSize cut pages, and morePagesAvailable announces the next.", seen, 22, "searches two pages of one", probePaging)),
		writes(reads("search.overlap", "A page begins at any row, also within a page of its size.", inferred, 22, "searches two rows from the second on", probeOverlap)),
		writes(reads("search.sort", "sort=paymentId.DESC shows the latest first.", seen, 20, "searches the order, sorted", probeSort)),
		writes(reads("search.chosen-columns", "columns=… changes the shape of rows, and metaData says how.", seen, 20, "searches two columns", probeChosenColumns)),
		writes(reads("search.signs", "amountPaid of a PAYMENT and amountAuthorized of a VOID are shown without a sign.", unknown, 26,
			"records a PAYMENT, an AUTH and a VOID of 0.40 and searches the order", probeSigns), "signedAmounts"),
	}
}

const columnForm = `{"name":"string","sortable":"bool","filterable":"bool","reportDataType":"string","referenceData":"array","isFreeTextSearchable":"bool","required":"bool"}`

// searchForm is the form of the recorded searches. firstResult and lastResult
// are missing without results.
const searchForm paymenttest.Form = `{"response":{"results":[["any"]],"metaData":{"morePagesAvailable":"bool","resultsAvailable":"integer","resultsReturned":"integer",` +
	`"firstResult?":"integer","lastResult?":"integer","columns":[` + columnForm + `],"sorting":[{"filterable":` + columnForm + `,"direction":"string"}]}},"reference":"object"}`

// rowForm is a row of all columns. Ids may be texts, which search.ids finds out.
const rowForm = `["integer|string","string|null","string|null","string","string","integer|string","integer|string|null","string","string","string","string|null","string","string","integer|string|null"]`

const fullRowsForm paymenttest.Form = `{"response":{"results":[` + rowForm + `]}}`

// searched is the answer to a search.
type searched struct {
	exchange paymenttest.Exchange
	Results  [][]any
	MetaData struct {
		MorePagesAvailable bool
		ResultsAvailable   int
		ResultsReturned    int
		FirstResult        *int
		LastResult         *int
		Columns            []struct {
			Name, ReportDataType string
			Sortable, Filterable bool
		}
	}
}

// searchRaw sends a raw search and checks the form of its answer.
func searchRaw(ctx context.Context, t *paymenttest.Trial, query url.Values) (searched, error) {
	return searchIn(ctx, t, "customer-payment-search", query)
}

func searchIn(ctx context.Context, t *paymenttest.Trial, resource string, query url.Values) (searched, error) {
	e, err := t.Get(ctx, accountingPath+resource+"?"+query.Encode())
	if err != nil {
		return searched{}, err
	}
	if err := t.Want(e, http.StatusOK, searchForm); err != nil {
		return searched{}, err
	}
	var body struct{ Response searched }
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return searched{}, t.Differs(e.Place(), "the answer cannot be read")
	}
	f := body.Response
	f.exchange = e
	for i, row := range f.Results {
		if len(row) != len(f.MetaData.Columns) {
			return f, t.Differs(fmt.Sprintf("%s $.response.results[%d]", e.Place(), i), "%d cells for %d columns", len(row), len(f.MetaData.Columns))
		}
	}
	if n := len(f.Results); n != f.MetaData.ResultsReturned {
		return f, t.Differs(e.Place()+" $.response.metaData.resultsReturned", "%d for %d rows", f.MetaData.ResultsReturned, n)
	}
	if m := f.MetaData; len(f.Results) > 0 && (m.FirstResult == nil || m.LastResult == nil) {
		return f, t.Differs(e.Place()+" $.response.metaData", "firstResult or lastResult is missing, though there are results")
	}
	return f, nil
}

// cell returns a cell by the name of its column.
func (f searched) cell(row []any, column string) any {
	for i, c := range f.MetaData.Columns {
		if c.Name == column {
			return row[i]
		}
	}
	return nil
}

// ids returns the payment ids of all rows, whichever JSON type they have.
func (f searched) ids() (ids []int64) {
	for _, row := range f.Results {
		ids = append(ids, asID(f.cell(row, "paymentId")))
	}
	return ids
}

func asID(cell any) int64 {
	switch v := cell.(type) {
	case float64:
		return int64(v)
	case string:
		id, _ := strconv.ParseInt(v, 10, 64)
		return id
	}
	return 0
}

// row returns the row of the payment, or nil.
func (f searched) row(id int64) []any {
	if i := slices.Index(f.ids(), id); i >= 0 {
		return f.Results[i]
	}
	return nil
}

func byOrder(t *paymenttest.Trial) url.Values { return url.Values{"orderId": {t.Object(ObjectOrder)}} }

// shown waits until a search of the order shows all the payments.
func shown(ctx context.Context, t *paymenttest.Trial, ids ...int64) (f searched, err error) {
	query := byOrder(t)
	query.Set("sort", "paymentId.DESC")
	all, err := t.Await(ctx, func() (bool, error) {
		f, err = searchRaw(ctx, t, query)
		return err == nil && !slices.ContainsFunc(ids, func(id int64) bool { return f.row(id) == nil }), err
	})
	if err == nil && !all {
		return f, t.NotDecidable("the new payment does not show in a search of its order")
	}
	if err == nil {
		err = t.Want(f.exchange, http.StatusOK, fullRowsForm)
	}
	return f, err
}

// receipts returns two receipts that the clauses share, and what the search of
// their order shows.
func receipts(ctx context.Context, t *paymenttest.Trial) (made [2]int64, refs [2]string, f searched, err error) {
	type pair struct {
		ids  [2]int64
		refs [2]string
	}
	both, err := paymenttest.Share(t, "receipts", func() (p pair, err error) {
		for i, amount := range []string{"1.10", "2.20"} {
			receipt := paymentOf(t, brightpearl.TypeReceipt, amount)
			p.refs[i] = receipt.TransactionRef
			if p.ids[i], err = recordNew(ctx, t, receipt); err != nil {
				return p, err
			}
		}
		return p, nil
	})
	if err == nil {
		f, err = shown(ctx, t, both.ids[:]...)
	}
	return both.ids, both.refs, f, err
}
