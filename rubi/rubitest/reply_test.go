package rubitest

import "testing"

// answer calls a method of the test's own, whose records are those given.
func answer(t *testing.T, records []map[string]string, opts ...Option) answered {
	t.Helper()
	opts = append(opts, WithMethod("Short", 1, func([]string) []map[string]string { return records }))
	return call(t, start(t, opts...), "Short")
}

// TestAnswerForms compares with the variants of one record that the vendor's
// documentation leaves possible.
func TestAnswerForms(t *testing.T) {
	t.Parallel()
	one := []map[string]string{{"ItemGUID": "g1", "ItemTotal": "12.50"}}
	two := append(one[:1:1], map[string]string{"ItemGUID": "g2"})
	const g1 = `{"ItemGUID":"g1","ItemTotal":"12.50"}`
	const t1 = `{\"ItemGUID\":\"g1\",\"ItemTotal\":\"12.50\"}`
	for form, want := range map[AnswerForm][3]string{
		AnswerText: {`"{\"ResponseCode\":\"200\",\"ResponseMessage\":\"[{\\\"ItemGUID\\\":\\\"g1\\\",\\\"ItemTotal\\\":\\\"12.50\\\"}]\"}"`,
			`"{\"ResponseCode\":\"200\",\"ResponseMessage\":\"[{\\\"ItemGUID\\\":\\\"g1\\\",\\\"ItemTotal\\\":\\\"12.50\\\"},{\\\"ItemGUID\\\":\\\"g2\\\"}]\"}"`,
			`"{\"ResponseCode\":\"200\",\"ResponseMessage\":\"[]\"}"`},
		AnswerObject: {`{"ResponseCode":"200","ResponseMessage":"[` + t1 + `]"}`, `{"ResponseCode":"200","ResponseMessage":"[` + t1 + `,{\"ItemGUID\":\"g2\"}]"}`,
			`{"ResponseCode":"200","ResponseMessage":"[]"}`},
		AnswerNative: {`{"ResponseCode":200,"ResponseMessage":[` + g1 + `]}`, `{"ResponseCode":200,"ResponseMessage":[` + g1 + `,{"ItemGUID":"g2"}]}`,
			`{"ResponseCode":200,"ResponseMessage":[]}`},
		AnswerSingle: {`{"ResponseCode":200,"ResponseMessage":` + g1 + `}`, `{"ResponseCode":200,"ResponseMessage":[` + g1 + `,{"ItemGUID":"g2"}]}`,
			`{"ResponseCode":200,"ResponseMessage":[]}`},
		AnswerSingleText: {`{"ResponseCode":200,"ResponseMessage":"` + t1 + `"}`, `{"ResponseCode":200,"ResponseMessage":[` + g1 + `,{"ItemGUID":"g2"}]}`,
			`{"ResponseCode":200,"ResponseMessage":[]}`},
		AnswerNested: {`{"ResponseCode":"200","ResponseMessage":"[[` + t1 + `]]"}`, `{"ResponseCode":"200","ResponseMessage":"[[` + t1 + `,{\"ItemGUID\":\"g2\"}]]"}`,
			`{"ResponseCode":"200","ResponseMessage":"[[]]"}`},
		AnswerTexts: {`{"ResponseCode":200,"ResponseMessage":["` + t1 + `"]}`, `{"ResponseCode":200,"ResponseMessage":["` + t1 + `","{\"ItemGUID\":\"g2\"}"]}`,
			`{"ResponseCode":200,"ResponseMessage":[]}`},
	} {
		answer(t, one, WithFacts(Facts{Answer: form})).want(t, 200, want[0])
		answer(t, two, WithFacts(Facts{Answer: form})).want(t, 200, want[1])
		answer(t, nil, WithFacts(Facts{Answer: form})).want(t, 200, want[2])
	}
	if n := len(AnswerForms()); n != 7 {
		t.Errorf("AnswerForms lists %d", n)
	}
}

