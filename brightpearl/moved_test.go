package brightpearl_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
)

// moves are what can happen to a list of 23 payments after so many pages were
// answered. They return the ids that are gone.
var moves = map[string]func(s *brightpearltest.Server, ids []int64, pages int) []int64{
	"nothing": func(*brightpearltest.Server, []int64, int) []int64 { return nil },
	"the first is deleted": func(s *brightpearltest.Server, ids []int64, pages int) []int64 {
		return deleted(s, pages == 1, ids[0])
	},
	"the last of a page is deleted": func(s *brightpearltest.Server, ids []int64, pages int) []int64 {
		return deleted(s, pages == 1, ids[4])
	},
	"the first of the next page is deleted": func(s *brightpearltest.Server, ids []int64, pages int) []int64 {
		return deleted(s, pages == 1, ids[5])
	},
	"a page is deleted": func(s *brightpearltest.Server, ids []int64, pages int) []int64 {
		return deleted(s, pages == 1, ids[:5]...)
	},
	"each page is deleted": func(s *brightpearltest.Server, ids []int64, pages int) []int64 {
		return deleted(s, pages <= 4, ids[5*(pages-1):5*pages]...)
	},
	"what was shown is deleted late": func(s *brightpearltest.Server, ids []int64, pages int) []int64 {
		return deleted(s, pages == 4, ids[:20]...)
	},
	"one of each page is deleted": func(s *brightpearltest.Server, ids []int64, pages int) []int64 {
		return deleted(s, pages <= 3, ids[5*pages-3])
	},
	"all is deleted": func(s *brightpearltest.Server, ids []int64, pages int) []int64 {
		return deleted(s, pages == 2, ids...)
	},
	"some show late": func(s *brightpearltest.Server, ids []int64, pages int) []int64 {
		if pages == 2 {
			for range 7 {
				s.ShowPayment(ids[0] - 1)
				ids[0]--
			}
		}
		return nil
	},
	"one is new": func(s *brightpearltest.Server, _ []int64, pages int) []int64 {
		if pages == 1 {
			s.AddPayment(onOrder7("new"))
		}
		return nil
	},
}

func deleted(s *brightpearltest.Server, now bool, ids ...int64) []int64 {
	if !now {
		return nil
	}
	for _, id := range ids {
		s.DeletePayment(id)
	}
	return ids
}

func onOrder7(reference string) brightpearltest.Payment {
	return brightpearltest.Payment{
		TransactionRef: reference, PaymentMethodCode: "CASH", PaymentType: "RECEIPT", OrderID: 7, CurrencyISOCode: "GBP",
		PaymentDate: time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
	}
}

// moving is an emulator whose payments on order 7 move between pages. The first
// ten are hidden. gone are the ids that were deleted meanwhile.
func moving(t *testing.T, n int, move func(*brightpearltest.Server, []int64, int) []int64) (client *brightpearl.Client, ids []int64, gone func() []int64) {
	t.Helper()
	server, client := emulated(t, brightpearltest.WithFacts(brightpearltest.Facts{StringMatch: brightpearltest.MatchIgnored}))
	for i := range 10 {
		p := onOrder7(fmt.Sprint("hidden-", i))
		p.Hidden = true
		server.AddPayment(p)
	}
	ids = fill(t, server, n)
	var all []int64
	pages, kept := 0, slices.Clone(ids)
	server.BetweenPages(func() { pages++; all = append(all, move(server, kept, pages)...) })
	return client, ids, func() []int64 { return all }
}

