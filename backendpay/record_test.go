package backendpay

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// What is null, empty or missing is not set, and Raw still tells which.
func TestAbsentValues(t *testing.T) {
	t.Parallel()
	const names = "ourReference customerReference paymentDate paymentReversedDate status paymentAmount paymentMethod invoiceID invoiceIDReversed"
	for _, absent := range []string{"null", `""`, "missing"} {
		text := `{"id":"7"`
		for _, name := range strings.Fields(names) {
			if absent != "missing" {
				text += `,"` + name + `":` + absent
			}
		}
		text += "}"
		var p Payment
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatalf("%s: %v", absent, err)
		}
		if want := (Payment{ID: "7", Raw: json.RawMessage(text)}); !reflect.DeepEqual(p, want) {
			t.Errorf("%s: %+v", absent, p)
		}
		if p.PaymentAmount.IsSet() || p.Reversed() {
			t.Errorf("%s became a value", absent)
		}
	}
}

func TestPaymentForms(t *testing.T) {
	t.Parallel()
	for text, check := range map[string]func(p Payment) bool{
		`{"id":"7","paymentAmount":120.50}`:                    func(p Payment) bool { return p.PaymentAmount.String() == "120.50" },
		`{"id":"7","paymentAmount":"-0.10"}`:                   func(p Payment) bool { return p.PaymentAmount.String() == "-0.10" },
		`{"id":"7","paymentAmount":"90071992547409931234.05"}`: func(p Payment) bool { return p.PaymentAmount.String() == "90071992547409931234.05" },
		`{"id":"7","paymentAmount":0}`:                         func(p Payment) bool { return p.PaymentAmount.IsSet() && p.PaymentAmount.Sign() == 0 },
		`{"id":"7","paymentAmount":1.0E2}`:                     func(p Payment) bool { return p.PaymentAmount.Equal(amount(t, "100")) },
		`{"id":"7","status":"Valid"}`:                          func(p Payment) bool { return reflect.DeepEqual(p.Status, []Status{"Valid"}) },
		`{"id":"7","status":["A","B é"]}`:                      func(p Payment) bool { return reflect.DeepEqual(p.Status, []Status{"A", "B é"}) },
		`{"id":"7","status":["a\"b"]}`:                         func(p Payment) bool { return reflect.DeepEqual(p.Status, []Status{`a"b`}) },
		`{"id":7,"invoiceID":5}`: func(p Payment) bool {
			return p.ID == "7" && p.InvoiceID == "5" && string(p.Raw) == `{"id":7,"invoiceID":5}`
		},
		`{"id":"7","status":["Valid",3,["x"],null]}`: func(p Payment) bool { return reflect.DeepEqual(p.Status, []Status{"Valid", "3"}) },
		`{"id":"7","status":{"a":1},"paymentMethod":{"id":3},"customerReference":true}`: func(p Payment) bool {
			return p.Status == nil && p.PaymentMethod == "" && p.CustomerReference == "" && string(p.Lookup("paymentMethod")) == `{"id":3}`
		},
		`{"id":"7","customerReference":"half a pair \ud83d","ourReference":12}`: func(p Payment) bool {
			return p.CustomerReference == "half a pair \ufffd" && p.OurReference == "12"
		},
		`{"id":"7","paymentDate":"2026-07-15 00:00:00"}`: func(p Payment) bool { return p.PaymentDate == day(2026, 7, 15) && p.TimeDropped },
		`{"id":"7","paymentDate":"0000-00-00","paymentReversedDate":"0000-00-00 00:00:00"}`: func(p Payment) bool {
			return p.PaymentDate.IsZero() && !p.Reversed() && !p.TimeDropped
		},
		`{"id":"7","status":[]}`:                                 func(p Payment) bool { return len(p.Status) == 0 },
		`{"id":"7","ourReference":"a\u00e9\n\"b"}`:               func(p Payment) bool { return p.OurReference == "aé\n\"b" },
		`{"id":"7","paymentDate":"2024-11-25"}`:                  func(p Payment) bool { return p.PaymentDate == day(2024, 11, 25) && !p.TimeDropped },
		`{"id":"7","paymentDate":"2024-11-25T00:00:00Z"}`:        func(p Payment) bool { return p.PaymentDate == day(2024, 11, 25) && p.TimeDropped },
		`{"id":"7","paymentDate":"2024-11-25T23:30:00-05:00"}`:   func(p Payment) bool { return p.PaymentDate == day(2024, 11, 25) && p.TimeDropped },
		`{"id":"7","paymentReversedDate":"2024-11-26T08:30:00"}`: func(p Payment) bool { return p.Reversed() && p.TimeDropped },
		`{"id":"7","unknown":{"a":[1,{"b":2}]},"paymentMethod":"Card"}`: func(p Payment) bool {
			return p.PaymentMethod == "Card" && string(p.Lookup("unknown")) == `{"a":[1,{"b":2}]}`
		},
		" {\n\"id\" : \"7\" }\n": func(p Payment) bool { return p.ID == "7" && string(p.Raw) == "{\n\"id\" : \"7\" }" },
	} {
		var p Payment
		if err := json.Unmarshal([]byte(text), &p); err != nil || !check(p) {
			t.Errorf("%s read as %+v, err %v", text, p, err)
		}
	}
	if p := (Payment{Raw: json.RawMessage(`{"id":"7"}`)}); p.Lookup("nothing") != nil {
		t.Error("found a field that is not there")
	}
}

