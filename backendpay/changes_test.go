package backendpay

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
)

// feed answers a pass: each Since parameter has its list, every further page
// is empty.
func feed(t *testing.T, date string, lists map[string]string, opts ...tenderkit.Option) (*Client, *[]url.Values) {
	t.Helper()
	mock := httpmock.NewMockTransport()
	var seen []url.Values
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		query := r.URL.Query()
		seen = append(seen, query)
		body := `[]`
		for name, list := range lists {
			if query.Has(name) && query.Get("idAfter") == "0" {
				body = list
			}
		}
		resp := httpmock.NewStringResponse(http.StatusOK, body)
		if date != "" {
			resp.Header.Set("Date", date)
		}
		return resp, nil
	})
	opts = append([]tenderkit.Option{tenderkit.WithHTTPClient(&http.Client{Transport: mock}), tenderkit.WithRetries(0)}, opts...)
	client, err := New(Config{APIKey: "k", BaseURL: "https://billing.example.com"}, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client, &seen
}

// follow makes one pass and moves the cursor, as a program would.
func follow(ctx context.Context, c *Client, cursor *time.Time) iter.Seq2[Payment, error] {
	return func(yield func(Payment, error) bool) {
		for change, err := range c.Changes(ctx, *cursor) {
			if !yield(change.Payment, err) {
				return
			}
			if !change.Cursor.IsZero() {
				*cursor = change.Cursor
			}
		}
	}
}

const serverDate = "Mon, 25 Nov 2024 09:00:00 GMT"

func TestChanges(t *testing.T) {
	t.Parallel()
	client, seen := feed(t, serverDate, map[string]string{
		"createdSince":  `[{"id":"1","paymentMethod":"old"},{"id":"2"}]`,
		"updatedSince":  `[{"id":"1","paymentMethod":"new"}]`,
		"reversedSince": `[{"id":"9","paymentReversedDate":"2024-11-25"}]`,
	})
	cursor := instant(t, "2024-11-25T08:30:00.5Z")
	list, err := collect(follow(t.Context(), client, &cursor))
	if err != nil || !reflect.DeepEqual(ids(list), []string{"1", "2", "9"}) || list[0].PaymentMethod != "new" {
		t.Errorf("changes %+v, err %v", list, err)
	}
	if want := instant(t, "2024-11-25T09:00:00Z"); cursor.Sub(want).Abs() > 10*time.Second || cursor.After(want) {
		t.Errorf("cursor at %v, want the server's time %v, less what the request took", cursor, want)
	}
	var asked []string
	for _, query := range *seen {
		if query.Get("includeReversed") != "true" || query.Get("limit") != "100" {
			t.Errorf("asked %v", query)
		}
		for name := range query {
			if strings.HasSuffix(name, "Since") && query.Get("idAfter") == "0" {
				asked = append(asked, name+"="+query.Get(name))
			}
		}
	}
	const since = "=2024-11-25T08:20:00Z" // the overlap and the fraction go down
	want := []string{"createdSince" + since, "updatedSince" + since, "reversedSince" + since, "reinstatedSince" + since, "collectedSince" + since, "cancelledSince" + since}
	if !reflect.DeepEqual(asked, want) {
		t.Errorf("asked %v, want %v", asked, want)
	}
}

// Without a Date header the client's own clock counts, from before the first
// request.
func TestChangesWithoutDate(t *testing.T) {
	t.Parallel()
	now := instant(t, "2024-11-25T09:00:00Z")
	client, _ := feed(t, "", map[string]string{"updatedSince": `[{"id":"1"}]`}, tenderkit.WithClock(func() time.Time { now = now.Add(time.Second); return now }))
	began := now.Add(time.Second)
	cursor := now
	if list, err := collect(follow(t.Context(), client, &cursor)); err != nil || len(list) != 1 {
		t.Errorf("changes %v, err %v", list, err)
	}
	if !cursor.Equal(began) {
		t.Errorf("cursor at %v, want %v", cursor, began)
	}
}