func TestOddAnswers(t *testing.T) {
	t.Parallel()
	one := []map[string]string{{"Mob": ""}}
	for _, c := range []struct {
		name    string
		records []map[string]string
		opts    []Option
		want    string
	}{
		{"envelope", one, []Option{WithFacts(Facts{Answer: AnswerNative, OddEnvelope: true})}, `{"responsecode":" 200 ","RESPONSEMESSAGE":[{"Mob":""}]}`},
		{"none as text", nil, []Option{WithFacts(Facts{Answer: AnswerNative, None: NoneText})}, `{"ResponseCode":200,"ResponseMessage":""}`},
		{"none as null", nil, []Option{WithFacts(Facts{Answer: AnswerObject, None: NoneNull})}, `{"ResponseCode":"200","ResponseMessage":null}`},
		{"one beside none as null", one, []Option{WithFacts(Facts{Answer: AnswerNative, None: NoneNull})}, `{"ResponseCode":200,"ResponseMessage":[{"Mob":""}]}`},
		{"blank as null", one, []Option{WithFacts(Facts{Answer: AnswerNative, Blanks: BlankNull})}, `{"ResponseCode":200,"ResponseMessage":[{"Mob":null}]}`},
		{"blank missing", one, []Option{WithFacts(Facts{Answer: AnswerNative, Blanks: BlankMissing})}, `{"ResponseCode":200,"ResponseMessage":[{}]}`},
		{"unknown field", one, []Option{WithFacts(Facts{Answer: AnswerNative, UnknownMember: true})}, `{"ResponseCode":200,"ResponseMessage":[{"Mob":"","NotDocumented":{"a":[1]}}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			answer(t, c.records, c.opts...).want(t, 200, c.want)
		})
	}
}

func TestRefusalsInEveryForm(t *testing.T) {
	t.Parallel()
	for form, want := range map[AnswerForm]string{
		AnswerText:   `"{\"ResponseCode\":\"400\",\"ResponseMessage\":\"Item is wrong\"}"`,
		AnswerObject: `{"ResponseCode":"400","ResponseMessage":"Item is wrong"}`,
		AnswerNative: `{"ResponseCode":400,"ResponseMessage":"Item is wrong"}`,
	} {
		call(t, start(t, WithFacts(Facts{Answer: form})), OpUserBasket, SampleUID, "Booking").want(t, 200, want)
	}
}

func TestContentTypes(t *testing.T) {
	t.Parallel()
	for want, opts := range map[string][]Option{jsonType: nil, textType: {WithFacts(Facts{PlainText: true})}} {
		if got := call(t, start(t, opts...), OpUserBasket, SampleUID, "").header.Get("Content-Type"); got != want {
			t.Errorf("Content-Type %q", got)
		}
	}
}

func TestBooleans(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		form    BooleanForm
		answers AnswerForm
		yes, no string
	}{
		{BooleanWord, AnswerObject, `"True"`, `"False"`},
		{BooleanJSON, AnswerObject, `"true"`, `"false"`},
		{BooleanNumber, AnswerObject, `"1"`, `"0"`},
		{BooleanList, AnswerObject, `"[true]"`, `"[false]"`},
		{BooleanWord, AnswerNative, `"True"`, `"False"`},
		{BooleanJSON, AnswerNative, `true`, `false`},
		{BooleanNumber, AnswerNative, `1`, `0`},
		{BooleanList, AnswerNative, `[true]`, `[false]`},
	} {
		s := start(t, WithFacts(Facts{Booleans: c.form, Answer: c.answers, FalseForUnknownItems: true}))
		code := map[AnswerForm]string{AnswerObject: `"200"`, AnswerNative: `200`}[c.answers]
		call(t, s, OpSubscription, SampleUID, SampleSSID, "Add").want(t, 200, `{"ResponseCode":`+code+`,"ResponseMessage":`+c.yes+`}`)
		call(t, s, OpSubscription, SampleUID, "unknown", "Remove").want(t, 200, `{"ResponseCode":`+code+`,"ResponseMessage":`+c.no+`}`)
	}
}
