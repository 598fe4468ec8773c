package backendpay

import (
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit/payment"
)

func byOffset(c *Config) { c.Paging = ByOffset }
func onePage(c *Config)  { c.Paging = OnePage }

func TestPaging(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config  func(*Config)
		filter  PaymentFilter
		answers []string
		queries []string
		ids     []string
	}{
		"until a page is empty, short pages or not": {nil, PaymentFilter{PageSize: 3},
			[]string{`[{"id":"1"},{"id":"2"}]`, `[{"id":"5"}]`, `[]`},
			[]string{"idAfter=0&limit=3", "idAfter=2&limit=3", "idAfter=5&limit=3"}, []string{"1", "2", "5"}},
		"ids compared as numbers": {nil, PaymentFilter{},
			[]string{`[{"id":"9"},{"id":"10"}]`, `[{"id":"100"}]`, `[]`},
			[]string{"idAfter=0&limit=100", "idAfter=10&limit=100", "idAfter=100&limit=100"}, []string{"9", "10", "100"}},
		"from an id": {nil, PaymentFilter{IDAfter: 7}, []string{`[{"id":"8"}]`, `[]`},
			[]string{"idAfter=7&limit=100", "idAfter=8&limit=100"}, []string{"8"}},
		"a limit of all": {nil, PaymentFilter{Limit: 3, PageSize: 2}, []string{`[{"id":"1"},{"id":"2"}]`, `[{"id":"3"}]`},
			[]string{"idAfter=0&limit=2", "idAfter=2&limit=1"}, []string{"1", "2", "3"}},
		"a limit that the server ignores": {nil, PaymentFilter{Limit: 2}, []string{`[{"id":"1"},{"id":"2"},{"id":"3"}]`},
			[]string{"idAfter=0&limit=2"}, []string{"1", "2"}},
		"by offset": {byOffset, PaymentFilter{PageSize: 2}, []string{`[{"id":"B"},{"id":"A"}]`, `[{"id":"A"},{"id":"C"}]`, `[{"id":"C"}]`, `[]`},
			[]string{"limit=2&offset=0", "limit=2&offset=1", "limit=2&offset=2", "limit=2&offset=3"}, []string{"B", "A", "C"}},
		"by offset, one a page": {byOffset, PaymentFilter{PageSize: 1}, []string{`[{"id":"B"}]`, `[{"id":"B"},{"id":"A"}]`, `[{"id":"A"}]`, `[]`},
			[]string{"limit=1&offset=0", "limit=2&offset=0", "limit=2&offset=1", "limit=1&offset=2"}, []string{"B", "A"}},
		"by offset, up to a limit": {byOffset, PaymentFilter{PageSize: 2, Limit: 2}, []string{`[{"id":"B"}]`, `[{"id":"B"},{"id":"A"}]`},
			[]string{"limit=2&offset=0", "limit=2&offset=0"}, []string{"B", "A"}},
		"an offset": {nil, PaymentFilter{Offset: 4}, []string{`[{"id":5}]`, `[{"id":5}]`, `[]`},
			[]string{"limit=100&offset=4", "limit=100&offset=4", "limit=100&offset=5"}, []string{"5"}},
		"one page": {onePage, PaymentFilter{}, []string{`[{"id":"x"},{"id":"a"}]`}, []string{""}, []string{"x", "a"}},
		"one page from an id": {onePage, PaymentFilter{IDAfter: 7}, []string{`[{"id":"8"}]`},
			[]string{"idAfter=7"}, []string{"8"}},
		"one page from an offset": {onePage, PaymentFilter{Offset: 7}, []string{`[{"id":"8"}]`},
			[]string{"offset=7"}, []string{"8"}},
		"one page, cut": {onePage, PaymentFilter{Limit: 1}, []string{`[{"id":"8"},{"id":"9"}]`}, []string{""}, []string{"8"}},
		"nothing":       {nil, PaymentFilter{}, []string{`[]`}, []string{"idAfter=0&limit=100"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t, changes(c.config)...)
			seen := answers(t, mock, c.answers...)
			list, err := collect(client.Payments(t.Context(), c.filter))
			if err != nil || !reflect.DeepEqual(ids(list), c.ids) {
				t.Errorf("listed %v, err %v; want %v", ids(list), err, c.ids)
			}
			var queries []string
			for _, u := range urls(*seen) {
				_, query, _ := strings.Cut(u, "?")
				queries = append(queries, query)
			}
			if !reflect.DeepEqual(queries, c.queries) {
				t.Errorf("asked %q, want %q", queries, c.queries)
			}
		})
	}
}

