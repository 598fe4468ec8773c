package backendpay

import (
	"cmp"
	"errors"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	ours   = `"ourReference":"SDK-2024-000123"`
	theirs = `"id":"1","ourReference":"till-4711-of-another-day"`
)

// What cannot be read of another payment costs no lookup.
func TestLookupAmongOddRows(t *testing.T) {
	t.Parallel()
	for _, odd := range []string{
		`"paymentAmount":"GBP 5"`, `"paymentAmount":true`, `"paymentAmount":{"a":1}`, `"paymentAmount":[]`, `"paymentAmount":"1,000.00"`, `"paymentAmount":1e999`,
		`"paymentDate":"25/11/2024"`, `"paymentDate":false`, `"paymentDate":"soon"`, `"paymentDate":20241125`, `"paymentDate":"0000-00-00"`,
		`"paymentDate":"2024-11-25T00:00:00Z"`, `"paymentDate":{"date":"2024-11-25"}`, `"paymentDate":"2024-02-30"`,
		`"paymentReversedDate":false`, `"paymentReversedDate":"soon"`, `"paymentReversedDate":"25/11/2024"`, `"paymentReversedDate":1732492800`,
		`"paymentAmount":1,"paymentAmount":2`, `"x":{"a":1,"a":2}`, `"ourReference":"another"`,
	} {
		row := `{` + theirs + `,` + odd + `}`
		checkLookups(t, `[`+row+`]`, "", nil)
		checkLookups(t, `[`+row+`,{"id":"2",`+standing+`}]`, "2", nil)
	}
	for _, odd := range []string{`["a"]`, `{}`, `{"text":"SDK"}`, `true`, `[]`, `{"a":1,"a":2}`, `["SDK-2024-000124"]`} {
		checkLookups(t, `[{"id":"1","ourReference":`+odd+`,"paymentAmount":"x"},{"id":"2",`+standing+`}]`, "2", nil)
	}
}

// A row that may be the payment, and cannot be read, is neither the payment nor
// none.
func TestLookupOfAnOddRow(t *testing.T) {
	t.Parallel()
	for _, row := range []string{
		ours + `,"paymentDate":"2024-11-25","paymentAmount":"GBP 120.50"`, ours + `,"paymentDate":"2024-11-25","paymentAmount":true`,
		ours + `,"paymentDate":"25/11/2024","paymentAmount":120.5`, ours + `,"paymentDate":false,"paymentAmount":120.5`, ours + `,"paymentDate":"soon"`,
		standing + `,"paymentReversedDate":false`, standing + `,"paymentReversedDate":"soon"`, standing + `,"paymentAmount":"120.50"`, standing + `,"x":{"a":1,"a":2}`,
		standing + `,"ourReference":"another"`, `"ourReference":"another",` + standing, `"ourReference":["another"],` + standing,
		`"ourReference":["SDK-2024-000123"],"paymentDate":"2024-11-25","paymentAmount":120.5`, `"ourReference":{"text":"sdk-2024-000123"}`,
		`"ourReference":"sdk-2024-000123","paymentAmount":"x"`,
	} {
		checkLookups(t, `[{"id":"2",`+row+`}]`, "", payment.ErrProtocol)
		checkLookups(t, `[{"id":"2",`+row+`},{"id":"3",`+standing+`}]`, "", payment.ErrProtocol)
		checkLookups(t, `[{"id":"2",`+standing+`},{"id":"3",`+row+`}]`, "", payment.ErrProtocol)
	}
}

// The same for a reference that may have been cut.
func TestLookupOfACutOddRow(t *testing.T) {
	t.Parallel()
	const cut, whole = `{"id":"2","ourReference":"SDK-2024-000123-till-1"`, `{"id":"3","ourReference":"SDK-2024-000123-till-17","paymentDate":"2024-11-25","paymentAmount":"120.5"}`
	for _, row := range []string{
		cut + `,"paymentDate":"2024-11-25","paymentAmount":"x"}`, cut + `,"paymentDate":"soon","paymentAmount":120.5}`, cut + `,"paymentDate":"soon","paymentAmount":"x"}`,
		cut + `,"paymentDate":"2024-11-25"}`, cut + `,"paymentAmount":120.5}`, cut + `,"paymentDate":"2024-11-25","paymentAmount":1,"paymentAmount":2}`,
		`{"id":"2","ourReference":["SDK-2024-000123-till-1"]}`, `{"id":"1","ourReference":"short"},{"id":"2","ourReference":["SDK-2024-000123-till-1"]}`,
	} {
		lookUp(t, "SDK-2024-000123-till-17", `[`+row+`]`, "", payment.ErrProtocol)
		lookUp(t, "SDK-2024-000123-till-17", `[`+row+`,`+whole+`]`, "3", nil)
		lookUp(t, "SDK-2024-000123-till-17", `[`+row+`,{"id":"4","ourReference":"SDK-2024-000123-till-16"}]`, "", nil)
	}
	lookUp(t, "SDK-2024-000123-till-17", `[`+cut+`,"paymentDate":"2024-11-24"}]`, "", nil)
	lookUp(t, "SDK-2024-000123-till-17", `[`+cut+`,"paymentAmount":120.51}]`, "", nil)
}