// Whatever moves while pages are read: each payment that stays is shown once,
// and none twice, in the order of ids or against it.
func TestListThatMoves(t *testing.T) {
	t.Parallel()
	for name, move := range moves {
		for _, sort := range [][]string{nil, {"paymentId.ASC"}, {"paymentId.DESC"}} {
			t.Run(fmt.Sprint(name, sort), func(t *testing.T) {
				t.Parallel()
				client, ids, gone := moving(t, 23, move)
				got, err := collect(t.Context(), client, brightpearl.CustomerPaymentFilter{OrderID: 7, Paging: brightpearl.Paging{PageSize: 5, Sort: sort}})
				showsAll(t, got, ids, gone())
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func showsAll(t *testing.T, got, ids, gone []int64) {
	t.Helper()
	counts := map[int64]int{}
	for _, id := range got {
		if counts[id]++; counts[id] > 1 {
			t.Errorf("payment %d is shown twice", id)
		}
	}
	for _, id := range ids {
		if counts[id] == 0 && !slices.Contains(gone, id) {
			t.Errorf("payment %d is missing", id)
		}
	}
}

// A caller may delete what it is shown, with pages of any size.
func TestDeletingWhatIsShown(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 2, 7, 499, 500, 0} {
		server, client := emulated(t, brightpearltest.WithThrottle(1e6, time.Minute))
		n := 23
		if size == 0 || size > 100 {
			n = 1501
		}
		want := fill(t, server, n)
		var got []int64
		for p, err := range client.CustomerPayments(t.Context(), brightpearl.CustomerPaymentFilter{OrderID: 7, Paging: brightpearl.Paging{PageSize: size}}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, p.PaymentID)
			server.DeletePayment(p.PaymentID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d: %d of %d payments", size, len(got), len(want))
		}
	}
}

// In another order nothing tells where the next row has gone: that is an error.
func TestSortedListThatMoves(t *testing.T) {
	t.Parallel()
	for name, paging := range map[string]brightpearl.Paging{
		"sort": {Sort: []string{"paymentDate.DESC", "paymentId.ASC"}},
		"raw":  {Raw: map[string][]string{"sort": {"paymentDate|DESC"}}},
	} {
		paging.PageSize = 5
		for move, want := range map[string]bool{"nothing": true, "the first is deleted": false, "the last of a page is deleted": false, "some show late": false} {
			server, client := emulated(t)
			ids := fill(t, server, 23)
			slices.Reverse(ids) // as they are shown
			late := onOrder7("late")
			late.Hidden, late.PaymentDate = true, late.PaymentDate.AddDate(1, 0, 0)
			hidden := server.AddPayment(late)
			pages := 0
			server.BetweenPages(func() {
				if pages++; pages == 1 && move == "some show late" {
					server.ShowPayment(hidden)
				} else if pages == 1 {
					moves[move](server, ids, pages)
				}
			})
			got, err := collect(t.Context(), client, brightpearl.CustomerPaymentFilter{Paging: paging})
			var e *payment.Error
			if want != (err == nil) || want && len(got) != 23 || !want && (!errors.Is(err, payment.ErrProtocol) || !errors.As(err, &e) || e.Op != "CustomerPayments") {
				t.Errorf("%s, %s: %d rows, err %v", name, move, len(got), err)
			}
		}
	}
}

// The chosen columns need not name paymentId: a list without it could not tell
// that it moved.
func TestChosenColumnsOfAListThatMoves(t *testing.T) {
	t.Parallel()
	client, ids, gone := moving(t, 23, moves["a page is deleted"])
	got, err := collect(t.Context(), client, brightpearl.CustomerPaymentFilter{Paging: brightpearl.Paging{PageSize: 5, Columns: []string{"amountPaid"}}})
	showsAll(t, got, ids, gone())
	if err != nil {
		t.Error(err)
	}
}

// The other lists read the same pages.
func TestOtherListsThatMove(t *testing.T) {
	t.Parallel()
	client, ids, gone := moving(t, 23, moves["one of each page is deleted"])
	lines, err := sideOf(client.Records(t.Context(), brightpearl.CustomerPaymentFilter{OrderID: 7, Paging: brightpearl.Paging{PageSize: 5}}, nil))
	if want := len(ids) - len(gone()); err != nil || len(lines) < want || len(gone()) != 3 {
		t.Errorf("%d records, want %d, err %v", len(lines), want, err)
	}

	server, client := emulated(t)
	for i := range 23 {
		p := brightpearl.SupplierPayment{
			TransactionRef: fmt.Sprint("bacs-", i), PaymentMethodCode: "SAGEPAY_UK", PaymentType: brightpearl.TypePayment, OrderID: 7,
			CurrencyISOCode: "GBP", AmountPaid: amount(t, "50.00"), PaymentDate: time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
		}
		if _, err := client.CreateSupplierPayment(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	once := true
	server.BetweenPages(func() {
		if once {
			server.DeleteSupplierPayment(server.SupplierPayments()[2].ID)
		}
		once = false
	})
	found, err := all(client.SupplierPayments(t.Context(), brightpearl.SupplierPaymentFilter{Paging: brightpearl.Paging{PageSize: 5}}))
	if err != nil || len(found) != 23 || found[5].TransactionRef != "bacs-5" {
		t.Errorf("%d payments of suppliers, err %v", len(found), err)
	}
}

// A payment on an order whose payments move while they are read is found, also
// by a vendor that ignores the reference in a search.
func TestFindInAnOrderThatMoves(t *testing.T) {
	t.Parallel()
	for name, move := range map[string]func(*brightpearltest.Server, []int64, int) []int64{
		"one is deleted": func(s *brightpearltest.Server, ids []int64, pages int) []int64 { return deleted(s, pages == 1, ids[3]) },
		"a page is deleted": func(s *brightpearltest.Server, ids []int64, pages int) []int64 {
			return deleted(s, pages == 1, ids[:500]...)
		},
		"ten show late": func(s *brightpearltest.Server, ids []int64, pages int) []int64 {
			for i := range int64(10) {
				s.ShowPayment(ids[0] - 1 - i)
			}
			return nil
		},
	} {
		client, _, _ := moving(t, 1101, move)
		for _, i := range []int{500, 501, 999, 1100} {
			p := sale(t)
			p.Reference, p.Target = fmt.Sprint("ref-", i), "7"
			found, err := find(t, client, p)
			if err != nil || len(found) != 1 || found[0].Reference != p.Reference {
				t.Errorf("%s: %s: found %v, err %v", name, p.Reference, found, err)
			}
		}
	}
}

// A list that never stands still is an error, and not "none".
func TestFindInAListThatNeverStandsStill(t *testing.T) {
	t.Parallel()
	const columns = `"columns":[{"name":"paymentId"},{"name":"transactionRef"},{"name":"transactionCode"},{"name":"paymentMethodCode"},
		{"name":"paymentType"},{"name":"orderId"},{"name":"currencyId"},{"name":"currencyCode"},{"name":"amountAuthorized"},{"name":"amountPaid"},
		{"name":"expires"},{"name":"paymentDate"},{"name":"createdOn"},{"name":"journalId"}]`
	for name, row := range map[string]func(request, first int) (id, last int, more bool){
		"ids go down":        func(request, first int) (int, int, bool) { return 1 << 30 / request, first + 1000, true },
		"no advance":         func(_, first int) (int, int, bool) { return first, first, true },
		"the same page":      func(int, int) (int, int, bool) { return 5, 500, true },
		"emptied, then back": func(request, first int) (int, int, bool) { return 0, 0, false },
	} {
		requests := 0
		client := answered(t, func(w http.ResponseWriter, r *http.Request) {
			requests++
			var first int
			_, _ = fmt.Sscan(r.URL.Query().Get("firstResult"), &first)
			id, last, more := row(requests, first)
			rows := fmt.Sprintf(`[%d,"other",null,"CASH","RECEIPT",2002,1,"GBP","0.00","1.00",null,"2024-12-03T18:30:00Z",null,null]`, id)
			if id == 0 {
				rows, more = "", false
			}
			if id == 0 && requests == 1 {
				rows, more, last = `[9,"other",null,"CASH","RECEIPT",2002,1,"GBP","0.00","1.00",null,null,null,null]`, true, 1
			}
			jsonBody(fmt.Sprintf(`{"response":{"results":[%s],"metaData":{"morePagesAvailable":%t,"lastResult":%d,%s}}}`, rows, more, last, columns))(w, r)
		})
		found, err := find(t, client, sale(t))
		if none := name == "emptied, then back"; len(found) != 0 || none != (err == nil) || !none && !errors.Is(err, payment.ErrProtocol) || requests > 100 {
			t.Errorf("%s: found %v, err %v after %d requests", name, found, err, requests)
		}
	}
}

// The cost of an order grows with its payments and no faster: each is written by
// one request, and all are read by one request for each page.
func TestAnOrderOf2000Payments(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, brightpearltest.WithThrottle(1e6, time.Minute))
	r := client.Recorder(brightpearl.RecorderOptions{})
	for i := range 2000 {
		p := sale(t)
		p.Reference = fmt.Sprint("till-", i)
		if _, err := payment.Once(t.Context(), r, p, payment.WithFirstTry()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(server.Requests()); n != 2000+1 {
		t.Errorf("%d requests for 2,000 payments; want one each, and one for the methods", n)
	}
	lines, err := sideOf(client.Records(t.Context(), brightpearl.CustomerPaymentFilter{OrderID: 2002}, nil))
	if n := server.Count(brightpearltest.OpCustomerPayments); err != nil || len(lines) != 2000 || n > 5 {
		t.Errorf("%d records by %d requests, err %v", len(lines), n, err)
	}
	last := sale(t)
	last.Reference = "till-1999"
	found, err := r.Find(t.Context(), last, nil)
	if n := server.Count(brightpearltest.OpCustomerPayments); err != nil || len(found) != 1 || n > 5+5+1 {
		t.Errorf("found %v by %d requests, err %v", found, n-5, err)
	}
}
