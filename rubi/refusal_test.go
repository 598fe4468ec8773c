package rubi

import (
	"errors"
	"net/http"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

func TestBooleanForms(t *testing.T) {
	t.Parallel()
	forms := map[string]error{}
	for _, yes := range []string{`true`, `"true"`, `"True"`, `"TRUE"`, `1`, `"1"`, `"[true]"`, `[true]`, `["True"]`, `"\"true\""`, `" true "`} {
		forms[yes] = nil
	}
	for _, no := range []string{`false`, `"false"`, `"False"`, `0`, `"0"`, `"[false]"`, `[0]`} {
		forms[no] = payment.ErrInvalid
	}
	for _, odd := range []string{`""`, `null`, `2`, `"yes"`, `[]`, `[true,true]`, `{}`, `[[true]]`} {
		forms[odd] = payment.ErrOutcomeUnknown
	}
	for form, want := range forms {
		m := answering(t, `{"ResponseCode":200,"ResponseMessage":`+form+`}`)
		err := m.client.BookingUpdate(t.Context(), BookingUpdate{UID: testUID, BookingGUID: itemA, UpdateType: RemoveBooking})
		if !errors.Is(err, want) {
			t.Errorf("%s: error is %v, want %v", form, err, want)
		}
	}
}

func TestVendorRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status              int
		body, code, message string
		read, write         error
	}{
		{200, `{"ResponseCode":"400","ResponseMessage":"Some text"}`, "400", "Some text", payment.ErrInvalid, payment.ErrInvalid},
		{200, `{"ResponseCode":401,"ResponseMessage":"No"}`, "401", "No", payment.ErrUnauthorized, payment.ErrUnauthorized},
		{200, `{"ResponseCode":403}`, "403", "", payment.ErrForbidden, payment.ErrForbidden},
		{200, `{"ResponseCode":404,"ResponseMessage":null}`, "404", "", payment.ErrNotFound, payment.ErrNotFound},
		{200, `{"ResponseCode":429,"ResponseMessage":"Slow"}`, "429", "Slow", payment.ErrRateLimited, payment.ErrRateLimited},
		{200, `{"ResponseCode":500,"ResponseMessage":{"a": [1]}}`, "500", `{"a":[1]}`, payment.ErrUnavailable, payment.ErrOutcomeUnknown},
		{200, `{"ResponseCode":201,"ResponseMessage":"[]"}`, "201", "[]", payment.ErrProtocol, payment.ErrOutcomeUnknown},
		{200, `{"ResponseCode":408,"ResponseMessage":"late"}`, "408", "late", payment.ErrProtocol, payment.ErrOutcomeUnknown},
		{200, `{"ResponseCode":"499","ResponseMessage":"late"}`, "499", "late", payment.ErrProtocol, payment.ErrOutcomeUnknown},
		{200, `{"ResponseCode":400.0,"ResponseMessage":"No"}`, "400", "No", payment.ErrInvalid, payment.ErrInvalid},
		{200, `{"ResponseCode":-1,"ResponseMessage":"x"}`, "-1", "x", payment.ErrProtocol, payment.ErrOutcomeUnknown},
		{500, "<html>oops</html>", "", "", payment.ErrUnavailable, payment.ErrOutcomeUnknown},
		{500, message("[]"), "200", "[]", payment.ErrUnavailable, payment.ErrOutcomeUnknown},
		{404, `{"Message":"No HTTP resource was found"}`, "", "No HTTP resource was found", payment.ErrNotFound, payment.ErrNotFound},
		{400, jsonText(`{"ResponseCode":"12","ResponseMessage":"Bad"}`), "12", "Bad", payment.ErrInvalid, payment.ErrInvalid},
	} {
		check := func(err error, want error) {
			var e *payment.Error
			if !errors.As(err, &e) || !errors.Is(err, want) || e.Code != c.code || e.Message != c.message || e.Status != c.status {
				t.Errorf("%s: error is %v, want %v", c.body, err, want)
			}
		}
		_, err := all(newMock(t, Config{}, reply{c.status, c.body}).client.UserBasket(t.Context(), testUID, Bookings))
		check(err, c.read)
		_, err = newMock(t, Config{}, reply{c.status, c.body}).client.UserPaymentUnchecked(t.Context(), validPayment())
		check(err, c.write)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	_, err := newMock(t, Config{}, reply{http.StatusTemporaryRedirect, ""}).client.UserPaymentUnchecked(t.Context(), validPayment())
	if !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("error is %v", err)
	}
}
