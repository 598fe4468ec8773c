package rubitest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// keyPlace stands in every raw request where the API key belongs, as in the
// vendor's samples.
const keyPlace = "KEY"

// rawCall returns a call in the documented form.
func rawCall(op string, elements ...string) paymenttest.Raw {
	return rawList(op, append(slices.Clone(elements), keyPlace))
}

// rawList returns a call whose list is complete.
func rawList(op string, list any) paymenttest.Raw {
	return rawForm(op, "="+url.QueryEscape(string(emulator.Encode(list))))
}

func rawForm(op, body string) paymenttest.Raw {
	return paymenttest.Raw{Method: http.MethodPost, Path: apiPath + op, Body: []byte(body), Header: http.Header{"Content-Type": {formType + "; charset=UTF-8"}}}
}

// putKey returns a function that puts the API key where KEY stands in a form, or
// in a JSON string.
func putKey(key string) func(*http.Request) error {
	return func(r *http.Request) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		once := string(emulator.Encode(key))
		twice := string(emulator.Encode(once))
		signed := strings.NewReplacer(
			url.QueryEscape(`"`+keyPlace+`"`), url.QueryEscape(once),
			`\"`+keyPlace+`\"`, twice[1:len(twice)-1],
		).Replace(string(body))
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(signed)), int64(len(signed))
		r.GetBody = nil
		return nil
	}
}

// hear reads an answer. Its HTTP status has to be 200 or that of the code.
func hear(t *paymenttest.Trial, e paymenttest.Exchange) (told, error) {
	a, ok := readTold(e)
	switch e.Status {
	case http.StatusForbidden, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return a, t.WantStatus(e, http.StatusOK)
	}
	switch {
	case !ok && e.Status != http.StatusOK, ok && e.Status != http.StatusOK && strconv.Itoa(e.Status) != a.word():
		return a, t.WantStatus(e, http.StatusOK)
	case !ok:
		return a, t.Differs(e.Place(), "the answer is not an object with ResponseCode and ResponseMessage, in any of their forms")
	case a.word() == "403":
		return a, &payment.Error{Vendor: "rubi", Op: strings.TrimPrefix(e.Path, apiPath), Code: "403", Err: payment.ErrForbidden}
	}
	return a, nil
}

// ask makes a call and returns the answer, which may be a refusal.
func ask(ctx context.Context, t *paymenttest.Trial, op string, elements ...string) (told, error) {
	return askRaw(ctx, t, rawCall(op, elements...))
}

func askRaw(ctx context.Context, t *paymenttest.Trial, raw paymenttest.Raw) (told, error) {
	e, err := t.Send(ctx, raw)
	if err != nil {
		return told{exchange: e}, err
	}
	return hear(t, e)
}

// askRows makes a call that has to return records, or none.
func askRows(ctx context.Context, t *paymenttest.Trial, op string, elements ...string) (told, []shown, error) {
	a, err := ask(ctx, t, op, elements...)
	if err != nil {
		return a, nil, err
	}
	return recordsOf(t, a)
}

func recordsOf(t *paymenttest.Trial, a told) (told, []shown, error) {
	if !a.succeeded() {
		return a, nil, t.Differs(a.place(""), "refused with code %s", a.word())
	}
	rows, ok := a.rows()
	if !ok {
		return a, nil, t.Differs(a.place(""), "ResponseMessage holds something that is not a record")
	}
	return a, rows, nil
}

// wantNo returns nil if the answer is a refusal whose code says that nothing was
// done.
func wantNo(t *paymenttest.Trial, a told, what string) error {
	t.Expect("%s is refused with a code of 400 to 499", what)
	t.See("code %s", a.word())
	if code := a.word(); len(code) != 3 || code[0] != '4' {
		return t.Differs(a.place(""), "%s is answered with code %s", what, code)
	}
	return nil
}

// wantForm returns nil if each record has the form.
func wantForm(t *paymenttest.Trial, a told, rows []shown, form paymenttest.Form) error {
	for _, row := range rows {
		data, err := json.Marshal(row)
		if err != nil {
			return err
		}
		for _, m := range form.Check(data) {
			return t.Differs(a.place("[]"+strings.TrimPrefix(m.Path, "$")), "%s", m)
		}
	}
	return nil
}

func isAny(err error, targets ...error) bool {
	return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
}

// what is a request that has to be refused.
type what struct {
	name string
	raw  paymenttest.Raw
}

func probeNo(all ...what) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		for _, w := range all {
			a, err := askRaw(ctx, t, w.raw)
			if err == nil {
				err = wantNo(t, a, w.name)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// probeWriteNo sends writes that have to be refused.
func probeWriteNo(ctx context.Context, t *paymenttest.Trial, all ...what) error {
	for _, w := range all {
		note := t.Writing("%s", w.name)
		a, err := askRaw(ctx, t, w.raw)
		if err == nil {
			err = wantNo(t, a, w.name)
		}
		if err != nil {
			return err
		}
		note.Undo()
	}
	return nil
}

// readerItem reads the one item of a kind: "Bookings" or "Subscriptions".
func readerItem(ctx context.Context, t *paymenttest.Trial, kind string) (told, shown, error) {
	a, rows, err := askRows(ctx, t, OpUserBasket, t.Object(ObjectReader), kind)
	if err != nil {
		return a, nil, err
	}
	if len(rows) != 1 {
		return a, nil, t.NotDecidable("the reader's basket holds %d %s, not one", len(rows), kind)
	}
	return a, rows[0], nil
}