func checkLookups(t *testing.T, list, id string, failed error) {
	t.Helper()
	lookUp(t, "SDK-2024-000123", list, id, failed)
}

// lookUp looks for the payment by FindPayment, by a Recorder and by Once, in a
// list that shows one with an id, none, or nothing that can be told.
func lookUp(t *testing.T, reference, list, id string, failed error) {
	t.Helper()
	n, p := transfer(t), sale(t)
	n.OurReference, p.Reference = reference, reference
	client, mock := mocked(t)
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		switch {
		case r.Method == http.MethodPost:
			return httpmock.NewStringResponse(http.StatusCreated, `{"id":"501"}`), nil
		case r.URL.Query().Get("idAfter") == "0":
			return httpmock.NewStringResponse(http.StatusOK, list), nil
		}
		return httpmock.NewStringResponse(http.StatusOK, `[]`), nil
	})
	found, err := client.FindPayment(t.Context(), "123", n)
	if want := cmp.Or(failed, map[bool]error{true: payment.ErrNotFound}[id == ""]); found.ID != id || !errors.Is(err, want) || errors.Is(err, payment.ErrInvalid) {
		t.Errorf("%s: FindPayment returned %v, error %v", list, found, err)
	}
	receipts, err := client.Recorder(RecorderOptions{}).Find(t.Context(), p, nil)
	if len(receipts) != len(id) || !errors.Is(err, failed) || errors.Is(err, payment.ErrInvalid) {
		t.Errorf("%s: Find returned %v, error %v", list, receipts, err)
	}
	receipt, err := payment.Once(t.Context(), client.Recorder(RecorderOptions{}), p, payment.WithPatience(1, 0))
	switch made := receipt.ID == "501"; {
	case failed != nil && (made || !errors.Is(err, payment.ErrOutcomeUnknown)), failed == nil && (err != nil || made != (id == "")):
		t.Errorf("%s: Once returned %v, error %v", list, receipt, err)
	}
}

// An id is the same in every form of JSON in which it comes.
func TestIDForms(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		`501`: "501", `501.0`: "501", `501.000`: "501", `5.01e2`: "501", `50.1E+1`: "501", `5010e-1`: "501",
		`"501"`: "501", `" 501 "`: "501", `"501.0"`: "501", `"\t501\n"`: "501", `"0501"`: "0501", `"5e2"`: "5e2", `"A 1"`: "A 1",
		`501.5`: "501.5", `1e30`: "1e30", `99999999999999999999`: "99999999999999999999",
	} {
		p, err := decodeItem[Payment]([]byte(`{"id":` + id + `,"invoiceID":` + id + `}`))
		if err != nil || p.ID != want || p.InvoiceID != want {
			t.Errorf("%s: id %q, invoice %q, error %v; want %q", id, p.ID, p.InvoiceID, err, want)
		}
	}
	for _, id := range []string{`501`, `501.0`, `5.01e2`, `"501"`, `" 501 "`, `"501.0"`} {
		for _, way := range []Paging{ByID, ByOffset, OnePage} {
			client, mock := mocked(t, func(c *Config) { c.Paging = way })
			list := `[{"id":` + id + `,` + standing + `}]`
			script := map[Paging][]string{ByID: {list, `[]`}, ByOffset: {list, list, `[]`}, OnePage: {list}}
			seen := answers(t, mock, script[way]...)
			found, err := client.FindPayment(t.Context(), "123", transfer(t))
			if err != nil || found.ID != "501" {
				t.Errorf("%s by way %d: found %v, error %v after %v", id, way, found, err, urls(*seen))
			}
		}
	}
	client, mock := mocked(t)
	answers(t, mock, `{"id":501.0,`+standing+`}`)
	changed, err := client.UpdatePayment(t.Context(), "501", PaymentUpdate{PaymentMethod: Value("Cheque")})
	if err != nil || changed.ID != "501" {
		t.Errorf("changed %v, error %v", changed, err)
	}
}

// A reference that comes as a number is the one that was sent.
func TestReferenceAsNumber(t *testing.T) {
	t.Parallel()
	for _, number := range []string{`4711`, `4711.0`, `4.711e3`, `"4711"`} {
		client, mock := mocked(t)
		answers(t, mock, `[{"id":"2","ourReference":`+number+`,"paymentDate":"2024-11-25","paymentAmount":120.5}]`, `[]`)
		n := transfer(t)
		n.OurReference = "4711"
		if found, err := client.FindPayment(t.Context(), "123", n); err != nil || found.ID != "2" {
			t.Errorf("%s: found %v, error %v", number, found, err)
		}
	}
}
