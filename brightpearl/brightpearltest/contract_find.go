package brightpearltest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func probeColumns(ctx context.Context, t *paymenttest.Trial) error {
	f, err := searchRaw(ctx, t, url.Values{"pageSize": {"1"}})
	if err != nil {
		return err
	}
	return wantColumns(t, f, customerColumns())
}

func wantColumns(t *paymenttest.Trial, f searched, columns []column) error {
	var want, got []string
	for _, c := range columns {
		want = append(want, fmt.Sprintf("%s %s sortable=%t filterable=true", c.name, c.kind, c.sortable))
	}
	for _, c := range f.MetaData.Columns {
		got = append(got, fmt.Sprintf("%s %s sortable=%t filterable=%t", c.Name, c.ReportDataType, c.Sortable, c.Filterable))
	}
	for i := range max(len(want), len(got)) {
		place := fmt.Sprintf("%s $.response.metaData.columns[%d]", f.exchange.Place(), i)
		switch {
		case i >= len(got):
			return t.Differs(place, "%s is missing", want[i])
		case i >= len(want):
			return t.Differs(place, "one more column: %s", got[i])
		case want[i] != got[i]:
			return t.Differs(place, "%s, not %s", got[i], want[i])
		}
	}
	return nil
}

func probeEmpty(ctx context.Context, t *paymenttest.Trial) error {
	f, err := searchRaw(ctx, t, url.Values{"createdOn": {"1990-01-01T00:00:00Z/1990-01-02T00:00:00Z"}})
	if err != nil {
		return err
	}
	if len(f.Results) > 0 || f.MetaData.FirstResult != nil || f.MetaData.LastResult != nil {
		return t.Differs(f.exchange.Place(), "%d results, firstResult is there: %t", len(f.Results), f.MetaData.FirstResult != nil)
	}
	return nil
}

func probeFilter(query string) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		e, err := t.Get(ctx, accountingPath+"customer-payment-search?"+query)
		if err != nil {
			return err
		}
		return wantCode(t, e, http.StatusInternalServerError, "CMNC-018")
	}
}

func probeOrderIDs(ctx context.Context, t *paymenttest.Trial) error {
	order := number(t, ObjectOrder)
	f, err := searchRaw(ctx, t, url.Values{"orderId": {fmt.Sprintf("%d,%d", order, order+1)}})
	if err != nil {
		return err
	}
	for _, row := range f.Results {
		if id := asID(f.cell(row, "orderId")); id != order && id != order+1 {
			return t.Differs(f.exchange.Place(), "the filter is not honoured: a row is of another order")
		}
	}
	return nil
}

func probeAvailable(ctx context.Context, t *paymenttest.Trial) error {
	f, err := searchRaw(ctx, t, byOrder(t))
	if err != nil {
		return err
	}
	switch available := f.MetaData.ResultsAvailable; {
	case f.MetaData.MorePagesAvailable || len(f.Results) == 500:
		return t.NotDecidable("the order has 500 payments or more")
	case available == len(f.Results):
		t.Fact("wrongResultsAvailable", false)
	case available == 500:
		t.Fact("wrongResultsAvailable", true)
	default:
		return t.Differs(f.exchange.Place()+" $.response.metaData.resultsAvailable", "%d for %d rows", available, len(f.Results))
	}
	return nil
}

// rowTime is how rows show times: with milliseconds and an offset.
const rowTime = "2006-01-02T15:04:05.000Z07:00"

func probeRow(ctx context.Context, t *paymenttest.Trial) error {
	ids, refs, f, err := receipts(ctx, t)
	if err != nil {
		return err
	}
	row := f.row(ids[0])
	for _, want := range []struct {
		column string
		value  any
	}{
		{"transactionRef", refs[0]}, {"paymentMethodCode", strings.ToUpper(t.Object(ObjectMethod))}, {"paymentType", "RECEIPT"},
		{"currencyCode", t.Object(ObjectCurrency)}, {"amountPaid", "1.10"}, {"amountAuthorized", "0.00"}, {"expires", nil},
	} {
		if got := f.cell(row, want.column); got != want.value {
			return t.Differs(f.exchange.Place()+" column "+want.column, "%v, not %v", got, want.value)
		}
	}
	if asID(f.cell(row, "orderId")) != number(t, ObjectOrder) {
		return t.Differs(f.exchange.Place()+" column orderId", "another order")
	}
	if asID(f.cell(row, "currencyId")) <= 0 {
		return t.Differs(f.exchange.Place()+" column currencyId", "not an id")
	}
	text, _ := f.cell(row, "paymentDate").(string)
	at, err := time.Parse(rowTime, text)
	if err != nil || !at.Equal(t.Began()) {
		return t.Differs(f.exchange.Place()+" column paymentDate", "not the time that was sent, or in another form")
	}
	return nil
}

