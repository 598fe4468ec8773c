package spektrixtest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

const syncPath = "/orders/sync"

const syncForm paymenttest.Form = `{"paging":{"limit":"integer","next?":"string"},"values":[{"orderId":"string","orderFriendlyId":"string","customerId":"string|null","customerFriendlyId":"string|null"}]}`

// syncPage is a page of orders/sync.
type syncPage struct {
	Paging struct {
		Limit int
		Next  string
	}
	Values []struct{ OrderID string }
}

// changed reads the first page of the orders that have changed since the run
// began.
func changed(ctx context.Context, t *paymenttest.Trial) (page syncPage, there bool, err error) {
	e, err := t.Get(ctx, syncPath+"?since="+url.QueryEscape(t.Began().Add(-time.Minute).Format("2006-01-02T15:04:05.0000000Z")))
	if err != nil || e.Status == http.StatusNotFound {
		return page, false, err
	}
	if err := t.Want(e, http.StatusOK, syncForm); err != nil {
		return page, false, err
	}
	page, err = read[syncPage](t, e)
	return page, true, err
}

func probeSync(ctx context.Context, t *paymenttest.Trial) error {
	page, there, err := changed(ctx, t)
	if err != nil {
		return err
	}
	t.Fact("noOrdersSync", !there)
	if there {
		t.Advise("SearchOrders may be set: orders/sync exists")
		if page.Paging.Limit != pageSize {
			return t.Differs(t.Last().Place()+" $.paging.limit", "%d, not %d", page.Paging.Limit, pageSize)
		}
		if next := page.Paging.Next; next != "" && !strings.HasPrefix(next, "/api/v3/orders/sync?since=") {
			return t.Differs(t.Last().Place()+" $.paging.next", "not a path without host and client name")
		}
	}
	return nil
}

func probeSyncOrder(ctx context.Context, t *paymenttest.Trial) error {
	f, err := ordered(ctx, t)
	if err != nil {
		return err
	}
	id, told := f.answeredID()
	if !told {
		return t.NotDecidable("the order's id is not known: the confirm tells none")
	}
	listed, err := t.Await(ctx, func() (bool, error) {
		page, there, err := changed(ctx, t)
		if err == nil && !there {
			err = t.NotDecidable("orders/sync does not exist")
		}
		return slices.ContainsFunc(page.Values, func(o struct{ OrderID string }) bool { return o.OrderID == id }), err
	})
	if err == nil && !listed {
		err = t.Differs(t.Last().Place()+" $.values", "the order does not show")
	}
	return err
}

// placed is an order as a customer shows it.
type placed struct {
	ID    string // or Id
	Total json.RawMessage
}

func probeCustomer(ctx context.Context, t *paymenttest.Trial) error {
	b, err := createBasket(ctx, t, `{"customer":`+quote(t.Object(ObjectCustomer))+`}`)
	if err != nil {
		return err
	}
	f, err := confirmRaw(ctx, t, b, quiet)
	if err != nil {
		return err
	}
	e, err := t.Get(ctx, "/customers/"+url.PathEscape(t.Object(ObjectCustomer)))
	if err != nil {
		return err
	}
	if err := t.Want(e, http.StatusOK, `{"id":"string","orders?":"array"}`); err != nil {
		return err
	}
	shown, err := read[struct{ Orders *[]placed }](t, e)
	if err != nil {
		return err
	}
	id, told := f.answeredID()
	switch {
	case shown.Orders == nil:
		t.Fact("customerOrders", CustomerShowsNone)
		return nil
	case !f.confirmed():
		return t.NotDecidable("no empty basket is confirmed: status %d", f.answer.Status)
	case len(*shown.Orders) == 0, told && !slices.ContainsFunc(*shown.Orders, func(o placed) bool { return o.ID == id }):
		return t.Differs(e.Place()+" $.orders", "the order does not show")
	case (*shown.Orders)[0].Total == nil:
		t.Fact("customerOrders", CustomerShowsStubs)
		return t.Want(e, http.StatusOK, `{"orders":[{"id":"string"}]}`)
	}
	t.Fact("customerOrders", CustomerShowsOrders)
	form := strings.Replace(string(orderForm), `"object|null"`, `{"id":"string"}`, 1) // they have a customer
	return t.Want(e, http.StatusOK, paymenttest.Form(`{"orders":[`+form+`]}`))
}
