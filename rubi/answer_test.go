package rubi

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// nest wraps text into n layers of JSON text.
func nest(text string, n int) string {
	for range n {
		text = jsonText(text)
	}
	return text
}

// The forms in which one and the same record may arrive. The vendor's sample
// parses up to three layers; no form has been observed.
func TestOneRecordInEveryForm(t *testing.T) {
	t.Parallel()
	const m = `[{"ItemGUID":"g1","ItemTotal":"12.50"}]`
	object := `{"ResponseCode":"200","ResponseMessage":` + jsonText(m) + `}`
	for name, body := range map[string]string{
		"all layers as text":      jsonText(object),
		"two layers around all":   nest(object, 2),
		"three layers around all": nest(object, 3),
		"plain object":            object,
		"byte order mark":         "\xef\xbb\xbf \r\n" + object + "\n",
		"native values":           `{"ResponseCode":200,"ResponseMessage":[{"ItemGUID":"g1","ItemTotal":12.50}]}`,
		"one native record":       `{"ResponseCode":200,"ResponseMessage":{"ItemGUID":"g1","ItemTotal":12.5}}`,
		"one record as text":      message(`{"ItemGUID":"g1","ItemTotal":"12.50"}`),
		"list in a list":          message(`[[{"ItemGUID":"g1","ItemTotal":"12.50"}]]`),
		"list of texts":           `{"ResponseCode":200,"ResponseMessage":["{\"ItemGUID\":\"g1\",\"ItemTotal\":\"12.50\"}"]}`,
		"text of a list in list":  `{"ResponseCode":200,"ResponseMessage":[` + jsonText(m) + `]}`,
		"message in three layers": `{"ResponseCode":200,"ResponseMessage":` + nest(m, 3) + `}`,
		"other letter case":       `{"responsecode":" 200 ","RESPONSEMESSAGE":` + jsonText(m) + `}`,
		"code as text in object":  `{"ResponseMessage":` + m + `,"ResponseCode":"200 "}`,
		"extra and null fields":   message(`[{"itemguid":"g1","ITEMTOTAL":"12.5000","New":{"x":[1]},"ItemDetails":null}]`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			items, err := all(answering(t, body).client.UserBasket(t.Context(), testUID, Bookings))
			if err != nil || len(items) != 1 {
				t.Fatalf("%v, %v", items, err)
			}
			if i := items[0]; i.ItemGUID != "g1" || !i.ItemTotal.Equal(amount(t, "12.50")) || i.ItemDetails != "" {
				t.Errorf("got %q over %v", i.ItemGUID, i.ItemTotal)
			}
		})
	}
}

func TestContentTypeDoesNotMatter(t *testing.T) {
	t.Parallel()
	a, err := readAnswer([]byte(message("[]")))
	if err != nil || a.code != success {
		t.Fatalf("%v, %v", a, err)
	}
	if err := a.each(t.Context(), func(jsontext.Value) error { return errNoRecord }); err != nil {
		t.Errorf("records: %v", err)
	}
}

func TestNoRecords(t *testing.T) {
	t.Parallel()
	for body, clear := range map[string]bool{
		message("[]"): true,
		`{"ResponseCode":200,"ResponseMessage":[]}`:             true,
		`{"ResponseCode":200,"ResponseMessage":[[]]}`:           true,
		`{"ResponseCode":200,"ResponseMessage":""}`:             false,
		`{"ResponseCode":200,"ResponseMessage":"  "}`:           false,
		`{"ResponseCode":200,"ResponseMessage":null}`:           false,
		`{"ResponseCode":200,"ResponseMessage":"null"}`:         false,
		`{"ResponseCode":200,"ResponseMessage":"\"\""}`:         false,
		jsonText(`{"ResponseCode":200,"ResponseMessage":null}`): false,
	} {
		items, err := all(answering(t, body).client.UserBasket(t.Context(), testUID, AllItems))
		told := err == nil && clear || !clear && errors.Is(err, ErrBlankAnswer) && errors.Is(err, payment.ErrProtocol)
		if !told || len(items) != 0 {
			t.Errorf("%s: %#v, %v", body, items, err)
		}
	}
}