func changes(f func(*Config)) []func(*Config) {
	if f == nil {
		return nil
	}
	return []func(*Config){f}
}

// A server that does not page as asked ends in an error that says so, after
// the pages that were whole.
func TestPagingGuards(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config  func(*Config)
		filter  PaymentFilter
		answers []string
		ids     []string
		err     error
	}{
		"descending":                 {nil, PaymentFilter{}, []string{`[{"id":"3"},{"id":"2"},{"id":"1"}]`}, nil, errNotByID},
		"one id below the cursor":    {nil, PaymentFilter{IDAfter: 5}, []string{`[{"id":"4"}]`}, nil, errNotByID},
		"one id at the cursor":       {nil, PaymentFilter{IDAfter: 5}, []string{`[{"id":"5"}]`}, nil, errNotByID},
		"idAfter ignored":            {nil, PaymentFilter{}, []string{`[{"id":"1"},{"id":"2"}]`, `[{"id":"1"},{"id":"2"}]`}, []string{"1", "2"}, errNotByID},
		"ids in the order of text":   {nil, PaymentFilter{}, []string{`[{"id":"10"},{"id":"9"}]`}, nil, errNotByID},
		"twice in a page":            {nil, PaymentFilter{}, []string{`[{"id":"1"},{"id":"1"}]`}, nil, errTwice},
		"the same number twice":      {nil, PaymentFilter{}, []string{`[{"id":"1"},{"id":"01"}]`}, nil, errTwice},
		"text id":                    {nil, PaymentFilter{}, []string{`[{"id":"1"}]`, `[{"id":"A2"}]`}, []string{"1"}, errNotNumeric},
		"signed id":                  {nil, PaymentFilter{}, []string{`[{"id":"+1"}]`}, nil, errNotNumeric},
		"id beyond 64 bits":          {nil, PaymentFilter{}, []string{`[{"id":"9223372036854775808"}]`}, nil, errNotNumeric},
		"offset ignored":             {byOffset, PaymentFilter{}, []string{`[{"id":"1"},{"id":"2"}]`, `[{"id":"1"},{"id":"2"}]`}, []string{"1", "2"}, errMoved},
		"offset ignored, one a page": {byOffset, PaymentFilter{}, []string{`[{"id":"1"}]`, `[{"id":"1"}]`, `[{"id":"1"}]`}, []string{"1"}, errMoved},
		"one was deleted":            {byOffset, PaymentFilter{}, []string{`[{"id":"1"},{"id":"2"}]`, `[{"id":"4"}]`}, []string{"1", "2"}, errMoved},
		"the last were deleted":      {byOffset, PaymentFilter{}, []string{`[{"id":"1"},{"id":"2"}]`, `[]`}, []string{"1", "2"}, errMoved},
		"one was added":              {byOffset, PaymentFilter{}, []string{`[{"id":"9"},{"id":"8"}]`, `[{"id":"9"},{"id":"8"},{"id":"7"}]`}, []string{"9", "8"}, errMoved},
		"id 0":                       {byOffset, PaymentFilter{}, []string{`[{"id":0}]`}, nil, nil},
		"twice in a page, offset":    {byOffset, PaymentFilter{}, []string{`[{"id":"2"},{"id":"1"},{"id":"2"}]`}, nil, errTwice},
		"twice in the one page":      {onePage, PaymentFilter{}, []string{`[{"id":"2"},{"id":"1"},{"id":"2"}]`}, nil, errTwice},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t, changes(c.config)...)
			answers(t, mock, c.answers...)
			list, err := collect(client.Payments(t.Context(), c.filter))
			if c.err != nil && !errors.Is(err, c.err) || !errors.Is(err, payment.ErrProtocol) {
				t.Errorf("error %v, want %v", err, c.err)
			}
			if !reflect.DeepEqual(ids(list), c.ids) {
				t.Errorf("listed %v, want %v", ids(list), c.ids)
			}
		})
	}
}