func probeIDs(ctx context.Context, t *paymenttest.Trial) error {
	ids, _, f, err := receipts(ctx, t)
	if err != nil {
		return err
	}
	var numbers, texts int
	for _, column := range []string{"paymentId", "orderId", "currencyId", "journalId"} {
		switch f.cell(f.row(ids[0]), column).(type) {
		case float64:
			numbers++
		case string:
			texts++
		}
	}
	if numbers > 0 && texts > 0 || numbers+texts == 0 {
		return t.Differs(f.exchange.Place(), "%d ids of one row are numbers, %d are texts", numbers, texts)
	}
	t.Fact("textIDs", texts > 0)
	return nil
}

func probeZone(ctx context.Context, t *paymenttest.Trial) error {
	ids, _, f, err := receipts(ctx, t)
	if err != nil {
		return err
	}
	text, _ := f.cell(f.row(ids[0]), "createdOn").(string)
	at, err := time.Parse(rowTime, text)
	if err != nil {
		return t.Differs(f.exchange.Place()+" column createdOn", "not a time with milliseconds and offset")
	}
	_, offset := at.Zone()
	t.Fact("displayOffset", time.Duration(offset)*time.Second)
	return nil
}

func probeLag(ctx context.Context, t *paymenttest.Trial) error {
	before := t.Now()
	id, err := recordNew(ctx, t, paymentOf(t, brightpearl.TypeReceipt, "0.40"))
	if err != nil {
		return err
	}
	made, unseen := t.Now(), time.Duration(0)
	seen, err := t.Await(ctx, func() (bool, error) {
		asked := t.Now()
		f, err := searchRaw(ctx, t, byOrder(t))
		if err == nil && f.row(id) == nil {
			unseen = asked.Sub(made)
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		return err
	}
	if !seen {
		return t.NotDecidable("the payment did not show in a search of its order")
	}
	after := t.Now().Sub(before)
	t.Between("indexLag", unseen, after)
	t.See("shown after %s to %s", unseen, after)
	if unseen > 0 {
		t.Advise("use payment.WithPatience so that looks go on for longer than %s", after)
	}
	return nil
}

// probeTextMatch searches the reference itself, in capitals, without its last
// letter, and a reference that nobody has.
func probeTextMatch(ctx context.Context, t *paymenttest.Trial) error {
	ids, refs, _, err := receipts(ctx, t)
	if err != nil {
		return err
	}
	var hits [4]bool
	for i, ref := range []string{refs[0], strings.ToUpper(refs[0]), strings.TrimSuffix(refs[0], refs[0][len(refs[0])-2:]), "no-" + refs[0]} {
		f, err := searchRaw(ctx, t, url.Values{"transactionRef": {ref}, "orderId": {t.Object(ObjectOrder)}})
		if err != nil {
			return err
		}
		hits[i] = f.row(ids[0]) != nil
	}
	t.See("found by itself %t, in capitals %t, by its beginning %t, by another reference %t", hits[0], hits[1], hits[2], hits[3])
	switch hits {
	case [4]bool{true, false, false, false}:
		t.Fact("stringMatch", MatchExact)
	case [4]bool{true, true, false, false}:
		t.Fact("stringMatch", MatchIgnoreCase)
	case [4]bool{true, false, true, false}:
		t.Fact("stringMatch", MatchPrefix)
	case [4]bool{true, true, true, true}:
		t.Fact("stringMatch", MatchIgnored)
		t.Advise("leave Paging.TrustFilters off: the filter on transactionRef is not honoured")
	default:
		return t.Differs(t.Last().Place()+" transactionRef", "found by itself %t, in capitals %t, by its beginning %t, by another reference %t", hits[0], hits[1], hits[2], hits[3])
	}
	return nil
}

func probeIDRange(ctx context.Context, t *paymenttest.Trial) error {
	ids, _, _, err := receipts(ctx, t)
	if err != nil {
		return err
	}
	from := ids[1] + 1_000_000_000
	f, err := searchRaw(ctx, t, url.Values{"paymentId": {fmt.Sprintf("%d-%d", from, from+1)}, "orderId": {t.Object(ObjectOrder)}})
	if err != nil {
		return err
	}
	ignored := f.row(ids[0]) != nil
	if !ignored && len(f.Results) > 0 {
		return t.Differs(f.exchange.Place(), "the range finds payments with other ids")
	}
	t.Fact("ignoredIDRanges", ignored)
	if ignored {
		t.Advise("leave Paging.TrustFilters off: ranges of payment ids are not honoured")
	}
	return nil
}

func probePeriod(ctx context.Context, t *paymenttest.Trial) error {
	ids, _, _, err := receipts(ctx, t)
	if err != nil {
		return err
	}
	yesterday := t.Began().AddDate(0, 0, -1).Format(time.RFC3339)
	for _, period := range []struct {
		text string
		hit  bool
	}{{yesterday + "/", true}, {"/" + yesterday, false}} {
		query := byOrder(t)
		query.Set("createdOn", period.text)
		f, err := searchRaw(ctx, t, query)
		if err != nil {
			return err
		}
		if hit := f.row(ids[0]) != nil; hit != period.hit {
			return t.Differs(f.exchange.Place()+" createdOn", "a payment of today is found: %t", hit)
		}
	}
	return nil
}

func probePaging(ctx context.Context, t *paymenttest.Trial) error {
	_, _, _, err := receipts(ctx, t)
	if err != nil {
		return err
	}
	query := byOrder(t)
	query.Set("pageSize", "1")
	first, err := searchRaw(ctx, t, query)
	if err != nil {
		return err
	}
	query.Set("firstResult", "2")
	second, err := searchRaw(ctx, t, query)
	if err != nil {
		return err
	}
	place := first.exchange.Place() + " $.response.metaData"
	m := first.MetaData
	switch {
	case len(first.Results) != 1 || !m.MorePagesAvailable:
		return t.Differs(place+".morePagesAvailable", "a page of 1 has %d rows, more pages: %t", len(first.Results), m.MorePagesAvailable)
	case m.FirstResult == nil || *m.FirstResult != 1:
		return t.Differs(place+".firstResult", "the first page does not begin at 1")
	case m.LastResult == nil || *m.LastResult != 1:
		return t.Differs(place+".lastResult", "the first page of 1 does not end at 1")
	case len(second.Results) != 1 || second.ids()[0] <= first.ids()[0]:
		return t.Differs(place, "the second page does not follow the first by paymentId")
	}
	return nil
}

// probeOverlap looks for what the client rests on to notice that rows have
// moved: firstResult counts rows, not pages.
func probeOverlap(ctx context.Context, t *paymenttest.Trial) error {
	if _, _, _, err := receipts(ctx, t); err != nil {
		return err
	}
	whole, err := searchRaw(ctx, t, byOrder(t))
	if err != nil {
		return err
	}
	query := byOrder(t)
	query.Set("firstResult", "2")
	query.Set("pageSize", "2")
	part, err := searchRaw(ctx, t, query)
	if err != nil {
		return err
	}
	if len(part.Results) == 0 || part.ids()[0] != whole.ids()[1] {
		return t.Differs(part.exchange.Place()+" $.response.results", "the page does not begin with the second row")
	}
	return nil
}

func probeSort(ctx context.Context, t *paymenttest.Trial) error {
	_, _, f, err := receipts(ctx, t) // sorted by paymentId.DESC
	if err != nil {
		return err
	}
	ids := f.ids()
	slices.Reverse(ids)
	if !slices.IsSorted(ids) {
		return t.Differs(f.exchange.Place()+" sort", "the rows are not in descending order of paymentId")
	}
	return nil
}

func probeChosenColumns(ctx context.Context, t *paymenttest.Trial) error {
	ids, refs, _, err := receipts(ctx, t)
	if err != nil {
		return err
	}
	query := byOrder(t)
	query.Set("columns", "paymentId,transactionRef")
	f, err := searchRaw(ctx, t, query)
	if err != nil {
		return err
	}
	row := f.row(ids[0])
	if len(f.MetaData.Columns) != 2 || row == nil || f.cell(row, "transactionRef") != refs[0] {
		return t.Differs(f.exchange.Place()+" $.response.metaData.columns", "%d columns, not the two that were asked for", len(f.MetaData.Columns))
	}
	return nil
}

func probeSigns(ctx context.Context, t *paymenttest.Trial) error {
	var ids [3]int64
	for i, kind := range []brightpearl.PaymentType{brightpearl.TypePayment, brightpearl.TypeAuth, brightpearl.TypeVoid} {
		p := paymentOf(t, kind, "0.40")
		if kind != brightpearl.TypePayment {
			p.TransactionCode = "contract-" + strconv.FormatInt(ids[0], 10)
		}
		var err error
		if ids[i], err = recordNew(ctx, t, p); err != nil {
			return err
		}
	}
	f, err := shown(ctx, t, ids[:]...)
	if err != nil {
		return err
	}
	paid, authorized, voided := f.cell(f.row(ids[0]), "amountPaid"), f.cell(f.row(ids[1]), "amountAuthorized"), f.cell(f.row(ids[2]), "amountAuthorized")
	t.See("PAYMENT %v, AUTH %v, VOID %v", paid, authorized, voided)
	switch {
	case authorized != "0.40":
		return t.Differs(f.exchange.Place()+" column amountAuthorized", "an AUTH of 0.40 shows %v", authorized)
	case paid == "0.40" && voided == "0.40":
		t.Fact("signedAmounts", false)
	case paid == "-0.40" && voided == "-0.40":
		t.Fact("signedAmounts", true)
	default:
		return t.Differs(f.exchange.Place()+" column amountPaid", "a PAYMENT of 0.40 shows %v, a VOID of 0.40 %v", paid, voided)
	}
	if _, expires := f.cell(f.row(ids[1]), "expires").(string); !expires {
		return t.Differs(f.exchange.Place()+" column expires", "an AUTH shows no expiry")
	}
	return nil
}