func TestMalformedAnswers(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"empty":                 "",
		"blank":                 " \r\n",
		"top level list":        `[{"ResponseCode":200,"ResponseMessage":[]}]`,
		"number":                `200`,
		"null":                  `null`,
		"HTML":                  "<html><body>200 OK</body></html>",
		"list of numbers":       `{"ResponseCode":200,"ResponseMessage":[1,2]}`,
		"list of words":         `{"ResponseCode":200,"ResponseMessage":["a","b"]}`,
		"word":                  `{"ResponseCode":200,"ResponseMessage":"done"}`,
		"Boolean":               `{"ResponseCode":200,"ResponseMessage":true}`,
		"null in the list":      `{"ResponseCode":200,"ResponseMessage":[null]}`,
		"three lists":           `{"ResponseCode":200,"ResponseMessage":[[[{"ItemGUID":"g1"}]]]}`,
		"four layers":           nest(message("[]"), 4),
		"four layers inside":    `{"ResponseCode":200,"ResponseMessage":` + nest("[]", 4) + `}`,
		"truncated":             `{"ResponseCode":200,"ResponseMessage":[{"ItemGUID":"g`,
		"truncated inside":      message(`[{"ItemGUID":"g`),
		"truncated in a layer":  jsonText(`{"ResponseCode":200,"ResponseM`),
		"two documents":         message("[]") + message("[]"),
		"no code":               `{"ResponseMessage":[]}`,
		"code is a word":        `{"ResponseCode":"OK","ResponseMessage":[]}`,
		"code is null":          `{"ResponseCode":null,"ResponseMessage":[]}`,
		"code is an object":     `{"ResponseCode":{},"ResponseMessage":[]}`,
		"no message":            `{"ResponseCode":200}`,
		"two codes":             `{"ResponseCode":200,"ResponseMessage":[],"ResponseCode":500}`,
		"total is an object":    message(`[{"ItemGUID":"g1","ItemTotal":{}}]`),
		"nested beyond measure": strings.Repeat("[", 100000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			items, err := all(answering(t, body).client.UserBasket(t.Context(), testUID, Bookings))
			if !errors.Is(err, payment.ErrProtocol) || items != nil {
				t.Errorf("a read gave %v, %v", items, err)
			}
			_, err = answering(t, body).client.UserPaymentUnchecked(t.Context(), validPayment())
			if !errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("a write gave %v", err)
			}
		})
	}
}

func TestPlaceOfAWrongType(t *testing.T) {
	t.Parallel()
	body := message(`[{"ItemGUID":"g1"},{"ItemGUID":"g2","ItemTotal":["secret"]}]`)
	_, err := all(answering(t, body).client.UserBasket(t.Context(), testUID, Bookings))
	if err == nil || !strings.Contains(err.Error(), "record 1: $.ItemTotal at byte 29: is an array, not text") || strings.Contains(err.Error(), "secret") {
		t.Errorf("error is %v", err)
	}
}

func TestPlaceOfAWrongCode(t *testing.T) {
	t.Parallel()
	_, err := all(answering(t, `{"ResponseCode":"fine","ResponseMessage":[]}`).client.UserBasket(t.Context(), testUID, Bookings))
	if err == nil || !strings.Contains(err.Error(), "$.ResponseCode at byte 16: is not a number") {
		t.Errorf("error is %v", err)
	}
}

func TestUnreadableTotals(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"12.50"`: "12.50", `12.5`: "12.5", `12.50`: "12.50", `"12.5000"`: "12.5000", `0`: "0", `"0.00"`: "0.00", `"-3.00"`: "-3.00",
		`""`: "", `null`: "", `"1,234.50"`: "", `"£5"`: "", `1e3`: "",
	} {
		items, err := all(answering(t, message(`[{"ItemGUID":"g1","ItemTotal":`+text+`}]`)).client.UserBasket(t.Context(), testUID, Bookings))
		if err != nil || len(items) != 1 {
			t.Fatalf("%s: %v, %v", text, items, err)
		}
		i := items[0]
		if i.ItemTotal.String() != want || i.Readable() != (want != "") || i.ItemTotalText != strings.Trim(strings.TrimPrefix(text, "null"), `"`) {
			t.Errorf("%s: total %q, readable %v, text %q", text, i.ItemTotal, i.Readable(), i.ItemTotalText)
		}
	}
}