func TestOffsetPagingRefusesIDAfter(t *testing.T) {
	t.Parallel()
	client, _ := mocked(t, byOffset)
	_, err := collect(client.Payments(t.Context(), PaymentFilter{IDAfter: 5}))
	wantField(t, err, "IDAfter")
}

// A sequence may be read again, from the start.
func TestListTwice(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	seen := answers(t, mock, `[{"id":"1"}]`, `[]`, `[{"id":"1"}]`, `[]`)
	list := client.Payments(t.Context(), PaymentFilter{})
	for range 2 {
		if got, err := collect(list); err != nil || len(got) != 1 {
			t.Errorf("listed %v, err %v", got, err)
		}
	}
	if got := urls(*seen); got[0] != got[2] {
		t.Errorf("asked %v", got)
	}
}

// A sequence, and a client, may be read by several goroutines at once.
func TestListConcurrently(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		if r.URL.Query().Get("idAfter") == "0" {
			return httpmock.NewStringResponse(http.StatusOK, `[{"id":"1"},{"id":"2"}]`), nil
		}
		return httpmock.NewStringResponse(http.StatusOK, `[]`), nil
	})
	list := client.CustomerPayments(t.Context(), "123", PaymentFilter{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got, err := collect(list); err != nil || len(got) != 2 {
				t.Errorf("listed %v, err %v", got, err)
			}
		})
	}
	wg.Wait()
}

// Leaving a loop sends nothing more.
func TestListLeftEarly(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	seen := answers(t, mock, `[{"id":"1"},{"id":"2"}]`)
	for p, err := range client.Payments(t.Context(), PaymentFilter{}) {
		if err != nil || p.ID != "1" {
			t.Fatal(p.ID, err)
		}
		break
	}
	if len(*seen) != 1 {
		t.Errorf("%d requests", len(*seen))
	}
}

func TestCustomerPaymentsNameTheCustomer(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	answers(t, mock, `[{"id":"1"}]`, `[]`)
	list, err := collect(client.CustomerPayments(t.Context(), "123", PaymentFilter{}))
	if err != nil || len(list) != 1 || list[0].CustomerID != "123" {
		t.Errorf("listed %+v, err %v", list, err)
	}
}

// Only a 200 is a list: an answer without content, or with a part of it, says
// nothing of what is not there.
func TestListStatuses(t *testing.T) {
	t.Parallel()
	for _, status := range []int{204, 205, 206} {
		client, _ := scripted(t, answer(status, `[]`), answer(status, `[]`))
		if list, err := collect(client.Payments(t.Context(), PaymentFilter{})); len(list) != 0 || !errors.Is(err, payment.ErrProtocol) {
			t.Errorf("%d: listed %v, error %v", status, list, err)
		}
		if found, err := client.FindPayment(t.Context(), "123", transfer(t)); found.ID != "" || errors.Is(err, payment.ErrNotFound) || !errors.Is(err, payment.ErrProtocol) {
			t.Errorf("%d: found %v, error %v", status, found, err)
		}
	}
}

// A lookup reads a list again that moved while it was read, and never takes it for
// one without the payment.
func TestFindInAListThatMoves(t *testing.T) {
	t.Parallel()
	const ours = `{"id":"3","ourReference":"SDK-2024-000123","paymentDate":"2024-11-25","paymentAmount":"120.50"}`
	moved := []string{`[{"id":"1"},{"id":"2"}]`, `[{"id":"4"}]`} // 1 or 2 was deleted: 3 is between the pages
	whole := []string{`[{"id":"2"},` + ours + `]`, `[` + ours + `,{"id":"4"}]`, `[{"id":"4"}]`, `[]`}
	client, mock := mocked(t, byOffset)
	answers(t, mock, append(moved, whole...)...)
	if found, err := client.FindPayment(t.Context(), "123", transfer(t)); err != nil || found.ID != "3" {
		t.Errorf("found %v, error %v", found, err)
	}
	client, mock = mocked(t, byOffset)
	seen := answers(t, mock, slices.Concat(moved, moved, moved)...)
	found, err := client.FindPayment(t.Context(), "123", transfer(t))
	if found.ID != "" || errors.Is(err, payment.ErrNotFound) || !errors.Is(err, errMoved) || len(*seen) != 6 {
		t.Errorf("found %v, error %v after %d requests", found, err, len(*seen))
	}
}