// The cursor stays unless every payment was taken.
func TestChangesKeepsTheCursor(t *testing.T) {
	t.Parallel()
	start := instant(t, "2024-11-25T08:30:00Z")
	t.Run("break", func(t *testing.T) {
		t.Parallel()
		client, _ := feed(t, serverDate, map[string]string{"updatedSince": `[{"id":"1"},{"id":"2"}]`})
		cursor := start
		for change, err := range client.Changes(t.Context(), start) {
			if last := change.ID == "2"; err != nil || change.Cursor.IsZero() == last {
				t.Errorf("change %s has the cursor %v, err %v", change.ID, change.Cursor, err)
			}
		}
		for range follow(t.Context(), client, &cursor) {
			break
		}
		if cursor != start {
			t.Errorf("moved to %v", cursor)
		}
	})
	t.Run("error", func(t *testing.T) {
		t.Parallel()
		client, _ := feed(t, serverDate, map[string]string{"updatedSince": `[{"id":"1"}]`, "cancelledSince": `[{"id":"3"},{"id":"2"}]`})
		cursor := start
		list, err := collect(follow(t.Context(), client, &cursor))
		if !errors.Is(err, errNotByID) || len(list) != 0 || cursor != start {
			t.Errorf("changes %v, err %v, cursor %v", list, err, cursor)
		}
	})
	t.Run("ahead of the server", func(t *testing.T) {
		t.Parallel()
		client, _ := feed(t, serverDate, nil)
		cursor := instant(t, "2024-11-25T09:10:01Z")
		_, err := collect(follow(t.Context(), client, &cursor))
		if !errors.Is(err, payment.ErrInvalid) || !strings.Contains(err.Error(), "ahead of the server's clock") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("ahead within the overlap", func(t *testing.T) {
		t.Parallel()
		client, _ := feed(t, serverDate, map[string]string{"updatedSince": `[{"id":"1"}]`})
		cursor := instant(t, "2024-11-25T09:09:00Z")
		if _, err := collect(follow(t.Context(), client, &cursor)); err != nil || cursor.After(instant(t, "2024-11-25T09:00:00Z")) {
			t.Errorf("cursor %v, err %v", cursor, err)
		}
	})
}

func TestChangesRefuses(t *testing.T) {
	t.Parallel()
	client, _ := mocked(t)
	_, err := collect(follow(t.Context(), client, new(time.Time)))
	wantField(t, err, "since")
	late := time.Date(10001, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err = collect(follow(t.Context(), client, &late))
	wantField(t, err, "PaymentFilter.CreatedSince")
}

// Missing asks for what a complete list does not show, and calls it deleted in no
// case.
func TestMissing(t *testing.T) {
	t.Parallel()
	gone := map[string]*http.Response{
		"2": answer(404, `{"error":"no such payment"}`), "4": answer(200, `{"id":"4"}`), "6": answer(404, ""), "7": answer(404, "<html>"),
	}
	client, mock := mocked(t)
	var asked []string
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		id := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		switch {
		case r.URL.Query().Get("idAfter") == "0" && r.URL.Query().Get("includeReversed") == "true":
			return answer(200, `[{"id":1},{"id":3,"paymentAmount":"x","paymentDate":"soon"},{"id":5.0}]`), nil
		case id == "":
			return answer(200, `[]`), nil
		}
		asked = append(asked, id)
		return gone[id], nil
	})
	list, err := collect(client.Missing(t.Context(), []string{"1", "2", "3", "4", "5", "6", "7", "8"}))
	if !reflect.DeepEqual(list, []string{"2", "6"}) || !errors.Is(err, payment.ErrProtocol) || !reflect.DeepEqual(asked, []string{"2", "4", "6", "7"}) {
		t.Errorf("missing %v, error %v, asked for %v", list, err, asked)
	}
}

func TestMissingNeedsAWholeList(t *testing.T) {
	t.Parallel()
	client, _ := scripted(t, answer(200, `[{"id":1}]`), answer(401, ""))
	list, err := collect(client.Missing(t.Context(), []string{"1", "2"}))
	if len(list) != 0 || !errors.Is(err, payment.ErrUnauthorized) {
		t.Errorf("missing %v, error %v", list, err)
	}
}