func TestOpaqueTransactionIDs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{`"T-1"`: "T-1", `1001`: "1001", `12345678901234567890123`: "12345678901234567890123", `"007"`: "007"} {
		items, err := recordsOf(answering(t, message(`[{"TransactionID":`+text+`,"ItemTotal":"1.00"}]`)).client.UserPaymentUnchecked(t.Context(), validPayment()))
		if err != nil || len(items) != 1 || items[0].TransactionID != want {
			t.Errorf("%s: %v, %v", text, items, err)
		}
	}
}

func TestListFields(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"EmailBCC", "EmailAttachments"} {
		for text, want := range map[string]struct {
			raw    string
			values []string
		}{
			`["a@b.c","d@e.f"]`: {`["a@b.c","d@e.f"]`, []string{"a@b.c", "d@e.f"}}, `"[\"a@b.c\"]"`: {`["a@b.c"]`, []string{"a@b.c"}},
			`"a@b.c"`: {`"a@b.c"`, []string{"a@b.c"}}, `[7]`: {`[7]`, []string{"7"}}, `[]`: {`[]`, nil}, `""`: {}, `null`: {}, `" "`: {},
			`[{"Name":"a.pdf"}]`: {`[{"Name":"a.pdf"}]`, nil}, `{"Name":"a.pdf"}`: {`{"Name":"a.pdf"}`, nil}, `["a",{}]`: {`["a",{}]`, nil},
		} {
			p := validPayment()
			p.PaymentType = Invoice
			items, err := recordsOf(answering(t, message(`[{"TransactionID":"T-1","`+name+`":`+text+`}]`)).client.UserPaymentUnchecked(t.Context(), p))
			if err != nil || len(items) != 1 {
				t.Fatalf("%s: %v, %v", text, items, err)
			}
			for field, got := range map[string]EmailList{"EmailBCC": items[0].EmailBCC, "EmailAttachments": items[0].EmailAttachments} {
				if field != name && (got.Raw != nil || got.Values != nil) || field == name && (string(got.Raw) != want.raw || !slices.Equal(got.Values, want.values)) {
					t.Errorf("%s of %s: %+v", field, text, got)
				}
			}
		}
	}
	if items, err := recordsOf(answering(t, message(`[{"TransactionID":"T-1"}]`)).client.UserPaymentUnchecked(t.Context(), validPayment())); err != nil || items[0].EmailBCC.Raw != nil {
		t.Errorf("missing: %v, %v", items, err)
	}
}