// A byte-order mark in front of an answer is not part of it.
func TestByteOrderMark(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	const mark, one = "\ufeff", `{"id":"7"}`
	answers(t, mock, mark+one, mark+"["+one+"]", mark+"[]", mark+one, mark+`{"id":"7","paymentAmount":[]}`)
	p, err := client.Payment(t.Context(), "7")
	list, err1 := collect(client.Payments(t.Context(), PaymentFilter{}))
	made, err2 := client.CreatePayment(t.Context(), "123", transfer(t))
	if err := errors.Join(err, err1, err2); err != nil || string(p.Raw) != one || len(list) != 1 || string(list[0].Raw) != one || made.ID != "7" {
		t.Errorf("read %s, %v, %v, err %v", p.Raw, list, made, err)
	}
	var at *wire.DecodeError
	if _, err := client.Payment(t.Context(), "7"); !errors.As(err, &at) || at.Path != "$.paymentAmount" || at.Offset != 29 {
		t.Errorf("error %v", err)
	}
}

// Each wrong answer names the field and the byte, and shows no value.
func TestBadAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer, path string
		offset       int64
		reason       string
	}{
		{`{"id":"7"}`, "$", 0, "is not an array"},
		{`null`, "$", 0, "is not an array"},
		{`<html>sorry</html>`, "$", 0, "is not JSON"},
		{``, "$", 0, "the text is cut off"},
		{`[{"id":"7"},`, "$", 12, "the text is cut off"},
		{`[{"id":"7"}] x`, "$", 13, "is not JSON"},
		{`[{"id":"7"},null]`, "$[1]", 12, "is not an object"},
		{`["7"]`, "$[0]", 1, "is not an object"},
		{`[{"id":"7"},{"ourReference":"x"}]`, "$[1]", 12, "holds no id"},
		{`[{"id":""}]`, "$[0]", 1, "holds no id"},
		{`[{"id":null}]`, "$[0]", 1, "holds no id"},
		{`[{"id":0}]`, "$[0]", 1, "holds no id"},
		{`[{"id":true}]`, "$[0].id", 7, "is neither text nor a number"},
		{`[{"id":"7","ourReference":["a"]}]`, "$[0].ourReference", 26, "is neither text nor a number"},
		{`[{"id":"7"},{"id":"7"}]`, "$[1]", 12, "the same id twice in one page"},
		{`[{"id":"7","id":"8"}]`, "$[0].id", 11, "stands twice in one object"},
		{`[{"id":"7","paymentAmount":"lot"}]`, "$[0].paymentAmount", 27, "is not plain decimal text such as 10.40"},
		{`[{"id":"7","paymentAmount":"1,000.00"}]`, "$[0].paymentAmount", 27, "is not plain decimal text such as 10.40"},
		{`[{"id":"7","paymentAmount":true}]`, "$[0].paymentAmount", 27, "is not a decimal number"},
		{`[{"id":"7","paymentAmount":{"a":1}}]`, "$[0].paymentAmount", 27, "is not a decimal number"},
		{`[{"id":"7","paymentAmount":NaN}]`, "$[0].paymentAmount", 27, "is not JSON"},
		{`[{"id":"7","paymentAmount":1e999}]`, "$[0].paymentAmount", 27, "has an exponent that is not within -20 to 20"},
		{`[{"id":"7","paymentDate":"25/11/2024"}]`, "$[0].paymentDate", 25, "is not a date of the form 2006-01-02"},
		{`[{"id":"7","paymentDate":"2024-11"}]`, "$[0].paymentDate", 25, "is not a date of the form 2006-01-02"},
		{`[{"id":"7","paymentDate":"2024-02-30"}]`, "$[0].paymentDate", 25, "is not a day of the calendar"},
		{`[{"id":"7","paymentDate":20241125}]`, "$[0].paymentDate", 25, "is not a date"},
		{`[{"id":"7","paymentReversedDate":true}]`, "$[0].paymentReversedDate", 33, "is not a date"},
		{`[{"id":"7","x":{"a":1,"a":2}}]`, "$[0].x.a", 22, "stands twice in one object"},
	} {
		client, mock := mocked(t)
		answers(t, mock, c.answer)
		list, err := collect(client.Payments(t.Context(), PaymentFilter{}))
		var at *wire.DecodeError
		var told *payment.Error
		if !errors.Is(err, payment.ErrProtocol) || !errors.As(err, &told) || told.Status != http.StatusOK || !errors.As(err, &at) {
			t.Errorf("%s: error %v", c.answer, err)
			continue
		}
		if len(list) != 0 {
			t.Errorf("%s: gave %d payments of a page that cannot be read", c.answer, len(list))
		}
		if at.Path != c.path || at.Offset != c.offset || at.Reason != c.reason {
			t.Errorf("%s: at %s byte %d: %s; want %s byte %d: %s", c.answer, at.Path, at.Offset, at.Reason, c.path, c.offset, c.reason)
		}
		if string(told.Body) != c.answer {
			t.Errorf("%s: kept %q", c.answer, told.Body)
		}
	}
}