// What money and identity do not rest on never costs a record.
func TestTolerance(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"code 200.0":          `{"ResponseCode":200.0,"ResponseMessage":[{"ItemGUID":"g1","ItemTotal":"12.50"}]}`,
		"code 200.00 as text": `{"ResponseCode":" 200.00","ResponseMessage":[{"ItemGUID":"g1","ItemTotal":"12.50"}]}`,
		"code in two layers":  `{"ResponseCode":"\"200\"","ResponseMessage":[{"ItemGUID":"g1","ItemTotal":"12.50"}]}`,
		"errors beside":       `{"errors":null,"Errors":[{"x":1}],"ResponseCode":200,"ResponseMessage":[{"ItemGUID":"g1","ItemTotal":"12.50","errors":null}]}`,
		"objects for texts":   message(`[{"ItemGUID":"g1","ItemTotal":"12.50","ItemContact":{"name":"Jo"},"ItemInfo1":[1],"Item":{},"ItemTax":[],"eid":false}]`),
		"numbers for texts":   message(`[{"ItemGUID":"g1","ItemTotal":12.50,"ItemContact":7,"eid":1e400}]`),
		"half a surrogate":    `{"ResponseCode":200,"ResponseMessage":[{"ItemGUID":"g1","ItemTotal":"12.50","ItemDetails":"\ud83d"}]}`,
		"not UTF-8":           "{\"ResponseCode\":200,\"ResponseMessage\":[{\"ItemGUID\":\"g1\",\"ItemTotal\":\"12.50\",\"ItemDetails\":\"\xff\"}]}",
		"marks in layers":     jsonText("\ufeff" + message(`[{"ItemGUID":"g1","ItemTotal":"12.50"}]`)),
		"long and escaped":    message(`[{"\u0049temGUID":"g1","ItemTotal":"12.50","New":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `}]`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			items, err := all(answering(t, body).client.UserBasket(t.Context(), testUID, Bookings))
			if err != nil || len(items) != 1 || items[0].ItemGUID != "g1" || items[0].ItemTotal.String() != "12.50" {
				t.Errorf("%v, %v", items, err)
			}
		})
	}
	for name, body := range map[string]string{
		"twice":               `{"ResponseCode":200,"ResponseMessage":[{"ItemGUID":"g1","ItemTotal":"12.50","ItemTotal":"12.50"}]}`,
		"twice in other case": `{"ResponseCode":200,"ResponseMessage":[{"ItemGUID":"g1","ItemTotal":"12.50","itemtotal":"1.00"}]}`,
		"twice inside":        `{"ResponseCode":200,"ResponseMessage":[{"ItemGUID":"g1","ItemTotal":"12.50","New":{"a":1,"a":2}}]}`,
		"twice in a layer":    message(`[{"ItemGUID":"g1","ItemGUID":"g2"}]`),
		"id is a list":        message(`[{"ItemGUID":["g1"],"ItemTotal":"12.50"}]`),
		"codes in two cases":  `{"ResponseCode":200,"responsecode":500,"ResponseMessage":[]}`,
		"code 200.5":          `{"ResponseCode":200.5,"ResponseMessage":[]}`,
		"code true":           `{"ResponseCode":true,"ResponseMessage":[]}`,
	} {
		if items, err := all(answering(t, body).client.UserBasket(t.Context(), testUID, Bookings)); !errors.Is(err, payment.ErrProtocol) || len(items) != 0 {
			t.Errorf("%s: %v, %v", name, items, err)
		}
	}
}

// A sequence makes its call when it is ranged over, and each time anew.
func TestSequencesAreLazy(t *testing.T) {
	t.Parallel()
	body := message(`[{"ItemGUID":"g1"},{"ItemGUID":"g2"},{"ItemGUID":[]}]`)
	m := newMock(t, Config{}, reply{200, body}, reply{200, body})
	basket := m.client.UserBasket(t.Context(), testUID, Bookings)
	if len(m.sent) != 0 {
		t.Fatal("sent before it was asked for")
	}
	for item, err := range basket {
		if err != nil || item.ItemGUID != "g1" {
			t.Errorf("%v, %v", item, err)
		}
		break // the rest is not looked at
	}
	if items, err := all(basket); len(items) != 2 || !errors.Is(err, payment.ErrProtocol) || len(m.sent) != 2 {
		t.Errorf("%v, %v after %d calls", items, err, len(m.sent))
	}
}

func FuzzReadAnswer(f *testing.F) {
	for _, seed := range []string{
		message("[]"), jsonText(message(`[{"ItemGUID":"g1","ItemTotal":12.5}]`)), nest(message("[[{}]]"), 3),
		`{"responsecode":" 200 ","RESPONSEMESSAGE":["{\"a\":1}"]}`, `{"ResponseCode":"400","ResponseMessage":"Some text"}`,
		`{"ResponseCode":200,"ResponseMessage":"True"}`, `"`, `"\"\\\""`, "\xef\xbb\xbf", `{"ResponseCode":1e9}`, `[[[[`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := readAnswer(body)
		if err != nil {
			return
		}
		if !a.message.IsValid(jsontext.AllowInvalidUTF8(true)) || a.code == "" {
			t.Fatalf("message %q, code %q", a.message, a.code)
		}
		_, _ = a.boolean()
		config, err := Config{APIKey: testKey}.settle()
		if err != nil {
			t.Fatal(err)
		}
		reading := config.reading
		_ = a.each(t.Context(), func(raw jsontext.Value) error {
			if raw.Kind() != jsontext.KindBeginObject || !raw.IsValid(jsontext.AllowInvalidUTF8(true)) {
				t.Fatalf("record %q", raw)
			}
			basket, paid, result := record[BasketItem]{options: reading.options}, record[PaymentItem]{options: reading.options}, record[StripeResult]{options: reading.options}
			for _, v := range []any{&basket, &paid, &result} {
				var e *wire.DecodeError
				if err := wire.Unmarshal(raw, v); err != nil && !errors.As(err, &e) {
					t.Fatalf("%T of %q: %v", v, raw, err)
				}
			}
			return nil
		})
	})
}