func TestBadItemAnswers(t *testing.T) {
	t.Parallel()
	for answer, reason := range map[string]string{
		`[{"id":"7"}]`:      "is not an object",
		`null`:              "is not an object",
		``:                  "the text is cut off",
		`{}`:                "holds no id",
		`{"id":"7"}{}`:      "is not JSON",
		`<html>sorry</html`: "is not JSON",
	} {
		client, mock := mocked(t)
		answers(t, mock, answer)
		p, err := client.Payment(t.Context(), "7")
		if p.ID != "" || !errors.Is(err, payment.ErrProtocol) || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v, error %v", answer, p, err)
		}
	}
}

func TestTruncatedAnswerSaysSo(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusOK, `{"id":"7","ourRef`))
	_, err := client.Payment(t.Context(), "7")
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v", err)
	}
}

// A payment that is kept does not keep its page.
func TestPaymentsAreCopies(t *testing.T) {
	t.Parallel()
	page := []byte(`[{"id":"7","ourReference":"abc"}]`)
	list, err := decodePage[Payment](page, nil, func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	clear(page)
	if list[0].OurReference != "abc" || string(list[0].Raw) != `{"id":"7","ourReference":"abc"}` {
		t.Errorf("changed with the page: %+v", list[0])
	}
}

// Reading a payment costs its raw copy, a few texts and its status.
func TestReadingAllocatesLittle(t *testing.T) {
	page := benchPage(0, 100)
	list := make([]Payment, 0, 100)
	perPage := testing.AllocsPerRun(20, func() {
		var err error
		if list, err = decodePage(page, list[:0], func(string) error { return nil }); err != nil {
			t.Error(err)
		}
	})
	if perPage > 520 {
		t.Errorf("%v allocations for 100 payments", perPage)
	}
}

// Whatever is read is valid JSON, has an id, and reads the same when written.
func FuzzPayment(f *testing.F) {
	f.Add([]byte(`{"id":"501","ourReference":"a\u00e9","paymentDate":"2024-11-25","status":["Valid"],"paymentAmount":"120.50"}`))
	f.Add([]byte(`{"id":"7","status":"x","paymentAmount":-1.5e3,"paymentReversedDate":"2024-11-25T08:30:00Z","unknown":[{}]}`))
	f.Add([]byte(`{"id":"","paymentAmount":null}`))
	f.Add([]byte(`[{"id":"7"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := decodeItem[Payment](data)
		if err != nil {
			return
		}
		if !json.Valid(data) || p.ID == "" || !bytes.Contains(data, p.Raw) {
			t.Fatalf("%q read as %+v", data, p)
		}
		var again Payment
		if err := json.Unmarshal(p.Raw, &again); err != nil {
			t.Fatalf("%q kept as %s: %v", data, p.Raw, err)
		}
		if again.ID != p.ID || !again.PaymentAmount.Equal(p.PaymentAmount) || again.PaymentDate != p.PaymentDate {
			t.Fatalf("%q came back as %+v", data, again)
		}
	})
}

func FuzzPaymentList(f *testing.F) {
	f.Add([]byte(`[{"id":"1"},{"id":"2"}]`))
	f.Add([]byte(`[{"id":"2"},{"id":"1"}]`))
	f.Add([]byte(`[{"id":"99999999999999999999"}]`))
	f.Add([]byte(`[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := &pager{}
		list, err := decodePage[Payment](data, nil, p.check)
		if err != nil {
			return
		}
		var all []json.RawMessage
		if json.Unmarshal(data, &all) != nil || len(all) != len(list) {
			t.Fatalf("%q: %d payments of %d", data, len(list), len(all))
		}
	})
}
